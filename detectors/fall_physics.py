"""Quantities a physicist would ask of a fall, each with a known direction.

Boosted trees follow the daily life they were shown and guess beyond it; a sum of few directed quantities goes on in
the same direction. Where a whole data set was kept out of training (SisFall, taught by SmartFallMM's hips and a
pocket), trees alone found 87 % of the falls at 99 % silent trials, a plain logistic over these 98 %; where only the
people are new, trees are better. The mean of both is best on either.
"""

import numpy as np

from detectors.fall_measures import angles_deg, periodicity, running_mean
from detectors.fall_window import GRID_HZ, PRE, Floats

#: Seconds after the impact that are looked at: at the trunk 4 or 6 s found fewer falls (records of falls end early).
REST_S = 2.5
#: m/s of one g held for one bin.
_SPEED = 9.81 / GRID_HZ
#: A record that ends sooner than this after a step looks like stillness and a tilt.
_CUT_S = 1.2


def _seconds(start: float, end: float) -> slice:
    return slice(PRE + round(start * GRID_HZ), PRE + round(end * GRID_HZ))


_NEARLY, _BEFORE, _FALL = _seconds(-1.2, -0.6), _seconds(-3.0, -1.2), _seconds(-1.6, 0.04)
_HIT, _PEAK, _DESCENT = _seconds(-0.2, 0.6), _seconds(-0.2, 0.3), _seconds(-1.2, 0.04)
_EARLY, _AFTER, _PAST = _seconds(0.5, 1.2), _seconds(1.2, REST_S), _seconds(0.6, REST_S)
_FORE, _STILL, _WALK = _seconds(-3.0, -0.6), _seconds(0.75, REST_S - 0.2), _seconds(-3.0, -0.52)


def physics(acc: Floats, mag: Floats, jolt: Floats, post_s: Floats) -> dict[str, Floats]:
    """Return the quantities of many windows, each (k,): speeds in m/s, angles in degrees, |a| in g.

    ``acc`` (k, BINS, 3), ``mag`` and ``jolt`` (k, BINS) as a 2 g sensor tells them, ``post_s`` (k,).
    """
    even = running_mean(mag, 3)
    fall = np.cumsum(even[:, _FALL] - 1.0, axis=1) * _SPEED
    hit = even[:, _PEAK].max(axis=1)
    before, after, early, nearly = (acc[:, part].mean(axis=1) for part in (_BEFORE, _AFTER, _EARLY, _NEARLY))
    steps = periodicity(mag[:, _WALK])
    return {
        "hit_speed": np.maximum(even[:, _HIT] - 1.0, 0.0).sum(axis=1) * _SPEED,  # speed taken away by the blow
        "fall_speed": (np.maximum.accumulate(fall, axis=1) - fall).max(axis=1),  # speed gained before it
        "swing": hit - even[:, _DESCENT].min(axis=1),  # from the lightest moment to the hardest
        "tilt": angles_deg(before, after),  # how far the body turned from before to after
        "tilt_soon": angles_deg(nearly, early),  # and from just before to just after
        "stillest": running_mean(jolt, 13)[:, _STILL].min(axis=1),
        "stirring": jolt[:, _AFTER].mean(axis=1),
        "alone_before": hit - even[:, _FORE].max(axis=1),  # how the blow stands out of what was before
        "alone_after": hit - even[:, _PAST].max(axis=1),  # and after
        "steps": steps,
        "cut_in_step": steps * np.maximum(0.0, 1.0 - post_s / _CUT_S),
    }


PHYSICS = (
    "hit_speed", "fall_speed", "swing", "tilt", "tilt_soon", "stillest", "stirring", "alone_before", "alone_after",
    "steps", "cut_in_step",
)  # fmt: skip
