"""The one folder where an installation keeps everything: its layout, its modes, and the lock of who runs it.

Two supervisors on one home would give one database to two servers, so the lock is taken before anything is touched.
It is an flock: the kernel drops it when its owner dies, however it dies, so no stale lock can be left by a power cut.
"""

import fcntl
import hashlib
import os
import socket
import uuid
from dataclasses import dataclass
from pathlib import Path

from schemas.errors import Unavailable

#: Owner only; others may pass through (not list) so that a database server with fewer rights than ours reaches its own
#: folder. Every secret below has a mode of its own.
HOME_MODE = 0o711
PRIVATE_DIR = 0o700
PRIVATE_FILE = 0o600


@dataclass(frozen=True, slots=True)
class Home:
    """Paths in an installation's folder."""

    root: Path

    @property
    def run(self) -> Path:
        """What holds only while the platform runs."""
        return self.root / "run"

    @property
    def ready(self) -> Path:
        """One empty file for each stage that is ready."""
        return self.run / "ready"

    @property
    def logs(self) -> Path:
        """One log a child."""
        return self.root / "logs"

    @property
    def state(self) -> Path:
        """What others may know of the running platform (docs/operations.md)."""
        return self.run / "state.json"

    @property
    def children(self) -> Path:
        """Pids and start times of what we started, to find orphans by."""
        return self.run / "children.json"

    @property
    def first_administrator(self) -> Path:
        """The first administrator's password, until a person has changed it and deleted this file."""
        return self.root / "first-administrator.txt"

    def make(self) -> None:
        """Create the folders; raises Unavailable with a sentence when they cannot be."""
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            self.root.chmod(HOME_MODE)
            for folder in (self.run, self.ready, self.logs):
                folder.mkdir(mode=PRIVATE_DIR, exist_ok=True)
        except OSError as error:
            raise Unavailable(
                f"The home {self.root} cannot be used ({error.strerror}); give one that you own with --home."
            ) from error


def name_of(home: Home) -> str:
    """Return what tells a home from every other one: this machine, and the folder, which is locked by who runs it."""
    told = f"{uuid.getnode():x} {socket.gethostname()} {home.root.resolve()}"
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def lock(home: Home) -> int:
    """Take the home for this process and return the lock's file descriptor, which must stay open.

    Raises Unavailable when a living supervisor has it.
    """
    descriptor = os.open(home.run / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, PRIVATE_FILE)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        owner = os.read(descriptor, 32).decode(errors="replace").strip() or "unknown"
        os.close(descriptor)
        raise Unavailable(
            f"The home {home.root} is in use by a running platform (process {owner}); "
            "stop that one, or give another --home."
        ) from None
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
    return descriptor


def write_private(path: Path, data: bytes) -> None:
    """Write a file that only we may read, whole or not at all, and on the disk when this returns."""
    partial = path.with_name(path.name + ".partial")
    partial.unlink(missing_ok=True)
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, PRIVATE_FILE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Bring a folder's entries (a rename) to the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
