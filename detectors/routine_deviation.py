"""How far a day of a home is from that home's days before it: its daily deviation.

An agitated person goes from room to room, for some hours of the day, more than otherwise. So the deviation of a day is
that of its livelier half: of the room-minutes of the morning and of the afternoon (detectors.routine_days), by how many
spreads each lies above its own mean over the last four weeks, the greater one. A home's spread is known badly from some
days, so it begins with what it is in other homes (DeviationConfig.spread), which counts as two months.

Only the day itself and days before it are looked at. It says how much livelier a day was, and never why; it raises no
alarm. Evenings and nights are left out: with them it found agitation worse (docs/detectors/routine.md).
"""

from collections.abc import Sequence
from math import sqrt

import msgspec

from detectors.routine_days import Day

#: From so many spreads on a day stands out, and the week's report names it.
STANDS_OUT = 2.5


class DeviationConfig(msgspec.Struct, frozen=True, kw_only=True):
    """How days are compared. ``spread`` and ``prior_days`` are learnt over homes (python -m bench.train_routine)."""

    last_days: int = 28  # the days before that count: four of each weekday
    least_days: int = 7  # and not before so many of them are known
    compared: tuple[int, ...] = (1, 2)  # parts of the day: the morning (6 to 12 h), the afternoon (12 to 18 h)
    power: float = 1.0  # of the room-minutes: roots, which make busy and quiet homes alike, find agitation worse
    spread: float = 37.0  # of these within a home: the median home's
    prior_days: int = 60  # so many days this counts as; from 15 on the figures hardly differ


DEFAULT = DeviationConfig()


def deviation(day: Day, before: Sequence[Day], config: DeviationConfig = DEFAULT) -> float | None:
    """Return the deviation of a day, in spreads; None while it or too many before it are not known.

    ``before``: other days of the home in any order; later ones and unknown ones among them are passed over.
    """
    apart = part_deviations(day, before, config)
    return None if apart is None else max(apart)


def part_deviations(day: Day, before: Sequence[Day], config: DeviationConfig = DEFAULT) -> tuple[float, ...] | None:
    """Return the deviation of each compared part of the day."""
    usual = [each for each in before if each.known and day.day - config.last_days <= each.day < day.day]
    if not day.known or len(usual) < config.least_days:
        return None
    return tuple(_apart(day.parts[part], [each.parts[part] for each in usual], config) for part in config.compared)


def _apart(now: int, usual: Sequence[int], config: DeviationConfig) -> float:
    counts = [count**config.power for count in usual]
    mean = sum(counts) / len(counts)
    squares = sum((count - mean) ** 2 for count in counts)
    spread = sqrt((config.prior_days * config.spread**2 + squares) / (config.prior_days + len(counts)))
    return float((now**config.power - mean) / spread)
