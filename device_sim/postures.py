"""How a sensor lies in the field of gravity: one direction for each posture, and smooth turns between directions.

Directions are what a resting accelerometer reads, as unit vectors in the axes of the body part. Trunk (waist, hip,
chest, pocket): x to the left, y to the head, z to the front. Wrist: x along the forearm to the hand, y to the thumb, z
out of the back of the hand. They are anatomy, not measurements: an upright trunk reads gravity along y, one lying on
its back along z, a hanging arm along minus x.
"""

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Posture(StrEnum):
    """What a body does with its long axis; ``TABLE`` is a device that nobody wears."""

    STANDING = "standing"
    SITTING = "sitting"
    BENT = "bent"
    BACK = "back"
    LEFT = "left"
    RIGHT = "right"
    FRONT = "front"
    TABLE = "table"


LYING = (Posture.BACK, Posture.LEFT, Posture.RIGHT, Posture.FRONT)

_TRUNK: dict[Posture, tuple[float, float, float]] = {
    Posture.STANDING: (0.02, 1.0, 0.06),
    Posture.SITTING: (0.03, 0.95, 0.30),  # leaning back some 17 degrees, as in an armchair
    Posture.BENT: (0.0, 0.45, -0.89),
    Posture.BACK: (0.05, 0.10, 0.99),
    Posture.LEFT: (-0.98, 0.10, 0.15),
    Posture.RIGHT: (0.98, 0.10, 0.15),
    Posture.FRONT: (0.05, 0.08, -0.99),
    Posture.TABLE: (0.0, 0.0, 1.0),
}
_WRIST: dict[Posture, tuple[float, float, float]] = {
    Posture.STANDING: (-0.93, 0.25, 0.28),
    Posture.SITTING: (-0.15, 0.35, 0.92),  # the hand on the lap or the arm rest
    Posture.BENT: (-0.99, -0.10, 0.10),
    Posture.BACK: (0.10, 0.60, 0.79),
    Posture.LEFT: (0.15, -0.85, 0.50),
    Posture.RIGHT: (0.10, 0.95, -0.30),
    Posture.FRONT: (0.25, -0.30, 0.92),
    Posture.TABLE: (0.0, 0.0, 1.0),
}


def direction(posture: Posture, position: str) -> Array:
    """Return the unit vector that a sensor at ``position`` reads at rest in ``posture``, shape (3,)."""
    table = _WRIST if position == "wrist" else _TRUNK
    return unit(np.array(table[posture]))


def unit(vector: Array) -> Array:
    """Return ``vector`` (..., 3) with length one."""
    return np.asarray(vector / np.linalg.norm(vector, axis=-1, keepdims=True), dtype=np.float64)


def tilted(vector: Array, degrees: float, rng: np.random.Generator) -> Array:
    """Return ``vector`` turned by ``degrees`` about a drawn axis: nobody lies exactly as the book says."""
    across = unit(np.cross(vector, rng.normal(size=3)))
    angle = np.radians(degrees)
    return unit(np.cos(angle) * vector + np.sin(angle) * across)


def turn(start: Array, end: Array, progress: Array) -> Array:
    """Return directions (n, 3) on the great circle from ``start`` to ``end``, at ``progress`` (n,) from 0 to 1."""
    cosine = float(np.clip(start @ end, -1.0, 1.0))
    across = end - cosine * start
    if np.linalg.norm(across) < 1e-6:  # same or opposite: any way round will do
        across = np.cross(start, np.roll(start, 1) + np.array([0.3, 0.2, 0.1]))
    across = unit(across)
    angle = (np.arccos(cosine) * progress)[:, None]
    return np.asarray(np.cos(angle) * start + np.sin(angle) * across, dtype=np.float64)


def smooth(n: int) -> Array:
    """Return ``n`` values from 0 to 1 with no jerk at either end (a smoothstep)."""
    t = np.linspace(0.0, 1.0, n) if n > 1 else np.ones(n)
    return np.asarray(t * t * (3 - 2 * t), dtype=np.float64)


def mounting(rng: np.random.Generator) -> Array:
    """Return a rotation (3, 3): how the device sits on the body, turned about its long axis and tilted a little.

    A detector that knows one mounting only would learn the simulator, not people.
    """
    about, tilt = rng.uniform(-np.pi, np.pi), rng.normal(0.0, np.radians(8))
    turn_y = np.array([[np.cos(about), 0, np.sin(about)], [0, 1, 0], [-np.sin(about), 0, np.cos(about)]])
    turn_x = np.array([[1, 0, 0], [0, np.cos(tilt), -np.sin(tilt)], [0, np.sin(tilt), np.cos(tilt)]])
    return np.asarray(turn_x @ turn_y, dtype=np.float64)
