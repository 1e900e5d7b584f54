"""The gateway against the real broker and JetStream."""

import pytest

from schemas.reading import Clock, ReadingKind
from tests.ingest.conftest import Way
from tests.ingest.frames import imu, payload
from tests.ingest.waiting import eventually

pytestmark = pytest.mark.servers


async def test_a_bound_devices_frames_become_readings_of_its_unit_in_order(way: Way) -> None:
    await way.bind("watch-1", position="wrist")
    async with way.gateway():
        with way.publisher() as device:
            for seq in range(1, 51):
                device.publish(imu("watch-1"), payload(seq))
            device.settle()

        async def all_there() -> bool:
            return len(await way.readings()) == 50

        await eventually(all_there)
    readings = await way.readings()
    assert [reading.seq for reading in readings] == list(range(1, 51))
    assert {(each.kind, each.unit, each.resident, each.position, each.clock) for each in readings} == {
        (ReadingKind.FRAME, "home-1", "res-1", "wrist", Clock.BOOT)
    }
