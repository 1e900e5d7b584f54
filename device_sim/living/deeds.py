"""What people do, as the world knows it: the ground truth behind every sensor; and what a scenario makes them do."""

from dataclasses import dataclass
from enum import StrEnum


class What(StrEnum):
    """What somebody is doing, or (the last four) what they do to a thing."""

    SLEEP = "sleeps"
    NAP = "naps"
    TOILET = "is in the bathroom"
    WASH = "washes"
    COOK = "cooks"
    EAT = "eats"
    SIT = "sits"
    TIDY = "tidies up"
    THROUGH = "walks through"
    PACE = "walks to and fro"
    LIE = "lies on the floor"
    OUT = "is out"
    DOOR = "opens and shuts the outer door"
    FRIDGE = "opens and shuts the fridge"
    APPLIANCE = "uses an appliance"
    BUTTON = "presses for help"


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that somebody does. ``where`` is a room's name, the outer door's, or (out) what they went out for.

    ``stir`` is how often a minute a motion sensor in the room could see them move; an arrival is always seen.
    """

    who: str
    what: What
    where: str
    from_us: int
    to_us: int
    stir: float = 0.0


class Doing(StrEnum):
    """What a scenario makes somebody do instead of living on as usual."""

    LIE = "lie"  # lies in a room, hardly moving after the first minutes, until they are found
    SLEEP = "sleep"  # stays in bed
    SIT = "sit"  # sits quietly in a room
    BUSY = "busy"  # works about the rooms named
    PACE = "pace"  # walks to and fro between the rooms named
    AWAY = "away"  # goes out by the outer door and comes back
    PRESS = "press"  # presses the button for help, and waits
    VISIT = "visit"  # somebody else (``who``) comes in by the door and stays


@dataclass(frozen=True, slots=True)
class Change:
    """One script: from ``from_us`` to ``until_us`` this person (or visitor) does this, whatever their habits say.

    ``rooms`` as the doing wants them (default: the usual room for it). ``each_s`` is the time in one room of PACE.
    ``name`` says what somebody goes out for. ``returns`` False: who is away is not let back in by the door at the end.
    """

    who: str
    doing: Doing
    from_us: int
    until_us: int
    rooms: tuple[str, ...] = ()
    each_s: float = 25.0
    name: str = "away"
    returns: bool = True
