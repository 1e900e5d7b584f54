"""A routine that the watcher lost is read from the database and comes back through the stream; nobody waits for it."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partialmethod

import msgspec
import pytest
from nats.aio.msg import Msg
from nats.js.errors import KeyNotFoundError

from detectors.everyday_state import HABITS
from detectors.everyday_watches import Watch
from detectors.host import INACTIVITY, Host
from detectors.inactivity_replay import Relearner
from detectors.inactivity_state import RHYTHM
from ingest import desk, watcher
from ingest.configurer import Configurer
from ingest.health import Health
from ingest.home_clock import home_clock
from ingest.pull import PullReader
from ingest.rebuild import Rebuilder
from ingest.snapshots import Shelf
from schemas import ids, subjects, watch
from schemas.config import ResidentConfig, RoutineAsk, RoutineConfig, config_of, config_reading, with_clock
from schemas.places import Binding, PlaceKind
from schemas.reading import Reading, ReadingKind, encode_batch
from schemas.watch import Knows
from store import history, people, readings
from store.pool import Pool, open_pool
from tests.conftest import Database
from tests.ingest.conftest import Way, _running
from tests.ingest.test_relearn import UNIT, life, lived, stored
from tests.ingest.waiting import eventually

pytestmark = pytest.mark.servers
PARTITION = ids.partition_of(UNIT)
#: The watcher loses what it learnt here, near the end.
LOST = len(life()) - 60


def end_us() -> int:
    return life()[-1].arrival_us + 1_000_000


def messages(found: Sequence[Reading]) -> list[Reading]:
    return [reading for reading in found if reading.kind is not ReadingKind.CONFIG]


@pytest.fixture
async def pool(way: Way, database: Database) -> AsyncIterator[Pool]:
    """A database in which the home stands with its sensors, and how its resident was watched over."""
    pool = await open_pool(database.dsn)
    await people.add_place(pool, name="a home", kind=PlaceKind.HOME, now_us=1, place_id=UNIT)
    for room in sorted({reading.place or "" for reading in messages(life())}):
        await people.add_place(pool, name=room, kind=PlaceKind.ROOM, now_us=1, parent=UNIT, place_id=room)
        await people.add_device(pool, device_id=room, kind="motion", now_us=1)
        await people.bind(pool, Binding(device=room, unit=UNIT, place=room, start_us=1), 1)
    async with pool.acquire() as conn:
        for reading in life():
            if reading.kind is ReadingKind.CONFIG:
                config = config_of(reading)
                await history.note_settings(conn, [config], reading.event_us)  # type: ignore[list-item]
    yield pool
    pool.terminate()


@asynccontextmanager
async def desk_running(way: Way, dsn: str, clock: Callable[[], int] = end_us) -> AsyncIterator[None]:
    async with _running(
        lambda stop, ready: desk.run(nats_url=way.nats_url, dsn=dsn, clock=clock, stop=stop, ready=ready)
    ):
        yield


async def publish(way: Way, found: Sequence[Reading]) -> None:
    for start in range(0, len(found), 500):
        await way.js.publish(subjects.readings(PARTITION), encode_batch(list(found[start : start + 500])))


async def saved(way: Way) -> Host:
    """Return what the watcher saved last."""
    loaded = await Shelf(way.js, PARTITION, "reader").load(2**60)
    host = Host()
    assert loaded.head is not None
    assert host.take_over(loaded.head.clocks, loaded.units or {}) == {}
    return host


async def known(way: Way) -> Knows | None:
    """Return what the watcher says of the home; the platform's clock, standing, keeps it busy."""
    await publish(way, [lived()[-1]])
    try:
        found = await (await way.js.key_value(subjects.WATCHED)).get(UNIT)
    except KeyNotFoundError:
        return None
    said = watch.decode(found.value or b"").inactivity
    return None if said is None else said.state


