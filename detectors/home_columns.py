"""One home's messages as columns: what all messages of a class have in common once, and of each its class and times.

A sensor says the same few things all year, so what a reading tells of a home (detectors.inactivity_signs) is found out
once for each class of readings: those that differ only in when they came.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import count
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from detectors.device_events import speaks
from detectors.host import tells
from detectors.inactivity_signs import AVAILABLE, BRIDGE_AVAILABLE, COUNT, ROOM, sign_of
from detectors.kernels.hours import CLASS, TICK
from detectors.wandering_signs import PLACING
from schemas.reading import Reading, ReadingKind

Ints = NDArray[np.int64]
#: In the column of classes: a reading that the host itself is to take.
WHOLE = -2
_KINDS = (ReadingKind.EVENT, ReadingKind.STATE, ReadingKind.STATUS)
#: What readings of a class have in common, but for observations that tell nothing of a home, as most do.
_words_of = attrgetter("kind", "device", "unit", "resident", "place", "topic", "retain", "observations", "events")
#: Observations that tell something.
_TELLING = frozenset({AVAILABLE, BRIDGE_AVAILABLE, ROOM, COUNT}) | PLACING


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """``items`` (n,): the class of each reading, TICK or WHOLE; ``at``, ``arrived`` (n,): its times, UTC.

    ``classes``: CLASS of each class, and ``examples``: a reading of it. ``readings``, ``places`` (n,): which
    of them an item is, -1 where it is a tick. ``devices``: the names of those that have a number in ``classes``.
    """

    unit: str
    readings: Sequence[Reading]
    places: Ints
    items: NDArray[np.int32]
    at: Ints
    arrived: Ints
    classes: NDArray[np.void]
    examples: Sequence[Reading]
    devices: dict[str, int]

    def devices_and(self, known: Iterable[str]) -> dict[str, int]:
        """Return the numbers of the devices, after them of others that a home knows from before."""
        found = dict(self.devices)
        for name in known:
            found.setdefault(name, len(found))
        return found

    def reading(self, item: int) -> Reading | None:
        """Return the reading that an item is, None where it is a tick."""
        place = int(self.places[item])
        return None if place < 0 else self.readings[place]

    def told(self, item: int) -> Reading:
        """Return an item as a host takes it: the reading, or the platform's clock."""
        at_us = int(self.at[item])
        tick = Reading(kind=ReadingKind.TICK, arrival_us=at_us, event_us=at_us, end_us=at_us)
        return self.reading(item) or tick

    def between(self, first: int, end: int) -> "Columns":
        """Return the items ``first..end`` alone."""
        at, arrived, places = (each[first:end] for each in (self.at, self.arrived, self.places))
        return replace(self, at=at, arrived=arrived, places=places, items=self.items[first:end])

    def with_ticks(self, ticks: Ints, after: Ints) -> "Columns":
        """Return these items with the platform's clock among them: each of ``ticks`` after so many items."""
        is_tick = np.zeros(len(self.items) + len(ticks), np.bool_)
        is_tick[after + np.arange(len(ticks))] = True
        at, arrived, places = (np.empty(len(is_tick), np.int64) for _ in range(3))
        items = np.full(len(is_tick), TICK, np.int32)
        at[is_tick] = arrived[is_tick] = ticks
        places[is_tick] = -1
        at[~is_tick], arrived[~is_tick], places[~is_tick] = self.at, self.arrived, self.places
        items[~is_tick] = self.items
        return replace(self, at=at, arrived=arrived, places=places, items=items)


def columns_of(readings: Sequence[Reading], unit: str) -> Columns:
    """Return the readings of one unit, in the order in which they came, as columns."""
    number = defaultdict[object, int](count(0).__next__)  # of what was not there yet: the next
    many = len(readings)
    codes = np.fromiter(map(number.__getitem__, map(_words_of, readings)), np.int64, many)
    most = np.maximum.accumulate(codes) if many else codes
    firsts = np.flatnonzero(np.diff(most, prepend=-1)).tolist()  # each number is new where it is the highest yet
    found = [_class_of(readings[first]) for first in firsts]
    shown = {each: readings[first] for each, first in zip(found, firsts, strict=True)}
    numbers = {each: place for place, each in enumerate(shown)}
    classes, whole = np.zeros(len(shown), CLASS), np.zeros(len(shown) + 1, np.bool_)
    devices: dict[str, int] = {}
    for place, reading in enumerate(shown.values()):
        whole[place] = reading.kind not in _KINDS or reading.unit not in (unit, None) or speaks(reading)
        if not whole[place] and tells(reading):
            _describe(classes[place], reading, devices)
    items = np.fromiter((numbers[each] for each in found), np.int32, len(found))[codes]
    items[whole[items]] = WHOLE
    for place in _of_another_kind(readings, codes, firsts):
        items[place] = WHOLE
    return Columns(
        unit, readings, np.arange(many), items,
        np.fromiter(map(attrgetter("event_us"), readings), np.int64, many),
        np.fromiter(map(attrgetter("arrival_us"), readings), np.int64, many), classes, [*shown.values()], devices,
    )  # fmt: skip


def _of_another_kind(readings: Sequence[Reading], codes: Ints, firsts: Sequence[int]) -> list[int]:
    """Return which readings say 1 for true, or 0 for false, where the first of their words did not: they are equal."""
    says = [code for code, first in enumerate(firsts) if _says(readings[first])]
    mine = np.flatnonzero(np.isin(codes, says)).tolist()
    return [place for place in mine if _says(readings[place]) != _says(readings[firsts[codes[place]]])]


def _says(reading: Reading) -> list[type]:
    return [type(seen.value) for seen in reading.observations if seen.type in (AVAILABLE, BRIDGE_AVAILABLE)]


def _class_of(reading: Reading) -> tuple[object, ...]:
    """Return what names the class of a reading: what is not in it changes nothing of what the reading tells."""
    telling = tuple(seen for seen in reading.observations if seen.type in _TELLING)
    return (*_words_of(reading)[:-2], telling, reading.events)


def _describe(row: np.void, reading: Reading, devices: dict[str, int]) -> None:
    """Write what a reading's class has in common into a row of CLASS."""
    row["device"] = devices.setdefault(reading.device, len(devices))
    row["odd"], row["alive"] = reading.resident is not None, -1
    if (sign := sign_of(reading)) is not None:
        row["sign"], row["moved"], row["room"], row["times"] = True, sign.moved, sign.room, sign.times
        row["alive"] = -1 if sign.alive is None else int(sign.alive)
