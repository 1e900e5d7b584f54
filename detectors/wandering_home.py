"""When walking inside a home, or leaving it, is wandering: the numbers of the rules, and the home's own clock."""

from dataclasses import dataclass, field, replace
from functools import lru_cache
from math import inf

from detectors.wandering_beacon import BeaconConfig
from detectors.wandering_usual import Prior

_HOUR_US = 3_600_000_000
_DAY_US = 24 * _HOUR_US

#: How often each room is entered in the busiest quarter of an hour of each part of the day (from midnight on).
ROOMS = Prior(
    mean=(0.8, 0.8, 2.4, 3.2, 3.1, 3.0, 3.0, 2.4),
    spread=(1.0, 1.0, 1.65, 1.8, 1.8, 1.65, 1.65, 1.5),
    spreads=3.0,
    least=(4.0,) * 8,
    first=(6.0, 6.0, 8.0, 8.0, 8.0, 8.0, 8.0, 6.0),
    ever=(7.0, 7.0, 8.0, 8.0, 8.0, 8.0, 8.0, 7.0),
)  # fmt: skip

#: How often an outer door is tried in the busiest quarter of an hour of each part of the day.
TRIES = Prior(
    mean=(0.1, 0.1, 0.9, 2.0, 2.0, 1.9, 1.8, 0.9),
    spread=(0.4, 0.4, 1.3, 1.9, 1.8, 1.7, 1.8, 1.3),
    spreads=4.0,
    least=(3.0, 3.0, 4.0, 5.0, 5.0, 5.0, 5.0, 4.0),
    first=(3.0, 3.0, 6.0, 8.0, 8.0, 8.0, 8.0, 6.0),
    ever=(6.0, 6.0, inf, inf, inf, inf, inf, 8.0),  # carers come and go by day, in some homes without end
)  # fmt: skip


@dataclass(frozen=True)
class HomeConfig:
    """When walking inside, or leaving, is wandering. Hours are of the home's own clock.

    Chosen on half of 37 homes of people living with dementia (TIHM, Palermo et al., Sci Data 2023 10:606), with pacing
    and leaving planted into their nights: docs/detectors/wandering.md.

    ``utc_offset_h``: of a home of which no other clock is known; China has one zone and no summer time.
    ``rooms_s``: how far back rooms are looked at. ``rooms``: how often each room is entered in that time; the numbers
    are those of these homes. ``away_s``: nobody seen inside for so long after the outer door was opened at night is
    leaving; ``step_out_s``: what is seen right after the door is the same person's way out. ``visit_s``: an outer door
    opened shortly before may have let a visitor in, who now leaves: then it is only possible. ``watched_s``: rooms
    without any sign for longer than this are not watched. ``unseen_s``: who goes to the door is seen before it; with
    nobody seen for so long it was rather opened from outside. ``habit_nights`` nights with the door opened within
    ``habit_s`` of this hour are a habit, which is told all the same when it has lasted longer than usual, where that is
    at most ``habit_most_s``. Deep in the night, from ``deep_from_h`` to ``deep_to_h``, a habit takes ``deep_nights``,
    and nobody is taken for a visitor where there is none.
    """

    utc_offset_h: float = 8.0
    night_from_h: float = 22.0
    night_to_h: float = 6.0
    rooms_s: float = 900.0
    rooms: Prior = ROOMS
    away_s: float = 300.0
    step_out_s: float = 20.0
    visit_s: float = 3600.0
    watched_s: float = 86_400.0
    unseen_s: float = 600.0
    habit_s: float = 3600.0
    habit_nights: int = 3
    deep_from_h: float = 0.0
    deep_to_h: float = 5.0
    deep_nights: int = 5
    habit_most_s: float = 3600.0
    visits_kept: int = 64
    tries: Prior = TRIES
    try_s: float = 30.0
    gone_s: float = 180.0
    night_stands_s: float = 300.0
    day_stands_s: float = 900.0
    beacon: BeaconConfig = field(default_factory=BeaconConfig)
    near_s: float = 60.0
    near_m: float = 6.0
    beacon_out_s: float = 60.0

    def night(self, at_us: int) -> bool:
        """Whether it is night on the home's clock."""
        hour = self.hour(at_us)
        if self.night_from_h <= self.night_to_h:
            return self.night_from_h <= hour < self.night_to_h
        return hour >= self.night_from_h or hour < self.night_to_h

    def nights_of_habit(self, at_us: int) -> int:
        """Return on how many nights a door must have been opened at this hour for that to be a habit."""
        return self.deep_nights if self.deep(at_us) else self.habit_nights

    def deep(self, at_us: int) -> bool:
        """Whether it is so late, or so early, that hardly anybody comes or goes."""
        return self.deep_from_h <= self.hour(at_us) < self.deep_to_h

    def local(self, at_us: int) -> int:
        """Return the time on the home's clock, microseconds."""
        return at_us + int(self.utc_offset_h * _HOUR_US)

    def hour(self, at_us: int) -> float:
        """Return the hour of the home's day, 0 to 24."""
        return self.local(at_us) % _DAY_US / _HOUR_US


@lru_cache(maxsize=64)
def ahead(config: HomeConfig, ahead_us: int) -> HomeConfig:
    """Return the rules for a home whose clock is so far ahead of UTC."""
    return replace(config, utc_offset_h=ahead_us / _HOUR_US)
