"""Following one person's positions: what is believed, where they stay, what is learnt of it; nothing is told here.

A fix costs next to nothing while it shows no more than the last one did: within the slack around where they are, and
before the hour is over.
"""

from collections.abc import Sequence
from math import cos, hypot, radians

from detectors.whereabouts_findings import Level
from detectors.whereabouts_known import (
    FAR_M,
    RIDE_CELL_M,
    STAY_MIN,
    WALK_CELL_M,
    cell_of,
    far_from_known,
    home_of,
    near_way,
    pass_time,
    place_at,
    settle,
    stay_at,
)
from detectors.whereabouts_odds import INSIDE, OUTSIDE, beyond_zone, weigh
from detectors.whereabouts_state import Other, Person
from detectors.whereabouts_trust import Spot, believe
from schemas.ground import DEGREE_M, degrees

_SECOND = 1_000_000
_HOUR_US = 3600 * _SECOND
#: A spot within this of where somebody stays (metres), or within its error, is there.
STAY_M = 60.0
#: Who is so far from home (metres, beyond its radius) is out.
OUT_M = 50.0
#: While riding only what is this far from all known is far: one rides past what one never walked (metres).
FAR_RIDING_M = 3000.0
#: Who stands so long (seconds) after a ride, or walks, has got off.
RIDE_STOPS_S = 120.0
#: A fix nearer than this to where they stay changes nothing (metres), nor one that its own error explains: its radius
#: of 68 % times so much is that of 95 %, and a little.
SLACK_M, TO_95 = 40.0, 1.8
#: The ring: the last spots of a walk, one each so many metres or seconds.
RING_KEPT, RING_M, RING_S = 32, 20.0, 60.0
#: Cells of one outing that are learnt.
_OUTING_CELLS = 96
#: Who was silent and then appears elsewhere had left no later than a slow walk (m/s) explains.
_SLOW_MS = 0.8
#: A spot is much better than what is known of a place when its error squared is less than so much of that.
_BETTER = 0.25
#: A silence at a place longer than this is no stay that is known (microseconds).
_STAYED_US = 24 * _HOUR_US
#: The distance from all known is reckoned anew after so many metres, or so large a part of it: it costs a look at all.
_AGAIN_M, _AGAIN = 50.0, 0.2


def nothing_new(person: Person, lon: float, lat: float, accuracy_m: float | None, at_us: int) -> bool:
    """Whether a fix shows no more than that the person is still where they were."""
    if person.slack_m <= 0.0 or at_us >= person.next_us:
        return False
    north = (lat - person.lat) * DEGREE_M
    east = (lon - person.lon) * DEGREE_M * cos(radians(lat))
    reach = person.slack_m
    if accuracy_m is not None and accuracy_m * TO_95 > reach:
        reach = accuracy_m * TO_95
    return north * north + east * east <= reach * reach


def follow(
    person: Person,
    spot: Spot,
    origin: tuple[float, float],
    corners: Sequence[tuple[float, float]],
    ahead_us: int,
) -> list[Spot]:
    """Take a spot later than all before; return the spots that are believed now. ``corners`` in metres from origin."""
    last, anchor = person.trust.last, person.anchor
    if last is not None and anchor is not None and person.stayed_us > last.at_us:
        # What showed nothing new was not looked at: until then the person was here.
        person.trust.last = Spot(person.stayed_us, anchor.x, anchor.y, anchor.error_m)
    believed = believe(person.trust, spot)
    for each in believed:
        _go(person, each, corners, ahead_us)
    _rest(person, spot, origin, corners, ahead_us)
    return believed


def follow_other(other: Other, spot: Spot) -> None:
    """Take a spot of a device that nobody wears."""
    for each in believe(other.trust, spot):
        _remember(other.ring, each)


def _go(person: Person, spot: Spot, corners: Sequence[tuple[float, float]], ahead_us: int) -> None:
    _remember(person.ring, spot)
    _stay(person, spot, ahead_us)
    if person.trust.rides:
        person.rode_us = spot.at_us
    rides = riding(person, spot.at_us)
    _use(person.ridden if rides else person.walked, cell_of(spot.x, spot.y, RIDE_CELL_M if rides else WALK_CELL_M))
    if corners:
        weigh(person.zone, beyond_zone(corners, spot.x, spot.y), spot)
    known = person.known
    metres = _far(person, spot, rides=rides)
    weigh(person.far, metres - (FAR_RIDING_M if rides else FAR_M), spot)
    if person.far.outside:
        known.far_m = max(known.far_m, metres)
    home = home_of(known)
    if home is None:
        return
    weigh(person.away, hypot(spot.x - home.x, spot.y - home.y) - home.radius - OUT_M, spot)
    if person.away.outside and not person.out:
        person.out, person.left_us = True, person.away.since_us
        person.left_hour = (person.left_us + ahead_us) / _HOUR_US % 24
    elif person.away.inside and (person.out or person.walked):
        come_home(person)


def come_home(person: Person) -> None:
    """Learn the outing that is over."""
    settle(person.known, person.walked, person.ridden, told=person.told >= Level.FULL)
    person.walked, person.ridden = [], []
    person.out, person.told, person.left_us, person.left_hour = False, 0, 0, -1.0
    person.beside = None
    person.far_x = 1e9


def _use(cells: list[int], cell: int) -> None:
    if not cells or (cells[-1] != cell and cell not in cells and len(cells) < _OUTING_CELLS):
        cells.append(cell)


