"""Keeping one child alive: start it, wait until it answers, notice its end, start it again, later and later.

The decision how long to wait is pure (`Backoff`); the rest is a thin loop around processes.
"""

import asyncio
import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from schemas.errors import Unavailable

FIRST_WAIT_S, LONGEST_WAIT_S = 0.5, 30.0
#: A child that stood this long was well: what ends it now is a new trouble, and is mended at once.
HEALTHY_S = 60.0
#: How often a child is looked at; the price of noticing without a thread for each.
_LOOK_S = 0.1
#: A child that does not answer within this is started again: a database that replays its log after a power cut has
#: written at most max_wal_size (512 MB), some tens of seconds on a slow card.
READY_PATIENCE_S = 120.0


@dataclass(slots=True)
class Backoff:
    """How long to wait before the next start: 0.5 s, doubling to 30 s, from the beginning after 60 s of health."""

    _next: float = FIRST_WAIT_S

    def after(self, lived_s: float) -> float:
        """Return the seconds to wait after a life of ``lived_s`` seconds."""
        if lived_s >= HEALTHY_S:
            self._next = FIRST_WAIT_S
        wait = self._next
        self._next = min(self._next * 2, LONGEST_WAIT_S)
        return wait


@dataclass(slots=True)
class Child:
    """One server or stage: how it starts, how it says that it is ready, by which signal it stops."""

    name: str
    start: Callable[[], "subprocess.Popen[bytes]"]
    is_ready: Callable[[], bool]
    stop_signal: signal.Signals
    #: Told after each start and each end; for the roll and the state file.
    changed: Callable[["Child"], None]
    #: One line for the terminal.
    say: Callable[[str], None]
    #: The last line of its log, for the reason.
    last_words: Callable[[], str]
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    process: "subprocess.Popen[bytes] | None" = None
    #: Starts in a row that ended before the child was ready.
    failed_starts: int = 0
    #: Why it cannot be started at all, in a sentence that says what to do.
    refusal: str = ""
    _was_ever_ready: bool = False
    _stopping: bool = False

    @property
    def pid(self) -> int | None:
        """Its process id while it lives."""
        return self.process.pid if self.process is not None and self.process.poll() is None else None

    async def keep(self) -> None:
        """Run until stopped, or until a first start is refused."""
        backoff = Backoff()
        while not self._stopping:
            began = time.monotonic()
            ending = await self._live_once()
            if self._stopping:
                return
            wait = backoff.after(time.monotonic() - began)
            if self.refusal and not self._was_ever_ready:
                return  # the supervisor says it, and gives up
            self.say(f"{self.name} {ending}; starting it again in {wait:g} s")
            await asyncio.sleep(wait)

    async def _live_once(self) -> str:
        """Start, wait for readiness, wait for the end; return how it ended as a clause."""
        try:
            self.process = self.start()
        except Unavailable as error:
            self.refusal = str(error)
            return f"does not start: {error}"
        except OSError as error:  # a full disk, no more processes; it may pass
            self.failed_starts += 1
            return f"does not start: {error}"
        self.refusal = ""
        self.changed(self)
        deadline = time.monotonic() + READY_PATIENCE_S
        was_ready = False
        while (status := self.process.poll()) is None:
            if not was_ready and self.is_ready():
                was_ready = self._was_ever_ready = True
                self.failed_starts = 0
                self.ready.set()
            if not was_ready and time.monotonic() > deadline:
                self.process.kill()
                return f"was not ready after {READY_PATIENCE_S:g} s"
            await asyncio.sleep(_LOOK_S if was_ready else _LOOK_S / 2)
        self.ready.clear()
        _end_group(self.process.pid)
        self.changed(self)
        self.failed_starts += not was_ready
        return _how(status) + (f" ({words})" if not was_ready and (words := self.last_words()) else "")

    async def stop(self, patience_s: float) -> bool:
        """Ask it to stop, wait, then kill; returns whether it stopped by itself."""
        self._stopping = True
        if self.process is None or self.pid is None:
            return True
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(self.stop_signal)
        deadline = time.monotonic() + patience_s
        while self.process.poll() is None and time.monotonic() < deadline:  # noqa: ASYNC110 - a process has no event
            await asyncio.sleep(_LOOK_S / 4)
        willing = self.process.poll() is not None
        if not willing:
            self.process.kill()
            self.process.wait()
        _end_group(self.process.pid)
        self.changed(self)
        return willing


def _end_group(group: int) -> None:
    """Kill what a child may have started itself: it led a process group of its own."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def _how(status: int) -> str:
    if status < 0:
        return f"was killed by {signal.Signals(-status).name}"
    return f"ended with status {status}"
