"""A published rule beside ours: sharp turns, after theta_WD (Lin et al., 2012, hal-01297724).

Only the idea is theirs: fixes thinned to steps that noise does not make, and turns counted. The numbers are ours, set
where real rounds of deliverers (goal_dev) are flagged in about one of forty tracks.
"""

from collections import deque
from math import acos, cos, hypot, pi, radians

from bench.tracks_read import RecordedTrack

#: Shortest step between fixes that counts, metres: outdoors GPS's error, in a building that of its own system.
STEP_M, ROOM_STEP_M = 15.0, 1.0
#: A track whose fixes come more often than this, in metres of its own, is in a building, seconds.
ROOM_INTERVAL_S = 2.0
#: A turn is sharp from here on; so many of them within so long are wandering.
SHARP_RAD, SHARP_POINTS, WINDOW_S = pi / 2, 8, 600.0
_DEGREE_M = 111_195.0


def sharp_points(track: RecordedTrack) -> float | None:
    """Return seconds from the first fix to the one that completes SHARP_POINTS sharp turns in WINDOW_S, or None."""
    first = track.rows[0]
    step_m = _step_m(track)
    kept: list[tuple[float, float]] = []
    sharp: deque[float] = deque()
    for row in track.rows:
        x, y = row.x - first.x, row.y - first.y
        if track.degrees:
            x, y = x * _DEGREE_M * cos(radians(first.y)), y * _DEGREE_M
        if kept and hypot(x - kept[-1][0], y - kept[-1][1]) < step_m:
            continue
        kept = [*kept[-2:], (x, y)]
        if len(kept) == 3 and _turn(*kept) >= SHARP_RAD:
            at_s = (row.t_ms - first.t_ms) / 1000
            sharp.append(at_s)
            while sharp[0] < at_s - WINDOW_S:
                sharp.popleft()
            if len(sharp) >= SHARP_POINTS:
                return round(at_s, 3)
    return None


def _step_m(track: RecordedTrack) -> float:
    interval_s = track.seconds / max(1, len(track.rows) - 1)
    return ROOM_STEP_M if not track.degrees and interval_s < ROOM_INTERVAL_S else STEP_M


def _turn(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
    """Return the change of heading at ``b``, 0 to pi."""
    ux, uy, vx, vy = b[0] - a[0], b[1] - a[1], c[0] - b[0], c[1] - b[1]
    cosine = (ux * vx + uy * vy) / (hypot(ux, uy) * hypot(vx, vy))
    return acos(max(-1.0, min(1.0, cosine)))
