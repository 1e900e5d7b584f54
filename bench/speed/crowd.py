"""Many people whose places are told, in the middle of their lives, as the watcher gets them.

A crowd is made of a few lives, each person a copy of one in a unit of their own and ahead of it by up to a minute, or
as much as is asked for: so what comes in one second is of many people, as in a fleet. Each reading has been on the
wire, since strings that are one object in a test are not in a stream.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle
from math import isnan

import msgspec
import numpy as np

from bench.goings import DAY, HOUR, MONDAY_US, Life, Maker, street_way, with_ticks
from bench.quality_wandering_beacons import radio
from bench.speed.home_fleet import named
from bench.speed.street import life, tick
from bench.walks import WANDERING, Walk, walks
from detectors.host import WANDERING as WAYS
from detectors.host import WHEREABOUTS, Host
from schemas.config import ResidentConfig, config_reading
from schemas.reading import Observation, Reading, ReadingKind, decode_batch, encode_batch

SECOND_US = 1_000_000
#: Weeks that whereabouts knows a person before anything is measured, and seconds between positions of a tracker.
WEEKS, EACH_S = 4, 10
#: People are ahead of the life they are made of by up to so many seconds.
AHEAD_S = 60.0
_TIMES = ("arrival_us", "event_us", "end_us")
#: How long homes with motion sensors were known before.
_DAYS_LIVED, _HOUR = 7, 10


@dataclass(frozen=True, slots=True)
class Source:
    """One life: what is known of it, by part, and what is told from ``start_us`` on, in order of arrival."""

    start_us: int
    state: dict[str, bytes]
    readings: list[Reading]


def _known(number: int, hour: int) -> tuple[Maker, Life, int]:
    """Return somebody who was followed for WEEKS, that life, and the moment after it at ``hour``."""
    made = Maker("regular", number)
    made.weeks(WEEKS)
    config = config_reading(ResidentConfig(resident="r1", unit="u1", version=1), MONDAY_US, MONDAY_US)
    before = Life("regular", [config, *made.phone.sent], WEEKS, end_us=made.phone.at_us)
    made.phone.sent.clear()
    made.phone.moving_s = EACH_S
    return made, before, MONDAY_US + WEEKS * 7 * DAY + hour * HOUR


def _learnt(before: Life) -> dict[str, bytes]:
    host = Host()
    host.update([tick(each) if isinstance(each, int) else each for each in with_ticks(before)])
    return _parts(host, "u1")


def _parts(host: Host, unit: str) -> dict[str, bytes]:
    state = host.states([unit])[unit]
    return {part: state[part] for part in (WAYS, WHEREABOUTS) if part in state}


def at_home(number: int, minutes: int, each_s: float = EACH_S) -> Source:
    """A phone that lies at home and tells its place all the same."""
    made, before, start_us = _known(number, _HOUR)
    made.phone.rest_until(start_us, 1800.0)
    before.readings += made.phone.sent
    made.phone.sent = []
    made.phone.rest_until(start_us + minutes * 60 * SECOND_US, each_s)
    return Source(start_us, _learnt(before), made.phone.sent)


def walking(number: int, minutes: int) -> Source:
    """A phone on foot between home and places its owner knows."""
    made, before, start_us = _known(number, _HOUR)
    made.phone.rest_until(start_us, 1800.0)
    before.readings += made.phone.sent
    made.phone.sent = []
    for there in cycle((made.market, np.zeros(2), made.park, np.zeros(2))):
        if made.phone.at_us >= start_us + minutes * 60 * SECOND_US:
            break
        made.phone.go(street_way(made.rng, made.phone.at, there, made.speed))
    return Source(start_us, _learnt(before), made.phone.sent)


def in_rooms(number: int, minutes: int) -> Source:
    """A home with a motion sensor in each room and contacts at outer door and fridge."""
    readings = list(life(number, _DAYS_LIVED + (_HOUR + minutes / 60) / 24))
    start_us = readings[0].arrival_us // DAY * DAY + _DAYS_LIVED * DAY + _HOUR * HOUR
    near = next(place for place, each in enumerate(readings) if each.arrival_us >= start_us)
    host, now_us = Host(), readings[0].arrival_us
    for reading in readings[:near]:
        while now_us + 60 * SECOND_US <= reading.arrival_us:
            now_us += 60 * SECOND_US
            host.update([tick(now_us)])
        host.update([reading])
    return Source(start_us, _parts(host, readings[0].unit or ""), readings[near:])


def with_beacons(number: int, minutes: int) -> Source:
    """A worn beacon in a corridor with three receivers that tell how far it is."""
    readings = radio(number, minutes * 60.0)
    return Source(readings[0].event_us, {}, readings)


def in_building(number: int, minutes: int) -> Source:
    """Positions in metres, each second, of somebody who is busy, paces or circles in a building."""
    found = list[Reading]()
    start_us, n = MONDAY_US, 0
    while not found or found[-1].event_us < start_us + minutes * 60 * SECOND_US:
        pattern = ("busy", *WANDERING)[(number + n) % 4]
        walk = next(iter(walks(pattern, 1, 10 * number + n, "uwb")))
        begins_us = found[-1].event_us + SECOND_US if found else start_us
        found += _told(walk, begins_us)
        n += 1
    return Source(start_us, {}, found)


def _told(walk: Walk, begins_us: int) -> list[Reading]:
    found = list[Reading]()
    for t_s, (x, y), accuracy in zip(walk.t_s.tolist(), walk.xy_m.tolist(), walk.accuracy_m.tolist(), strict=True):
        seen = [Observation("x", x, "m"), Observation("y", y, "m")]
        seen += [] if isnan(accuracy) else [Observation("accuracy", accuracy, "m")]
        at_us = begins_us + round(t_s * SECOND_US)
        found.append(
            Reading(
                kind=ReadingKind.STATE, arrival_us=at_us, event_us=at_us, end_us=at_us, device="tag", unit="u1",
                resident="r1", boot=1, seq=len(found), observations=tuple(seen),
            )
        )  # fmt: skip
    return found


class Crowd:
    """``count`` people, of whom number n is made of ``sources[n % k]``, at ``now_us``."""

    def __init__(
        self, count: int, sources: Sequence[Source], prefix: str = "h", ahead_s: float = AHEAD_S, seed: int = 5
    ) -> None:
        self.count, self._sources, self._prefix = count, sources, prefix
        self.now_us = sources[0].start_us
        ahead_us = np.random.default_rng(seed).integers(0, round(ahead_s * SECOND_US), count).tolist()
        self._coming: dict[int, list[tuple[int, int, int]]] = {}  # second -> person, which reading, moved by
        for number in range(count):
            source = sources[number % len(sources)]
            moved_us = self.now_us - source.start_us - ahead_us[number]
            for place, reading in enumerate(source.readings):
                second = (reading.arrival_us + moved_us) // SECOND_US + 1
                self._coming.setdefault(second, []).append((number, place, moved_us))

    def states(self) -> dict[str, dict[str, bytes]]:
        """Return what is known of each unit before."""
        own = self._sources
        return {self.unit(n): named(own[n % len(own)].state, self.unit(n)) for n in range(self.count)}

    def unit(self, number: int) -> str:
        """Return a person's unit."""
        return f"{self._prefix}{number:06d}"

    def next(self) -> list[Reading]:
        """Return what comes in the next second, as it was on the wire, and let the clock go on by it."""
        self.now_us += SECOND_US
        coming = self._coming.pop(self.now_us // SECOND_US, [])
        return decode_batch(encode_batch([self._mine(*each) for each in coming]))

    def _mine(self, number: int, place: int, moved_us: int) -> Reading:
        reading, unit = self._sources[number % len(self._sources)].readings[place], self.unit(number)
        moved = {name: getattr(reading, name) + moved_us for name in _TIMES}
        stands = None if reading.place is None else f"{unit}/{reading.place.split('/')[1]}"
        return msgspec.structs.replace(reading, unit=unit, place=stands, device=f"{reading.device}-{number}", **moved)
