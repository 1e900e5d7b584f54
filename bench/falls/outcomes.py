"""What a method did on a set of records, small enough to keep: enough to pair it with another's, record by record.

A ``Row`` is one method, split and surrogate on one data set and position. Of trials it keeps a bit a record (found,
told twice, silent), of free living each alarm's time. Its ``records`` names which records these were, so that only like
is paired with like.
"""

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.play_falls import Played
from bench.recordings import NotARecording

#: Version of the file form.
SCHEMA = 1
#: What the plain ``bench quality falls`` measures: the shipped model.
SHIPPED = "shipped"
Bits = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Key:
    """Which figure: ``split`` says on whom, ``file`` carries the surrogate's name, ``position`` "unknown" if untold."""

    split: str
    method: str
    file: str
    position: str


@dataclass(frozen=True, slots=True)
class Row:
    """Outcomes under one key. Bits are "0" and "1" in record order; ``alarms`` has each living record's times, s."""

    key: Key
    records: str
    found: str
    doubles: str
    silent: str
    seconds: tuple[float, ...]
    alarms: tuple[tuple[float, ...], ...]
    delays: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """One record and what was found in it."""

    index: int
    trial: str
    kind: str
    seconds: float
    findings: tuple[float, ...]
    delay_s: float | None = None
    file: str = ""
    position: str = ""
    group: str = ""
    sex: str = ""
    subject: str = ""
    activity: str = ""


def told(played: Played) -> Told:
    """Return what is kept of a played record."""
    record, first = played.record, played.findings[:1]
    delay = round(first[0] - played.hardest_s, 2) if first and record.kind == "fall" else None
    return Told(
        record.index, record.trial, record.kind, record.seconds, tuple(played.findings), delay, record.file,
        record.position, record.group, record.sex, record.subject, record.activity,
    )  # fmt: skip


def row_of(key: Key, members: Iterable[Told]) -> Row:
    """Return the row of these records."""
    ordered = sorted(members, key=lambda one: one.index)
    falls = [one for one in ordered if one.kind == "fall"]
    trials = [one for one in ordered if one.kind == "adl"]
    living = [one for one in ordered if one.kind == "continuous"]
    names = "\n".join(f"{one.index} {one.trial} {one.kind}" for one in ordered)
    delays = [one.delay_s for one in falls if one.delay_s is not None]
    spread = (round(float(np.median(delays)), 2), round(float(np.quantile(delays, 0.9)), 2)) if delays else None
    return Row(
        key,
        f"{len(ordered)}-{zlib.crc32(names.encode()):08x}",
        _bits(bool(one.findings) for one in falls),
        _bits(len(one.findings) > 1 for one in falls),
        _bits(not one.findings for one in trials),
        tuple(round(one.seconds, 1) for one in living),
        tuple(one.findings for one in living),
        spread,
    )


def _bits(values: Iterable[bool]) -> str:
    return "".join("1" if value else "0" for value in values)


def bits(text: str) -> Bits:
    """Return the bits of a row's field."""
    return np.array([char == "1" for char in text], dtype=np.bool_)


def write_rows(path: Path, rows: Iterable[Row], about: Mapping[str, Any]) -> None:
    """Write rows and what is said about them (commit, machine, ...), one row a line."""
    lines = [json.dumps(asdict(row)) for row in rows]
    path.parent.mkdir(parents=True, exist_ok=True)
    head = json.dumps(dict(about))
    path.write_text(f'{{"schema": {SCHEMA}, "about": {head}, "rows": [\n' + ",\n".join(lines) + "\n]}\n")


def read_rows(path: Path) -> dict[Key, Row]:
    """Return the rows of a file of rows, or of the JSON of ``bench quality falls --json``.

    Raises NotARecording when it is neither.
    """
    try:
        data = json.loads(path.read_text())
        if data["schema"] != SCHEMA:
            raise NotARecording(f"{path}: schema {data['schema']}, {SCHEMA} is read here.")
        if "rows" in data:
            return {row.key: row for row in map(_row, data["rows"])}
        return _of_quality(data["records"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        if isinstance(error, NotARecording):
            raise
        raise NotARecording(f"{path}: neither rows nor the JSON of `bench quality falls` ({error}).") from None


def _row(data: dict[str, Any]) -> Row:
    return Row(
        Key(**data["key"]), data["records"], data["found"], data["doubles"], data["silent"], tuple(data["seconds"]),
        tuple(tuple(times) for times in data["alarms"]), tuple(data["delays"]) if data["delays"] else None,
    )  # fmt: skip


def _of_quality(records: Sequence[dict[str, Any]]) -> dict[Key, Row]:
    groups: dict[Key, list[Told]] = {}
    for one in records:
        key = Key(SHIPPED, "ours", one["file"], one["position"])
        told = Told(one["index"], one["trial"], one["kind"], one["seconds"], tuple(one["findings"]))
        groups.setdefault(key, []).append(told)
    return {key: row_of(key, members) for key, members in groups.items()}
