"""``python -m bench quality wandering``: tracks through the wandering detector (docs/detectors/wandering.md)."""

import argparse
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.quality_wandering_report import wandering_report
from bench.quality_wandering_rule import sharp_points
from bench.recordings import NotARecording
from bench.tracks_read import RecordedTrack, read_tracks, track_files
from detectors.wandering import WanderingConfig, WanderingDetector
from schemas.finding import Finding, Stage
from schemas.reading import Observation, Reading, ReadingKind

#: Version of the JSON that ``--json`` prints.
SCHEMA = 1
#: When a track begins on the event clock; any time, far from 0.
_START_US = 1_700_000_000_000_000
_SECOND = 1_000_000


@dataclass(frozen=True, slots=True, eq=False)
class PlayedTrack:
    """What was found in a track: seconds from its first fix to the first finding, None: none; and the rule beside."""

    recorded: RecordedTrack
    flagged_at_s: float | None
    code: str | None
    rule_at_s: float | None

    def as_json(self) -> dict[str, Any]:
        """Return the track's entry in the JSON of schema 1."""
        track = self.recorded
        return {
            "file": track.file,
            "track": track.track,
            "label": track.label,
            "seconds": round(track.seconds, 3),
            "flagged_at_s": self.flagged_at_s,
        }


def add_wandering(tasks: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the task to the parser of ``bench quality``."""
    wandering = tasks.add_parser("wandering", help="play tracks of positions through the wandering detector")
    wandering.add_argument("paths", nargs="+", type=Path, metavar="PATH", help=".csv[.gz] files of tracks, or folders")
    wandering.add_argument("--json", action="store_true", help="print each track's flag as one JSON object")
    wandering.set_defaults(run=quality_wandering)


def quality_wandering(given: argparse.Namespace) -> int:
    """Play all tracks, print the report or the JSON; return the exit status."""
    began = time.process_time()
    try:
        played = [play_track(track) for file in track_files(given.paths) for track in read_tracks(file)]
    except NotARecording as error:
        print(f"quality wandering: {error}", file=sys.stderr)
        return 2
    if given.json:
        print(json.dumps({"schema": SCHEMA, "tracks": [one.as_json() for one in played]}))
        return 0
    cpu_s = time.process_time() - began
    print(wandering_report(played))
    fixes = sum(len(one.recorded.rows) for one in played)
    print(f"\n{fixes:,} fixes in {cpu_s:.1f} s of CPU, both rules and reading included")
    return 0


def readings_of(track: RecordedTrack) -> Iterator[Reading]:
    """Yield the track as readings of one resident's device. Of a track only positions and their accuracy are told."""
    axes = ("lon", "lat") if track.degrees else ("x", "y")
    first_ms = track.rows[0].t_ms
    for seq, row in enumerate(track.rows):
        at_us = _START_US + round((row.t_ms - first_ms) * 1000)
        seen = [Observation(axes[0], row.x), Observation(axes[1], row.y)]
        if row.accuracy_m is not None:
            seen.append(Observation("accuracy", row.accuracy_m, "m"))
        yield Reading(
            kind=ReadingKind.STATE, arrival_us=at_us, event_us=at_us, end_us=at_us, device="tracker", unit="bench",
            resident="person", boot=1, seq=seq, observations=tuple(seen),
        )  # fmt: skip


def play_track(track: RecordedTrack, config: WanderingConfig | None = None) -> PlayedTrack:
    """Play one track through a detector of its own, and through the rule beside."""
    at_s, code = _play(track, config) or (None, None)
    return PlayedTrack(track, at_s, code, sharp_points(track))


def flagged_at(track: RecordedTrack, config: WanderingConfig | None = None) -> float | None:
    """Return seconds from the first fix to the first finding that would alarm, None: none."""
    flagged = _play(track, config)
    return None if flagged is None else flagged[0]


def _play(track: RecordedTrack, config: WanderingConfig | None) -> tuple[float, str] | None:
    """Feed each fix and the platform's clock with it, and then only the clock; stop at the first flag."""
    detector = WanderingDetector(config)
    flagged: tuple[float, str] | None = None
    for reading in readings_of(track):
        found = detector.update([reading]) + detector.tick(reading.event_us)
        flagged = _flag(found, reading.event_us)
        if flagged is not None:
            break
    while flagged is None and (due_us := detector.due()) is not None:
        flagged = _flag(detector.tick(due_us), due_us)
    if detector.errors:
        key, text = detector.errors[0]
        raise RuntimeError(f"{track.file} track {track.track}, {key}: {text}")
    return flagged


def _flag(found: list[Finding], now_us: int) -> tuple[float, str] | None:
    """Return when, and with which reason, the desk would raise an alarm, in seconds from the first fix."""
    for finding in found:
        if finding.stage is Stage.CONFIRMED:
            return round((now_us - _START_US) / _SECOND, 3), finding.evidence.reasons[0].code
    return None
