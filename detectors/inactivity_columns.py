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
from detectors.inactivity_home import FORGOTTEN_US, Home
from detectors.inactivity_judging import TURNING_US, judge
from detectors.inactivity_model import HOURLY_SHARE, PRIOR_ENDED, Outlook
from detectors.inactivity_signs import sign_of
from detectors.kernels.hours import NEVER_US, TICK
from detectors.kernels.outlooks import begun
from detectors.kernels.rhythms import DECAYS, DEVICE, PAUSES, RHYTHM, TRAIL, walk
from detectors.kernels.silences import compare
from detectors.routine import BUSY_MINUTES, CHANGES_MINUTES, DOORS_MINUTES, DOORWAY_MINUTES, SIGNS_MINUTES, Routine
from detectors.routine_features import BEGUN, EDGES, LASTING
from detectors.routine_rests import KNOWN_DAYS, rests_of
from schemas.finding import Finding
from schemas.watch import Watchable

#: Minutes that pass within one call, and some to spare.
_MINUTES = 64
_TAUS = (*BUSY_MINUTES, *CHANGES_MINUTES, *SIGNS_MINUTES, DOORS_MINUTES, DOORWAY_MINUTES)
DECAY = np.array([[exp(-passed / tau) for tau in _TAUS] for passed in range(_MINUTES)])
assert DECAY.shape == (_MINUTES, DECAYS)  # noqa: S101  # as the kernel has them
#: What stands under the same name in the detector's form and the kernel's.
_OF_HOME = ("heard_us", "pause_us", "cut_us", "blind_us", "due_us", "ring_us", "score")
_OF_ROUTINE = (
    "room", "before", "counted", "indoors", "days", "daily", "doors", "together", "hourly", "left", "stayed",
)  # fmt: skip
_LISTS_OF_ROUTINE = ("busy", "changes", "signs", "slots", "seen")


