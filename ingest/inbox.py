"""Messages between whoever reads MQTT and whoever stores them, bounded in number and bytes."""

import asyncio
import contextlib
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ingest.decoders.message import RawMessage

#: What may wait in memory. Brokers stop at their in-flight window (100 to a few thousand messages) long before; this
#: holds where one has no window, and for QoS 0, which has none.
INBOX_MESSAGES, INBOX_BYTES = 20_000, 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message with what is needed to acknowledge it. ``connection`` counts our connections to the broker."""

    message: RawMessage
    packet: int
    qos: int
    connection: int


class Inbox:
    """The messages; ``put`` may be called from another thread, all else in the event loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop, limit: int = INBOX_MESSAGES, limit_bytes: int = INBOX_BYTES):
        self._loop = loop
        self._limit, self._limit_bytes = limit, limit_bytes
        self._room = threading.Condition()
        self._deliveries: deque[Delivery] = deque()
        self._bytes = 0
        self._closed = False
        self._arrived = asyncio.Event()
        self._wanted, self._gathered = 0, asyncio.Event()
        self.dropped = 0  # QoS 0 messages that found no room: nobody was promised anything
        self.on_room: Callable[[], None] | None = None  # called by ``take`` when there is room again

    def put(self, delivery: Delivery) -> None:
        """Add a message, from another thread. Full: waits for room, which stops the broker, or drops it (QoS 0)."""
        with self._room:
            if self.full:
                if delivery.qos == 0:
                    self.dropped += 1
                    return
                self._room.wait_for(lambda: self._closed or not self.full)
            if self._closed:
                return
            self._deliveries.append(delivery)
            self._bytes += len(delivery.message.payload)
            wake = len(self._deliveries) == 1
        if wake:
            with contextlib.suppress(RuntimeError):  # the loop is closed: we are stopping, and this comes again
                self._loop.call_soon_threadsafe(self._arrived.set)

    def extend(self, deliveries: Sequence[Delivery]) -> None:
        """Add messages, in the event loop, without waiting: what came in one read is taken beyond the bounds.

        QoS 0 finds no room in a full inbox, and is dropped. Whoever reads asks ``full`` before reading on.
        """
        with self._room:
            for delivery in deliveries:
                if delivery.qos == 0 and self.full:
                    self.dropped += 1
                    continue
                self._deliveries.append(delivery)
                self._bytes += len(delivery.message.payload)
        self._arrived.set()
        if len(self._deliveries) >= self._wanted:
            self._gathered.set()

    def __len__(self) -> int:
        return len(self._deliveries)

    @property
    def full(self) -> bool:
        """Whether no more is to be read."""
        return len(self._deliveries) >= self._limit or self._bytes >= self._limit_bytes

    async def take(self, limit: int, limit_bytes: int, wait: float) -> list[Delivery]:
        """Return what is there, oldest first, waiting up to ``wait`` seconds for the first."""
        taken = self._take_now(limit, limit_bytes)
        if not taken and wait > 0:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._arrived.wait(), wait)
            taken = self._take_now(limit, limit_bytes)
        if self.on_room is not None and not self.full:
            self.on_room()
        return taken

    async def gather(self, wanted: int, seconds: float) -> None:
        """Wait until so many messages are there, ``seconds`` at most."""
        if seconds <= 0 or len(self._deliveries) >= wanted:
            return
        self._wanted = wanted
        self._gathered.clear()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._gathered.wait(), seconds)

    def _take_now(self, limit: int, limit_bytes: int) -> list[Delivery]:
        taken: list[Delivery] = []
        size = 0
        with self._room:
            while self._deliveries and len(taken) < limit and size < limit_bytes:
                delivery = self._deliveries.popleft()
                size += len(delivery.message.payload)
                taken.append(delivery)
            self._bytes -= size
            if not self._deliveries:
                self._arrived.clear()
            self._room.notify_all()
        return taken

    def wake(self) -> None:
        """Let whoever waits return; called in the event loop, when the gateway stops."""
        self._arrived.set()
        self._gathered.set()

    def close(self) -> None:
        """Let go whoever waits for room; from now on messages are left with the broker."""
        with self._room:
            self._closed = True
            self._room.notify_all()
