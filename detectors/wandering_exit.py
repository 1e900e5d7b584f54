"""At the outer door: it is tried again and again without going, or somebody comes back to it, or stands there.

A *try* is an outer door that is opened, or a way to the room at the door. Who goes out and is away for a while was not
trying. What is many is what is unusual in this home at this time of day.
"""

from dataclasses import dataclass

import msgspec

from detectors.wandering_home import HomeConfig
from detectors.wandering_usual import Usual, fresh, limit, take

_SECOND = 1_000_000
#: Tries that are remembered; more in a quarter of an hour is a door that is held open.
_KEPT = 16


class Exit(msgspec.Struct, array_like=True):
    """Somebody at the outer door: the tries of the last quarter of an hour, and since when they stand there."""

    tries: list[int] = []
    usual: Usual | None = None
    seen_us: int = 0  # the last sign of any kind
    stands_us: int = 0  # at the door since; 0: elsewhere


@dataclass(frozen=True, slots=True)
class AtDoor:
    """Why somebody is at the door: since when, how many tries (0: stands there), the excess over the rule."""

    since_us: int
    tries: int
    excess: float


def tried(door: Exit, at_us: int, config: HomeConfig, factor: float) -> AtDoor | None:
    """Note a try; return why the last ones are many, or None. ``factor`` scales what is asked for."""
    if door.tries and at_us < door.tries[-1] + int(config.try_s * _SECOND):
        return None  # to the door and its handle is one try, and so is a door that is opened twice
    oldest_us = at_us - int(config.rooms_s * _SECOND)
    door.tries = [*(each for each in door.tries if each >= oldest_us), at_us][-_KEPT:]
    if door.usual is None:
        door.usual = fresh(config.tries)
    local_us = config.local(at_us)
    take(door.usual, local_us, float(len(door.tries)), config.tries)
    excess = len(door.tries) / limit(door.usual, local_us, config.tries, factor)
    return AtDoor(door.tries[0], len(door.tries), excess) if excess >= 1 else None


def signed(door: Exit, at_us: int, config: HomeConfig) -> None:
    """Note a sign of somebody, before what it means: who was away since the last try had gone."""
    if (
        door.tries
        and at_us - door.seen_us > config.gone_s * _SECOND
        and door.seen_us <= door.tries[-1] + _SECOND * int(config.step_out_s)
    ):
        door.tries = []
    door.seen_us = max(door.seen_us, at_us)


def stands(door: Exit, at_us: int, at_door: bool, config: HomeConfig, factor: float) -> AtDoor | None:
    """Note whether somebody is in the room at the door; return why they stand there, or None."""
    if not at_door or at_us - door.seen_us > config.gone_s * _SECOND:
        door.stands_us = at_us if at_door else 0
        return None
    if not door.stands_us:
        door.stands_us = at_us
    least_s = factor * (config.night_stands_s if config.night(at_us) else config.day_stands_s)
    excess = (at_us - door.stands_us) / (least_s * _SECOND)
    return AtDoor(door.stands_us, 0, excess) if excess >= 1 else None
