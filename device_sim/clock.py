"""The simulator's clock, and waiting that a stop can cut short."""

import asyncio
import time
from collections.abc import Callable

Clock = Callable[[], int]


def wall_clock() -> int:
    """Return UTC microseconds."""
    return time.time_ns() // 1000


async def wait(stop: asyncio.Event, seconds: float) -> None:
    """Wait so long, or until ``stop`` is set."""
    if seconds <= 0:
        await asyncio.sleep(0)
        return
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return
