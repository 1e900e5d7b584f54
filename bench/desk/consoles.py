"""Consoles that are live: each a connection of its own that follows the stream and notes when each step came."""

import asyncio
import re
import time
from contextlib import suppress
from urllib.parse import urlsplit

_STEP = re.compile(rb"id: (\d+)\nevent: alert\n")
#: Bytes kept back at the end of what was read: a step's head may be cut anywhere.
_HEAD = 64
_OPEN_S = 60.0


class Console:
    """One open stream. ``heard``: when each step came, by its seq, seconds of time.perf_counter."""

    def __init__(self) -> None:
        self.heard: dict[int, float] = {}
        self._live = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def open(self, api: str, token: str) -> None:
        """Open the stream and return when it has said hello."""
        parts = urlsplit(api)
        # A plain socket: fifty HTTP clients' parsers in one process would be what is measured.
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        head = f"GET {parts.path}/events HTTP/1.1\r\nHost: {parts.netloc}\r\nAuthorization: Bearer {token}\r\n\r\n"
        writer.write(head.encode())
        self._task = asyncio.create_task(self._follow(reader, writer), name="console")
        await asyncio.wait_for(self._live.wait(), _OPEN_S)

    async def _follow(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        kept = b""
        try:
            while data := await reader.read(1 << 16):
                at = time.perf_counter()
                kept += data
                if b"event: hello" in kept:
                    self._live.set()
                for found in _STEP.finditer(kept):
                    self.heard.setdefault(int(found[1]), at)
                kept = kept[-_HEAD:]
        finally:
            writer.close()

    async def close(self) -> None:
        """Hang up."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task


async def open_all(count: int, api: str, tokens: list[str]) -> list[Console]:
    """Open ``count`` consoles, one after the other as people sign in; return them."""
    made = []
    for index in range(count):
        console = Console()
        await console.open(api, tokens[index % len(tokens)])
        made.append(console)
    return made


async def all_heard(consoles: list[Console], seqs: list[int], seconds: float) -> bool:
    """Wait until every console has heard every step; return whether they did in time."""
    deadline = time.perf_counter() + seconds
    while time.perf_counter() < deadline:
        if all(seq in console.heard for console in consoles for seq in seqs):
            return True
        await asyncio.sleep(0.05)
    return False
