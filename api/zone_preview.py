"""What a zone would have told in the last month, by stored positions, before somebody sets it."""

import asyncio
from collections.abc import Sequence

from api.present import Plain
from api.times import DAY_US, iso
from api.usual import LOOKED_BACK_US, MOST, fixes
from detectors.tracks import Fix
from detectors.zone_left import times_left
from schemas.ground import Degrees, degrees, metres
from store import positions
from store.pool import Pool

#: Spots that are drawn: each square of these metres once, the most seen first. More would be a grey cloud.
_CELL_M, _MOST_SEEN = 20.0, 600


async def preview(pool: Pool, resident: str, corners: Sequence[Degrees], now_us: int) -> Plain:
    """Return how often the last 30 days left the zone, and where they were, as api.ground_models.ZonePreview."""
    told = fixes(await positions.by_minute(pool, resident, now_us - LOOKED_BACK_US, now_us, MOST))
    return await asyncio.to_thread(_counted, told, corners)


def _counted(told: list[Fix], corners: Sequence[Degrees]) -> Plain:
    left = times_left(told, corners) if corners else []
    return {
        "days": len({fix.at_us // DAY_US for fix in told}),
        "positions": len(told),
        "left": [{"start": iso(x.start_us), "end": iso(x.end_us), "m": round(x.most_m)} for x in left[::-1]],
        "seen": _seen(told),
    }


def _seen(told: list[Fix]) -> list[Degrees]:
    if not told:
        return []
    origin = (told[-1].x, told[-1].y)
    cells: dict[tuple[int, int], int] = {}
    for fix in told:
        x, y = metres(origin, (fix.x, fix.y))
        cell = (round(x / _CELL_M), round(y / _CELL_M))
        cells[cell] = cells.get(cell, 0) + 1
    most = sorted(cells, key=lambda cell: -cells[cell])[:_MOST_SEEN]
    there = (degrees(origin, (x * _CELL_M, y * _CELL_M)) for x, y in most)
    return [(round(lon, 6), round(lat, 6)) for lon, lat in there]
