"""How devices themselves are, as the store tells it: here what one said last, as it came."""

import pytest

from schemas.reading import Reading, ReadingKind
from store import device_health, readings
from store.pool import Pool
from tests.store.making import NOW

pytestmark = pytest.mark.servers


def said(device: str, seq: int, payload: bytes, *, retain: bool = False) -> Reading:
    return Reading(
        kind=ReadingKind.STATE,
        arrival_us=NOW + seq + 5,
        event_us=NOW + seq,
        end_us=NOW + seq,
        device=device,
        boot=0,
        seq=seq,
        topic=f"home/{device}",
        payload=payload,
        retain=retain,
    )


async def test_what_a_device_said_last_is_given_as_it_came_and_nobody_elses(pool: Pool) -> None:
    await readings.write(
        pool, [said("door", 1, b"old"), said("door", 3, b"new", retain=True), said("hall", 9, b"other")]
    )
    last = await device_health.last_message(pool, "door", NOW)
    assert last == device_health.LastMessage(arrival_us=NOW + 8, topic="home/door", retain=True, payload=b"new")
    assert await device_health.last_message(pool, "door", NOW + 4) is None
    assert await device_health.last_message(pool, "nobody", NOW) is None
