"""What a reading shows of where somebody is: a position, by whose device; or somebody inside."""

from math import isfinite

import msgspec

from detectors.wandering_signs import ACCURACY, LAT, LON, SEEN, X, Y
from schemas.reading import Reading, ReadingKind

_KINDS = frozenset({ReadingKind.EVENT, ReadingKind.STATE})


class Position(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One position in degrees, as a message tells it. ``resident`` None: of a device that nobody of the home wears."""

    unit: str
    resident: str | None
    device: str
    place: str | None
    at_us: int
    arrival_us: int
    lon: float
    lat: float
    accuracy_m: float | None


def position_of(reading: Reading) -> Position | None:
    """Return the position that a reading tells, None: none, or none that can be used."""
    if reading.unit is None or reading.retain or reading.kind not in _KINDS:
        return None
    lat = lon = accuracy = None
    for seen in reading.observations:
        if seen.type == LAT:
            lat = seen.value
        elif seen.type == LON:
            lon = seen.value
        elif seen.type == ACCURACY:
            accuracy = seen.value
    if isinstance(lat, bool | str | None) or isinstance(lon, bool | str | None):  # a bool is an int to Python
        return None
    if not (abs(lat) <= 90.0 and abs(lon) <= 180.0 and (lat or lon)):
        return None  # 0, 0 is what a receiver without a fix says; NaN is never below anything
    good = None if isinstance(accuracy, bool | str | None) or not isfinite(accuracy) else accuracy
    return Position(
        reading.unit, reading.resident, reading.device, reading.place, reading.event_us, reading.arrival_us, lon, lat,
        good if good is None or good > 0 else None,
    )  # fmt: skip


def shows_inside(reading: Reading) -> str | None:
    """Return the unit in which a reading shows somebody inside: a sensor of a room, or a place in the building."""
    if reading.unit is None or reading.retain or reading.kind not in _KINDS:
        return None
    if reading.resident is None:
        return reading.unit if reading.events and not SEEN.isdisjoint(reading.events) else None
    return reading.unit if any(seen.type in (X, Y) for seen in reading.observations) else None


def anchor_of(reading: Reading) -> str:
    """Return what names a message, also where its device counts none."""
    return reading.key if reading.seq >= 0 else f"{reading.key}:{reading.event_us}"
