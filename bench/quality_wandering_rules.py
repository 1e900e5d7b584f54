"""Published kinds of rules beside ours: ``python -m bench.quality_wandering_rules PATH...``.

Only the ideas are theirs; the numbers are ours. They are told positions in metres.

``way_over_extent``: how far was walked over how far apart it lies, in a window. ``cells``: a stream of grid cells, as
with geohashes, and how often one is entered again. ``orders``: the patterns of Martino-Saltzman et al. (Gerontologist
1991 31:666) as Vuong et al. (2011) tell them from the order of places: to and fro twice, around twice, or many places
in no order.
"""

import sys
from collections.abc import Callable, Sequence
from itertools import pairwise
from math import cos, hypot, radians
from pathlib import Path
from statistics import median
from typing import Final

from bench.quality_wandering_rule import ROOM_INTERVAL_S, ROOM_STEP_M, STEP_M
from bench.tracks_read import RecordedTrack, read_tracks, track_files
from device_sim.report.intervals import share as wilson

#: Seconds, x, y: one fix.
Fix = tuple[float, float, float]
#: The window, and the way over the extent that is wandering, in steps that noise does not make.
WINDOW_S, RATIO, LEAST_STEPS = 600.0, 4.0, 8
#: Side of a cell in steps, and how often one is entered within the window.
CELL_STEPS, ENTERED = 2.0, 4
#: Places looked at for an order, and how many are enough for none.
PLACES, NO_ORDER = 12, 9


def thinned(fixes: Sequence[Fix], step_m: float) -> list[Fix]:
    """Return fixes at least a step apart."""
    kept = list(fixes[:1])
    for fix in fixes:
        if hypot(fix[1] - kept[-1][1], fix[2] - kept[-1][2]) >= step_m:
            kept.append(fix)
    return kept


def way_over_extent(fixes: Sequence[Fix], step_m: float) -> float | None:
    """Return when the way in the last WINDOW_S is RATIO times its extent, seconds, or None."""
    kept, first = thinned(fixes, step_m), 0
    for i, (t_s, _, _) in enumerate(kept):
        while kept[first][0] < t_s - WINDOW_S:
            first += 1
        part = kept[first : i + 1]
        if len(part) < LEAST_STEPS:
            continue
        way = sum(hypot(b[1] - a[1], b[2] - a[2]) for a, b in pairwise(part))
        x, y = [fix[1] for fix in part], [fix[2] for fix in part]
        if way >= RATIO * hypot(max(x) - min(x), max(y) - min(y)):
            return t_s
    return None


def _cells(fixes: Sequence[Fix], step_m: float) -> list[tuple[float, tuple[int, int]]]:
    side = CELL_STEPS * step_m
    found: list[tuple[float, tuple[int, int]]] = []
    for t_s, x, y in fixes:
        cell = (int(x // side), int(y // side))
        if not found or found[-1][1] != cell:
            found.append((t_s, cell))
    return found


def cells(fixes: Sequence[Fix], step_m: float) -> float | None:
    """Return when a cell was entered ENTERED times in WINDOW_S, seconds, or None."""
    seen: dict[tuple[int, int], list[float]] = {}
    for t_s, cell in _cells(thinned(fixes, step_m), step_m):
        times = [t for t in seen.get(cell, []) if t >= t_s - WINDOW_S] + [t_s]
        if len(times) >= ENTERED:
            return t_s
        seen[cell] = times
    return None


def orders(fixes: Sequence[Fix], step_m: float) -> float | None:
    """Return when the order of the last PLACES cells is to and fro, around, or none at all, seconds, or None."""
    entered = _cells(thinned(fixes, step_m), step_m)
    for i in range(4, len(entered) + 1):
        last = [cell for _, cell in entered[max(0, i - PLACES) : i]]
        to_and_fro = last[-1] == last[-3] and last[-2] == last[-4]
        around = any(last[-n:] == last[-2 * n : -n] for n in range(3, len(last) // 2 + 1))
        none = len(last) == PLACES and PLACES - len(set(last)) >= PLACES - NO_ORDER + 3
        if to_and_fro or around or none:
            return entered[i - 1][0]
    return None


RULES: Final[dict[str, Callable[[Sequence[Fix], float], float | None]]] = {
    "way over extent": way_over_extent, "cells entered again": cells, "order of places": orders,
}  # fmt: skip
STEPS_M: Final = {"rooms": ROOM_STEP_M, "outside": STEP_M}

_DEGREE_M = 111_195.0


def main(arguments: list[str]) -> int:
    """Print by file, label and rule what share is flagged, of wandering after its onset; return the exit status."""
    for file in track_files([Path(text) for text in arguments]):
        tracks = list(read_tracks(file))
        for label in sorted({track.label for track in tracks}):
            own = [track for track in tracks if track.label == label]
            for name, rule in RULES.items():
                after = [_after(track, rule) for track in own]
                delays = [s for s in after if s is not None]
                low, high = wilson(len(delays), len(own))
                share = f"{100 * len(delays) / len(own):.1f} % [{100 * low:.1f}, {100 * high:.1f}]"
                minutes = f", {median(delays) / 60:.1f} min" if delays and own[0].wandering else ""
                print(f"{file.name}  {label:10} {name:20} {share}{minutes}")
    return 0


def _after(track: RecordedTrack, rule: Callable[[Sequence[Fix], float], float | None]) -> float | None:
    first = track.rows[0]
    north, east = (_DEGREE_M, _DEGREE_M * cos(radians(first.y))) if track.degrees else (1.0, 1.0)
    fixes = [
        ((row.t_ms - first.t_ms) / 1000, (row.x - first.x) * east, (row.y - first.y) * north) for row in track.rows
    ]
    inside = not track.degrees and track.seconds / max(1, len(fixes) - 1) < ROOM_INTERVAL_S
    at_s = rule(fixes, STEPS_M["rooms" if inside else "outside"])
    onset_s = track.onset_s if track.wandering else 0.0
    return None if at_s is None or at_s < onset_s else at_s - onset_s


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
