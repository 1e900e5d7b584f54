"""Whether a way is wandering: the same places passed again and again, as a learnt model sees it over several times.

Way over extent alone is slow and takes a round of errands for wandering. The model (detectors.walk_model) sees together
how often places were passed, which way, how much of the time was walked and how badly the places are known.
"""

from dataclasses import dataclass
from math import exp, log

import numpy as np

from detectors import reasons
from detectors.kernels import way_rows as ways
from detectors.tracks import Shape, Track, TrackConfig, Way, indoors, passes, shape, way_of
from detectors.walk_model import OUTSIDE, ROOMS, walk_models


@dataclass(frozen=True)
class WalkConfig:
    """When a way is wandering: when the model's log odds reach its threshold and ``harder``.

    ``floor``: below this way over extent times passes, at every time looked back over, nothing is wandering, whatever
    the model says: where it had learnt from one generator alone, 2 of 5 of the other's walks with a purpose that it
    flagged were such. ``factor_odds``: how much the log odds must be higher for a sensitivity's factor, times its
    logarithm. ``fewest_points``: with fewer points a way has no pattern.
    """

    harder: float = 0.0
    floor: float = 2.5
    factor_odds: float = 2.0
    fewest_points: int = 4


@dataclass(frozen=True, slots=True)
class Wandered:
    """A way that is wandering: its shape, how often its places were passed, its odds over the threshold, its code."""

    shape: Shape
    passes: float
    excess: float
    code: str


def wanders(track: Track, track_config: TrackConfig, config: WalkConfig, factor: float = 1.0) -> float | None:
    """Return the odds of wandering over what is asked for, at least 1, or None; ``factor`` asks for more or less."""
    rows = track.rows
    if len(rows) < config.fewest_points:
        return None
    model = walk_models()[ROOMS if indoors(track, track_config) else OUTSIDE]
    over = model.excess(rows, log(config.floor)) - config.harder - config.factor_odds * log(factor)
    return exp(min(over, _MOST_ODDS)) if over >= 0 else None


def seen(track: Track, track_config: TrackConfig, excess: float) -> Wandered:
    """Return what is told of a way that is wandering: of the time over which it shows most clearly."""
    model = walk_models()[ROOMS if indoors(track, track_config) else OUTSIDE]
    looks = model.looks(track.rows)
    scale_s = float(model.scales_s[int(np.argmax(looks[:, ways.RATIO] + looks[:, ways.PASSED]))])
    way = way_of(track.points)
    first = _began(track.rows, way.first(scale_s))
    return Wandered(shape(way, first), passes(way, first), excess, pattern(way, first))


def _began(rows: ways.Rows, first: int) -> int:
    """Return the first point, not before ``first``, of a place that was passed again later; ``first`` if none was."""
    part = rows[first:]
    ago = part[:, ways.AGO : ways.COSINE]
    back_to_s = (part[:, ways.T, None] - ago)[ago <= part[:, ways.T, None] - part[0, ways.T]]
    if not len(back_to_s):
        return first
    return min(first + int(np.searchsorted(part[:, ways.T], back_to_s.min())), len(rows) - 2)


#: Odds beyond this change no score's fourth digit.
_MOST_ODDS = 12.0
#: A way this much narrower than long is to and fro; one whose turning is this much to one side goes around.
_NARROW, _ONE_SIDED = 0.3, 0.6


def pattern(way: Way, first: int) -> str:
    """Return the code of the pattern that a way shows from its point ``first`` on: pacing, lapping, or random."""
    xy = np.column_stack([way.x[first:], way.y[first:]])
    xy -= xy.mean(axis=0)
    wide = np.linalg.eigvalsh(xy.T @ xy)
    if wide[0] <= _NARROW**2 * wide[1]:
        return reasons.PACING
    swept = xy[:-1, 0] * xy[1:, 1] - xy[:-1, 1] * xy[1:, 0]  # twice the area seen from the middle, by step
    return reasons.LAPPING if abs(swept.sum()) >= _ONE_SIDED * np.abs(swept).sum() else reasons.RANDOM