async def been_through(way: Way) -> bool:
    """Whether the watcher has been through all there is, and saved it: it acknowledges what is saved.

    What was only delivered may still be on the way to it; when it is stopped before that has come, it ends without it
    (and reads it after its next start).
    """
    last = (await way.js.stream_info(subjects.READINGS)).state.last_seq
    info = await way.js.consumer_info(subjects.READINGS, subjects.WATCHER)
    handed_out = info.delivered is not None and info.delivered.stream_seq >= last
    return handed_out and not info.num_pending and not info.num_ack_pending


async def test_what_is_read_from_the_database_is_what_came_with_all_that_the_rhythm_is_learnt_from(pool: Pool) -> None:
    await readings.write(pool, messages(life()))
    devices = await history.devices_of(pool, UNIT)
    found = [each async for chunk in history.messages(pool, UNIT, devices, end_us() - 10**13) for each in chunk]
    whole, read = Relearner(UNIT), Relearner(UNIT)
    settings = [reading for reading in life() if reading.kind is ReadingKind.CONFIG]
    whole.update(life())
    read.update(sorted([*found, *settings], key=lambda reading: reading.arrival_us))
    assert len(found) == len(messages(life()))
    assert read.learnt() == whole.learnt()
    assert [(each.config, each.changed_us) for each in await history.settings(pool, UNIT)] == [
        (config_of(reading), reading.event_us) for reading in settings
    ]


async def test_who_is_away_until_when_is_noted_with_the_change(pool: Pool) -> None:
    await people.add_resident(pool, name="r", unit=UNIT, now_us=2, resident_id="re_9")
    await people.update_resident(pool, "re_9", {"absent_until_us": 99}, 5)
    await people.update_resident(pool, "re_9", {"note": "not for detectors"}, 6)
    await people.update_resident(pool, "re_9", {"absent_until_us": None}, 7)
    found = [each for each in await history.settings(pool, UNIT) if each.config.resident == "re_9"]
    assert [(each.changed_us, each.config.absent_until_us, each.config.version) for each in found] == [
        (5, 99, 1),
        (7, None, 2),
    ]


async def test_a_lost_routine_comes_back_as_it_was_and_until_then_the_prior_is_used_and_said(
    way: Way, pool: Pool, database: Database
) -> None:
    await readings.write(pool, messages(life()))
    undisturbed = Host()
    undisturbed.update(lived())
    before = [reading for reading in lived() if reading.arrival_us < life()[LOST].arrival_us]
    after = lived()[len(before) :]
    async with way.recorder(database.dsn):
        async with way.watcher():  # nothing of before is in the stream any more, and no snapshot
            await publish(way, after)

            async def asking() -> bool:
                return await known(way) is Knows.REBUILDING

            await eventually(asking)
        assert (await saved(way)).inactivity.homes[UNIT].routine.days < 1
        asks = [
            msgspec.msgpack.decode(data, type=RoutineAsk) for _, data in await way.messages(f"KV_{subjects.ROUTINES}")
        ]
        assert {(ask.unit, ask.model) for ask in asks} == {(UNIT, RHYTHM), (UNIT, HABITS)}
        async with desk_running(way, database.dsn), way.watcher():

            async def knows() -> bool:
                asked = (await way.js.stream_info(f"KV_{subjects.ROUTINES}")).state.messages
                return await known(way) is Knows.LEARNT and not asked

            await eventually(knows)
    host = await saved(way)
    ours, habits = host.inactivity.homes[UNIT], host.everyday.homes[UNIT]
    assert ours.routine == undisturbed.inactivity.homes[UNIT].routine
    assert ours.ask is None
    assert habits.ask is None
    assert habits.habits[Watch.NO_MEAL][0] == undisturbed.everyday.homes[UNIT].habits[Watch.NO_MEAL][0]


