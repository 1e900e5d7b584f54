"""Published fall detectors with thresholds, as their authors and Bagala et al. 2012 (PLOS ONE 7:e37062) give them.

None is told anything that ours is not, none has a threshold of its own making. What was adapted is said at each; for
all: "upright" is what the seconds before show (bench.falls.posture), and thresholds for the waist are used everywhere,
since the papers give none for most places.
"""

from collections.abc import Iterator

import numpy as np
from scipy.signal import butter, lfilter, lfilter_zi

from bench.falls.method import Floats, Published, Signal, Suspect
from bench.falls.posture import angles, between, smoothed, upright

#: Standard gravity, m/s2.
GRAVITY = 9.80665


def rises(signal: Floats, level: float) -> list[int]:
    """Return the indexes at which ``signal`` (n,) comes to ``level`` or over it from below, the first one included."""
    over = signal >= level
    return (np.flatnonzero(over & ~np.concatenate([[False], over[:-1]]))).tolist()


class Threshold(Published):
    """|a| over a fixed level, and nothing else: what cheap watches did, and the measure of what must be beaten."""

    def __init__(self, name: str = "threshold", level_g: float = 2.2) -> None:
        self.name, self.level_g = name, level_g

    def suspects(self, signal: Signal) -> Iterator[Suspect]:
        """Yield each rise to the level."""
        for index in rises(signal.mag, self.level_g):
            yield Suspect(index / signal.fs, index / signal.fs)


def bourke_2007() -> Threshold:
    """Return the upper fall threshold at the trunk of Bourke, O'Brien, Lyons, Gait & Posture 2007 26:194: 3.52 g.

    Adapted: nothing. A sensor that clips at 2 g a axis (3.46 g in all) never reaches it.
    """
    return Threshold("bourke2007", 3.52)


class Bourke(Published):
    """Velocity, impact and posture: Bourke et al., J Biomech 2010 43:3051, the best of 13 on real falls in Bagala.

    |a| falls under 0.65 g and rises over 2.8 g, 600 ms after it last went under and 350 ms after it last came over 0.65
    at most; the integral of |a| - 1 g reaches -0.7 m/s; from 1 to 3 s after, more than 75 % of the samples lie more
    than 60 degrees off upright. Adapted: the start of the integral, which Bagala does not give (the last fall through
    1 g before the fall under 0.65 g, at most 1 s before the impact), and gravity as the moving mean of 0.5 s.
    """

    name = "bourke"
    LOW_G, HIGH_G, FALLING_S, RISING_S, SPEED = 0.65, 2.8, 0.6, 0.35, -0.7
    LYING_DEG, LYING_SHARE, FROM_S, TO_S = 60.0, 0.75, 1.0, 3.0
    REACH_S, MEAN_S = 1.0, 0.5

    def suspects(self, signal: Signal) -> Iterator[Suspect]:
        """Yield the impacts that pass all three."""
        mag = signal.mag
        smooth: Floats | None = None
        for index in rises(mag, self.HIGH_G):
            if not self._fell(mag, index, signal.fs):
                continue
            smooth = smoothed(signal.acc, max(1, round(self.MEAN_S * signal.fs))) if smooth is None else smooth
            at_s = index / signal.fs
            after = smooth[between(signal, at_s + self.FROM_S, at_s + self.TO_S)]
            if (angles(after, upright(signal, at_s)) > self.LYING_DEG).mean() > self.LYING_SHARE:
                yield Suspect(at_s, at_s + self.TO_S)

    def _fell(self, mag: Floats, index: int, fs: float) -> bool:
        begin = max(0, index - round(self.REACH_S * fs))
        before = mag[begin:index]
        low = np.flatnonzero(before < self.LOW_G)
        if not len(low) or len(before) - 1 - low[-1] > self.RISING_S * fs:
            return False
        high = np.flatnonzero(before[: low[-1]] >= self.LOW_G)
        under = int(high[-1]) + 1 if len(high) else 0
        if len(before) - under > self.FALLING_S * fs:
            return False
        whole = np.flatnonzero(before[:under] >= 1.0)
        start = int(whole[-1]) + 1 if len(whole) else 0
        speed = np.cumsum(before[start:] - 1.0) * GRAVITY / fs
        return bool(speed.min() <= self.SPEED)


