"""Whether somebody who fell walks again: a fall's later stage, ``recovered``, from the same sensor's next minutes.

Windows of 5 s are laid out on the device's clock from the impact on, and each is judged once, when the frames that
cover it have come; one with a gap in it tells nothing. So what is found depends on the frames and their order alone.
"""

from collections.abc import Iterator

import msgspec
import numpy as np

from detectors import reasons
from detectors.fall_window import GRID_HZ, Window
from detectors.gait import WINDOW_S, walks
from detectors.trace import Trace
from detectors.wearable import WornFrame
from schemas import finding as wire
from schemas.finding import Finding, Phase, Reason, Stage

_SECOND = 1_000_000
_WINDOW_US = int(WINDOW_S * _SECOND)
#: Nothing is judged in the first seconds: whoever struggles to get up does not walk yet.
SETTLE_US = 10 * _SECOND
#: Walking again is WALKED of the last LOOKED windows: 20 s of 30. Who is helped into a chair does not reach it.
WALKED, LOOKED = 4, 6
#: Looked for so long after the impact; who walks later may have been found by somebody.
LOOK_US = 10 * 60 * _SECOND
#: The second that shows how the sensor hung before: the first of the window judged, 3 to 2 s before the impact.
_UPRIGHT_BINS = GRID_HZ
#: Falls of one wearer that are followed at once.
FOLLOWED = 4


class Fallen(msgspec.Struct, array_like=True):
    """A fall that is followed. ``impact_us`` is on the clock of ``boot``; ``recent`` holds a bit for each window.

    ``open_us``: the last impact whose full judgement may yet confirm it, while it is only possible.
    """

    finding: Finding
    boot: int
    impact_us: int
    upright: tuple[float, float, float]
    open_us: int
    window: int = 0
    recent: int = 0

    @property
    def start_us(self) -> int:
        """The device's clock where the next window begins."""
        return self.impact_us + SETTLE_US + self.window * _WINDOW_US


def fallen(finding: Finding, frame: WornFrame, impact_us: int, window: Window) -> Fallen:
    """Return the fall to follow; ``impact_us`` is on the device's clock."""
    # Through its bytes: a number that was written as 76 comes back as 76.0, and a restart must change nothing.
    finding = wire.decode(wire.encode(finding))
    x, y, z = window.acc[:_UPRIGHT_BINS].mean(axis=0).tolist()
    return Fallen(finding, frame.boot, impact_us, (x, y, z), impact_us)


def follow(followed: list[Fallen], frame: WornFrame, trace: Trace, run: tuple[int, int]) -> list[Finding]:
    """Judge what ``frame`` completes in the run of frames around it; return the falls whose people walk again.

    ``followed`` loses those, and falls that are long over.
    """
    found: list[Finding] = []
    for one in list(followed):
        if one.finding.device != frame.device or one.boot != frame.boot:
            continue
        for walked_from_us in _walks_again(one, trace, run):
            shift_us = frame.event_us - frame.t0_us
            found.append(_recovered(one.finding, walked_from_us + shift_us, one.start_us + shift_us))
            followed.remove(one)
            break
        else:
            if one.start_us - one.impact_us > LOOK_US:
                followed.remove(one)
    return found


def _walks_again(one: Fallen, trace: Trace, run: tuple[int, int]) -> Iterator[int]:
    """Judge the windows that the run covers, and yield once where the walking began, device clock."""
    low, high = run
    begin_us, end_us = trace.held[low].frame.t0_us, trace.held[high].frame.end_us
    while one.start_us + _WINDOW_US <= end_us and one.start_us - one.impact_us <= LOOK_US:
        start_us = one.start_us
        walked = start_us >= begin_us and _walked(one, trace, run, start_us)
        one.window += 1
        one.recent = (one.recent << 1 | walked) & ((1 << LOOKED) - 1)
        if one.recent.bit_count() >= WALKED:
            yield start_us - (one.recent.bit_length() - 1) * _WINDOW_US


def _walked(one: Fallen, trace: Trace, run: tuple[int, int], start_us: int) -> bool:
    t_us, acc_g = trace.samples(*run, start_us, start_us + _WINDOW_US - 1)
    return walks(t_us, acc_g, np.array(one.upright))


def _recovered(finding: Finding, from_us: int, until_us: int) -> Finding:
    """Return the finding's last stage, its evidence with the walking added."""
    evidence = finding.evidence
    phases = (*evidence.phases, Phase(reasons.PHASE_RECOVERED, from_us, until_us))
    told = (
        *evidence.reasons,
        Reason(reasons.WALKS_AGAIN, {"s": float(round((until_us - finding.event_us) / _SECOND))}),
    )
    return msgspec.structs.replace(
        finding,
        stage=Stage.RECOVERED,
        end_us=until_us,
        decided_us=until_us,
        heard_us=0,
        evidence=msgspec.structs.replace(evidence, phases=phases, reasons=told),
    )
