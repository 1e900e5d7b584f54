"""MQTT in: a persistent session whose messages are acknowledged by us, in order, after they are stored.

paho runs in its own thread and hands messages to an inbox; the gateway takes them from there and acknowledges later.
An acknowledgement belongs to the connection its message came on: after a reconnect the broker sends everything
unacknowledged again and may use the old packet ids for other messages, so old ones are forgotten, never sent.
"""

import asyncio
import contextlib
import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from ingest.connections import MqttAddress
from ingest.decoders.message import RawMessage
from schemas import topics

#: Seconds; a broker that says nothing for this long is asked, and for as long again is taken for dead.
KEEPALIVE_SECONDS = 10
#: First and longest wait before connecting again, seconds (paho counts in whole ones).
RECONNECT_MIN, RECONNECT_MAX = 1, 5
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
    """Messages between paho's thread and the event loop, bounded in number and bytes."""

    def __init__(self, loop: asyncio.AbstractEventLoop, limit: int = INBOX_MESSAGES, limit_bytes: int = INBOX_BYTES):
        self._loop = loop
        self._limit, self._limit_bytes = limit, limit_bytes
        self._room = threading.Condition()
        self._deliveries: deque[Delivery] = deque()
        self._bytes = 0
        self._closed = False
        self._arrived = asyncio.Event()
        self.dropped = 0  # QoS 0 messages that found no room: nobody was promised anything

    def put(self, delivery: Delivery) -> None:
        """Add a message, from paho's thread. Full: waits for room, which stops the broker; QoS 0 is dropped instead."""
        with self._room:
            if self._full():
                if delivery.qos == 0:
                    self.dropped += 1
                    return
                self._room.wait_for(lambda: self._closed or not self._full())
            if self._closed:
                return
            self._deliveries.append(delivery)
            self._bytes += len(delivery.message.payload)
            wake = len(self._deliveries) == 1
        if wake:
            with contextlib.suppress(RuntimeError):  # the loop is closed: we are stopping, and this comes again
                self._loop.call_soon_threadsafe(self._arrived.set)

    def __len__(self) -> int:
        return len(self._deliveries)

    def _full(self) -> bool:
        return len(self._deliveries) >= self._limit or self._bytes >= self._limit_bytes

    async def take(self, limit: int, limit_bytes: int, wait: float) -> list[Delivery]:
        """Return what is there, oldest first, waiting up to ``wait`` seconds for the first."""
        taken = self._take_now(limit, limit_bytes)
        if not taken and wait > 0:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._arrived.wait(), wait)
            taken = self._take_now(limit, limit_bytes)
        return taken

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
        """Let a waiting ``take`` return; called in the event loop, when the gateway stops."""
        self._arrived.set()

    def close(self) -> None:
        """Let go whoever waits for room; from now on messages are left with the broker."""
        with self._room:
            self._closed = True
            self._room.notify_all()


