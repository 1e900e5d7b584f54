"""The features of one window, one after another, as one would say them: the twin of detectors.fall_features."""

import numpy as np

from detectors.fall_window import GRID_HZ, PRE, Floats, Window
from detectors.kernels.features import (
    DESCENT_S,
    FREE_FALL_G,
    LIGHT_G,
    PEAK_CAP_G,
    QUIET_G,
    REST_S,
    SETTLED_S,
)
from detectors.kernels.grid import COMMON_RANGE_G, MOST_COMMON_G
from tests.reference import naive_falls

_TINY = 1e-9


def _seconds(start: float, end: float) -> slice:
    return slice(PRE + round(start * GRID_HZ), PRE + round(end * GRID_HZ))


_BEFORE, _DESCENT, _HIT = _seconds(-3.0, -1.2), _seconds(-DESCENT_S, 0.04), _seconds(-0.2, 0.48)
_AFTER, _REST, _NEXT = _seconds(SETTLED_S, REST_S), _seconds(0.52, REST_S), _seconds(0.12, 0.6)
_REACH = _seconds(-0.12, 0.16)


def angle_deg(a: Floats, b: Floats) -> float:
    """Return the angle between two vectors in degrees; 0 where one of them has no length."""
    lengths = float(np.sqrt(np.dot(a, a) * np.dot(b, b)))
    if lengths < _TINY:
        return 0.0
    return float(np.degrees(np.arccos(min(1.0, max(-1.0, float(np.dot(a, b)) / lengths)))))


