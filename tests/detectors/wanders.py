"""Readings of people who wander, and of their homes: what the tests of wandering feed."""

from collections.abc import Sequence
from math import cos, pi, sin
from typing import Any

from detectors.wandering import WanderingDetector
from schemas.finding import Finding
from schemas.reading import Observation, Reading, ReadingKind

_SECOND = 1_000_000
#: Two hours after midnight in China, where the homes are unless told otherwise.
NIGHT_US = 1_795_370_400_000_000
#: Noon of the same day there.
NOON_US = NIGHT_US + 10 * 3600 * _SECOND
#: Degrees of a metre north, and of one east at the latitude of Zhoushan.
NORTH, EAST = 1 / 111_195.0, 1 / 96_300.0
HOME = (30.0, 122.2)

Item = Reading | int


def feed(detector: WanderingDetector, items: Sequence[Item]) -> list[Finding]:
    """Feed readings as batches between the ticks."""
    found: list[Finding] = []
    batch: list[Reading] = []
    for item in items:
        if isinstance(item, int):
            found += detector.update(batch) + detector.tick(item)
            batch = []
        else:
            batch.append(item)
    return found + detector.update(batch)


def play(detector: WanderingDetector, readings: Sequence[Reading], *, after_s: int = 60) -> list[Finding]:
    """Feed readings in order of arrival with the platform's clock each 2 s, and for a while after."""
    return feed(detector, ticked(readings, after_s=after_s))


def ticked(readings: Sequence[Reading], *, after_s: int = 60, each_s: int = 2) -> list[Item]:
    """Return readings by arrival with a tick each ``each_s``."""
    left = sorted(readings, key=lambda reading: reading.arrival_us)
    items: list[Item] = []
    now_us = left[0].arrival_us // _SECOND * _SECOND
    while left or after_s > 0:
        now_us += each_s * _SECOND
        while left and left[0].arrival_us <= now_us:
            items.append(left.pop(0))
        if not left:
            after_s -= each_s
        items.append(now_us)
    return items


def position(
    at_us: int, north_m: float, east_m: float, *, resident: str = "r1", unit: str = "u1", **changes: Any
) -> Reading:
    accuracy = changes.pop("accuracy", 5.0)
    seen = [Observation("lat", HOME[0] + north_m * NORTH), Observation("lon", HOME[1] + east_m * EAST)]
    seen += [] if accuracy is None else [Observation("accuracy", accuracy, "m")]
    given: dict[str, Any] = {
        "kind": ReadingKind.STATE, "arrival_us": at_us, "event_us": at_us, "end_us": at_us,
        "device": f"phone-{resident}", "unit": unit, "resident": resident, "boot": 1,
        "seq": at_us // _SECOND % 1_000_000, "observations": tuple(seen),
    }  # fmt: skip
    return Reading(**(given | changes))


def lap(start_us: int, minutes: float, *, radius_m: float = 20.0, each_s: int = 10, **changes: Any) -> list[Reading]:
    """Around and around, one lap in about two minutes at 1 m/s."""
    times = range(0, int(minutes * 60), each_s)
    return [
        position(start_us + s * _SECOND, radius_m * cos(s / radius_m), radius_m * sin(s / radius_m), **changes)
        for s in times
    ]


def pace(start_us: int, minutes: float, *, length_m: float = 40.0, each_s: int = 10, **changes: Any) -> list[Reading]:
    """To and fro at 1 m/s."""
    times = range(0, int(minutes * 60), each_s)
    return [
        position(start_us + s * _SECOND, length_m * (1 - cos(pi * s / length_m)) / 2, 0.0, **changes) for s in times
    ]


def straight(start_us: int, minutes: float, *, speed: float = 1.0, each_s: int = 10, **changes: Any) -> list[Reading]:
    """On and on to the north."""
    return [position(start_us + s * _SECOND, speed * s, 0.0, **changes) for s in range(0, int(minutes * 60), each_s)]


def sensed(at_us: int, device: str, event: str, *, unit: str = "u2", **changes: Any) -> Reading:
    given: dict[str, Any] = {
        "kind": ReadingKind.EVENT, "arrival_us": at_us, "event_us": at_us, "end_us": at_us, "device": device,
        "unit": unit, "events": (event,),
    }  # fmt: skip
    return Reading(**(given | changes))


def night_out(start_us: int = NIGHT_US, *, unit: str = "u2") -> list[Reading]:
    """Out of bed, through the hall, and out of the front door."""
    return [
        sensed(start_us, "bedroom-pir", "motion", unit=unit),
        sensed(start_us + 40 * _SECOND, "hall-pir", "motion", unit=unit),
        sensed(start_us + 60 * _SECOND, "front_door", "door_open", unit=unit),
        sensed(start_us + 70 * _SECOND, "front_door", "door_closed", unit=unit),
    ]


def rooms(
    start_us: int, changes: int, *, each_s: int = 45, names: Sequence[str] = ("bedroom", "hall")
) -> list[Reading]:
    """From room to room, a change each ``each_s``."""
    return [sensed(start_us + i * each_s * _SECOND, f"{names[i % len(names)]}-pir", "motion") for i in range(changes)]


def story() -> list[Item]:
    """One resident paces outside and then walks on; in another unit somebody leaves at night and comes back."""
    back = sensed(NIGHT_US + 1500 * _SECOND, "hall-pir", "motion")
    out = straight(NIGHT_US + 900 * _SECOND, 17)
    return ticked([*pace(NIGHT_US, 15), *out, *night_out(), back], each_s=5)
