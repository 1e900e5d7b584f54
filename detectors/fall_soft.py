"""A soft fall: down without a hard impact, a slide from a chair or along a wall, and then lying. A weak sign. Pure.

Looked for at the trunk alone, where the sensor turns as the body does, at each whole second T of the device's clock:
the body turned between T - 8 and T - 5 s, went light and touched down without a hard blow, and has rested since.
Whoever lies down quickly does the same, so this is never more than ``possible``, with a score that alone raises
nothing.

In 2,856 trials of daily life at the trunk (SisFall, SmartFallMM, timed up and go) it speaks in 10, 9 of them of people
who get out of a car; the settings were chosen by looking at these. No recording of a real or acted slide is to be had;
of simulated slides from a chair it finds 38 of 40, which proves nothing.
"""

from dataclasses import dataclass
from math import cos, radians, sqrt

import numpy as np
from numpy.typing import NDArray

from detectors import reasons
from detectors.fall_evidence import ways
from detectors.fall_window import Floats
from detectors.gait import angle_deg
from detectors.kernels.slides import cosine_of_means, turn
from detectors.trace import Trace
from detectors.wearable import WornFrame
from schemas.finding import Evidence, Finding, FindingKind, Phase, Reason, Stage
from schemas.ids import finding_id
from schemas.mobility import Mobility

_SECOND = 1_000_000
#: Seconds of rest, of going down, and before it. At each whole second, so going down may take two of its three.
REST_S, DOWN_S, BEFORE_S = 5, 3, 2
SPAN_US = (REST_S + DOWN_S + BEFORE_S) * _SECOND
#: How far the body turned, degrees.
TURNED_DEG = 60.0
#: Beyond this cosine nobody turned so far, whatever rounding does.
TURNED_COSINE = cos(radians(TURNED_DEG)) + 1e-6
#: The newest frame and the one NINE_S before it differ by this much at least, degrees; asked only of frames so short.
MAY_DEG, NINE_S, SHORT_US = 30.0, 9, 2_500_000
MAY_COSINE = cos(radians(MAY_DEG))
#: Means over 0.2 s that rest, and what moves within them, standard deviation of an axis, g.
BIN_US = 200_000
RESTS_G, STIRS_G = 0.06, 0.15
#: |a| on the way down: at some time lighter than this, and a touch harder than this, g; what is as hard as the last is
#: an impact, which the model judges.
LIGHT_G, TOUCH_G, HARD_G = 0.93, 1.15, 2.0
#: What a soft fall is worth: of some ten that look like one, one may be. Not measured: there is nothing to measure on.
SOFT_SCORE = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class Soft:
    """A soft fall: the touch, and where the going down began, on the device's clock; how far the body turned."""

    touch_us: int
    begin_us: int
    at_us: int
    deg: float
    before: tuple[float, float, float]


