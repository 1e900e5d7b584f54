"""A small disk of our own below a part of the home: it can be full, slow, or lose what was never synced.

An ext4 file system in a file, by a loop device. Full is a file that takes all the room. Slow is the kernel's own
throttle (blkio) on writes to that device by the server's processes. A power cut is ext4's shutdown without flushing:
what was not synced is gone, exactly as on a machine that lost its current, and the journal is replayed at the next
mount. All three need root; `refusal` says why they cannot be had.
"""

import contextlib
import fcntl
import os
import shutil
import struct
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

#: `_IOR('X', 125, u32)` of ext4, and its flag that says: write nothing any more, not even the journal.
_SHUTDOWN, _NO_FLUSH = 0x8004587D, struct.pack("I", 2)
_THROTTLE = Path("/sys/fs/cgroup/blkio")
_PROGRAMS = ("mkfs.ext4", "losetup", "mount", "umount")
#: The least that is asked for; a full disk leaves nothing of this size.
_BLOCK = 4096


def refusal() -> str | None:
    """Return why this machine gives us no disk of our own, or None when it does."""
    if os.geteuid() != 0:
        return "needs root, for a file system of its own"
    missing = [program for program in _PROGRAMS if shutil.which(program) is None]
    if missing:
        return f"needs {', '.join(missing)}"
    if not Path("/dev/loop-control").exists():
        return "needs loop devices"
    return None


def slow_refusal() -> str | None:
    """Return why a disk cannot be made slow here, or None."""
    if not (_THROTTLE / "cgroup.procs").exists():
        return "needs the kernel's blkio throttle (cgroup v1)"
    return refusal()


@dataclass
class Disk:
    """One file system in a file, mounted at ``place``."""

    image: Path
    place: Path
    device: str = ""

    def make(self, megabytes: int) -> None:
        """Make it and mount it."""
        with self.image.open("wb") as file:
            file.truncate(megabytes * 1024 * 1024)
        _run("mkfs.ext4", "-q", "-m", "0", str(self.image))
        self.place.mkdir(parents=True, exist_ok=True)
        self.mount()
        shutil.rmtree(self.place / "lost+found")

    def mount(self) -> None:
        """Mount it; the journal brings back what was synced."""
        self.device = _run("losetup", "-f", "--show", str(self.image)).strip()
        _run("mount", self.device, str(self.place))

    def unmount(self) -> None:
        """Take it off."""
        _run("umount", str(self.place))
        _run("losetup", "-d", self.device)
        self.device = ""

    def remove(self) -> None:
        """Take it off, as far as that goes, and delete it."""
        self.fast()
        if self.device:
            with contextlib.suppress(subprocess.CalledProcessError):
                self.unmount()
        self.image.unlink(missing_ok=True)

    def fill(self) -> None:
        """Take all the room that is left."""
        descriptor = os.open(self._ballast, os.O_CREAT | os.O_WRONLY)
        try:
            size, step = os.fstat(descriptor).st_size, 1 << 40
            while step >= _BLOCK:
                try:
                    os.posix_fallocate(descriptor, size, step)
                    size += step
                except OSError:  # no room for that much
                    step //= 2
        finally:
            os.close(descriptor)

    def free(self) -> None:
        """Give the room back."""
        self._ballast.unlink(missing_ok=True)

    @property
    def _ballast(self) -> Path:
        return self.place / "ballast"

    @property
    def _group(self) -> Path:
        return _THROTTLE / f"shouwang-{os.getpid()}-{Path(self.device).name}"

    def slow(self, pids: Iterable[int], writes_per_second: int) -> None:
        """Let these processes, and what they start from now on, write so seldom."""
        self._group.mkdir(exist_ok=True)
        number = Path("/sys/class/block", Path(self.device).name, "dev").read_text().strip()
        (self._group / "blkio.throttle.write_iops_device").write_text(f"{number} {writes_per_second}\n")
        for pid in pids:
            with contextlib.suppress(OSError):  # it ended
                (self._group / "cgroup.procs").write_text(str(pid))

    def fast(self) -> None:
        """Let everybody write as fast as they can again."""
        if not self.device or not self._group.exists():
            return
        for pid in (self._group / "cgroup.procs").read_text().split():
            with contextlib.suppress(OSError):
                (_THROTTLE / "cgroup.procs").write_text(pid)
        with contextlib.suppress(OSError):
            self._group.rmdir()

    def cut_power(self) -> None:
        """From now on nothing reaches the disk; what was not synced never did."""
        folder = os.open(self.place, os.O_RDONLY)
        try:
            fcntl.ioctl(folder, _SHUTDOWN, _NO_FLUSH)
        finally:
            os.close(folder)


def _run(*argv: str) -> str:
    return subprocess.run(argv, check=True, capture_output=True, text=True).stdout  # noqa: S603 - our own words
