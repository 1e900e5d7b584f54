"""A resident's usual places, computed from stored positions when somebody looks, and kept for some minutes."""

import asyncio
from collections.abc import Callable, Sequence

from api.routine import ahead_us
from api.times import DAY_US, MINUTE_US
from detectors.tracks import Fix
from detectors.whereabouts_places import UsualPlace, usual_places_of
from schemas.local_time import LocalTime
from store import positions
from store.people import Resident
from store.pool import Pool
from store.positions import Position

#: So far back places are looked for: a month has each day of the week four times.
LOOKED_BACK_US = 30 * DAY_US
#: One position a minute of all that time.
MOST = LOOKED_BACK_US // MINUTE_US
#: How old an answer may be: a place becomes usual in days, and a card asks every few seconds.
KEPT_US = 10 * MINUTE_US
#: Answers that are kept; some hundred bytes each.
KEPT = 256


class UsualPlaces:
    """Computes places, one resident at a time, and keeps them for a while.

    By positions that are stored, with the rules by which the detector learns its own picture of them.
    """

    def __init__(self, clock: Callable[[], int]) -> None:
        self._clock = clock
        self._kept: dict[str, tuple[int, list[UsualPlace]]] = {}
        self._one = asyncio.Lock()

    async def of(self, pool: Pool, resident: Resident) -> list[UsualPlace]:
        """Return the usual places of the last month, home first; none where no positions are stored."""
        async with self._one:
            now_us = self._clock()
            at_us, kept = self._kept.get(resident.id, (0, None))
            if kept is not None and 0 <= now_us - at_us < KEPT_US:
                return kept
            told = await positions.by_minute(pool, resident.id, now_us - LOOKED_BACK_US, now_us, MOST)
            # Of a month that a clock was set in, some nights are an hour off: what counts is from midnight to five.
            local = LocalTime(ahead_us(now_us, resident.timezone) // MINUTE_US)
            found = await asyncio.to_thread(usual_places_of, fixes(told), local)
            found.sort(key=lambda place: not place.home)
            self._kept.pop(resident.id, None)
            self._kept[resident.id] = (now_us, found)
            while len(self._kept) > KEPT:
                del self._kept[next(iter(self._kept))]
            return found


def fixes(told: Sequence[Position]) -> list[Fix]:
    """Return stored positions as the detectors take them; an accuracy that is none is not told."""
    return [
        Fix(each.event_us, each.x, each.y, each.accuracy_m if (each.accuracy_m or 0) > 0 else None, each.degrees)
        for each in told
        if not each.degrees or (abs(each.y) <= 90 and abs(each.x) <= 180 and (each.x or each.y))
    ]
