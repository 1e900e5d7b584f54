"""MQTT 3.1.1 for somebody who publishes a lot: packets go out, and acknowledgements come in, by the bunch.

paho makes six and more system calls for each message of QoS 1 (it reads an acknowledgement byte by byte), and a month
of twenty homes has 800,000 messages (docs/adr/0012-publishing-by-the-bunch.md has the figures). Only what a run needs
is here: one connection, publishing at QoS 0 and 1, one subscription. What the broker has not acknowledged is sent
again, in order, when a cut connection is back.
"""

import asyncio
import contextlib
from collections.abc import Callable
from itertools import cycle

from device_sim.mqtt_address import MqttAddress
from schemas import mqtt
from schemas.errors import Unavailable

#: A broker that does not answer in this time is not there.
CONNECT_S = 10.0
#: One that was there is waited for: it restarts in seconds.
BACK_S, RETRY_S = 60.0, 0.5
KEEPALIVE_S = 60
_READ = 64 * 1024
_LOOK_S = 0.01
#: Messages that the broker may owe an acknowledgement; the numbers of packets begin anew at twice as many.
_MOST_WAITING = 30_000
#: At the end, the last acknowledgements are waited for so long.
_LAST_S = 5.0


class Publisher:
    """The connection. ``heard`` is called with topic and payload of what was subscribed to."""

    def __init__(
        self, address: MqttAddress, name: str, subscribed: str | None, heard: Callable[[str, bytes], None]
    ) -> None:
        self._address, self._name, self._subscribed, self._heard = address, name, subscribed, heard
        self._waiting: dict[int, bytes] = {}  # not acknowledged, oldest first
        self._numbers = cycle(range(1, 65_536))
        self._out = bytearray()
        self._writer: asyncio.StreamWriter | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._failed: Unavailable | None = None
        self._connected = asyncio.Event()

    async def open(self) -> None:
        """Connect. Raises Unavailable with a sentence."""
        reader = await self._connect()
        self._tasks = [asyncio.create_task(self._run(reader)), asyncio.create_task(self._ping())]

    async def close(self) -> None:
        """Send what is left, wait for its acknowledgement, and disconnect."""
        self._flush()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_LAST_S):
                while self._waiting and self._connected.is_set() and self._failed is None:  # noqa: ASYNC110
                    await asyncio.sleep(_LOOK_S)
        for task in self._tasks:
            task.cancel()
        if self._writer is not None:
            with contextlib.suppress(OSError):
                self._out += mqtt.DISCONNECT
                self._flush()
                self._writer.close()
                await self._writer.wait_closed()

    @property
    def unacknowledged(self) -> int:
        """How many messages the broker has not acknowledged."""
        return len(self._waiting)

    def publish(self, topic: str, payload: bytes, *, qos: int, retain: bool) -> None:
        """Send a message soon; without a connection one of QoS 0 is let go.

        Raises Unavailable when the connection is lost for good.
        """
        if self._failed is not None:
            raise self._failed
        number = next(self._numbers) if qos else None
        packet = mqtt.publish(topic, payload, number, retain=retain)
        if number is not None:
            self._waiting[number] = packet
        if self._writer is None:
            return
        if not self._out:
            asyncio.get_running_loop().call_soon(self._flush)
        self._out += packet

    async def turn(self) -> None:
        """Let what waits go out, and the broker keep up. Raises Unavailable when the connection is lost for good."""
        await asyncio.sleep(0)
        while len(self._waiting) > _MOST_WAITING and self._failed is None:  # noqa: ASYNC110
            await asyncio.sleep(_LOOK_S)
        await self._connected.wait()
        if self._failed is not None:
            raise self._failed
        if self._writer is not None:
            with contextlib.suppress(OSError):  # the reader sees it too, and connects again
                await self._writer.drain()

    def _flush(self) -> None:
        if self._out and self._writer is not None:
            self._writer.write(bytes(self._out))
            self._out.clear()

    async def _connect(self) -> asyncio.StreamReader:
        at = self._address
        where = f"The broker at {at.host}:{at.port} cannot be used"
        try:
            async with asyncio.timeout(CONNECT_S):
                reader, writer = await asyncio.open_connection(at.host, at.port)
                writer.write(mqtt.connect(self._name, at.user, at.password, KEEPALIVE_S, clean=True))
                answer = await reader.readexactly(4)
        except TimeoutError:
            raise Unavailable(f"{where} (no answer).") from None
        except (OSError, asyncio.IncompleteReadError) as error:
            raise Unavailable(f"{where} ({error}).") from None
        if answer[0] >> 4 != mqtt.CONNACK or answer[3]:
            writer.close()
            raise Unavailable(f"{where} ({mqtt.REFUSALS.get(answer[3], f'refused with code {answer[3]}')}).")
        if self._subscribed is not None:
            writer.write(mqtt.subscribe([self._subscribed], mqtt.MOST_IDS, 0))
        for packet in self._waiting.values():
            writer.write(bytes((packet[0] | mqtt.DUP,)) + packet[1:])
        self._out.clear()
        self._writer = writer
        self._connected.set()
        return reader

    async def _run(self, reader: asyncio.StreamReader) -> None:
        while True:
            with contextlib.suppress(OSError):
                await self._read(reader)
            self._writer = None
            self._connected.clear()
            try:
                reader = await self._again()
            except Unavailable as error:
                self._failed = error
                self._connected.set()
                return

    async def _again(self) -> asyncio.StreamReader:
        loop = asyncio.get_running_loop()
        until = loop.time() + BACK_S
        while True:
            try:
                return await self._connect()
            except Unavailable:
                if loop.time() > until:
                    raise
                await asyncio.sleep(RETRY_S)

    async def _read(self, reader: asyncio.StreamReader) -> None:
        """Take what the broker says until it hangs up."""
        kept = b""
        while data := await reader.read(_READ):
            kept = self._take(kept + data)

    def _take(self, data: bytes) -> bytes:
        """Take whole packets; return what is left of the last."""
        at = 0
        while (found := mqtt.body_at(data, at)) is not None:
            begin, end = found
            kind = data[at] >> 4
            if kind == mqtt.PUBACK:
                self._waiting.pop(int.from_bytes(data[begin : begin + 2], "big"), None)
            elif kind == mqtt.PUBLISH and not data[at] & mqtt.RETAIN:
                middle = begin + 2 + int.from_bytes(data[begin : begin + 2], "big")
                self._heard(data[begin + 2 : middle].decode(), data[middle:end])
            at = end
        return data[at:]

    async def _ping(self) -> None:
        while True:
            await asyncio.sleep(KEEPALIVE_S / 3)
            if self._writer is not None:
                with contextlib.suppress(OSError):
                    self._writer.write(mqtt.PING)
