"""Raw messages read again: what a mended decoder makes of them stands in the database, and nothing alarms."""

import json
from collections.abc import AsyncIterator, Sequence
from typing import Any

import msgspec
import pytest

from ingest.decoders import owntracks
from ingest.decoders.families import Families
from ingest.decoders.message import RawMessage
from ingest.redecode import Redecoded, redecode
from schemas.places import Binding
from schemas.reading import Observation, Reading
from store import people, readings
from store.pool import Pool, open_pool
from tests.conftest import Database
from tests.store.making import NOW, SECOND, a_home, frame, state

pytestmark = pytest.mark.servers
BASES = ("zigbee2mqtt",)
IEEE = "0x00158d0001a2b3c4"
DEVICE = f"z2m-{IEEE}"
HOUR = 3600 * SECOND


@pytest.fixture
async def pool(database: Database) -> AsyncIterator[Pool]:
    opened = await open_pool(database.dsn)
    await a_home(opened)
    yield opened
    opened.terminate()


def told(*messages: tuple[str, Any]) -> list[Reading]:
    """Return what today's decoder makes of messages a minute apart."""
    families = Families(BASES)
    found: list[Reading] = []
    for number, (rest, body) in enumerate(messages):
        payload = body if isinstance(body, bytes) else json.dumps(body).encode()
        message = RawMessage(f"zigbee2mqtt/{rest}", payload, False, NOW + number * 60 * SECOND)
        (decoded,) = families.decode(message)
        found += decoded.readings
    return found


INVENTORY = [
    {
        "friendly_name": "door",
        "ieee_address": IEEE,
        "type": "EndDevice",
        "definition": {
            "model": "M1",
            "description": "Contact",
            "exposes": [
                {"type": "binary", "property": "contact", "access": 1, "value_on": "ON", "value_off": "OFF"},
                {"type": "numeric", "property": "battery", "access": 1, "unit": "%"},
            ],
        },
    }
]
STORY = (
    ("bridge/devices", INVENTORY),
    ("bridge/state", b"online"),
    ("door", {"contact": "ON", "battery": 90}),
    ("door", {"contact": "ON", "battery": 90}),
    ("door", {"contact": "OFF", "battery": 89}),
    ("bridge/state", b"offline"),
)


def wrongly(heard: Sequence[Reading]) -> list[Reading]:
    """Return readings as a broken decoder would have stored them: each repeats an event, and means something else."""
    wrong = Observation("sos", True)
    return [msgspec.structs.replace(reading, observations=(wrong,), events=("sos",)) for reading in heard]


async def rows(pool: Pool, table: str = "reading") -> list[tuple[Any, ...]]:
    what = "type, text_value" if table == "reading" else "kind, payload"
    found = await pool.fetch(f"select device, unit, arrival_us, {what} from {table} order by arrival_us, device, 4, 5")
    return [tuple(row) for row in found]


async def test_what_a_broken_decoder_stored_is_what_the_mended_one_would_have(pool: Pool) -> None:
    right = told(*STORY)
    await people.add_device(pool, device_id=DEVICE, kind="door", now_us=0)
    await people.bind(pool, Binding(device=DEVICE, unit="pl_2", place="pl_2", start_us=0), NOW)
    await readings.write(pool, right)
    wanted, raw = await rows(pool), await rows(pool, "message")
    assert len({row[3] for row in wanted}) > 4
    await pool.execute("delete from reading; delete from message")
    await readings.write(pool, wrongly(right))
    assert await rows(pool) != wanted
    done = await redecode(pool, since_us=NOW, bases=BASES)
    assert await rows(pool) == wanted
    assert await rows(pool, "message") == raw
    assert done == Redecoded(messages=6, rewritten=6, values=len(wanted))
    await redecode(pool, since_us=NOW, bases=BASES)
    assert await rows(pool) == wanted, "and again changes nothing"


async def test_only_since_then_and_only_that_device_with_the_schema_and_the_memory_of_before(pool: Pool) -> None:
    right = told(*STORY, ("other", {"occupancy": True}))
    await readings.write(pool, wrongly(right))
    since = NOW + 3 * 60 * SECOND
    done = await redecode(pool, since_us=since, bases=BASES, device=DEVICE)
    mended = {reading.arrival_us: reading for reading in right if reading.device == DEVICE}
    found = await pool.fetch("select device, arrival_us, text_value from reading where type = 'event'")
    events = {(row["device"], row["arrival_us"]): row["text_value"] for row in found}
    assert events.get((DEVICE, since)) is None, "the door that was open already is no event"
    assert events[DEVICE, NOW + 4 * 60 * SECOND] == "door_closed"
    assert mended[NOW + 4 * 60 * SECOND].events == ("door_closed",)
    untouched = [key for key in events if key[0] != DEVICE or key[1] < since]
    assert {events[key] for key in untouched} == {"sos"}
    assert done.rewritten == 3


async def test_a_wearables_messages_keep_their_time_and_the_resident_page_its_values(pool: Pool) -> None:
    payload = b'{"boot": 1, "seq": 5, "t_us": 3600000000, "heart_rate": 71}'
    sent = msgspec.structs.replace(
        state("w1", 5, NOW + SECOND, Observation("heart_rate", 7.1, "1/min"), Observation("steps", 1.0)),
        payload=payload,
    )
    await readings.write(pool, [sent, frame("w1", 9, NOW + 2 * SECOND)])
    await redecode(pool, since_us=NOW - HOUR, bases=BASES)
    latest = await readings.latest(pool, "re_1")
    shown = {value.observation.type: (value.observation.value, value.event_us) for value in latest.values}
    assert shown["heart_rate"] == (71.0, NOW + SECOND)
    assert "steps" not in shown
    assert latest.last_frame_us == NOW + 3 * SECOND
    assert latest.battery == 80


async def test_what_means_nothing_to_the_decoder_stays_as_it_was(pool: Pool) -> None:
    await readings.write(pool, [state("w1", 1, NOW, Observation("heart_rate", 70.0, "1/min"))])
    before = await rows(pool)
    assert (await redecode(pool, since_us=NOW - HOUR, bases=BASES)).rewritten == 0
    assert await rows(pool) == before


async def test_phones_are_read_again_too(pool: Pool) -> None:
    body = {"_type": "location", "lat": 30.0, "lon": 122.2, "acc": 9, "tst": NOW // SECOND - 5}
    right = owntracks.decode(
        owntracks.NEW_ROOT, {}, RawMessage("owntracks/wang/phone", json.dumps(body).encode(), False, NOW)
    ).reading
    assert right is not None
    await readings.write(pool, [right])
    wanted = await rows(pool)
    await pool.execute("delete from reading; delete from message")
    await readings.write(pool, wrongly([right]))
    assert (await redecode(pool, since_us=NOW, bases=BASES)).rewritten == 1
    assert await rows(pool) == wanted and len(wanted) == 3
