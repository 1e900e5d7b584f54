"""What a fall looks like, in numbers: features of the window around one impact.

None depends on how the sensor is turned: angles are between the wearer's own directions before and after. All but the
full-range ones are taken from a signal clipped to 2 g, because half of all watches clip there and a model must not tell
people apart by their sensor.

All events of a batch are taken at once, each row by sums along its own row alone: what an impact's features are
does not depend, to the last bit, on which others are judged with it.
"""

from math import sqrt

import numpy as np
from numpy.typing import NDArray

from detectors.fall_measures import angles_deg, lengths, periodicity
from detectors.fall_physics import physics
from detectors.fall_stretches import STRETCHES, stretch_features
from detectors.fall_window import BINS, GRID_HZ, PRE, Floats, Window, Windows, windows_of

#: Smallest range of any sensor seen, g for one axis: what lies beyond is not used where the model is for any sensor.
COMMON_RANGE_G = 2.0
#: Largest |a| that such a sensor can tell, g.
MOST_COMMON_G = COMMON_RANGE_G * sqrt(3)
#: A peak beyond this says no more about a fall; 4.5 g is past what daily life reaches at the waist.
PEAK_CAP_G = 4.5
#: Below this |a| the body is partly in free fall (Bourke: 0.6 g; a wrist seldom gets so low).
FREE_FALL_G, LIGHT_G = 0.6, 0.8
#: Seconds around the impact that belong to the fall itself.
DESCENT_S, SETTLED_S = 1.2, 1.2
#: Seconds after the impact that the named features see: records of falls at the trunk end early, and a longer look
#: found fewer of them; what comes later is told by the stretches alone.
REST_S = 2.5
#: Change of |a| from bin to bin below which a bin counts as quiet, g.
QUIET_G = 0.06


def _seconds(start: float, end: float) -> slice:
    return slice(PRE + round(start * GRID_HZ), PRE + round(end * GRID_HZ))


_BEFORE, _DESCENT, _HIT = _seconds(-3.0, -1.2), _seconds(-DESCENT_S, 0.04), _seconds(-0.2, 0.48)
_AFTER, _REST, _NEXT = _seconds(SETTLED_S, REST_S), _seconds(0.52, REST_S), _seconds(0.12, 0.6)
_REACH, _LATE, _NEARLY = _seconds(-0.12, 0.16), _seconds(REST_S - 0.6, REST_S), _seconds(-1.2, -0.6)
_FALLING, _SETTLING, _WALK = _seconds(-1.2, -0.2), _seconds(0.2, 1.0), _seconds(-3.0, -0.52)


def fall_features(window: Window) -> Floats:
    """Return the features of one window, shape (len(FEATURES),), in the order of FEATURES."""
    found: Floats = fall_features_of(windows_of([window]))[0]
    return found


def named_features(window: Window) -> dict[str, float]:
    """Return the features of one window by name, without those of its stretches."""
    told = named_features_of(windows_of([window]))
    return {name: float(column[0]) for name, column in told.items()}


def fall_features_of(windows: Windows) -> Floats:
    """Return the features of many windows, shape (k, len(FEATURES)), in the order of FEATURES."""
    acc, mag, jolt = _common(windows)
    named = np.stack(list(_named(windows, acc, mag, jolt).values()), axis=1)
    return np.concatenate([named, stretch_features(acc, mag, jolt)], axis=1)


def named_features_of(windows: Windows) -> dict[str, Floats]:
    """Return the features of many windows by name, each (k,), without those of their stretches."""
    return _named(windows, *_common(windows))


def _named(windows: Windows, acc: Floats, mag: Floats, jolt: Floats) -> dict[str, Floats]:
    return {
        **_impact(windows, mag, jolt),
        **_descent(mag),
        **_posture(acc, mag),
        **_around(mag, jolt),
        **physics(acc, mag, jolt, windows.post_s),
        "pre_s": windows.pre_s,
        "post_s": windows.post_s,
    }


def _common(windows: Windows) -> tuple[Floats, Floats, Floats]:
    """Return acceleration and its length as a 2 g sensor tells them, and the change from bin to bin."""
    acc = np.clip(windows.acc, -COMMON_RANGE_G, COMMON_RANGE_G)
    mag = np.minimum(windows.mag, MOST_COMMON_G)
    return acc, mag, lengths(np.diff(acc, axis=1, prepend=acc[:, :1]))


