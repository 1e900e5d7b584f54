"""MQTT in: a persistent session whose messages are acknowledged by us, in order, after they are stored.

One connection of the event loop, read and written by the bunch (docs/adr/0032): what one read brings goes into the
inbox at once, what one flush stored is acknowledged in one write, and so is what devices are told. An acknowledgement
belongs to the connection its message came on: after a reconnect the broker sends everything unacknowledged again and
may use the old packet ids for other messages, so old ones are forgotten, never sent.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterable, Sequence

from ingest.connections import MqttAddress
from ingest.decoders.message import RawMessage
from ingest.inbox import Delivery, Inbox
from schemas import mqtt, topics

#: Seconds; a broker that says nothing for this long is asked, and for as long again is taken for dead.
KEEPALIVE_SECONDS = 10
#: First and longest wait before connecting again, seconds.
RECONNECT_MIN, RECONNECT_MAX = 1, 5
#: What may wait to be written while the broker does not read: beyond, words to devices (QoS 0) are let go.
MOST_UNWRITTEN = 4 * 1024 * 1024
_SUBSCRIPTION_ID = 1


class MqttReader:
    """One persistent session at the broker. Made and used in the event loop.

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
        self._address, self._client_id, self._inbox = address, client_id, inbox
        self._clock, self._log, self._wanted = clock, log, tuple(wanted)
        self._connection = 0
        self._said: str | None = None
        self._session: _Session | None = None
        self._task: asyncio.Task[None] | None = None
        self.subscribed = asyncio.Event()
        self.refused: tuple[str, ...] = ()  # subscriptions that the broker's access list forbids
        inbox.on_room = self._read_on

    def start(self) -> None:
        """Connect, for ever again."""
        self._task = asyncio.get_running_loop().create_task(self._run(), name="mqtt")

    @property
    def alive(self) -> bool:
        """Whether it goes on reading; if not, nothing is heard any more and the stage must end."""
        return self._task is not None and not self._task.done()

    @property
    def connected(self) -> bool:
        """Whether the broker has let us in."""
        return self._session is not None and self._session.welcome

    async def stop(self) -> None:
        """Disconnect; the broker keeps the session and what is not acknowledged."""
        self._inbox.close()
        if self._session is not None:
            self._session.leave()
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    def acknowledge(self, deliveries: Iterable[Delivery]) -> None:
        """Tell the broker, in the order given, that these are stored; an earlier connection's are passed over."""
        now = self._connection
        done = [mqtt.puback(each.packet) for each in deliveries if each.qos > 0 and each.connection == now]
        if done and self._session is not None:
            self._session.write(b"".join(done))

    def tell(self, messages: Iterable[tuple[str, bytes]]) -> None:
        """Publish to devices, topic and payload, without waiting; what finds no connection is let go (QoS 0)."""
        if self._session is not None and self.connected and self._session.unwritten < MOST_UNWRITTEN:
            self._session.write(b"".join(mqtt.publish(topic, payload) for topic, payload in messages))

    async def _run(self) -> None:
        wait = float(RECONNECT_MIN)
        while True:
            session = _Session(self)
            if await self._connect(session):
                self._session = session
                await self._until_lost(session)
                self._session = None
                self._connection += 1
            wait = RECONNECT_MIN if session.welcome else min(2 * wait, RECONNECT_MAX)
            await asyncio.sleep(wait)

    async def _connect(self, session: "_Session") -> bool:
        loop, at = asyncio.get_running_loop(), self._address
        try:
            async with asyncio.timeout(2 * KEEPALIVE_SECONDS):
                await loop.create_connection(lambda: session, at.host, at.port)
        except OSError:  # a TimeoutError is one
            self._say(f"The MQTT broker at {at.host}:{at.port} cannot be reached; waiting for it.")
            return False
        session.write(mqtt.connect(self._client_id, at.user, at.password, KEEPALIVE_SECONDS, clean=False))
        return True

    async def _until_lost(self, session: "_Session") -> None:
        """Ask the broker now and then, and give it up when it says nothing; returns when the connection is lost."""
        while not session.lost.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(session.lost.wait(), KEEPALIVE_SECONDS / 2)
            session.ask()

    def _read_on(self) -> None:
        if self._session is not None:
            self._session.read_on()

    # What the session hears.

    def welcomed(self, code: int) -> bool:
        """Take the broker's answer to our name; whether it lets us in."""
        if code:
            self._say(f"The MQTT broker refuses us: {mqtt.REFUSALS.get(code, f'code {code}')}.")
            return False
        if self._said is not None:
            self._log.warning("The MQTT broker is back.")
            self._said = None
        return True

    @property
    def subscription(self) -> bytes:
        """What we ask for. Each time, also when the broker says it has our session: one that lost its disk has not."""
        return mqtt.subscribe(self._wanted, _SUBSCRIPTION_ID, 1)

    def granted(self, codes: bytes) -> None:
        """Take which subscriptions the broker grants, in our order."""
        # One that is refused must not cost the others: wearables are watched while a bridge's topics are forbidden.
        refused = [topic for topic, code in zip(self._wanted, codes, strict=True) if code >= mqtt.REFUSED]
        if refused:
            self._say(f"The MQTT broker refuses us {', '.join(refused)}: see its access list.")
        self.refused = tuple(refused)
        if self._wanted[0] not in refused:  # the first is what the house cannot do without
            self.subscribed.set()

    def heard(self, published: list[tuple[str, bytes, int, int]]) -> bool:
        """Take what one read brought: topic, payload, packet id, flags. Whether there is room for more."""
        now_us, connection = self._clock(), self._connection
        self._inbox.extend(
            [
                Delivery(
                    RawMessage(topic, payload, bool(flags & mqtt.RETAIN), now_us), packet, flags >> 1 & 3, connection
                )
                for topic, payload, packet, flags in published
                if flags & mqtt.QOS1 or not (is_ack(topic) or topic == topics.REACHED)  # our own word, brought back
            ]
        )
        return not self._inbox.full

    def _say(self, sentence: str) -> None:
        if sentence != self._said:
            self._log.warning("%s", sentence)
            self._said = sentence


