"""LISTEN: be woken by what another transaction committed. For speed only; whoever listens polls as well, for truth."""

import asyncio
import contextlib
from collections.abc import Callable

from store.pool import LOST, PROBE_SECONDS, Pool

#: Between attempts to listen again while the database is away; polling goes on meanwhile.
RETRY_SECONDS = 1.0
#: Who only listens never learns that the connection is dead; so it is asked so often.
ASK_SECONDS = 10.0


async def follow(pool: Pool, channel: str, heard: Callable[[str], None], stop: asyncio.Event) -> None:
    """Call ``heard(payload)`` for each notice on ``channel`` until ``stop``; holds one connection of the pool.

    After a lost connection it listens again by itself and calls ``heard("")``, since notices may have been missed.
    """
    while not stop.is_set():
        with contextlib.suppress(*LOST):
            await _follow_once(pool, channel, heard, stop)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), RETRY_SECONDS)


async def _follow_once(pool: Pool, channel: str, heard: Callable[[str], None], stop: asyncio.Event) -> None:
    lost = asyncio.Event()
    async with pool.acquire() as connection:
        connection.add_termination_listener(lambda *_: lost.set())

        def on_notice(*message: object) -> None:
            heard(str(message[-1]))

        await connection.add_listener(channel, on_notice)
        heard("")
        waiters = [asyncio.ensure_future(lost.wait()), asyncio.ensure_future(stop.wait())]
        try:
            while not (await asyncio.wait(waiters, timeout=ASK_SECONDS, return_when=asyncio.FIRST_COMPLETED))[0]:
                await connection.execute("select 1", timeout=PROBE_SECONDS)
        finally:
            for waiter in waiters:
                waiter.cancel()
            if not connection.is_closed():
                with contextlib.suppress(*LOST):  # its own trouble must not take the place of a cancellation
                    async with asyncio.timeout(PROBE_SECONDS):
                        await connection.remove_listener(channel, on_notice)
