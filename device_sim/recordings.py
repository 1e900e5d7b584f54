"""Recordings in the common form: one ``.npz`` with records one after another (docs/simulator.md lists the fields)."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from device_sim.frames import Sensor
from schemas.frame import MAX_ACCEL_SCALE, MAX_GYRO_SCALE, MAX_RATE_HZ, MIN_ACCEL_SCALE, MIN_RATE_HZ

#: Without these nothing can be played.
REQUIRED = ("acc", "acc_scale", "start", "n", "fs", "label")
#: Where a wearable may be worn, as bindings know it; a record's position names one of them ("left hip").
POSITIONS = ("wrist", "waist", "hip", "pocket", "chest")


class BadRecording(ValueError):
    """The file is not in the common form; the message says what is wrong, in a sentence."""


@dataclass(frozen=True, eq=False)
class Recordings:
    """The records of one file. Indexes are those of the file."""

    name: str
    fields: dict[str, NDArray[Any]]

    @classmethod
    def load(cls, path: Path) -> "Recordings":
        """Return the recordings in a file; raises BadRecording with a sentence."""
        try:
            with np.load(path, allow_pickle=False) as file:
                fields = {key: file[key] for key in file.files}
        except FileNotFoundError:
            raise BadRecording(f"There is no file {path}.") from None
        except OSError as error:
            raise BadRecording(f"{path} cannot be read: {error.strerror or error}.") from None
        except (ValueError, AttributeError, EOFError, BadZipFile):
            raise BadRecording(f"{path} is not a file of recordings (.npz).") from None
        if missing := [key for key in REQUIRED if key not in fields]:
            raise BadRecording(f"{path} lacks {', '.join(missing)}, which a file of recordings has.")
        acc = fields["acc"]
        if acc.dtype != np.int16 or acc.ndim != 2 or acc.shape[1] != 3:
            raise BadRecording(f"{path}: acc is int16 (N, 3) in a file of recordings, here {acc.dtype} {acc.shape}.")
        if not MIN_ACCEL_SCALE <= float(fields["acc_scale"]) <= MAX_ACCEL_SCALE:
            raise BadRecording(f"{path}: no accelerometer has {float(fields['acc_scale'])} g per count.")
        if len(fields["start"]) and int(np.max(fields["start"] + fields["n"])) > len(acc):
            raise BadRecording(f"{path}: a record reaches beyond the end of acc; is the file cut off?")
        return cls(path.stem.removesuffix("_dev"), fields)

    def __len__(self) -> int:
        """Return the number of records."""
        return len(self.fields["start"])

    def is_fall(self, index: int) -> bool:
        """Whether the record holds a fall."""
        return bool(self.fields["label"][index] == 1)

    def kind(self, index: int) -> str:
        """Return fall, adl or continuous, as the file says."""
        return str(self.fields["kind"][index]) if "kind" in self.fields else ("adl", "fall")[self.is_fall(index)]

    def position(self, index: int) -> str | None:
        """Return where the sensor was worn, in the words of a binding, or None."""
        words = str(self.fields["position"][index]).split() if "position" in self.fields else []
        return words[-1] if words and words[-1] in POSITIONS else None

    def seconds(self, index: int) -> float:
        """Return the record's length."""
        return float(self.fields["n"][index] / self.fields["fs"][index])

    def playable(self, index: int) -> bool:
        """Whether a frame can carry the record: it has samples, at a rate the wire allows."""
        return int(self.fields["n"][index]) > 0 and MIN_RATE_HZ <= float(self.fields["fs"][index]) <= MAX_RATE_HZ

    def sensor(self, index: int) -> Sensor:
        """Return the sensor that a wearable with this record has."""
        gyro_scale = float(self.fields["gyr_scale"]) if self._has_gyro(index) else 0.0
        return Sensor(round(1e9 / float(self.fields["fs"][index])), float(self.fields["acc_scale"]), gyro_scale)

    def samples(self, index: int) -> NDArray[np.int16]:
        """Return the record's counts, int16 (n, 3), or (n, 6) where it has a usable gyroscope."""
        rows = slice(int(self.fields["start"][index]), int(self.fields["start"][index] + self.fields["n"][index]))
        acc: NDArray[np.int16] = self.fields["acc"][rows]
        if not self._has_gyro(index):
            return acc
        return np.hstack([acc, self.fields["gyr"][rows].astype(np.int16)])

    def choose(self, falls: int, adl: int, seed: int) -> list[int]:
        """Return that many falls and records of daily life, drawn by ``seed``, in a drawn order.

        Raises BadRecording when the file has fewer.
        """
        rng = np.random.default_rng(seed)
        playable = np.array([self.playable(index) for index in range(len(self))], dtype=bool)
        chosen: list[int] = []
        for wanted, label, what in ((falls, 1, "falls"), (adl, 0, "records of daily life")):
            there = np.flatnonzero((self.fields["label"] == label) & playable)
            if wanted > len(there):
                raise BadRecording(f"{wanted} {what} are asked for, but {self.name} has {len(there)}.")
            chosen += [int(index) for index in rng.choice(there, wanted, replace=False)]
        rng.shuffle(chosen)
        return chosen

    def _has_gyro(self, index: int) -> bool:
        fields = self.fields
        if "gyr" not in fields or "gyr_scale" not in fields or len(fields["gyr"]) != len(fields["acc"]):
            return False
        has = "has_gyr" not in fields or bool(fields["has_gyr"][index])
        return has and 0 < float(fields["gyr_scale"]) <= MAX_GYRO_SCALE
