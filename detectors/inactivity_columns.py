"""The inactivity detector over a home's columns: what is common by machine code, what is rare by its own code.

The detector itself is the twin: what a kernel has taken, it would have taken to the same bytes.
"""

from collections.abc import Iterator
from math import exp

import numpy as np

from detectors.home_columns import Columns, Ints
from detectors.host import tells
from detectors.household import left_off
from detectors.inactivity import InactivityDetector
from detectors.inactivity_blind import BLIND_US
from detectors.inactivity_form import KernelHome
from detectors.inactivity_home import FORGOTTEN_US
from detectors.inactivity_judging import TURNING_US, judge
from detectors.inactivity_model import LONG_MINUTES, count_end
from detectors.inactivity_signs import sign_of
from detectors.inactivity_spared import Judgement
from detectors.kernels.hours import NEVER_US, TICK
from detectors.kernels.rhythms import DECAYS, wake, walk
from detectors.routine import (
    BUSY_MINUTES,
    CHANGES_MINUTES,
    DOORS_MINUTES,
    DOORWAY_MINUTES,
    HOUR_US,
    MINUTE_US,
    SIGNS_MINUTES,
    SLEEP_US,
    Rest,
)
from detectors.routine_rests import rests_of
from schemas.finding import Finding
from schemas.watch import Watchable

#: Minutes that pass within one call, and some to spare.
_MINUTES = 64
_TAUS = (*BUSY_MINUTES, *CHANGES_MINUTES, *SIGNS_MINUTES, DOORS_MINUTES, DOORWAY_MINUTES)
DECAY = np.array([[exp(-passed / tau) for tau in _TAUS] for passed in range(_MINUTES)])
assert DECAY.shape == (_MINUTES, DECAYS)  # noqa: S101  # as the kernel has them


