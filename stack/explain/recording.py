"""One record of a file of recordings, played through the fall detector as if live, and what it made of it."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from detectors.fall import FallConfig
from detectors.fall_model import MODEL
from detectors.wearable import WornFrame
from device_sim.recordings import BadRecording, Recordings
from schemas.finding import Finding, Stage
from stack.explain.judging import judge, judge_all, model_for
from stack.explain.signal import Segment
from stack.explain.told import Explained, Judged, Moment, Score

#: Frames as our wearables send them; the whole platform counts delays so (docs/detectors/falls.md).
_FRAME_S = 2.0
#: When the record begins on the event clock: any time, far from 0.
_START_US = 1_700_000_000_000_000
_SECOND = 1_000_000
#: Impacts told of a record: those most like a fall. A long day has thousands.
_IMPACTS_TOLD = 8


@dataclass(frozen=True, slots=True)
class _Emitted:
    """A finding with the time of the record at which the detector emitted it."""

    at_s: float
    finding: Finding


def explain_record(path: Path, index: int, position: str | None = None, number: int = 1) -> Explained:
    """Return what the detector makes of record ``index``: its ``number``-th finding, or its impact most like a fall.

    ``position`` stands in for the file's ("unknown": none is told). Raises BadRecording with a sentence.
    """
    recordings = Recordings.load(path)
    if not 0 <= index < len(recordings):
        raise BadRecording(f"{path.name} has no record {index}: it holds 0 to {len(recordings) - 1}.")
    if not recordings.playable(index):
        raise BadRecording(f"Record {index} of {path.name} cannot be played: no samples, or a rate that no frame has.")
    worn = _position(recordings, index) if position is None else position
    record = _segment(recordings, index)
    emitted = _played(recordings, index, worn)
    impacts = judge_all(record, worn)
    groups = _by_id(emitted)
    source: dict[str, str | int | float] = {
        "file": path.name,
        "record": index,
        "label": recordings.kind(index),
        "position": worn or "unknown",
        "rate_hz": float(f"{float(recordings.fields['fs'][index]):.4g}"),
        "seconds": round(recordings.seconds(index), 1),
        "findings": len(groups),
    }
    likeliest = tuple(sorted(sorted(impacts, key=lambda each: -each.probability)[:_IMPACTS_TOLD], key=lambda i: i.at_s))
    if not groups:
        return _nothing_found(source, record, worn, likeliest)
    if not 1 <= number <= len(groups):
        raise BadRecording(f"Record {index} of {path.name} has {len(groups)} finding(s), not a number {number}.")
    return _of(groups[number - 1], source, record, worn, likeliest)


def _of(
    stages: list[_Emitted],
    source: dict[str, str | int | float],
    record: Segment,
    worn: str | None,
    impacts: tuple[Judged, ...],
) -> Explained:
    last = stages[-1].finding
    impact_s = (last.event_us - _START_US) / _SECOND
    shifted = [Segment(record.t_s - impact_s, record.acc_g)]
    verdict = judge(shifted, worn)
    course = tuple(
        Moment(
            round(each.at_s - impact_s, 2),
            "updated" if each.finding.update else "stage",
            each.finding.stage,
            upto_s=round((each.finding.decided_us - each.finding.event_us) / _SECOND, 2),
        )
        for each in stages
    )
    return Explained(
        source={**source, "impact_at_s": round(impact_s, 2)},
        kind=last.kind,
        stage=last.stage,
        event_us=last.event_us,
        score=Score(
            probability=last.score,
            threshold=verdict.threshold if verdict else None,
            place=verdict.place if verdict else None,
            model=last.model,
            again=round(verdict.probability, 4) if verdict else None,
        ),
        course=course,
        phases=last.evidence.phases,
        reasons=last.evidence.reasons,
        features=last.evidence.features,
        weights=verdict.weights if verdict else None,
        segments=shifted,
        impacts=impacts,
    )


def _nothing_found(
    source: dict[str, str | int | float], record: Segment, worn: str | None, impacts: tuple[Judged, ...]
) -> Explained:
    place, model = model_for(worn)
    likeliest = max(impacts, key=lambda each: each.probability, default=None)
    at_s = likeliest.at_s if likeliest else float(record.t_s[record.magnitude.argmax()])
    shifted = [Segment(record.t_s - at_s, record.acc_g)]
    verdict = judge(shifted, worn) if likeliest else None
    return Explained(
        source={**source, "impact_at_s": round(at_s, 2)},
        kind="fall",
        stage=None,
        event_us=_START_US + round(at_s * _SECOND),
        score=Score(likeliest.probability if likeliest else None, model.threshold, place, MODEL),
        weights=verdict.weights if verdict else None,
        segments=shifted,
        impacts=impacts,
    )


def _position(recordings: Recordings, index: int) -> str | None:
    """Return the record's position in the file's own words: the detector knows more of them than a binding."""
    if "position" not in recordings.fields:
        return None
    return str(recordings.fields["position"][index]) or None


def _segment(recordings: Recordings, index: int) -> Segment:
    acc = recordings.samples(index)[:, :3].astype(np.float64) * float(recordings.fields["acc_scale"])
    return Segment(np.arange(len(acc)) * recordings.sensor(index).period_ns / 1e9, acc)


def _played(recordings: Recordings, index: int, worn: str | None) -> list[_Emitted]:
    detector = FallConfig().build()
    emitted: list[_Emitted] = []
    for frame in _frames(recordings, index, None if worn == "unknown" else worn):
        now_us = frame.event_us + frame.duration_us
        for found in (detector.update([frame]), detector.tick(now_us)):
            emitted += [_Emitted((now_us - _START_US) / _SECOND, each) for each in found]
    while (due_us := detector.due()) is not None:
        now_us = -(-due_us // _SECOND) * _SECOND
        emitted += [_Emitted((now_us - _START_US) / _SECOND, each) for each in detector.tick(now_us)]
    return emitted


def _frames(recordings: Recordings, index: int, worn: str | None) -> list[WornFrame]:
    samples, sensor = recordings.samples(index)[:, :3], recordings.sensor(index)
    length = sensor.samples_in(_FRAME_S)
    made: list[WornFrame] = []
    for seq, first in enumerate(range(0, len(samples), length)):
        t0_us = first * sensor.period_ns // 1000
        made.append(
            WornFrame(
                unit="recording",
                resident="person",
                device="wearable",
                key=f"wearable:1:{seq}:frame",
                boot=1,
                seq=seq,
                t0_us=t0_us,
                event_us=_START_US + t0_us,
                period_ns=sensor.period_ns,
                acc=samples[first : first + length],
                accel_scale=sensor.accel_scale,
                position=worn,
            )
        )
    return made


def _by_id(emitted: list[_Emitted]) -> list[list[_Emitted]]:
    """Return the findings by id, those that were confirmed first, each with its stages in order."""
    groups: dict[str, list[_Emitted]] = {}
    for each in emitted:
        groups.setdefault(each.finding.id, []).append(each)
    confirmed = [any(each.finding.stage is Stage.CONFIRMED for each in group) for group in groups.values()]
    order = sorted(range(len(groups)), key=lambda which: not confirmed[which])
    told = list(groups.values())
    return [told[which] for which in order]
