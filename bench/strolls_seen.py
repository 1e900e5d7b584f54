"""What receivers make of a walk, for bench.strolls: slow drift, multipath, network fixes mixed in, rooms, and silence.

Built otherwise than device_sim.walking.receiver: the error is a sum of a slow and a fast drift, accuracy is told only
at times, and wrong by a factor; buildings keep a phone on guesses of networks.
"""

from typing import Final

import numpy as np
from scipy.signal import lfilter

from bench.walks import Walk
from device_sim.walking.paces import Floats

Rng = np.random.Generator

#: A good GPS, one between houses, the same that tells nothing of its error, a phone that mixes in networks, a phone
#: indoors, a tracker that speaks seldom; and a positioning system in a building.
ROOM_RECEIVER: Final = "rooms"
RECEIVERS: Final = ("gps", "houses", "untold", "phone", "tracker")
INDOORS: Final = "indoors"
#: Seconds between fixes.
PERIODS_S: Final = (1, 2, 3, 5, 10, 15, 30)
TRACKER_PERIODS_S: Final = (20, 30, 60)
#: Quantiles of a phone's error indoors, metres.
_INDOOR: Final = ((0.0, 0.5, 0.9, 0.99, 1.0), (4.0, 20.0, 466.0, 1414.0, 3000.0))


def drift(rng: Rng, n: int, time_s: float) -> Floats:
    """Return a Gauss-Markov error (n, 2) of deviation 1 and the given time, one value a second."""
    keep = float(np.exp(-1 / time_s))
    noise = rng.normal(size=(n, 2)) * np.sqrt(1 - keep**2)
    noise[0] = rng.normal(size=2)
    made: Floats = lfilter([1.0], [1.0, -keep], noise, axis=0)
    return made


def seen(pattern: str, path: Floats, onset: float | None, receiver: str, rng: Rng) -> Walk:
    """Return the path (n, 2), a point a second, as a receiver saw it."""
    if receiver == ROOM_RECEIVER:
        return _in_rooms(pattern, path, onset, rng)
    n = len(path)
    period = int(rng.choice(TRACKER_PERIODS_S if receiver == "tracker" else PERIODS_S))
    radius = float(np.exp(rng.normal(np.log(8.0 if receiver in ("houses", "untold") else 4.5), 0.35)))
    accuracy = np.full(n, radius)
    off = (0.8 * drift(rng, n, rng.uniform(60, 300)) + 0.6 * drift(rng, n, rng.uniform(3, 15))) * radius / 1.51
    if receiver in ("houses", "untold"):
        off += _multipath(rng, n)
    if receiver == "phone":
        _networks(rng, accuracy, off, rng.uniform(0.02, 0.15))
    elif receiver == INDOORS:
        _networks(rng, accuracy, off, 1.0)
    told = accuracy * np.exp(rng.normal(0, 0.25, n)) * np.exp(rng.normal(0, 0.2))
    if receiver == "untold" or (receiver in ("gps", "tracker") and rng.uniform() < 0.4):
        told = np.full(n, np.nan)
    at = np.arange(0, n, period)
    at = at[rng.uniform(size=len(at)) > 0.03]
    at = at if len(at) > 2 else np.arange(0, n, period)
    return Walk(pattern, at.astype(np.float64), (path + off)[at], told[at], onset)


def _multipath(rng: Rng, n: int) -> Floats:
    """Now and then the fix is off by tens of metres, for seconds to a minute."""
    off, at = np.zeros((n, 2)), 0
    while (at := at + int(rng.exponential(240)) + 1) < n:
        lasts, far, angle = int(rng.uniform(3, 50)), rng.uniform(10, 45), rng.uniform(0, 2 * np.pi)
        off[at : at + lasts] += far * np.array([np.cos(angle), np.sin(angle)])
    return off


def _networks(rng: Rng, accuracy: Floats, off: Floats, share: float) -> None:
    """Replace a share of the time by guesses of networks, each kept for a while, and its accuracy told."""
    at, n = 0, len(accuracy)
    while at < n:
        lasts = int(rng.exponential(60)) + 5
        if rng.uniform() < share:
            radius = float(np.exp(np.interp(rng.uniform(), _INDOOR[0], np.log(_INDOOR[1]))))
            accuracy[at : at + lasts] = radius
            off[at : at + lasts] = rng.normal(size=2) * radius / 1.51
        at += lasts


def _in_rooms(pattern: str, path: Floats, onset: float | None, rng: Rng) -> Walk:
    """Several fixes a second; beside walls a bias of decimetres that changes from place to place."""
    n, each = len(path), float(rng.choice([0.1, 0.25, 0.5, 1.0]))
    t_s = np.arange(0, n - 1, each)
    places = np.column_stack([np.interp(t_s, np.arange(n), path[:, axis]) for axis in (0, 1)])
    biased = rng.uniform(0, 0.25) * np.sin(places[:, ::-1] * rng.uniform(0.5, 2, 2) + rng.uniform(0, 6, 2))
    noise = rng.normal(0, rng.uniform(0.05, 0.3), places.shape)
    return Walk(pattern, t_s, places + biased + noise, np.full(len(t_s), np.nan), onset)
