"""What a reading tells about where somebody walks: a position, a room, an outer door, or somebody active inside."""

from enum import StrEnum
from functools import lru_cache
from math import isfinite

import msgspec

from detectors.routine import spaced
from detectors.tracks import Fix
from schemas.reading import Reading, ReadingKind

#: Observations of a position in degrees (``accuracy`` is the radius of 68 % in metres), and in metres of a building.
LAT, LON, ACCURACY, X, Y = "lat", "lon", "accuracy", "x", "y"
#: Observation that names the room: of a sensor the room it watches, of a worn beacon the room it is in.
ROOM = "room"
#: Observation of how far a worn beacon is from the receiver that names the room; metres, or what its unit says.
DISTANCE = "distance"
#: What a wearable's state tells of where it is.
PLACING = frozenset({LAT, X, ROOM})
#: Events of a sensor that sees a person in its room.
SEEN = frozenset({"motion", "motion_count", "presence", "occupancy"})
#: Events that show somebody inside, wherever.
INSIDE = frozenset({"button", "in_bed", "in_bed_ended", "chair", "chair_ended", "appliance", "appliance_ended", "sos"})
#: Events of a door that is opened.
OPENED = frozenset({"door_open", "opening"})
#: What a beacon's room says when it is in none.
_NOWHERE = frozenset({"", "not_home", "away", "unknown", "unavailable", "none"})
#: Words by which the name of a room or of a door says that it leads out; Latin ones stand between other characters.
_OUTER_LATIN = ("front door", "back door", "frontdoor", "backdoor", "entrance", "entry door", "outer", "main door")
_OUTER_CHINESE = ("大门", "前门", "后门", "入户", "入口", "防盗门")


class What(StrEnum):
    """What a sign shows."""

    POSITION = "position"
    ROOM = "room"
    INSIDE = "inside"
    OUTER_DOOR = "outer_door"


class Sign(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One thing shown by one message. ``anchor`` names the message, also where its device counts none."""

    what: What
    unit: str
    resident: str | None
    device: str
    place: str | None
    anchor: str
    event_us: int
    room: str = ""
    x: float = 0.0
    y: float = 0.0
    accuracy_m: float | None = None
    degrees: bool = False
    distance_m: float | None = None

    def fix(self) -> Fix:
        """Return the position as a fix of a track."""
        return Fix(self.event_us, self.x, self.y, self.accuracy_m, self.degrees)


def signs_of(reading: Reading) -> list[Sign]:
    """Return what a reading shows; nothing for what is retained, nobody's, or of no concern here."""
    if reading.unit is None or reading.retain or reading.kind not in (ReadingKind.EVENT, ReadingKind.STATE):
        return []
    said = {seen.type: seen.value for seen in reading.observations}
    found: list[Sign] = []
    if reading.resident is not None and (LAT in said or X in said):
        position = _position(reading, said)
        found = [] if position is None else [position]
    if ROOM in said or reading.events:
        shown = _inside(reading, said)
        found += [] if shown is None else [shown]
    return found


def leads_out(*names: str) -> bool:
    """Whether one of the names of a door says that it leads out of the home."""
    said = f" {spaced(' '.join(names).lower())} "
    return any(f" {word} " in said for word in _OUTER_LATIN) or any(word in said for word in _OUTER_CHINESE)


@lru_cache(maxsize=4096)  # asked at each sign of a home; its rooms are few
def at_outer_door(room: str, door_room: str) -> bool:
    """Whether a room is the one at an outer door: by its name, or as the door itself says which room it is in.

    The last part of both counts, since a place is named within its unit.
    """
    own, door = (each.rpartition("/")[2].casefold() for each in (room, door_room))
    return leads_out(room) or (door != "" and own == door)


def _position(reading: Reading, said: dict[str, float | bool | str]) -> Sign | None:
    degrees = LAT in said
    x, y = (_number(said.get(LON)), _number(said.get(LAT))) if degrees else (_number(said.get(X)), _number(said.get(Y)))
    if x is None or y is None or (degrees and not (abs(y) <= 90 and abs(x) <= 180 and (x or y))):
        return None  # 0, 0 is what a receiver without a fix says
    return _sign(What.POSITION, reading, x=x, y=y, accuracy_m=_number(said.get(ACCURACY)), degrees=degrees)


def _inside(reading: Reading, said: dict[str, float | bool | str]) -> Sign | None:
    named = said.get(ROOM)
    room = named if isinstance(named, str) and named.lower() not in _NOWHERE else ""
    if not OPENED.isdisjoint(reading.events) and leads_out(room, reading.place or "", reading.device, reading.topic):
        return _sign(What.OUTER_DOOR, reading, room=room or reading.place or "")
    if reading.resident is not None:  # what is worn goes along: only a room that it names is inside
        return _sign(What.ROOM, reading, room=room, distance_m=_distance(reading)) if room else None
    if not SEEN.isdisjoint(reading.events):
        return _sign(What.ROOM, reading, room=room or reading.place or reading.device)
    moved = not INSIDE.isdisjoint(reading.events) or not OPENED.isdisjoint(reading.events)
    return _sign(What.INSIDE, reading) if moved else None


def _sign(
    what: What, reading: Reading, *, room: str = "", x: float = 0.0, y: float = 0.0,
    accuracy_m: float | None = None, degrees: bool = False, distance_m: float | None = None,
) -> Sign:  # fmt: skip
    anchor = reading.key if reading.seq >= 0 else f"{reading.key}:{reading.event_us}"
    return Sign(
        what, reading.unit or "", reading.resident, reading.device, reading.place, anchor, reading.event_us,
        room, x, y, accuracy_m, degrees, distance_m,
    )  # fmt: skip


def _distance(reading: Reading) -> float | None:
    for seen in reading.observations:
        if seen.type == DISTANCE and (told := _number(seen.value)) is not None and told >= 0:
            return told / 100 if seen.unit == "cm" else told
    return None


def _number(value: object) -> float | None:
    if type(value) is float:  # nearly always
        return value if isfinite(value) else None
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        return None
    return float(value)
