"""Positions come back as they were told, each once."""

import msgspec
import pytest

from schemas.reading import Observation, Reading, ReadingKind
from store import moves, positions, readings
from store.pool import Pool
from store.positions import Position
from tests.store.making import NOW, SECOND, a_home

pytestmark = pytest.mark.servers
MINUTE = 60 * SECOND


def told(
    at_us: int, *seen: tuple[str, float], heard_us: int = 0, resident: str = "re_1", device: str = "p1"
) -> Reading:
    return Reading(
        kind=ReadingKind.EVENT,
        arrival_us=heard_us or at_us + SECOND,
        event_us=at_us,
        end_us=at_us,
        device=device,
        unit="pl_1",
        resident=resident,
        topic=f"owntracks/a/{device}",
        payload=f"{at_us}".encode(),
        observations=tuple(Observation(name, value, "") for name, value in seen),
    )


def gps(at_us: int, lon: float = 121.47, accuracy: float | None = 12.0, **more: object) -> Reading:
    known = () if accuracy is None else (("accuracy", accuracy),)
    return told(at_us, ("lat", 31.23), ("lon", lon), *known, **more)  # type: ignore[arg-type]


async def test_fixes_of_both_kinds_come_in_order_each_once_and_only_the_newest_where_there_are_many(pool: Pool) -> None:
    await a_home(pool)
    await readings.write(
        pool,
        [
            gps(NOW + 2 * MINUTE, 121.48, accuracy=None),
            gps(NOW),
            gps(NOW, heard_us=NOW + 9 * MINUTE),  # handed out again by the broker
            told(NOW + MINUTE, ("x", 3.5), ("y", -2.0)),
            told(NOW + MINUTE, ("accuracy", 7.0), device="p2"),  # no place
            told(NOW + 3 * MINUTE, ("lat", 31.0), device="p2"),  # half a place
            gps(NOW, resident="re_2", device="p3"),
            gps(NOW + 5 * MINUTE),
        ],
    )
    first = Position(NOW, 121.47, 31.23, 12.0, degrees=True)
    indoors = Position(NOW + MINUTE, 3.5, -2.0, None, degrees=False)
    last = Position(NOW + 2 * MINUTE, 121.48, 31.23, None, degrees=True)
    assert await positions.positions(pool, "re_1", NOW, NOW + 5 * MINUTE, 9) == [first, indoors, last]
    assert await positions.positions(pool, "re_1", NOW, NOW + 5 * MINUTE, 2) == [indoors, last]
    assert await positions.positions(pool, "re_1", NOW + 3 * MINUTE, NOW + 5 * MINUTE, 9) == []
    assert await positions.newest_us(pool, "re_1", NOW, NOW + 5 * MINUTE) == NOW + 3 * MINUTE
    assert await positions.newest_us(pool, "re_1", NOW, NOW + 3 * MINUTE) == NOW + 2 * MINUTE
    assert await positions.newest_us(pool, "re_3", NOW, NOW + 5 * MINUTE) is None


async def test_of_weeks_one_fix_a_minute_is_read(pool: Pool) -> None:
    await a_home(pool)
    minute = NOW // MINUTE * MINUTE
    await readings.write(pool, [gps(minute + k * 20 * SECOND, 121.47 + k / 1000) for k in range(7)])
    found = await positions.by_minute(pool, "re_1", minute, minute + 2 * MINUTE, 9)
    assert [(each.event_us, each.accuracy_m) for each in found] == [(minute, 12.0), (minute + MINUTE, 12.0)]
    assert [each.event_us for each in await positions.by_minute(pool, "re_1", 0, NOW * 2, 1)] == [minute + 2 * MINUTE]


async def test_rooms_that_a_beacon_told_come_in_order_each_once(pool: Pool) -> None:
    await a_home(pool)
    rooms = ((NOW + SECOND, "走廊"), (NOW, "大厅"), (NOW, "大厅"))
    seen = [told(at_us, heard_us=NOW + k * SECOND) for k, (at_us, _) in enumerate(rooms)]
    named = [Observation("room", room, "") for _, room in rooms]
    await readings.write(
        pool, [msgspec.structs.replace(each, observations=(room,)) for each, room in zip(seen, named, strict=True)]
    )
    found = await moves.beacon_rooms(pool, "re_1", NOW, NOW + MINUTE)
    assert found == [(NOW, "大厅"), (NOW + SECOND, "走廊")]
    assert await moves.beacon_rooms(pool, "re_1", NOW + 1, NOW + SECOND) == []
