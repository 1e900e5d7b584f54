"""Windows, features and scores in whole arrays of numpy, row by row: the twin of detectors.kernels, to the bit.

It is what the shipped model was trained with before there were kernels; they add up in its order.
"""

import numpy as np
from numpy.typing import NDArray

from detectors.fall_model import FallModel, Weighted
from detectors.fall_window import BINS, GRID_HZ, POST_S, PRE, PRE_S, Floats, Window, Windows
from detectors.impacts import magnitude
from detectors.kernels.features import (
    COUNT,
    CUT_S,
    DESCENT_S,
    END,
    FREE_FALL_G,
    LENGTH,
    LIGHT_G,
    PEAK_CAP_G,
    QUIET_G,
    REST_S,
    SETTLED_S,
    SPEED,
    START,
    WAYS,
)
from detectors.kernels.grid import COMMON_RANGE_G, MOST_COMMON_G
from detectors.trees import BoostedTrees

_EDGES_S = (np.arange(BINS + 1) - PRE - 0.5) / GRID_HZ
_LAGS = range(8, 31)
_STILL_POWER = 1e-3
_TINY = 1e-9


def logits(model: FallModel, features: Floats) -> Floats:
    """Return the calibrated log odds of events with these FEATURES (k, F): shape (k,)."""
    of_trees, of_sum, always = model.shares
    found: Floats = of_trees * _tree_logits(model.trees, np.take(features, model.columns, axis=1)) + always
    if model.weighted is not None:
        found = found + of_sum * _sum_logits(model.weighted, features)
    return found


def _tree_logits(trees: BoostedTrees, rows: Floats) -> Floats:
    each = np.arange(len(trees.feature))
    node = np.zeros((len(rows), len(each)), dtype=np.int64)
    for _ in range(trees.depth):
        over = (
            np.take_along_axis(rows, trees.feature[each, node].astype(np.int64), axis=1) > trees.threshold[each, node]
        )
        node = np.where(over, trees.right[each, node], trees.left[each, node])
    found: Floats = trees.base + trees.value[each, node].sum(axis=1)
    return found


def _sum_logits(weighted: Weighted, features: Floats) -> Floats:
    off = (np.take(features, weighted.columns, axis=1) - weighted.mean) / weighted.sd
    off = np.clip(off, -weighted.most_sd, weighted.most_sd)
    found: Floats = weighted.base + (off * weighted.weight).sum(axis=1)
    return found


def _seconds(start: float, end: float) -> slice:
    return slice(PRE + round(start * GRID_HZ), PRE + round(end * GRID_HZ))


_BEFORE, _DESCENT, _HIT = _seconds(-3.0, -1.2), _seconds(-DESCENT_S, 0.04), _seconds(-0.2, 0.48)
_AFTER, _REST, _NEXT = _seconds(SETTLED_S, REST_S), _seconds(0.52, REST_S), _seconds(0.12, 0.6)
_REACH, _LATE, _NEARLY = _seconds(-0.12, 0.16), _seconds(REST_S - 0.6, REST_S), _seconds(-1.2, -0.6)
_FALLING, _SETTLING, _WALK = _seconds(-1.2, -0.2), _seconds(0.2, 1.0), _seconds(-3.0, -0.52)
_FALL, _BLOW, _PEAK = _seconds(-1.6, 0.04), _seconds(-0.2, 0.6), _seconds(-0.2, 0.3)
_EARLY, _PAST = _seconds(0.5, 1.2), _seconds(0.6, REST_S)
_FORE, _STILL = _seconds(-3.0, -0.6), _seconds(0.75, REST_S - 0.2)


def cut_window(t_us: NDArray[np.int64], acc_g: Floats, impact: int) -> Window:
    """Return the window around sample ``impact`` of ``acc_g`` (n, 3) in g, at times ``t_us`` (n,) without a gap."""
    t = (t_us - t_us[impact]) / 1e6
    low = max(0, int(np.searchsorted(t, _EDGES_S[0])) - 1)
    high = int(np.searchsorted(t, _EDGES_S[-1])) + 1
    t, acc_g = t[low:high], acc_g[low:high]
    mag = magnitude(acc_g)
    columns = np.column_stack([acc_g, mag])
    binned = _bin_means(t, columns)
    pre_s = min(PRE_S, -float(t[0]))
    post_s = min(POST_S, float(t[-1]))
    return Window(binned[:, :3], binned[:, 3], float(mag[impact - low]), pre_s, post_s)


def _bin_means(t: Floats, columns: Floats) -> Floats:
    """Return the mean over each bin of the line through the samples; ends are held."""
    if len(t) == 1:
        return np.repeat(columns, BINS, axis=0)
    steps = np.diff(t)[:, None] * (columns[1:] + columns[:-1]) / 2
    area = np.vstack([np.zeros((1, columns.shape[1])), np.cumsum(steps, axis=0)])
    # beyond the data the line is flat: one far point on each side carries it
    far = 2 * (PRE_S + POST_S)
    t = np.concatenate([[t[0] - far], t, [t[-1] + far]])
    area = np.vstack([area[0] - far * columns[0], area, area[-1] + far * columns[-1]])
    # exact within a bin edge's sample interval up to the curvature of the area, which is linear in the sample step
    at = np.column_stack([np.interp(_EDGES_S, t, area[:, k]) for k in range(columns.shape[1])])
    return np.diff(at, axis=0) * GRID_HZ


