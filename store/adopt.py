"""Readings of a device that nobody had when they came: given to whoever is said later to have had it then.

In the transaction that binds the device, all that is stored of it in the binding's interval and belongs to nobody gets
the binding's unit, resident and place; what is on its way is bound when it is written. Both hold the lock of the
readings, so that nothing slips between. Detectors read the stream, not the database: nothing of the past alarms.
"""

from collections.abc import Sequence

import msgspec

from schemas import frame as wire
from schemas.places import Binding, holder
from schemas.reading import Clock, Reading, ReadingKind
from store.blocks import add_activity, minutes_of
from store.heard import note_latest
from store.pool import Connection
from store.rows import columns, record
from store.series import unpack_all

#: Frames are taken an hour at a time: some 5 MB of them at two frames a second.
_HOUR_US = 3600 * 1_000_000
#: The end of what has none.
FOREVER_US = 2**63 - 1
_BINDING = columns(Binding)


async def bound(conn: Connection, readings: Sequence[Reading]) -> list[Reading]:
    """Return readings, those of nobody bound as the database knows it; the caller holds the lock of the readings."""
    devices = sorted({reading.device for reading in readings if reading.unit is None and reading.device})
    if not devices:
        return list(readings)
    known: dict[str, list[Binding]] = {}
    sql = f"select {_BINDING} from binding where device = any($1::text[]) order by start_us"  # noqa: S608
    for row in await conn.fetch(sql, devices):
        known.setdefault(row["device"], []).append(record(row, Binding))
    return [_of(reading, known.get(reading.device, [])) if reading.unit is None else reading for reading in readings]


def _of(reading: Reading, bindings: list[Binding]) -> Reading:
    found = holder(bindings, reading.event_us, reading.end_us)
    if found is None:
        return reading
    return msgspec.structs.replace(
        reading, unit=found.unit, resident=found.resident, place=found.place, position=found.position
    )


async def adopt(conn: Connection, binding: Binding) -> int:
    """Give the stored readings of nobody in the binding's interval to its owner; return how many messages that were.

    The caller holds the lock of the readings and has written the binding.
    """
    end_us = FOREVER_US if binding.end_us is None else binding.end_us
    await unpack_all(conn)
    count = await _messages(conn, binding, end_us)
    hours = await conn.fetch(
        """
        select distinct event_us / $4::bigint as hour from frame
        where device = $1 and event_us >= $2 and event_us < $3 and unit is null order by 1
        """,
        binding.device,
        binding.start_us,
        end_us,
        _HOUR_US,
    )
    for row in hours:
        start_us = row["hour"] * _HOUR_US
        count += await _frames(conn, binding, max(start_us, binding.start_us), min(start_us + _HOUR_US, end_us))
    return count


async def _messages(conn: Connection, binding: Binding, end_us: int) -> int:
    given = (binding.device, binding.start_us, end_us, binding.unit, binding.resident, binding.place)
    values = await conn.fetch(
        """
        update reading set unit = $4, resident = $5, place = $6
        where device = $1 and event_us >= $2 and event_us < $3 and unit is null returning 1
        """,
        *given,
    )
    messages = await conn.fetch(
        """
        update message set unit = $4, resident = $5, place = $6
        where device = $1 and event_us >= $2 and event_us < $3 and unit is null returning 1
        """,
        *given,
    )
    if values and binding.resident is not None:
        await latest_values(conn, binding, end_us)
    return len(messages)


async def latest_values(conn: Connection, binding: Binding, end_us: int) -> None:
    """Note the newest value of each type of the owner, but of what the broker remembered and of last wills."""
    await conn.execute(
        """
        insert into latest_value as l
            (resident, type, value, text_value, unit_of_measure, device, event_us, arrival_us)
        select distinct on (r.type)
            r.resident, r.type, r.value, r.text_value, r.unit_of_measure, r.device, r.event_us, r.arrival_us
        from reading r
        where r.device = $1 and r.event_us >= $2 and r.event_us < $3 and r.resident = $4 and r.type <> 'event'
          and exists (
              select from message m
              where m.device = r.device and m.boot = r.boot and m.seq = r.seq and m.event_us = r.event_us
                and m.arrival_us = r.arrival_us and not m.retain and m.kind <> 'status'
          )
        order by r.type, r.event_us desc
        on conflict (resident, type) do update set value = excluded.value, text_value = excluded.text_value,
            unit_of_measure = excluded.unit_of_measure, device = excluded.device, event_us = excluded.event_us,
            arrival_us = excluded.arrival_us
        where excluded.event_us >= l.event_us
        """,
        binding.device,
        binding.start_us,
        end_us,
        binding.resident,
    )


async def _frames(conn: Connection, binding: Binding, start_us: int, end_us: int) -> int:
    rows = await conn.fetch(
        """
        update frame set unit = $4, resident = $5, place = $6, position = $7
        where device = $1 and event_us >= $2 and event_us < $3 and unit is null
        returning event_us, end_us, arrival_us, boot, seq, clock, payload
        """,
        binding.device,
        start_us,
        end_us,
        binding.unit,
        binding.resident,
        binding.place,
        binding.position,
    )
    readings = [
        Reading(
            kind=ReadingKind.FRAME,
            device=binding.device,
            unit=binding.unit,
            resident=binding.resident,
            place=binding.place,
            position=binding.position,
            event_us=row["event_us"],
            end_us=row["end_us"],
            arrival_us=row["arrival_us"],
            boot=row["boot"],
            seq=row["seq"],
            clock=Clock(row["clock"]),
            payload=row["payload"],
        )
        for row in rows
    ]
    decoded = [wire.decode(reading.payload) for reading in readings]
    await add_activity(conn, minutes_of(readings, decoded))
    await note_latest(conn, readings, decoded, [])
    return len(rows)
