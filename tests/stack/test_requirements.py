"""The rule of tests/conftest.py: a skip may not hide what a run must have."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_TEST = """
import pytest

@pytest.fixture
def browser():
    pytest.skip("needs chromium: none is installed")

def test_a(browser): pass
def test_b(): pytest.skip("needs mosquitto")
def test_c(): pass
"""


def run(folder: Path, require: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_it.py").write_text(_TEST)
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "tests.conftest", "-p", "no:cacheprovider", str(folder)],
        cwd=ROOT,
        env={**os.environ, "SHOUWANG_REQUIRE": require},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_run_without_requirements_says_what_it_skipped_and_why(tmp_path: Path) -> None:
    done = run(tmp_path, "")
    assert done.returncode == 0, done.stdout
    last = done.stdout.rstrip().splitlines()[-1]
    assert last == "skipped: 2 (needs chromium: none is installed; needs mosquitto)"


def test_a_required_thing_that_is_missing_fails_the_run(tmp_path: Path) -> None:
    done = run(tmp_path, "chromium")
    assert done.returncode == 1, done.stdout
    assert "SHOUWANG_REQUIRE names chromium" in done.stdout
    assert "skipped: 1 (needs mosquitto)" in done.stdout


@pytest.mark.parametrize("name", ["chrome", "chromium,x"])
def test_an_unknown_requirement_is_refused(tmp_path: Path, name: str) -> None:
    done = run(tmp_path, name)
    assert done.returncode not in (0, 1)
    assert "SHOUWANG_REQUIRE knows" in done.stdout + done.stderr
