"""What the detector of whereabouts remembers of each home, and its form as bytes."""

import msgspec

from detectors.home_snapshots import HomeSnapshots
from detectors.household import Left
from detectors.whereabouts_findings import Episode
from detectors.whereabouts_known import Known
from detectors.whereabouts_odds import Odds
from detectors.whereabouts_trust import Spot, Trust
from schemas.config import ResidentConfig
from schemas.local_time import LocalTime

#: Rises with every change of what is written below.
SCHEMA = 1


class Other(msgspec.Struct, array_like=True):
    """A device of the home that nobody wears (a carer's phone): where it went in the last minutes."""

    trust: Trust = msgspec.field(default_factory=Trust)
    ring: list[Spot] = []
    seen_us: int = 0


class Person(msgspec.Struct, array_like=True):
    """One resident. Lengths in metres from the home's origin; moments are UTC.

    ``anchor``: where they stay, or the last spot under way; ``stayed_us``: the last position there; ``spent_us``: up
    to when their time is reckoned. While a position lies within ``slack_m`` of (``lon``, ``lat``), before
    ``next_us``, nothing can change. ``walked``, ``ridden``: cells of the outing that is not over; ``told``: how loud
    something of it was told (whereabouts_findings.Level). ``rode_us``: when they were last seen riding. ``beside``:
    where somebody was last seen to walk along, and ``carer``: somebody who does not live here.
    """

    trust: Trust = msgspec.field(default_factory=Trust)
    known: Known = msgspec.field(default_factory=Known)
    ring: list[Spot] = []
    seen_us: int = 0
    heard_us: int = 0
    lon: float = 0.0
    lat: float = 0.0
    slack_m: float = 0.0
    next_us: int = 0
    anchor: Spot | None = None
    stayed_us: int = 0
    spent_us: int = 0
    zone: Odds = msgspec.field(default_factory=Odds)
    far: Odds = msgspec.field(default_factory=Odds)
    away: Odds = msgspec.field(default_factory=Odds)
    out: bool = False
    left_us: int = 0
    left_hour: float = -1.0
    walked: list[int] = []
    ridden: list[int] = []
    told: int = 0
    rode_us: int = 0
    beside: Spot | None = None
    carer: bool = False
    far_m: float = 0.0  # the distance from the known at far_x, far_y, where it was reckoned last
    far_x: float = 1e9
    far_y: float = 1e9
    ask_us: int = 0
    silent: int = 0  # how much of a silence was said: 0 nothing, 1 possible, 2 told
    episode: Episode | None = None
    device: str = ""


class Home(msgspec.Struct, array_like=True):
    """One unit: who lives there, as far as is known, and where they and its devices are."""

    people: dict[str, Person] = {}
    others: dict[str, Other] = {}
    residents: dict[str, ResidentConfig] = {}
    origin: tuple[float, float] | None = None
    heard_us: int = 0
    inside_us: int = 0
    left: Left = {}  # who lives here no more

    def local_time(self) -> LocalTime | None:
        """The clock on the wall: that of the first by id of those who live here; None: the usual one."""
        first = min(self.residents, default=None)
        return None if first is None else self.residents[first].local_time


#: Its form as bytes.
SNAPSHOTS = HomeSnapshots(Home, SCHEMA, "whereabouts")


def another_told(home: Home, person: Person) -> bool:
    """Whether another of the home is told of: each position of this person may then show that they walk along."""
    return any(each.episode is not None for each in home.people.values() if each is not person)