def whole_seconds(first_us: int, last_us: int) -> range:
    """Return the whole seconds of the device's clock after ``first_us`` up to ``last_us``."""
    return range((first_us // _SECOND + 1) * _SECOND, last_us + 1, _SECOND)


def may_be_soft(trace: Trace, index: int, at_us: int) -> bool:
    """Whether the frame at ``index`` lies otherwise than the one seconds before; of long frames nobody asks."""
    frame = trace.held[index].frame
    while index > 0 and trace.held[index].frame.t0_us > at_us - NINE_S * _SECOND:
        index -= 1
    before = trace.held[index].frame
    if max(frame.duration_us, before.duration_us) > SHORT_US:
        return True
    return may_have_turned(before.acc, frame.acc)


def may_have_turned(before: NDArray[np.int16], after: NDArray[np.int16]) -> bool:
    """Whether it is worth looking: two short frames, counts (n, 3), whose mean directions differ; cheap, for any frame.

    Part of what a soft fall is, so that who looks at many wearers at once may ask it first.
    """
    if max(len(before), len(after)) == 0:
        return False
    dot, one, other = turn(before, after)
    return bool(dot < MAY_COSINE * sqrt(one * other))


def soft_fall(t_us: NDArray[np.int64], acc_g: Floats, at_us: int) -> Soft | None:
    """Return the soft fall after which the body has rested until ``at_us``, None where there is none.

    ``acc_g`` (n, 3) in g at times ``t_us`` (n,) without a gap.
    """
    rest_us, down_us, start_us = at_us - REST_S * _SECOND, at_us - (REST_S + DOWN_S) * _SECOND, at_us - SPAN_US
    start, down, rest, end = np.searchsorted(t_us, [start_us, down_us, rest_us, at_us]).tolist()
    if not start < down < rest < end:
        return None
    if cosine_of_means(acc_g, start, down, rest, end) > TURNED_COSINE:
        return None
    before, after = acc_g[start:down].mean(axis=0), acc_g[rest:end].mean(axis=0)
    deg = angle_deg(before, after)
    if deg < TURNED_DEG or not _rests(t_us[rest:end] - rest_us, acc_g[rest:end]):
        return None
    mag = np.sqrt(np.square(acc_g[down:end]).sum(axis=1))
    at = (t_us[down:end] - down_us) // BIN_US
    level = np.bincount(at, weights=mag) / np.maximum(np.bincount(at), 1)
    falling = level[: DOWN_S * _SECOND // BIN_US]
    touch = int(mag[: rest - down].argmax())
    if falling[falling > 0].min() > LIGHT_G or not mag[touch] >= TOUCH_G or mag.max() >= HARD_G:
        return None
    light = int(np.argmin(np.where(falling > 0, falling, np.inf)))
    begin_us = min(down_us + light * BIN_US, int(t_us[down + touch]))
    return Soft(int(t_us[down + touch]), begin_us, at_us, deg, (float(before[0]), float(before[1]), float(before[2])))


def soft_finding(soft: Soft, frame: WornFrame, model: str, mobility: Mobility) -> Finding:
    """Return the finding of a soft fall whose touch lies in ``frame``."""

    def at(device_us: int) -> int:
        return frame.event_us + device_us - frame.t0_us

    rest_us = at(soft.at_us - REST_S * _SECOND)
    took_s = max(0.2, (soft.at_us - REST_S * _SECOND - soft.begin_us) / _SECOND)
    return Finding(
        id=finding_id(frame.unit, frame.resident, FindingKind.FALL, frame.key),
        kind=FindingKind.FALL,
        stage=Stage.POSSIBLE,
        unit=frame.unit,
        resident=frame.resident,
        device=frame.device,
        event_us=at(soft.touch_us),
        start_us=at(soft.begin_us),
        end_us=at(soft.at_us),
        decided_us=at(soft.at_us),
        score=SOFT_SCORE,
        anchor=frame.key,
        model=model,
        evidence=Evidence(
            phases=(
                Phase(reasons.PHASE_DESCENT, at(soft.begin_us), rest_us),
                Phase(reasons.PHASE_LYING, rest_us, at(soft.at_us)),
            ),
            reasons=(
                Reason(reasons.SOFT_DESCENT, {"deg": float(round(soft.deg)), "s": round(took_s, 1)}),
                Reason(reasons.STILL, {"s": float(REST_S)}),
                *ways(mobility),
            ),
        ),
    )


def _rests(since_us: NDArray[np.int64], acc_g: Floats) -> bool:
    """Whether nothing but small stirring moves."""
    at = since_us // BIN_US
    counts = np.maximum(np.bincount(at, minlength=REST_S * _SECOND // BIN_US), 1)
    sums = np.stack([np.bincount(at, weights=acc_g[:, axis], minlength=len(counts)) for axis in range(3)], axis=1)
    means: Floats = sums / counts[:, None]
    return float(means.std(axis=0).max()) <= RESTS_G and float((acc_g - means[at]).std(axis=0).max()) <= STIRS_G
