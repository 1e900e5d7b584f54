"""``python -m bench.quality_wandering_curve PATH...``: tracks with more and with less asked for.

The curve says what a keener or a calmer threshold would cost. The last lines choose the threshold on four fifths of the
normal tracks of a file, for at most BLIND_SHARE flagged, and count the flags on the fifth that was not looked at.
"""

import sys
from dataclasses import replace
from math import log
from pathlib import Path
from statistics import median
from typing import Final

from bench.quality_wandering import flagged_at
from bench.tracks_read import RecordedTrack, read_tracks, track_files
from detectors.wandering import WanderingConfig
from detectors.wandering_walk import WalkConfig
from device_sim.report.intervals import share as wilson

#: What is asked for, by the factor of a sensitivity; 1 is the default.
FACTORS: Final = (0.6, 0.7, 0.85, 1.0, 1.15, 1.3, 1.5)
#: Share of normal tracks that may be flagged, and the folds, by track.
BLIND_SHARE, FOLDS = 0.005, 5


def scaled(factor: float) -> WanderingConfig:
    """Return the default settings, asking for as much more as a sensitivity with this factor does."""
    walk = WalkConfig()
    return WanderingConfig(walk=replace(walk, harder=walk.factor_odds * log(factor)))


def main(arguments: list[str]) -> int:
    """Print the curve of each file; return the exit status."""
    for file in track_files([Path(text) for text in arguments]):
        tracks = list(read_tracks(file))
        flags = {factor: [flagged_at(track, scaled(factor)) for track in tracks] for factor in FACTORS}
        print(file.name)
        for factor, at_s in flags.items():
            print(f"    x {factor:4}  " + "  ".join(_by_label(tracks, at_s)))
        normal = [index for index, track in enumerate(tracks) if not track.wandering]
        if len(normal) >= 1 / BLIND_SHARE:
            print(f"    {_blind(normal, flags)}")
    return 0


def _by_label(tracks: list[RecordedTrack], at_s: list[float | None]) -> list[str]:
    told: list[str] = []
    pairs = list(zip(tracks, at_s, strict=True))
    for label in sorted({track.label for track in tracks if track.wandering}):
        own = [(track, s) for track, s in pairs if track.label == label]
        delays = [s - track.onset_s for track, s in own if s is not None and s >= track.onset_s]
        after = f" after {median(delays) / 60:.1f} min" if delays else ""
        told.append(f"{label} {_percent(len(delays), len(own))}{after}")
    normal = [s for track, s in pairs if not track.wandering]
    if normal:
        told.append(f"normal {_percent(sum(s is not None for s in normal), len(normal))}")
    return told


def _blind(normal: list[int], flags: dict[float, list[float | None]]) -> str:
    flagged = 0
    chosen: list[float] = []
    for fold in range(FOLDS):
        seen = [index for place, index in enumerate(normal) if place % FOLDS != fold]
        unseen = [index for place, index in enumerate(normal) if place % FOLDS == fold]
        fits = [f for f, at_s in flags.items() if sum(at_s[i] is not None for i in seen) <= BLIND_SHARE * len(seen)]
        chosen.append(min(fits, default=max(FACTORS)))
        flagged += sum(flags[chosen[-1]][index] is not None for index in unseen)
    factors = ", ".join(map(str, chosen))
    return f"chosen blind: x {factors}; flagged of those not looked at {_percent(flagged, len(normal))}"


def _percent(hits: int, of: int) -> str:
    low, high = wilson(hits, of)
    return f"{100 * hits / of:.1f} % [{100 * low:.1f}, {100 * high:.1f}]"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
