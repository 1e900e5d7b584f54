"""Small files in the common form, made of synthetic acceleration."""

from pathlib import Path
from typing import Any

import numpy as np

from tests.detectors import signals

SCALE = 0.001


def write(path: Path, **changes: Any) -> Path:
    """Write a fall, a daily-life and a continuous record; ``changes`` replace columns, None takes one away."""
    parts = [
        signals.counts(signals.fall_story(), SCALE),
        signals.counts(signals.day_story(40), SCALE),
        signals.counts(np.vstack([signals.day_story(400), signals.fall_story(), signals.day_story(400)]), SCALE),
    ]
    n = np.array([len(part) for part in parts])
    columns: dict[str, Any] = {
        "acc": np.vstack(parts),
        "acc_scale": np.float64(SCALE),
        "start": np.cumsum([0, *n[:-1]]),
        "n": n,
        "fs": np.full(3, 50.0, np.float32),
        "subject": np.array(["s1", "s2", "s3"]),
        "group": np.array(["young"] * 3),
        "kind": np.array(["fall", "adl", "continuous"]),
        "label": np.array([1, 0, 0], np.int8),
        "position": np.array(["waist"] * 3),
        "trial": np.array(["t1", "t2", "t3"]),
        "impact": np.array([-1, -1, -1]),
    } | changes
    np.savez(path, **{name: column for name, column in columns.items() if column is not None})
    return path
