"""Walks made up for tuning: lapping, pacing and random wandering after an approach, and walks with a purpose.

GPS of people with dementia is not to be had openly, so the positives are generated: the three patterns of
Martino-Saltzman et al. (Gerontologist 1991 31:666), walked at an old person's pace, seen through a receiver whose error
drifts. Seeded: the same seed gives the same walks. A generator proves little; real tracks are the check.
"""

import csv
import gzip
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from device_sim.walking.paces import Floats, along, pauses, stay
from device_sim.walking.receiver import error

WANDERING: Final = ("lapping", "pacing", "random")
PURPOSEFUL: Final = ("straight", "errand", "round", "standing", "riding")
#: What there is in a building; ``busy`` is work at a few spots of one room.
INDOOR: Final = (*WANDERING, "busy")
#: Receivers: GPS outdoors, a phone that knows its place badly, a positioning system in a building (UWB).
RECEIVERS: Final = ("gps", "phone", "uwb")
#: Ways in a building are this much shorter than outdoors: corridors of 2 to 12 m, rounds of 6 to 40 m.
_ROOMS: Final = 0.1
#: Deviation of a UWB position on one axis, metres, and the seconds between its fixes here.
_UWB_M, _UWB_PERIOD_S = 0.15, 1
#: Seconds between fixes that ordinary trackers use while moving.
_PERIODS_S: Final = (1, 5, 10, 15)


@dataclass(frozen=True, slots=True, eq=False)
class Walk:
    """One walk: ``t_s``, ``xy_m`` (n, 2) as received, ``accuracy_m`` as reported, ``onset_s`` of wandering."""

    pattern: str
    t_s: Floats
    xy_m: Floats
    accuracy_m: Floats
    onset_s: float | None


def walks(pattern: str, count: int, seed: int, receiver: str = "gps") -> Iterator[Walk]:
    """Yield ``count`` walks of one pattern as one of RECEIVERS saw them; in a building a pattern is one of INDOOR."""
    rng = np.random.default_rng([seed, list(_PATTERN).index(pattern), RECEIVERS.index(receiver)])
    for _ in range(count):
        yield _indoors(pattern, rng) if receiver == "uwb" else _walk(pattern, rng, indoors=receiver == "phone")


def _indoors(pattern: str, rng: np.random.Generator) -> Walk:
    speed, seconds = rng.uniform(0.4, 1.0), rng.uniform(600, 900)
    quiet = _busy(rng, speed, rng.uniform(60, 180))
    onset = float(len(quiet)) if pattern in WANDERING else None
    path = (
        np.vstack([quiet, quiet[-1] + _PATTERN[pattern](rng, speed / _ROOMS, seconds) * _ROOMS])
        if onset
        else _busy(rng, speed, seconds)
    )
    at = np.arange(0, len(path), _UWB_PERIOD_S)
    error = rng.normal(0, _UWB_M, path.shape)
    return Walk(pattern, at.astype(np.float64), (path + error)[at], np.full(len(at), np.nan), onset)


def _walk(pattern: str, rng: np.random.Generator, *, indoors: bool) -> Walk:
    speed = rng.uniform(0.5, 1.2)
    seconds = rng.uniform(1200, 2400)
    if pattern in WANDERING:
        lead = _streets(rng, speed, rng.uniform(120, 600))
        path = np.vstack([lead, lead[-1] + _PATTERN[pattern](rng, speed, seconds)])
        onset: float | None = float(len(lead))
    else:
        path, onset = _PATTERN[pattern](rng, speed, seconds), None
    period = int(rng.choice(_PERIODS_S))
    at = np.arange(0, len(path), period)
    accuracy, off = error(rng, len(path), indoors)
    return Walk(pattern, at.astype(np.float64), (path + off)[at], accuracy[at], onset)


def _streets(rng: np.random.Generator, speed: float, seconds: float) -> Floats:
    """A way through a town to somewhere: blocks, corners that lead on, waiting at crossings."""
    heading, corners = rng.uniform(0, 2 * np.pi), [np.zeros(2)]
    ahead, walked = True, 0.0
    turn = rng.choice([-1.0, 1.0]) * np.pi / 2
    while walked < speed * seconds + 1:
        block = rng.uniform(40, 200)
        angle = heading + (0.0 if ahead else turn) + rng.normal(0, 0.08)
        corners.append(corners[-1] + block * np.array([np.cos(angle), np.sin(angle)]))
        walked += block
        ahead = bool(rng.uniform() < 0.6)
    path = along(np.array(corners), speed, rng)[: max(2, int(seconds))]
    return pauses(path, rng, 150, 5, 40)


def _errand(rng: np.random.Generator, speed: float, seconds: float) -> Floats:
    out = _streets(rng, speed, seconds * 0.35)
    return np.vstack([out, stay(rng, out[-1], rng.uniform(120, 900)), out[::-1]])


def _round(rng: np.random.Generator, speed: float, seconds: float) -> Floats:
    """Once or twice around the blocks, as with a dog that stops."""
    times = 1 + int(rng.uniform() < 0.25)
    side = speed * seconds / times / 4
    wide, high = side * rng.uniform(0.6, 1.4), side
    ring = np.array([[0, 0], [wide, 0], [wide, high], [0, high]])
    corners = np.vstack([*([ring] * times), ring[:1]]) + rng.normal(0, 5, (4 * times + 1, 2))
    return pauses(along(corners, speed, rng), rng, 60, 3, 30)


