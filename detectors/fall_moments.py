"""Which impacts of a run of frames can be judged by now, early or in full, and the window around each."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detectors.fall_model import TRUNK, place_of
from detectors.fall_stages import EARLY_S, EARLY_US, POST_US
from detectors.fall_window import POST_S, PRE_S, Floats, Window, cut_window
from detectors.impacts import APART_S, TRUNK_BACK_S, find_impacts, magnitude
from detectors.kernels.peaks import is_hard_between
from detectors.trace import Held, Trace

#: What a window needs on either side of its frame: its own length, or that of the search for a larger impact.
REACH_US = int((max(PRE_S, POST_S, APART_S) + 0.1) * 1_000_000)


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """An impact whose seconds are there: sample ``index`` of ``acc_g`` (n, 3) at ``t_us`` (n,), device clock."""

    impact_us: int
    held: Held
    t_us: NDArray[np.int64]
    acc_g: Floats
    index: int
    early: bool

    @property
    def due_us(self) -> int:
        """When it could be judged."""
        return self.impact_us + (EARLY_US if self.early else POST_US)

    def window(self) -> Window:
        """Return the seconds around it; an early judgement sees none beyond its own, however many have come."""
        if not self.early:
            return cut_window(self.t_us, self.acc_g, self.index)
        stop = int(np.searchsorted(self.t_us, self.due_us, side="right"))
        return cut_window(self.t_us[:stop], self.acc_g[:stop], self.index)


def back_of(position: str | None) -> float:
    """Return for how many seconds before it an impact of a sensor worn at ``position`` is the largest."""
    return TRUNK_BACK_S if place_of(position) == TRUNK else APART_S


def ripe(trace: Trace, run: tuple[int, int], gate_g: float) -> list[Moment]:
    """Return what has its seconds after it in a run of frames, by the time of each; the frames remember it as judged.

    So it makes no difference how many of those seconds one frame brings.
    """
    last_us = trace.held[run[1]].last_us
    found: list[Moment] = []
    for held in trace.held[run[0] : run[1] + 1]:
        if held.peak < gate_g:
            continue
        early_us, until_us = min(held.last_us, last_us - EARLY_US), min(held.last_us, last_us - POST_US)
        if early_us > held.early_us:
            found += moments(trace, held, run, (held.early_us, early_us), gate_g, early=True)
            held.early_us = early_us
        if until_us > held.done_us:
            found += moments(trace, held, run, (held.done_us, until_us), gate_g, early=False)
            held.done_us = until_us
    return sorted(found, key=lambda each: (each.due_us, each.early))


def moments(
    trace: Trace, held: Held, run: tuple[int, int], between_us: tuple[int, int], gate_g: float, *, early: bool
) -> list[Moment]:
    """Return the impacts in ``held`` after the first and up to the second of ``between_us``."""
    first_us, frame = trace.firsts(*run)[trace.held.index(held, run[0]) - run[0]], held.frame
    if not is_hard_between(frame.acc, frame.accel_scale, first_us, frame.period_ns, *between_us, gate_g):
        return []
    t_us, acc_g = trace.samples(*run, held.frame.t0_us - REACH_US, held.last_us + REACH_US)
    ahead_s, back_s = EARLY_S if early else APART_S, back_of(held.frame.position)
    hits = find_impacts(t_us, magnitude(acc_g), *between_us, gate_g, ahead_s, back_s)
    return [Moment(int(t_us[index]), held, t_us, acc_g, index, early) for index in hits]
