"""Wandering inside a home and out of it: to and fro between rooms, and out of the door at night.

Pure rules over what was seen when; detectors.wandering keeps the time and writes the findings.
"""

from dataclasses import dataclass, replace
from functools import lru_cache

import msgspec

_SECOND = 1_000_000
_HOUR_US = 3600 * _SECOND
_DAY_US = 24 * _HOUR_US


@dataclass(frozen=True)
class HomeConfig:
    """When walking inside, or leaving, is wandering. Hours are of the home's own clock.

    Chosen on 269 weeks of 37 homes of people living with dementia (TIHM, Palermo et al., Sci Data 2023 10:606):
    pacing as here is found there 0.04 times a home and week, leaving 0.6 times.

    ``utc_offset_h``: of a home of which no other clock is known; China has one zone and no summer time.
    ``rooms_s``: how far back rooms are looked at; within it ``night_changes`` of room with each room seen
    ``night_visits`` times (by day ``day_...``) are pacing. ``away_s``: nobody seen inside for so long after the outer
    door was opened at night is leaving; ``step_out_s``: what is seen right after the door is the same person's way
    out. ``visit_s``: an outer door opened shortly before may have let a visitor in, who now leaves: then it is only
    possible. ``watched_s``: rooms without any sign for longer than this are not watched.
    """

    utc_offset_h: float = 8.0
    night_from_h: float = 22.0
    night_to_h: float = 6.0
    rooms_s: float = 900.0
    night_changes: int = 12
    night_visits: float = 6.0
    day_changes: int = 16
    day_visits: float = 8.0
    away_s: float = 300.0
    step_out_s: float = 20.0
    visit_s: float = 3600.0
    watched_s: float = 86_400.0
    visits_kept: int = 64

    def night(self, at_us: int) -> bool:
        """Whether it is night on the home's clock."""
        hour = self.hour(at_us)
        if self.night_from_h <= self.night_to_h:
            return self.night_from_h <= hour < self.night_to_h
        return hour >= self.night_from_h or hour < self.night_to_h

    def hour(self, at_us: int) -> float:
        """Return the hour of the home's day, 0 to 24."""
        return (at_us + int(self.utc_offset_h * _HOUR_US)) % _DAY_US / _HOUR_US


@lru_cache(maxsize=64)
def ahead(config: HomeConfig, ahead_us: int) -> HomeConfig:
    """Return the rules for a home whose clock is so far ahead of UTC."""
    return replace(config, utc_offset_h=ahead_us / _HOUR_US)


class Visits(msgspec.Struct, array_like=True):
    """The rooms in which somebody was seen, one entry a change: when, and which."""

    seen: list[tuple[int, str]] = []


@dataclass(frozen=True, slots=True)
class Paced:
    """Walking between rooms that is pacing: since when, how many changes, how many rooms; its excess over the rule."""

    since_us: int
    changes: int
    rooms: int
    excess: float


def enter(visits: Visits, at_us: int, room: str, config: HomeConfig) -> bool:
    """Note that somebody was seen in a room; return whether that was a change of room."""
    if visits.seen and (at_us <= visits.seen[-1][0] or room == visits.seen[-1][1]):
        return False
    oldest_us = at_us - int(config.rooms_s * _SECOND)
    visits.seen = [each for each in visits.seen if each[0] >= oldest_us][-config.visits_kept + 1 :]
    visits.seen.append((at_us, room))
    return True


def paced(visits: Visits, config: HomeConfig, factor: float = 1.0) -> Paced | None:
    """Return why the last changes of room are pacing, or None. ``factor`` scales what is asked for."""
    if not visits.seen:
        return None
    at_us = visits.seen[-1][0]
    night = config.night(at_us)
    changes, each = (config.night_changes, config.night_visits) if night else (config.day_changes, config.day_visits)
    rooms = len({room for _, room in visits.seen})
    count = len(visits.seen)
    excess = min(count / (changes * factor), count / rooms / (each * factor))
    return Paced(visits.seen[0][0], count, rooms, excess) if excess >= 1 and rooms > 1 else None


class Door(msgspec.Struct, array_like=True):
    """What is remembered of a home's outer doors and of who was seen inside."""

    opened_us: int = 0  # the last opening; 0: none
    before_us: int = 0  # the last one that was not soon before it
    inside_us: int = 0  # when somebody was last seen inside
    waits_us: int = 0  # until when somebody inside is waited for, by the platform's clock; 0: not waiting
    anchor: str = ""
    device: str = ""
    place: str | None = None


def opened(door: Door, at_us: int, heard_us: int, config: HomeConfig) -> None:
    """Note that an outer door was opened; at night, begin to wait for somebody inside."""
    if at_us <= door.opened_us:
        return
    if at_us - door.opened_us > config.away_s * _SECOND:
        door.before_us = door.opened_us
    door.opened_us = at_us
    door.waits_us = max(at_us + int(config.away_s * _SECOND), heard_us) if config.night(at_us) else 0


def inside(door: Door, at_us: int, config: HomeConfig) -> None:
    """Note that somebody was seen inside; who was seen after the door does not leave by it."""
    door.inside_us = max(door.inside_us, at_us)
    if door.waits_us and at_us > door.opened_us + config.step_out_s * _SECOND:
        door.waits_us = 0


def visited(door: Door, config: HomeConfig) -> bool:
    """Whether an outer door was opened within the time of a visit before the last opening."""
    return door.before_us > 0 and door.opened_us - door.before_us <= config.visit_s * _SECOND


def watched(door: Door, config: HomeConfig) -> bool:
    """Whether the rooms are watched: a sensor in one of them was heard of late."""
    return door.inside_us > 0 and door.opened_us - door.inside_us <= config.watched_s * _SECOND
