"""A stand-in for a platform with a driven clock: its API as a transport, and its gateway at a real broker."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiomqtt
import httpx

from device_sim.mqtt_address import MqttAddress
from device_sim.platform import Json, iso
from schemas import topics
from tests.device_sim.fake_platform import FakePlatform
from tests.device_sim.runner.making import START, alert


@dataclass
class FakeHome(FakePlatform):
    """The calls that a run makes. ``changes`` is what was set of residents, ``now_us`` the platform's clock."""

    changes: list[tuple[str, Json]] = field(default_factory=list)
    resolved: list[str] = field(default_factory=list)
    now_us: int = START
    lag: int = 0

    def _answer(self, method: str, path: str, body: Json) -> httpx.Response:
        parts = path.split("/")[1:]
        if path == "/overview":
            stages = [{"name": "watcher", "ok": True, "lag": self.lag, "note": ""}]
            return httpx.Response(200, json={"platform_time": iso(self.now_us), "simulated": True, "stages": stages})
        if parts[0] == "alerts" and len(parts) > 1:
            found = next(each for each in self.alerts if each["id"] == parts[1])
            if parts[-1] == "resolve":
                self.resolved.append(parts[1])
                found["state"] = "resolved"
            return httpx.Response(200, json=found)
        if method in ("PATCH", "PUT"):
            self.changes.append((parts[1], body))
            return httpx.Response(200, json={})
        if method == "DELETE":
            next(one for one in self.devices if one["id"] == parts[1])["binding"] = None
            return httpx.Response(200, json={})
        return super()._answer(method, path, body)


@dataclass
class StandIn:
    """What the gateway heard, in order: (topic, payload), with what the clock said before each."""

    home: FakeHome
    heard: list[tuple[str, bytes]] = field(default_factory=list)
    times_us: list[int] = field(default_factory=list)
    clocks: list[Json] = field(default_factory=list)
    told: int = 0
    mute: bool = False
    on_message: Callable[[str, bytes], None] = lambda _topic, _payload: None

    client: aiomqtt.Client | None = None

    async def tell(self, at_us: int) -> None:
        """Tell that all is stored up to this time."""
        assert self.client is not None
        await self.client.publish(topics.REACHED, json.dumps({"at_us": at_us}))

    def end_call(self, topic: str) -> None:
        """Let the call for help at the end of a run become an alert."""
        device = next(each for each in self.home.devices if each["id"] == topic.split("/")[2])
        sos = alert("sos", at_us=self.home.now_us, resident=device["binding"]["resident"], unit="x", name="end")
        self.home.alerts.append(sos)


@asynccontextmanager
async def gateway(mqtt: MqttAddress, home: FakeHome) -> AsyncIterator[StandIn]:
    """Stand in for the gateway while the block runs: follow the clock, and tell how far all is kept."""
    stand_in = StandIn(home)
    async with aiomqtt.Client(mqtt.host, mqtt.port, username=mqtt.user, password=mqtt.password) as client:
        client.pending_calls_threshold = 100_000
        stand_in.client = client
        await client.subscribe("#", qos=1)

        async def listen() -> None:
            async for message in client.messages:
                topic = str(message.topic)
                payload: Any = message.payload
                if topic == topics.REACHED or message.retain:
                    continue
                if topic != topics.CLOCK:
                    stand_in.heard.append((topic, payload))
                    stand_in.times_us.append(home.now_us)
                    stand_in.on_message(topic, payload)
                    if topic.startswith("sw/v1/sim-end"):
                        stand_in.end_call(topic)
                    continue
                clock = json.loads(payload)
                stand_in.clocks.append(clock)
                home.now_us = max(home.now_us, clock["at_us"])
                if not stand_in.mute:
                    stand_in.told += 1
                    await stand_in.tell(home.now_us)

        task = asyncio.create_task(listen())
        try:
            yield stand_in
        finally:
            task.cancel()
