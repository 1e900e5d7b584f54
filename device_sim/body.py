"""A body that sleeps, sits, walks and falls, as an accelerometer on it would feel it. Synthetic: made from published
figures and plausibility, not fitted to recordings, and never a proof that a detector works on people.

A ``Body`` keeps its posture and the direction of gravity in its sensor; each method returns the acceleration of the
next stretch of time, float64 of shape (n, 3) in g, gravity included, and leaves the body where the stretch ends. So
stretches joined end to end have no jump. The same seed and calls give the same samples.
"""

import numpy as np

from device_sim.postures import LYING, Array, Posture, direction, mounting, smooth, tilted, turn, unit

#: White noise of a consumer MEMS part at 50-100 Hz, g (data sheets: 100-200 ug per root Hz).
NOISE_G = 0.003
#: Breaths per minute at rest of older adults (Rodriguez-Molinero 2013 gives 12-28 as normal; the calmer part of it).
BREATHS_PER_MINUTE = (12.0, 20.0)
#: The chest tilts a sensor by about this much with each breath, degrees.
BREATH_DEGREES = 0.6
#: Steps per minute of older adults (Hollman 2011: about 100-115 over 70 years of age).
CADENCE_PER_MINUTE = (98.0, 116.0)
#: Stride-to-stride variability, coefficient of variation (Hausdorff 2001: a few percent in older adults).
STRIDE_VARIABILITY = 0.03
#: A slow turn of the whole body, standing up or lying down, s: chosen, one unhurried sit-to-stand.
TRANSITION_S = (1.6, 2.8)
#: Vertical acceleration of the trunk at the step frequency in slow walking, g: chosen, calm indoor walking.
WALK_G = (0.14, 0.24)
#: A heel strike as it reaches the trunk: a ringing of about this frequency, Hz, and decay, s.
STRIKE_HZ, STRIKE_DECAY_S = 14.0, 0.04


