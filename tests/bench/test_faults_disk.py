"""A disk of our own: full is full, and a power cut keeps what was synced and nothing else."""

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.faults import disk
from bench.faults.disk import Disk

pytestmark = pytest.mark.skipif(disk.refusal() is not None, reason=f"a disk of our own {disk.refusal()}")

SIZE_MB = 16


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Disk]:
    one = Disk(tmp_path / "disk.img", tmp_path / "place")
    one.make(SIZE_MB)
    try:
        yield one
    finally:
        one.remove()


def write(path: Path, *, sync: bool) -> None:
    with path.open("wb") as file:
        file.write(b"x" * 100_000)
        file.flush()
        if sync:
            os.fsync(file.fileno())


def test_a_power_cut_keeps_what_was_synced_and_loses_the_rest(made: Disk) -> None:
    write(made.place / "synced", sync=True)
    write(made.place / "not-synced", sync=False)
    made.cut_power()
    with pytest.raises(OSError):
        write(made.place / "too-late", sync=True)
    made.unmount()
    made.mount()
    assert [path.name for path in made.place.iterdir()] == ["synced"]
    assert (made.place / "synced").stat().st_size == 100_000


def test_a_full_disk_takes_not_a_byte_until_it_has_room_again(made: Disk) -> None:
    made.fill()
    with pytest.raises(OSError) as refused:
        write(made.place / "more", sync=True)
    assert refused.value.errno == errno.ENOSPC
    made.free()
    write(made.place / "more", sync=True)


def test_nothing_of_it_is_left(tmp_path: Path) -> None:
    one = Disk(tmp_path / "disk.img", tmp_path / "place")
    one.make(SIZE_MB)
    one.remove()
    assert not one.image.exists()
    assert not os.path.ismount(one.place)
