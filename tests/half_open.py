"""A network that is cut without a word: no refusal, no reset, no end; what is sent is gone, and nothing comes back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

_LOOPBACK = "127.0.0.1"
_CHUNK = 64 * 1024


class Line:
    """A listening port that leads to a server, until it is cut. Connections that were cut stay dead when it is mended,
    as behind a router that has forgotten them.
    """

    def __init__(self, target: int) -> None:
        self._target, self.port = target, 0
        self._is_cut = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._open: set[asyncio.Event] = set()  # each set when that connection dies
        self.connections = 0

    def cut(self) -> None:
        """Swallow everything from now on; whoever connects anew is let in and hears nothing."""
        self._is_cut = True
        for dead in self._open:
            dead.set()

    def mend(self) -> None:
        """Let new connections through."""
        self._is_cut = False

    def url(self, given: str) -> str:
        """Return a server's URL that goes over this line."""
        return given.replace(f":{urlsplit(given).port}", f":{self.port}")

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        dead = asyncio.Event()
        self._open.add(dead)
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        with suppress(OSError, asyncio.CancelledError):  # the end of the test is the end of the line
            if self._is_cut:
                await asyncio.Event().wait()
            there, back = await asyncio.open_connection(_LOOPBACK, self._target)
            async with asyncio.TaskGroup() as pumps:
                pumps.create_task(self._pump(reader, back, dead))
                pumps.create_task(self._pump(there, writer, dead))
        writer.close()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, dead: asyncio.Event) -> None:
        with suppress(OSError):
            while data := await reader.read(_CHUNK):
                if dead.is_set():
                    await asyncio.Event().wait()
                writer.write(data)
                await writer.drain()
            if dead.is_set():  # nor is its end heard on the other side
                await asyncio.Event().wait()
            writer.close()

    async def end(self) -> None:
        """End everything."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


@asynccontextmanager
async def line(target: int | None) -> AsyncIterator[Line]:
    """Yield a line to a port of this machine for the length of the block."""
    made = Line(target or 0)
    server = await asyncio.start_server(made._serve, _LOOPBACK, 0)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
        await made.end()