def riding(person: Person, at_us: int) -> bool:
    """Whether the person rides, or did moments ago: a bus stands at lights and stops."""
    return person.rode_us > 0 and at_us - person.rode_us <= RIDE_STOPS_S * _SECOND


def _far(person: Person, spot: Spot, *, rides: bool) -> float:
    known = person.known
    if near_way(known, spot.x, spot.y):
        return 0.0
    if hypot(spot.x - person.far_x, spot.y - person.far_y) > max(_AGAIN_M, _AGAIN * person.far_m):
        person.far_m = far_from_known(known, spot.x, spot.y, rides=rides)
        person.far_x, person.far_y = spot.x, spot.y
    return person.far_m


def _remember(ring: list[Spot], spot: Spot) -> None:
    if ring:
        last = ring[-1]
        near = hypot(spot.x - last.x, spot.y - last.y) < RING_M
        if near and spot.at_us - last.at_us < RING_S * _SECOND:
            return
    ring.append(spot)
    del ring[:-RING_KEPT]


# -- staying -----------------------------------------------------------------------------------------------------------


def _stay(person: Person, spot: Spot, ahead_us: int) -> None:
    anchor = person.anchor
    if anchor is None:
        person.anchor, person.stayed_us, person.spent_us = spot, spot.at_us, spot.at_us
        return
    off = hypot(spot.x - anchor.x, spot.y - anchor.y)
    if off <= max(STAY_M, TO_95 * spot.error_m):
        person.anchor = _known_better(anchor, spot, person.stayed_us)
        person.stayed_us = spot.at_us
        _reckon(person, spot.at_us, ahead_us)
        return
    gone_us = spot.at_us - int(off / _SLOW_MS * _SECOND)
    if person.stayed_us < gone_us <= person.stayed_us + _STAYED_US:
        person.stayed_us = gone_us  # a phone at rest is silent
    _reckon(person, person.stayed_us, ahead_us)
    pass_time(
        person.known,
        None,
        max(person.spent_us, anchor.at_us) + ahead_us,
        spot.at_us + ahead_us,
        out=_habit(person),
    )
    person.anchor, person.stayed_us, person.spent_us = spot, spot.at_us, spot.at_us


def _habit(person: Person) -> bool:
    """Whether being out now makes a habit of the hour: not what was told of, so who leaves each night is told each."""
    return person.out and person.told < Level.FULL


def _known_better(anchor: Spot, spot: Spot, stayed_us: int) -> Spot:
    """Return the place of a stay with another spot of it: the mean over the time, so that a slow walk leaves it behind.

    A much better spot says nearly all, a much worse one nearly nothing.
    """
    mine, its = anchor.error_m**2, spot.error_m**2
    gain = mine / (mine + its)
    if its > _BETTER * mine:
        gain = min(gain, (spot.at_us - stayed_us) / max(1, spot.at_us - anchor.at_us))
    x, y = anchor.x + gain * (spot.x - anchor.x), anchor.y + gain * (spot.y - anchor.y)
    return Spot(anchor.at_us, x, y, min(anchor.error_m, spot.error_m))


def _reckon(person: Person, until_us: int, ahead_us: int) -> None:
    """Spend the time since the last reckoning at the place of the stay; a short one is none."""
    anchor = person.anchor
    if anchor is None or until_us - anchor.at_us < STAY_MIN * 60 * _SECOND or until_us <= person.spent_us:
        return
    # What passed since the reckoning is spent where they are: not after a silence of days.
    place = stay_at(person.known, anchor.x, anchor.y)
    pass_time(
        person.known,
        place,
        person.spent_us + ahead_us,
        until_us + ahead_us,
        out=_habit(person),
    )
    person.spent_us = until_us


def _rest(
    person: Person, spot: Spot, origin: tuple[float, float], corners: Sequence[tuple[float, float]], ahead_us: int
) -> None:
    """See how far the next fix may lie from here without changing anything."""
    anchor = person.anchor
    person.slack_m = 0.0
    if anchor is None or person.trust.doubted or person.episode is not None:
        return
    zone, far, away = person.zone.value, person.far.value, person.away.value
    if INSIDE < zone < OUTSIDE or INSIDE < far < OUTSIDE or INSIDE < away < OUTSIDE:
        return
    stays_us = anchor.at_us + STAY_MIN * 60 * _SECOND
    if spot.at_us < stays_us and person.out:
        return  # under way a stop says something
    slack = SLACK_M
    if corners:
        slack = min(slack, max(0.0, -beyond_zone(corners, anchor.x, anchor.y)) / 2)
    person.slack_m = slack
    person.lon, person.lat = degrees(origin, (anchor.x, anchor.y))
    hour_us = ((spot.at_us + ahead_us) // _HOUR_US + 1) * _HOUR_US - ahead_us
    person.next_us = hour_us if spot.at_us >= stays_us else min(hour_us, stays_us)


def staying(person: Person) -> bool:
    """Whether the person stays somewhere, long enough for a place."""
    return person.anchor is not None and person.stayed_us - person.anchor.at_us >= STAY_MIN * 60 * _SECOND


def at_known_place(person: Person) -> bool:
    """Whether the last position is at a place, not home, where the person has been on another day."""
    anchor = person.anchor
    place = None if anchor is None else place_at(person.known, anchor.x, anchor.y)
    return place is not None and place.days > 1 and place is not home_of(person.known)