def _standing(rng: np.random.Generator, speed: float, seconds: float) -> Floats:
    """At a market or on a bench: a stay, a few steps, a stay."""
    parts = [np.zeros((1, 2))]
    while sum(map(len, parts)) < seconds:
        here = parts[-1][-1]
        parts.append(stay(rng, here, rng.uniform(60, 400)))
        parts.append(along(np.array([here, here + rng.normal(0, 8, 2)]), speed, rng))
        parts = [part for part in parts if len(part)]
    return np.vstack(parts)


def _riding(rng: np.random.Generator, speed: float, seconds: float) -> Floats:
    """To the stop, by bus with its stops, and on; the bus may come back along the same streets."""
    walk = _streets(rng, speed, 240)
    ride = pauses(_streets(rng, rng.uniform(5, 12), seconds / 2)[::1], rng, 60, 10, 40) + walk[-1]
    back = ride[::-1] if rng.uniform() < 0.5 else ride[:0]
    return np.vstack([walk, ride, back, (back[-1] if len(back) else ride[-1]) + _streets(rng, speed, 240)])


def _busy(rng: np.random.Generator, speed: float, seconds: float) -> Floats:
    """Work in a room of 3 by 4 m: from spot to spot, seconds to a minute at each."""
    spots = rng.uniform([0, 0], [4, 3], (6, 2))
    parts = [spots[:1]]
    while sum(map(len, parts)) < seconds:
        here, there = parts[-1][-1], spots[rng.integers(6)]
        way = along(np.array([here, there]), speed, rng) if np.hypot(*(there - here)) > speed else spots[:0]
        parts += [part for part in (way, stay(rng, there, 2 + rng.exponential(12))) if len(part)]
    return np.vstack(parts)


def _lapping(rng: np.random.Generator, speed: float, seconds: float) -> Floats:
    """Around and around: an oval of 60 to 400 m, each lap a little different."""
    radius, squash = rng.uniform(60, 400) / (2 * np.pi), rng.uniform(0.5, 1.0)
    laps = int(speed * seconds / (2 * np.pi * radius * (1 + squash) / 2)) + 1
    angle = np.linspace(0, 2 * np.pi * laps, 16 * laps + 1)
    swell = np.interp(np.arange(len(angle)), np.arange(0, len(angle) + 16, 16), rng.normal(1, 0.1, laps + 2))
    corners = np.column_stack([np.cos(angle) - 1, squash * np.sin(angle)]) * (radius * swell)[:, None]
    return pauses(along(corners, speed, rng)[: int(seconds)], rng, 300, 5, 40)


def _pacing(rng: np.random.Generator, speed: float, seconds: float) -> Floats:
    """To and fro between two places 20 to 120 m apart."""
    length, angle = rng.uniform(20, 120), rng.uniform(0, 2 * np.pi)
    legs = int(speed * seconds / length) + 2
    far = np.arange(legs) % 2 * length + rng.normal(0, length * 0.08, legs)
    side = rng.normal(0, 1.5, legs)
    turned = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return pauses(along(np.column_stack([far, side]) @ turned, speed, rng)[: int(seconds)], rng, 200, 3, 30)


def _random(rng: np.random.Generator, speed: float, seconds: float) -> Floats:
    """Now here, now there: legs of 5 to 50 m in any direction, within an area of 60 to 250 m across."""
    reach = rng.uniform(30, 125)
    corners = [np.zeros(2)]
    walked = 0.0
    while walked < speed * seconds + 1:
        leg, angle = rng.uniform(5, 50), rng.uniform(0, 2 * np.pi)
        there = corners[-1] + leg * np.array([np.cos(angle), np.sin(angle)])
        if np.hypot(*there) <= reach:
            corners.append(there)
            walked += leg
    return pauses(along(np.array(corners), speed, rng)[: int(seconds)], rng, 120, 3, 40)


_PATTERN = {
    "lapping": _lapping, "pacing": _pacing, "random": _random, "straight": _streets,
    "errand": _errand, "round": _round, "standing": _standing, "riding": _riding, "busy": _busy,
}  # fmt: skip


def write_walks(path: Path, made: Iterable[Walk]) -> None:
    """Write walks as tracks in the common form (metres; ``accuracy_m`` where the receiver tells it), gzipped."""
    with gzip.open(path, "wt", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(["track", "t_rel_ms", "x_m", "y_m", "accuracy_m", "label"])
        for number, walk in enumerate(made):
            for t_s, (x, y), accuracy in zip(walk.t_s, walk.xy_m, walk.accuracy_m, strict=True):
                label = "approach" if walk.onset_s is not None and t_s < walk.onset_s else walk.pattern
                told = "" if np.isnan(accuracy) else f"{accuracy:.1f}"
                row = [f"{walk.pattern}-{number:04}", round(t_s * 1000), f"{x:.2f}", f"{y:.2f}", told, label]
                writer.writerow(row)


def main(arguments: list[str]) -> int:
    """``python -m bench.walks FOLDER [COUNT] [SEED]``: write walks of each pattern and receiver as tracks."""
    folder = Path(arguments[0])
    count, seed = (int(text) for text in (*arguments[1:3], *("40", "0")[len(arguments) - 1 :]))
    for receiver in RECEIVERS:
        patterns = INDOOR if receiver == "uwb" else (*WANDERING, *PURPOSEFUL)
        made = (walk for pattern in patterns for walk in walks(pattern, count, seed, receiver))
        write_walks(folder / f"walks_{receiver}.csv.gz", made)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
