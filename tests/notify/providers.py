"""Local servers that play a provider over HTTP, and a mail server: what came is kept, what is answered is given."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any


class Provider:
    """Answers every request with ``status`` and ``body``; ``hangs`` keeps the caller waiting; None hangs up."""

    def __init__(self) -> None:
        self.came: list[tuple[str, dict[str, str], Any]] = []
        self.status: int | None = 200
        self.body: Any = {}
        self.hangs = False
        self.headers = ""
        self.port = 0

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            fields = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:])}
            raw = await reader.readexactly(int(fields.get("content-length", "0")))
            try:
                body: Any = json.loads(raw)
            except ValueError:
                body = raw.decode()
            self.came.append((head[0].split()[1], fields, body))
            if self.hangs:
                await asyncio.sleep(60)
            if self.status is not None:
                said = json.dumps(self.body).encode()
                head_out = f"HTTP/1.1 {self.status} X\r\nContent-Length: {len(said)}\r\nConnection: close\r\n"
                writer.write(f"{head_out}{self.headers}\r\n".encode() + said)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    @asynccontextmanager
    async def listening(self) -> AsyncIterator["Provider"]:
        """Listen on a free port of loopback for the length of the block."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()


class Mail:
    """A mail server that takes everything, or refuses the recipient."""

    def __init__(self) -> None:
        self.letters: list[str] = []
        self.refuses = False
        self.port = 0

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async def say(line: str) -> None:
            writer.write(f"{line}\r\n".encode())
            await writer.drain()

        await say("220 here")
        while line := (await reader.readline()).decode().strip():
            word = line.split()[0].upper()
            if word == "DATA":
                await say("354 go on")
                self.letters.append((await reader.readuntil(b"\r\n.\r\n")).decode())
                await say("250 taken")
            elif word == "RCPT" and self.refuses:
                await say("550 nobody here")
            elif word == "QUIT":
                await say("221 bye")
                break
            else:
                await say("250 ok")
        writer.close()

    @asynccontextmanager
    async def listening(self) -> AsyncIterator["Mail"]:
        """Listen on a free port of loopback for the length of the block."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
