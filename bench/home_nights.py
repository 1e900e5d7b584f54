"""Wandering planted into the recorded nights of homes: pacing between rooms, trying the outer door, leaving by it.

Seeded by home, so the same recording gives the same nights. What is planted comes from the home itself as far as it
can: ways between rooms take as long as the home's own, a sensor that spoke is deaf as long as its kind is, and who
leaves is seen before the door as somebody was who left that home by day. Everything else goes on as recorded: a
partner's steps stay, and hide what they hide.
"""

import itertools
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import msgspec
import numpy as np

from schemas.reading import Observation, Reading, ReadingKind

_SECOND = 1_000_000
_HOUR = 3600.0
_DAY = 24 * _HOUR
#: A passive infrared sensor of these homes is deaf for so long after it spoke, seconds: no two lines are nearer.
DEAF_S = 61.0
#: Ways from room to room that take longer were no ways straight there.
_WAY_S = (1.0, 30.0)
#: Nothing is planted next to a silence that is no data.
_UNWATCHED_S = 12 * _HOUR
#: Of ten passings a sensor misses one; of twenty changes one leads into another room, and one is a rest.
_MISSED, _STRAYS, _RESTS = 0.1, 0.05, 0.05
#: Pairs of rooms between which somebody may pace: the most walked.
_PAIRS = 8
#: Who left by day: nobody inside for so long, and back by the door.
_AWAY_S = (900.0, 8 * _HOUR)
_BY_DAY_H = (8, 20)
_TRIES = 200
#: What was recorded is kept from so long before: a door within the last hour counts.
_BEFORE_S = 7200.0
#: What was recorded goes on for so long after a planted night.
_AFTER_US = 900 * _SECOND


@dataclass(frozen=True, slots=True)
class Planted:
    """One planted night: from ``onset_us`` to ``end_us``, with what happens in it, in order."""

    kind: str
    onset_us: int
    end_us: int
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class _Ways:
    """How somebody walks in a home: seconds from room to room, the pairs most walked, all rooms with a sensor."""

    took_s: dict[tuple[str, str], list[float]]
    pairs: list[tuple[str, str]]
    rooms: list[str]


def paced_nights(readings: Sequence[Reading], home: str, count: int, deaf_s: float = DEAF_S) -> Iterator[Planted]:
    """Yield nights in which somebody paces between 2 to 4 rooms for 10 to 60 minutes, with all that was recorded."""
    rng = np.random.default_rng([2, zlib.crc32(home.encode())])
    seen = [(one.event_us / _SECOND, _room(one)) for one in readings if "motion" in one.events]
    ways = _ways(seen)
    times = np.array([at_s for at_s, _ in seen])
    for onset_s in _onsets(times, rng, count):
        seconds = rng.uniform(600, 3600)
        walked = [_motion(at_s, room) for at_s, room in _pacing(ways, rng, onset_s, seconds)]
        yield _into(readings, "pacing", onset_s, seconds, walked, deaf_s)


def left_nights(readings: Sequence[Reading], home: str, count: int, *, alone: bool) -> Iterator[Planted]:
    """Yield nights in which somebody leaves by the outer door as somebody left this home by day.

    ``alone``: nobody else is inside meanwhile; otherwise what was recorded goes on.
    """
    rng = np.random.default_rng([3, zlib.crc32(home.encode())])
    inside = np.array([one.event_us / _SECOND for one in readings if "door_open" not in one.events])
    left = _left_by_day(readings, inside)
    if not left:
        return
    for onset_s in _onsets(inside, rng, count):
        door_s, away_s = left[rng.integers(len(left))]
        way = [one for one in readings if door_s - 600 <= one.event_us / _SECOND <= door_s + 20]
        shifted = [_moved(one, onset_s - door_s) for one in way]
        yield _into(readings, "leaving", onset_s, away_s, shifted, 0.0, empty=alone)


def tried_nights(readings: Sequence[Reading], home: str, count: int) -> Iterator[Planted]:
    """Yield nights in which somebody opens the outer door three to six times, a minute or three apart, and stays in."""
    rng = np.random.default_rng([4, zlib.crc32(home.encode())])
    doors = sorted({one.device for one in readings if "door_open" in one.events})
    seen = [one for one in readings if "motion" in one.events]
    beside = _beside_the_door(readings)
    if not doors or not beside:
        return
    for onset_s in _onsets(np.array([one.event_us / _SECOND for one in seen]), rng, count):
        at_s, walked, door = onset_s, [_motion(onset_s - 20, beside)], doors[rng.integers(len(doors))]
        for _ in range(int(rng.integers(3, 7))):
            walked += [_door(at_s, door), _motion(at_s + rng.uniform(5, 40), beside)]
            at_s += rng.uniform(60, 180)
        yield _into(readings, "tries", onset_s, at_s - onset_s, walked, DEAF_S)


def _beside_the_door(readings: Sequence[Reading]) -> str | None:
    """Return the room in which somebody is seen most often just after the door."""
    after = [
        _room(now)
        for before, now in pairwise(readings)
        if "door_open" in before.events and "motion" in now.events and now.event_us - before.event_us < 60 * _SECOND
    ]
    return max(sorted(set(after)), key=after.count) if after else None


