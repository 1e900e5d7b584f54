"""Starting child processes that cannot outlive us, and finding those that did.

Each child has a session of its own (Ctrl-C at the terminal reaches only the supervisor, which stops things in order)
and is tied to the supervisor's life by the kernel. What slips through - a database that takes its time to shut down -
stands in ``children.json`` with its start time, so that the next start ends it, and never another process with a
reused number.
"""

import contextlib
import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import psutil

from stack.home import Home, write_private

_PR_SET_PDEATHSIG = 1
#: A log that grew beyond this is set aside once at a start; with the copy it bounds a child's log between restarts.
_LOG_LIMIT_BYTES = 10_000_000
#: Start times come from one source; the slack is for its rounding.
_SAME_START_S = 0.05
#: How long an orphan may take to end by itself: a database checkpoint on a slow disk.
_ORPHAN_PATIENCE_S = 20.0


@dataclass(frozen=True, slots=True)
class Command:
    """What to run, and how. ``death_signal`` is what the kernel sends it when we are gone."""

    argv: tuple[str, ...]
    death_signal: signal.Signals = signal.SIGKILL
    environment: Mapping[str, str] = field(default_factory=dict)
    keep_stdin: bool = False  # hold a pipe to its stdin open: it ends when the pipe does
    user: int | None = None
    group: int | None = None
    pass_fds: tuple[int, ...] = ()  # files that stay open in the child, under the same numbers


def spawn(command: Command, log: Path | None) -> "subprocess.Popen[bytes]":
    """Start ``command`` with its output appended to ``log``, or to our own terminal when that is None.

    Call it from the main thread: the kernel ties the child to the life of the thread that started it.
    """
    with _output(log) as output:
        return subprocess.Popen(
            command.argv,
            stdin=subprocess.PIPE if command.keep_stdin else subprocess.DEVNULL,
            stdout=output,
            stderr=None if output is None else subprocess.STDOUT,
            **_as_ours(command),
        )


def run_once(command: Command, stdin: bytes, patience_s: float) -> "subprocess.CompletedProcess[bytes]":
    """Run ``command`` to its end, tied to us in the same way; raises OSError or subprocess.TimeoutExpired."""
    return subprocess.run(
        command.argv, input=stdin, capture_output=True, timeout=patience_s, check=False, **_as_ours(command)
    )


def _as_ours(command: Command) -> dict[str, Any]:
    """What makes a process a child of this kind: own session, closed files, fewer rights, our death is its own."""
    return {
        "start_new_session": True,
        "env": {**os.environ, **command.environment},
        "umask": 0o077,
        "user": command.user,
        "group": command.group,
        "extra_groups": None if command.user is None else [],
        "pass_fds": command.pass_fds,
        "preexec_fn": _tie_to_parent(command.death_signal, os.getpid()),
    }


def _tie_to_parent(death_signal: int, parent: int) -> Callable[[], None] | None:
    if sys.platform != "linux":  # elsewhere only children.json finds orphans
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def tie() -> None:
        prctl(_PR_SET_PDEATHSIG, death_signal, 0, 0, 0)
        if os.getppid() != parent:  # it died between fork and prctl
            os._exit(1)

    return tie


def _output(log: Path | None) -> contextlib.AbstractContextManager[BinaryIO | None]:
    if log is None:
        return contextlib.nullcontext()
    _set_aside(log)
    return log.open("ab")


def _set_aside(log: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        if log.stat().st_size > _LOG_LIMIT_BYTES:
            log.replace(log.with_suffix(".log.1"))


class Roll:
    """Who was started: pid and start time of each living child, on disk."""

    def __init__(self, home: Home) -> None:
        self._path = home.children
        self._rows: dict[str, tuple[int, float, int]] = {}

    def add(self, name: str, pid: int, stop_signal: signal.Signals) -> None:
        """Remember a child and how it is asked to stop."""
        try:
            self._rows[name] = (pid, psutil.Process(pid).create_time(), int(stop_signal))
        except psutil.NoSuchProcess:
            self._rows.pop(name, None)
        self._write()

    def remove(self, name: str) -> None:
        """Forget a child that ended."""
        self._rows.pop(name, None)
        self._write()

    def _write(self) -> None:
        write_private(self._path, json.dumps(self._rows).encode())

    def end_orphans(self) -> list[str]:
        """End what a supervisor that was killed left running; returns their names."""
        found = self._orphans()
        for _, process, stop_signal in found:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(stop_signal)
        deadline = time.monotonic() + _ORPHAN_PATIENCE_S
        for _, process, _ in found:
            _wait_or_kill(process, deadline - time.monotonic())
        self._rows = {}
        self._write()
        return sorted(name for name, _, _ in found)

    def _orphans(self) -> list[tuple[str, psutil.Process, int]]:
        try:
            rows = json.loads(self._path.read_bytes())
            known = [(str(name), int(pid), float(start), int(stop)) for name, (pid, start, stop) in rows.items()]
        except (OSError, ValueError, TypeError, AttributeError):
            return []
        alive = []
        for name, pid, started, stop in known:
            with contextlib.suppress(psutil.NoSuchProcess):
                process = psutil.Process(pid)
                if abs(process.create_time() - started) < _SAME_START_S and process.status() != psutil.STATUS_ZOMBIE:
                    alive.append((name, process, stop))
        return alive


def _wait_or_kill(process: psutil.Process, patience_s: float) -> None:
    try:
        process.wait(max(patience_s, 0))
    except psutil.TimeoutExpired:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
            process.wait(1)
