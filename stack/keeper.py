"""Keeping one child alive: start it, wait until it answers, notice its end or that it hangs, start it again.

The decisions how long to wait are pure (`Backoff`, `stack.pulse.Silence`); the rest is a thin loop around processes.
"""

import asyncio
import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import psutil

from schemas.errors import Unavailable
from stack.pulse import Silence

FIRST_WAIT_S, LONGEST_WAIT_S = 0.5, 30.0
#: A child that stood this long was well: what ends it now is a new trouble, and is mended at once.
HEALTHY_S = 60.0
#: How often a child is looked at; the price of noticing without a thread for each.
_LOOK_S = 0.1
#: A process that was killed and is still there after this waits inside the kernel, for a disk or a network.
_DIES_WITHIN_S = 10.0


@dataclass(frozen=True, slots=True)
class Patience:
    """How a child's signs of life are judged.

    ``sign``: whether it has given one since the last call; may block for a second or two. ``start_s``: silence before
    it was ready, after which it is killed; ``hung_s``: silence since. None: it is never killed, only told of after
    ``tell_s``. ``most_bytes``: the memory beyond which it is asked to end, and begins anew.
    """

    sign: Callable[[], bool]
    every_s: float
    start_s: float
    hung_s: float | None
    tell_s: float = float("inf")
    most_bytes: float = float("inf")


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
    patience: Patience
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    process: "subprocess.Popen[bytes] | None" = None
    #: Starts in a row that ended before the child was ready.
    failed_starts: int = 0
    #: Ends that we did not ask for, and those of them that were hanging.
    restarts: int = 0
    hangs: int = 0
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
            self.restarts += 1
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
        watch = _Watch(self)
        while (status := self.process.poll()) is None:
            if not watch.ready and await asyncio.to_thread(self.is_ready):
                watch.ready = self._was_ever_ready = True
                self.failed_starts = 0
                self.ready.set()
            await watch.look(self.process)
            await asyncio.sleep(_LOOK_S if watch.ready else _LOOK_S / 2)
        self.ready.clear()
        _end_group(self.process.pid)
        self.hangs += bool(watch.killed and not watch.outgrown)
        self.failed_starts += not watch.ready
        self.changed(self)
        if watch.killed:
            return watch.killed if watch.outgrown else f"{watch.killed} and was killed"
        return _how(status) + (f" ({words})" if not watch.ready and (words := self.last_words()) else "")

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


class _Watch:
    """One life of a child: whether it was ready, how long it has been silent, and why it was killed if it was."""

    def __init__(self, child: Child) -> None:
        self._child, self._patience = child, child.patience
        self._silence = Silence(self._patience.every_s)
        self._looked_at = time.monotonic()
        self._killed_at: float | None = None
        self._told = False
        self.ready = False
        self.killed = ""
        self.outgrown = False

    async def look(self, process: "subprocess.Popen[bytes]") -> None:
        """Look when it is time; kill what has been silent for too long, once."""
        now = time.monotonic()
        if self._killed_at is not None:
            self._tell_immortal(now)
            return
        if now - self._looked_at < self._patience.every_s or self._child._stopping:
            return
        silent_s = self._silence.look(await asyncio.to_thread(self._patience.sign), now - self._looked_at)
        self._looked_at = now
        self._tell(silent_s)
        limit = self._patience.hung_s if self.ready else self._patience.start_s
        if limit is not None and silent_s >= limit and not self._child._stopping:
            self.killed = f"gave no sign of life for {limit:g} s"
            self._killed_at, self._told = now, False
            process.kill()
        elif self.ready and (taken := _memory(process.pid)) > self._patience.most_bytes:
            self.killed, self.outgrown = f"had grown to {taken / 1e6:.0f} MB and was asked to end", True
            self._killed_at, self._told = now, False
            process.send_signal(self._child.stop_signal)

    def _tell(self, silent_s: float) -> None:
        if not self._told and silent_s >= self._patience.tell_s:
            self._told = True
            self._child.say(f"{self._child.name} has not answered for {silent_s:.0f} s; it is waited for")
        elif self._told and not silent_s:
            self._told = False
            self._child.say(f"{self._child.name} answers again")

    def _tell_immortal(self, now: float) -> None:
        if not self._told and self._killed_at is not None and now - self._killed_at > _DIES_WITHIN_S:
            self._told = True
            self._child.say(
                f"{self._child.name} {self.killed} and does not die when killed: it waits for a disk or a network "
                "inside the kernel; look at the machine"
            )


def _memory(pid: int) -> int:
    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:  # it ended just now; that is noticed elsewhere
        return 0


def _end_group(group: int) -> None:
    """Kill what a child may have started itself: it led a process group of its own."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def _how(status: int) -> str:
    if status < 0:
        return f"was killed by {signal.Signals(-status).name}"
    return f"ended with status {status}"
