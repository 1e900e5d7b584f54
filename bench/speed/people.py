"""What a fleet's people do: pieces of acceleration at the wrist by activity, made or taken from recordings.

Made pieces have the rates of hard movements (1.6 g) that were measured in recordings: 56 an hour in mostly seated
people (Stress-Predict, 32 h), 115 to 313 an hour in nurses at work (five people, 162 h). They claim nothing else.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.recordings import read_records, recording_files
from detectors.impacts import find_impacts, magnitude

Counts = NDArray[np.int16]

RATE_HZ = 50
#: A watch of 16 g in 16 bits.
SCALE = float(np.float32(16.0 / 32768))
#: Length of a piece, seconds, and how many of each activity are made.
PIECE_S, PIECES = 600, 12
REST, SEATED, FEET = "rest", "seated", "feet"
ACTIVITIES = (REST, SEATED, FEET)
#: Hard movements an hour that are put into made pieces.
BLOWS_H = {REST: 1, SEATED: 56, FEET: 200}
#: Nurses at work, for the worst case.
WORK_BLOWS_H = 300
#: A recorded stretch with more hard movements an hour counts as on one's feet.
SEATED_MOST_H = 100


@dataclass(frozen=True, slots=True)
class Fleet:
    """Which share of the wearers does what."""

    name: str
    shares: tuple[float, float, float]


#: An ordinary day as a fleet shows it at any moment: 8 h asleep, 9 h seated, 7 h on one's feet.
DAY = Fleet("day", (8 / 24, 9 / 24, 7 / 24))
#: The worst case: everybody works as a nurse does.
WORK = Fleet("work", (0.0, 0.0, 1.0))


def made_pieces(seed: int = 1, work: bool = False) -> dict[str, list[Counts]]:
    """Return made pieces (n, 3) by activity; ``work``: the hard movements of nurses."""
    rng = np.random.default_rng(seed)
    blows = {**BLOWS_H, FEET: WORK_BLOWS_H if work else BLOWS_H[FEET]}
    return {what: [_piece(rng, what, blows[what]) for _ in range(PIECES)] for what in ACTIVITIES}


def recorded_pieces(paths: Iterable[Path]) -> dict[str, list[Counts]]:
    """Return pieces of continuous recordings by activity; who sleeps is made."""
    pieces = made_pieces()
    found: dict[str, list[Counts]] = {REST: pieces[REST], SEATED: [], FEET: []}
    for file in recording_files(paths):
        for record in read_records(file):
            if record.kind == "continuous":
                for piece in _cut(record.acc.astype(np.float64) * record.scale, record.fs):
                    t_us = np.arange(len(piece), dtype=np.int64) * (1_000_000 // RATE_HZ)
                    hard = len(find_impacts(t_us, magnitude(piece.astype(np.float64) * SCALE), -1, int(t_us[-1])))
                    found[FEET if hard * 3600 / PIECE_S > SEATED_MOST_H else SEATED].append(piece)
    return {what: found[what] or pieces[what] for what in ACTIVITIES}


def _cut(acc_g: NDArray[np.float64], fs: float) -> list[Counts]:
    t = np.arange(len(acc_g)) / fs
    at = np.arange(0, t[-1], 1 / RATE_HZ)
    even = _counts(np.column_stack([np.interp(at, t, acc_g[:, axis]) for axis in range(3)]))
    length = PIECE_S * RATE_HZ
    return [even[start : start + length] for start in range(0, len(even) - length + 1, length)]


def _piece(rng: np.random.Generator, what: str, blows_h: float) -> Counts:
    n = PIECE_S * RATE_HZ
    t = np.arange(n) / RATE_HZ
    turns = np.cumsum(rng.normal(0, {REST: 0.0002, SEATED: 0.01, FEET: 0.02}[what], (n, 2)), axis=0)
    a, b = turns[:, 0] + rng.uniform(-1, 1), turns[:, 1] + rng.uniform(-3, 3)
    acc = np.column_stack([np.sin(a), np.cos(a) * np.sin(b), np.cos(a) * np.cos(b)])
    acc += rng.normal(0, {REST: 0.006, SEATED: 0.02, FEET: 0.05}[what], (n, 3))
    if what == FEET:  # walking half of the time, twenty seconds at once
        walks = (t // 20).astype(int) % 2 == 0
        acc += (0.18 * np.sin(2 * np.pi * 1.9 * t) * walks)[:, None] * rng.normal(0, 1, 3) / np.sqrt(3)
    for start in rng.integers(0, n - 20, rng.poisson(blows_h * PIECE_S / 3600)):
        length = int(rng.integers(3, 9))
        blow = np.sin(np.pi * np.arange(length) / length) * rng.uniform(1.4, 3.0)
        acc[start : start + length] += blow[:, None] * _direction(rng)
    return _counts(acc)


def _direction(rng: np.random.Generator) -> NDArray[np.float64]:
    way = rng.normal(0, 1, 3)
    return np.asarray(way / np.sqrt((way**2).sum()))


def _counts(acc_g: NDArray[np.float64]) -> Counts:
    return np.clip(np.round(acc_g / SCALE), -32768, 32767).astype(np.int16)
