"""Whether the device fell, and not its wearer: it flew by itself before it hit, and lay like a thing after. Pure.

A thing that slips from a table or a hand weighs nothing until it lands: 0.35 s and more from table height. A body that
falls is held by its feet, a wrist by its arm: in 1,721 acted falls (SisFall, WEDA-FALL, SmartFallMM) no sensor stayed
below 0.2 g for longer than 0.11 s. Who falls from a ladder does fly: so it is a reason to look less hurriedly, never
one to be silent; and who moves afterwards is not meant.
"""

from detectors.fall_features import SETTLED_S
from detectors.fall_window import GRID_HZ, PRE, Window

#: Standard deviation of an axis below which a sensor is as still as a thing, g (van Hees 2011: 13 mg, not worn).
THING_G = 0.013
#: |a| below which a thing flies, g: nothing, and what three turns a second add at a sensor 5 mm off its middle.
FLIGHT_G = 0.2
#: Flown for so long, seconds: 38 cm, and more than twice what any of those falls showed.
FLIGHT_S = 0.28
#: The hardest sample comes at most so long after the first touch, seconds.
_TOUCH_S = 0.2
#: Seconds after the impact that must have been seen to call something still.
_SEEN_S = 2.0


def flight_s(window: Window) -> float:
    """Return how long the sensor flew by itself until it hit, seconds; 0 where it did not or then moved."""
    if window.post_s < _SEEN_S:
        return 0.0
    after = window.acc[PRE + round(SETTLED_S * GRID_HZ) : PRE + 1 + int(window.post_s * GRID_HZ)]
    if float(after.std(axis=0).max()) >= THING_G:
        return 0.0
    light = window.mag < FLIGHT_G
    end = next((PRE - back for back in range(int(_TOUCH_S * GRID_HZ) + 1) if light[PRE - back - 1]), PRE)
    start = end
    while start > 0 and light[start - 1]:
        start -= 1
    flown = (end - start) / GRID_HZ
    return flown if flown >= FLIGHT_S else 0.0