class Silences:
    """Plays a home's items to an inactivity detector that has this home alone.

    ``step_us``: not 0 where the clock goes on by itself in such steps (detectors.inactivity_replay), from ``clock_us``
    on; then ``ticked`` are the ticks that it made.
    """

    def __init__(self, detector: InactivityDetector, columns: Columns, step_us: int = 0, clock_us: int = 0) -> None:
        self._detector, self._columns, self._unit = detector, columns, columns.unit
        self._form, self._step_us = KernelHome(detector, columns), step_us
        self._at = self._form.at
        self._at["clock_us"][0] = clock_us
        self._judgement, self._end = Judgement(self._form, bool(step_us)), len(columns.items)
        steps = 0 if not step_us else int(columns.arrived.max(initial=clock_us) - clock_us) // step_us
        self._ticked = np.zeros(1 + (steps + 2 * len(columns.items) if step_us else 0), np.int64)

    @property
    def clock_us(self) -> int:
        """Until when the clock has gone by itself."""
        return int(self._at["clock_us"][0])

    @property
    def ticked(self) -> Ints:
        """The ticks that the clock made by itself."""
        return self._ticked[1 : 1 + self._ticked[0]]

    @property
    def after(self) -> Ints:
        """After how many items each of these ticks came."""
        return np.searchsorted(np.maximum.accumulate(self._columns.arrived), self.ticked, "left")

    def play(self, first: int, end: int) -> Iterator[tuple[int, list[Finding]]]:
        """Yield what the items ``first..end`` find, with the item."""
        goes_on, self._end = False, end
        while first < end:
            loaded = goes_on or self._form.load()
            if loaded:
                first = self._walk(first, end)
            tick_us = self._at["tick_us"][0] if loaded else 0
            if loaded and (tick_us or (first < end and self._columns.items[first] == TICK)):
                found, goes_on = self._tick(int(tick_us or self._columns.at[first]), first)
                if found:
                    yield first, found
                first += not tick_us
                continue
            if loaded and first < end and self._at["wakes"][0]:
                self._wake(first)
                first, goes_on = first + 1, True
                continue
            if loaded:
                self._store()
            goes_on = False
            if first < end:
                if self._step_us and not loaded:
                    yield first, self._pass(int(self._columns.arrived[first]))
                yield first, self._plain(first)
            first += 1
        if goes_on:  # the last item was a tick, or ended a rest
            self._store()

    def _wake(self, item: int) -> None:
        """Take a sign that ends a rest, as Routine._pass and InactivityModel.take do, in the kernel's form."""
        detector, columns, at = self._detector, self._columns, self._at
        routine, at_us, ahead_us = detector.homes[self._unit].routine, int(columns.at[item]), self._ahead_us()
        was_us, now_us = at["last_us"].item(), at_us + ahead_us
        gap_us, minutes = now_us - was_us, (now_us - was_us) / MINUTE_US
        rest = Rest(was_us // MINUTE_US, gap_us // MINUTE_US, at["room"].item(), round(at["busy"][0, 1].item()))
        if minutes >= LONG_MINUTES:
            count_end(routine, minutes, self._judgement.ends())
        passed = now_us // MINUTE_US - was_us // MINUTE_US
        decay = np.array([[exp(-passed / tau) for tau in _TAUS]])
        wake(
            self._form.state,
            self._form.devices,
            columns.classes,
            int(columns.items[item]),
            item,
            at_us,
            ahead_us,
            decay,
        )
        if gap_us >= SLEEP_US:
            routine.woke_us, routine.slept_h = now_us, gap_us / HOUR_US
        routine.keep(rest, now_us // MINUTE_US)
        self._form.rests = rests_of(routine)

    def _store(self) -> None:
        self._judgement.make_up()
        self._form.store()

    def _ahead_us(self) -> int:
        return self._detector.clocks.ahead_us(self._unit)

    def _tick(self, now_us: int, item: int) -> tuple[list[Finding], bool]:
        """Let the detector look at its home; return what it found, and whether the kernel can go on as it is.

        While somebody is there and nothing was told, a tick changes neither the rhythm nor the sensors.
        """
        if self._judged(now_us, item):
            return [], True
        self._judgement.make_up()
        self._form.store_rhythm()
        found = self._detector.tick(now_us)
        home = self._detector.homes.get(self._unit)
        if home is None or home.said is not None or home.empty:
            if home is not None:
                self._form.store_devices(home)
            return found, False
        self._form.load_silence(home)
        return found, True

    def _judged(self, now_us: int, item: int) -> bool:
        """Judge a silence as InactivityDetector._look does, from the kernel's form; return whether that was all."""
        detector, at, unit = self._detector, self._at, self._unit
        home, before_us = detector.homes[unit], at["now_us"].item()
        now_us = max(before_us, now_us)
        since_us, blind_us = at["home_last_us"].item(), at["blind_us"].item()
        still = before_us and now_us - before_us > BLIND_US
        if still or at["ring_us"][0] >= 0 or not 0 <= at["due_us"][0] <= now_us or since_us < now_us - FORGOTTEN_US:
            return False
        ahead_us = detector.clocks.ahead_us(unit)
        if (
            left_off(home.people, Watchable.INACTIVITY)
            or detector.clocks.ahead_at(unit, since_us + TURNING_US) != ahead_us
        ):
            return False
        home.last_us, home.routine.days = since_us, at["days"].item()
        if self._judgement.spared(item, self._end, now_us):
            at["due_us"][0], at["now_us"][0] = NEVER_US, now_us
            return True
        judge(home, self._judgement.outlook(), detector.config.setting, detector.config.price_h)
        when_us, ring_us, home.ring_us = home.ring_us + blind_us, home.ring_us, -1
        if when_us <= now_us:
            return False  # it rings at once
        at["ring_us"][0], at["due_us"][0], at["score"][0], at["now_us"][0] = ring_us, when_us, home.score, now_us
        return True

    def _plain(self, item: int) -> list[Finding]:
        reading = self._columns.reading(item)
        if reading is None:
            return self._detector.tick(int(self._columns.at[item]))
        sign = sign_of(reading) if self._columns.items[item] >= 0 and tells(reading) else None
        return [] if sign is None else self._detector.update([sign])

    def _pass(self, until_us: int) -> list[Finding]:
        """Let the clock go on by itself to ``until_us``."""
        found: list[Finding] = []
        while True:
            due_us, clock_us = self._detector.due(), self.clock_us
            next_us = clock_us + self._step_us
            if due_us is not None and clock_us < due_us < next_us:
                next_us = due_us
            if next_us > until_us:
                return found
            self._at["clock_us"][0] = next_us
            self._ticked[0] += 1
            self._ticked[self._ticked[0]] = next_us
            found += self._detector.tick(next_us)

    def _walk(self, first: int, end: int) -> int:
        home, columns, clocks = self._detector.homes[self._unit], self._columns, self._detector.clocks
        set_us = clocks.next_us(self._unit)
        self._detector.changed.add(self._unit)
        return walk(
            self._form.state, self._form.devices, columns.classes, columns.items, columns.at, columns.arrived,
            first, end, self._ahead_us(), NEVER_US if set_us is None else set_us, home.back_us, self._step_us,
            DECAY, self._ticked,
        )  # fmt: skip
