"""Where a resident's devices said they were: positions as stored, nothing smoothed and nothing left out.

A fix told twice (a broker hands a phone's last place out again after each start) is one here: by device and time.
"""

from typing import NamedTuple

from store.pool import Db

#: All parts of one fix came in one message; of several messages of one moment any will do. The newest come first, so
#: that a limit leaves out what is oldest.
_FIXES = """
    select event_us,
           max(value) filter (where type = 'lon') as lon, max(value) filter (where type = 'lat') as lat,
           max(value) filter (where type = 'x') as x, max(value) filter (where type = 'y') as y,
           max(value) filter (where type = 'accuracy') as accuracy
    from reading
    where resident = $1 and type = any('{lat,lon,x,y,accuracy}'::text[]) and event_us >= $2 and event_us < $3
    group by event_us, device
    having count(*) filter (where type in ('lon', 'lat')) >= 2 or count(*) filter (where type in ('x', 'y')) >= 2
    order by event_us desc, device limit $4
"""
#: One fix a minute: the first.
_BY_MINUTE = """
    select distinct on (lat.event_us / 60000000) lat.event_us, lon.value as lon, lat.value as lat,
           null::float8 as x, null::float8 as y, accuracy.value as accuracy
    from reading lat
    join reading lon on lon.resident = lat.resident and lon.type = 'lon' and lon.event_us = lat.event_us
                    and lon.device = lat.device and lon.event_us >= $2 and lon.event_us < $3
    left join reading accuracy on accuracy.resident = lat.resident and accuracy.type = 'accuracy'
                    and accuracy.event_us = lat.event_us and accuracy.device = lat.device
                    and accuracy.event_us >= $2 and accuracy.event_us < $3
    where lat.resident = $1 and lat.type = 'lat' and lat.event_us >= $2 and lat.event_us < $3
    order by lat.event_us / 60000000 desc, lat.event_us limit $4
"""


class Position(NamedTuple):
    """One fix: degrees (``degrees``) longitude and latitude, or metres of a building; ``accuracy_m`` None: not told."""

    event_us: int
    x: float
    y: float
    accuracy_m: float | None
    degrees: bool


async def positions(db: Db, resident: str, start_us: int, end_us: int, most: int) -> list[Position]:
    """Return the newest ``most`` fixes of ``start_us <= event time < end_us``, in order of time."""
    return await _read(db, _FIXES, resident, start_us, end_us, most)


async def by_minute(db: Db, resident: str, start_us: int, end_us: int, most: int) -> list[Position]:
    """Return at most one fix a minute in degrees, the newest ``most``, in order: for what weeks tell."""
    return await _read(db, _BY_MINUTE, resident, start_us, end_us, most)


async def newest_us(db: Db, resident: str, start_us: int, end_us: int) -> int | None:
    """Return when the newest fix in degrees of ``start_us <= event time < end_us`` was, None: there is none."""
    found: int | None = await db.fetchval(
        """
        select event_us from reading where resident = $1 and type = 'lat' and event_us >= $2 and event_us < $3
        order by event_us desc limit 1
        """,
        resident,
        start_us,
        end_us,
    )
    return found


async def _read(db: Db, query: str, resident: str, start_us: int, end_us: int, most: int) -> list[Position]:
    rows = await db.fetch(query, resident, start_us, end_us, most)
    found: list[Position] = []
    for event_us, lon, lat, x, y, accuracy in rows[::-1]:
        if lon is not None and lat is not None:
            found.append(Position(event_us, lon, lat, accuracy, degrees=True))
        elif x is not None and y is not None:
            found.append(Position(event_us, x, y, accuracy, degrees=False))
    return found
