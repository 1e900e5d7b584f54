"""The live stream's heart: one feed a process reads new steps of alerts, and hands them to every open stream.

LISTEN for speed, polling for truth: a notification only says "look now"; every two seconds the feed looks anyway. What
it looks for is ``seq > last``, and ``seq`` is given in the order of commits, so nothing is missed and nothing comes
twice. A stream that does not keep up is dropped, not buffered for ever: its browser comes back with ``Last-Event-ID``
and reads the rest from the database.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeAlias

from api.database import AWAY
from store import alerts, notices
from store.grants import Subject
from store.pool import Pool

log = logging.getLogger("api.live")

#: How long a lost notification can delay an alert.
POLL_SECONDS = 2.0
#: A browser that is this many steps behind is asleep or gone; an hour of a bad night has fewer.
QUEUE_LENGTH = 200
#: The feed counts as blind when no look at the database has succeeded for this long: three polls.
BLIND_AFTER_SECONDS = 3 * POLL_SECONDS
#: One look takes milliseconds; one that takes this long hangs on a dead connection and is begun anew.
LOOK_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class LiveStep:
    """One step, ready to send: ``data`` is the JSON of ``{seq, alert, step}``.

    ``about``: whom and where it is about.
    """

    seq: int
    data: str
    about: Subject = field(default_factory=Subject)


@dataclass(frozen=True, slots=True)
class LivePause:
    """Who is with a resident now, ready to send: ``data`` is the JSON of ``{resident, pause}``, null where nobody is.

    It has no place in the order of steps: whoever missed one reads how things stand when their stream opens again.
    """

    data: str
    about: Subject = field(default_factory=Subject)


#: What stands in a stream's queue; None only wakes its reader.
Item: TypeAlias = LiveStep | LivePause | None


@dataclass(slots=True, eq=False)
class Stream:
    """One open stream. ``ended`` says why it must close."""

    session: str
    queue: asyncio.Queue[Item] = field(default_factory=lambda: asyncio.Queue(QUEUE_LENGTH))
    ended: str | None = None

    def end(self, reason: str) -> None:
        """Have the stream's reader stop at its next look, and wake it."""
        self.ended = self.ended or reason
        with suppress(asyncio.QueueFull):
            self.queue.put_nowait(None)


def nobody_with(resident: str) -> str:
    """Return what the stream says when a pause has ended."""
    return json.dumps({"resident": resident, "pause": None})


class Feed:
    """Reads steps and hands them on. ``steps_after(seq)`` gives the next steps in order, at most a page of them;
    ``last_seq()`` the newest there is; ``pauses()`` who is with which resident, a LivePause for each.
    """

    def __init__(
        self,
        *,
        pool: Callable[[], Awaitable[Pool]],
        steps_after: Callable[[int], Awaitable[list[LiveStep]]],
        last_seq: Callable[[], Awaitable[int]],
        pauses: Callable[[], Awaitable[dict[str, LivePause]]] | None = None,
    ) -> None:
        self._pool, self._steps_after, self._last_seq = pool, steps_after, last_seq
        self._pauses = pauses
        self._there: dict[str, LivePause] | None = None
        self._streams: set[Stream] = set()
        self._look = asyncio.Event()
        self._seen: int | None = None
        self._beginning = asyncio.Lock()
        self._looked_at = float("-inf")
        self._closed = False
        self._end = asyncio.Event()  # and not a cancellation alone: a driver in trouble can swallow that

    @property
    def count(self) -> int:
        """How many streams are open."""
        return len(self._streams)

    @property
    def sees(self) -> bool:
        """Whether the database has been read lately; when not, silence on the stream means nothing."""
        return asyncio.get_running_loop().time() - self._looked_at < BLIND_AFTER_SECONDS

    async def open(self, session: str) -> tuple[Stream, int]:
        """Return a new stream, and the newest seq there is: the stream gets every later step (and maybe a few before).

        Raises what the store raises when the database is away.
        """
        await self._begin()
        stream = Stream(session)
        if self._closed:
            stream.end("closing")
        self._streams.add(stream)
        try:
            return stream, await self._last_seq()
        except BaseException:
            self.leave(stream)
            raise

    def leave(self, stream: Stream) -> None:
        """Forget a stream."""
        self._streams.discard(stream)

    def end_session(self, session: str) -> None:
        """End the streams of a session that was closed."""
        for stream in self._streams:
            if stream.session == session:
                stream.end("signed out")

    def close(self) -> None:
        """End all streams, now and to come, so that the server can stop."""
        self._closed = True
        self._end.set()
        self._look.set()
        for stream in self._streams:
            stream.end("closing")

    async def run(self) -> None:
        """Read for ever: woken by notices, and every POLL_SECONDS whatever the notices do."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._listen(), name="live notices")
            tasks.create_task(self._read(), name="live steps")

    async def _listen(self) -> None:
        while not self._closed:
            with suppress(Exception):  # whatever it is, the reader meets it too, and says so
                await notices.follow(await self._pool(), alerts.LIVE, lambda _: self._look.set(), self._end)
            await asyncio.sleep(POLL_SECONDS)

    async def _read(self) -> None:
        lost = False
        # The flag and not only a cancellation: a driver cancelled while it connects may raise its own error instead.
        while not self._closed:
            self._look.clear()
            try:
                async with asyncio.timeout(LOOK_SECONDS):
                    if lost:
                        await self._mistrust()
                    await self._read_new()
            except Exception as error:
                # Whatever it is: a feed that gave up would be silence, and silence looks like peace.
                if not lost:
                    expected = isinstance(error, AWAY)
                    log.warning("the live stream cannot read: %r", error, exc_info=None if expected else error)
                lost = True
                await asyncio.sleep(POLL_SECONDS / 2)
                continue
            if lost:
                log.warning("the live stream reads again")
                lost = False
            with suppress(TimeoutError):
                await asyncio.wait_for(self._look.wait(), POLL_SECONDS)

    async def _begin(self) -> int:
        """Settle once where the feed begins. Before the first stream opens: a step between the two would be lost."""
        async with self._beginning:
            if self._seen is None:
                self._seen = await self._last_seq()
            return self._seen

    async def _mistrust(self) -> None:
        """After an outage the database can be an older one, from a backup: then its new steps have seen numbers."""
        if await self._last_seq() < await self._begin():
            log.warning("the database has gone back in time; every live stream begins anew")
            self._seen = None
            for stream in self._streams:
                stream.end("begin anew")

    async def _read_new(self) -> None:
        self._seen = await self._begin()
        while steps := await self._steps_after(self._seen):
            for step in steps:
                self._hand_on(step)
            self._seen = steps[-1].seq
        await self._compare_pauses()
        self._looked_at = asyncio.get_running_loop().time()

    async def _compare_pauses(self) -> None:
        """Hand on who came, stays longer, or left since the last look; the first only learns how things stand."""
        if self._pauses is None:
            return
        now, before = await self._pauses(), self._there
        self._there = now
        if before is None:
            return
        for resident in {*now, *before}:
            if now.get(resident) == before.get(resident):
                continue
            left = before[resident] if resident not in now else None
            self._hand_on(now[resident] if left is None else LivePause(nobody_with(resident), left.about))

    def _hand_on(self, step: LiveStep | LivePause) -> None:
        for stream in self._streams:
            try:
                stream.queue.put_nowait(step)
            except asyncio.QueueFull:
                stream.end("too slow")
