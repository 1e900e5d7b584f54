"""Reading a durable consumer: messages as soon as they are there, in order, many at a time.

One pull request stands at the server at a time; it hands over messages at once, up to its batch, and stays until it is
used up or expires. The next one is sent only when what came has been taken, which is the back-pressure. Our own because
the client's ``fetch`` waits for a full batch until its timeout once the first message has come.
"""

import asyncio
import json
from collections import deque

from nats.aio.msg import Msg
from nats.aio.subscription import Subscription

from ingest.connections import JetStreamLink
from ingest.health import stopped_within
from schemas.errors import Unavailable

#: A request lasts this long, with a sign of life each HEARTBEAT; silence for three of them means it was lost.
EXPIRES_SECONDS, HEARTBEAT_SECONDS = 30.0, 1.0
SILENCE_SECONDS = 3 * HEARTBEAT_SECONDS
_NANO = 1_000_000_000


class ReaderGoneError(Unavailable):
    """The durable consumer was deleted: another process took it over, or the stream was made anew."""


class PullReader:
    """Takes messages of one durable consumer; make it with ``open``."""

    def __init__(self, link: JetStreamLink, stream: str, consumer: str, batch: int) -> None:
        self._link = link
        self._subject = f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{consumer}"
        self._consumer = consumer
        self._batch = batch
        self._inbox = link.nc.new_inbox()
        self._subscription: Subscription | None = None
        self._messages: deque[Msg] = deque()
        self._arrived = asyncio.Event()
        self._left = 0  # how many the standing request may still hand over
        self._request = 0
        self._gone: str | None = None
        self._reconnects = 0

    @classmethod
    async def open(cls, link: JetStreamLink, stream: str, consumer: str, *, batch: int) -> "PullReader":
        """Return a reader that takes up to ``batch`` messages at a time."""
        reader = cls(link, stream, consumer, batch)
        reader._subscription = await link.nc.subscribe(f"{reader._inbox}.*", cb=reader._on_message)
        return reader

    async def close(self) -> None:
        """Stop taking. What was taken and not acknowledged comes again, to whoever reads next."""
        if self._subscription is not None and not self._link.nc.is_closed:
            await self._subscription.unsubscribe()

    async def take(self, stop: asyncio.Event) -> list[Msg]:
        """Return the messages that are there, in order, waiting for the first; empty when ``stop`` came first.

        Raises ReaderGoneError when the consumer is no more.
        """
        quiet = asyncio.get_running_loop().time()
        while not self._messages:
            if stop.is_set():
                return []
            if self._gone is not None:
                raise ReaderGoneError(self._gone)
            now = asyncio.get_running_loop().time()
            if (
                self._reconnects != self._link.nc.stats["reconnects"]
            ):  # what stood at the server went with the connection
                self._left = 0
            if self._left <= 0 or now - quiet > SILENCE_SECONDS:
                if not await self._ask():
                    await stopped_within(stop, 0.05)
                    continue
                quiet = now
            if await self._something(stop):
                quiet = asyncio.get_running_loop().time()
        taken = list(self._messages)
        self._messages.clear()
        return taken

    async def _something(self, stop: asyncio.Event) -> bool:
        """Wait for a message or a status, at most a heartbeat and a half; return whether one came."""
        self._arrived.clear()
        if self._messages or self._gone is not None or self._left <= 0:
            return True
        waiters = {asyncio.ensure_future(self._arrived.wait()), asyncio.ensure_future(stop.wait())}
        _, pending = await asyncio.wait(waiters, timeout=1.5 * HEARTBEAT_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        for waiter in pending:
            waiter.cancel()
        return self._arrived.is_set()

    async def _ask(self) -> bool:
        """Send the next request; return False while JetStream is away."""
        if not self._link.nc.is_connected:
            return False
        self._request += 1
        self._left = self._batch
        self._reconnects = self._link.nc.stats["reconnects"]
        request = {
            "batch": self._batch,
            "expires": int(EXPIRES_SECONDS * _NANO),
            "idle_heartbeat": int(HEARTBEAT_SECONDS * _NANO),
        }
        await self._link.nc.publish(self._subject, json.dumps(request).encode(), f"{self._inbox}.{self._request}")
        return True

    async def _on_message(self, message: Msg) -> None:
        status = (message.headers or {}).get("Status") if message.headers else None
        if status is None or message.reply:
            self._messages.append(message)
            self._left -= 1
        elif status != "100" and message.subject == f"{self._inbox}.{self._request}":
            self._ended(status, (message.headers or {}).get("Description", ""))
        self._arrived.set()

    def _ended(self, status: str, description: str) -> None:
        """The standing request is over: expired (408), refused (409), or nobody is there to answer (503)."""
        self._left = 0
        if "Deleted" in description or (status == "404" and "No Messages" not in description):
            self._gone = (
                f"Reader {self._consumer} is gone ({description or status}): another one took over; this one stops."
            )
