"""What a fall looks like, in numbers: features of the window around one impact.

None depends on how the sensor is turned: angles are between the wearer's own directions before and after. All but the
full-range ones are taken from a signal clipped to 2 g, because half of all watches clip there and a model must not tell
people apart by their sensor. What each named feature is stands in the table of detectors.kernels.features.

All events of a batch are taken at once, each by itself: what an impact's features are does not depend, to the last bit,
on which others are judged with it.
"""

import numpy as np

from detectors.fall_stretches import STRETCHES
from detectors.fall_window import BINS, Floats, Window, Windows
from detectors.kernels import features as kernel

#: For those who look at a window otherwise and mean the same (detectors.fall_evidence, fall_worn).
LIGHT_G, QUIET_G, SETTLED_S = kernel.LIGHT_G, kernel.QUIET_G, kernel.SETTLED_S
NAMED: tuple[str, ...] = kernel.NAMED
FEATURES: tuple[str, ...] = NAMED + STRETCHES


def fall_features(window: Window) -> Floats:
    """Return the features of one window, shape (len(FEATURES),), in the order of FEATURES."""
    alone = Windows(
        window.acc[None],
        window.mag[None],
        np.array([window.peak]),
        np.array([window.pre_s]),
        np.array([window.post_s]),
    )
    found: Floats = fall_features_of(alone)[0]
    return found


def named_features(window: Window) -> dict[str, float]:
    """Return the features of one window by name, without those of its stretches."""
    return dict(zip(NAMED, fall_features(window).tolist(), strict=False))


def fall_features_of(windows: Windows) -> Floats:
    """Return the features of many windows, shape (k, len(FEATURES)), in the order of FEATURES."""
    count = len(windows)
    acc, mag, peak, pre_s, post_s = (
        np.ascontiguousarray(each, np.float64)
        for each in (windows.acc, windows.mag, windows.peak, windows.pre_s, windows.post_s)
    )
    others = (peak.shape, pre_s.shape, post_s.shape)
    if acc.shape != (count, BINS, 3) or mag.shape != (count, BINS) or others != ((count,),) * 3:
        raise ValueError(f"No windows have the shapes {acc.shape}, {mag.shape}.")
    rows = np.empty((count, len(FEATURES)))
    kernel.features(acc, mag, peak, pre_s, post_s, rows)
    for first, end in kernel.ANGLES:
        angles = rows[:, first:end]
        np.degrees(np.arccos(angles, out=angles), out=angles)
    return rows
