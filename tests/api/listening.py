"""A real server on a free port, and a listener of its live stream that keeps what it heard."""

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import uvicorn
from starlette.applications import Starlette

from tests.api.conftest import PASSWORDS


class Server(uvicorn.Server):
    """uvicorn that leaves the test's signals alone."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.asynccontextmanager
async def serving(app: Starlette) -> AsyncIterator[str]:
    """Serve ``app`` (its loops are running already); yield its URL."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    config = uvicorn.Config(app, log_config=None, lifespan="off", timeout_graceful_shutdown=2)
    server = Server(config)
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        if hasattr(app.state, "runtime"):
            app.state.runtime.feed.close()
        server.should_exit = True
        await task
        listener.close()


@dataclass
class Heard:
    """One server-sent event."""

    name: str
    data: dict[str, Any]
    id: str | None


@dataclass
class Listener:
    """What one stream has said so far."""

    events: asyncio.Queue[Heard] = field(default_factory=asyncio.Queue)
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    async def next(self, name: str | None = None) -> Heard:
        """Return the next event (of this name), within five seconds."""
        async with asyncio.timeout(5):
            while True:
                event = await self.events.get()
                if name is None or event.name == name:
                    return event

    def nothing(self) -> bool:
        return self.events.empty()


async def token_of(url: str, user: str = "nurse") -> str:
    async with httpx.AsyncClient(base_url=url) as client:
        answer = await client.post("/api/v1/session", json={"user": user, "password": PASSWORDS[user]})
        token: str = answer.json()["token"]
        return token


@contextlib.asynccontextmanager
async def listening(url: str, token: str, last_event_id: str | None = None) -> AsyncIterator[Listener]:
    """Follow the live stream until the block ends."""
    headers = {"Authorization": f"Bearer {token}"} | ({"Last-Event-ID": last_event_id} if last_event_id else {})
    listener = Listener()
    opened = asyncio.Event()

    async def follow() -> None:
        async with (
            httpx.AsyncClient(base_url=url, timeout=None) as client,
            client.stream("GET", "/api/v1/events", headers=headers) as response,
        ):
            assert response.status_code == 200, await response.aread()
            opened.set()
            fields: dict[str, str] = {}
            async for line in response.aiter_lines():
                if line:
                    key, _, value = line.partition(": ")
                    fields[key] = value
                elif "event" in fields:
                    event = Heard(fields["event"], json.loads(fields["data"]), fields.get("id"))
                    listener.events.put_nowait(event)
                    fields = {}
        listener.ended.set()

    task = asyncio.create_task(follow())
    done, _ = await asyncio.wait(
        {task, asyncio.ensure_future(opened.wait())}, timeout=5, return_when=asyncio.FIRST_COMPLETED
    )
    if task in done:
        task.result()
    try:
        yield listener
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
