"""Falls after which the arm soon moves again, made of acted ones, whose actors lie as still as they were told to.

In one wrist data set they lie for five seconds and more, in another they get up after three: a model that learned from
the one found 7 % of the other's falls at 5 false alarms a day at work. So each fall comes once more, and from a random
moment on smooth noise of random strength moves the arm and a slow turn leads it away. Nothing of it is anybody's
movement, so that no daily life is learned as a fall.
"""

import numpy as np

from detectors.fall_window import BINS, GRID_HZ, POST_S, PRE, Floats, Window

#: Seconds from the impact until the arm moves again.
REST_S = (1.5, POST_S)
#: Standard deviation of each axis, g; drawn evenly on a logarithmic scale: from hardly stirring to getting up.
STRENGTH_G = (0.05, 0.6)
#: Bins over which the noise is smoothed: movements of 1 to 3 Hz.
SMOOTH = (5, 12)
#: Most degrees that it turns, and seconds that it takes.
TURN_DEG, TURN_S = 90.0, (0.4, 1.6)
#: Seconds until the movement has its strength.
BEGIN_S = 0.24


def stirred(window: Window, rng: np.random.Generator) -> Window | None:
    """Return the window with the arm moving again from a random moment on; None where it ends before."""
    rest_s = rng.uniform(*REST_S)
    first = PRE + round(rest_s * GRID_HZ)
    count = BINS - first
    strength = np.exp(rng.uniform(*np.log(STRENGTH_G)))
    moving = strength * _smooth_noise(rng, count)
    turn = _turns(rng, count)
    if window.post_s < rest_s or count < 2:
        return None
    swell = np.minimum(1.0, np.arange(count) / (BEGIN_S * GRID_HZ))
    acc, mag = window.acc.copy(), window.mag.copy()
    acc[first:] = (turn @ acc[first:, :, None])[..., 0] + moving * swell[:, None]
    mag[first:] = np.sqrt(np.square(acc[first:]).sum(axis=1))
    return Window(acc, mag, window.peak, window.pre_s, POST_S)


def _smooth_noise(rng: np.random.Generator, count: int) -> Floats:
    """Return smooth noise (count, 3) of standard deviation 1."""
    kernel = np.hanning(int(rng.integers(*SMOOTH)) + 2)
    kernel /= np.sqrt(np.square(kernel).sum())
    raw = rng.normal(size=(3, count + len(kernel) - 1))
    return np.stack([np.convolve(axis, kernel, "valid") for axis in raw], axis=1)


def _turns(rng: np.random.Generator, count: int) -> Floats:
    """Return how the sensor is turned in each bin, (count, 3, 3): slowly about one axis, then no more (Rodrigues)."""
    axis = rng.normal(size=3)
    x, y, z = axis / np.sqrt(np.square(axis).sum())
    most, takes_s = np.radians(rng.uniform(0.0, TURN_DEG)), rng.uniform(*TURN_S)
    angle = most * np.minimum(1.0, np.arange(count) / (takes_s * GRID_HZ))[:, None, None]
    cross = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    turns: Floats = np.eye(3) + np.sin(angle) * cross + (1.0 - np.cos(angle)) * (cross @ cross)
    return turns
