"""The days of a home sign by sign, slowly: twin of detectors.routine_days."""

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from detectors.routine import DAY_US, HOUR_US, MINUTE_US, Room

Signs = Sequence[tuple[int, int]]


def _night(at_us: int) -> int | None:
    """The day in whose morning this moment's night ends."""
    hour = at_us // HOUR_US % 24
    if hour >= 23:
        return at_us // DAY_US + 1
    return at_us // DAY_US if hour < 6 else None


def _visits(times: Sequence[int], apart_us: int) -> list[int]:
    begins: list[int] = []
    last = None
    for at_us in times:
        if last is None or at_us - last >= apart_us:
            begins.append(at_us)
        last = at_us
    return begins


def parts(signs: Signs, day: int) -> tuple[int, ...]:
    """Room-minutes by part of the day."""
    seen: list[set[tuple[int, int]]] = [set() for _ in range(4)]
    for at_us, room in signs:
        if at_us // DAY_US == day:
            seen[at_us % DAY_US // (6 * HOUR_US)].add((at_us // MINUTE_US, room))
    return tuple(len(each) for each in seen)


def night_ups(signs: Signs, day: int) -> int:
    """Times up and back at rest before six."""
    times = sorted({at_us for at_us, _ in signs})
    count = 0
    for begin in _visits(times, 20 * MINUTE_US):
        end = begin
        for at_us in times:
            if end < at_us < end + 20 * MINUTE_US:
                end = at_us
        if _night(begin) == day and end < day * DAY_US + 6 * HOUR_US:
            count += 1
    return count


def night_minutes(signs: Signs, day: int) -> int:
    """Minutes of the night with a sign."""
    return len({at_us // MINUTE_US for at_us, _ in signs if _night(at_us) == day})


def toilet(signs: Signs, day: int) -> tuple[int, int] | None:
    """Visits at night and by day; None: the room said nothing on the day."""
    times = sorted({at_us for at_us, room in signs if room == Room.BATHROOM})
    if not any(at_us // DAY_US == day for at_us in times):
        return None
    visits = _visits(times, 10 * MINUTE_US)
    by_day = [at_us for at_us in visits if at_us // DAY_US == day and _night(at_us) is None]
    return sum(_night(at_us) == day for at_us in visits), len(by_day)


def kitchen(signs: Signs, day: int) -> int | None:
    """Times in the kitchen."""
    times = sorted({at_us for at_us, room in signs if room == Room.KITCHEN})
    if not any(at_us // DAY_US == day for at_us in times):
        return None
    return sum(at_us // DAY_US == day for at_us in _visits(times, 30 * MINUTE_US))


def out(signs: Signs, day: int) -> int | None:
    """1: somebody left by day, and was not seen for twenty minutes."""
    doors = [at_us for at_us, room in signs if room == Room.OUTER_DOOR]
    if not doors:
        return None
    for door in doors:
        after = [at_us for at_us, _ in signs if at_us > door + 2 * MINUTE_US]
        if door // DAY_US == day and _night(door) is None and after and min(after) - door >= 20 * MINUTE_US:
            return 1
    return 0


def step_s(signs: Signs, day: int) -> float | None:
    """Median seconds of a step from room to room."""
    indoors = sorted(set(signs))
    indoors = [each for each in indoors if each[1] != Room.OUTER_DOOR]
    took = [
        (at_us - before_us) / 1e6
        for (before_us, was), (at_us, room) in pairwise(indoors)
        if room != was and 0 < at_us - before_us <= 30_000_000 and at_us // DAY_US == day
    ]
    return median(took) if len(took) >= 10 else None


def up_minute(signs: Signs, day: int) -> int | None:
    """The minute at which the last rest of an hour ended that began before six."""
    times = sorted({at_us for at_us, _ in signs})
    midnight = day * DAY_US
    ends = [
        end
        for begin, end in pairwise(times)
        if end - begin >= HOUR_US and midnight - 6 * HOUR_US <= begin < midnight + 6 * HOUR_US
        and midnight <= end < midnight + 14 * HOUR_US
    ]  # fmt: skip
    return (ends[-1] - midnight) // MINUTE_US if ends else None


def dusk_share(signs: Signs, day: int) -> float | None:
    """Changes of room from 16 to 20 h among those from 6 to 22 h, per cent."""
    changes = [now for (_, before), (now, room) in pairwise(signs) if room != before and now // DAY_US == day]
    hours = [at_us // HOUR_US % 24 for at_us in changes]
    awake = [hour for hour in hours if 6 <= hour < 22]
    return 100 * sum(16 <= hour < 20 for hour in awake) / len(awake) if len(awake) >= 20 else None


def dusk_doors(signs: Signs, day: int) -> int:
    """Times at the outer door from 16 to 20 h."""
    times = _visits([at_us for at_us, room in signs if room == Room.OUTER_DOOR], MINUTE_US)
    return sum(at_us // DAY_US == day and 16 <= at_us // HOUR_US % 24 < 20 for at_us in times)