class MqttReader:
    """One persistent session at the broker, read by a thread. Made in the event loop.

    ``subscribed`` is set once the broker holds messages for us: what is published before then is not ours to lose.
    """

    def __init__(
        self,
        address: MqttAddress,
        client_id: str,
        inbox: Inbox,
        clock: Callable[[], int],
        log: logging.Logger,
        wanted: Sequence[str] = (topics.SUBSCRIPTION,),
    ) -> None:
        self._address, self._inbox, self._clock, self._log = address, inbox, clock, log
        self._wanted = [(topic, 1) for topic in wanted]
        self._connection = 0
        self._said: str | None = None
        self.connected = False
        self.subscribed = asyncio.Event()
        self.refused: tuple[str, ...] = ()  # subscriptions that the broker's access list forbids
        self._loop = asyncio.get_running_loop()
        self._thread: threading.Thread | None = None
        self._client = client = mqtt.Client(
            CallbackAPIVersion.VERSION2,
            client_id=client_id,
            clean_session=False,
            protocol=mqtt.MQTTv311,
            manual_ack=True,
        )
        if address.user is not None:
            client.username_pw_set(address.user, address.password)
        client.reconnect_delay_set(RECONNECT_MIN, RECONNECT_MAX)
        client.on_connect = self._on_connect
        client.on_connect_fail = self._on_connect_fail
        client.on_subscribe = self._on_subscribe
        client.on_disconnect = self._on_disconnect
        client.on_message = self._on_message
        # paho would write from whichever thread calls it, and two could mix their packets on a full socket; with this
        # set, it leaves all writing to its own thread.
        client.on_socket_register_write = _left_to_the_thread

    def start(self) -> None:
        """Connect, for ever again, in a thread of its own."""
        # One turn before there is a connection only makes the socket pair by which an acknowledgement from our thread
        # wakes paho's; loop_forever makes none. Without it acknowledgements waited for the next message or a second,
        # and no more than the broker's in-flight window (100 with rumqttd) came in one.
        self._client.loop(timeout=0)
        self._client.connect_async(self._address.host, self._address.port, KEEPALIVE_SECONDS)
        self._thread = threading.Thread(target=self._run, name="mqtt", daemon=True)
        self._thread.start()

    @property
    def alive(self) -> bool:
        """Whether the thread that reads still runs; if not, nothing is heard any more and the stage must end."""
        return self._thread is not None and self._thread.is_alive()

    def stop(self) -> None:
        """Disconnect; the broker keeps the session and what is not acknowledged. Blocks for a moment."""
        self._inbox.close()
        self._client.disconnect()
        if self._thread is not None:
            self._thread.join(timeout=5)

    def acknowledge(self, deliveries: Iterable[Delivery]) -> None:
        """Tell the broker, in the order given, that these are stored; an earlier connection's are passed over."""
        for delivery in deliveries:
            if delivery.qos > 0 and delivery.connection == self._connection:
                self._client.ack(delivery.packet, delivery.qos)

    def tell(self, messages: Iterable[tuple[str, bytes]]) -> None:
        """Publish to devices, topic and payload, without waiting; what finds no connection is let go (QoS 0)."""
        for topic, payload in messages:
            self._client.publish(topic, payload, qos=0)

    def _run(self) -> None:
        try:
            self._client.loop_forever(retry_first_connection=True)
        except Exception:
            self._log.exception("The MQTT reader ended.")

    def _on_connect(self, client: mqtt.Client, _user: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        if reason.is_failure:
            self._say(f"The MQTT broker refuses us: {reason}.")
            return
        self.connected = True
        if self._said is not None:
            self._log.warning("The MQTT broker is back.")
            self._said = None
        # Each time, also when the broker says it still has our session: a broker that lost its disk does not.
        client.subscribe(self._wanted)

    def _on_subscribe(self, _client: mqtt.Client, _user: Any, _mid: int, reasons: Any, _properties: Any) -> None:
        # One that is refused must not cost the others: wearables are watched while a bridge's topics are forbidden.
        refused = [topic for (topic, _), reason in zip(self._wanted, reasons, strict=True) if reason.is_failure]
        if refused:
            self._say(f"The MQTT broker refuses us {', '.join(refused)}: see its access list.")
        self.refused = tuple(refused)
        if self._wanted[0][0] in refused:
            return  # the first is what the house cannot do without
        with contextlib.suppress(RuntimeError):  # the loop is closed: we are stopping
            self._loop.call_soon_threadsafe(self.subscribed.set)

    def _on_connect_fail(self, _client: mqtt.Client, _user: Any) -> None:
        self._say(f"The MQTT broker at {self._address.host}:{self._address.port} cannot be reached; waiting for it.")

    def _on_disconnect(self, _client: mqtt.Client, _user: Any, _flags: Any, _reason: Any, _properties: Any) -> None:
        self.connected = False
        self._connection += 1

    def _say(self, sentence: str) -> None:
        if sentence != self._said:
            self._log.warning("%s", sentence)
            self._said = sentence

    def _on_message(self, _client: mqtt.Client, _user: Any, message: mqtt.MQTTMessage) -> None:
        # An exception here would end the thread; nothing below can raise on what a sender wrote.
        topic = bytes(message._topic).decode("utf-8", errors="backslashreplace")
        if message.qos == 0 and (is_ack(topic) or topic == topics.REACHED):
            return  # our own word to a device or a player: the subscription brings it back to us
        raw = RawMessage(topic, bytes(message.payload), bool(message.retain), self._clock())
        self._inbox.put(Delivery(raw, message.mid, message.qos, self._connection))


def is_ack(topic: str) -> bool:
    """Whether a topic is our own word to a device."""
    return topic.startswith(topics.OURS) and topic.endswith(f"/{topics.ACK}")


def _left_to_the_thread(_client: mqtt.Client, _user: Any, _socket: Any) -> None:
    """Do nothing: paho's thread was woken already and writes what waits."""
