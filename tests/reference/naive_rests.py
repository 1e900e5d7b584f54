"""Slow twins of what a silence is compared with (detectors.routine_features): one rest and one step at a time."""

from detectors.routine import MINUTE_US, Rest, Routine

DAY = 1440


def apart(one: float, other: float) -> float:
    """Return how many minutes two times of the day lie apart."""
    return min((one - other) % DAY, (other - one) % DAY)


def own_rests(routine: Routine, at: float) -> list[float]:
    """Return how often this home was silent for longer than ``at`` minutes, in likeness to the silence that lasts."""
    began = routine.last_us / MINUTE_US
    days = max(min(routine.days, 28.0), 1.0)
    near = [rest for rest in routine.rests if apart(rest.start, began) <= 120]
    here = [rest for rest in routine.rests if rest.room == routine.room]
    longest = max((rest.minutes for rest in routine.rests), default=0)
    longest_near = max((rest.minutes for rest in near), default=0)
    return [
        longer(near, at) / days,
        longer(routine.rests, at) / days,
        longer(here, at) / days,
        (longest - at) / 60,
        (longest_near - at) / 60,
        float(longer([rest for rest in near if same_weekday(rest, began)], at)),
        longer([rest for rest in near if rest.room == routine.room], at) / days,
        sum(abs(rest.minutes - at) <= 30 for rest in near) / days,
        longer([rest for rest in near if began - rest.start < 5 * DAY], at) / 5,
    ]


def by_the_clock(routine: Routine, at: float) -> list[float]:
    """Return what this home did on other days while the clock showed what it shows ``at`` minutes into the silence."""
    began = routine.last_us / MINUTE_US
    days = max(min(routine.days, 28.0), 1.0)
    near = [rest for rest in routine.rests if apart(rest.start, began) <= 120]
    covered = [rest for rest in routine.rests if covers(rest, began, at)]
    left = [rest.minutes - (began + at - rest.start) % DAY for rest in routine.rests]
    resting = sum(each > 0 for each in left)
    at_risk = sum(rest.minutes > at - 30 for rest in near)
    ended = sum(abs(rest.minutes - at) <= 30 for rest in near)
    lengths = sorted(rest.minutes for rest in near)
    second = lengths[-2] if len(lengths) > 1 else 0
    return [
        len(covered) / days,
        sum(began - rest.start <= 7 * DAY for rest in covered) / min(days, 7),
        float(sum(same_weekday(rest, began) for rest in covered)),
        float(sum(began - rest.start <= 1.5 * DAY for rest in covered)),
        resting / days,
        (sum(0 < each <= 30 for each in left) + 0.5) / (resting + 1),
        sum(each > 60 for each in left) / days,
        (ended + 0.5) / (at_risk + 1),
        at / max([60, *(rest.minutes for rest in routine.rests)]),
        at / max([60, *lengths]),
        (second - at) / 60,
    ]


def covers(rest: Rest, began: float, at: float) -> bool:
    """Whether a rest, moved to this day, would hold the silence from its 30th minute to ``at``."""
    since = (began + 30 - rest.start) % DAY
    return since + max(at - 30, 0) <= rest.minutes


def same_weekday(rest: Rest, began: float) -> bool:
    """Whether a rest began a whole number of weeks before, to half a day."""
    return round((began - rest.start) / DAY) % 7 == 0


def longer(rests: list[Rest], at: float) -> int:
    """Return how many rests lasted at least ``at`` minutes."""
    return sum(rest.minutes >= at for rest in rests)
