"""One MQTT connection for all devices of a run and the clock between their messages, with a window.

In order: everything goes through one connection, and a platform with a driven clock tells on ``sw/sim/reached`` how far
all is stored. No more than WINDOW messages go ahead of that, so what waits between here and the disk is bounded however
fast the play runs.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable
from types import TracebackType
from typing import Self

import msgspec

from device_sim.mqtt_address import MqttAddress
from device_sim.runner.publisher import Publisher
from schemas import topics
from schemas.errors import BadPayload, Unavailable
from schemas.messages import ClockMessage, parse

#: Messages that may be under way to the disk; a flush of the gateway takes 512.
WINDOW = 4000
#: So often others in this process get a turn.
TURN = 256
#: While nothing is told: ask again how far it is, seconds (what is told goes at QoS 0).
ASK_S = 2.0
#: A platform that stores nothing for so long is not waited for: it restarts a stage in seconds.
PATIENCE_S = 90.0

_encode = msgspec.json.Encoder().encode


class Line:
    """The connection. Use as an async context manager; raises Unavailable with a sentence when it cannot go on.

    ``driven``: whether the platform's clock is driven from here.
    """

    def __init__(self, address: MqttAddress, name: str, *, driven: bool, window: int = WINDOW) -> None:
        self._driven, self._window = driven, window
        self.messages = self.clock_messages = 0
        self.reached_us = 0
        self._now_us = 0
        self._sent = self._stored = 0
        self._marks: deque[tuple[int, int]] = deque()  # (clock, messages sent when it was said), not yet stored
        self._told = asyncio.Event()
        self._publisher = Publisher(address, name, topics.REACHED if driven else None, self._heard)

    async def __aenter__(self) -> Self:
        await self._publisher.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._publisher.close()

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
            await self._publisher.turn()
        if self._driven and self._sent - self._stored > self._window:
            await self._wait_until(lambda: self._sent - self._stored <= self._window // 2)

    def _publish(self, topic: str, payload: bytes, *, qos: int, retain: bool) -> None:
        self._sent += 1
        self._publisher.publish(topic, payload, qos=qos, retain=retain)

    async def _wait_until(self, done: Callable[[], bool]) -> None:
        await self._publisher.turn()
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

    def _heard(self, _topic: str, payload: bytes) -> None:
        with contextlib.suppress(BadPayload):
            self._reached(parse(payload, ClockMessage).at_us)
