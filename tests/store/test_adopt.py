"""A device that nobody had: its readings become those of whoever is said to have had it then."""

import asyncio
import random

import msgspec
import pytest

from schemas.errors import BrokenRule
from schemas.places import Binding
from schemas.reading import Observation, Reading
from store import people, readings
from store.pool import Pool
from tests.store.making import NOW, SECOND, a_home, frame, state, worn

pytestmark = pytest.mark.servers
HOUR = 3600 * SECOND


def nobodys(reading: Reading) -> Reading:
    return msgspec.structs.replace(reading, unit=None, resident=None, place=None)


def heard(count: int, *, start_us: int = NOW) -> list[Reading]:
    frames = [nobodys(frame("w1", seq, start_us + seq * SECOND, resident=None)) for seq in range(count)]
    beats = Observation("heart_rate", 71.0, "1/min")
    return [*frames, nobodys(state("w1", 1, start_us + SECOND, beats)), nobodys(state("w1", 2, start_us + 5 * SECOND))]


async def owners(pool: Pool, table: str) -> list[tuple[str | None, str | None]]:
    rows = await pool.fetch(f"select unit, resident from {table} order by event_us")
    return [(row["unit"], row["resident"]) for row in rows]


@pytest.mark.series
async def test_what_came_before_the_binding_becomes_the_wearers(pool: Pool) -> None:
    await a_home(pool)
    await readings.write(pool, heard(90))
    assert (await readings.latest(pool, "re_1")).last_frame_us is None
    await people.bind(pool, worn(NOW + 30 * SECOND), NOW + HOUR)
    assert await owners(pool, "frame") == [(None, None)] * 30 + [("pl_1", "re_1")] * 60
    minutes = await readings.activity_by_minute(pool, "re_1", NOW - HOUR, NOW + HOUR)
    assert sum(minute.samples for minute in minutes) == 60 * 50
    assert (await readings.latest(pool, "re_1")).last_frame_us == NOW + 90 * SECOND
    [first, *_] = await readings.frames_between(pool, "re_1", NOW, NOW + HOUR)
    assert (first.event_us, first.position) == (NOW + 30 * SECOND, "wrist")


async def test_the_values_too_and_the_newest_of_them_is_what_the_resident_page_shows(pool: Pool) -> None:
    await a_home(pool)
    await readings.write(pool, heard(3))
    retained = state("w1", 9, NOW + 8 * SECOND, Observation("heart_rate", 200.0, "1/min"))
    await readings.write(pool, [nobodys(msgspec.structs.replace(retained, retain=True))])
    await people.bind(pool, worn(NOW), NOW + HOUR)
    assert set(await owners(pool, "message")) == {("pl_1", "re_1")}
    assert set(await owners(pool, "reading")) == {("pl_1", "re_1")}
    shown = {value.observation.type: value for value in (await readings.latest(pool, "re_1")).values}
    assert shown["heart_rate"].observation.value == 71.0


async def test_a_sensor_at_a_place_is_nobodys_but_the_units(pool: Pool) -> None:
    await a_home(pool)
    await people.add_device(pool, device_id="z2m-1", kind="motion", now_us=NOW)
    seen = nobodys(msgspec.structs.replace(state("z2m-1", 1, NOW, Observation("motion", True)), events=("motion",)))
    await readings.write(pool, [seen])
    await people.bind(pool, Binding(device="z2m-1", unit="pl_1", place="pl_2", start_us=NOW - HOUR), NOW + HOUR)
    rows = await pool.fetch("select unit, resident, place, type from reading order by type")
    assert {(row["unit"], row["resident"], row["place"]) for row in rows} == {("pl_1", None, "pl_2")}
    assert [row["type"] for row in rows] == ["event", "motion"]


async def test_only_the_interval_and_only_what_was_nobodys(pool: Pool) -> None:
    await a_home(pool)
    await readings.write(pool, [frame("w1", seq, NOW + seq * SECOND) for seq in range(5)])
    await readings.write(pool, heard(20, start_us=NOW + 2 * HOUR))
    ended = worn(NOW, NOW + 2 * HOUR + 10 * SECOND, resident="re_3", unit="pl_2")
    await people.bind(pool, ended, NOW + 3 * HOUR)
    assert await owners(pool, "frame") == [("pl_1", "re_1")] * 5 + [("pl_2", "re_3")] * 10 + [(None, None)] * 10


async def test_a_reading_that_was_on_its_way_when_the_device_was_bound_is_bound_when_it_is_written(pool: Pool) -> None:
    await a_home(pool)
    await people.bind(pool, worn(NOW + 3 * SECOND), NOW + HOUR)
    await readings.write(pool, heard(6))
    assert await owners(pool, "frame") == [(None, None)] * 3 + [("pl_1", "re_1")] * 3


@pytest.mark.two_sessions
async def test_nothing_slips_between_a_binding_and_readings_written_in_the_same_moment(pool: Pool) -> None:
    rng = random.Random(5)
    await a_home(pool)

    async def write(first: int) -> None:
        await asyncio.sleep(rng.random() * 0.02)
        await readings.write(
            pool, [nobodys(frame("w1", first + k, NOW + (first + k) * SECOND, resident=None)) for k in range(5)]
        )

    async def bind() -> None:
        await asyncio.sleep(0.01)
        await people.bind(pool, worn(NOW), NOW + HOUR)

    await asyncio.gather(bind(), *(write(first) for first in range(0, 100, 5)))
    assert set(await owners(pool, "frame")) == {("pl_1", "re_1")}
    minutes = await readings.activity_by_minute(pool, "re_1", NOW - HOUR, NOW + HOUR)
    assert sum(minute.samples for minute in minutes) == 100 * 50


async def test_a_binding_that_is_refused_gives_nothing_away(pool: Pool) -> None:
    await a_home(pool)
    await readings.write(pool, heard(3))
    with pytest.raises(BrokenRule):
        await people.bind(pool, worn(NOW, resident="re_3", unit="pl_1"), NOW + HOUR)
    assert set(await owners(pool, "frame")) == {(None, None)}


@pytest.mark.parametrize(
    ("said", "kind"),
    [("motion", "motion"), ("door_open", "door"), ("sos", "button"), ("bridge_available", "bridge"), ("battery", None)],
)
async def test_a_device_that_made_itself_known_says_what_it_is_until_a_person_does(
    pool: Pool, said: str, kind: str | None
) -> None:
    heard_now = nobodys(state("z2m-1", 1, NOW, Observation("battery", 80.0, "%")))
    await readings.write(pool, [heard_now, nobodys(state("z2m-1", 2, NOW + SECOND, Observation(said, True)))])
    [device] = await people.devices(pool, unbound=True)
    assert device.kind == (kind or "unknown")
    await people.add_device(pool, device_id="z2m-1", kind="grandmother's bell", now_us=NOW)
    await readings.write(pool, [nobodys(state("z2m-1", 3, NOW + 2 * SECOND, Observation(said, True)))])
    [device] = await people.devices(pool, unbound=True)
    assert device.kind == "grandmother's bell"
