"""Play a record through the fall detector as if live: in 2 s frames, with the platform's clock, then silence."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from bench.recordings import Record
from detectors.fall import FallConfig, FallDetector
from detectors.fall_model import FallModel
from detectors.wearable import WornFrame
from schemas.finding import Finding, Stage

#: Length of a frame, as our wearables send them.
FRAME_S = 2.0
#: When a record begins on the event clock; any time, far from 0.
_START_US = 1_700_000_000_000_000
_SECOND = 1_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Played:
    """What the detector found in a record: times in seconds from the record's first sample, when emitted."""

    record: Record
    findings: list[float]
    stages: list[tuple[float, Stage]]
    found: list[Finding] = field(default_factory=list)

    @property
    def hardest_s(self) -> float:
        """Time of the largest |a|."""
        counts = self.record.acc.astype(np.float64)
        return int(np.argmax(np.einsum("ij,ij->i", counts, counts))) / self.record.fs

    def as_json(self) -> dict[str, Any]:
        """Return the record's entry in the JSON of schema 1."""
        record = self.record
        return {
            "index": record.index,
            "file": record.file,
            "trial": record.trial,
            "subject": record.subject,
            "position": record.position,
            "kind": record.kind,
            "label": record.label,
            "seconds": round(record.seconds, 3),
            "findings": self.findings,
            "stages": [{"t_s": t_s, "stage": str(stage)} for t_s, stage in self.stages],
        }


def frames_of(record: Record, *, tell_position: bool = True) -> Iterator[WornFrame]:
    """Yield the record as frames of FRAME_S. Of the record only the signal, its rate and the position are told."""
    length = max(1, round(FRAME_S * record.fs))
    period_ns = round(1e9 / record.fs)
    for seq, first in enumerate(range(0, len(record.acc), length)):
        t0_us = first * period_ns // 1000
        yield WornFrame(
            unit="bench",
            resident="person",
            device="wearable",
            key=f"wearable:1:{seq}:frame",
            boot=1,
            seq=seq,
            t0_us=t0_us,
            event_us=_START_US + t0_us,
            period_ns=period_ns,
            acc=record.acc[first : first + length],
            accel_scale=record.scale,
            position=record.position if tell_position else None,
        )


def play_record(
    record: Record,
    config: FallConfig | None = None,
    *,
    tell_position: bool = True,
    models: Mapping[str, FallModel] | None = None,
) -> Played:
    """Play one record through a detector of its own, and then only the clock, until nothing waits any more."""
    detector = FallDetector(config, models)
    played = Played(record, [], [])
    for frame in frames_of(record, tell_position=tell_position):
        end_us = frame.event_us + frame.duration_us
        _note(played, detector.update([frame]), end_us)
        _note(played, detector.tick(end_us), end_us)
    while (due_us := detector.due()) is not None:
        now_us = -(-due_us // _SECOND) * _SECOND
        _note(played, detector.tick(now_us), now_us)
    if detector.errors:
        key, text = detector.errors[0]
        raise RuntimeError(f"{record.file} record {record.index}, frame {key}: {text}")
    return played


def _note(played: Played, found: list[Finding], now_us: int) -> None:
    at_s = round((now_us - _START_US) / _SECOND, 3)
    for finding in found:
        told = any((one.id, one.stage) == (finding.id, Stage.CONFIRMED) for one in played.found)
        if finding.stage is Stage.CONFIRMED and not told:  # later news of the same fall is no second alarm
            played.findings.append(at_s)
        played.stages.append((at_s, finding.stage))
        played.found.append(finding)