def _longest(mask: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> int:
    best = run = 0
    for hit in mask.tolist():
        run = run + 1 if hit else 0
        best = max(best, run)
    return best


def _periodicity(mag: Floats) -> float:
    """Return how much |a| repeats itself at 0.32 to 1.2 s, the step and stride of a walk: 0 no, 1 wholly."""
    x = mag - mag.mean()
    power = float(np.dot(x, x))
    if power < 1e-3:
        return 0.0
    lags = range(8, 31)
    return max(0.0, *(float(np.dot(x[lag:], x[:-lag])) / power for lag in lags))


def features(window: Window) -> list[float]:
    """Every feature of a window, in the order of FEATURES."""
    acc, mag, jolt = _common(window)
    return [*named_features(window).values(), *naive_falls.stretches(acc, mag, jolt, 5)]


def named_features(window: Window) -> dict[str, float]:
    """Return the features of a window by name."""
    acc, mag, jolt = _common(window)
    return {
        **_impact(window, mag, jolt),
        **_descent(mag),
        **_posture(acc, mag),
        **_around(mag, jolt),
        **_physics(acc, mag, jolt, window.post_s),
        "pre_s": window.pre_s,
        "post_s": window.post_s,
    }


def _common(window: Window) -> tuple[Floats, Floats, Floats]:
    """Return acceleration and its length as a 2 g sensor tells them, and the change from bin to bin."""
    acc = np.clip(window.acc, -COMMON_RANGE_G, COMMON_RANGE_G)
    mag = np.minimum(window.mag, MOST_COMMON_G)
    return acc, mag, np.sqrt(np.square(np.diff(acc, axis=0, prepend=acc[:1])).sum(axis=1))


def _impact(window: Window, mag: Floats, jolt: Floats) -> dict[str, float]:
    hit = mag[_HIT]
    reach = mag[_REACH]
    return {
        "peak": min(window.peak, PEAK_CAP_G),
        "peak_full": min(float(window.mag[_REACH].max()), PEAK_CAP_G),
        "peak_common": min(window.peak, MOST_COMMON_G),
        "peak_bin": float(reach.max()),
        "hit_area": float(np.maximum(hit - 1.0, 0.0).sum()) / GRID_HZ,
        "hit_long": float((hit > 1.5).sum()) / GRID_HZ,
        "hit_spread": float(hit.max() - hit.min()),
        "jolt_peak": float(jolt[_HIT].max()),
        "next_mean": float(mag[_NEXT].mean()),
        "next_min": float(mag[_NEXT].min()),
    }


def _descent(mag: Floats) -> dict[str, float]:
    down = mag[_DESCENT]
    lowest = int(down.argmin())
    return {
        "low": float(down[lowest]),
        "low_to_hit": float(len(down) - 1 - lowest) / GRID_HZ,
        "free_fall": _longest(down < FREE_FALL_G) / GRID_HZ,
        "light": float((down < LIGHT_G).sum()) / GRID_HZ,
        "drop": float(np.maximum(1.0 - down, 0.0).sum()) / GRID_HZ,
    }


def _posture(acc: Floats, mag: Floats) -> dict[str, float]:
    before, after, middle = acc[_BEFORE].mean(axis=0), acc[_AFTER].mean(axis=0), acc[_DESCENT].mean(axis=0)
    late = acc[_seconds(REST_S - 0.6, REST_S)].mean(axis=0)
    nearly = acc[_seconds(-1.2, -0.6)].mean(axis=0)
    return {
        "turned": angle_deg(before, after),
        "turned_late": angle_deg(nearly, late),
        "turning": angle_deg(middle, after),
        "settling": angle_deg(acc[_NEXT].mean(axis=0), late),
        "upright_before": float(np.sqrt(np.dot(before, before))),
        "upright_after": float(np.sqrt(np.dot(after, after))),
        "after_mean": abs(float(mag[_AFTER].mean()) - 1.0),
    }


def _around(mag: Floats, jolt: Floats) -> dict[str, float]:
    before, after, rest = jolt[_BEFORE], jolt[_AFTER], mag[_REST]
    windows = np.convolve(jolt[_REST], np.ones(GRID_HZ // 2), mode="valid") / (GRID_HZ // 2)
    return {
        "busy_before": float(before.mean()),
        "busy_descent": float(jolt[_seconds(-1.2, -0.2)].mean()),
        "busy_next": float(jolt[_seconds(0.2, 1.0)].mean()),
        "busy_after": float(after.mean()),
        "quietest": float(windows.min()),
        "quiet": float((jolt[_REST] < QUIET_G).sum()) / GRID_HZ,
        "after_most": float(after.max()),
        "rest_high": float(rest.max()),
        "rest_low": float(rest.min()),
        "before_high": float(mag[_BEFORE].max()),
        "before_low": float(mag[_BEFORE].min()),
        "before_hard": float((mag[_seconds(-3.0, -0.52)] > 1.5).sum()) / GRID_HZ,
        "walking": _periodicity(mag[_seconds(-3.0, -0.52)]),
        "rhythm_on": _periodicity(mag[_REST]),
    }


def _mean_around(signal: Floats, half: int) -> Floats:
    last = len(signal) - 1
    return np.array(
        [np.mean([signal[min(max(j, 0), last)] for j in range(i - half, i + half + 1)]) for i in range(last + 1)]
    )


def _physics(acc: Floats, mag: Floats, jolt: Floats, post_s: float) -> dict[str, float]:
    even = _mean_around(mag, 1)
    speed = most = gained = 0.0
    for index, level in enumerate(even[_seconds(-1.6, 0.04)].tolist()):
        speed += (level - 1.0) * 9.81 / GRID_HZ
        most = speed if index == 0 else max(most, speed)
        gained = max(gained, most - speed)
    hit = max(even[_seconds(-0.2, 0.3)].tolist())
    steps = _periodicity(mag[_seconds(-3.0, -0.52)])
    return {
        "hit_speed": sum(max(0.0, level - 1.0) for level in even[_seconds(-0.2, 0.6)].tolist()) * 9.81 / GRID_HZ,
        "fall_speed": gained,
        "swing": hit - min(even[_seconds(-1.2, 0.04)].tolist()),
        "tilt": angle_deg(acc[_seconds(-3.0, -1.2)].mean(axis=0), acc[_seconds(1.2, 2.5)].mean(axis=0)),
        "tilt_soon": angle_deg(acc[_seconds(-1.2, -0.6)].mean(axis=0), acc[_seconds(0.5, 1.2)].mean(axis=0)),
        "stillest": min(_mean_around(jolt, 6)[_seconds(0.75, 2.3)].tolist()),
        "stirring": float(np.mean(jolt[_seconds(1.2, 2.5)])),
        "alone_before": hit - max(even[_seconds(-3.0, -0.6)].tolist()),
        "alone_after": hit - max(even[_seconds(0.6, 2.5)].tolist()),
        "steps": steps,
        "cut_in_step": steps * max(0.0, 1.0 - post_s / 1.2),
    }