class Silences:
    """Plays a home's items to an inactivity detector that has this home alone.

    ``step_us``: not 0 where the clock goes on by itself in such steps (detectors.inactivity_replay), from ``clock_us``
    on; then ``ticked`` are the ticks that it made.
    """

    def __init__(self, detector: InactivityDetector, columns: Columns, step_us: int = 0, clock_us: int = 0) -> None:
        self._detector, self._columns, self._unit = detector, columns, columns.unit
        self._state, self._step_us = np.zeros(1, RHYTHM), step_us
        self._at = {name: self._state[name] for name in RHYTHM.names or ()}  # views: by name a field takes long to find
        self._at["clock_us"][0] = clock_us
        known = detector.homes[self._unit].devices if self._unit in detector.homes else {}
        self._names = columns.devices_and(known)
        self._devices = np.zeros(len(self._names), DEVICE)
        self._rests = np.zeros((0, 4))  # as they are while the kernel goes on: it stops where one ends
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
        goes_on = False
        while first < end:
            loaded = goes_on or self._load()
            if loaded:
                first = self._walk(first, end)
            tick_us = self._at["tick_us"][0] if loaded else 0
            if loaded and (tick_us or (first < end and self._columns.items[first] == TICK)):
                found, goes_on = self._tick(int(tick_us or self._columns.at[first]))
                if found:
                    yield first, found
                first += not tick_us
                continue
            if loaded:
                self._store()
            goes_on = False
            if first < end:
                if self._step_us and not loaded:
                    yield first, self._pass(int(self._columns.arrived[first]))
                yield first, self._plain(first)
            first += 1
        if goes_on:  # the last item was a tick
            self._store()

    def _tick(self, now_us: int) -> tuple[list[Finding], bool]:
        """Let the detector look at its home; return what it found, and whether the kernel can go on as it is.

        While somebody is there and nothing was told, a tick changes neither the rhythm nor the sensors.
        """
        if self._judged(now_us):
            return [], True
        self._store_rhythm()
        found = self._detector.tick(now_us)
        home = self._detector.homes.get(self._unit)
        if home is None or home.said is not None or home.empty:
            if home is not None:
                self._store_devices(home)
            return found, False
        self._load_silence(home)
        return found, True

    def _judged(self, now_us: int) -> bool:
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
        judge(home, self._outlook(home.routine), detector.config.setting, detector.config.price_h)
        when_us, ring_us, home.ring_us = home.ring_us + blind_us, home.ring_us, -1
        if when_us <= now_us:
            return False  # it rings at once
        at["ring_us"][0], at["due_us"][0], at["score"][0], at["now_us"][0] = ring_us, when_us, home.score, now_us
        return True

    def _outlook(self, routine: Routine) -> Outlook:
        """Return the outlook of the silence that lasts, from the kernel's form."""
        at, rests, head = self._at, self._rests, np.empty(len(BEGUN))
        begun(self._state, rests, routine.woke_us, routine.slept_h, head)
        rows = np.empty((len(EDGES) - 1, len(LASTING)))
        days = max(min(routine.days, KNOWN_DAYS), 1.0)
        room, busy = float(at["room"][0]), at["busy"][0, 1]
        compare(rests, at["last_us"][0], room, busy, days, at["slots"][0], head, EDGES[:-1], rows)
        factor = (PRIOR_ENDED + routine.ended) / (PRIOR_ENDED + routine.expected)
        hourly = at["hourly"][0] > HOURLY_SHARE
        return self._detector.judges.outlook_of(head, rows, hourly=hourly, factor=factor)

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

    # -- between the detector's own form and the kernel's --------------------------------------------------------------

    def _walk(self, first: int, end: int) -> int:
        home, columns, clocks = self._detector.homes[self._unit], self._columns, self._detector.clocks
        set_us = clocks.next_us(self._unit)
        self._detector.changed.add(self._unit)
        return walk(
            self._state, self._devices, columns.classes, columns.items, columns.at, columns.arrived, first, end,
            clocks.ahead_us(self._unit), NEVER_US if set_us is None else set_us, home.back_us, self._step_us,
            DECAY, self._ticked,
        )  # fmt: skip

    def _load(self) -> bool:
        """Write the home into the kernel's form; return whether it is in a state that the kernel goes on from."""
        home = self._detector.homes.get(self._unit)
        if home is None or len(self._detector.homes) > 1 or home.said is not None or home.empty or home.ask is not None:
            return False
        routine, at = home.routine, self._at
        if home.last_us < 0 or routine.last_us < 0 or len(routine.pauses) > PAUSES or len(routine.trail) > TRAIL:
            return False
        self._load_silence(home)
        for name in (*_OF_ROUTINE, *_LISTS_OF_ROUTINE):
            at[name][0] = getattr(routine, name)
        at["last_us"][0] = routine.last_us
        at["trailed"][0], at["paused"][0] = len(routine.trail), len(routine.pauses)
        for place, (room, at_us) in enumerate(routine.trail):
            at["trail"][0, place] = room, at_us
        at["pauses"][0, : len(routine.pauses)] = routine.pauses
        at["cell_order"][0] = -1
        if routine.cells:
            cells = list(routine.cells)
            at["cells"][0, cells] = list(routine.cells.values())
            at["cell_order"][0, cells] = range(len(cells))
        self._rests = rests_of(routine)
        self._load_devices(home)
        return True

    def _load_silence(self, home: Home) -> None:
        """Write what a tick may change."""
        for name in _OF_HOME:
            self._at[name][0] = getattr(home, name)
        self._at["now_us"][0], self._at["home_last_us"][0], self._at["anchor"][0] = (
            self._detector.now_us, home.last_us, -1,
        )  # fmt: skip

    def _load_devices(self, home: Home) -> None:
        rows = self._devices
        rows["order"] = rows["alive"] = -1
        for order, (name, (heard_us, alive)) in enumerate(home.devices.items()):
            rows[self._names[name]] = (heard_us, order, -1 if alive is None else int(alive))
        self._at["known"][0] = self._at["turns"][0] = len(home.devices)

    def _store(self) -> None:
        """Write the kernel's form back into the home."""
        self._store_rhythm()
        self._store_devices(self._detector.homes[self._unit])

    def _store_rhythm(self) -> None:
        """Write all but the devices back."""
        detector = self._detector
        home = detector.homes[self._unit]
        routine, told = home.routine, dict(zip(self._at, self._state.item(), strict=True))
        for name in _OF_HOME:
            setattr(home, name, told[name])
        for name in _OF_ROUTINE:
            setattr(routine, name, told[name])
        for name in _LISTS_OF_ROUTINE:
            setattr(routine, name, told[name].tolist())
        detector.now_us, home.last_us, routine.last_us = told["now_us"], told["home_last_us"], told["last_us"]
        if told["anchor"] >= 0 and (reading := self._columns.reading(told["anchor"])) is not None:
            home.device, home.anchor, home.place = reading.device, reading.key, reading.place
        routine.trail = [(room, at_us) for room, at_us in told["trail"][: told["trailed"]].tolist()]
        routine.pauses = told["pauses"][: told["paused"]].tolist()
        cells, order = told["cells"].tolist(), told["cell_order"].tolist()
        known = sorted((place, cell) for cell, place in enumerate(order) if place >= 0)
        routine.cells = {cell: cells[cell] for _, cell in known}
        detector.waits.note(self._unit, home.due_us)

    def _store_devices(self, home: Home) -> None:
        names, rows = list(self._names), self._devices.tolist()
        order = sorted((order, place) for place, (_, order, _) in enumerate(rows) if order >= 0)
        told = ((names[place], rows[place][0], rows[place][2]) for _, place in order)
        home.devices = {name: (heard_us, None if alive < 0 else bool(alive)) for name, heard_us, alive in told}