class Body:
    """One body with one sensor at ``position`` (wrist, waist, hip, pocket, chest) sampled at ``rate_hz``."""

    def __init__(
        self, rng: np.random.Generator, rate_hz: float, position: str, posture: Posture = Posture.SITTING
    ) -> None:
        self.rng = rng
        self.rate_hz = rate_hz
        self.position = position
        self.posture = posture
        self.gravity = direction(posture, position)
        self._mounting = mounting(rng)
        self._cadence_hz = rng.uniform(*CADENCE_PER_MINUTE) / 60
        self._breath_hz = rng.uniform(*BREATHS_PER_MINUTE) / 60

    @property
    def on_wrist(self) -> bool:
        """Whether the sensor swings with an arm."""
        return self.position == "wrist"

    def count(self, seconds: float) -> int:
        """Return how many samples ``seconds`` are, at least one."""
        return max(1, round(seconds * self.rate_hz))

    def felt(self, path: Array, motion: Array | float = 0.0) -> Array:
        """Return what the sensor reads: gravity (n, 3) plus motion (n, 3), both in g, turned as it is mounted."""
        noise = self.rng.normal(0.0, NOISE_G, path.shape)
        return np.asarray((path + motion + noise) @ self._mounting.T, dtype=np.float64)

    def move_to(self, posture: Posture, seconds: float | None = None) -> Array:
        """Turn smoothly into ``posture``: lying down, sitting down, standing up, with the little push that it takes."""
        n = self.count(self.rng.uniform(*TRANSITION_S) if seconds is None else seconds)
        target = tilted(direction(posture, self.position), abs(self.rng.normal(0.0, 6.0)), self.rng)
        path = turn(self.gravity, target, smooth(n))
        push = 0.10 * np.sin(np.linspace(0, 2 * np.pi, n))[:, None] * path
        self._settle(posture, target)
        return self.felt(path, push)

    def rest(self, seconds: float, restless: float = 1.0) -> Array:
        """Stay in this posture and breathe; ``restless`` scales the small movements (0: asleep, 1: awake)."""
        n = self.count(seconds)
        t = np.arange(n) / self.rate_hz
        breath = BREATH_DEGREES * np.sin(2 * np.pi * self._breath_hz * t + self.rng.uniform(0, 2 * np.pi))
        path = self._tilting(breath + self._wander(n, restless * (6.0 if self.on_wrist else 1.5)), n)
        return self.felt(path, self._twitches(n, restless))

    def idle(self, seconds: float) -> Array:
        """Lie on a table: nothing but the sensor's own noise."""
        return self.felt(np.tile(self.gravity, (self.count(seconds), 1)))

    def stand(self, seconds: float) -> Array:
        """Stand and sway a little."""
        return self.rest(seconds, restless=0.7)

    def sleep(self, seconds: float) -> Array:
        """Lie and sleep: breathing, and now and then a turn to the other side."""
        if self.rng.random() < seconds / 900:  # chosen: a turn each quarter of an hour
            others = [posture for posture in LYING[:3] if posture != self.posture]
            side = others[int(self.rng.integers(len(others)))]
            return np.concatenate([self.move_to(side), self.rest(seconds, restless=0.0)])
        return self.rest(seconds, restless=0.0)

    def walk(self, seconds: float) -> Array:
        """Walk: the trunk rises with each step and sways with each stride, heels strike, the arm swings."""
        n = self.count(seconds)
        step_hz = self._cadence_hz * (1 + self._wander(n, STRIDE_VARIABILITY))
        phase = 2 * np.pi * np.cumsum(step_hz) / self.rate_hz + self.rng.uniform(0, 2 * np.pi)
        fade = self._fade(n, 0.8)
        size = self.rng.uniform(*WALK_G) * (0.7 if self.on_wrist else 1.0)
        up, front = self.gravity, unit(np.cross(self.gravity, np.array([1.0, 0.2, 0.1])))
        side = np.cross(up, front)
        vertical = size * (np.sin(phase) + 0.35 * np.sin(2 * phase + 0.6)) + self._strikes(phase, 1.6 * size)
        motion = (
            np.outer(vertical, up)
            + np.outer(0.5 * size * np.sin(phase + 1.2), front)
            + np.outer(0.4 * size * np.sin(phase / 2), side)
        )
        swing_degrees = 22.0 if self.on_wrist else 3.0
        path = self._tilting(swing_degrees * np.sin(phase / 2) * fade, n)
        return self.felt(path, motion * fade[:, None])

    def sit_down(self, *, hard: bool = False) -> Array:
        """Sit down; ``hard``: drop into the chair, a short unweighting and a thud, as many frail people do."""
        if not hard:
            return self.move_to(Posture.SITTING)
        n, drop = self.count(1.4), self.count(0.25)
        target = tilted(direction(Posture.SITTING, self.position), abs(self.rng.normal(0.0, 5.0)), self.rng)
        path = turn(self.gravity, target, smooth(n))
        thud = self.count(0.7)
        weight = np.ones(n)
        weight[thud - drop : thud] -= self.rng.uniform(0.2, 0.4) * np.sin(np.linspace(0, np.pi, drop))
        motion = np.zeros((n, 3))
        self.strike(motion, thud, self.rng.uniform(0.9, 1.5), target, width_s=0.09)
        self._settle(Posture.SITTING, target)
        return self.felt(path * weight[:, None], motion)

    def pick_up(self) -> Array:
        """Bend down for something on the floor, and come up again."""
        down = self.move_to(Posture.BENT, self.rng.uniform(1.2, 1.8))
        return np.concatenate([down, self.rest(0.8), self.move_to(Posture.STANDING, self.rng.uniform(1.4, 2.2))])

    def stumble(self) -> Array:
        """Trip and catch oneself with two hard quick steps."""
        n = self.count(1.2)
        motion = np.zeros((n, 3))
        for at_s in (0.35, 0.35 + self.rng.uniform(0.28, 0.4)):
            self.strike(motion, self.count(at_s), self.rng.uniform(0.7, 1.2), self.gravity, width_s=0.08)
        return self.felt(self._tilting(15.0 * np.sin(np.linspace(0, np.pi, n)), n), motion)

    def strike(self, motion: Array, at: int, size_g: float, along: Array, width_s: float) -> None:
        """Add to ``motion`` a half sine of ``size_g`` and ``width_s`` centred on sample ``at``, and its ringing."""
        t = (np.arange(len(motion)) - at) / self.rate_hz
        pulse = np.where(np.abs(t) <= width_s / 2, np.cos(np.pi * t / width_s), 0.0)
        pulse[at] = 1.0  # a slow sensor may step over a short pulse; its largest sample is what we promise
        ring = np.where(t > 0, np.exp(-np.clip(t, 0, None) / 0.09) * np.sin(2 * np.pi * 11.0 * t), 0.0)
        motion += size_g * np.outer(pulse, unit(along))
        motion += 0.3 * size_g * np.outer(ring, unit(along + self.rng.normal(0, 0.4, 3)))

    def _settle(self, posture: Posture, gravity: Array) -> None:
        self.posture, self.gravity = posture, gravity

    def _tilting(self, degrees: Array, n: int) -> Array:
        """Gravity's direction tilted to and fro by ``degrees`` (n,) about one axis, starting and ending where it is."""
        across = unit(np.cross(self.gravity, self.rng.normal(size=3)))
        angle = (np.radians(degrees) * self._fade(n, 0.4))[:, None]
        return np.asarray(np.cos(angle) * self.gravity + np.sin(angle) * across, dtype=np.float64)

    def _fade(self, n: int, seconds: float) -> Array:
        """1, going to 0 at both ends within ``seconds``: stretches join without a jump."""
        ramp = smooth(min(self.count(seconds), max(1, n // 2)))
        fade = np.ones(n)
        fade[: len(ramp)] *= ramp
        fade[n - len(ramp) :] *= ramp[::-1]
        return fade

    def _wander(self, n: int, size: float) -> Array:
        """A slow aimless movement of about ``size``: three sines between 0.05 and 0.5 Hz."""
        t = np.arange(n)[:, None] / self.rate_hz
        hz, phase = self.rng.uniform(0.05, 0.5, 3), self.rng.uniform(0, 2 * np.pi, 3)
        return np.asarray(size / 1.7 * np.sin(2 * np.pi * hz * t + phase).sum(axis=1), dtype=np.float64)

    def _twitches(self, n: int, restless: float) -> Array:
        """Short small movements, about one in six seconds when awake: a hand that moves, a shift in the chair."""
        motion = np.zeros((n, 3))
        t = np.arange(n) / self.rate_hz
        for _ in range(int(self.rng.poisson(restless * n / self.rate_hz / 6))):
            at, width = self.rng.uniform(0, t[-1] if n > 1 else 1), self.rng.uniform(0.15, 0.5)
            burst = np.exp(-(((t - at) / width) ** 2)) * np.sin(2 * np.pi * self.rng.uniform(1, 3) * t)
            motion += self.rng.uniform(0.02, 0.12) * np.outer(burst, unit(self.rng.normal(size=3)))
        return motion

    def _strikes(self, phase: Array, size: float) -> Array:
        """Heel strikes: at each whole turn of ``phase`` a short damped ringing."""
        since = np.mod(phase, 2 * np.pi) / (2 * np.pi * self._cadence_hz)  # s since the last strike, near enough
        ringing = size * np.exp(-since / STRIKE_DECAY_S) * np.sin(2 * np.pi * STRIKE_HZ * since)
        return np.asarray(ringing, dtype=np.float64)
