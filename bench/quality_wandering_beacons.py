"""``python -m bench.quality_wandering_beacons``: worn beacons in a corridor, made up, through the wandering detector.

Three receivers in a row, eight metres apart, tell how far a beacon is. A distance by radio errs by a ratio: here one
that drifts as the body turns (0.3, over 15 s) and one of each report (0.25), both deviations of the logarithm; a report
each 1 to 2 s, told where it is half a metre off the last one or 5 s old, as ESPresense does. Nobody measured such
errors in a home for this; the form is known, the size is ours. Seeded. Beside: the nearest receiver, as it is.
"""

import sys
from collections.abc import Callable, Iterator
from math import exp, hypot, sqrt
from statistics import median
from typing import Final

import numpy as np

from detectors.wandering import WanderingConfig
from detectors.wandering_beacon import BeaconConfig
from detectors.wandering_home import HomeConfig
from schemas.reading import Observation, Reading, ReadingKind

_SECOND = 1_000_000
#: Two hours after midnight, by the clock of homes of which no other is known.
_NIGHT_US = 1_795_370_400_000_000
_RECEIVERS: Final = {"a": 0.0, "b": 8.0, "c": 16.0}
#: Deviation of the logarithm that drifts, over so many seconds; of each report; and how far a receiver hears, metres.
_DRIFT, _DRIFT_S, _REPORT, _HEARS_M = 0.3, 15.0, 0.25, 16.0
#: Places of somebody who sits or lies, metres along the corridor and beside it: at borders, and near a receiver.
_STILL: Final = ((4.0, 0.5), (4.0, 3.0), (12.0, 2.0), (3.0, 1.0), (5.0, 4.0), (8.0, 4.0))
_NIGHT_S, _PACED_S, _PACED = 4 * 3600.0, 1800.0, 30
#: Seed of the walks told here; the detector's numbers were chosen on 10, 11, 12.
_SEED = 6


def main() -> int:
    """Print, for the detector and for the nearest receiver, what is told; return the exit status."""
    raw = BeaconConfig(smooth_s=0.01, ratio=1.0)
    for name, config in (("ours", BeaconConfig()), ("the nearest receiver", raw)):
        rng = np.random.default_rng(_SEED)
        nights = [_told_s(_radio(_sits(place), _NIGHT_S, rng), config) for place in _STILL]
        false = sum(each is not None for each in nights)
        walks = [_told_s(_radio(_paces(rng), _PACED_S, rng), config) for _ in range(_PACED)]
        found = [each / 60 for each in walks if each is not None]
        after = f", after {median(found):.1f} min" if found else ""
        print(f"{name}: {false} of {len(nights)} still nights of 4 h told; {len(found)} of {_PACED} paced found{after}")
    return 0


def radio(seed: int, seconds: float) -> list[Reading]:
    """Return what the receivers tell of one who paces, or, with every second seed, sits at a border of two rooms."""
    rng = np.random.default_rng(seed)
    return _radio(_paces(rng) if seed % 2 else _sits(_STILL[0]), seconds, rng)


def _sits(place: tuple[float, float]) -> Callable[[float], tuple[float, float]]:
    return lambda _: place


def _paces(rng: np.random.Generator) -> Callable[[float], tuple[float, float]]:
    length, speed = float(rng.choice([8.0, 12.0, 16.0])), rng.uniform(0.4, 0.9)
    return lambda s: (length - abs(speed * s % (2 * length) - length), 0.5)


def _radio(along: Callable[[float], tuple[float, float]], seconds: float, rng: np.random.Generator) -> list[Reading]:
    told = [one for room, place in _RECEIVERS.items() for one in _receiver(room, place, along, seconds, rng)]
    return sorted(told, key=lambda one: one.event_us)


def _receiver(
    room: str, place: float, along: Callable[[float], tuple[float, float]], seconds: float, rng: np.random.Generator
) -> Iterator[Reading]:
    drift, s, said = 0.0, rng.uniform(0, 2), (-10.0, 0.0)
    while s < seconds:
        step_s = rng.uniform(1, 2)
        s, kept = s + step_s, exp(-step_s / _DRIFT_S)
        drift = kept * drift + sqrt(1 - kept**2) * rng.normal(0, _DRIFT)
        x, y = along(s)
        metres = max(0.3, hypot(x - place, y)) * exp(drift + rng.normal(0, _REPORT))
        if metres < _HEARS_M and (abs(metres - said[1]) > 0.5 or s - said[0] >= 5):
            said = (s, metres)
            yield _heard(_NIGHT_US + int(s * _SECOND), room, metres)


def _heard(at_us: int, room: str, metres: float) -> Reading:
    return Reading(
        kind=ReadingKind.STATE, arrival_us=at_us, event_us=at_us, end_us=at_us, device="tag", unit="ward",
        resident="r1",
        observations=(Observation("room", room), Observation("distance", metres, "m")),
    )  # fmt: skip


def _told_s(readings: list[Reading], config: BeaconConfig) -> float | None:
    """Return after how many seconds something was told; None: never."""
    detector = WanderingConfig(home=HomeConfig(beacon=config)).build()
    for reading in readings:
        found = detector.tick(reading.event_us) + detector.update([reading])
        if found:
            return (found[0].decided_us - _NIGHT_US) / _SECOND
    return None


if __name__ == "__main__":
    sys.exit(main())
