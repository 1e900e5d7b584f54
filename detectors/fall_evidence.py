"""Why an impact was taken for a fall: phases for the drawing, reasons with numbers, and the features decided by."""

import numpy as np

from detectors import reasons
from detectors.fall_features import LIGHT_G, QUIET_G, SETTLED_S, named_features
from detectors.fall_window import GRID_HZ, POST_S, PRE, Window
from detectors.fall_worn import flight_s
from detectors.wearable import WornFrame
from schemas.finding import Evidence, Finding, FindingKind, Phase, Reason, Stage
from schemas.ids import finding_id
from schemas.mobility import Mobility

_SECOND = 1_000_000
_BIN_US = _SECOND // GRID_HZ
#: What makes a number worth telling: shorter or smaller ones are noise to a reader.
_TELL_FREE_FALL_S, _TELL_TURN_DEG, _TELL_STILL_S = 0.12, 45.0, 0.6
#: Mean change from bin to bin that can be seen in a picture of several g, g. What is between still and moving is not
#: told.
_TELL_MOVING_G = 0.1
#: How people get about whose falls are read otherwise.
_WAYS = {
    Mobility.FRAME: reasons.USES_FRAME,
    Mobility.WHEELCHAIR: reasons.USES_WHEELCHAIR,
    Mobility.BEDBOUND: reasons.BEDBOUND,
}
#: Free fall ends at most this long before the hardest sample: knees and hands touch first.
_LANDING_S = 0.5
#: |a| above which bins belong to the impact, and how far from its hardest sample they may lie.
_HARD_G, _HARD_S = 1.5, 0.6


def fall_finding(
    frame: WornFrame,
    event_us: int,
    window: Window,
    score: float,
    model: str,
    stage: Stage = Stage.CONFIRMED,
    anchor: str | None = None,
    mobility: Mobility = Mobility.UNKNOWN,
) -> Finding:
    """Return the finding of a fall whose impact lies in ``frame`` at ``event_us``.

    ``anchor``: the key of the message that its id hangs on where that is not ``frame``: one of its event before.
    """
    anchor = frame.key if anchor is None else anchor
    features = named_features(window)
    flown_s = flight_s(window) if stage is Stage.CONFIRMED else 0.0
    told = _reasons(window, features, stage)
    if flown_s:
        told = (*told, Reason(reasons.MAYBE_DROPPED, {"s": round(flown_s, 2)}))
    told += ways(mobility)
    phases = _phases(window, event_us, features)
    return Finding(
        id=finding_id(frame.unit, frame.resident, FindingKind.FALL, anchor),
        kind=FindingKind.FALL,
        stage=stage,
        unit=frame.unit,
        resident=frame.resident,
        device=frame.device,
        event_us=event_us,
        start_us=phases[0].start_us,
        end_us=event_us + int(window.post_s * _SECOND),
        decided_us=event_us + int(window.post_s * _SECOND),
        score=round(score, 4),
        anchor=anchor,
        model=model,
        mild=flown_s > 0,
        evidence=Evidence(
            phases=phases,
            reasons=told,
            features={name: round(float(value), 4) for name, value in features.items()},
        ),
    )


def ways(mobility: Mobility) -> tuple[Reason, ...]:
    """Return how the person gets about as a reason, where that is out of the common."""
    code = _WAYS.get(mobility)
    return () if code is None else (Reason(code),)


def free_fall_bins(window: Window) -> tuple[int, int] | None:
    """Return the first bin and the one after the last of the longest light stretch that ends at the impact, or None."""
    light = window.mag < LIGHT_G
    end = PRE
    while end > PRE - int(_LANDING_S * GRID_HZ) and not light[end - 1]:
        end -= 1
    start = end
    while start > 0 and light[start - 1]:
        start -= 1
    return (start, end) if (end - start) / GRID_HZ >= _TELL_FREE_FALL_S else None


def still_bins(window: Window) -> tuple[int, int]:
    """Return the longest stretch of bins after the impact in which hardly anything moved; empty where there is none."""
    measured = PRE + int(window.post_s * GRID_HZ) + 1
    jolt = np.sqrt(np.square(np.diff(window.acc, axis=0, prepend=window.acc[:1])).sum(axis=1))
    best = run = (PRE, PRE)
    for index in range(PRE + 1, measured):
        run = (run[0], index + 1) if jolt[index] < QUIET_G else (index + 1, index + 1)
        best = max(best, run, key=lambda stretch: stretch[1] - stretch[0])
    return best


def _phases(window: Window, event_us: int, features: dict[str, float]) -> tuple[Phase, ...]:
    def at(index: int) -> int:
        return event_us + (index - PRE) * _BIN_US

    phases: list[Phase] = []
    falling = free_fall_bins(window)
    if falling is not None:
        phases.append(Phase(reasons.PHASE_FREE_FALL, at(falling[0]), at(falling[1])))
    reach = int(_HARD_S * GRID_HZ)
    hard = np.flatnonzero(window.mag[PRE - reach : PRE + reach + 1] > _HARD_G).tolist() or [reach]
    first, last = hard[0] - reach + PRE, hard[-1] - reach + PRE
    first = max(first, falling[1] if falling else 0)
    phases.append(Phase(reasons.PHASE_IMPACT, at(min(first, PRE)), at(max(last, PRE) + 1)))
    end_us = event_us + int(window.post_s * _SECOND)
    settled_us = event_us + int(SETTLED_S * _SECOND)
    if features["turned"] >= _TELL_TURN_DEG and end_us > settled_us:
        phases.append(Phase(reasons.PHASE_LYING, settled_us, end_us))
    start, stop = still_bins(window)
    if (stop - start) / GRID_HZ >= _TELL_STILL_S:
        phases.append(Phase(reasons.PHASE_STILL, at(start), min(at(stop), end_us)))
    return tuple(phases)


def _reasons(window: Window, features: dict[str, float], stage: Stage) -> tuple[Reason, ...]:
    told = [Reason(reasons.IMPACT, {"g": round(window.peak, 2)})]
    falling = free_fall_bins(window)
    if falling is not None:
        told.append(Reason(reasons.FREE_FALL, {"s": round((falling[1] - falling[0]) / GRID_HZ, 2)}))
    if features["turned"] >= _TELL_TURN_DEG and window.post_s > SETTLED_S:
        told.append(Reason(reasons.POSTURE_CHANGE, {"deg": round(features["turned"])}))
    start, stop = still_bins(window)
    if (stop - start) / GRID_HZ >= _TELL_STILL_S:
        told.append(Reason(reasons.STILL, {"s": round((stop - start) / GRID_HZ, 1)}))
    elif window.post_s >= POST_S / 2 and features["busy_after"] >= _TELL_MOVING_G:
        told.append(Reason(reasons.MOVING, {"g": round(features["busy_after"], 2)}))
    if window.post_s < POST_S - 1 / GRID_HZ and stage is not Stage.POSSIBLE:
        told.append(Reason(reasons.NO_DATA_AFTER, {"s": round(window.post_s, 1)}))
    return tuple(told)
