"""Config in the stream: every change in the database reaches its unit's partition, in order, and again by itself."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from ingest import desk
from ingest.configurer import Configurer
from ingest.home_clock import home_clock
from schemas import ids, subjects
from schemas.config import OPEN_END_US, Config, DeviceConfig, ResidentConfig, Sensitivity, config_of
from schemas.effects import ConfigureResident
from schemas.errors import BrokenRule
from schemas.mobility import Mobility
from schemas.reading import Observation, ReadingKind, decode_batch
from store import absences, outbox, people
from store.pool import Pool, open_pool
from tests.conftest import Database
from tests.ingest.conftest import Way, _running
from tests.ingest.waiting import eventually
from tests.store.making import NOW, SECOND, a_home, worn

pytestmark = pytest.mark.servers
HOUR = 3600 * SECOND


class Room:
    """A desk's surroundings: database, streams, the platform's clock, and the desk to start."""

    def __init__(self, way: Way, pool: Pool, dsn: str) -> None:
        self.way, self.pool, self._dsn = way, pool, dsn
        self.now_us = NOW + 25 * SECOND

    @asynccontextmanager
    async def desk(self) -> AsyncIterator[None]:
        async with _running(
            lambda stop, ready: desk.run(
                nats_url=self.way.nats_url, dsn=self._dsn, clock=self.clock, stop=stop, ready=ready
            )
        ):
            yield

    def clock(self) -> int:
        return self.now_us


@pytest.fixture
async def room(way: Way, database: Database) -> AsyncIterator[Room]:
    pool = await open_pool(database.dsn)
    await a_home(pool)
    yield Room(way, pool, database.dsn)
    pool.terminate()


async def configs(way: Way, unit: str) -> list[Config]:
    """Return all that the partition of a unit says of it, in order."""
    subject = subjects.readings(ids.partition_of(unit))
    batches = [decode_batch(data) for name, data in await way.messages(subjects.READINGS) if name == subject]
    return [config_of(each) for batch in batches for each in batch if each.unit == unit]


async def told_of(way: Way, unit: str, resident: str = "re_1") -> list[ResidentConfig]:
    """Return what is said of one of a unit's residents, in order."""
    found = await configs(way, unit)
    return [each for each in found if isinstance(each, ResidentConfig) and each.resident == resident]


async def changed(pool: Pool, **fields: object) -> None:
    await people.update_resident(pool, "re_1", fields, NOW)


async def test_what_is_set_of_a_resident_is_in_the_units_stream_right_after_its_commit(room: Room) -> None:
    async with room.desk():
        await changed(room.pool, absent_until_us=NOW + HOUR)
        await changed(room.pool, sensitivity="keener", note="not for detectors")
        await changed(room.pool, note="nor this")

        async def both() -> bool:
            batches = [decode_batch(data) for _, data in await room.way.messages(subjects.READINGS)]
            return any(each.seq == 2 and each.event_us == NOW for batch in batches for each in batch)

        await eventually(both)
    found = await told_of(room.way, "pl_1")
    assert found[-1] == ResidentConfig(
        resident="re_1", unit="pl_1", version=2, absent_until_us=NOW + HOUR, sensitivity=Sensitivity.KEENER
    )
    assert [each.version for each in found] == sorted(each.version for each in found)
    written = [decode_batch(data)[-1] for _, data in await room.way.messages(subjects.READINGS)]
    # Beside it, at its own time, goes what a desk that starts says of all.
    reading = [each for each in written if each.resident == "re_1" and each.event_us == NOW][-1]
    assert (reading.kind, reading.seq) == (ReadingKind.CONFIG, 2)
    assert reading.observations == (Observation("absence", True),)


async def test_a_zone_reaches_the_detectors_as_it_was_drawn_and_is_taken_back(room: Room) -> None:
    zone = ((121.47, 31.23), (121.474, 31.23), (121.474, 31.233))
    async with room.desk():

        async def says(corners: tuple[tuple[float, float], ...], version: int) -> None:
            async def told() -> bool:
                return any(each.zone == corners and each.version == version for each in await told_of(room.way, "pl_1"))

            await eventually(told)

        await changed(room.pool, corners=zone)
        await says(zone, 1)
        await changed(room.pool, corners=())
        await says((), 2)


async def test_who_moves_is_forgotten_in_the_unit_left_and_known_in_the_one_entered(room: Room) -> None:
    async with room.desk():
        await changed(room.pool, unit="pl_2")

        async def told() -> bool:
            left = await told_of(room.way, "pl_1")
            return bool(left) and not left[-1].here and bool(await told_of(room.way, "pl_2"))

        await eventually(told)
    assert (await told_of(room.way, "pl_1"))[-1].version == 1
    assert {(each.here, each.version) for each in await told_of(room.way, "pl_2")} == {(True, 1)}
    # Who lives there already is two now.
    assert {each.here for each in await told_of(room.way, "pl_2", "re_3")} == {True}


