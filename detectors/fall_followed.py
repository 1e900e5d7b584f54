"""A fall whose next minutes are looked at, and what one look at five seconds of them says. Pure.

How still a worn sensor can be, in recordings (a window of 5 s, the largest standard deviation of an axis): 5 to 24 mg
at the waist after acted falls (SisFall); at the wrist 18 % of mostly seated hours keep below 13 mg for 20 s
(Stress-Predict). So 20 s without a movement say nothing of whether a device is worn. The longest time below 13 mg in
194 h of waking wrists was 320 s; half an hour of it is the usual sign of a device that nobody wears (van Hees 2011).
"""

import msgspec
import numpy as np
from numpy.typing import NDArray

from detectors.fall_model import TRUNK, place_of
from detectors.fall_soft import Soft
from detectors.fall_window import GRID_HZ, Floats, Window
from detectors.fall_worn import THING_G
from detectors.gait import UPRIGHT_DEG, WINDOW_S, angle_deg, walks
from detectors.wearable import WornFrame
from schemas import finding as wire
from schemas.finding import Finding

_SECOND = 1_000_000
WINDOW_US = int(WINDOW_S * _SECOND)
#: The fall itself, and its settling, are in the window judged; looked at from here on.
SETTLE_US = 5 * _SECOND
#: Whoever struggles to get up in the first windows does not walk yet.
UNSTEADY = 1
#: Windows remembered bit by bit.
LOOKED = 6
#: The second that shows how the sensor hung before: the first of the window judged, 3 to 2 s before the impact.
_UPRIGHT_BINS = GRID_HZ
#: Standard deviation of an axis below which nothing but breath and the sensor's noise moves, g: three times that of a
#: still body at the waist.
STILL_G = 0.025


class Fallen(msgspec.Struct, array_like=True):
    """A fall that is followed, ``impact_us`` on the clock of ``boot``; ``trunk``: its sensor turns as the body does.

    ``open_us``: the last impact whose full judgement may yet confirm it, while it is only possible. ``walked`` and
    ``stood`` hold a bit for each of the last LOOKED windows, the last one lowest; ``still`` and ``thing`` count the
    windows in a row up to now without a movement, ``lay`` all in which the body lay. ``told`` has a bit for each news.
    ``soft``: there was no impact, so no judgement of it is waited for.
    """

    finding: Finding
    boot: int
    impact_us: int
    upright: tuple[float, float, float]
    open_us: int
    trunk: bool
    soft: bool = False
    window: int = 0
    walked: int = 0
    stood: int = 0
    still: int = 0
    thing: int = 0
    lay: int = 0
    told: int = 0

    @property
    def start_us(self) -> int:
        """The device's clock where the next window begins."""
        return self.impact_us + SETTLE_US + self.window * WINDOW_US


def fallen(finding: Finding, frame: WornFrame, impact_us: int, window: Window) -> Fallen:
    """Return the fall to follow; ``impact_us`` is on the device's clock."""
    # Through its bytes: a number that was written as 76 comes back as 76.0, and a restart must change nothing.
    finding = wire.decode(wire.encode(finding))
    x, y, z = window.acc[:_UPRIGHT_BINS].mean(axis=0).tolist()
    return Fallen(finding, frame.boot, impact_us, (x, y, z), impact_us, place_of(frame.position) == TRUNK)


def fallen_softly(finding: Finding, frame: WornFrame, soft: Soft) -> Fallen:
    """Return the soft fall to follow."""
    finding = wire.decode(wire.encode(finding))
    return Fallen(finding, frame.boot, soft.touch_us, soft.before, soft.touch_us, trunk=True, soft=True)


def look(one: Fallen, seen: tuple[NDArray[np.int64], Floats] | None) -> None:
    """Take the next window into account: times (n,) and g (n, 3) of WINDOW_S seconds, None where they have a gap."""
    walked = upright = still = thing = False
    if seen is not None:
        t_us, acc_g = seen
        moves = float(acc_g.std(axis=0).max())
        still, thing = moves < STILL_G, moves < THING_G
        before = np.array(one.upright)
        upright = angle_deg(acc_g.mean(axis=0), before) <= UPRIGHT_DEG
        walked = one.window >= UNSTEADY and upright and not still and walks(t_us, acc_g, before)
        one.lay += not upright
    one.still = one.still + 1 if still else 0
    one.thing = one.thing + 1 if thing else 0
    one.walked = _with(one.walked, walked)
    one.stood = _with(one.stood, upright and not still)
    one.window += 1


def _with(bits: int, bit: bool) -> int:
    return (bits << 1 | bit) & ((1 << LOOKED) - 1)
