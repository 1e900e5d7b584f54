"""Readings are stored once and come back exactly; what is kept beside them agrees."""

import asyncio
import random

import asyncpg
import msgspec
import pytest

from schemas import frame as wire
from schemas.errors import BadPayload
from schemas.reading import Observation, Reading, ReadingKind
from store import people, readings
from store.pool import Pool
from store.series import DAY_US, TABLES
from tests.store.making import NOW, SECOND, frame, state

pytestmark = [pytest.mark.servers, pytest.mark.series]
MINUTE = 60 * SECOND
#: The first whole minute after NOW.
FIRST_MINUTE = NOW // MINUTE * MINUTE + MINUTE


def steady(count: int = 20) -> list[Reading]:
    return [frame("w1", seq, NOW + seq * SECOND) for seq in range(count)]


async def test_frames_written_twice_stand_once_and_come_back_exactly(pool: Pool) -> None:
    batch = steady()
    assert await readings.write(pool, batch) == readings.Written(frames=20)
    assert await readings.write(pool, batch) == readings.Written(repeated=20)
    stored = await readings.frames_between(pool, "re_1", NOW, NOW + 20 * SECOND)
    assert [(row.event_us, row.end_us, row.arrival_us, row.seq, row.payload) for row in stored] == [
        (sent.event_us, sent.end_us, sent.arrival_us, sent.seq, sent.payload) for sent in batch
    ]
    assert wire.decode(stored[3].payload).seq == 3


async def test_a_repetition_mapped_to_another_event_time_is_still_a_repetition(pool: Pool) -> None:
    batch = steady()
    await readings.write(pool, batch)
    moved = [msgspec.structs.replace(sent, event_us=sent.event_us + 59 * MINUTE) for sent in batch]
    assert (await readings.write(pool, moved)).repeated == 20


async def test_a_boot_counter_that_starts_over_a_day_later_is_no_repetition(pool: Pool) -> None:
    await readings.write(pool, steady())
    later = [frame("w1", seq, NOW + DAY_US + seq * SECOND) for seq in range(20)]
    assert await readings.write(pool, later) == readings.Written(frames=20)


async def test_repetitions_inside_one_batch_and_between_concurrent_writers_stand_once(pool: Pool) -> None:
    batch = steady()
    random.Random(5).shuffle(batch)
    written = await asyncio.gather(*(readings.write(pool, batch + batch[:7]) for _ in range(8)))
    assert sum(one.frames for one in written) == 20
    assert await pool.fetchval("select count(*) from frame") == 20


async def test_samples_in_the_same_microsecond_of_two_devices_are_both_kept(pool: Pool) -> None:
    written = await readings.write(pool, [frame("w1", 1, NOW), frame("w2", 1, NOW), frame("w1", 2, NOW)])
    assert written.frames == 3


async def test_values_of_every_type_come_back_as_they_were(pool: Pool) -> None:
    seen = (
        Observation("heart_rate", 71.5, "1/min"),
        Observation("worn", True),
        Observation("posture", "躺", ""),
        Observation("steps", 0.0, "1"),
    )
    written = await readings.write(pool, [state("w1", 1, NOW, *seen)])
    assert (written.values, written.messages) == (4, 1)
    latest = await readings.latest(pool, "re_1")
    assert sorted((value.observation for value in latest.values), key=str) == sorted(seen, key=str)
    assert {value.event_us for value in latest.values} == {NOW}
    assert latest.worn is True
    assert latest.last_frame_us is None


async def test_an_event_is_a_row_and_the_raw_message_stands_beside_it(pool: Pool) -> None:
    pressed = msgspec.structs.replace(state("w1", 4, NOW), kind=ReadingKind.EVENT, events=("sos",))
    await readings.write(pool, [pressed, state("w1", 4, NOW)])
    assert await pool.fetchval("select text_value from reading where type = 'event'") == "sos"
    rows = await pool.fetch("select kind, topic, payload from message order by kind")
    assert [(row["kind"], row["topic"], row["payload"]) for row in rows] == [
        ("event", pressed.topic, pressed.payload),
        ("state", pressed.topic, pressed.payload),
    ]


async def test_messages_without_boot_or_seq_are_known_by_what_they_say_and_when_they_came(pool: Pool) -> None:
    bare = state("w1", -1, NOW, boot=-1)
    other = msgspec.structs.replace(bare, payload=b"other")
    later = msgspec.structs.replace(bare, arrival_us=bare.arrival_us + 1)
    assert (await readings.write(pool, [bare, bare, other, later])).messages == 3
    assert (await readings.write(pool, [later, other, bare])).repeated == 3


