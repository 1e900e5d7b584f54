"""``python -m bench.quality_wandering_homes PATH...``: how often homes with motion and door sensors raise wandering.

Nobody wrote down who wandered in these homes, so this counts findings by home and week; it says what staff would hear,
not how often it was right.
"""

import csv
import gzip
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from bench.homes import home_files
from bench.intervals import rate_interval
from detectors.wandering import WanderingConfig, WanderingDetector
from detectors.wandering_home import HomeConfig
from schemas.finding import Finding
from schemas.reading import Observation, Reading, ReadingKind

_WEEK_US = 7 * 86_400_000_000
#: What the sensors of the common form tell, by their type; what is not here shows that somebody is active.
_EVENTS = {"pir": "motion", "door": "door_open"}


def main(arguments: list[str]) -> int:
    """Print findings by reason and stage, a home and week; return the exit status."""
    told: Counter[str] = Counter()
    homes: Counter[str] = Counter()
    weeks = 0.0
    for file in home_files([Path(text) for text in arguments]):
        for readings in _homes(file):
            weeks += (readings[-1].event_us - readings[0].event_us) / _WEEK_US
            here = Counter(f"{one.evidence.reasons[0].code} {one.stage}" for one in _play(readings))
            told.update(here)
            homes.update(here.keys())
    for name, count in sorted(told.items()):
        low, high = rate_interval(count, weeks)
        rate = f"{count / weeks:.3f} a home and week [{low:.3f}, {high:.3f}]"
        print(f"{name:26} {rate}  ({count} in {weeks:.0f} weeks, in {homes[name]} homes)")
    return 0


def _homes(file: Path) -> Iterator[list[Reading]]:
    rows: dict[str, list[Reading]] = {}
    with gzip.open(file, "rt", newline="") if file.suffix == ".gz" else file.open(newline="") as lines:
        for number, line in enumerate(csv.DictReader(lines)):
            if float(line["value"]) > 0:
                rows.setdefault(line["home"], []).append(_reading(number, line))
    for readings in rows.values():
        yield sorted(readings, key=lambda reading: (reading.event_us, reading.seq))


def _reading(number: int, line: dict[str, str]) -> Reading:
    at_us = int(line["t_ms"]) * 1000
    return Reading(
        kind=ReadingKind.EVENT, arrival_us=at_us, event_us=at_us, end_us=at_us, device=line["sensor"], unit="home",
        boot=1, seq=number, observations=(Observation("room", line["room"]),),
        events=(_EVENTS.get(line["type"], "appliance"),),
    )  # fmt: skip


def _play(readings: list[Reading]) -> Iterator[Finding]:
    """Yield all stages of findings; the clock of the recording is the home's own, so it is off by nothing."""
    detector: WanderingDetector = WanderingConfig(home=HomeConfig(utc_offset_h=0.0)).build()
    for reading in readings:
        while (due_us := detector.due()) is not None and due_us <= reading.event_us:
            yield from detector.tick(due_us)
        yield from detector.tick(reading.event_us)
        yield from detector.update([reading])
    while (due_us := detector.due()) is not None:
        yield from detector.tick(due_us)
    if detector.errors:
        raise RuntimeError(f"{detector.errors[0]}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
