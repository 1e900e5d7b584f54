"""Who is told that a device is bound may publish with it at once: the answer waits for the gateway's copy."""

import asyncio
from collections.abc import AsyncIterator

import nats
import pytest

from api.stages import MIRRORED_SECONDS, Stages
from ingest.streams import ensure
from schemas import subjects
from schemas.places import Binding, encode_bindings
from tests.conftest import PlatformServers

pytestmark = pytest.mark.servers

WORN = Binding(device="mirror-1", unit="home-1", resident="re_1", start_us=1)


@pytest.fixture
async def stages(platform_servers: PlatformServers) -> AsyncIterator[Stages]:
    link = await nats.connect(platform_servers.nats_url)
    await ensure(link.jetstream())
    await link.close()
    made = Stages(platform_servers.nats_url)
    await made.run()
    yield made
    await made.close()


async def test_it_waits_until_the_binding_stands_in_the_bucket(
    stages: Stages, platform_servers: PlatformServers
) -> None:
    waiting = asyncio.create_task(stages.gateway_knows(WORN))
    await asyncio.sleep(0.1)
    assert not waiting.done()
    link = await nats.connect(platform_servers.nats_url)
    bucket = await link.jetstream().key_value(subjects.BINDINGS)
    await bucket.put(WORN.device, encode_bindings([WORN]))
    await link.close()
    assert await waiting


async def test_without_anybody_who_mirrors_it_gives_up_in_time(stages: Stages) -> None:
    # Far more than it waits, since a busy machine stops everybody for a second; without its end it waits for ever.
    async with asyncio.timeout(MIRRORED_SECONDS + 15):
        assert not await stages.gateway_knows(Binding(device="mirror-2", unit="u", resident="r", start_us=1))


async def test_without_jetstream_nobody_waits(platform_servers: PlatformServers) -> None:
    assert not await Stages(platform_servers.nats_url).gateway_knows(WORN)
