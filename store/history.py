"""What a unit's own sensors told over months, in the order in which it was heard; for rhythms that are learnt anew."""

from collections.abc import AsyncIterator, Mapping, Sequence

import asyncpg
import msgspec

from schemas.config import ResidentConfig, Sensitivity
from schemas.reading import Clock, Observation, Reading, ReadingKind
from store.again import OLDEST_US
from store.pool import Connection, Db
from store.rows import columns, placeholders, record, values
from store.traces import Value

#: Four days of a home with chatty sensors are some 20,000 messages. Each chunk looks through the week before it too,
#: for what devices had kept, so that shorter ones would cost more in all.
CHUNK_US = 4 * 86_400 * 1_000_000
#: A device's clock may run ahead of arrival by this much before it is not believed (ingest.decoders.event_time).
AHEAD_US = 5 * 60 * 1_000_000

_MESSAGES = """
    select m.event_us, m.arrival_us, m.device, m.kind, m.boot, m.seq, m.unit, m.resident, m.place, m.clock, m.topic,
           r.types, r.numbers, r.texts, r.measures
    from message m
    left join lateral (
        select array_agg(r.type) as types, array_agg(r.value) as numbers, array_agg(r.text_value) as texts,
               array_agg(r.unit_of_measure) as measures
        from reading r
        where r.device = m.device and r.event_us = m.event_us and r.arrival_us = m.arrival_us and r.boot = m.boot
          and r.seq = m.seq
    ) r on true
    where m.device = any($1::text[]) and m.unit = $2 and not m.retain
      and m.arrival_us >= $3::bigint and m.arrival_us < $4::bigint
      and m.event_us >= $3::bigint - $5::bigint and m.event_us < $4::bigint + $6::bigint
    order by m.arrival_us, m.event_us, m.device, m.boot, m.seq
"""


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """How a resident was watched over in a unit from ``changed_us`` on."""

    config: ResidentConfig
    changed_us: int


class _Row(msgspec.Struct, frozen=True, kw_only=True):
    resident: str
    unit: str
    version: int
    here: bool
    absent_until_us: int | None
    sensitivity: Sensitivity
    off: tuple[str, ...]
    changed_us: int


async def note_settings(conn: Connection, configs: Sequence[ResidentConfig], changed_us: int) -> None:
    """Note how a resident is watched over from ``changed_us`` on; inside the caller's transaction."""
    for config in configs:
        row = msgspec.convert(msgspec.structs.asdict(config) | {"changed_us": changed_us}, _Row)
        await conn.execute(
            f"insert into resident_setting ({columns(_Row)}) values ({placeholders(_Row)}) on conflict do nothing",  # noqa: S608
            *values(row),
        )


async def settings(db: Db, unit: str) -> list[Setting]:
    """Return how the residents of a unit were watched over, oldest first."""
    rows = await db.fetch(
        f"select {columns(_Row)} from resident_setting where unit = $1 order by changed_us, version",  # noqa: S608
        unit,
    )
    return [_setting(record(row, _Row)) for row in rows]


def _setting(row: _Row) -> Setting:
    config = ResidentConfig(
        resident=row.resident,
        unit=row.unit,
        version=row.version,
        here=row.here,
        absent_until_us=row.absent_until_us,
        sensitivity=row.sensitivity,
        off=row.off,
    )
    return Setting(config=config, changed_us=row.changed_us)


async def devices_of(db: Db, unit: str) -> list[str]:
    """Return the devices that are or were bound in a unit."""
    rows = await db.fetch("select distinct device from binding where unit = $1 order by device", unit)
    return [row["device"] for row in rows]


async def messages(db: Db, unit: str, devices: Sequence[str], since_us: int) -> AsyncIterator[list[Reading]]:
    """Yield a unit's messages in the order of arrival, in chunks of CHUNK_US; frames and retained ones not.

    The last chunk holds what there is now. ``since_us``: nothing that arrived earlier.
    """
    last_us = await db.fetchval(
        "select max(arrival_us) from message where device = any($1::text[]) and unit = $2 and event_us >= $3",
        devices,
        unit,
        since_us - OLDEST_US,
    )
    start_us = since_us
    while last_us is not None and start_us <= last_us:
        end_us = start_us + CHUNK_US
        rows = await db.fetch(_MESSAGES, devices, unit, start_us, end_us, OLDEST_US, AHEAD_US)
        if rows:
            yield [_reading(row) for row in rows]
        start_us = end_us


async def at_most(db: Db, unit: str, devices: Sequence[str], since_us: int, most: int) -> bool:
    """Whether a unit has at most ``most`` messages since then: more would be too much to be read for one look."""
    found = await db.fetchval(
        """
        select count(*) from (
            select 1 from message
            where device = any($1::text[]) and unit = $2 and event_us >= $3 and not retain limit $4::bigint + 1
        ) found
        """,
        devices,
        unit,
        since_us,
        most,
    )
    return int(found) <= most


def _reading(row: asyncpg.Record) -> Reading:
    seen = [] if row["types"] is None else list(_seen(dict(row)))
    return Reading(
        kind=ReadingKind(row["kind"]),
        arrival_us=row["arrival_us"],
        event_us=row["event_us"],
        end_us=row["event_us"],
        device=row["device"],
        unit=row["unit"],
        resident=row["resident"],
        place=row["place"],
        boot=row["boot"],
        seq=row["seq"],
        clock=Clock(row["clock"]),
        topic=row["topic"],
        observations=tuple(each for each in seen if each.type != "event"),
        events=tuple(str(each.value) for each in seen if each.type == "event"),
    )


def _seen(row: Mapping[str, list[object]]) -> list[Observation]:
    kept = zip(row["types"], row["numbers"], row["texts"], row["measures"], strict=True)
    return [
        Observation(name, Value(value=number, text_value=text, unit_of_measure=measure).plain(), measure)  # type: ignore[arg-type]
        for name, number, text, measure in kept
    ]