def fall_features_of(windows: Windows) -> Floats:
    """Return the features of many windows, shape (k, len(FEATURES)), in the order of FEATURES."""
    acc, mag, jolt = _common(windows)
    named = np.stack(list(_named(windows, acc, mag, jolt).values()), axis=1)
    return np.concatenate([named, stretch_features(acc, mag, jolt)], axis=1)


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


def _longest(mask: NDArray[np.bool_]) -> NDArray[np.int64]:
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
        "free_fall": _longest(down < FREE_FALL_G) / GRID_HZ,
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


def physics(acc: Floats, mag: Floats, jolt: Floats, post_s: Floats) -> dict[str, Floats]:
    """Return the quantities of many windows, each (k,): speeds in m/s, angles in degrees, |a| in g.

    ``acc`` (k, BINS, 3), ``mag`` and ``jolt`` (k, BINS) as a 2 g sensor tells them, ``post_s`` (k,).
    """
    even = running_mean(mag, 3)
    fall = np.cumsum(even[:, _FALL] - 1.0, axis=1) * SPEED
    hit = even[:, _PEAK].max(axis=1)
    before, after, early, nearly = (acc[:, part].mean(axis=1) for part in (_BEFORE, _AFTER, _EARLY, _NEARLY))
    steps = periodicity(mag[:, _WALK])
    return {
        "hit_speed": np.maximum(even[:, _BLOW] - 1.0, 0.0).sum(axis=1) * SPEED,  # speed taken away by the blow
        "fall_speed": (np.maximum.accumulate(fall, axis=1) - fall).max(axis=1),  # speed gained before it
        "swing": hit - even[:, _DESCENT].min(axis=1),  # from the lightest moment to the hardest
        "tilt": angles_deg(before, after),  # how far the body turned from before to after
        "tilt_soon": angles_deg(nearly, early),  # and from just before to just after
        "stillest": running_mean(jolt, 13)[:, _STILL].min(axis=1),
        "stirring": jolt[:, _AFTER].mean(axis=1),
        "alone_before": hit - even[:, _FORE].max(axis=1),  # how the blow stands out of what was before
        "alone_after": hit - even[:, _PAST].max(axis=1),  # and after
        "steps": steps,
        "cut_in_step": steps * np.maximum(0.0, 1.0 - post_s / CUT_S),
    }


def stretch_features(acc: Floats, mag: Floats, jolt: Floats) -> Floats:
    """Return the features of STRETCHES, in their order, of many windows: shape (k, len(STRETCHES)).

    ``acc`` (k, BINS, 3) and ``mag`` (k, BINS) in g, ``jolt`` (k, BINS) the length of the change of ``acc`` from bin to
    bin. Of each stretch: mean, most and least of ``mag``, mean of ``jolt``; of the first WAYS also the cosine of the
    angle between its mean direction and that of their end, and that of their start.
    """
    whole, count = COUNT * LENGTH, len(mag)
    level, change = mag[:, :whole].reshape(count, COUNT, LENGTH), jolt[:, :whole].reshape(count, COUNT, LENGTH)
    columns = [level.mean(axis=2), level.max(axis=2), level.min(axis=2), change.mean(axis=2)]
    ways = acc[:, : WAYS * LENGTH].reshape(count, WAYS, LENGTH, 3).mean(axis=2)
    ways = ways / (lengths(ways) + _TINY)[..., None]
    for ends in (ways[:, -END:], ways[:, :START]):
        toward = ends.mean(axis=1)
        columns.append(dots(ways, toward[:, None, :]) / (lengths(toward) + _TINY)[:, None])
    return np.concatenate(columns, axis=1)


def lengths(vectors: Floats) -> Floats:
    """Return the length of vectors (..., 3): shape (...)."""
    return np.sqrt(dots(vectors, vectors))


def dots(a: Floats, b: Floats) -> Floats:
    """Return the scalar products of vectors (..., 3): shape (...)."""
    told: Floats = a[..., 0] * b[..., 0] + a[..., 1] * b[..., 1] + a[..., 2] * b[..., 2]
    return told


def angles_deg(a: Floats, b: Floats) -> Floats:
    """Return the angles between vectors (k, 3) in degrees; 0 where one of them has no length."""
    both = np.sqrt(dots(a, a) * dots(b, b))
    cosine = np.clip(dots(a, b) / np.maximum(both, _TINY), -1.0, 1.0)
    return np.where(both < _TINY, 0.0, np.degrees(np.arccos(cosine)))


def periodicity(mag: Floats) -> Floats:
    """Return how much |a| repeats itself at the step and stride of a walk: 0 no, 1 wholly."""
    x = mag - mag.mean(axis=1, keepdims=True)
    power = np.square(x).sum(axis=1)
    count = x.shape[1]
    padded = np.zeros((len(x), count + _LAGS[-1]))
    padded[:, :count] = x
    later = np.lib.stride_tricks.sliding_window_view(padded, count, axis=1)[:, _LAGS[0] :]  # x from each lag on
    best = np.maximum((later * x[:, None, :]).sum(axis=2).max(axis=1), 0.0)
    found: Floats = np.where(power < _STILL_POWER, 0.0, best / np.maximum(power, _STILL_POWER))
    return found


def running_mean(signal: Floats, width: int) -> Floats:
    """Return the centred mean of ``width`` (odd) bins of each row of ``signal`` (k, n); ends are held."""
    half = width // 2
    held = np.concatenate([np.repeat(signal[:, :1], half + 1, 1), signal, np.repeat(signal[:, -1:], half, 1)], axis=1)
    sums = np.cumsum(held, axis=1)
    found: Floats = (sums[:, width:] - sums[:, :-width]) / width
    return found
