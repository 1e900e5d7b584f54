"""The rhythm and habits of one unit learnt anew from what was stored: the same code over the same messages, in order.

Beside the messages there was the platform's clock, each second. Here it goes on in steps, and to each moment at which
the detector waits for something, so that every home comes to where it was. Not known of then: when the platform stood
still, which is no silence (a home whose silence was told late for it was told at another minute, and knows the same).

Messages are read by columns (detectors.home_columns), months in a second or less; what changes is where one at a time
is needed: ``update`` with single readings comes to the same.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from detectors.host import EVERYDAY, INACTIVITY, Host
from schemas.reading import Reading

if TYPE_CHECKING:
    from detectors.home_columns import Columns

#: Shorter than the stop of the clock that a detector takes for a platform that stood still.
STEP_US = 5 * 60 * 1_000_000
_PARTS = frozenset({INACTIVITY, EVERYDAY})


class Relearner:
    """Learns one unit's rhythm and habits from its messages and config, given in the order of arrival."""

    def __init__(self, unit: str) -> None:
        self._unit = unit
        self._host = Host(of_homes=True)
        self._now_us = 0

    def update(self, readings: Sequence[Reading]) -> None:
        """Take the next readings."""
        from detectors.home_columns import WHOLE, columns_of  # noqa: PLC0415  # numba

        columns = columns_of(readings, self._unit)
        whole = np.flatnonzero(columns.items == WHOLE).tolist()
        for before, place in pairwise([-1, *whole, len(readings)]):
            self._stretch(columns, before + 1, place)
            if place < len(readings):
                self._one(readings[place])
        self._host.update(())  # what went wrong is the host's

    def learnt(self) -> tuple[bytes, int]:
        """Return the memory for schemas.config.RoutineConfig, and the event time of the last sign of life; -1: none."""
        detector = self._host.inactivity
        home = detector.homes.get(self._unit)
        return detector.learnt(self._unit), -1 if home is None else home.last_us

    def habits(self) -> tuple[bytes, int]:
        """Return the same of the everyday watches (detectors.everyday)."""
        return self._host.everyday.learnt(self._unit), self.learnt()[1]

    def errors(self) -> Iterable[tuple[str, str]]:
        """What went wrong, by message key."""
        return self._host.errors

    def _stretch(self, columns: "Columns", first: int, end: int) -> None:
        """Take readings that are of no concern to the host itself."""
        from detectors.everyday_columns import Days  # noqa: PLC0415  # numba
        from detectors.inactivity_columns import Silences  # noqa: PLC0415  # numba

        homes = self._host.inactivity.homes
        while first < end and set(homes) != {self._unit}:
            self._one(columns.told(first))
            first += 1
        if first == end:
            return
        homes[self._unit].ask = None  # nobody answers here, and what is noted for the answer is not learnt
        mine = columns.between(first, end)
        silences = Silences(self._host.inactivity, mine, STEP_US, self._now_us)
        for _ in silences.play(0, end - first):
            pass
        self._now_us = silences.clock_us
        mine = mine.with_ticks(silences.ticked, silences.after)
        for _ in Days(self._host.everyday, mine).play(0, len(mine.items)):
            pass

    def _one(self, reading: Reading) -> None:
        """Take a reading by itself."""
        self._pass(reading.arrival_us)
        self._host.update([reading], _PARTS)

    def _pass(self, until_us: int) -> None:
        """Let the clock go on."""
        detector = self._host.inactivity
        if not self._now_us:
            self._now_us = until_us
        while True:
            due_us = detector.due()
            next_us = self._now_us + STEP_US
            if due_us is not None and self._now_us < due_us < next_us:
                next_us = due_us
            if next_us > until_us:
                break
            self._now_us = next_us
            detector.tick(next_us)
            self._host.everyday.tick(next_us)
