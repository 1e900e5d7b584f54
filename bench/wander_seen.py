"""Walks, made up and real, as the model of wandering sees them: what they look like at each new point of the way."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import isnan
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.strolls import PURPOSEFUL as STROLLS
from bench.strolls import ROOMS as STROLLS_INDOORS
from bench.strolls import strolls
from bench.strolls_seen import INDOORS, RECEIVERS, ROOM_RECEIVER
from bench.tracks_read import RecordedTrack, read_tracks
from bench.walks import INDOOR, PURPOSEFUL, WANDERING, Walk, walks
from detectors.kernels import way_rows as ways
from detectors.tracks import Fix, Track, TrackConfig, take
from detectors.walk_model import OUTSIDE, ROOMS, SCALES_S, looks_of
from detectors.wandering_walk import WalkConfig
from device_sim.walking.paces import Floats

_DEGREE_M = 111_195.0
_START_US = 1_700_000_000_000_000
#: Where a walk comes from: the two generators, real tracks, and real rounds put one after another.
WALKS, STROLLED, ROUNDS, CHAINED = "walks", "strolls", "rounds", "chained"
#: So many real rounds on foot follow on each other in a chained walk: an hour.
_CHAIN = 10


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """One walk. ``at_s`` (m,) and ``looks`` (m, columns): its points; ``onset_s``: of wandering, None: none."""

    origin: str
    pattern: str
    receiver: str
    period_s: float
    seconds: float
    onset_s: float | None
    at_s: Floats
    looks: NDArray[np.float32]
    name: str = ""


def see(walk: Walk, origin: str, receiver: str, *, degrees: bool, model: str, name: str = "") -> Seen:
    """Play a walk; ``degrees``: as a phone tells it, so that nobody takes it for a system in a building."""
    track, config, fewest = Track(), TrackConfig(), WalkConfig().fewest_points
    scales_s = np.array(SCALES_S[model])
    at_s: list[float] = []
    looks: list[Floats] = []
    places = walk.xy_m / _DEGREE_M if degrees else walk.xy_m
    for t_s, (x, y), accuracy in zip(walk.t_s.tolist(), places.tolist(), walk.accuracy_m.tolist(), strict=True):
        told = None if isnan(accuracy) else accuracy
        if take(track, Fix(_START_US + round(t_s * 1e6), x, y, told, degrees), config) and len(track.rows) >= fewest:
            at_s.append(t_s)
            looks.append(looks_of(track.rows, scales_s).ravel())
    table = np.array(looks, np.float32).reshape(len(at_s), len(scales_s) * ways.TOLD)
    period, seconds = float(np.median(np.diff(walk.t_s))), float(walk.t_s[-1] - walk.t_s[0])
    return Seen(origin, walk.pattern, receiver, period, seconds, walk.onset_s, np.array(at_s), table, name)


def made_up(model: str, count: int, seed: int) -> Iterator[Seen]:
    """Yield walks of both generators, ``count`` of each pattern; half of those outside in degrees."""
    if model == ROOMS:
        for pattern in INDOOR:
            for walk in walks(pattern, count, seed, "uwb"):
                yield see(walk, WALKS, "uwb", degrees=False, model=model)
        for pattern in STROLLS_INDOORS:
            for walk in strolls(pattern, count, seed, ROOM_RECEIVER):
                yield see(walk, STROLLED, ROOM_RECEIVER, degrees=False, model=model)
        return
    for pattern in (*WANDERING, *PURPOSEFUL):
        for receiver, share in (("gps", 2), ("phone", 4)):
            for n, walk in enumerate(walks(pattern, 2 * count // share, seed, receiver)):
                yield see(walk, WALKS, receiver, degrees=n % 2 == 0, model=model)
    for pattern in (*WANDERING, *STROLLS):
        for n, walk in enumerate(strolls(pattern, 2 * count, seed)):
            yield see(walk, STROLLED, RECEIVERS[n % len(RECEIVERS)], degrees=n % 2 == 0, model=model)
    for pattern in (*WANDERING, "home", "mall"):
        for n, walk in enumerate(strolls(pattern, count // 3, seed, INDOORS)):
            yield see(walk, STROLLED, INDOORS, degrees=n % 2 == 0, model=model)


def recorded(path: Path, model: str) -> Iterator[Seen]:
    """Yield the tracks of a file, and, of what was walked outside with a purpose, chains of ten one after another."""
    tracks = list(read_tracks(path))
    for track in tracks:
        yield see(_walk(track), ROUNDS, path.name, degrees=track.degrees, model=model, name=track.track)
    on_foot = [_walk(track) for track in tracks if not track.wandering and track.label == "OnFoot"]
    if model == OUTSIDE and len(on_foot) >= _CHAIN:
        for walk in chained(on_foot, 100, 0):
            yield see(walk, CHAINED, path.name, degrees=False, model=model)


def _walk(track: RecordedTrack) -> Walk:
    first = track.rows[0].t_ms
    accuracy = [np.nan if row.accuracy_m is None else row.accuracy_m for row in track.rows]
    places = np.array([(row.x, row.y) for row in track.rows])
    if track.degrees:
        places = (places - places[0]) * _DEGREE_M * np.array([np.cos(np.radians(places[0, 1])), 1.0])
    times = np.array([(row.t_ms - first) / 1000 for row in track.rows])
    return Walk(track.label, times, places, np.array(accuracy), track.onset_s if track.wandering else None)


def chained(found: Sequence[Walk], count: int, seed: int) -> Iterator[Walk]:
    """Yield real walks put one after another, each turned so that it leads on about as the last did."""
    rng = np.random.default_rng([seed, 5])
    for _ in range(count):
        times, places, heading = [np.zeros(0)], [np.zeros((1, 2))], rng.uniform(0, 2 * np.pi)
        end_s = 0.0
        for one in rng.choice(len(found), _CHAIN, replace=False):
            path = found[one].xy_m - found[one].xy_m[0]
            now = np.arctan2(path[-1, 1], path[-1, 0])
            heading += rng.normal(0, 0.7)
            cos, sin = np.cos(heading - now), np.sin(heading - now)
            places.append(path @ np.array([[cos, sin], [-sin, cos]]) + places[-1][-1])
            times.append(found[one].t_s + end_s)
            end_s = float(times[-1][-1]) + 5.0
        t_s = np.concatenate(times)
        yield Walk("chained", t_s, np.vstack(places[1:]), np.full(len(t_s), np.nan), None)


def all_of(paths: Iterable[Path], model: str, count: int, seed: int) -> list[Seen]:
    """Return made-up walks and the tracks of ``paths``."""
    real = [one for path in paths for one in recorded(path, model)]
    return [*made_up(model, count, seed), *real]
