"""Left out of every other run; a simulated platform for these tests."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.system.platform import Platform

collect_ignore_glob = [] if os.environ.get("SHOUWANG_NIGHTLY") else ["test_*.py"]


@pytest.fixture
def simulated() -> Iterator[Platform]:
    """Return a fresh platform with a driven clock."""
    folder = Path(tempfile.mkdtemp(prefix="shouwang-nightly-"))
    platform = Platform(folder / "home", kind="--simulated")
    try:
        yield platform
    finally:
        assert not platform.stop()
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def kept() -> Path:
    """Return the folder in which runs and reports stay (SHOUWANG_NIGHTLY names it)."""
    folder = Path(os.environ["SHOUWANG_NIGHTLY"])
    folder.mkdir(parents=True, exist_ok=True)
    return folder
