"""Runs the console's own tests and its type check, so that one command tests the whole house."""

import re
import shutil
import subprocess
from collections import defaultdict
from pathlib import Path

import pytest

CONSOLE = Path(__file__).parents[2] / "api" / "console"
#: Bundling and 30 small tests take some seconds, on a busy machine more.
PATIENCE_S = 120


def _run(script: str) -> subprocess.CompletedProcess[str]:
    npm = shutil.which("npm")
    if npm is None or not (CONSOLE / "node_modules").is_dir():
        pytest.skip("needs node: npm and api/console/node_modules (make install brings them)")
    command = [npm, "run", "--silent", script]
    return subprocess.run(command, cwd=CONSOLE, capture_output=True, text=True, timeout=PATIENCE_S, check=False)


@pytest.mark.parametrize("script", ["test", "typecheck"])
def test_the_consoles_own_checks_pass(script: str) -> None:
    done = _run(script)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_lock_names_no_address() -> None:
    assert "http" not in (CONSOLE / "package-lock.json").read_text()


def test_nothing_in_the_page_is_inline() -> None:
    page = (CONSOLE / "index.html").read_text()
    assert "style=" not in page
    assert "onload=" not in page
    assert page.count("<script") == page.count('<script type="module" src=') == 1


def test_no_class_is_shaped_by_two_sheets() -> None:
    """The calendar's days and the strip of a day were both ``.day``: the strip stood blank wherever it was drawn."""
    sheets: dict[str, set[str]] = defaultdict(set)
    for sheet in (CONSOLE / "src" / "styles").glob("*.css"):
        for name in re.findall(r"^\.([\w-]+)(?:,| \{)$", sheet.read_text(), re.MULTILINE):
            sheets[name].add(sheet.name)
    assert len(sheets) > 100
    assert {name: found for name, found in sheets.items() if len(found) > 1} == {}
