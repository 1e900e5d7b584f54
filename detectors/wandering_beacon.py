"""In which room a worn beacon is, by the distances that several receivers tell of it (as ESPresense does).

A distance by radio is off by half, and more where a body stands between: at a border between two rooms the nearest
receiver changes without a step. So distances are smoothed, and another room is taken only where it is nearer by a
ratio that such errors hardly reach, or where the present one has gone silent.
"""

from dataclasses import dataclass
from math import exp, log

import msgspec

_SECOND = 1_000_000
#: Nearer than this is at the receiver; nothing more is to be learnt from such distances.
_LEAST_M = 0.3


@dataclass(frozen=True)
class BeaconConfig:
    """``smooth_s``: time constant of the smoothed distance (of its logarithm, as its errors are ratios).

    ``ratio``: another room must be nearer by so much. ``silent_s``: a room that has not heard the beacon for so long is
    not the present one any more, and ``forget_s`` forgets its distance. ``rooms_kept``: receivers that are remembered.
    """

    smooth_s: float = 6.0
    ratio: float = 2.0
    silent_s: float = 20.0
    forget_s: float = 60.0
    rooms_kept: int = 8


class Beacon(msgspec.Struct, array_like=True):
    """Where a worn beacon is: the room, and by receiver when it was last heard and how far (log of metres)."""

    room: str = ""
    last_us: int = 0
    heard: dict[str, tuple[int, float]] = {}

    def metres(self) -> float | None:
        """Return how far the wearer is from the receiver of the room, None where no distance was told."""
        known = self.heard.get(self.room)
        return None if known is None else exp(known[1])


def locate(beacon: Beacon, at_us: int, room: str, metres: float | None, config: BeaconConfig) -> str:
    """Take that ``room`` heard the beacon, ``metres`` away if that is told; return in which room its wearer is."""
    beacon.last_us = max(beacon.last_us, at_us)
    if metres is None:
        beacon.room = room
        return room
    _smooth(beacon, at_us, room, log(max(metres, _LEAST_M)), config)
    since_us = at_us - int(config.silent_s * _SECOND)
    spoke = {each: far for each, (when_us, far) in beacon.heard.items() if when_us >= since_us}
    nearest = min(spoke, key=lambda each: (spoke[each], each))
    if beacon.room not in spoke or spoke[beacon.room] - spoke[nearest] > log(config.ratio):
        beacon.room = nearest
    return beacon.room


def _smooth(beacon: Beacon, at_us: int, room: str, far: float, config: BeaconConfig) -> None:
    before = beacon.heard.get(room)
    if before is not None and 0 <= at_us - before[0] <= config.forget_s * _SECOND:
        gain = 1 - exp(-max(at_us - before[0], _SECOND // 2) / (config.smooth_s * _SECOND))
        far = before[1] + gain * (far - before[1])
    fresh = {
        each: known
        for each, known in beacon.heard.items()
        if each != room and at_us - known[0] <= config.forget_s * _SECOND
    }
    while len(fresh) >= config.rooms_kept:
        del fresh[min(fresh, key=lambda each: (fresh[each][0], each))]
    beacon.heard = fresh | {room: (at_us, far)}