class _Session(asyncio.Protocol):
    """One connection: packets out of bytes. Nothing that a broker sends raises; what is no MQTT ends the connection."""

    def __init__(self, reader: MqttReader) -> None:
        self._reader = reader
        self._transport: asyncio.Transport | None = None
        self._rest = b""
        self._heard_at = asyncio.get_running_loop().time()
        self._paused = False
        self.welcome = False
        self.lost = asyncio.Event()

    @property
    def unwritten(self) -> int:
        """Bytes that the broker has not taken yet."""
        return 0 if self._transport is None else self._transport.get_write_buffer_size()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101  # a stream's
        self._transport = transport

    def connection_lost(self, _error: Exception | None) -> None:
        self._transport = None
        self.lost.set()

    def write(self, data: bytes) -> None:
        """Write soon; without a connection it is let go."""
        if self._transport is not None:
            self._transport.write(data)

    def leave(self) -> None:
        """Say goodbye, so that the broker does not take us for dead."""
        self.write(mqtt.DISCONNECT)
        if self._transport is not None:
            self._transport.close()

    def ask(self) -> None:
        """Ask whether the broker is there; give it up if it was silent for long, unless we are who does not read."""
        silent = asyncio.get_running_loop().time() - self._heard_at
        if self._transport is not None and not self._paused and silent > 2 * KEEPALIVE_SECONDS:
            self._transport.abort()
        elif self.welcome:
            self.write(mqtt.PING)

    def read_on(self) -> None:
        """Read again: there is room."""
        if self._paused and self._transport is not None:
            self._paused = False
            self._heard_at = asyncio.get_running_loop().time()
            self._transport.resume_reading()

    def data_received(self, data: bytes) -> None:
        self._heard_at = asyncio.get_running_loop().time()
        try:
            self._rest = self._take(self._rest + data if self._rest else data)
        except (ValueError, IndexError):
            self._reader._log.warning("The MQTT broker says what is no MQTT; connecting again.")
            if self._transport is not None:
                self._transport.abort()

    def _take(self, data: bytes) -> bytes:
        """Take whole packets; return what is left of the last. Raises ValueError, IndexError."""
        at, published = 0, list[tuple[str, bytes, int, int]]()
        while at < len(data) and (found := mqtt.body_at(data, at)) is not None:
            begin, end = found
            first = data[at]
            if first >> 4 == mqtt.PUBLISH:
                middle = begin + 2 + (data[begin] << 8 | data[begin + 1])
                topic = data[begin + 2 : middle].decode("utf-8", errors="backslashreplace")
                packet = 0
                if first & mqtt.QOS1:
                    packet = data[middle] << 8 | data[middle + 1]
                    middle += 2
                if middle > end:
                    raise ValueError("A message's topic is longer than its packet.")
                published.append((topic, data[middle:end], packet, first))
            else:
                self._other(first >> 4, data[begin:end])
            at = end
        if published and not self._reader.heard(published) and self._transport is not None:
            self._paused = True
            self._transport.pause_reading()
        return data[at:]

    def _other(self, kind: int, body: bytes) -> None:
        if kind == mqtt.CONNACK:
            self.welcome = self._reader.welcomed(body[1])
            if self.welcome:
                self.write(self._reader.subscription)
            elif self._transport is not None:
                self._transport.close()
        elif kind == mqtt.SUBACK:
            self._reader.granted(body[2:])


def is_ack(topic: str) -> bool:
    """Whether a topic is our own word to a device."""
    return topic.startswith(topics.OURS) and topic.endswith(f"/{topics.ACK}")