async def test_a_device_that_changes_hands_is_told_with_who_had_it_when(room: Room) -> None:
    async with room.desk():
        await people.bind(room.pool, worn(NOW), NOW)
        await people.bind(room.pool, worn(NOW + SECOND, resident="re_2"), NOW + SECOND)
        await people.unbind(room.pool, "w1", NOW + 2 * SECOND, NOW + 2 * SECOND)

        async def told() -> bool:
            return (await outbox.counts(room.pool)).get(("configure_device", "in the stream"), 0) >= 3

        await eventually(told)
    last = (await configs(room.way, "pl_1"))[-1]
    assert isinstance(last, DeviceConfig)
    assert [(each.resident, each.start_us, each.end_us) for each in last.bindings] == [
        ("re_1", NOW, NOW + SECOND),
        ("re_2", NOW + SECOND, NOW + 2 * SECOND),
    ]


async def test_an_effect_carried_out_late_says_how_things_stand_and_not_how_they_stood(room: Room) -> None:
    await changed(room.pool, sensitivity="keener")
    await changed(room.pool, sensitivity="calmer")
    configurer = Configurer(room.pool, room.way.js, room.clock)
    for _ in range(2):
        await configurer.resident(ConfigureResident("re_1", "pl_1"), NOW)
    said = await configs(room.way, "pl_1")
    assert [(each.version, each.sensitivity) for each in said] == [(2, "calmer"), (2, "calmer")]  # type: ignore[union-attr]


async def test_all_that_is_not_as_usual_is_said_again_for_a_watcher_that_begins_anew(room: Room) -> None:
    await changed(room.pool, absent_until_us=NOW + HOUR)
    configurer = Configurer(room.pool, room.way.js, room.clock)
    assert await configurer.say_all() == 2  # and of whoever lives with them, that they are two
    assert [each.version for each in await told_of(room.way, "pl_1")] == [1]


async def test_who_shares_a_unit_is_told_of_as_soon_as_the_second_comes_and_again_each_minute(room: Room) -> None:
    async with room.desk():
        await people.add_resident(room.pool, name="Second", unit="pl_2", now_us=NOW, resident_id="re_4")

        async def both() -> bool:
            return bool(await told_of(room.way, "pl_2", "re_3")) and bool(await told_of(room.way, "pl_2", "re_4"))

        await eventually(both)
    assert await Configurer(room.pool, room.way.js, room.clock).say_all() == 4


async def test_how_somebody_gets_about_is_told_when_they_come_and_when_it_changes_and_again_each_minute(
    room: Room,
) -> None:
    known = {"name": "Fifth", "unit": "pl_1", "now_us": NOW, "resident_id": "re_5"}
    async with room.desk():
        await people.add_resident(room.pool, **known, mobility="轮椅")  # type: ignore[arg-type]

        async def told() -> bool:
            return bool(await told_of(room.way, "pl_1", "re_5"))

        await eventually(told)
        await people.update_resident(room.pool, "re_5", {"mobility": "bedridden", "note": "n"}, NOW)

        async def changed_too() -> bool:
            return (await told_of(room.way, "pl_1", "re_5"))[-1].version == 2

        await eventually(changed_too)
    found = await told_of(room.way, "pl_1", "re_5")
    assert (found[0].version, found[0].mobility) == (1, Mobility.WHEELCHAIR)
    assert found[-1].mobility is Mobility.BEDBOUND
    assert "re_5" in {each.id for each in await people.configured_residents(room.pool)}


async def test_a_planned_absence_begins_and_ends_in_the_stream_by_itself(room: Room) -> None:
    trip = {"start_us": NOW + HOUR, "until_us": NOW + 3 * HOUR, "note": None, "actor": "ann"}
    async with room.desk():
        await absences.plan(room.pool, "re_1", **trip, now_us=NOW)  # type: ignore[arg-type]
        assert {each.absent_until_us for each in await told_of(room.way, "pl_1")} <= {None}
        for version, (now_us, until_us) in enumerate(((NOW + HOUR, NOW + 3 * HOUR), (NOW + 3 * HOUR, None)), 1):
            room.now_us = now_us

            async def told(wanted: tuple[int, int | None] = (version, until_us)) -> bool:
                found = await told_of(room.way, "pl_1")
                return bool(found) and (found[-1].version, found[-1].absent_until_us) == wanted

            await eventually(told)
    assert await moments(room.way) == [(1, NOW + HOUR), (2, NOW + 3 * HOUR)]


