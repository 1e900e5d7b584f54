"""Recordings of homes in the common form, made of the synthetic days of tests.detectors.homes."""

import csv
import gzip
from collections.abc import Iterable
from pathlib import Path

from detectors.routine import HOUR_US, Room
from tests.detectors.homes import MIDNIGHT_US, days

#: The synthetic days are in UTC+8; a recording is in local time.
_LOCAL_US = 8 * HOUR_US
FIELDS = ("home", "t_ms", "sensor", "type", "room", "value", "battery")
Row = dict[str, object]


def rows(home: str, count: int, until_h: float = 22.5) -> list[Row]:
    """The days of one home, all of its rooms seen by motion sensors."""
    return [
        {
            "home": home,
            "t_ms": (each.event_us + _LOCAL_US) // 1000,
            "sensor": each.device,
            "type": "pir",
            "room": "front_door" if each.room is Room.OUTER_DOOR else each.room.name.lower(),
            "value": 1,
            "battery": 90,
        }
        for each in days(count, home, until_h)
    ]


def local_ms(day: int, hour: float) -> int:
    """Return a moment of the recording."""
    return int((MIDNIGHT_US + _LOCAL_US + (day * 24 + hour) * HOUR_US) // 1000)


def write(path: Path, lines: Iterable[Row], fields: Iterable[str] = FIELDS) -> Path:
    """Write lines as .csv or .csv.gz."""
    with gzip.open(path, "wt", newline="") if path.suffix == ".gz" else path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(fields), extrasaction="ignore")
        writer.writeheader()
        writer.writerows(lines)
    return path
