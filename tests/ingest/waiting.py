"""Waiting for what a real server will do, with a limit."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def eventually(ask: Callable[[], Awaitable[T]], *, seconds: float = 20.0) -> T:
    """Return the first true answer of ``ask``; fail with the last answer when none came in time."""
    deadline = time.monotonic() + seconds
    while True:
        answer = await ask()
        if answer:
            return answer
        assert time.monotonic() < deadline, f"not within {seconds:g} s; last answer {answer!r}"
        await asyncio.sleep(0.05)