async def test_a_desk_that_was_down_when_somebody_left_and_came_back_catches_up_with_the_times_of_the_calendar(
    room: Room,
) -> None:
    for start_us, until_us in ((NOW + HOUR, NOW + 2 * HOUR), (NOW + 3 * HOUR, None)):
        await absences.plan(room.pool, "re_1", start_us=start_us, until_us=until_us, note=None, actor="ann", now_us=NOW)
    room.now_us = NOW + 4 * HOUR
    async with room.desk():

        async def told() -> bool:
            return (await outbox.counts(room.pool)).get(("configure_resident", "in the stream"), 0) >= 3

        await eventually(told)
        before = await people.resident(room.pool, "re_1")
    assert before is not None
    # Told as things stand, of each change with its time; and nothing more comes of it, however often it is looked at.
    assert (await told_of(room.way, "pl_1"))[-1].absent_until_us == OPEN_END_US
    assert {at_us for _, at_us in await moments(room.way)} >= {NOW + HOUR, NOW + 2 * HOUR, NOW + 3 * HOUR}
    await Configurer(room.pool, room.way.js, room.clock).say_all()
    assert await people.resident(room.pool, "re_1") == before


async def test_a_calendar_is_carried_out_with_its_effect_lost(room: Room) -> None:
    await absences.plan(room.pool, "re_1", start_us=NOW + HOUR, until_us=None, note=None, actor="ann", now_us=NOW)
    await room.pool.execute("delete from outbox")
    configurer = Configurer(room.pool, room.way.js, room.clock)
    await configurer.say_all()
    assert [each.absent_until_us for each in await told_of(room.way, "pl_1")] == [None]  # who shares a home is told of
    room.now_us = NOW + HOUR
    await configurer.say_all()
    assert (await told_of(room.way, "pl_1"))[-1].absent_until_us == OPEN_END_US


async def moments(way: Way) -> list[tuple[int, int]]:
    """Return the versions of the first resident's config in the stream with the times they count from, each once."""
    batches = [decode_batch(data) for _, data in await way.messages(subjects.READINGS)]
    return sorted(
        {(each.seq, each.event_us) for batch in batches for each in batch if each.resident == "re_1" and each.seq}
    )


async def test_what_is_not_watched_for_is_told_and_told_again_when_it_is_watched_for(room: Room) -> None:
    configurer = Configurer(room.pool, room.way.js, room.clock)
    for off in (("no_meal",), ()):
        await changed(room.pool, watches_off=off)
        await configurer.resident(ConfigureResident("re_1", "pl_1"), NOW)
        assert (await told_of(room.way, "pl_1"))[-1].off == off


async def test_who_lives_by_another_clock_is_told_of_with_it_at_once_when_it_is_corrected_and_again_each_minute(
    room: Room,
) -> None:
    known = {"name": "Sixth", "unit": "pl_1", "now_us": NOW, "resident_id": "re_6", "timezone": "Europe/London"}
    async with room.desk():
        await people.add_resident(room.pool, **known)  # type: ignore[arg-type]

        async def told() -> bool:
            return bool(await told_of(room.way, "pl_1", "re_6"))

        await eventually(told)
        await people.update_resident(room.pool, "re_6", {"timezone": "Asia/Shanghai"}, NOW)

        async def corrected() -> bool:
            return (await told_of(room.way, "pl_1", "re_6"))[-1].version == 2

        await eventually(corrected)
    found = await told_of(room.way, "pl_1", "re_6")
    assert found[0].local_time == home_clock("Europe/London", NOW)
    assert found[-1].local_time is None
    await room.pool.execute("update resident set timezone = 'Europe/Paris', config_version = 0 where id = 're_3'")
    assert "re_3" in {each.id for each in await people.configured_residents(room.pool)}
    await Configurer(room.pool, room.way.js, room.clock).say_all()
    assert (await told_of(room.way, "pl_2", "re_3"))[-1].local_time == home_clock("Europe/Paris", NOW)


async def test_a_change_that_is_refused_says_nothing(room: Room) -> None:
    before = await outbox.counts(room.pool)
    with pytest.raises(BrokenRule):
        await changed(room.pool, sensitivity="keener", unit="pl_none")
    found = await people.resident(room.pool, "re_1")
    assert found is not None
    assert (found.config_version, found.sensitivity) == (0, Sensitivity.NORMAL)
    assert await outbox.counts(room.pool) == before
