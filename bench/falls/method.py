"""What a fall detector is to the bench: it plays a record. Ours and the published ones are rows of one table.

A published method names the moments it takes for falls, and when it can know (``Suspect``). What surrounds it here is
the same for all: 2 s frames, so that an alarm is emitted at the end of the frame that completes it; one alarm for
suspects as close together as ours takes for one fall; and where the data end before it could know, it decides 15 s
later on what there is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bench.play_falls import FRAME_S, Played
from bench.recordings import Record
from detectors.fall import FallConfig
from schemas.finding import Stage

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Signal:
    """What a method is told: ``acc`` (n, 3) in g, gravity included, ``fs`` in Hz, and where it is worn, if known."""

    acc: Floats
    fs: float
    position: str | None

    @property
    def mag(self) -> Floats:
        """Return |a|, shape (n,), g."""
        return np.asarray(np.sqrt(np.einsum("ij,ij->i", self.acc, self.acc)))


@dataclass(frozen=True, slots=True)
class Suspect:
    """A moment that a method takes for a fall, and the time up to which it needs the signal; seconds."""

    at_s: float
    ready_s: float


class Method(Protocol):
    """A fall detector that plays records of one person each."""

    name: str

    def play(self, record: Record, *, tell_position: bool = True) -> Played:
        """Return what it alarms on, each at the time when it is emitted."""
        ...


class Published:
    """A method that looks back at a signal and names its suspects; each needs nothing after its ``ready_s``."""

    name: str

    def suspects(self, signal: Signal) -> Iterable[Suspect]:
        """Return the suspects, in any order."""
        raise NotImplementedError

    def play(self, record: Record, *, tell_position: bool = True) -> Played:
        """Return what it alarms on, each at the time when it is emitted."""
        signal = signal_of(record, tell_position=tell_position)
        times = alarms(self.suspects(signal), record.seconds)
        return Played(record, times, [(t_s, Stage.CONFIRMED) for t_s in times])


def signal_of(record: Record, *, tell_position: bool = True) -> Signal:
    """Return what a method is told of a record."""
    return Signal(record.acc.astype(np.float64) * record.scale, record.fs, record.position if tell_position else None)


def alarms(suspects: Iterable[Suspect], seconds: float) -> list[float]:
    """Return when the alarms of a record of ``seconds`` are emitted: one for suspects closer than ``apart_s``."""
    rules = FallConfig()
    emitted: list[float] = []
    taken: list[float] = []
    for suspect in sorted(suspects, key=lambda each: (each.ready_s, each.at_s)):
        if any(abs(suspect.at_s - other) <= rules.apart_s for other in taken[-2:]):
            continue
        taken.append(suspect.at_s)
        if suspect.ready_s <= seconds:
            emitted.append(min(seconds, ceil(suspect.ready_s / FRAME_S - 1e-9) * FRAME_S))
        else:
            emitted.append(float(ceil(seconds + rules.wait_s)))
    return [round(t_s, 3) for t_s in emitted]
