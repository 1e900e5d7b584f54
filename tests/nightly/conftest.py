"""Left out of every other run; a simulated platform for these tests."""

import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.system.platform import Platform

collect_ignore_glob = [] if os.environ.get("SHOUWANG_NIGHTLY") else ["test_*.py"]


@pytest.fixture
def simulated(fresh: Callable[[], Platform]) -> Platform:
    """Return a fresh platform with a driven clock."""
    return fresh()


@pytest.fixture
def fresh() -> Iterator[Callable[[], Platform]]:
    """Return what starts a fresh platform with a driven clock; the one before is ended first."""
    folder = Path(tempfile.mkdtemp(prefix="shouwang-nightly-"))
    running: list[Platform] = []
    count = itertools.count()

    def end() -> None:
        while running:
            assert not running.pop().stop()

    def start() -> Platform:
        end()
        running.append(Platform(folder / f"home-{next(count)}", kind="--simulated"))
        return running[0]

    try:
        yield start
    finally:
        end()
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def kept() -> Path:
    """Return the folder in which runs and reports stay (SHOUWANG_NIGHTLY names it)."""
    folder = Path(os.environ["SHOUWANG_NIGHTLY"])
    folder.mkdir(parents=True, exist_ok=True)
    return folder
