"""What speaks for telling somebody, by where a person is and what is known of them: claims, each with its loudness.

The limits of rarity are days in so many: who goes to new places each week is not told of each week.
"""

from dataclasses import dataclass
from enum import Enum
from math import hypot

from detectors import reasons
from detectors.whereabouts_findings import Claim, Level
from detectors.whereabouts_follow import riding
from detectors.whereabouts_known import Known, days_elsewhere, home_of, rarity_of_far, rarity_of_hour
from detectors.whereabouts_lost import signs_of
from detectors.whereabouts_odds import beyond_zone
from detectors.whereabouts_state import Person
from detectors.whereabouts_trust import Spot
from schemas.finding import Reason

_MINUTE_US = 60_000_000
#: Who went to a new place on more days than this (as they fade) is on the way to be an explorer.
_EXPLORES_FROM = 0.25


class Along(Enum):
    """Who moves along with a resident, if anybody."""

    NOBODY = "nobody"
    CARER = "carer"  # a device of the home that no resident wears
    RESIDENT = "resident"  # who may be as confused as they are


@dataclass(frozen=True)
class JudgeConfig:
    """When something is unusual. Hours are of the home's own clock; rarities are shares of days.

    ``far_told``: one day in 60 is what an active person may be told of for nothing, and only after ``far_days``:
    before, what comes but monthly is new to us alone; ``far_possible``: kept to look at.
    ``night_from_h`` to ``night_to_h``: as detectors.wandering_home; within it, before ``night_days`` were seen, leaving
    from ``deep_from_h`` to ``deep_to_h`` is told and the rest is possible. ``night_told``, ``night_possible``: after.
    ``habit_days``, ``habit``: so few nights show already that somebody works, or walks, by night. ``day_days``: by day
    an hour is unusual after so many days, and then only possible. ``lost``, ``lost_explorer``: how much of the signs of
    detectors.whereabouts_lost is asked for, and of who often goes to new places and looks about there; before
    ``lost_days`` it is to be looked at only, as little is known.
    """

    far_told: float = 1 / 60
    far_possible: float = 1 / 15
    far_days: int = 21
    night_from_h: int = 22
    night_to_h: int = 6
    deep_from_h: int = 23
    deep_to_h: int = 5
    night_days: float = 14.0
    night_told: float = 1 / 30
    night_possible: float = 1 / 10
    habit_days: float = 4.0
    habit: float = 1 / 3
    day_days: float = 21.0
    day_possible: float = 1 / 60
    lost: float = 1.3
    lost_days: int = 14
    lost_explorer: float = 3.0

    def night(self, hour: float) -> bool:
        """Whether an hour of the day is of the night."""
        return hour >= self.night_from_h or hour < self.night_to_h


def claims_of(
    person: Person,
    spot: Spot,
    corners: tuple[tuple[float, float], ...],
    along: Along,
    config: JudgeConfig,
    factor: float,
) -> list[Claim]:
    """Return what speaks for telling now, at ``spot``. ``factor``: how much more usual what is told may be."""
    found = [*_zone(person, spot, corners, along)]
    if along is not Along.CARER:
        found += _far(person, spot, along, config, factor)
        found += _hour(person, spot, along, config, factor)
    if found and riding(person, spot.at_us) and (person.far.outside or person.zone.outside):
        found.append(Claim(Level.POSSIBLE, Reason(reasons.RIDES_AWAY, {"kmh": float(round(_kmh(person)))}), spot.at_us))
    if found and along is not Along.NOBODY:
        found.append(Claim(Level.POSSIBLE, Reason(reasons.COMPANION), spot.at_us))
    return found


def still(person: Person, codes: list[str]) -> bool:
    """Whether the causes that were told still last, however usual they would be found now."""
    return (
        (person.zone.value > 0 and reasons.LEFT_ZONE in codes)
        or (not person.far.inside and (reasons.FAR_FROM_KNOWN in codes or reasons.LOST_THERE in codes))
        or (person.out and reasons.OUT_AT_UNUSUAL_HOUR in codes)
    )


