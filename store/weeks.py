"""A week of a resident in cells of equal length: how much they moved, signs of life at home, and vital signs.

Cells are counted from ``start_us`` on. Sums are made by the database: a week is ten thousand minutes.
"""

from collections.abc import Sequence
from typing import NamedTuple

from store.pool import Db


class Vital(NamedTuple):
    """What one kind of vital sign was in one cell."""

    type: str
    unit: str
    cell: int
    low: float
    mean: float
    high: float


async def activity(db: Db, resident: str, start_us: int, end_us: int, cell_us: int) -> dict[int, float]:
    """Return the mean abs(|a|-1) in g by cell; a cell without samples is absent."""
    rows = await db.fetch(
        """
        select (minute_us - $2) / $4 as cell, sum(abs_sum) / sum(samples) as mean from activity_minute
        where resident = $1 and minute_us >= $2 and minute_us < $3 and samples > 0 group by cell
        """,
        resident,
        start_us,
        end_us,
        cell_us,
    )
    return {row["cell"]: row["mean"] for row in rows}


async def signs(
    db: Db, unit: str, devices: Sequence[str], events: Sequence[str], start_us: int, end_us: int, cell_us: int
) -> dict[int, int]:
    """Return how often a unit's own sensors saw a sign of life (one of ``events``), by cell. As store.moves counts."""
    rows = await db.fetch(
        """
        select (r.event_us - $4) / $6 as cell, count(*) as n
        from reading r
        join message m on m.device = r.device and m.boot = r.boot and m.seq = r.seq and m.event_us = r.event_us
                      and m.arrival_us = r.arrival_us
        where r.device = any($1::text[]) and r.unit = $2 and r.place is not null
          and r.type = 'event' and r.text_value = any($3::text[])
          and r.event_us >= $4 and r.event_us < $5 and not m.retain
        group by cell
        """,
        devices,
        unit,
        events,
        start_us,
        end_us,
        cell_us,
    )
    return {row["cell"]: row["n"] for row in rows}


async def vitals(db: Db, resident: str, types: Sequence[str], start_us: int, end_us: int, cell_us: int) -> list[Vital]:
    """Return each kind's least, mean and greatest value by cell, in order."""
    rows = await db.fetch(
        """
        select type, max(unit_of_measure) as unit, (event_us - $3) / $5 as cell,
               min(value) as low, avg(value) as mean, max(value) as high
        from reading
        where resident = $1 and type = any($2::text[]) and value is not null and event_us >= $3 and event_us < $4
        group by type, cell order by type, cell
        """,
        resident,
        types,
        start_us,
        end_us,
        cell_us,
    )
    return [Vital(*row.values()) for row in rows]
