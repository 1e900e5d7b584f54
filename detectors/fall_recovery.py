"""What comes after a fall, from the same sensor's next minutes: who walks again has ``recovered``.

Windows of 5 s are laid out on the device's clock from the impact on, and each is looked at once, when the frames that
cover it have come; one with a gap in it tells nothing. So what is found depends on the frames and their order alone.
All else that these windows show is further news of the stage that the fall has (detectors.fall_lying).
"""

from collections.abc import Iterator

import msgspec

from detectors import reasons
from detectors.fall_followed import LOOKED, UNSTEADY, WINDOW_US, Fallen, look
from detectors.fall_lying import news
from detectors.trace import Trace
from detectors.wearable import WornFrame
from schemas.finding import Finding, Phase, Reason, Stage
from schemas.mobility import Mobility

_SECOND = 1_000_000
#: Walking again is WALKED of the last LOOKED windows: 20 s of 30. Who is helped into a chair does not reach it.
WALKED = 4
#: Or steps in so many of them, while the trunk was upright and moving in all: who gets up and potters about.
STEPPED = 3
#: Looked for so long after the impact; who walks later may have been found by somebody.
LOOK_US = 10 * 60 * _SECOND
#: Who does not walk anyway: upright and moving again may be sitting on the floor beside the chair, so nothing that a
#: wearable feels says that they are well again.
NEVER_WALK = frozenset({Mobility.WHEELCHAIR, Mobility.BEDBOUND})


def follow(
    followed: list[Fallen], frame: WornFrame, trace: Trace, run: tuple[int, int], mobility: Mobility
) -> list[Finding]:
    """Look at what ``frame`` completes in the run of frames around it; return what that tells of the falls.

    ``followed`` loses those whose people walk again, and falls that are long over.
    """
    found: list[Finding] = []
    shift_us = frame.event_us - frame.t0_us
    for one in list(followed):
        if one.finding.device != frame.device:
            continue
        if one.boot != frame.boot:  # what came before the device began anew has come, or never will
            if frame.event_us - one.finding.event_us > LOOK_US:
                followed.remove(one)
            continue
        for _ in _looks(one, trace, run):
            if mobility not in NEVER_WALK and _up_again(one):
                found.append(_recovered(one, shift_us))
                followed.remove(one)
                break
            found += news(one, one.start_us + shift_us, mobility)
        else:
            if one.start_us - one.impact_us > LOOK_US:
                followed.remove(one)
    return found


def _looks(one: Fallen, trace: Trace, run: tuple[int, int]) -> Iterator[None]:
    """Look at the windows that the run covers one by one, and yield after each."""
    low, high = run
    begin_us, end_us = trace.held[low].frame.t0_us, trace.held[high].frame.end_us
    while one.start_us + WINDOW_US <= end_us and one.start_us - one.impact_us <= LOOK_US:
        start_us = one.start_us
        whole = start_us >= begin_us
        look(one, trace.samples(*run, start_us, start_us + WINDOW_US - 1) if whole else None)
        yield


def _walks(one: Fallen) -> bool:
    return one.walked.bit_count() >= WALKED


def _up_again(one: Fallen) -> bool:
    # A trunk that was upright all along never fell far: then only a walk tells more than the fall did.
    stood = one.trunk and one.lay > 0 and one.stood.bit_count() == LOOKED and one.window > LOOKED + UNSTEADY
    return _walks(one) or (stood and one.walked.bit_count() >= STEPPED)


def _recovered(one: Fallen, shift_us: int) -> Finding:
    """Return the finding's last stage, its evidence with the walking added; ``shift_us`` leads to the event clock."""
    finding, until_us = one.finding, one.start_us + shift_us
    walks = _walks(one)
    since = one.walked.bit_length() if walks else LOOKED
    after_s = float(round((until_us - finding.event_us) / _SECOND))
    phase = Phase(reasons.PHASE_RECOVERED, until_us - since * WINDOW_US, until_us)
    reason = Reason(reasons.WALKS_AGAIN if walks else reasons.UPRIGHT_AGAIN, {"s": after_s})
    return msgspec.structs.replace(
        finding,
        stage=Stage.RECOVERED,
        end_us=until_us,
        decided_us=until_us,
        heard_us=0,
        update=0,
        evidence=msgspec.structs.replace(
            finding.evidence,
            phases=(*finding.evidence.phases, phase),
            reasons=(*finding.evidence.reasons, reason),
        ),
    )
