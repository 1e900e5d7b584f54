"""A receiver that stands for people's telephones: it keeps what is posted to each path, and can be deaf or slow."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any


class Receiver:
    """Answers 200 to every POST, or for a path first what ``answers`` holds for it: a status, or None to hang up."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.at_us: list[int] = []  # when each came, by the wall
        self.answers: dict[str, list[int | None]] = {}
        self.url = ""

    def told(self, path: str | None = None) -> list[tuple[int, str]]:
        """Return (step, recipient) of each call, in order."""
        return [(body["step"], body["recipient"]) for to, body in self.calls if path in (None, to)]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
                fields = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:])}
                body = json.loads(await reader.readexactly(int(fields.get("content-length", "0"))))
                path = head[0].split()[1]
                self.calls.append((path, body))
                self.at_us.append(time.time_ns() // 1000)
                waiting = self.answers.get(path)
                status = waiting.pop(0) if waiting else 200
                if status is None:
                    break
                writer.write(f"HTTP/1.1 {status} X\r\nContent-Length: 0\r\n\r\n".encode())
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    @asynccontextmanager
    async def listening(self) -> AsyncIterator["Receiver"]:
        """Listen on a free port of loopback for the length of the block."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            yield self
        finally:
            server.close()
