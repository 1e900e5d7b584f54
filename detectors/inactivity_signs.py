"""What a home's sensors tell about life in it: a Reading in the eyes of the inactivity detector.

Only what just happened is life: a motion seen, a door moved, a button pressed, an appliance used. A value that is
repeated, a report of battery or light, and a sensor that says of itself that it is there show only that the sensor
lives; which is worth knowing, since a dead sensor is silent too.
"""

import msgspec

from detectors.routine import Room, room_of
from schemas.reading import Reading, ReadingKind

#: Events (a reading's, by the vocabulary of docs/devices.md) that show that somebody moves. The end of a motion or of a
#: presence is a sensor's timer, and is none.
MOVES = frozenset(
    {
        "motion", "motion_count", "presence", "occupancy", "door_open", "door_closed", "window_open", "window_closed",
        "opening", "button", "vibration", "tilt", "in_bed", "in_bed_ended", "chair", "chair_ended", "appliance",
        "appliance_ended", "zone_enter", "zone_leave", "sos",
    }
)  # fmt: skip
#: Events of a door that opens or closes.
DOORS = frozenset({"door_open", "door_closed", "opening"})
#: Observations by which a device, or the bridge that carries several, says whether it can be heard.
AVAILABLE, BRIDGE_AVAILABLE = "available", "bridge_available"
#: Observation that names the room, where a device knows it.
ROOM = "room"
#: Observation that tells how often something moved since the last message.
COUNT = "motion_count"
#: More than this in one message is no count of movements.
MOST_TIMES = 100_000
#: Readings that may tell something of a home.
TOLD = frozenset({ReadingKind.EVENT, ReadingKind.STATE, ReadingKind.STATUS})


class Sign(msgspec.Struct, frozen=True, gc=False):
    """One message of a home. ``moved``: somebody was there; ``alive``: what the device says of its own being heard.

    ``times``: how many signs of life it stands for.
    """

    unit: str
    device: str
    key: str
    event_us: int
    resident: str | None = None
    place: str | None = None
    moved: bool = False
    room: Room = Room.OTHER
    alive: bool | None = None
    times: int = 1


def sign_of(reading: Reading) -> Sign | None:
    """Return what a reading tells of its home; None for what is nobody's, retained, or of another kind."""
    if reading.unit is None or reading.retain or reading.kind not in TOLD:
        return None
    said = {seen.type: seen.value for seen in reading.observations}
    moved = not MOVES.isdisjoint(reading.events)
    return Sign(
        unit=reading.unit,
        device=reading.device,
        key=reading.key,
        event_us=reading.event_us,
        resident=reading.resident,
        place=reading.place,
        moved=moved,
        room=_room(reading, said) if moved else Room.OTHER,
        alive=_truth(said, AVAILABLE, BRIDGE_AVAILABLE),
        times=_times(said.get(COUNT)),
    )


def _truth(said: dict[str, float | bool | str], *names: str) -> bool | None:
    for name in names:
        told = said.get(name)
        if isinstance(told, bool):
            return told
    return None


def _times(count: float | bool | str | None) -> int:
    return round(count) if isinstance(count, int | float) and 1 <= count < MOST_TIMES else 1


def _room(reading: Reading, said: dict[str, float | bool | str]) -> Room:
    """Return the room by the names there are; a device's own id and topic carry the name a family gave it."""
    named = room_of(str(said.get(ROOM, "")), reading.place or "", reading.device, reading.topic)
    if named is Room.OUTER_DOOR and DOORS.isdisjoint(reading.events):
        return Room.HALL  # a motion sensor at the entrance sees people inside
    return named