class Kangas(Published):
    """Kangas et al., Gait & Posture 2008 28:285 (waist): impact and posture; with the start of the fall; with velocity.

    At 50 Hz. Start: |a| falls under 0.6 g, the impact follows within 1 s. Velocity (``kangas3``): the integral of
    1 g - |a| from the fall under 1 g to the impact is 0.7 m/s or more. Impact: |a| of 2.0 g (``kangas1``), or any of
    |a| 2.0 g, dynamic |a| 1.7 g (high-pass 0.25 Hz), its sliding range of 0.1 s 2.0 g, vertical 1.5 g, as an open
    implementation of it has them. Posture: 2 s after the last impact, the mean of 0.4 s of the low-passed (0.25 Hz)
    vertical is 0.5 g or less. Adapted: the velocity's level is Bourke's; the vertical is that of the seconds before.
    """

    HZ, CUTOFF_HZ = 50.0, 0.25
    START_G, WITHIN_S, SPEED = 0.6, 1.0, 0.7
    TOTAL_G, DYNAMIC_G, RANGE_G, RANGE_S, VERTICAL_G = 2.0, 1.7, 2.0, 0.1, 1.5
    AFTER_S, MEAN_S, LYING_G = 2.0, 0.4, 0.5

    def __init__(self, variant: int) -> None:
        self.variant, self.name = variant, f"kangas{variant}"

    def suspects(self, signal: Signal) -> Iterator[Suspect]:
        """Yield the impacts that pass all phases of the variant."""
        signal = resampled(signal, self.HZ)
        mag, low = signal.mag, filtered(signal.acc, self.CUTOFF_HZ, signal.fs, "low")
        hits = mag >= self.TOTAL_G if self.variant == 1 else self._hits(signal.acc, mag)
        for last in self._last_hits(mag, hits):
            at_s = last / signal.fs
            until_s = at_s + self.AFTER_S
            settled = low[between(signal, until_s - self.MEAN_S, until_s)].mean(axis=0)
            if float(settled @ upright(signal, at_s)) <= self.LYING_G:
                yield Suspect(at_s, until_s)

    def _hits(self, acc: Floats, mag: Floats) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
        dynamic = filtered(acc, self.CUTOFF_HZ, self.HZ, "high")
        moved = np.sqrt(np.einsum("ij,ij->i", dynamic, dynamic))
        width = round(self.RANGE_S * self.HZ)
        held = np.vstack([np.repeat(acc[:1], width - 1, axis=0), acc])
        lately = np.lib.stride_tricks.sliding_window_view(held, width, axis=0)
        ranges = np.sqrt(np.square(lately.max(axis=2) - lately.min(axis=2)).sum(axis=1))
        vertical = (mag * mag - moved * moved - 1.0) / 2.0
        hit = (mag >= self.TOTAL_G) | (moved >= self.DYNAMIC_G)
        return np.asarray(hit | (ranges >= self.RANGE_G) | (vertical >= self.VERTICAL_G))

    def _last_hits(self, mag: Floats, hits: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> Iterator[int]:
        """Yield the last hit of each fall: none follows it within AFTER_S, or within WITHIN_S of the start."""
        if self.variant == 1:
            at = np.flatnonzero(hits)
            lone = np.diff(at, append=len(mag) + self.HZ * self.AFTER_S) >= self.HZ * self.AFTER_S
            yield from at[lone].tolist()
            return
        for start in rises(-mag, -self.START_G):
            at = start + np.flatnonzero(hits[start : start + round(self.WITHIN_S * self.HZ) + 1])
            if len(at) and (self.variant == 2 or self._speed(mag, start, int(at[0])) >= self.SPEED):
                yield int(at[-1])

    def _speed(self, mag: Floats, start: int, hit: int) -> float:
        begin = max(0, start - round(self.WITHIN_S * self.HZ))
        whole = np.flatnonzero(mag[begin:start] >= 1.0)
        falling = 1.0 - mag[begin + (int(whole[-1]) + 1 if len(whole) else 0) : hit]
        return float(np.maximum(falling, 0.0).sum()) * GRAVITY / self.HZ


def resampled(signal: Signal, fs: float) -> Signal:
    """Return the signal on straight lines between its samples, at another rate."""
    t = np.arange(len(signal.acc)) / signal.fs
    at = np.arange(0.0, t[-1] + 1e-9, 1 / fs)
    return Signal(np.column_stack([np.interp(at, t, signal.acc[:, k]) for k in range(3)]), fs, signal.position)


def filtered(acc: Floats, cutoff_hz: float, fs: float, kind: str, order: int = 2) -> Floats:
    """Return ``acc`` (n, 3) through a causal Butterworth filter that has seen its first sample for ever."""
    b, a = butter(order, cutoff_hz, kind, fs=fs)
    settled = lfilter_zi(b, a)[:, None] * acc[0]
    return np.asarray(lfilter(b, a, acc, axis=0, zi=settled)[0])
