"""What is known of rooms now: the devices there and on people, when somebody stirred last, and where beacons say."""

from collections.abc import Collection, Sequence

import msgspec

from store.pool import Db
from store.rows import record


class Placed(msgspec.Struct, frozen=True, kw_only=True):
    """A device that somebody wears, or that stands at a place, now."""

    device: str
    kind: str
    label: str | None
    unit: str
    resident: str | None
    place: str | None
    start_us: int
    registered_us: int
    seen_us: int | None
    battery: float | None
    worn: bool | None


class Stirred(msgspec.Struct, frozen=True, kw_only=True):
    """The last sign of life that a sensor at a place told."""

    device: str
    place: str
    unit: str
    event_us: int


class Beacon(msgspec.Struct, frozen=True, kw_only=True):
    """The room that what a resident wears told last."""

    resident: str
    room: str
    event_us: int


async def placed(db: Db, places: Collection[str]) -> list[Placed]:
    """Return the devices that are bound now in one of these places or units."""
    rows = await db.fetch(
        """
        select b.device, d.kind, d.label, b.unit, b.resident, b.place, b.start_us, d.registered_us, d.seen_us,
               d.battery, d.worn
        from binding b join device d on d.id = b.device
        where b.end_us is null and (b.unit = any($1::text[]) or b.place = any($1::text[]))
        order by b.device
        """,
        list(places),
    )
    return [record(row, Placed) for row in rows]


async def stirred(db: Db, devices: Sequence[str], events: Sequence[str], start_us: int, end_us: int) -> list[Stirred]:
    """Return each device's last event of these kinds while it stood at a place, of ``start_us <= event time < end_us``.

    What a broker handed out again after a start is of the past, and counts for nothing.
    """
    rows = await db.fetch(
        """
        select last.* from unnest($1::text[]) as asked (device) cross join lateral (
            select r.device, r.place, r.unit, r.event_us from reading r
            where r.device = asked.device and r.place is not null and r.unit is not null
              and r.type = 'event' and r.text_value = any($2::text[]) and r.event_us >= $3 and r.event_us < $4
              and not exists (
                  select 1 from message m where m.device = r.device and m.boot = r.boot and m.seq = r.seq
                    and m.event_us = r.event_us and m.arrival_us = r.arrival_us and m.retain
              )
            order by r.event_us desc limit 1
        ) last order by last.event_us desc, last.device
        """,
        list(devices),
        list(events),
        start_us,
        end_us,
    )
    return [record(row, Stirred) for row in rows]


async def beacons(db: Db, residents: Collection[str], start_us: int, end_us: int) -> dict[str, Beacon]:
    """Return the last room that a beacon told of each of these residents, by resident."""
    rows = await db.fetch(
        """
        select resident, text_value as room, event_us from latest_value
        where resident = any($1::text[]) and type = 'room' and text_value is not null
          and event_us >= $2 and event_us < $3
        """,
        list(residents),
        start_us,
        end_us,
    )
    return {row["resident"]: record(row, Beacon) for row in rows}
