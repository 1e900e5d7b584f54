"""What a silence is judged by, of a home in the kernel's form; and silences that need no judgement.

One that is known to end before it can ring is passed over: only the first steps of its outlook are looked at, as many
as show that a later time to ring is better than any before its end. What the judgement would have left behind (how long
such silences usually last) is made up for when the home is written back, should no other have been judged since.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detectors.home_columns import Ints
from detectors.inactivity_form import KernelHome
from detectors.inactivity_judging import judge, price_of
from detectors.inactivity_model import (
    HOURLY_SHARE,
    HOURLY_WORTH,
    LONG_MINUTES,
    PRIOR_ENDED,
    InactivityModel,
    Outlook,
)
from detectors.kernels.hours import NEVER_US, TICK
from detectors.kernels.outlooks import begun
from detectors.kernels.silences import compare
from detectors.routine import MINUTE_US
from detectors.routine_features import BEGUN, EDGES, LASTING
from detectors.routine_rests import KNOWN_DAYS, Floats

#: Steps looked at beyond the end of a silence: a better time to ring is most often one of the next.
LOOK_STEPS = 3
#: Hours by which it must be better: far more than sums of other lengths may differ by.
CLEAR_H = 1e-6
_STEPS = len(EDGES) - 1


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """A silence as it was asked for: RHYTHM (1,), rests (count, 4), the end of the last long silence, the factor."""

    state: NDArray[np.void]
    rests: Floats
    woke_us: int
    slept_h: float
    factor: float

    @property
    def hourly(self) -> bool:
        """Whether signs are told by the hour."""
        return bool(self.state["hourly"][0] > HOURLY_SHARE)

    def head(self) -> Floats:
        """Return BEGUN (columns,)."""
        found = np.empty(len(BEGUN))
        begun(self.state, self.rests, self.woke_us, self.slept_h, found)
        return found

    def rows(self, head: Floats, steps: int) -> Floats:
        """Return LASTING (steps, columns) of the first steps."""
        state, found = self.state, np.empty((steps, len(LASTING)))
        days = max(min(state["days"][0].item(), KNOWN_DAYS), 1.0)
        room, busy = float(state["room"][0]), state["busy"][0, 1]
        compare(
            self.rests, state["last_us"][0], room, busy, days, state["slots"][0], head, EDGES[:steps], found
        )  # fmt: skip
        return found


class Judgement:
    """Judges the silence that lasts in a home. ``steps``: the clock goes on by itself, to when each item arrived."""

    def __init__(self, form: KernelHome, steps: bool) -> None:
        self._form = form
        self._known: tuple[tuple[int, bytes, bytes], Floats, Floats] | None = None
        self._passed: tuple[_Asked, int] | None = None
        columns = form.columns
        moves = np.append(columns.classes["sign"] & columns.classes["moved"], False)  # none: what is of no class
        self._moved = np.flatnonzero(moves[np.maximum(columns.items, -1)])
        clock = columns.arrived if steps else np.where(columns.items == TICK, columns.at, 0)
        self._clock: Ints = np.maximum.accumulate(clock) if len(clock) else clock

    def outlook(self) -> Outlook:
        """Return the outlook of the silence that lasts."""
        self._passed = None
        asked = self._asked()
        head = asked.head()
        return self._model.outlook_by(head, self._ends(asked, head), hourly=asked.hourly, factor=asked.factor)

    def ends(self) -> Floats:
        """Return the chance that it ends in each step (steps,)."""
        asked = self._asked()
        return self._ends(asked, asked.head())

    def spared(self, item: int, end: int, now_us: int) -> bool:
        """Whether the silence that lasts at ``item`` ends before ``end``, before it can ring, and is no long one."""
        columns, at, home = self._form.columns, self._form.at, self._form.home
        since_us, blind_us = at["home_last_us"].item(), at["blind_us"].item()
        place = int(np.searchsorted(self._moved, item))
        while place < len(self._moved) and columns.at[self._moved[place]] <= since_us:
            place += 1
        if place == len(self._moved) or (last := int(self._moved[place])) >= end:
            return False
        if int(columns.at[last]) - since_us >= LONG_MINUTES * MINUTE_US:
            return False
        minutes = (max(int(self._clock[last]), now_us) - since_us - blind_us) / MINUTE_US
        before = int(np.searchsorted(EDGES, minutes, "right"))
        if not 0 < before < _STEPS - LOOK_STEPS:
            return False
        asked, detector = self._asked(), self._form.detector
        head = asked.head()
        ends = self._model.ends(asked.rows(head, before + LOOK_STEPS), hourly=asked.hourly)
        reach = self._model.reach_by(head, ends, hourly=asked.hourly, factor=asked.factor)
        worth = HOURLY_WORTH if asked.hourly else 1.0
        price_h = price_of(home, detector.config.setting, detector.config.price_h) * worth
        costs = EDGES[: len(reach)] / 60 + price_h * reach
        if costs[before:].min() >= costs[:before].min() - CLEAR_H:
            return False
        self._passed = _Asked(asked.state.copy(), asked.rests, asked.woke_us, asked.slept_h, asked.factor), blind_us
        return True

    def make_up(self) -> None:
        """Judge the silence that was passed over last, before its home is written back."""
        if self._passed is None:
            return
        (asked, blind_us), self._passed = self._passed, None
        home, at, config = self._form.home, self._form.at, self._form.detector.config
        head = asked.head()
        ends = self._model.ends(asked.rows(head, _STEPS), hourly=asked.hourly)
        outlook = self._model.outlook_by(head, ends, hourly=asked.hourly, factor=asked.factor)
        if at["due_us"][0] != NEVER_US:  # it is over
            home.usual_minutes = outlook.usual_minutes
            return
        judge(home, outlook, config.setting, config.price_h)
        at["ring_us"][0], at["due_us"][0], at["score"][0] = home.ring_us, home.ring_us + blind_us, home.score
        home.ring_us = -1

    @property
    def _model(self) -> InactivityModel:
        return self._form.detector.judges

    def _asked(self) -> _Asked:
        routine = self._form.home.routine
        factor = (PRIOR_ENDED + routine.ended) / (PRIOR_ENDED + routine.expected)
        return _Asked(self._form.state, self._form.rests, routine.woke_us, routine.slept_h, factor)

    def _ends(self, asked: _Asked, head: Floats) -> Floats:
        """It is judged as it begins, and asked once more when a rest ends it: most often nothing is otherwise."""
        by = asked.state["last_us"].item(), head.tobytes(), asked.state["slots"].tobytes()
        if self._known is not None and by == self._known[0] and asked.rests is self._known[1]:
            return self._known[2]
        ends = self._model.ends(asked.rows(head, _STEPS), hourly=asked.hourly)
        self._known = by, asked.rests, ends
        return ends
