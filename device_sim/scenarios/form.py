"""What a scenario file says, as records. Names refer to each other by key; whether they do so rightly is for ``check``.

``mark`` is where a record begins in its file, ``marks`` where each of its values stands. Times still are as written
(``moments.Moment``), lengths are microseconds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from device_sim.scenarios.mistakes import Mark
from device_sim.scenarios.moments import Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What every record knows of its place in the file."""

    mark: Mark = field(compare=False, repr=False)
    marks: Mapping[str, Mark] = field(compare=False, repr=False)

    def where(self, name: str) -> Mark:
        """Return where the value of ``name`` stands, or where the record begins when it is not there."""
        return self.marks.get(name, self.mark)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place(Written):
    """A home (or a room of a care home) that is watched as one, with its rooms; the outer door opens into the first."""

    key: str
    name: str
    kind: str = "home"
    rooms: tuple[str, ...] = ()
    parent: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Weekly(Written):
    """What comes back every week: an outing, or somebody who comes. ``days`` from Monday 0."""

    what: str
    days: tuple[int, ...]
    clock_s: int
    lasts_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Resident(Written):
    """Somebody who is watched over, and how they live."""

    key: str
    name: str
    home: str
    born: int | None = None
    mobility: str = "free"
    conditions: tuple[str, ...] = ()
    wakes_s: int | None = None  # clock times, seconds since midnight
    sleeps_s: int | None = None
    nights: str = "usual"
    outings: tuple[Weekly, ...] | None = None  # None: as is usual
    carers: tuple[Weekly, ...] = ()
    sensitivity: str | None = None
    zone_m: float | None = None  # the area drawn for them reaches so far around their home


@dataclass(frozen=True, slots=True, kw_only=True)
class Device(Written):
    """A wearable or phone that ``worn_by`` wears, or a set of sensors in the home ``at``.

    A phone ``at`` a home is of somebody who belongs to it and lives elsewhere: a daughter who comes to walk along.
    """

    key: str
    kind: str
    worn_by: str | None = None
    home: str | None = None
    position: str = "wrist"
    rate_hz: float = 50.0
    range_g: float = 16.0
    synced: bool = True
    speaks: str = ""  # the family that it is of, "": the usual one of its kind
    also: tuple[str, ...] = ()  # sensors beside the standard set


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening(Written):
    """Something out of the ordinary. ``what`` is one of ``words.HAPPENINGS``, which says which fields it has."""

    what: str
    who: str
    at: Moment
    key: str | None = None
    how: str | None = None
    room: str | None = None
    lasts_us: int | None = None
    between: tuple[str, ...] = ()
    told: bool = False
    along: str | None = None  # who walks along (``with``): a resident, or a phone that is ``at`` the home


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault(Written):
    """Something that breaks: ``what`` is one of ``words.FAULTS``; of a device or of all sensors of a home."""

    what: str
    at: Moment
    device: str | None = None
    home: str | None = None
    room: str | None = None
    lasts_us: int | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected(Written):
    """A finding that must be raised (``must``) or must not; about what happens (``of``), or in a time."""

    must: bool
    kind: str
    who: str | None = None
    of: str | None = None
    within_us: int | None = None
    begin: Moment | None = None
    end: Moment | None = None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario(Written):
    """One scenario file, laid over its base."""

    id: str
    title: Mapping[str, str]
    says: Mapping[str, str]
    seed: int
    first_day: date
    clock_s: int
    lasts_us: int
    timezone: str
    places: tuple[Place, ...] = ()
    residents: tuple[Resident, ...] = ()
    devices: tuple[Device, ...] = ()
    happens: tuple[Happening, ...] = ()
    faults: tuple[Fault, ...] = ()
    expected: tuple[Expected, ...] = ()
    bases: tuple[str, ...] = ()  # what it was laid over, nearest first
    unread: frozenset[str] = frozenset()  # sections with a record that could not be read: what is missing may be there

    def place(self, key: str) -> Place | None:
        """Return a place by its key."""
        return next((place for place in self.places if place.key == key), None)

    def resident(self, key: str) -> Resident | None:
        """Return a resident by key."""
        return next((resident for resident in self.residents if resident.key == key), None)

    def worn(self, resident: str, kind: str) -> Device | None:
        """Return the first device of this kind that a resident wears."""
        return next((one for one in self.devices if one.worn_by == resident and one.kind == kind), None)

    def companions(self, resident: Resident) -> list[str]:
        """Return who can walk along with somebody: who lives with them, and phones of those who come to their home."""
        live = [one.key for one in self.residents if one.home == resident.home and one.key != resident.key]
        return live + [one.key for one in self.devices if one.home == resident.home and one.kind == "phone"]

    def sensors(self, home: str) -> Device | None:
        """Return the set of sensors of a home."""
        return next((one for one in self.devices if one.home == home and one.kind == "sensors"), None)
