"""What is read to learn a rhythm anew: a unit's messages as they were heard, on whichever database."""

import msgspec
import pytest

from schemas.config import ResidentConfig
from schemas.reading import Observation, Reading, ReadingKind
from store import history, people, readings
from store.pool import Pool
from store.series import DAY_US
from tests.store.making import NOW, SECOND, a_home, frame, state, worn

pytestmark = pytest.mark.servers


def told(days: int) -> list[Reading]:
    """A message each day, each with two values and an event."""
    seen = (Observation("motion", True), Observation("battery", 80.0, "%"))
    return [
        msgspec.structs.replace(
            state("w1", day, NOW + day * DAY_US, *seen), kind=ReadingKind.EVENT, events=("motion",), payload=b""
        )
        for day in range(days)
    ]


def sorted_by_type(reading: Reading) -> Reading:
    seen = sorted(reading.observations, key=lambda one: one.type)
    return msgspec.structs.replace(reading, observations=tuple(seen))


async def test_messages_come_back_chunk_by_chunk_with_what_they_said(pool: Pool) -> None:
    await a_home(pool)
    await people.bind(pool, worn(NOW), NOW)
    sent = told(10)
    await readings.write(
        pool, [*sent, frame("w1", 99, NOW), msgspec.structs.replace(state("w1", 77, NOW), retain=True)]
    )
    assert await history.devices_of(pool, "pl_1") == ["w1"]
    chunks = [chunk async for chunk in history.messages(pool, "pl_1", ["w1"], NOW)]
    assert [len(chunk) for chunk in chunks] == [4, 4, 2]
    found = [one for chunk in chunks for one in chunk]
    assert [sorted_by_type(one) for one in found] == [sorted_by_type(one) for one in sent]
    later = [chunk async for chunk in history.messages(pool, "pl_1", ["w1"], NOW + 8 * DAY_US)]
    assert [one.seq for chunk in later for one in chunk] == [8, 9]


async def test_settings_are_noted_once_and_come_back_in_order(pool: Pool) -> None:
    configs = [ResidentConfig(resident="re_1", unit="pl_1", version=number, here=number != 2) for number in (1, 2)]
    async with pool.acquire() as conn, conn.transaction():
        for config in (*configs, configs[0]):
            await history.note_settings(conn, [config], NOW + config.version * SECOND)
    assert [(one.config, one.changed_us) for one in await history.settings(pool, "pl_1")] == [
        (config, NOW + config.version * SECOND) for config in configs
    ]


async def test_whether_there_is_more_than_can_be_read_is_known_before_it_is(pool: Pool) -> None:
    await a_home(pool)
    await people.bind(pool, worn(NOW), NOW)
    kept = msgspec.structs.replace(state("w1", 77, NOW), retain=True)
    await readings.write(pool, [*told(10), kept])
    assert await history.at_most(pool, "pl_1", ["w1"], NOW, 10)
    assert not await history.at_most(pool, "pl_1", ["w1"], NOW, 9)
    assert await history.at_most(pool, "pl_1", ["w1"], NOW + 8 * DAY_US, 2)
    assert await history.at_most(pool, "pl_1", [], NOW, 0)
