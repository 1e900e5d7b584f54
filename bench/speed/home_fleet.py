"""Many homes in one host, as the watcher hosts them, in the middle of their lives.

A fleet is made of a few lives (bench.speed.street) of which each home is at another moment: its rhythm, habits and
sensors were learnt over weeks, and it is ahead of its life by up to an hour, so that no two homes are due together.
"""

from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import msgspec
import numpy as np

from bench.speed.street import START_US, life, tick, unit_of
from detectors.everyday_state import HABITS, Learnt, pack_learnt
from detectors.everyday_watches import Watch
from detectors.home_replay import replay as at_once
from detectors.host import PARTS, Host
from detectors.inactivity_rebuild import Learnt as LearntRhythm
from detectors.inactivity_rebuild import pack_learnt as pack_rhythm
from detectors.inactivity_state import RHYTHM
from detectors.routine import DAY_US, HOUR_US, MINUTE_US, Routine
from schemas.config import RoutineConfig, config_reading
from schemas.reading import Reading

#: Different lives, and the days that are learnt of each.
LIVES, LEARN_DAYS = 6, 30
#: The measured minutes begin at this hour, when most people are up; and so much before them each home was heard last.
HOUR, LATELY_US = 10, 2 * HOUR_US
#: Each home is ahead of the life it is made of by up to so much.
MOVED_US = HOUR_US
#: Of what a home said before the measured minutes, so many are taken of all its sensors, beside the last of each.
LAST = 3
#: Seconds that are prepared.
AHEAD_S = 900
SECOND_US = 1_000_000
#: The platform's clock in a replay while nothing happens (detectors.inactivity_replay).
STEP_US = 5 * MINUTE_US
_NO_RHYTHM, _NO_HABITS = pack_rhythm(LearntRhythm(Routine())), pack_learnt(Learnt([[] for _ in Watch]))
_TIMES = ("arrival_us", "event_us", "end_us")


@dataclass(frozen=True, slots=True)
class Lives:
    """A few homes at ``now_us``: their ``states`` LATELY_US before it, and what they say from there on."""

    now_us: int
    states: list[dict[str, bytes]]
    near: list[list[Reading]]


def lives(count: int = LIVES, days: int = LEARN_DAYS) -> Lives:
    """Live ``count`` different homes for ``days`` and some hours."""
    found = Lives(START_US + days * DAY_US + HOUR * HOUR_US, [], [])
    since_us = found.now_us - LATELY_US
    for number in range(count):
        readings = list(life(number, days + (HOUR + 2) / 24))
        near = next(place for place, each in enumerate(readings) if each.arrival_us >= since_us)
        host = Host()
        replay(host, readings[:near])
        found.states.append(host.states([unit_of(number)])[unit_of(number)])
        found.near.append(readings[near:])
    return found


def replay(host: Host, readings: Sequence[Reading]) -> int:
    """Play readings with the clock in steps between them; return how many findings there were."""
    found, now_us = 0, readings[0].arrival_us
    for reading in readings:
        while now_us + STEP_US <= reading.arrival_us:
            now_us += STEP_US
            found += len(host.update([tick(now_us)]))
        found += len(host.update([reading]))
        _answer(host, reading.arrival_us)
    return found


def replay_at_once(host: Host, readings: Sequence[Reading], parts: Collection[str] = PARTS) -> int:
    """Play the same readings of one home with the same clock by columns (detectors.home_replay), once it is known."""
    found = first = 0
    while first < len(readings) and not _known(host):
        found += len(host.update([readings[first]], parts))
        _answer(host, readings[first].arrival_us)
        first += 1
    arrived = np.fromiter(map(attrgetter("arrival_us"), readings), np.int64, len(readings))
    ticks = np.arange(arrived[0] + STEP_US, arrived[-1] + 1, STEP_US)
    after = np.maximum(np.searchsorted(arrived, ticks, "left") - first, 0)
    return found + len(at_once(host, readings[first:], ticks, after, parts))


def _known(host: Host) -> bool:
    """Whether there is a home, and none waits for what was learnt of it before."""
    asks = [home.ask for home in host.inactivity.homes.values()] + [home.ask for home in host.everyday.homes.values()]
    return bool(asks) and not any(ask is not None for ask in asks)


def _answer(host: Host, at_us: int) -> None:
    """Say of each home that asks for what was learnt of it before: nothing is stored."""
    for model, asks, nothing in ((RHYTHM, host.asks(), _NO_RHYTHM), (HABITS, host.asks_of_habits(), _NO_HABITS)):
        for unit, token in asks.items():
            config = RoutineConfig(unit=unit, model=model, asked=token, state=nothing)
            host.update([config_reading(config, at_us, at_us)])


class Fleet:
    """``count`` homes in one host, at ``now_us``."""

    def __init__(self, count: int, of: Lives, seed: int = 3) -> None:
        self.host, self.count = Host(), count
        self.now_us = of.now_us
        self._sooner_us = np.random.default_rng(seed).integers(0, MOVED_US, count).tolist()
        self._near = of.near
        states = {
            f"h{number:06d}": named(of.states[number % len(of.states)], f"h{number:06d}") for number in range(count)
        }
        refused = self.host.take_over(dict.fromkeys(self.host.clocks(), self.now_us - SECOND_US), states)
        if refused:
            raise RuntimeError(f"The states of these lives are refused: {refused}.")
        del states
        self._coming: dict[int, list[tuple[int, int]]] = {}  # second -> homes, and which of their readings
        times = [[reading.arrival_us for reading in readings] for readings in of.near]
        for number in range(count):
            mine = times[number % len(times)]
            here = bisect_left(mine, self.now_us + self._sooner_us[number])
            for place in _told_last(of.near[number % len(times)][:here]):
                self.host.update([self._mine(number, place)])
            for place in range(here, len(mine)):
                second = (mine[place] - self._sooner_us[number]) // SECOND_US + 1
                if second > self.now_us // SECOND_US + AHEAD_S:
                    break
                self._coming.setdefault(second, []).append((number, place))
        self.host.update([tick(self.now_us)])  # whoever has been silent for long is judged

    def readings(self) -> list[Reading]:
        """Return what comes in the next second, and let the clock go on by it."""
        self.now_us += SECOND_US
        return [self._mine(*each) for each in self._coming.pop(self.now_us // SECOND_US, [])]

    def _mine(self, number: int, place: int) -> Reading:
        reading, unit = self._near[number % len(self._near)][place], f"h{number:06d}"
        moved = {name: getattr(reading, name) - self._sooner_us[number] for name in _TIMES}
        stands = None if reading.place is None else f"{unit}/{reading.place.split('/')[1]}"
        return msgspec.structs.replace(reading, unit=unit, place=stands, **moved)


def _told_last(readings: Sequence[Reading]) -> list[int]:
    """Return which to take: the last of each sensor, and the last few of all, which the state after them hangs on."""
    last = {reading.device: place for place, reading in enumerate(readings)}
    return sorted({*last.values(), *range(max(0, len(readings) - LAST), len(readings))})


def named(state: dict[str, bytes], name: str) -> dict[str, bytes]:
    """Return a home's state under another unit's name."""
    found = {}
    for part, data in state.items():
        told: Any = msgspec.msgpack.decode(data)
        homes = told["homes"]
        told["homes"] = {name: next(iter(homes.values()))} if isinstance(homes, dict) else [[name, homes[0][1]]]
        found[part] = msgspec.msgpack.encode(told)
    return found
