"""Recordings of ways walked: ``.csv[.gz]``, one row a fix, many tracks a file."""

import csv
import gzip
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import isfinite
from pathlib import Path

from bench.recordings import NotARecording
from bench.walks import WANDERING

#: Fixes so labelled are not walking, and do not count as time of walking.
DRIVING = "Driving"
#: Between two fixes further apart than this nobody knows whether somebody walked, seconds.
LONGEST_STEP_S = 60.0


@dataclass(frozen=True, slots=True)
class Row:
    """One fix: milliseconds, degrees longitude and latitude or metres, metres or None, its label."""

    t_ms: float
    x: float
    y: float
    accuracy_m: float | None
    label: str


@dataclass(frozen=True, slots=True, eq=False)
class RecordedTrack:
    """One track, its fixes by time. ``label`` is the most frequent of its fixes."""

    file: str
    track: str
    degrees: bool
    rows: list[Row]

    @property
    def label(self) -> str:
        """The track's label; of equally frequent ones the first met."""
        return Counter(row.label for row in self.rows).most_common(1)[0][0]

    @property
    def wandering(self) -> bool:
        """Whether the label is a pattern of wandering."""
        return self.label in WANDERING

    @property
    def seconds(self) -> float:
        """Time from the first fix to the last."""
        return (self.rows[-1].t_ms - self.rows[0].t_ms) / 1000

    @property
    def onset_s(self) -> float:
        """Time from the first fix to the first with the track's label: wandering may follow on a walk."""
        return next(row.t_ms - self.rows[0].t_ms for row in self.rows if row.label == self.label) / 1000

    @property
    def walking_s(self) -> float:
        """Time between fixes neither of which is driving, gaps left out."""
        steps = zip(self.rows, self.rows[1:], strict=False)
        gaps = [(b.t_ms - a.t_ms) / 1000 for a, b in steps if DRIVING not in (a.label, b.label)]
        return sum(gap for gap in gaps if gap <= LONGEST_STEP_S)


def track_files(paths: Iterable[Path]) -> list[Path]:
    """Return the ``.csv`` and ``.csv.gz`` files that ``paths`` name, folders searched one level deep.

    Raises NotARecording for a path that is not there, a folder without any, and another file.
    """
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted([*path.glob("*.csv"), *path.glob("*.csv.gz")])
            if not inside:
                raise NotARecording(f"{path}: the folder holds no .csv or .csv.gz file.")
            files += inside
        elif not path.exists():
            raise NotARecording(f"{path}: there is no such file or folder.")
        elif not path.name.endswith((".csv", ".csv.gz")):
            raise NotARecording(f"{path}: a recording of tracks is a .csv or .csv.gz file.")
        else:
            files.append(path)
    return files


def read_tracks(path: Path) -> Iterator[RecordedTrack]:
    """Yield a file's tracks in the order of their first rows. Raises NotARecording when the file is not in the form."""
    tracks: dict[str, list[Row]] = {}
    try:
        with gzip.open(path, "rt", newline="") if path.suffix == ".gz" else path.open(newline="") as lines:
            reader = csv.DictReader(lines)
            names = set(reader.fieldnames or ())
            time, degrees = _columns(path, names)
            x, y = ("lon", "lat") if degrees else ("x_m", "y_m")
            for record in reader:
                row = Row(
                    float(record[time]),
                    float(record[x]),
                    float(record[y]),
                    _optional(record.get("accuracy_m")),
                    record["label"],
                )
                if isfinite(row.t_ms) and isfinite(row.x) and isfinite(row.y):
                    tracks.setdefault(record["track"], []).append(row)
    except (OSError, EOFError, ValueError, TypeError, csv.Error) as error:
        if isinstance(error, NotARecording):
            raise
        raise NotARecording(f"{path}: not readable as a recording of tracks ({error}).") from None
    for name, rows in tracks.items():
        yield RecordedTrack(path.name, name, degrees, sorted(rows, key=lambda row: row.t_ms))


def _columns(path: Path, names: set[str]) -> tuple[str, bool]:
    """Return the name of the column of time, and whether positions are in degrees."""
    time = next((name for name in ("t_ms", "t_rel_ms") if name in names), None)
    degrees = {"lat", "lon"} <= names
    if time is None or not {"track", "label"} <= names or not (degrees or {"x_m", "y_m"} <= names):
        raise NotARecording(
            f"{path}: not in the common form; it needs track, t_ms or t_rel_ms, lat and lon or x_m and y_m, and label."
        )
    return time, degrees


def _optional(text: str | None) -> float | None:
    number = float(text) if text else None
    return number if number is not None and isfinite(number) else None
