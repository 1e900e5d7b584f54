"""kill -9 of the gateway while frames flow: nothing the broker has acknowledged is missing afterwards."""

import asyncio
import json
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.ingest.conftest import Way
from tests.ingest.frames import imu, payload
from tests.ingest.waiting import eventually

pytestmark = pytest.mark.servers

DEVICES = 10


@asynccontextmanager
async def process(way: Way) -> AsyncIterator[asyncio.subprocess.Process]:
    """A gateway process that is ready; killed without mercy at the end of the block."""
    settings = {
        "host": way.mqtt.host, "port": str(way.mqtt.port), "user": way.mqtt.user, "password": way.mqtt.password,
        "nats_url": way.nats_url, "name": way.name,
    }  # fmt: skip
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.ingest.gateway_process", json.dumps(settings), stdout=asyncio.subprocess.PIPE
    )
    assert running.stdout is not None
    try:
        assert await asyncio.wait_for(running.stdout.readline(), 20) == b"READY\n"
        yield running
    finally:
        running.send_signal(signal.SIGKILL)
        await running.wait()


async def test_nothing_acknowledged_is_lost_and_each_devices_order_is_kept(way: Way) -> None:
    sent = 0
    with way.publisher() as device:
        for _kill in range(3):
            async with process(way):
                # The last of these are on their way when the block ends with kill -9.
                for _ in range(60):
                    sent += 1
                    for number in range(DEVICES):
                        device.publish(imu(f"watch-{number}"), payload(sent))
                    await asyncio.sleep(0.003)
        device.settle()

    async def all_there() -> bool:
        return len({(each.device, each.seq) for each in await way.readings()}) == sent * DEVICES

    async with way.gateway():
        await eventually(all_there)
    readings = await way.readings()
    again = sum(Counter((each.device, each.seq) for each in readings).values()) - sent * DEVICES
    assert again < sent * DEVICES, "the broker's unacknowledged window came again, not everything"
    for number in range(DEVICES):
        firsts = list(dict.fromkeys(each.seq for each in readings if each.device == f"watch-{number}"))
        assert firsts == list(range(1, sent + 1))


async def test_what_came_while_it_was_away_is_there_when_it_is_back(way: Way) -> None:
    async with process(way):
        pass
    with way.publisher() as device:
        for seq in range(1, 301):
            device.publish(imu("watch-1"), payload(seq))

    async def all_there() -> bool:
        return len(await way.readings()) >= 300

    async with process(way):
        await eventually(all_there)
    assert [each.seq for each in await way.readings()] == list(range(1, 301))
