"""Whose reading it is, the whole way from the broker to the database: unbound, bound later, handed on, sent late."""

import json
from typing import Any

import pytest

from ingest.decoders.zigbee2mqtt import device_id
from schemas import subjects
from schemas.places import Binding, encode_bindings
from store import people
from store.pool import Pool, open_pool
from tests.conftest import Database
from tests.ingest.conftest import Way, now_us
from tests.ingest.frames import imu, payload
from tests.ingest.waiting import eventually
from tests.store.making import a_home

pytestmark = pytest.mark.servers
SENSOR = device_id("zigbee2mqtt", "hall")
HOUR = 3_600_000_000


async def stored(pool: Pool, device: str, wanted: int, *, table: str = "message") -> bool:
    count: int = await pool.fetchval(f"select count(*) from {table} where device = $1", device)
    return count >= wanted


async def mirror(way: Way, pool: Pool, device: str) -> None:
    """Write the device's bindings to the bucket, as the desk's worker does."""
    bucket = await way.js.key_value(subjects.BINDINGS)
    await bucket.put(device, encode_bindings(await people.bindings_of(pool, device)))


def body(**fields: Any) -> bytes:
    return json.dumps(fields).encode()


async def test_a_sensor_heard_before_it_was_bound_a_handing_on_and_a_late_reading(way: Way, database: Database) -> None:
    pool = await open_pool(database.dsn)
    await a_home(pool)
    now = now_us()
    async with way.gateway(), way.recorder(database.dsn):
        with way.publisher() as bridge:
            bridge.publish("zigbee2mqtt/hall", body(occupancy=True, last_seen=(now - 3 * HOUR) // 1000))
            bridge.publish(imu("w1"), payload(1))
            bridge.settle()
            await eventually(lambda: stored(pool, SENSOR, 1))
            await eventually(lambda: stored(pool, "w1", 1, table="frame"))
            unbound = {device.id for device in await people.devices(pool, unbound=True)}
            assert {SENSOR, "w1"} <= unbound, "shown for pairing"
            await people.bind(pool, Binding(device=SENSOR, unit="pl_1", place="pl_1", start_us=now - 4 * HOUR), now)
            await people.bind(pool, Binding(device=SENSOR, unit="pl_2", place="pl_2", start_us=now - HOUR), now)
            await people.bind(pool, Binding(device="w1", unit="pl_1", resident="re_1", start_us=now - HOUR), now)
            await mirror(way, pool, SENSOR)
            bridge.publish("zigbee2mqtt/hall", body(occupancy=False, last_seen=(now - 2 * HOUR) // 1000))
            bridge.publish("zigbee2mqtt/hall", body(occupancy=True, last_seen=now // 1000))
            bridge.settle()
            await eventually(lambda: stored(pool, SENSOR, 3))
    rows = await pool.fetch("select unit, text_value from reading where device = $1 and type = 'event'", SENSOR)
    assert sorted((row["unit"], row["text_value"]) for row in rows) == [
        ("pl_1", "motion"),
        ("pl_1", "motion_ended"),
        ("pl_2", "motion"),
    ]
    assert await pool.fetchval("select resident from frame where device = 'w1'") == "re_1"
    pool.terminate()
