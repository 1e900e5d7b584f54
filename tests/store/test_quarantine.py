"""The quarantine counts everything for ever, keeps the newest, and takes what a stranger sends."""

import pytest

from schemas.quarantine import QuarantineEntry
from store import device_health, quarantine
from store.pool import Pool
from tests.store.making import NOW

pytestmark = pytest.mark.servers


def entry(number: int, reason: str = "bad-crc", topic: str = "sw/v1/w1/imu") -> QuarantineEntry:
    return QuarantineEntry(
        at_us=NOW + number, topic=topic, reason=reason, sentence="No.", payload=bytes([number % 256]), size=9
    )


async def test_entries_are_counted_by_reason_and_listed_newest_first_by_the_page(pool: Pool) -> None:
    await quarantine.write(pool, [entry(n) for n in range(5)])
    await quarantine.write(pool, [entry(9, "too-large")])
    assert list((await quarantine.counts(pool)).items()) == [("bad-crc", 5), ("too-large", 1)]
    first = await quarantine.listed(pool, limit=2)
    assert [one.entry for one in first] == [entry(9, "too-large"), entry(4)]
    rest = await quarantine.listed(pool, before=first[-1].id)
    assert [one.entry.at_us - NOW for one in rest] == [3, 2, 1, 0]


async def test_a_batch_delivered_again_is_not_counted_again(pool: Pool) -> None:
    batch = [entry(n) for n in range(5)]
    assert await quarantine.write(pool, [*batch, batch[0]]) == 5
    assert await quarantine.write(pool, batch) == 0
    assert await quarantine.counts(pool) == {"bad-crc": 5}


async def test_text_that_no_database_holds_is_kept_readable(pool: Pool) -> None:
    await quarantine.write(pool, [entry(1, topic="a\0b\ud800c")])
    (one,) = await quarantine.listed(pool)
    assert one.entry.topic == "a\ufffdb?c"


async def test_a_flood_keeps_the_newest_and_counts_all(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quarantine, "KEPT_ENTRIES", 10)
    for start in range(0, 100, 20):
        await quarantine.write(pool, [entry(n) for n in range(start, start + 20)])
    assert [one.entry.at_us - NOW for one in await quarantine.listed(pool)] == list(range(99, 89, -1))
    assert await quarantine.counts(pool) == {"bad-crc": 100}


async def test_what_was_not_understood_is_counted_by_the_device_that_its_topic_names_as_a_level(pool: Pool) -> None:
    told = [
        entry(n, topic=topic)
        for n, topic in enumerate(("sw/v1/w1/imu", "sw/v1/w1/imu", "w1", "sw/v1/w11/imu", "w1/w1", "a/W1"))
    ]
    await quarantine.write(pool, told)
    assert await device_health.quarantined(pool, ["w1", "w2"], NOW) == {"w1": {"bad-crc": 4}}
    assert await device_health.quarantined(pool, ["w1"], NOW + 99) == {}
    assert await device_health.links(pool, ["w1"], NOW) == {}
