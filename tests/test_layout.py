"""The house stands: one direction of imports, a pure core, names that say something, files that fit a head."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PACKAGES = [name for name in PROJECT["tool"]["setuptools"]["packages"] if "." not in name]
CORE = ("schemas", "detectors", "alerts")
#: Each of these is the seed of a package that everything imports.
FORBIDDEN_NAMES = {"utils", "util", "core", "common", "helpers", "helper", "misc", "base"}
#: STYLE: a good file is 100-200 lines; beyond 400 it has grown past one purpose.
MAX_LINES = 400
CLOCK_CALLS = {"now", "utcnow", "today"}


def tracked(*patterns: str) -> list[Path]:
    """Return the files git knows or would add, by pattern; what is ignored does not count."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    return [ROOT / line for line in listed.splitlines() if (ROOT / line).is_file()]


def sources() -> list[Path]:
    return [path for path in tracked("*.py") if path.relative_to(ROOT).parts[0] in PACKAGES]


def test_imports_go_down_only() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_top_level_package_is_known_to_the_linter_and_the_type_checker() -> None:
    folders = {path.relative_to(ROOT).parts[0] for path in tracked("*.py")} - {"tests", "scripts"}
    assert folders == set(PACKAGES)
    assert set(PROJECT["tool"]["importlinter"]["root_packages"]) == set(PACKAGES)
    assert set(PROJECT["tool"]["mypy"]["packages"]) >= set(PACKAGES)


def test_every_python_folder_is_shipped() -> None:
    folders = {".".join(path.parent.relative_to(ROOT).parts) for path in sources() if path.name == "__init__.py"}
    assert folders == set(PROJECT["tool"]["setuptools"]["packages"])


def test_no_module_has_a_name_that_says_nothing() -> None:
    named = [path for path in sources() if FORBIDDEN_NAMES & {*path.relative_to(ROOT).parts[:-1], path.stem}]
    assert not named


def test_no_file_has_grown_past_one_purpose() -> None:
    long = {path.name: n for path in sources() if (n := len(path.read_text().splitlines())) > MAX_LINES}
    assert not long


def test_every_module_says_what_it_is_for() -> None:
    silent = [path for path in sources() if not ast.get_docstring(ast.parse(path.read_text()))]
    assert not silent


def test_kernels_import_nothing_that_may_change_without_them() -> None:
    # what was compiled is kept until a file of the folder changes (detectors/kernels/compiled.py)
    modules = [
        f"{path.name}: {name}"
        for path in tracked("detectors/kernels/*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        for name in _imported(node)
        if name.split(".")[0] not in {"numpy", "numba", *sys.stdlib_module_names}
        and not name.startswith("detectors.kernels")
    ]
    assert not modules


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    return [alias.name for alias in node.names] if isinstance(node, ast.Import) else []


@pytest.mark.parametrize("package", CORE)
def test_the_core_asks_no_clock(package: str) -> None:
    calls = [
        f"{path.name}:{node.lineno}"
        for path in sources()
        if path.relative_to(ROOT).parts[0] == package
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in CLOCK_CALLS
    ]
    assert not calls


def test_sql_asks_no_clock_for_domain_time() -> None:
    asking = re.compile(r"\b(now\s*\(\)|current_timestamp|clock_timestamp|localtimestamp)", re.IGNORECASE)
    found = [
        path.name
        for path in sources()
        if path.relative_to(ROOT).parts[0] == "store" and asking.search(path.read_text())
    ]
    assert not found


def test_no_lock_file_names_a_registry() -> None:
    locks = tracked("*.lock", "*package-lock.json", "*.npmrc", "pyproject.toml")
    assert locks
    naming = [
        path.name
        for path in locks
        if re.search(r"https?://[^\s\"']*(registry|pypi|simple|\.tgz)|find-links", path.read_text())
    ]
    assert not naming