def _onsets(times: "np.typing.NDArray[np.float64]", rng: np.random.Generator, count: int) -> Iterator[float]:
    """Yield times at night, 22 to 6, with something recorded within half a day before and after."""
    found = 0
    for _ in range(_TRIES):
        night = int(rng.integers(times[0] // _DAY + 1, max(times[-1] // _DAY, times[0] // _DAY + 2)))
        onset_s = night * _DAY - 2 * _HOUR + rng.uniform(0, 8 * _HOUR)
        after = int(np.searchsorted(times, onset_s))
        if not 0 < after < len(times) or times[after] - times[after - 1] > _UNWATCHED_S:
            continue
        yield onset_s
        found += 1
        if found == count:
            return


def _ways(seen: Sequence[tuple[float, str]]) -> _Ways:
    took: dict[tuple[str, str], list[float]] = {}
    for (at_s, room), (next_s, following) in itertools.pairwise(seen):
        if room != following and _WAY_S[0] <= next_s - at_s <= _WAY_S[1]:
            took.setdefault((room, following), []).append(next_s - at_s)
    pairs = sorted(took, key=lambda pair: (-len(took[pair]), pair))[:_PAIRS]
    return _Ways(took, pairs, sorted({room for _, room in seen}))


def _pacing(ways: _Ways, rng: np.random.Generator, onset_s: float, seconds: float) -> Iterator[tuple[float, str]]:
    """Yield who would be seen where, if no sensor were deaf."""
    rooms = _row(ways, rng)
    around = len(rooms) > 2 and rng.random() < 0.5
    order = rooms if around else rooms + rooms[-2:0:-1]
    slow, turn_s = rng.uniform(1, 2), rng.uniform(0, 20)
    every = [each for took in ways.took_s.values() for each in took]
    at_s, index = onset_s, 0
    while at_s < onset_s + seconds:
        here, following = order[index % len(order)], order[(index + 1) % len(order)]
        if rng.random() > _MISSED:
            yield at_s, here
        if rng.random() < _STRAYS:
            at_s += rng.uniform(5, 30)
            yield at_s, ways.rooms[rng.integers(len(ways.rooms))]
        took = ways.took_s.get((here, following)) or every
        at_s += slow * took[rng.integers(len(took))] + (turn_s if index % max(1, len(order) // 2) == 0 else 0)
        at_s += rng.uniform(20, 90) if rng.random() < _RESTS else 0
        index += 1


def _row(ways: _Ways, rng: np.random.Generator) -> list[str]:
    """Return two to four rooms, each next to the one before."""
    count, rooms = int(rng.integers(2, 5)), list(ways.pairs[rng.integers(len(ways.pairs))])
    while len(rooms) < count:
        beside = sorted({b for a, b in ways.pairs if a == rooms[-1] and b not in rooms})
        left = beside or [room for room in ways.rooms if room not in rooms]
        if not left:
            break
        rooms.append(left[rng.integers(len(left))])
    return rooms


def _left_by_day(readings: Sequence[Reading], inside: "np.typing.NDArray[np.float64]") -> list[tuple[float, float]]:
    """Return when somebody left the home empty by day, and for how many seconds: back by the door."""
    doors = np.array([one.event_us / _SECOND for one in readings if "door_open" in one.events])
    found = []
    for index, door_s in enumerate(doors.tolist()):
        after = int(np.searchsorted(inside, door_s + 20, side="right"))
        if not _BY_DAY_H[0] <= door_s / _HOUR % 24 < _BY_DAY_H[1] or after >= len(inside):
            continue
        away_s = float(inside[after]) - door_s
        following = float(doors[index + 1]) - door_s if index + 1 < len(doors) else None
        by_door = following is None or (following >= 300 and abs(following - away_s) <= 300)
        if _AWAY_S[0] <= away_s < _AWAY_S[1] and by_door:
            found.append((door_s, away_s))
    return found


def _into(
    readings: Sequence[Reading], kind: str, onset_s: float, seconds: float, planted: Sequence[Reading], deaf_s: float,
    *, empty: bool = False,
) -> Planted:  # fmt: skip
    """Return the night with what was recorded from two hours before on; a deaf sensor does not speak again."""
    begin_us, onset_us = int((onset_s - _BEFORE_S) * _SECOND), int(onset_s * _SECOND)
    end_us = int((onset_s + seconds) * _SECOND)
    kept = [
        one
        for one in readings
        if begin_us <= one.event_us <= end_us + _AFTER_US and not (empty and onset_us < one.event_us <= end_us)
    ]
    spoke: dict[str, int] = {}
    heard = []
    for one in sorted([*kept, *planted], key=lambda each: (each.event_us, each.device)):
        if "motion" in one.events and one.event_us - spoke.get(one.device, begin_us - 10**12) < deaf_s * _SECOND:
            continue
        spoke[one.device] = one.event_us
        heard.append(one)
    return Planted(kind, onset_us, end_us, tuple(heard))


def _room(reading: Reading) -> str:
    return str(reading.observations[0].value)


def _motion(at_s: float, room: str) -> Reading:
    at_us = int(at_s * _SECOND)
    return Reading(
        kind=ReadingKind.EVENT, arrival_us=at_us, event_us=at_us, end_us=at_us, device=room, unit="home", boot=1,
        seq=at_us // 1000 % 2_000_000_000, observations=(Observation("room", room),), events=("motion",),
    )  # fmt: skip


def _door(at_s: float, device: str) -> Reading:
    return msgspec.structs.replace(
        _motion(at_s, "entrance"), device=device, events=("door_open",), observations=(Observation("room", "entrance"),)
    )


def _moved(reading: Reading, by_s: float) -> Reading:
    at_us = reading.event_us + int(by_s * _SECOND)
    return msgspec.structs.replace(reading, arrival_us=at_us, event_us=at_us, end_us=at_us, seq=at_us // 1000 % 10**9)
