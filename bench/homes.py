"""Recordings of homes: ``.csv`` or ``.csv.gz`` with ``home,t_ms,sensor,type,room,value``, further columns ignored."""

import csv
import gzip
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from detectors.routine import Room, room_of

_NEEDED = ("home", "t_ms", "sensor", "type", "room", "value")
SUFFIXES = (".csv", ".csv.gz")


class NotAHome(ValueError):
    """A file that is not in the common form; the message names it and what is wrong."""


@dataclass(frozen=True, slots=True, eq=False)
class HomeRecord:
    """One home's activity in the order of time: ``t_us`` of the local wall clock, the kind of room, the sensor.

    ``times``: how many signs of life a line stands for.
    """

    home: str
    t_us: NDArray[np.int64]
    room: NDArray[np.int64]
    sensor: list[str]
    times: NDArray[np.int64]


def home_files(paths: Iterable[Path]) -> list[Path]:
    """Return the files that ``paths`` name, folders searched one level deep for names that hold ``events``.

    Raises NotAHome for a path that is not there, a folder without any, and a file of another kind.
    """
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(each for each in path.iterdir() if each.name.endswith(SUFFIXES) and "events" in each.name)
            if not inside:
                raise NotAHome(f"{path}: the folder holds no .csv or .csv.gz file of events.")
            files += inside
        elif not path.exists():
            raise NotAHome(f"{path}: there is no such file or folder.")
        elif not path.name.endswith(SUFFIXES):
            raise NotAHome(f"{path}: a recording of homes is a .csv or .csv.gz file.")
        else:
            files.append(path)
    return files


def read_homes(path: Path) -> list[HomeRecord]:
    """Return a file's homes in the order of their first lines. Raises NotAHome when it is not in the common form."""
    rows: dict[str, list[tuple[int, int, str, int]]] = {}
    rooms: dict[tuple[str, str, str], int] = {}
    for number, line in _lines(path, _NEEDED):
        try:
            t_ms, value = int(line["t_ms"]), float(line["value"])
        except ValueError:
            raise NotAHome(f"{path}: line {number}: t_ms and value must be numbers.") from None
        own = rows.setdefault(line["home"], [])
        if value > 0:  # a count of none in an interval is no activity
            named = (line["type"], line["room"], line["sensor"])
            room = rooms.get(named)
            if room is None:
                room = rooms[named] = int(_room(*named))
            own.append((t_ms * 1000, room, line["sensor"], max(1, round(value))))
    return [_record(home, own) for home, own in rows.items() if own]


def read_stops(path: Path) -> dict[str, list[int]]:
    """Return the stops of an ``--inject`` file (``home,t_ms``) by home, in file order. Raises NotAHome."""
    stops: dict[str, list[int]] = {}
    for number, line in _lines(path, ("home", "t_ms")):
        try:
            stops.setdefault(line["home"], []).append(int(line["t_ms"]))
        except ValueError:
            raise NotAHome(f"{path}: line {number}: t_ms must be a number.") from None
    return stops


def read_labels(path: Path) -> list[tuple[str, int, str]]:
    """Return home, t_ms and label of each line (``home,t_ms,label``). Raises NotAHome."""
    labels: list[tuple[str, int, str]] = []
    for number, line in _lines(path, ("home", "t_ms", "label")):
        try:
            labels.append((line["home"], int(line["t_ms"]), line["label"]))
        except ValueError:
            raise NotAHome(f"{path}: line {number}: t_ms must be a number.") from None
    return labels


def _room(kind: str, room: str, sensor: str) -> Room:
    """Return the kind of room. An outer door is a door with an entrance's name; a fridge is in the kitchen."""
    named = room_of(room, sensor, kind if kind != "door" else "")
    if kind == "door":
        return named
    return Room.HALL if named is Room.OUTER_DOOR else named


def _record(home: str, rows: list[tuple[int, int, str, int]]) -> HomeRecord:
    t_us = np.array([row[0] for row in rows], dtype=np.int64)
    order = np.argsort(t_us, kind="stable")
    room = np.array([row[1] for row in rows], dtype=np.int64)
    times = np.array([row[3] for row in rows], dtype=np.int64)
    return HomeRecord(home, t_us[order], room[order], [rows[index][2] for index in order], times[order])


def _lines(path: Path, needed: tuple[str, ...]) -> Iterable[tuple[int, dict[str, str]]]:
    try:
        with (
            gzip.open(path, "rt", encoding="utf-8", newline="")
            if path.suffix == ".gz"
            else path.open(encoding="utf-8", newline="") as file
        ):
            reader = csv.DictReader(file)
            missing = [name for name in needed if name not in (reader.fieldnames or ())]
            if missing:
                raise NotAHome(f"{path}: not in the common form, it has no {', '.join(missing)}.")
            for number, line in enumerate(reader, start=2):
                if any(line[name] is None for name in needed):
                    raise NotAHome(f"{path}: line {number} is cut short.")
                yield number, line
    except (OSError, EOFError, UnicodeDecodeError, csv.Error) as error:
        raise NotAHome(f"{path}: not readable as a recording of homes ({error}).") from None
