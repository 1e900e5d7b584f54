"""One platform for all system tests: a start costs seconds, and sharing it is how it is used."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.system.platform import Platform


@pytest.fixture(scope="session")
def platform() -> Iterator[Platform]:
    """Return a running platform; nothing of it may be left when it is stopped."""
    folder = Path(tempfile.mkdtemp(prefix="shouwang-system-"))
    running = Platform(folder / "home")
    try:
        yield running
    finally:
        left = running.stop()
        assert running.process.returncode == 0
        assert not left
        shutil.rmtree(folder)
