"""Out of the door at night: what is remembered of a home's outer doors, and what an opened one means."""

import msgspec

from detectors.wandering_home import HomeConfig

_SECOND = 1_000_000


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
