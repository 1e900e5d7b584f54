"""The client of the HTTP API, and the demo that sets itself up by it."""

import asyncio

import httpx
import numpy as np
import pytest

from device_sim import demo
from device_sim import platform as client
from device_sim.mqtt_address import MqttAddress
from device_sim.platform import Platform, Refused, from_iso, iso
from schemas import topics
from schemas.errors import Unavailable
from schemas.frame import FrameFlag
from tests.conftest import PlatformServers
from tests.device_sim.fake_platform import FakePlatform
from tests.device_sim.wire import listening


async def test_setting_up_twice_makes_everything_once() -> None:
    fake = FakePlatform()
    for _ in range(2):
        async with Platform("http://x/", "admin", "correct", fake) as platform:
            home = await platform.place("Home", "home")
            room = await platform.place("1", "room", home)
            resident = await platform.resident("王秀英", room, birth_year=1938)
            await platform.wear("watch-1", resident, room, "wrist", 1)
    assert (len(fake.places), len(fake.residents), len(fake.devices)) == (2, 1, 1)
    assert fake.calls.count("POST /devices/watch-1/binding") == 1


async def test_a_device_worn_by_another_is_bound_anew() -> None:
    fake = FakePlatform()
    async with Platform("http://x", "admin", "correct", fake) as platform:
        for resident in ("one", "two"):
            await platform.wear("watch-1", resident, "room", "wrist", 1)
    assert fake.devices[0]["binding"]["resident"] == "two"
    assert len(fake.devices) == 1


async def test_a_platform_that_is_down_is_a_sentence() -> None:
    async with Platform("http://x", "admin", "correct", FakePlatform(down=True)) as platform:
        with pytest.raises(Unavailable, match="does not answer"):
            await platform.alerts(since_us=0)


async def test_a_refusal_carries_the_platforms_own_sentence() -> None:
    async with Platform("http://x", "admin", "wrong", FakePlatform()) as platform:
        with pytest.raises(Refused, match="password is wrong") as refused:
            await platform.alerts(since_us=0)
    assert refused.value.status == 401


async def test_a_server_error_is_unavailability_whatever_its_body() -> None:
    def broken(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(502, text="<html>")

    async with Platform("http://x", "admin", "x", httpx.MockTransport(broken)) as platform:
        with pytest.raises(Unavailable, match="502"):
            await platform.alerts(since_us=0)


@pytest.mark.parametrize("us", [0, 1, 999_999, 1_795_453_337_740_103])
def test_times_survive_the_way_to_the_api_and_back(us: int) -> None:
    assert from_iso(iso(us)) == us
    assert iso(us).endswith("Z")


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("mqtt://u:p%40ss@broker:1884", MqttAddress("broker", 1884, "u", "p@ss")),
        ("mqtt://broker", MqttAddress("broker", 1883, "", "")),
    ],
)
def test_a_broker_is_written_as_a_url(url: str, address: MqttAddress) -> None:
    assert MqttAddress.parse(url) == address


@pytest.mark.parametrize("url", ["broker:1883", "http://broker", "mqtt://"])
def test_another_url_is_no_broker(url: str) -> None:
    with pytest.raises(ValueError, match="mqtt://user:password@host:port"):
        MqttAddress.parse(url)


@pytest.mark.servers
async def test_the_demo_sets_up_waits_for_the_platform_and_ends_when_told(
    platform_servers: PlatformServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = platform_servers.mqtt
    mqtt = MqttAddress(address.host, address.port, address.user, address.password)
    fake, stop, said = FakePlatform(down=True), asyncio.Event(), list[str]()
    monkeypatch.setattr(demo, "SETUP_RETRY_S", 0.1)
    monkeypatch.setattr(demo, "BINDING_SETTLE_S", 0.0)

    def through_fake(url: str, user: str, password: str) -> Platform:
        return client.Platform(url, user, password, fake)

    monkeypatch.setattr(demo, "Platform", through_fake)
    async with listening(mqtt) as heard:
        task = asyncio.create_task(demo.run("http://x", "admin", "correct", mqtt, stop, 1, say=said.append))
        await asyncio.sleep(0.3)
        fake.down = False
        devices: set[str] = set()
        async with asyncio.timeout(20):
            while len(devices) < 12:
                await asyncio.sleep(0.2)
                devices = {topic.split("/")[2] for topic, _, _ in heard.messages if topic.endswith(topics.IMU)}
        stop.set()
        await asyncio.wait_for(task, 5)

    assert said[0].endswith("Trying again.")
    assert len(fake.residents) == len(fake.devices) == 12
    assert {place["kind"] for place in fake.places} == {"institution", "floor", "room"}
    assert all(device["binding"]["resident"] for device in fake.devices)
    frames = [heard.frames(device)[0] for device in sorted(devices)]
    assert sum(bool(frame.flags & FrameFlag.CLOCK_SYNCED) for frame in frames) == 8
    assert len({frame.boot for frame in frames}) == 12
    for frame in frames:
        assert np.median(np.linalg.norm(frame.samples * frame.accel_scale, axis=1)) == pytest.approx(1.0, abs=0.1)
    assert b'"online":false' in heard.of(sorted(devices)[0], topics.STATUS)[-1]
