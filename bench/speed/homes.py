"""The speed of the detectors of homes as the watcher hosts them: ticks, signs of life, replay, state, snapshots."""

import gc
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from bench.speed import home_steps
from bench.speed.home_fleet import Fleet, Lives, named, replay, replay_at_once
from bench.speed.street import life, tick, unit_of
from detectors.host import INACTIVITY, Host
from detectors.inactivity_replay import Relearner
from detectors.routine import HOUR_US, MINUTE_US

#: The watcher saves what changed this often, seconds (ingest.watcher).
SAVE_S = 5
#: Seconds before anything is measured: what wandering puts in order waits for five.
WARM = 8


@dataclass(frozen=True, slots=True)
class FleetSpeed:
    """``tick_ms``: CPU of each second's tick, ``garbage_ms`` of all of them while Python collected garbage.

    ``looked``: homes looked at in a tick; ``save_ms``: to pack what changed in SAVE_S, ``saved`` homes.
    """

    homes: int
    ticks: int
    tick_ms: list[float]
    garbage_ms: float
    us_a_reading: float
    readings: int
    findings: int
    looked: float
    save_ms: float
    saved: float
    steps: dict[str, float]


def fleet_speed(fleet: Fleet, ticks: int, *, profile: bool = True) -> FleetSpeed:
    """Measure ``ticks`` seconds of a fleet: what comes in each, then the tick; every five the changed are packed."""
    host, spent, took, saves = fleet.host, 0.0, list[float](), list[float]()
    count = found = looked = saved = 0
    waits = set[str]()
    for _ in range(WARM):
        host.update([*fleet.readings(), tick(fleet.now_us)])
    host.changed()
    gc.collect()
    with _collecting() as garbage:
        for second in range(1, ticks + 1):
            came = fleet.readings()
            seconds, told = _timed(partial(host.update, came))
            count, spent, found = count + len(came), spent + seconds, found + len(told)
            waits |= host.changed()
            garbage.counts = True
            seconds, told = _timed(partial(host.update, [tick(fleet.now_us)]))
            garbage.counts = False
            took.append(seconds * 1e3)
            by_tick = host.changed()
            found, looked = found + len(told), looked + len(by_tick)
            waits |= by_tick
            if second % SAVE_S == 0:
                saves.append(_timed(partial(host.states, waits))[0] * 1e3)
                saved += len(waits)
                waits.clear()
    steps = home_steps.shares(lambda: _go_on(fleet, ticks)) if profile else {}
    return FleetSpeed(
        fleet.count, ticks, took, garbage.seconds * 1e3, spent / max(count, 1) * 1e6, count, found, looked / ticks,
        float(np.mean(saves)) if saves else 0.0, saved / max(len(saves), 1), steps,
    )  # fmt: skip


class _Garbage:
    """Seconds of CPU that Python's collector took while ``counts``."""

    counts, seconds, began = False, 0.0, 0.0

    def __call__(self, phase: str, _: dict[str, int]) -> None:
        if phase == "start":
            self.began = time.process_time()
        elif self.counts:
            self.seconds += time.process_time() - self.began


@contextmanager
def _collecting() -> Iterator[_Garbage]:
    garbage = _Garbage()
    gc.callbacks.append(garbage)
    try:
        yield garbage
    finally:
        gc.callbacks.remove(garbage)


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    began = time.process_time()
    made = work()
    return time.process_time() - began, made


def _go_on(fleet: Fleet, ticks: int) -> Iterator[Callable[[], object]]:
    """Yield the ticks of a fleet as work; what comes between them is taken unwatched."""
    for _ in range(ticks):
        fleet.host.update(fleet.readings())
        now = tick(fleet.now_us)
        yield partial(fleet.host.update, [now])


def after_stop(fleet: Fleet, hours: float = 1.0) -> dict[str, float]:
    """Measure the first tick after the platform stood still, and the ticks in which all silences fall due again."""
    took = []
    for at_us in (fleet.now_us + round(hours * HOUR_US), fleet.now_us + round(hours * HOUR_US) + 5 * MINUTE_US):
        now = tick(at_us)
        began = time.process_time()
        fleet.host.update([now])
        took.append(time.process_time() - began)
    fleet.now_us = at_us
    return {"first_tick_ms": took[0] * 1e3, "all_due_s": took[1]}


def year(number: int, days: int = 365) -> dict[str, float]:
    """Measure the replay of a year of one home by all detectors of homes, findings included, the clock with it.

    ``cpu_s``: by columns (detectors.home_replay), from the readings as they come to the last finding; beside it the
    inactivity detector alone, and the rebuild of rhythm and habits from the same (detectors.inactivity_replay).
    """
    readings = list(life(number, days))
    gc.collect()
    cpu_s, found = _timed(partial(replay_at_once, Host(), readings))
    alone_s, _ = _timed(partial(replay_at_once, Host(), readings, {INACTIVITY}))
    rebuild_s, _ = _timed(partial(Relearner(unit_of(number)).update, readings))
    moved = sum(bool(each.events) and "motion_ended" not in each.events for each in readings)
    return {
        "days": days, "readings": len(readings), "of_them_signs": moved, "cpu_s": cpu_s,
        "us_a_reading": cpu_s / len(readings) * 1e6, "findings": found, "inactivity_alone_s": alone_s,
        "rebuild_s": rebuild_s,
    }  # fmt: skip


def year_by_one(number: int, days: int = 365) -> dict[str, float]:
    """Measure the same year given to a host one by one, as the watcher gets it."""
    readings = list(life(number, days))
    gc.collect()
    cpu_s, found = _timed(partial(replay, Host(), readings))
    return {
        "days": days, "readings": len(readings), "cpu_s": cpu_s, "us_a_reading": cpu_s / len(readings) * 1e6,
        "findings": found,
    }  # fmt: skip


def state_bytes(of: Lives, count: int = 400) -> dict[str, Any]:
    """Return bytes a home: as a snapshot, by part, and all that a host holds in memory."""
    sizes = [sum(len(part) for part in state.values()) for state in of.states]
    parts = {name: int(np.median([len(state.get(name, b"")) for state in of.states])) for name in of.states[0]}
    states = {f"h{number:06d}": named(of.states[number % len(of.states)], f"h{number:06d}") for number in range(count)}
    gc.collect()
    host = Host()
    host.take_over({}, {"first": states.pop("h000000")})  # what is there once, whatever the number of homes
    gc.collect()
    tracemalloc.start()
    try:
        host.take_over({}, states)
        gc.collect()
        held = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    return {
        "median": float(np.median(sizes)),
        "worst": max(sizes),
        "median_by_part": parts,
        "in_memory": held / (count - 1),
    }


def snapshot_time(fleet: Fleet) -> dict[str, float]:
    """Return seconds for the snapshot of a whole fleet and for taking it over."""
    gc.collect()
    began = time.process_time()
    data = fleet.host.snapshot()
    wrote = time.process_time() - began
    began = time.process_time()
    Host().restore(data)
    took = time.process_time() - began
    return {
        "write_us_a_home": wrote / fleet.count * 1e6,
        "restore_us_a_home": took / fleet.count * 1e6,
        "bytes_a_home": len(data) / fleet.count,
    }