def longest(mask: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the longest run of true in each row of ``mask`` (k, n): shape (k,)."""
    places = np.arange(mask.shape[1])
    last_false = np.maximum.accumulate(np.where(mask, -1, places), axis=1)
    found: NDArray[np.int64] = (places - last_false).max(axis=1)
    return found


def _seconds_true(mask: NDArray[np.bool_]) -> Floats:
    found: Floats = mask.sum(axis=1) / GRID_HZ
    return found


def _impact(windows: Windows, mag: Floats, jolt: Floats) -> dict[str, Floats]:
    hit = mag[:, _HIT]
    return {
        "peak": np.minimum(windows.peak, PEAK_CAP_G),
        "peak_full": np.minimum(windows.mag[:, _REACH].max(axis=1), PEAK_CAP_G),
        "peak_common": np.minimum(windows.peak, MOST_COMMON_G),
        "peak_bin": mag[:, _REACH].max(axis=1),
        "hit_area": np.maximum(hit - 1.0, 0.0).sum(axis=1) / GRID_HZ,
        "hit_long": _seconds_true(hit > 1.5),
        "hit_spread": hit.max(axis=1) - hit.min(axis=1),
        "jolt_peak": jolt[:, _HIT].max(axis=1),
        "next_mean": mag[:, _NEXT].mean(axis=1),
        "next_min": mag[:, _NEXT].min(axis=1),
    }


def _descent(mag: Floats) -> dict[str, Floats]:
    down = mag[:, _DESCENT]
    return {
        "low": down.min(axis=1),
        "low_to_hit": (down.shape[1] - 1 - down.argmin(axis=1)) / GRID_HZ,
        "free_fall": longest(down < FREE_FALL_G) / GRID_HZ,
        "light": _seconds_true(down < LIGHT_G),
        "drop": np.maximum(1.0 - down, 0.0).sum(axis=1) / GRID_HZ,
    }


def _posture(acc: Floats, mag: Floats) -> dict[str, Floats]:
    before, after, middle = (acc[:, part].mean(axis=1) for part in (_BEFORE, _AFTER, _DESCENT))
    late, nearly, following = (acc[:, part].mean(axis=1) for part in (_LATE, _NEARLY, _NEXT))
    return {
        "turned": angles_deg(before, after),
        "turned_late": angles_deg(nearly, late),
        "turning": angles_deg(middle, after),
        "settling": angles_deg(following, late),
        "upright_before": lengths(before),
        "upright_after": lengths(after),
        "after_mean": np.abs(mag[:, _AFTER].mean(axis=1) - 1.0),
    }


def _around(mag: Floats, jolt: Floats) -> dict[str, Floats]:
    before, after, rest = jolt[:, _BEFORE], jolt[:, _AFTER], mag[:, _REST]
    sums = np.cumsum(jolt[:, _REST], axis=1)
    half = GRID_HZ // 2
    windows = np.concatenate([sums[:, half - 1 : half], sums[:, half:] - sums[:, :-half]], axis=1) / half
    return {
        "busy_before": before.mean(axis=1),
        "busy_descent": jolt[:, _FALLING].mean(axis=1),
        "busy_next": jolt[:, _SETTLING].mean(axis=1),
        "busy_after": after.mean(axis=1),
        "quietest": np.maximum(windows.min(axis=1), 0.0),
        "quiet": _seconds_true(jolt[:, _REST] < QUIET_G),
        "after_most": after.max(axis=1),
        "rest_high": rest.max(axis=1),
        "rest_low": rest.min(axis=1),
        "before_high": mag[:, _BEFORE].max(axis=1),
        "before_low": mag[:, _BEFORE].min(axis=1),
        "before_hard": _seconds_true(mag[:, _WALK] > 1.5),
        "walking": periodicity(mag[:, _WALK]),
        "rhythm_on": periodicity(rest),
    }


NAMED: tuple[str, ...] = tuple(named_features(Window(np.zeros((BINS, 3)), np.zeros(BINS), 0.0, 0.0, 0.0)))
FEATURES: tuple[str, ...] = NAMED + STRETCHES