async def test_a_home_by_another_clock_is_read_by_that_clock_from_its_first_message_on(
    way: Way, pool: Pool, database: Database
) -> None:
    await readings.write(pool, messages(life()))
    await people.add_resident(pool, name="r", unit=UNIT, now_us=2, resident_id="r1", timezone="Europe/London")
    health = Health("rebuilder", logging.getLogger("test"))
    rebuilder = Rebuilder(pool, way.js, Configurer(pool, way.js, end_us), end_us, health, asyncio.Event())
    read, wanted = await rebuilder.relearnt(UNIT), Relearner(UNIT)
    clock = home_clock("Europe/London", end_us())
    by_it = [
        config_reading(with_clock(config, clock), each.event_us, each.arrival_us)  # type: ignore[arg-type]
        if (each.kind is ReadingKind.CONFIG and (config := config_of(each)))
        else each
        for each in life()
    ]
    first = ResidentConfig(resident="r1", unit=UNIT, version=0, clock=clock)  # type: ignore[arg-type]
    wanted.update([config_reading(first, by_it[0].arrival_us, by_it[0].arrival_us), *by_it])
    assert read.learnt() == wanted.learnt()
    plain = Relearner(UNIT)
    plain.update(life())
    assert read.learnt() != plain.learnt()


async def test_another_versions_ask_is_left_to_that_version_and_a_new_home_is_told_that_there_is_nothing(
    way: Way, pool: Pool, database: Database
) -> None:
    bucket = await way.js.key_value(subjects.ROUTINES)
    await bucket.put("u7", msgspec.msgpack.encode(RoutineAsk(unit="u7", model="inactivity-9.9", token="t")))
    await bucket.put("u8", msgspec.msgpack.encode(RoutineAsk(unit="u8", model=RHYTHM, token="t")))
    async with way.recorder(database.dsn), desk_running(way, database.dsn):

        async def answered() -> bool:
            return await bucket.keys() == ["u7"]

        await eventually(answered)
    configs = [config_of(reading) for reading in await way.readings() if reading.kind is ReadingKind.CONFIG]
    [told] = [config for config in configs if isinstance(config, RoutineConfig)]
    assert (told.unit, told.asked, told.through_us) == ("u8", "t", -1)


@pytest.mark.parametrize("late_s", [0.0, 0.3])
async def test_one_part_of_another_model_loses_nothing_of_the_others(
    way: Way, late_s: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The watcher's own way through a snapshot of which one detector cannot be taken over.

    Also where what the server has sent comes ``late_s`` later, as on a machine with much to do.
    """
    monkeypatch.setattr(watcher, "SAVE_SECONDS", 0.0)
    async with way.watcher():
        await publish(way, lived()[:6000])
        await eventually(lambda: been_through(way), seconds=60)
    before = await saved(way)
    host = before.states({UNIT})[UNIT]
    host["fall"] = msgspec.msgpack.encode({"schema": 1, "model": "fall-0"})
    old = Shelf(way.js, PARTITION, "old")
    loaded = await old.load(2**60)
    assert loaded.head is not None
    await old.save(loaded.head.seq, {}, loaded.head.clocks, [UNIT], lambda _: {UNIT: host})
    monkeypatch.setattr(PullReader, "_on_message", partialmethod(_late, PullReader._on_message, late_s))
    async with way.watcher():
        await publish(way, lived()[6000:6100])
        await eventually(lambda: been_through(way))
    wanted = Host()
    wanted.update(lived()[:6100])
    ours = await saved(way)
    assert ours.states({UNIT})[UNIT][INACTIVITY] == wanted.states({UNIT})[UNIT][INACTIVITY]
    assert ours.states({UNIT})[UNIT]["wandering"] == wanted.states({UNIT})[UNIT]["wandering"]


async def _late(
    self: PullReader, taken: Callable[[PullReader, Msg], Awaitable[None]], late_s: float, sent: Msg
) -> None:
    if late_s:
        await asyncio.sleep(late_s)
    await taken(self, sent)


def test_what_the_recorder_stores_of_the_life_is_all_of_it() -> None:
    assert len(messages(life())) == len(stored(lived())) - 3
