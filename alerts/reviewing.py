"""What became of alerts, counted: by kind, detector, device, ward and outcome, and how often one was for nothing. Pure.

Rules of this file:

- Every alert of a period is in exactly one group. Only ``Group.COUNTED`` is in figures about detectors and people; the
  others are shown beside, with their number: nothing is left out without a word.
- A share is said with its interval, and below LEAST_JUDGED not at all: three of four is no seventy-five percent.
- An own outcome of an institution counts as its base (schemas.outcome), so that figures of two wards can be compared.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum
from math import sqrt

import msgspec

from schemas.alert import Outcome
from schemas.finding import FindingKind
from schemas.places import PlaceKind

#: Below so many judged alerts no share is said: of twenty a half is known to 21 points either way, and hardly better
#: than "often"; of ten to 27.
LEAST_JUDGED = 20
#: Of a normal distribution, two-sided 95 %.
_Z = 1.959964
#: Real ones against false ones, as alerts.proposing judges: faults of a device, drills and what the resident took back
#: say nothing of how well a detector tells real from false. They are counted beside.
REAL = frozenset({Outcome.REAL_INJURED, Outcome.REAL_UNHURT})
#: What answers for its alerts together, nearest first: who is on duty is on for a ward, or else for a floor, a house,
#: or, of people in homes of their own, a village or township.
WARDS = (
    PlaceKind.WARD,
    PlaceKind.FLOOR,
    PlaceKind.INSTITUTION,
    PlaceKind.VILLAGE,
    PlaceKind.TOWNSHIP,
    PlaceKind.COUNTY,
    PlaceKind.CITY,
)


class Case(msgspec.Struct, frozen=True):
    """One alert as the figures need it; fields in the order of the row that store.reviewing reads.

    ``detector`` is the model that told first (``device``: the device's own alarm), ``ward`` an id (``ward_of``),
    ``rang_us`` when it first rang: later than ``raised_us`` where somebody was with the resident. ``answered_us``: when
    somebody first claimed or held it; None: nobody yet. ``outcome`` None: still open. ``test``: of a resident who is
    nobody real.
    """

    alert: str
    kind: str
    detector: str
    device: str
    ward: str
    resident: str
    raised_us: int
    rang_us: int
    answered_us: int | None
    outcome: str | None
    test: bool


class Group(StrEnum):
    """Which figures an alert is in."""

    COUNTED = "counted"
    DRILL = "drill"  # resolved as test or drill
    TEST = "test"  # of a resident marked as test
    PLATFORM = "platform"  # about a part of ours


def group_of(case: Case) -> Group:
    """Return the one group of an alert."""
    if case.kind == FindingKind.PLATFORM:
        return Group.PLATFORM
    if case.test:
        return Group.TEST
    return Group.DRILL if case.outcome == Outcome.TEST else Group.COUNTED


def grouped(cases: Iterable[Case]) -> dict[Group, list[Case]]:
    """Return the alerts of each group, every group named."""
    found: dict[Group, list[Case]] = {group: [] for group in Group}
    for case in cases:
        found[group_of(case)].append(case)
    return found


class Share(msgspec.Struct, frozen=True):
    """How many of how many; ``low`` to ``high`` is the 95 % interval, and nothing is said where they are ``few``."""

    hits: int
    of: int
    share: float | None
    low: float
    high: float
    few: bool


def wilson(hits: int, of: int) -> tuple[float, float]:
    """Return the 95 % score interval of a proportion, 0 to 1 where there is nothing to count.

    Wilson 1927, J Am Stat Assoc 22:209-212; it covers well where few are counted and near 0 and 1, where the usual one
    does not (Brown, Cai and DasGupta 2001, Stat Sci 16:101-133).
    """
    if of == 0:
        return 0.0, 1.0
    share, z2 = hits / of, _Z * _Z
    middle = share + z2 / (2 * of)
    half = _Z * sqrt(share * (1 - share) / of + z2 / (4 * of * of))
    low, high = ((middle - half) / (1 + z2 / of), (middle + half) / (1 + z2 / of))
    return (0.0 if hits == 0 else low), (1.0 if hits == of else high)


def share(hits: int, of: int, least: int = LEAST_JUDGED) -> Share:
    """Return a share; None below ``least``."""
    low, high = wilson(hits, of)
    few = of < least
    return Share(hits, of, None if few else hits / of, low, high, few)


class Tally(msgspec.Struct, frozen=True):
    """Alerts of one kind, detector, device or ward: how many, and what they were."""

    total: int
    open: int
    outcomes: dict[Outcome, int]

    @property
    def false_share(self) -> Share:
        """How many of those that were real or false were false."""
        false = self.outcomes[Outcome.FALSE_ALARM]
        return share(false, false + sum(self.outcomes[real] for real in REAL))


_OUTCOMES = tuple(Outcome)


def _tally(counted: Mapping[str | None, int]) -> Tally:
    return Tally(
        total=sum(counted.values()),
        open=counted.get(None, 0),
        outcomes={outcome: counted.get(outcome, 0) for outcome in _OUTCOMES},
    )


class Tallies(msgspec.Struct, frozen=True):
    """The same alerts counted together and in four ways; each way adds up to ``all``.

    Keys: a kind; (kind, detector), since one model name may tell of several; a device's id; a ward's id.
    """

    all: Tally
    kinds: dict[str, Tally]
    detectors: dict[tuple[str, str], Tally]
    devices: dict[str, Tally]
    wards: dict[str, Tally]


def tallies(cases: Iterable[Case]) -> Tallies:
    """Count alerts; whoever wants only what is COUNTED hands in only that (``grouped``)."""
    once = Counter((case.kind, case.detector, case.device, case.ward, case.outcome) for case in cases)
    every: Counter[str | None] = Counter()
    kinds: dict[str, Counter[str | None]] = {}
    detectors: dict[tuple[str, str], Counter[str | None]] = {}
    devices: dict[str, Counter[str | None]] = {}
    wards: dict[str, Counter[str | None]] = {}
    for (kind, detector, device, ward, outcome), n in once.items():
        every[outcome] += n
        kinds.setdefault(kind, Counter())[outcome] += n
        detectors.setdefault((kind, detector), Counter())[outcome] += n
        devices.setdefault(device, Counter())[outcome] += n
        wards.setdefault(ward, Counter())[outcome] += n
    return Tallies(
        all=_tally(every),
        kinds={key: _tally(counted) for key, counted in kinds.items()},
        detectors={pair: _tally(counted) for pair, counted in detectors.items()},
        devices={key: _tally(counted) for key, counted in devices.items()},
        wards={key: _tally(counted) for key, counted in wards.items()},
    )


def ward_of(unit: str, tree: Mapping[str, tuple[PlaceKind, str | None]]) -> str:
    """Return the place that answers for a watch unit: the nearest above it of the first of WARDS that there is.

    ``tree``: kind and parent of each place by id. A unit that stands under none of them answers for itself.
    """
    above: dict[PlaceKind, str] = {}
    passed: set[str] = set()
    at: str | None = unit
    while at is not None and at in tree and at not in passed:
        passed.add(at)
        kind, parent = tree[at]
        above.setdefault(kind, at)
        at = parent
    return next((above[kind] for kind in WARDS if kind in above), unit)
