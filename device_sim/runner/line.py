"""One MQTT connection for all devices of a run and the clock between their messages, with a window.

In order: everything goes through one connection, and a platform with a driven clock tells on ``sw/sim/reached`` how far
all is stored. No more than WINDOW messages go ahead of that, so what waits between here and the disk is bounded however
fast the play runs. paho keeps what the broker has not acknowledged and sends it again, in order, when a cut connection
is back.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

import msgspec
import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode

from device_sim.mqtt_address import MqttAddress
from schemas import topics
from schemas.errors import BadPayload, Unavailable
from schemas.messages import ClockMessage, parse

#: Messages that may be under way to the disk; a flush of the gateway takes 512.
WINDOW = 4000
#: So often others in this process get a turn.
TURN = 256
#: A broker that does not answer in this time is not there.
CONNECT_S = 10.0
#: While nothing is told: ask again how far it is, seconds (what is told goes at QoS 0).
ASK_S = 2.0
#: A platform that stores nothing for so long is not waited for: it restarts a stage in seconds.
PATIENCE_S = 90.0
KEEPALIVE_S = 60

_encode = msgspec.json.Encoder().encode


class Line:
    """The connection. Use as an async context manager; raises Unavailable with a sentence when it cannot go on.

    ``driven``: whether the platform's clock is driven from here.
    """

    def __init__(self, address: MqttAddress, name: str, *, driven: bool, window: int = WINDOW) -> None:
        self._address, self._driven, self._window = address, driven, window
        self.messages = self.clock_messages = 0
        self.reached_us = 0
        self._now_us = 0
        self._sent = self._stored = 0
        self._marks: deque[tuple[int, int]] = deque()  # (clock, messages sent when it was said), not yet stored
        self._told, self._connected = asyncio.Event(), asyncio.Event()
        self._refused: str | None = None
        self._client = client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=name, protocol=mqtt.MQTTv311)
        client.username_pw_set(address.user or None, address.password or None)
        client.max_inflight_messages_set(2 * window)  # beyond it paho would let QoS 0 overtake QoS 1
        client.on_connect, client.on_message = self._on_connect, self._on_message

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        where = f"The broker at {self._address.host}:{self._address.port} cannot be used"
        try:
            await asyncio.to_thread(self._client.connect, self._address.host, self._address.port, KEEPALIVE_S)
        except OSError as error:
            raise Unavailable(f"{where} ({error}).") from None
        self._client.loop_start()
        try:
            async with asyncio.timeout(CONNECT_S):
                await self._connected.wait()
        except TimeoutError:
            self._refused = "no answer"
        if self._refused is not None:
            await self._close()
            raise Unavailable(f"{where} ({self._refused}).")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._close()

    async def clock(self, at_us: int, *, tick: bool) -> None:
        """Say what time it is, if the platform wants to hear it; waits while the window is full."""
        self._now_us = at_us
        if not self._driven:
            return
        self.clock_messages += 1
        self._publish(topics.CLOCK, _encode(ClockMessage(at_us, tick)), qos=1, retain=False)
        self._marks.append((at_us, self._sent))
        await self._take_turns()

    async def send(self, topic: str, payload: bytes, *, qos: int, retain: bool) -> None:
        """Send a device's message."""
        self.messages += 1
        self._publish(topic, payload, qos=qos, retain=retain)
        await self._take_turns()

    async def settled(self) -> None:
        """Wait until a platform with a driven clock has stored all that was sent.

        The clock goes on by a microsecond, so that the answer cannot be that to an earlier message.
        """
        if self._driven:
            await self.clock(self._now_us + 1, tick=False)
            await self._wait_until(lambda: not self._marks)

    async def _take_turns(self) -> None:
        if self._sent % TURN == 0:
            await asyncio.sleep(0)
        if self._driven and self._sent - self._stored > self._window:
            await self._wait_until(lambda: self._sent - self._stored <= self._window // 2)

    def _publish(self, topic: str, payload: bytes, *, qos: int, retain: bool) -> None:
        self._sent += 1
        info = self._client.publish(topic, payload, qos=qos, retain=retain)
        if info.rc not in (MQTTErrorCode.MQTT_ERR_SUCCESS, MQTTErrorCode.MQTT_ERR_NO_CONN):
            raise Unavailable(f"The broker does not take a message on {topic} ({mqtt.error_string(info.rc)}).")

    async def _wait_until(self, done: Callable[[], bool]) -> None:
        silent_s = 0.0
        while not done():
            self._told.clear()
            try:
                async with asyncio.timeout(ASK_S):
                    await self._told.wait()
                silent_s = 0.0
            except TimeoutError:
                silent_s += ASK_S
                if silent_s >= PATIENCE_S:
                    raise Unavailable(
                        f"The platform has stored nothing for {PATIENCE_S:g} s; is its gateway up,"
                        " and its home made with --simulated?"
                    ) from None
                self._ask()

    def _ask(self) -> None:
        """Say the time once more: the platform answers with how far it is, and nothing else comes of it."""
        if self._now_us:
            self._publish(topics.CLOCK, _encode(ClockMessage(self._now_us)), qos=1, retain=False)

    def _reached(self, at_us: int) -> None:
        self.reached_us = max(self.reached_us, at_us)
        while self._marks and self._marks[0][0] <= at_us:
            self._stored = self._marks.popleft()[1]
        self._told.set()

    def _on_connect(self, client: mqtt.Client, _user: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        if reason.is_failure:
            self._refused = str(reason)
        elif self._driven:
            client.subscribe(topics.REACHED, 0)
        with contextlib.suppress(RuntimeError):  # the loop is closed: we are stopping
            self._loop.call_soon_threadsafe(self._connected.set)

    def _on_message(self, _client: mqtt.Client, _user: Any, message: mqtt.MQTTMessage) -> None:
        if message.retain:
            return
        with contextlib.suppress(BadPayload, RuntimeError):
            self._loop.call_soon_threadsafe(self._reached, parse(bytes(message.payload), ClockMessage).at_us)

    async def _close(self) -> None:
        self._client.disconnect()
        await asyncio.to_thread(self._client.loop_stop)
