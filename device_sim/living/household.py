"""A home and those who live in it or come to it: plain records, read from a scenario or one of the named lives."""

from dataclasses import dataclass, field
from enum import StrEnum

#: Days of the week as Python counts them: Monday is 0.
EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)
WEEKDAYS, WEEKEND = (0, 1, 2, 3, 4), (5, 6)


class RoomKind(StrEnum):
    """What a room is for."""

    BEDROOM = "bedroom"
    BATHROOM = "bathroom"
    KITCHEN = "kitchen"
    LIVING = "living"
    HALL = "hall"


@dataclass(frozen=True, slots=True)
class Room:
    """A room. Its name is the sensors' name too, so that it says what the room is for ("bedroom", "厨房 kitchen")."""

    name: str
    kind: RoomKind


#: The rooms of a small flat; the outer door leads into the hall.
FLAT = (
    Room("bedroom", RoomKind.BEDROOM),
    Room("bathroom", RoomKind.BATHROOM),
    Room("kitchen", RoomKind.KITCHEN),
    Room("living room", RoomKind.LIVING),
    Room("hall", RoomKind.HALL),
)


@dataclass(frozen=True, slots=True)
class Outing:
    """Going out regularly: on which days, at which hour (local, decimal), for how long, and how surely."""

    name: str
    weekdays: tuple[int, ...]
    hour: float
    minutes: float
    chance: float = 1.0
    jitter_minutes: float = 20.0


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody who comes regularly: a carer, family. ``busy``: works about the home, or sits with the resident."""

    name: str
    weekdays: tuple[int, ...]
    hour: float
    minutes: float
    busy: bool = True
    chance: float = 1.0
    jitter_minutes: float = 10.0


@dataclass(frozen=True, slots=True)
class Habits:
    """How somebody lives. Hours are local and decimal, with their spread from day to day (standard deviation).

    The defaults are an older adult who lives alone and gets about; docs/simulator.md says where the figures come from.
    """

    wakes_h: float = 6.5
    wakes_sd_h: float = 0.5
    sleeps_h: float = 21.8
    sleeps_sd_h: float = 0.6
    weekend_later_h: float = 0.2
    toilet_a_night: float = 1.4  # mean number of times out of bed
    toilet_each_h: float = 2.6  # by day, mean time between visits
    awake_a_night: float = 0.3  # mean number of times up and about for a while, beyond the toilet
    meals_h: tuple[float, float, float] = (7.3, 11.8, 17.8)
    meals_sd_h: float = 0.35
    nap_chance: float = 0.55
    nap_minutes: float = 60.0
    stay_minutes: float = 17.0  # median stay in one place by day
    kitchen_share: float = 0.28  # of the free walks about the home by day
    stir: float = 1.0  # how much somebody moves, against the usual
    outings: tuple[Outing, ...] = (
        Outing("market", (0, 2, 4, 6), 8.6, 55.0, 0.85),
        Outing("walk", EVERY_DAY, 15.6, 45.0, 0.55),
    )


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who lives in the home; ``bedroom`` names their room."""

    key: str
    habits: Habits = field(default_factory=Habits)
    bedroom: str = "bedroom"


@dataclass(frozen=True, slots=True)
class Household:
    """A home: rooms, who lives there, who comes by. ``outer_door`` names the door's sensor."""

    people: tuple[Person, ...]
    rooms: tuple[Room, ...] = FLAT
    visits: tuple[Visit, ...] = ()
    outer_door: str = "front door"

    def first(self, kind: RoomKind) -> str:
        """Return the name of the first room of a kind, or of the first room at all where there is none."""
        return next((room.name for room in self.rooms if room.kind is kind), self.rooms[0].name)

    @property
    def hall(self) -> str | None:
        """The room that every way leads through, if there is one."""
        return next((room.name for room in self.rooms if room.kind is RoomKind.HALL), None)