async def test_activity_is_the_mean_departure_from_one_g_by_minute_and_repetitions_add_nothing(pool: Pool) -> None:
    # 0.5 s of each frame is in the first minute, 0.5 s in the second.
    straddling = frame("w1", 1, FIRST_MINUTE + MINUTE - SECOND // 2, g=2.0)
    batch = [frame("w1", 0, FIRST_MINUTE, g=1.0), straddling]
    for _ in range(2):
        await readings.write(pool, batch)
    first, second = await readings.activity_by_minute(pool, "re_1", FIRST_MINUTE, FIRST_MINUTE + 10 * MINUTE)
    assert (first.minute_us, first.samples, first.worn) == (FIRST_MINUTE, 75, True)
    assert first.activity == pytest.approx(25 / 75)
    assert (second.minute_us, second.samples) == (FIRST_MINUTE + MINUTE, 25)
    assert second.activity == pytest.approx(1.0)


async def test_an_unbound_device_is_stored_registered_and_nobodys(pool: Pool) -> None:
    await readings.write(pool, [frame("new-1", 1, NOW, resident=None)])
    (device,) = await people.devices(pool, unbound=True)
    assert (device.id, device.kind, device.battery, device.worn) == ("new-1", "wearable", 80, True)
    assert device.seen_us == NOW + SECOND + 50_000
    assert await pool.fetchval("select count(*) from activity_minute") == 0
    assert (await readings.latest(pool, "re_1")).last_frame_us is None


async def test_what_was_kept_by_a_device_for_hours_does_not_turn_the_latest_values_back(pool: Pool) -> None:
    await readings.write(pool, [frame("w1", 50, NOW, battery=40)])
    await readings.write(pool, [frame("w1", 2, NOW - 5 * 3600 * SECOND, battery=99)])
    latest = await readings.latest(pool, "re_1")
    assert (latest.battery, latest.last_frame_us) == (40, NOW + SECOND)
    (device,) = await people.devices(pool)
    assert device.battery == 40


async def test_a_retained_message_or_a_last_will_never_makes_a_device_look_alive(pool: Pool) -> None:
    retained = msgspec.structs.replace(state("w1", 1, NOW, Observation("battery", 50.0, "%")), retain=True)
    will = msgspec.structs.replace(state("w2", -1, NOW, boot=-1), kind=ReadingKind.STATUS)
    await readings.write(pool, [retained, will])
    assert [(device.id, device.seen_us, device.battery) for device in await people.devices(pool)] == [
        ("w1", None, None),
        ("w2", None, None),
    ]
    assert (await readings.latest(pool, "re_1")).values == ()


async def test_one_reading_that_cannot_be_stored_refuses_its_batch_and_writes_nothing(pool: Pool) -> None:
    broken = msgspec.structs.replace(frame("w1", 1, NOW), payload=b"not a frame")
    with pytest.raises(BadPayload):
        await readings.write(pool, [frame("w1", 0, NOW), broken])
    huge = msgspec.structs.replace(state("w1", 1, NOW), event_us=2**63)
    with pytest.raises(asyncpg.DataError, match="int64"):
        await readings.write(pool, [frame("w1", 0, NOW), huge])
    assert await pool.fetchval("select count(*) from frame") == 0


async def test_ticks_are_not_stored(pool: Pool) -> None:
    tick = Reading(kind=ReadingKind.TICK, arrival_us=NOW, event_us=NOW, end_us=NOW)
    assert await readings.write(pool, [tick]) == readings.Written()


async def test_frames_that_reach_into_the_interval_are_found_and_the_next_one_is_not(pool: Pool) -> None:
    await readings.write(pool, steady(5))
    found = await readings.frames_between(pool, "re_1", NOW + SECOND + SECOND // 2, NOW + 3 * SECOND)
    assert [row.seq for row in found] == [1, 2]


async def test_both_ways_put_down_the_same_rows(pool: Pool) -> None:
    odd = (
        Observation("posture", "躺 \U0001f6cc", ""),
        Observation("tilt", float("inf"), "deg"),
        Observation("noise", float("nan")),
        Observation("steps", 2.0**53, "1"),
    )
    bare = msgspec.structs.replace(state("z", -1, NOW, boot=-1), payload=b"", resident=None, place="pl_2")
    batch = [*steady(), frame("w2", 1, NOW, resident=None), state("w1", 1, NOW, *odd), bare]
    found = []
    for path in readings.WritePath:
        await pool.execute("truncate frame, reading, message")
        written = await readings.write(pool, batch, path=path)
        rows = [await pool.fetch(f"select * from {table} order by event_us, device, seq, 7") for table in TABLES]
        found.append((written, str(rows)))
    assert found[0] == found[1]
    assert found[0][0] == readings.Written(frames=21, values=4, messages=2)


async def test_both_ways_refuse_the_same_and_leave_nothing(pool: Pool) -> None:
    huge = msgspec.structs.replace(state("w1", 1, NOW), seq=2**63)
    unwritable = state("w1", 1, NOW, Observation("posture", "a\0b"))
    for path in readings.WritePath:
        for refused in (huge, unwritable):
            with pytest.raises(asyncpg.DataError):
                await readings.write(pool, [frame("w1", 0, NOW), refused], path=path)
    assert await pool.fetchval("select count(*) from frame") == 0
