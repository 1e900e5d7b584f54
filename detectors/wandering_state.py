"""What the wandering detector remembers of each home, and its form as bytes."""

import msgspec

from detectors.home_snapshots import HomeSnapshots
from detectors.household import Left
from detectors.tracks import Kept, Track
from detectors.wandering_beacon import Beacon
from detectors.wandering_door import Door
from detectors.wandering_exit import Exit
from detectors.wandering_findings import Episode
from detectors.wandering_rooms import Visits
from detectors.wandering_signs import Sign
from schemas.config import ResidentConfig, Sensitivity
from schemas.local_time import LocalTime

#: Rises with every change of what is written below.
SCHEMA = 2
#: People of one unit of whom something is kept: a ward has some forty; more is a mistake in the bindings.
_PEOPLE_KEPT = 64
#: What is asked for is scaled by this, by how soon a resident's detectors shall speak.
_FACTOR = {Sensitivity.CALMER: 1.3, Sensitivity.NORMAL: 1.0, Sensitivity.KEENER: 0.85}


class Waiting(msgspec.Struct, frozen=True, array_like=True):
    """A sign that waits for earlier ones; ``heard_us`` is the platform's clock when it came."""

    heard_us: int
    sign: Sign


class Person(msgspec.Struct, array_like=True):
    """One resident: the way, the rooms, the outer door, and what of each is wandering now."""

    track: Track = msgspec.field(default_factory=Track)
    visits: Visits = msgspec.field(default_factory=Visits)
    walk: Episode | None = None
    rooms: Episode | None = None
    beacon: Beacon | None = None
    exit: Exit = msgspec.field(default_factory=Exit)
    at_door: Episode | None = None
    left: Episode | None = None  # by the outer door, as their beacon shows


class Home(msgspec.Struct, array_like=True):
    """One unit: who lives there, as far as is known, and what was seen of them."""

    people: dict[str, Person] = {}
    residents: dict[str, ResidentConfig] = {}
    door: Door = msgspec.field(default_factory=Door)
    left: Episode | None = None
    waiting: list[Waiting] = []
    heard_us: int = 0
    left_it: Left = {}  # who lives here no more

    def local_time(self) -> LocalTime | None:
        """The clock on the wall: that of the first by id of those who live here; None: the usual one."""
        first = min(self.residents, default=None)
        return None if first is None else self.residents[first].local_time

    def somebody(self, unit: str) -> str:
        """Return whom a finding about the home is about: the one who lives there, or else the unit itself."""
        return next(iter(self.residents)) if len(self.residents) == 1 else unit

    def person(self, resident: str) -> Person:
        """Return what is kept of a resident; who was heard longest ago is forgotten for one more."""
        known = self.people.get(resident)
        if known is not None and len(self.people) == 1:  # nearly always: stands last already
            return known
        self.people.pop(resident, None)
        person = self.people[resident] = Person() if known is None else known
        while len(self.people) > _PEOPLE_KEPT:
            del self.people[next(iter(self.people))]  # the one just heard stands last
        return person

    def factor(self, resident: str) -> float:
        """Return what everything asked for is scaled by, by how soon a resident's detectors shall speak."""
        known = self.residents.get(resident)
        return _FACTOR[Sensitivity.NORMAL if known is None else known.sensitivity]

    def away(self, now_us: int) -> bool:
        """Whether everybody who lives here is known to be away: then somebody else moves about."""
        return bool(self.residents) and all(each.absent(now_us) for each in self.residents.values())


def _written(track: object) -> Kept:
    if isinstance(track, Track):
        return track.kept()
    raise NotImplementedError


def _read(kind: type, told: object) -> Track:
    if kind is Track:
        return Track.of(msgspec.convert(told, Kept))
    raise NotImplementedError


#: Its form as bytes.
SNAPSHOTS = HomeSnapshots(Home, SCHEMA, "a wandering detector", _written, _read)
