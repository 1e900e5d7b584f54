"""How a stage is doing: counters, troubles said once, patience with the world, and the report every few seconds.

A trouble that lasts an hour is one line in the log when it begins and one when it ends, and stands in the status
between.
"""

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from nats.js import JetStreamContext

from schemas import status, subjects
from schemas.errors import Unavailable

T = TypeVar("T")

#: Seconds between reports; the console calls a stage silent after a few of them.
REPORT_SECONDS = 5.0
#: First and longest wait between attempts, seconds: the first is shorter than a server's restart, the longest short
#: enough that a mended server is noticed at once by a person's measure.
FIRST_WAIT, LONGEST_WAIT = 0.1, 3.0


class StoppedError(Exception):
    """The stage was asked to stop while it waited; what it held is unacknowledged and comes again."""


@contextlib.asynccontextmanager
async def together() -> AsyncIterator[asyncio.TaskGroup]:
    """Run a stage's tasks as one: the first that fails ends all, and its one sentence is what comes out.

    StoppedError from any of them is an ordinary end.
    """
    try:
        async with asyncio.TaskGroup() as tasks:
            yield tasks
    except BaseExceptionGroup as group:
        for error in _leaves(group):
            if isinstance(error, Unavailable):
                raise error from None
        _, others = group.split(StoppedError)
        if others is not None:
            raise others from None


def _leaves(group: BaseExceptionGroup[BaseException]) -> Iterator[BaseException]:
    for error in group.exceptions:
        if isinstance(error, BaseExceptionGroup):
            yield from _leaves(error)
        else:
            yield error


@dataclass(slots=True)
class Health:
    """One stage's counters and present troubles."""

    stage: str
    log: logging.Logger
    counts: Counter[str] = field(default_factory=Counter)
    troubles: dict[str, str] = field(default_factory=dict)
    lag: int = -1
    _failing: Counter[str] = field(default_factory=Counter)

    def trouble(self, key: str, sentence: str) -> None:
        """Note a trouble; the log hears of it only when it begins."""
        if key not in self.troubles:
            self.log.warning("%s", sentence)
        self.troubles[key] = sentence

    def mended(self, key: str, sentence: str) -> None:
        """Note that a trouble, if it was one, has ended."""
        if self.troubles.pop(key, None) is not None:
            self.log.warning("%s", sentence)

    def status(self, at_us: int) -> status.StageStatus:
        """Return the record for the STATUS bucket."""
        note = next(iter(self.troubles.values()), "")
        troubles, counts = tuple(self.troubles), dict(self.counts)
        return status.StageStatus(
            at_us=at_us, ok=not troubles, lag=self.lag, counts=counts, note=note, troubles=troubles
        )

    async def persist(
        self,
        attempt: Callable[[], Awaitable[T]],
        *,
        errors: tuple[type[BaseException], ...],
        key: str,
        sentence: str,
        stop: asyncio.Event,
    ) -> T:
        """Return what ``attempt`` gives, however often it must be tried; ``sentence`` says once what we wait for.

        Raises StoppedError when ``stop`` comes while it fails, and at once whatever is not in ``errors``.
        """
        wait, failed = FIRST_WAIT, False
        try:
            while True:
                try:
                    return await attempt()
                except errors as error:
                    self.counts[f"{key}_retries"] += 1
                    self.trouble(key, f"{sentence} ({type(error).__name__}: {_first_line(error)})")
                if not failed:
                    failed = True
                    self._failing[key] += 1
                if await stopped_within(stop, wait):
                    raise StoppedError
                wait = min(2 * wait, LONGEST_WAIT)
        finally:
            # Small messages still pass a nearly full stream: it is mended when nobody waits any more.
            if failed:
                self._failing[key] -= 1
                if not self._failing[key]:
                    self.mended(key, f"{self.stage}: {key} works again.")


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [""])[0][:200]


async def stopped_within(stop: asyncio.Event, seconds: float) -> bool:
    """Wait for ``stop``, at most ``seconds``; return whether it came."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
    return stop.is_set()


async def report(
    health: Health,
    js: JetStreamContext,
    clock: Callable[[], int],
    stop: asyncio.Event,
    measure_lag: Callable[[], Awaitable[int]],
) -> None:
    """Write the stage's status every REPORT_SECONDS until ``stop``; one that fails is skipped, the next is near.

    ``clock`` is wall time: a report is about a process, whatever the platform's own clock is driven to.
    """
    bucket = None
    while True:
        with contextlib.suppress(Exception):  # the trouble itself is said by whoever does the stage's work
            health.lag = await measure_lag()
        try:
            bucket = bucket or await js.key_value(subjects.STATUS)
            await bucket.put(health.stage, status.encode(health.status(clock())))
        except Exception as error:
            health.log.debug("Status could not be written: %s", error)
        if await stopped_within(stop, REPORT_SECONDS):
            return


def lag_of(
    js: JetStreamContext, stream: str, reader: str, *, until_acknowledged: bool = False
) -> Callable[[], Awaitable[int]]:
    """Return a measure: how many messages of ``stream`` wait for a durable reader, unread.

    ``until_acknowledged``: those too that it has taken and not acknowledged, perhaps because it died over them. Not for
    the watcher, which acknowledges seconds after its work.
    """

    async def measure() -> int:
        info = await js.consumer_info(stream, reader)
        return (info.num_pending or 0) + ((info.num_ack_pending or 0) if until_acknowledged else 0)

    return measure
