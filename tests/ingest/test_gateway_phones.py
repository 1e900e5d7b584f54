"""Phones with OwnTracks through the gateway, against the real broker and JetStream."""

import json

import pytest

from schemas.ids import foreign_device
from tests.ingest.conftest import Way, now_us
from tests.ingest.waiting import eventually

pytestmark = pytest.mark.servers

DEVICE = foreign_device("owntracks", "wang", "phone")


async def _heard(way: Way, wanted: int) -> bool:
    return len({reading.key for reading in await way.readings()}) >= wanted


async def test_a_bound_phones_fixes_are_its_wearers_and_a_fix_told_twice_is_one(way: Way) -> None:
    await way.bind(DEVICE, unit="home-1", resident="res-1")
    tst = now_us() // 1_000_000
    fixes = [{"_type": "location", "lat": 30.0, "lon": 122.2, "acc": 9, "tst": at} for at in (tst - 20, tst - 20, tst)]
    async with way.gateway():
        with way.publisher() as phone:
            for fix in fixes:
                phone.publish("owntracks/wang/phone", json.dumps(fix).encode())
                phone.settle()
        await eventually(lambda: _heard(way, 2))
    readings = {
        reading.key: reading for reading in await way.readings()
    }  # twice in one flush, downstream knows the key
    assert [(r.unit, r.resident, r.event_us // 1_000_000 - tst) for r in readings.values()] == [
        ("home-1", "res-1", -20),
        ("home-1", "res-1", 0),
    ]
