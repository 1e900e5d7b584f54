"""What is usual in one home at one time of day: how much of something its busiest quarter of an hour has.

For each part of the day a mean and a spread of the day's most, over about four weeks, from a prior on. What lies far
above is unusual here; between the first days' rule and the boundaries that hold in every home.
"""

from dataclasses import dataclass
from math import sqrt

import msgspec

_SECOND = 1_000_000
_DAY_US = 86_400 * _SECOND
#: Three hours: as fine as four weeks fill, as coarse as people's evenings differ.
PARTS = 8
_PART_US = _DAY_US // PARTS


class Usual(msgspec.Struct, array_like=True):
    """What was learnt: by part of the day the mean and the mean square deviation of each day's most, and days known."""

    mean: list[float]
    square: list[float]
    days: list[int]
    part: int = -1  # the part that goes on, counted from 1970 by the home's clock
    most: float = 0.0  # the most in it so far


@dataclass(frozen=True, slots=True)
class Prior:
    """What counts before a home is known, and what is asked for; all by part of the day, from midnight on.

    ``mean``, ``spread``: as seen in ``prior_days`` days. ``spreads`` above the mean is unusual, but never less than
    ``least``; that is ``first`` on the first day and comes down over ``learn_days``. What reaches ``ever`` is told in
    every home. The last ``memory_days`` weigh most.
    """

    mean: tuple[float, ...]
    spread: tuple[float, ...]
    spreads: float
    least: tuple[float, ...]
    first: tuple[float, ...]
    ever: tuple[float, ...]
    prior_days: int = 14
    learn_days: int = 14
    memory_days: int = 28


def fresh(prior: Prior) -> Usual:
    """Return what is taken for usual in a home of which nothing is known."""
    return Usual(list(prior.mean), [spread**2 for spread in prior.spread], [0] * PARTS)


def take(usual: Usual, local_us: int, amount: float, prior: Prior) -> None:
    """Note how much there was at local ``local_us``; what is over is learnt from. After a day of silence nothing is."""
    part = local_us // _PART_US
    if part < usual.part:
        return  # the clock was set back: this part is learnt already
    if part > usual.part:
        if usual.part >= 0 and part - usual.part <= PARTS:
            for over in range(usual.part, part):
                _learn(usual, over % PARTS, usual.most if over == usual.part else 0.0, prior)
        usual.part, usual.most = part, 0.0
    usual.most = max(usual.most, amount)


def nothing_new_below(usual: Usual, local_us: int, prior: Prior, factor: float) -> float:
    """Return up to which amount ``take`` would change nothing and ``limit`` not be reached, cheaply; -1: unknown."""
    part = local_us // _PART_US
    if part != usual.part:
        return -1.0
    return min(usual.most, 0.99 * factor * min(prior.least[part % PARTS], prior.first[part % PARTS]))


def limit(usual: Usual, local_us: int, prior: Prior, factor: float = 1.0) -> float:
    """Return from which amount on it is unusual at this time of day. ``factor`` scales what is asked for."""
    part = local_us // _PART_US % PARTS
    learnt = min(1.0, usual.days[part] / prior.learn_days)
    floor = prior.first[part] + learnt * (prior.least[part] - prior.first[part])
    unusual = usual.mean[part] + prior.spreads * sqrt(usual.square[part])
    return factor * min(prior.ever[part], max(floor, unusual))


def known(usual: Usual, local_us: int, prior: Prior) -> float | None:
    """Return what a day's most usually is at this time of day, None while it is hardly known."""
    part = local_us // _PART_US % PARTS
    return usual.mean[part] if usual.days[part] >= prior.learn_days else None


def _learn(usual: Usual, part: int, most: float, prior: Prior) -> None:
    gain = 1 / (min(prior.prior_days + usual.days[part], prior.memory_days) + 1)
    apart = most - usual.mean[part]
    usual.mean[part] += gain * apart
    usual.square[part] = (1 - gain) * (usual.square[part] + gain * apart * apart)
    usual.days[part] = min(usual.days[part] + 1, prior.memory_days)
