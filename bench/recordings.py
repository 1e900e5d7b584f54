"""Recordings of worn accelerometers in the common ``.npz`` form: one file, many records, samples one after another."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

_PER_RECORD = ("start", "n", "fs", "subject", "kind", "label", "position", "trial")
KINDS = ("fall", "adl", "continuous")


class NotARecording(ValueError):
    """A file that is not in the common form; the message names it and what is wrong."""


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """One record. ``acc`` (n, 3) int16 counts, ``scale`` g per count, ``fs`` Hz; ``impact`` a sample or -1.

    ``sex`` and ``activity`` are empty where not given; no detector is told any of these but the rate and the position.
    """

    file: str
    index: int
    acc: NDArray[np.int16]
    scale: float
    fs: float
    subject: str
    group: str
    kind: str
    label: int
    position: str
    trial: str
    impact: int
    sex: str = ""
    activity: str = ""

    @property
    def seconds(self) -> float:
        """Length of the record."""
        return len(self.acc) / self.fs


def recording_files(paths: Iterable[Path]) -> list[Path]:
    """Return the ``.npz`` files that ``paths`` name, folders searched one level deep.

    Raises NotARecording for a path that is not there, a folder without any, and a file that is not ``.npz``.
    """
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(path.glob("*.npz"))
            if not inside:
                raise NotARecording(f"{path}: the folder holds no .npz file.")
            files += inside
        elif not path.exists():
            raise NotARecording(f"{path}: there is no such file or folder.")
        elif path.suffix != ".npz":
            raise NotARecording(f"{path}: a recording of falls is an .npz file.")
        else:
            files.append(path)
    return files


def read_records(path: Path) -> Iterator[Record]:
    """Yield a file's records in their order. Raises NotARecording when the file is not in the common form."""
    try:
        with np.load(path, allow_pickle=False) as data:
            columns = {name: data[name] for name in data.files if name != "gyr"}
    except (OSError, ValueError, BadZipFile, EOFError, KeyError) as error:
        raise NotARecording(f"{path}: not readable as an .npz recording ({error}).") from None
    missing = [name for name in ("acc", "acc_scale", *_PER_RECORD) if name not in columns]
    if missing:
        raise NotARecording(f"{path}: not in the common form, it has no {', '.join(missing)}.")
    _check(path, columns)
    return _records(path.name, columns)


def _check(path: Path, columns: dict[str, NDArray[np.generic]]) -> None:
    acc = columns["acc"]
    if acc.ndim != 2 or acc.shape[1] != 3 or acc.dtype != np.int16:
        raise NotARecording(f"{path}: acc is int16 of shape (N, 3), here {acc.dtype} of shape {acc.shape}.")
    count = len(columns["n"])
    uneven = [name for name in _PER_RECORD if columns[name].shape != (count,)]
    if uneven:
        raise NotARecording(f"{path}: {', '.join(uneven)} must hold one value for each of {count} records.")
    start, n, fs = (np.asarray(columns[name], dtype=np.float64) for name in ("start", "n", "fs"))
    if count and (start.min() < 0 or n.min() < 1 or (start + n).max() > len(acc)):
        raise NotARecording(f"{path}: a record lies outside the {len(acc)} samples.")
    if count and not (np.isfinite(fs).all() and fs.min() >= 5 and fs.max() <= 500):
        raise NotARecording(f"{path}: rates of 5 to 500 Hz are expected.")
    scale = np.asarray(columns["acc_scale"], dtype=np.float64)
    if scale.shape != () or not np.isfinite(scale) or scale <= 0:
        raise NotARecording(f"{path}: acc_scale is g per count, one number over 0.")
    unknown = sorted(set(np.unique(columns["kind"]).tolist()) - set(KINDS))
    if unknown:
        raise NotARecording(f"{path}: kind is one of {', '.join(KINDS)}, not {', '.join(map(str, unknown))}.")


def _records(name: str, columns: dict[str, NDArray[np.generic]]) -> Iterator[Record]:
    acc = np.asarray(columns["acc"], dtype=np.int16)
    scale = float(np.asarray(columns["acc_scale"], dtype=np.float64))
    count = len(columns["n"])
    start, n = np.asarray(columns["start"], np.int64), np.asarray(columns["n"], np.int64)
    fs, label = np.asarray(columns["fs"], np.float64), np.asarray(columns["label"], np.int64)
    impact = np.asarray(columns.get("impact", np.full(count, -1)), np.int64)
    groups = columns.get("group", np.full(count, "unknown"))
    sexes, activities = (columns.get(name, np.full(count, "")) for name in ("sex", "activity"))
    for i in range(count):
        yield Record(
            file=name,
            index=i,
            acc=acc[start[i] : start[i] + n[i]],
            scale=scale,
            fs=float(fs[i]),
            subject=str(columns["subject"][i]),
            group=str(groups[i]),
            kind=str(columns["kind"][i]),
            label=int(label[i]),
            position=str(columns["position"][i]),
            trial=str(columns["trial"][i]),
            impact=int(impact[i]),
            sex=str(sexes[i]),
            activity=str(activities[i]),
        )
