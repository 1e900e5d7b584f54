"""What a position costs wandering, whereabouts, and a host with both, as the watcher gives them readings and ticks."""

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

import numpy as np

from bench.speed.crowd import Crowd, Source
from bench.speed.position_steps import shares
from bench.speed.reference import plain_loop
from bench.speed.street import tick
from detectors.host import WANDERING, WHEREABOUTS, Host
from detectors.wandering import WanderingConfig
from detectors.whereabouts import WhereaboutsConfig
from schemas.reading import Reading

#: Minutes before anything is counted: a way looks back over half an hour.
WARM_MIN = 30
#: Seconds before ticks are counted: the first finds all homes new, and wandering's signs wait for five.
WARM_S = 20
#: Seconds between the positions of a phone that lies still, as OwnTracks tells them.
QUIET_S = 1800.0
#: What is measured, each by itself; HOST has both and all other detectors of homes.
HOST = "host"
WHO = (WANDERING, WHEREABOUTS, HOST)


class _Watching(Protocol):
    def update(self, readings: Sequence[Reading]) -> int: ...
    def tick(self, now_us: int) -> int: ...
    def sizes(self, units: Sequence[str]) -> list[int]: ...


@dataclass(frozen=True, slots=True)
class PositionSpeed:
    """``us_a_reading``: CPU with its share of the ticks; ``loop_us``: of 1,000 turns of the plain loop beside it."""

    readings: int
    a_second: float
    us_a_reading: float
    of_it_tick_us: float
    loop_us: float
    findings: int
    state_bytes: list[int]


class _One:
    """One detector alone."""

    def __init__(self, part: str, states: dict[str, dict[str, bytes]]) -> None:
        self.part = part
        self.detector: Any = (WanderingConfig if part == WANDERING else WhereaboutsConfig)().build()
        for state in states.values():
            if part in state:
                self.detector.take_over(state[part])

    def update(self, readings: Sequence[Reading]) -> int:
        return len(self.detector.update(readings))

    def tick(self, now_us: int) -> int:
        return len(self.detector.tick(now_us))

    def sizes(self, units: Sequence[str]) -> list[int]:
        return [len(state) for state in self.detector.states(units).values()]


class _Both:
    """A host with all detectors of homes."""

    def __init__(self, states: dict[str, dict[str, bytes]]) -> None:
        self.host = Host()
        if refused := self.host.take_over({}, states):
            raise RuntimeError(f"The states of these lives are refused: {refused}.")

    def update(self, readings: Sequence[Reading]) -> int:
        return len(self.host.update(readings))

    def tick(self, now_us: int) -> int:
        return len(self.host.update([tick(now_us)]))

    def sizes(self, units: Sequence[str]) -> list[int]:
        states = self.host.states(units).values()
        return [len(each.get(WANDERING, b"")) + len(each.get(WHEREABOUTS, b"")) for each in states]


def _watching(who: str, crowd: Crowd) -> _Watching:
    """Return what takes a crowd's readings."""
    return _Both(crowd.states()) if who == HOST else _One(who, crowd.states())


def speed(count: int, sources: Sequence[Source], who: str, minutes: int) -> PositionSpeed:
    """Play a crowd to ``who`` for WARM_MIN and then ``minutes``, of which CPU time is taken."""
    crowd = Crowd(count, sources)
    watched = _watching(who, crowd)
    for _ in range(WARM_MIN * 60):
        watched.update(crowd.next())
        watched.tick(crowd.now_us)
    gc.collect()
    loop_us = plain_loop()
    came = found = 0
    updates = ticks = 0.0
    for _ in range(minutes * 60):
        readings = crowd.next()
        began = time.process_time()
        found += watched.update(readings)
        half = time.process_time()
        found += watched.tick(crowd.now_us)
        ticks += time.process_time() - half
        updates += half - began
        came += len(readings)
    sizes = watched.sizes([crowd.unit(n) for n in range(count)])
    many, loop_us = max(came, 1), min(loop_us, plain_loop())
    return PositionSpeed(
        came, came / (minutes * 60), (updates + ticks) / many * 1e6, ticks / many * 1e6, loop_us, found, sizes
    )


def profile(count: int, sources: Sequence[Source], minutes: int) -> dict[str, float]:
    """Return the share of each step of a host in what a crowd tells in ``minutes``."""
    crowd = Crowd(count, sources)
    both = _Both(crowd.states())
    for _ in range(WARM_MIN * 60):
        both.update(crowd.next())
        both.tick(crowd.now_us)

    def work() -> Iterator[Callable[[], object]]:
        for _ in range(minutes * 60):
            yield partial(both.update, crowd.next())
            yield partial(both.tick, crowd.now_us)

    return shares(work)


def ticks(homes: int, still: Sequence[Source], walks: Sequence[Source], share: float, seconds: int) -> dict[str, Any]:
    """Return CPU ms of a host's tick over ``homes``: a ``share`` is on foot, the others are mostly quiet."""
    on_foot = round(share * homes)
    quiet, out = Crowd(homes - on_foot, still, ahead_s=QUIET_S), Crowd(on_foot, walks, prefix="w")
    host = Host()
    now_us = quiet.now_us
    host.take_over(dict.fromkeys(host.clocks(), now_us), quiet.states() | out.states())
    took, came = list[float](), 0
    gc.collect()
    for second in range(WARM_S + seconds):
        readings = quiet.next() + out.next()
        host.update(readings)
        host.changed()
        began = time.process_time()
        host.update([tick(quiet.now_us)])
        if second >= WARM_S:
            took.append((time.process_time() - began) * 1e3)
            came += len(readings)
    return {
        "homes": homes,
        "readings_a_second": came / seconds,
        "median_ms": float(np.median(took)),
        "mean_ms": float(np.mean(took)),
        "most_ms": max(took),
        "loop_us": plain_loop(),
    }
