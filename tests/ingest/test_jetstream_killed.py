"""kill -9 of JetStream while frames flow: the stages wait for it, and nothing acknowledged is missing afterwards."""

import asyncio
import dataclasses
import subprocess
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import nats
import pytest

from ingest.streams import ensure
from schemas import finding, subjects
from stack import addresses
from stack.credentials import load
from stack.home import Home
from stack.ports import Ports
from stack.servers.broker import Broker
from stack.servers.nats import Nats
from stack.servers.postgres import Postgres
from tests.conftest import PlatformServers
from tests.ingest.conftest import Way
from tests.ingest.frames import body, imu, payload
from tests.ingest.waiting import eventually

pytestmark = pytest.mark.servers


class OwnJetStream:
    """A JetStream that this test may kill."""

    def __init__(self, root: Path) -> None:
        home = Home(root)
        home.make()
        ports, credentials = Ports(home, prefer_usual=False), load(home)
        Broker(home, ports.choose("broker", 0), credentials.mqtt)
        Postgres(home, ports.choose("postgres", 0), credentials.postgres)
        self._server = Nats(home, ports.choose("nats", 0), credentials.nats)
        self.url = addresses.of(ports, credentials).nats_url
        self._process: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        self._process = self._server.start()

        async def ready() -> bool:
            return await asyncio.to_thread(self._server.ready)

        await eventually(ready)

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


@asynccontextmanager
async def own_way(servers: PlatformServers, own: OwnJetStream) -> AsyncIterator[Way]:
    await own.start()
    nc = await nats.connect(own.url, max_reconnect_attempts=-1, reconnect_time_wait=0)
    try:
        await ensure(nc.jetstream())
        yield Way(dataclasses.replace(servers, nats_url=own.url), nc, f"own-{own.url.rpartition(':')[2]}")
    finally:
        await nc.close()
        own.kill()


async def test_the_stages_wait_and_nothing_acknowledged_is_lost(
    platform_servers: PlatformServers, caplog: pytest.LogCaptureFixture
) -> None:
    with tempfile.TemporaryDirectory(prefix="shouwang-test-") as root:
        own = OwnJetStream(Path(root))
        async with own_way(platform_servers, own) as way:
            await way.bind("watch-1")
            async with way.gateway(), way.watcher():
                sent = await _frames_through_two_kills(way, own)

                async def all_there() -> bool:
                    return {each.seq for each in await way.readings() if each.boot == 7} == set(range(1, sent + 1))

                await eventually(all_there, seconds=30)
                with way.publisher() as device:
                    device.publish("sw/v1/watch-1/event", body(boot=8, seq=1, t_us=1, type="sos"))

                async def found() -> bool:
                    kinds = [finding.decode(data).kind for _, data in await way.messages(subjects.FINDINGS)]
                    return "sos" in kinds

                await eventually(found)
    away = [record.name for record in caplog.records if "JetStream is away" in record.message]
    assert sorted(away) == ["shouwang.gateway", "shouwang.gateway", "shouwang.watcher", "shouwang.watcher"]


async def _frames_through_two_kills(way: Way, own: OwnJetStream) -> int:
    sent = 0
    with way.publisher() as device:
        for _ in range(2):
            for step in range(120):
                sent += 1
                device.publish(imu("watch-1"), payload(sent))
                await asyncio.sleep(0.005)
                if step == 60:
                    own.kill()
            await own.start()
    return sent
