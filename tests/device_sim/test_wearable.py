"""A simulated wearable at a real broker, and at one that goes away."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import msgspec
import numpy as np
import pytest

from device_sim import load
from device_sim.clock import wall_clock
from device_sim.frames import Block, Sensor
from device_sim.mqtt_address import MqttAddress
from device_sim.wearable import Vitals, Wearable, probe
from schemas import topics
from schemas.errors import Unavailable
from schemas.frame import FrameFlag
from schemas.messages import StateMessage, StatusMessage
from tests.conftest import PlatformServers
from tests.device_sim.wire import listening

pytestmark = pytest.mark.servers

#: The packet type of MQTT in the upper half of the first byte.
PUBACK = 4


@pytest.fixture
def mqtt(platform_servers: PlatformServers) -> MqttAddress:
    address = platform_servers.mqtt
    return MqttAddress(address.host, address.port, address.user, address.password)


def counting(frames: int, n: int = 10) -> Callable[[int], Block | None]:
    """A source of so many frames; each sample says its number."""
    made = iter(range(frames))

    def source(most: int) -> Block | None:
        number = next(made, None)
        if number is None:
            return None
        rows = np.arange(number * n, (number + 1) * n, dtype=np.int16)
        return Block(np.repeat(rows[:, None], 3, axis=1)[:most], worn=True)

    return source


def wearable(device: str, mqtt: MqttAddress, frames: int, **changed: object) -> Wearable:
    """A device whose frames last a tenth of a second."""
    made = Wearable(device=device, mqtt=mqtt, sensor=Sensor(10_000_000), source=counting(frames), frame_seconds=0.1)
    for name, value in changed.items():
        setattr(made, name, value)
    return made


class Cutting:
    """A way to the broker that swallows one acknowledgement of the broker and then cuts the line, once."""

    def __init__(self, mqtt: MqttAddress, swallow: int) -> None:
        self._mqtt, self._left, self.cuts = mqtt, swallow, 0

    @asynccontextmanager
    async def open(self) -> AsyncIterator[MqttAddress]:
        server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        try:
            yield MqttAddress("127.0.0.1", port, self._mqtt.user, self._mqtt.password)
        finally:
            server.close()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        to_reader, to_writer = await asyncio.open_connection(self._mqtt.host, self._mqtt.port)
        up = asyncio.create_task(_pump(reader, to_writer))
        with contextlib.suppress(ConnectionError):
            while data := await to_reader.read(4096):
                if data[0] >> 4 == PUBACK:
                    self._left -= 1
                    if self._left == 0:
                        self.cuts += 1
                        break
                writer.write(data)
                await writer.drain()
        up.cancel()
        to_writer.close()
        writer.close()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(4096):
            writer.write(data)
            await writer.drain()
    writer.close()


async def test_a_frame_without_acknowledgement_is_sent_again_as_it_was(mqtt: MqttAddress) -> None:
    cutting = Cutting(mqtt, swallow=4)  # the first is that of the status
    async with cutting.open() as address, listening(mqtt) as heard:
        device = wearable("cut-1", address, 6)
        async with asyncio.timeout(20):
            await device.run(asyncio.Event())
    assert cutting.cuts == 1
    assert [frame.seq for frame in heard.frames("cut-1")] == [0, 1, 2, 2, 3, 4, 5]
    again = heard.of("cut-1", topics.IMU)[2:4]
    assert again[0] == again[1]
    assert (device.counts.frames, device.counts.repeated, device.counts.connections) == (6, 1, 2)


async def test_a_lost_connection_is_the_last_will_and_an_orderly_end_says_offline(mqtt: MqttAddress) -> None:
    cutting = Cutting(mqtt, swallow=3)
    async with cutting.open() as address, listening(mqtt) as heard:
        await wearable("will-1", address, 4, boot=5).run(asyncio.Event())
    said = [msgspec.json.decode(payload, type=StatusMessage) for payload in heard.of("will-1", topics.STATUS)]
    assert [(one.online, one.boot) for one in said] == [(True, 5), (False, 5), (True, 5), (False, 5)]


async def test_a_state_message_tells_what_the_device_measures(mqtt: MqttAddress) -> None:
    def vitals() -> Vitals:
        return Vitals(battery=61.0, heart_rate=71.0, worn=True)

    async with listening(mqtt) as heard:
        await wearable("state-1", mqtt, 3, vitals=vitals).run(asyncio.Event())
    states = [msgspec.json.decode(payload, type=StateMessage) for payload in heard.of("state-1", topics.STATE)]
    assert [(one.seq, one.battery, one.heart_rate, one.worn) for one in states] == [(0, 61.0, 71.0, True)]


async def test_while_the_broker_is_away_frames_are_kept_and_say_so_when_they_go_out_late(mqtt: MqttAddress) -> None:
    offset_us = 0

    def late_clock() -> int:
        return wall_clock() + offset_us

    def source(n: int) -> Block | None:
        nonlocal offset_us
        block = frames(n)
        if device.counts.frames == 2:
            offset_us = 60_000_000  # as if the third had waited for a minute
        return block

    frames = counting(5)
    device = wearable("late-1", mqtt, 0, source=source, clock=late_clock)
    async with listening(mqtt) as heard:
        await device.run(asyncio.Event())
    said = heard.frames("late-1")
    assert [bool(frame.flags & FrameFlag.BUFFERED) for frame in said] == [False, False, True, True, True]
    assert [frame.utc_us - said[0].utc_us for frame in said] == [0, 100_000, 200_000, 300_000, 400_000]
    assert all(frame.lost == 0 for frame in said)


async def test_a_stop_ends_a_device_at_once_even_where_there_is_no_broker() -> None:
    stop = asyncio.Event()
    complaints: list[str] = []
    nowhere = MqttAddress("127.0.0.1", 9, "", "")
    task = asyncio.create_task(wearable("gone-1", nowhere, 3, trouble=complaints.append).run(stop))
    await asyncio.sleep(1.2)
    stop.set()
    await asyncio.wait_for(task, 2)
    assert len(complaints) == 1


async def test_a_wrong_password_is_told_before_anything_is_made(mqtt: MqttAddress) -> None:
    await probe(mqtt)
    with pytest.raises(Unavailable, match="cannot be used"):
        await probe(MqttAddress(mqtt.host, mqtt.port, mqtt.user, "wrong"))


async def test_two_hundred_wearables_send_at_once_on_one_core(mqtt: MqttAddress) -> None:
    logged: list[tuple[str, int, int]] = []
    report = await load.run(mqtt, 200, 4.0, asyncio.Event(), log=lambda *line: logged.append(line))
    assert report.acknowledged == report.due == 400
    assert (report.repeated, report.connections) == (0, 200)
    assert len({(device, seq) for device, seq, _ in logged}) == 400
