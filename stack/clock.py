"""What time it is, for each stage: wall time; in a simulated home what the player said and the gateway has stored."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from schemas.errors import Unavailable
from stack.home import Home
from stack.simulated import is_simulated

log = logging.getLogger("stack.clock")

#: Wall seconds between attempts to read the time that is kept, while JetStream is not ready.
_AGAIN_S = 0.2


def wall_clock() -> int:
    """Return wall time, microseconds since 1970 UTC."""
    return time.time_ns() // 1000


@asynccontextmanager
async def platform_time(
    home: Home, stage: str, nats_url: str, wall: Callable[[], int], stop: asyncio.Event
) -> AsyncIterator[Callable[[], int]]:
    """Give the platform's clock for the length of the block: ``wall``, or in a simulated home an ingest DrivenClock.

    The gateway's is for it to turn; every other stage's follows.
    """
    if not is_simulated(home) or stage == "prepare":
        yield wall
        return
    from ingest import driven_clock  # noqa: PLC0415 - a live home's stages need none of it
    from ingest.connections import open_jetstream  # noqa: PLC0415
    from ingest.publishing import AWAY  # noqa: PLC0415

    clock = driven_clock.DrivenClock()
    link = await open_jetstream(nats_url, name=f"{stage}-clock", log=log, stop=stop)
    try:
        while True:
            try:
                await driven_clock.kept(link.nc.jetstream(), clock)
                break
            except AWAY:
                if stop.is_set():
                    raise Unavailable(f"JetStream was not there before {stage} was stopped.") from None
                await asyncio.sleep(_AGAIN_S)
        if stage == "gateway":
            yield clock
            return
        following = asyncio.create_task(driven_clock.follow(link.nc, clock, stop), name="clock")
        try:
            yield clock
        finally:
            following.cancel()
    finally:
        await link.close()
