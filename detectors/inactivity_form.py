"""One home of the inactivity detector in the form that kernels.rhythms goes on with, and back.

What hardly ever changes stays in the detector's own: people, what was said, rests, what is learnt of its long silences.
"""

import numpy as np

from detectors.home_columns import Columns
from detectors.inactivity import InactivityDetector
from detectors.inactivity_home import Home
from detectors.kernels.rhythms import DEVICE, PAUSES, RHYTHM, TRAIL
from detectors.routine_rests import rests_of

#: What stands under the same name in the detector's form and the kernel's.
_OF_HOME = ("heard_us", "pause_us", "cut_us", "blind_us", "due_us", "ring_us", "score")
_OF_ROUTINE = (
    "room", "before", "counted", "indoors", "days", "daily", "doors", "together", "hourly", "left", "stayed",
)  # fmt: skip
_LISTS_OF_ROUTINE = ("busy", "changes", "signs", "slots", "seen")


class KernelHome:
    """``state`` (1,), of RHYTHM, and ``devices`` (count,); ``at``: the state's fields. ``rests`` (count, 4)."""

    def __init__(self, detector: InactivityDetector, columns: Columns) -> None:
        self.detector, self.columns, self._unit = detector, columns, columns.unit
        self.state = np.zeros(1, RHYTHM)
        self.at = {name: self.state[name] for name in RHYTHM.names or ()}  # views: by name a field takes long to find
        known = detector.homes[self._unit].devices if self._unit in detector.homes else {}
        self._names = columns.devices_and(known)
        self.devices = np.zeros(len(self._names), DEVICE)
        self.rests = np.zeros((0, 4))

    @property
    def home(self) -> Home:
        """The home as the detector has it."""
        return self.detector.homes[self._unit]

    def load(self) -> bool:
        """Write the home into the kernel's form; return whether it is in a state that the kernel goes on from."""
        home = self.detector.homes.get(self._unit)
        if home is None or len(self.detector.homes) > 1 or home.said is not None or home.empty or home.ask is not None:
            return False
        routine, at = home.routine, self.at
        if home.last_us < 0 or routine.last_us < 0 or len(routine.pauses) > PAUSES or len(routine.trail) > TRAIL:
            return False
        self.load_silence(home)
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
        self.rests = rests_of(routine)
        self._load_devices(home)
        return True

    def load_silence(self, home: Home) -> None:
        """Write what a tick may change."""
        for name in _OF_HOME:
            self.at[name][0] = getattr(home, name)
        self.at["now_us"][0], self.at["home_last_us"][0], self.at["anchor"][0] = (
            self.detector.now_us, home.last_us, -1,
        )  # fmt: skip

    def _load_devices(self, home: Home) -> None:
        rows = self.devices
        rows["order"] = rows["alive"] = -1
        for order, (name, (heard_us, alive)) in enumerate(home.devices.items()):
            rows[self._names[name]] = (heard_us, order, -1 if alive is None else int(alive))
        self.at["known"][0] = self.at["turns"][0] = len(home.devices)

    def store(self) -> None:
        """Write the kernel's form back into the home."""
        self.store_rhythm()
        self.store_devices(self.detector.homes[self._unit])

    def store_rhythm(self) -> None:
        """Write all but the devices back."""
        detector = self.detector
        home = detector.homes[self._unit]
        routine, told = home.routine, dict(zip(self.at, self.state.item(), strict=True))
        for name in _OF_HOME:
            setattr(home, name, told[name])
        for name in _OF_ROUTINE:
            setattr(routine, name, told[name])
        for name in _LISTS_OF_ROUTINE:
            setattr(routine, name, told[name].tolist())
        detector.now_us, home.last_us, routine.last_us = told["now_us"], told["home_last_us"], told["last_us"]
        if told["anchor"] >= 0 and (reading := self.columns.reading(told["anchor"])) is not None:
            home.device, home.anchor, home.place = reading.device, reading.key, reading.place
        routine.trail = [(room, at_us) for room, at_us in told["trail"][: told["trailed"]].tolist()]
        routine.pauses = told["pauses"][: told["paused"]].tolist()
        cells, order = told["cells"].tolist(), told["cell_order"].tolist()
        known = sorted((place, cell) for cell, place in enumerate(order) if place >= 0)
        routine.cells = {cell: cells[cell] for _, cell in known}
        detector.waits.note(self._unit, home.due_us)

    def store_devices(self, home: Home) -> None:
        """Write the devices back, the latest heard last."""
        names, rows = list(self._names), self.devices.tolist()
        order = sorted((order, place) for place, (_, order, _) in enumerate(rows) if order >= 0)
        told = ((names[place], rows[place][0], rows[place][2]) for _, place in order)
        home.devices = {name: (heard_us, None if alive < 0 else bool(alive)) for name, heard_us, alive in told}
