"""kill -9 of the gateway while home sensors speak: no change is lost, and nothing old is heard as news afterwards."""

import asyncio
import json

import pytest

from tests.ingest.conftest import Way
from tests.ingest.test_gateway_killed import process
from tests.ingest.waiting import eventually

pytestmark = pytest.mark.servers

DOOR, PANIC = "zigbee2mqtt/door", "zigbee2mqtt/panic"


async def test_no_change_is_lost_and_a_cached_alarm_is_not_news_after_a_kill(way: Way) -> None:
    sent: list[bytes] = []
    with way.publisher() as bridge:
        for _kill in range(3):
            async with process(way):
                for _ in range(40):
                    sent.append(json.dumps({"contact": len(sent) % 2 == 0, "battery": 50, "n": len(sent)}).encode())
                    bridge.publish(DOOR, sent[-1])
                    await asyncio.sleep(0.003)
        bridge.publish(PANIC, b'{"sos":true}')
        bridge.settle()

        async def all_there() -> bool:
            heard = {reading.payload for reading in await way.readings()}
            return {*sent, b'{"sos":true}'} <= heard and b"sos" in await way.remembered()

        async with process(way):
            await eventually(all_there)
        async with way.gateway():
            bridge.publish(PANIC, b'{"sos":true,"battery":80}')
            bridge.publish(DOOR, b'{"contact":false,"battery":49}')
            bridge.settle()
            await eventually(lambda: _last(way, b'{"contact":false,"battery":49}'))
    readings = await way.readings()
    told = {reading.payload for reading in readings if reading.events}
    assert set(sent) <= told, "each change was an event once at least"
    assert [reading.payload for reading in readings if "sos" in reading.events] == [b'{"sos":true}']
    assert not next(reading for reading in readings if reading.payload == b'{"contact":false,"battery":49}').events


async def _last(way: Way, payload: bytes) -> bool:
    return any(reading.payload == payload for reading in await way.readings())
