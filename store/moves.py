"""Signs of life of a unit's own sensors over weeks: who moved where and when, and nothing else of what they said."""

from collections.abc import Sequence
from typing import NamedTuple

from store.pool import Db

#: What stands at a place: a worn button says nothing of rooms. Retained messages are of the past and tell no
#: movement. The time between makes every look-up one of an index.
_MOVES = """
    select r.event_us, r.device, r.place, m.topic, r.text_value as event, room.text_value as room
    from reading r
    join message m on m.device = r.device and m.boot = r.boot and m.seq = r.seq and m.event_us = r.event_us
                  and m.arrival_us = r.arrival_us
    left join lateral (
        select w.text_value from reading w
        where w.device = r.device and w.event_us = r.event_us and w.arrival_us = r.arrival_us and w.boot = r.boot
          and w.seq = r.seq and w.type = 'room' limit 1
    ) room on true
    where r.device = any($1::text[]) and r.unit = $2 and r.place is not null
      and r.type = 'event' and r.text_value = any($3::text[])
      and r.event_us >= $4 and r.event_us < $5 and not m.retain
    order by r.event_us, r.device
"""


class Move(NamedTuple):
    """One sign of life, with all that may name the room: the sensor, its place, its topic, what it says itself."""

    event_us: int
    device: str
    place: str | None
    topic: str
    event: str
    room: str | None


async def moves(
    db: Db, unit: str, devices: Sequence[str], events: Sequence[str], start_us: int, end_us: int
) -> list[Move]:
    """Return a unit's readings with one of ``events``, of ``start_us <= event time < end_us``, in order of time."""
    rows = await db.fetch(_MOVES, devices, unit, events, start_us, end_us)
    return [Move(*row.values()) for row in rows]


async def beacon_rooms(db: Db, resident: str, start_us: int, end_us: int) -> list[tuple[int, str]]:
    """Return the rooms that what a resident wears told, of ``start_us <= event time < end_us``, in order of time."""
    rows = await db.fetch(
        """
        select distinct event_us, text_value from reading
        where resident = $1 and type = 'room' and text_value is not null and event_us >= $2 and event_us < $3
        order by event_us, text_value
        """,
        resident,
        start_us,
        end_us,
    )
    return [(row["event_us"], row["text_value"]) for row in rows]