def unusual_hour(known: Known, hour: float, config: JudgeConfig, factor: float = 1.0) -> Level | None:
    """Return how loud it is that somebody left home at an hour of the day, None: it is nothing."""
    whole = int(hour) % 24
    rarity, days = rarity_of_hour(known, whole)
    if not config.night(hour):
        return Level.POSSIBLE if days >= config.day_days and rarity <= config.day_possible * factor else None
    if days < config.night_days:
        if days >= config.habit_days and rarity >= config.habit:
            return None
        deep = whole >= config.deep_from_h or whole < config.deep_to_h
        return Level.FULL if deep else Level.POSSIBLE
    if rarity <= config.night_told * factor:
        return Level.FULL
    return Level.POSSIBLE if rarity <= config.night_possible * factor else None


def metres_from_home(person: Person, spot: Spot) -> float:
    """Return how far a spot is from home, metres; 0 where home is not known."""
    home = home_of(person.known)
    return 0.0 if home is None else float(round(hypot(spot.x - home.x, spot.y - home.y)))


def _zone(person: Person, spot: Spot, corners: tuple[tuple[float, float], ...], along: Along) -> list[Claim]:
    if not corners or not person.zone.outside:
        return []
    level = {Along.NOBODY: Level.FULL, Along.RESIDENT: Level.MILD, Along.CARER: Level.POSSIBLE}[along]
    since_us = person.zone.since_us or spot.at_us
    metres = float(round(max(0.0, beyond_zone(corners, spot.x, spot.y))))
    return [Claim(level, Reason(reasons.LEFT_ZONE, {"m": metres, "min": _minutes(since_us, spot.at_us)}), since_us)]


def _far(person: Person, spot: Spot, along: Along, config: JudgeConfig, factor: float) -> list[Claim]:
    if not person.far.outside:
        return []
    rarity, since_us = rarity_of_far(person.known, person.far_m), person.far.since_us or spot.at_us
    if rarity >= 1.0:
        return []
    found: list[Claim] = []
    if not riding(person, spot.at_us):
        seen = signs_of([each for each in person.ring if each.at_us >= since_us])
        explorer = min(1.0, max(0.0, days_elsewhere(person.known) - _EXPLORES_FROM))
        if seen.score >= config.lost + explorer * (config.lost_explorer - config.lost):
            numbers = {"turns": float(seen.turns), "stops": float(seen.stops), "min": round(seen.minutes, 1)}
            sure = Level.FULL if person.known.seen_days > config.lost_days else Level.MILD
            level = sure if along is Along.NOBODY else Level.POSSIBLE
            found.append(Claim(level, Reason(reasons.LOST_THERE, numbers), since_us))
    if rarity <= config.far_possible * factor:
        known = person.known.seen_days > config.far_days
        told = known and rarity <= config.far_told * factor and along is Along.NOBODY
        numbers = {"m": float(round(person.far_m)), "min": _minutes(since_us, spot.at_us)}
        found.append(Claim(Level.MILD if told else Level.POSSIBLE, Reason(reasons.FAR_FROM_KNOWN, numbers), since_us))
    return found


def _hour(person: Person, spot: Spot, along: Along, config: JudgeConfig, factor: float) -> list[Claim]:
    if not person.out or person.left_hour < 0:
        return []
    level = unusual_hour(person.known, person.left_hour, config, factor)
    if level is None:
        return []
    numbers = {"hour": float(round(person.left_hour) % 24), "m": metres_from_home(person, spot)}
    loud = level if along is Along.NOBODY else Level.POSSIBLE
    return [Claim(loud, Reason(reasons.OUT_AT_UNUSUAL_HOUR, numbers), person.left_us)]


def _kmh(person: Person) -> float:
    if len(person.ring) < 2:
        return 0.0
    one, last = person.ring[-2:]
    return 3.6 * hypot(last.x - one.x, last.y - one.y) / max(1.0, (last.at_us - one.at_us) / 1_000_000)


def _minutes(start_us: int, end_us: int) -> float:
    return max(0.0, round((end_us - start_us) / _MINUTE_US, 1))
