"""The everyday watches over a home's columns: what is common by machine code, what is rare by their own code.

The detector itself is the twin, as in detectors.inactivity_columns.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from detectors.everyday import EverydayDetector
from detectors.everyday_day import Anchor, number_of
from detectors.everyday_home import Home
from detectors.everyday_quiet import Heard
from detectors.everyday_sensors import Sensor
from detectors.everyday_watches import Watch
from detectors.home_columns import Columns
from detectors.host import tells
from detectors.inactivity_signs import sign_of
from detectors.kernels.everydays import HOME, KEPT, SENSOR, walk
from detectors.kernels.hours import NEVER_US
from schemas.finding import Finding

#: What stands under the same name in the detector's form and the kernel's: of the home, and of its day.
_OF_HOME = ("due_us", "room", "fed_us", "elsewhere_us")
_OF_DAY = (
    "number", "whole", "up", "up_count", "minute", "hungry_us", "night", "night_minute", "night_whole",
    "longest_bath_us", "longest_out_us", "longest_hungry_us",
)  # fmt: skip


class Days:
    """Plays a home's items to an everyday detector that has this home alone."""

    def __init__(self, detector: EverydayDetector, columns: Columns) -> None:
        self._detector, self._columns, self._unit = detector, columns, columns.unit
        home = detector.homes.get(self._unit, Home())
        self._names = columns.devices_and([*home.sensors, *home.life.sensors])
        self._state, self._sensors = np.zeros(1, HOME), np.zeros(len(self._names), SENSOR)

    def play(self, first: int, end: int) -> Iterator[tuple[int, list[Finding]]]:
        """Yield what the items ``first..end`` find, with the item."""
        while first < end:
            if self._load():
                first = self._walk(first, end)
                self._store()
            if first < end:
                yield first, self._plain(first)
            first += 1

    def _plain(self, item: int) -> list[Finding]:
        reading = self._columns.reading(item)
        if reading is None:
            return self._detector.tick(int(self._columns.at[item]))
        sign = sign_of(reading) if self._columns.items[item] >= 0 and tells(reading) else None
        return [] if sign is None else self._detector.update([sign])

    # -- between the detector's own form and the kernel's --------------------------------------------------------------

    def _walk(self, first: int, end: int) -> int:
        columns, clocks = self._columns, self._detector.clocks
        set_us = clocks.next_us(self._unit)
        self._detector.changed.add(self._unit)
        return walk(
            self._state, self._sensors, columns.classes, columns.items, columns.at, first, end,
            clocks.ahead_us(self._unit), NEVER_US if set_us is None else set_us,
        )  # fmt: skip

    def _load(self) -> bool:
        """Write the home into the kernel's form; return whether it is in a state that the kernel goes on from."""
        home = self._detector.homes.get(self._unit)
        if home is None or len(self._detector.homes) > 1 or home.empty or home.day.number < 0:
            return False
        state, day = self._state[0], home.day
        for name in _OF_HOME:
            state[name] = getattr(home, name)
        for name in _OF_DAY:
            state[name] = getattr(day, name)
        state["now_us"], state["heard_us"] = self._detector.now_us, home.heard_us
        for name, anchor in (("last", home.last), ("seen", day.seen), ("bath", day.bath), ("out", day.out)):
            state[name + "_us"], state[name + "_item"] = -1 if anchor is None else anchor.at_us, KEPT
        off = [self._detector.leaves_off(home, watch) for watch in Watch]
        state["tell_us"] = -1 if home.night is None or off[Watch.RESTLESS] else home.night.tell_us
        ahead_us = self._detector.clocks.ahead_us(self._unit)
        for watch in Watch:
            said, known = home.said.get(watch), home.limit(watch)
            state["said"][watch] = said is not None
            state["said_day"][watch] = 0 if said is None else number_of(said.decided_us + ahead_us)
            state["waits"][watch] = said is None and watch not in day.skipped and not off[watch]
            state["limit"][watch] = np.nan if known is None else known.limit
        self._load_sensors(home)
        return True

    def _load_sensors(self, home: Home) -> None:
        state, rows = self._state[0], self._sensors
        rows["order"], rows["life"], rows["quiet"], rows["item"] = -1, -1, False, KEPT
        for order, (name, sensor) in enumerate(home.sensors.items()):
            row = rows[self._names[name]]
            row["order"], row["room"], row["first_us"] = order, sensor.room, sensor.first_us
            row["heard_us"], row["pause_us"] = sensor.heard_us, sensor.pause_us
            row["says"] = -1 if sensor.alive is None else int(sensor.alive)
            row["quiet"] = name in home.quiet
        for order, (name, heard) in enumerate(home.life.sensors.items()):
            row = rows[self._names[name]]
            row["life"], row["sees"], row["began_us"], row["last_us"] = order, heard.room, heard.first_us, heard.last_us
            row["mark"], row["longest"], row["slots"] = heard.mark, heard.longest, heard.slots
            row["quiet"] = name in home.quiet
        state["known"], state["alive"] = len(home.sensors), len(home.life.sensors)
        state["lived"], state["slot"] = home.life.lived, home.life.slot
        state["turns"] = max(len(home.sensors), len(home.life.sensors))

    def _store(self) -> None:
        """Write the kernel's form back into the home."""
        detector, state = self._detector, self._state[0]
        home = detector.homes[self._unit]
        for name in _OF_HOME:
            setattr(home, name, state[name].item())
        for name in _OF_DAY:
            setattr(home.day, name, state[name].item())
        detector.now_us = int(state["now_us"])
        home.last, home.day.seen = self._anchor("last", home.last), self._anchor("seen", home.day.seen)
        home.day.bath, home.day.out = self._anchor("bath", home.day.bath), self._anchor("out", home.day.out)
        home.life.lived, home.life.slot = int(state["lived"]), int(state["slot"])
        self._store_sensors(home)
        detector.waits.note(self._unit, home.due_us)

    def _anchor(self, name: str, kept: Anchor | None) -> Anchor | None:
        at_us, item = int(self._state[name + "_us"][0]), int(self._state[name + "_item"][0])
        if at_us < 0 or item == KEPT:
            return None if at_us < 0 else kept
        reading = self._columns.reading(item)
        assert reading is not None  # noqa: S101  # a tick is no sign of life
        return Anchor(at_us, reading.key, reading.device, reading.place)

    def _store_sensors(self, home: Home) -> None:
        told: list[Any] = self._sensors.tolist()
        rows = dict(zip(self._names, told, strict=True))
        at = {name: place for place, name in enumerate(SENSOR.names or ())}
        heard = sorted((row[at["order"]], name) for name, row in rows.items() if row[at["order"]] >= 0)
        home.sensors = {name: _sensor(rows[name], at) for _, name in heard}
        lives = sorted((row[at["life"]], name) for name, row in rows.items() if row[at["life"]] >= 0)
        before = home.life.sensors
        home.life.sensors = {name: self._heard(rows[name], at, before.get(name)) for _, name in lives}

    def _heard(self, row: tuple[int, ...], at: dict[str, int], before: Heard | None) -> Heard:
        item = row[at["item"]]
        reading = None if item == KEPT else self._columns.reading(item)
        place = reading.place if reading is not None else None if before is None else before.place
        names = ("sees", "began_us", "last_us")
        room, first_us, last_us = (row[at[name]] for name in names)
        return Heard(room, first_us, last_us, place, row[at["mark"]], float(row[at["longest"]]), row[at["slots"]])


def _sensor(row: tuple[int, ...], at: dict[str, int]) -> Sensor:
    says = row[at["says"]]
    room, first_us, heard_us, pause_us = (row[at[name]] for name in ("room", "first_us", "heard_us", "pause_us"))
    return Sensor(room, first_us, heard_us, pause_us, None if says < 0 else bool(says))
