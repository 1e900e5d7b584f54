"""Listening at a broker as the platform would, for tests of devices."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiomqtt

from device_sim.mqtt_address import MqttAddress
from schemas import frame, topics
from schemas.frame import Frame


@dataclass
class Heard:
    """What came in, in order."""

    messages: list[tuple[str, bytes, bool]] = field(default_factory=list)

    def of(self, device: str, leaf: str) -> list[bytes]:
        """Return the payloads of one leaf of one device."""
        return [payload for topic, payload, _ in self.messages if topic == topics.of(device, leaf)]

    def frames(self, device: str) -> list[Frame]:
        """Return a device's frames, decoded as the platform decodes them."""
        return [frame.decode(payload) for payload in self.of(device, topics.IMU)]


@asynccontextmanager
async def listening(mqtt: MqttAddress, filter_: str = topics.SUBSCRIPTION) -> AsyncIterator[Heard]:
    """Hear all that is published under ``filter_`` while the block runs, and until it has been quiet for a moment."""
    heard = Heard()
    async with aiomqtt.Client(mqtt.host, mqtt.port, username=mqtt.user, password=mqtt.password) as client:
        await client.subscribe(filter_, qos=1)

        async def listen() -> None:
            async for message in client.messages:
                assert isinstance(message.payload, bytes)
                heard.messages.append((str(message.topic), message.payload, bool(message.retain)))

        task = asyncio.create_task(listen())
        try:
            yield heard
            seen = -1
            while seen != len(heard.messages):
                seen = len(heard.messages)
                await asyncio.sleep(0.1)
        finally:
            task.cancel()
