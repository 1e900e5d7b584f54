"""A line between the stages and a server that can be cut or fall silent: ``python -m bench.faults.proxy '{...}'``.

The argument says for each line where it listens and where it leads, ``{"nats": [5001, 4222], ...}``; then each line on
the standard input sets one, ``nats cut``, and is answered by itself. A process of its own, so that whoever measures
does not slow down what is measured.

- ``pass``: bytes go through. Connections that fell silent stay silent for ever: their peers must notice by themselves.
- ``cut``: nobody listens (connection refused), and what is connected is reset.
- ``swallow``: what is connected, and whoever connects now, is answered by nothing any more, and not closed either.
"""

import asyncio
import contextlib
import json
import socket
import struct
import sys
from dataclasses import dataclass, field

LOOPBACK = "127.0.0.1"
PASS, CUT, SWALLOW = "pass", "cut", "swallow"
MODES = (PASS, CUT, SWALLOW)
#: One read of a pump.
_CHUNK = 256 * 1024
#: SO_LINGER: on, for no time at all, so that closing sends a reset.
_RESET = struct.pack("ii", 1, 0)


@dataclass(eq=False)
class _Pair:
    """One connection and its other end."""

    writers: list[asyncio.StreamWriter] = field(default_factory=list)
    silent: bool = False
    over: asyncio.Event = field(default_factory=asyncio.Event)  # what is silent waits for this alone

    def reset(self) -> None:
        """End both with a reset, as a router does that lost its memory."""
        for writer in self.writers:
            raw = writer.get_extra_info("socket")
            if raw is not None:
                with contextlib.suppress(OSError):  # closed already
                    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            writer.transport.abort()
        self.over.set()


class Line:
    """One listening port that leads to another."""

    def __init__(self, port: int, target: int) -> None:
        self.port, self.target, self.mode = port, target, PASS
        self._server: asyncio.Server | None = None
        self._pairs: set[_Pair] = set()

    async def listen(self) -> None:
        """Take connections."""
        self._server = await asyncio.start_server(self._serve, LOOPBACK, self.port)

    async def set(self, mode: str) -> None:
        """Cut, silence or mend the line."""
        self.mode = mode
        if mode == CUT and self._server is not None:
            self._server.close()
            self._server = None
            for pair in list(self._pairs):
                pair.reset()
        elif mode != CUT and self._server is None:
            await self.listen()
        if mode == SWALLOW:
            for pair in self._pairs:
                pair.silent = True

    async def close(self) -> None:
        """End everything."""
        await self.set(CUT)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        pair = _Pair([writer], silent=self.mode == SWALLOW)
        self._pairs.add(pair)
        try:
            if pair.silent:
                await pair.over.wait()
                return
            there, back = await asyncio.open_connection(LOOPBACK, self.target)
            pair.writers.append(back)
            pumps = (self._pump(pair, reader, back), self._pump(pair, there, writer))
            tasks = [asyncio.ensure_future(pump) for pump in pumps]
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in tasks:
                task.cancel()
        except (OSError, asyncio.CancelledError):  # cancelled at the end; Python 3.11 cries out at one that says so
            pass
        finally:
            pair.reset()
            self._pairs.discard(pair)

    @staticmethod
    async def _pump(pair: _Pair, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(_CHUNK):
                if pair.silent:
                    await pair.over.wait()
                    return
                writer.write(data)
                await writer.drain()
            if pair.silent:  # its end is not heard on the other side either
                await pair.over.wait()
        except OSError:
            pass


async def _obey(lines: dict[str, Line]) -> None:
    """Set lines as the standard input says, until it ends."""
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    for line in lines.values():
        await line.listen()
    print("listening", flush=True)
    while order := (await reader.readline()).decode().split():
        name, mode = order
        await lines[name].set(mode)
        print(name, mode, flush=True)


def main(arguments: list[str]) -> int:
    """Run until the standard input ends."""
    lines = {name: Line(port, target) for name, (port, target) in json.loads(arguments[0]).items()}
    asyncio.run(_obey(lines))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
