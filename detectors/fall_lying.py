"""News of somebody who fell and did not get up: no movement for so long, or movement on the floor. Pure.

Further tellings of the stage that the fall has, under its id, a few at most: nobody is rung a second time by them, but
who looks sees how it stands.
"""

import msgspec

from detectors import reasons
from detectors.fall_followed import LOOKED, SETTLE_US, WINDOW_US, Fallen
from detectors.wearable import WornFrame
from schemas.finding import Evidence, Finding, Phase, Reason
from schemas.mobility import Mobility

_SECOND = 1_000_000
_WINDOW_S = WINDOW_US // _SECOND
#: Told once each: seconds without a movement. 20 s is longer than people lie to collect themselves, a minute is what
#: others wait (ANCHORS: 30 s to 1 min), after 5 min it is a long lie in the making.
STILL_TOLD_S = (20, 60, 300)
#: Somebody who moves on the floor is told of once, so long after the impact, seconds; and how much of it they lay.
MOVES_TOLD_S, MOVES_LAY = 60, 0.7
#: What is said of the person's state now: what was said of it before gives way.
_NOW = frozenset({reasons.NO_MOVEMENT, reasons.MAYBE_NOT_WORN, reasons.MOVES_LYING, reasons.UPRIGHT_AGAIN})
_MOVES, _UPRIGHT, _OFF = (1 << len(STILL_TOLD_S) + each for each in range(3))


def news(one: Fallen, now_us: int, mobility: Mobility) -> list[Finding]:
    """Return what the last look adds to a fall at ``now_us``, event clock; ``one`` remembers that it was told."""
    still_s = one.still * _WINDOW_S
    since_s = SETTLE_US // _SECOND + one.window * _WINDOW_S
    if still_s in STILL_TOLD_S and _first(one, 1 << STILL_TOLD_S.index(still_s)):
        told = [Reason(reasons.NO_MOVEMENT, {"s": float(still_s)})]
        if still_s == STILL_TOLD_S[-1] and one.thing >= one.still:
            told.append(Reason(reasons.MAYBE_NOT_WORN, {"s": float(still_s)}))
        return [_more(one, now_us, told, Phase(reasons.PHASE_STILL, now_us - still_s * _SECOND, now_us))]
    on_floor = one.trunk and one.lay >= MOVES_LAY * one.window and still_s < STILL_TOLD_S[0]
    if since_s == MOVES_TOLD_S and on_floor and _first(one, _MOVES):
        return [_more(one, now_us, [Reason(reasons.MOVES_LYING, {"s": float(since_s)})], None)]
    upright = one.trunk and one.lay > 0 and one.stood.bit_count() == LOOKED
    if mobility in (Mobility.WHEELCHAIR, Mobility.BEDBOUND) and upright and _first(one, _UPRIGHT):
        return [_more(one, now_us, [Reason(reasons.UPRIGHT_AGAIN, {"s": float(since_s)})], None)]
    return []


def taken_off(followed: list[Fallen], frame: WornFrame) -> list[Finding]:
    """Return what ``frame`` adds to the falls of its device when it says that nobody wears it now.

    No reason to be calm: in a fall a sensor can lose the skin too.
    """
    mine = [one for one in followed if (one.finding.device, one.boot) == (frame.device, frame.boot)]
    after = [one for one in mine if frame.t0_us > one.impact_us and _first(one, _OFF)]
    return [_more(one, frame.event_us, [Reason(reasons.TAKEN_OFF)], None) for one in after]


def _first(one: Fallen, bit: int) -> bool:
    """Whether this news is the first of its kind; from now on it is not."""
    first = not one.told & bit
    one.told |= bit
    return first


def _more(one: Fallen, now_us: int, told: list[Reason], phase: Phase | None) -> Finding:
    """Return the finding at the stage it has with more to say; how it stands now takes the place of how it stood."""
    finding = one.finding
    settled_us = finding.event_us + SETTLE_US
    phases = [
        each
        for each in finding.evidence.phases
        if phase is None or each.name != phase.name or each.start_us < settled_us
    ]
    evidence = Evidence(
        phases=tuple(phases if phase is None else [*phases, phase]),
        reasons=(*(each for each in finding.evidence.reasons if each.code not in _NOW), *told),
        features=finding.evidence.features,
    )
    one.finding = msgspec.structs.replace(
        finding, end_us=now_us, decided_us=now_us, update=finding.update + 1, heard_us=0, evidence=evidence
    )
    return one.finding
