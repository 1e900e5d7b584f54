"""kill -9 of the broker while frames flow: it forgets what it had not handed on, and nobody loses anything."""

import asyncio
import dataclasses
import subprocess
import tempfile
from pathlib import Path

import asyncpg
import numpy as np
import pytest

from device_sim.frames import Block, Sensor
from device_sim.mqtt_address import MqttAddress
from device_sim.wearable import Wearable
from stack import addresses
from stack.credentials import load
from stack.home import Home
from stack.ports import Ports
from stack.servers.broker import Broker
from stack.servers.nats import Nats
from stack.servers.postgres import Postgres
from tests.conftest import Database, PlatformServers
from tests.ingest.conftest import Way
from tests.ingest.waiting import eventually

pytestmark = pytest.mark.servers

DEVICES, FRAMES = 6, 90


class OwnBroker:
    """A broker that this test may kill."""

    def __init__(self, root: Path) -> None:
        home = Home(root)
        home.make()
        ports, credentials = Ports(home, prefer_usual=False), load(home)
        self._server = Broker(home, ports.choose("broker", 0), credentials.mqtt)
        Nats(home, ports.choose("nats", 0), credentials.nats)
        Postgres(home, ports.choose("postgres", 0), credentials.postgres)
        self.mqtt = addresses.of(ports, credentials).mqtt
        self._process: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        self._process = self._server.start()
        await eventually(lambda: asyncio.to_thread(self._server.ready))

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


def wearable(number: int, address: MqttAddress) -> Wearable:
    """A device with a frame every tenth of a second."""
    left = iter(range(FRAMES))

    def source(most: int) -> Block | None:
        return None if next(left, None) is None else Block(np.full((most, 3), 1000, dtype=np.int16))

    return Wearable(
        device=f"kept-{number}", mqtt=address, sensor=Sensor(10_000_000), source=source, frame_seconds=0.1,
        resend_us=1_000_000, boot=7,
    )  # fmt: skip


async def test_nothing_acknowledged_is_missing_and_devices_that_send_again_lose_nothing(
    platform_servers: PlatformServers, way: Way, database: Database
) -> None:
    with tempfile.TemporaryDirectory(prefix="shouwang-test-") as root:
        own = OwnBroker(Path(root))
        own_way = Way(dataclasses.replace(platform_servers, mqtt=own.mqtt), way.nc, way.name)
        try:
            devices = await _played_through_two_kills(own, own_way, database)
        finally:
            own.kill()
    stored = await _stored(database)
    for device in devices:
        assert device.counts.confirmed == FRAMES
        assert stored[device.device] == set(range(FRAMES))
    # Killed twice under way: without sending again something the broker had taken would be missing.
    assert sum(device.counts.repeated for device in devices) > 0


async def test_what_a_device_told_a_broker_before_anybody_listened_is_sent_again(
    platform_servers: PlatformServers, way: Way, database: Database
) -> None:
    """As after a power cut: the broker is back first, then the devices, and the gateway last."""
    with tempfile.TemporaryDirectory(prefix="shouwang-test-") as root:
        own = OwnBroker(Path(root))
        await own.start()
        try:
            own_way = Way(dataclasses.replace(platform_servers, mqtt=own.mqtt), way.nc, way.name)
            early = wearable(0, MqttAddress(own.mqtt.host, own.mqtt.port, own.mqtt.user or "", own.mqtt.password or ""))
            playing = asyncio.create_task(early.run(asyncio.Event()))
            await eventually(lambda: _sent(early, 5))
            async with own_way.gateway(), own_way.recorder(database.dsn), asyncio.timeout(60):
                await playing
                await eventually(lambda: _stored_all_of(database, early.device))
        finally:
            own.kill()
    assert early.counts.confirmed == FRAMES


async def _sent(device: Wearable, frames: int) -> bool:
    return device.counts.frames >= frames


async def _stored_all_of(database: Database, device: str) -> bool:
    return (await _stored(database)).get(device) == set(range(FRAMES))


async def _played_through_two_kills(own: OwnBroker, way: Way, database: Database) -> list[Wearable]:
    await own.start()
    address = MqttAddress(own.mqtt.host, own.mqtt.port, own.mqtt.user or "", own.mqtt.password or "")
    devices = [wearable(number, address) for number in range(DEVICES)]
    async with way.gateway(), way.recorder(database.dsn), asyncio.timeout(60):
        playing = asyncio.gather(*(device.run(asyncio.Event()) for device in devices))
        for _ in range(2):
            await asyncio.sleep(2)
            own.kill()
            await own.start()
        await playing
        await eventually(lambda: _all_in(database))
    return devices


async def _all_in(database: Database) -> bool:
    return sum(len(seqs) for seqs in (await _stored(database)).values()) == DEVICES * FRAMES


async def _stored(database: Database) -> dict[str, set[int]]:
    connection = await asyncpg.connect(database.dsn)
    try:
        rows = await connection.fetch("select device, seq from frame")
    finally:
        await connection.close()
    assert len(rows) == len({(row["device"], row["seq"]) for row in rows}), "a frame stands twice"
    found: dict[str, set[int]] = {}
    for row in rows:
        found.setdefault(row["device"], set()).add(row["seq"])
    return found
