"""Event time of devices without a wall clock: each boot's monotonic clock mapped to UTC by its fastest arrivals.

A message arrives late by the network and by batching, never early. So the smallest difference between arrival and
device clock is nearest the truth, and is the same for a live frame and for one that came in a bunch. Quartz drifts
(50 ppm is 30 ms in 10 minutes), so the minimum is taken over the present window and the one before it. Windows turn
with messages, not with time: after hours of silence the last known minimum is still there when a bunch of old frames
comes first. Pure.
"""

import msgspec

#: Long enough to hold some fast arrivals on a bad network; 50 ppm over two windows is 60 ms.
WINDOW_US = 10 * 60 * 1_000_000
#: Buffered frames of the boots before the present one still find their mapping.
BOOTS_KEPT = 4


class BootMap(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What is known of one boot's clock. ``low`` and ``previous`` are arrival minus device time, microseconds."""

    boot: int
    window_us: int  # arrival of the message that opened the present window
    low: int  # smallest difference in the present window
    previous: int | None = None  # the same of the window before

    @property
    def offset_us(self) -> int:
        """What to add to the device's clock to get UTC."""
        return self.low if self.previous is None else min(self.low, self.previous)


def heard(known: BootMap | None, boot: int, device_us: int, arrival_us: int) -> BootMap:
    """Return the mapping after a live message whose last sample was at ``device_us`` arrived at ``arrival_us``."""
    difference = arrival_us - device_us
    if known is None:
        return BootMap(boot, arrival_us, difference)
    if arrival_us - known.window_us >= WINDOW_US:
        return BootMap(boot, arrival_us, difference, known.low)
    if difference < known.low:
        return BootMap(boot, known.window_us, difference, known.previous)
    return known


def restarted(boot: int, device_us: int, arrival_us: int) -> BootMap:
    """Return a mapping that forgets what was known: the device's clock has jumped within one boot."""
    return BootMap(boot, arrival_us, arrival_us - device_us)


def of(boots: tuple[BootMap, ...], boot: int) -> BootMap | None:
    """Return the mapping of ``boot``, if known."""
    return next((known for known in boots if known.boot == boot), None)


def with_map(boots: tuple[BootMap, ...], changed: BootMap) -> tuple[BootMap, ...]:
    """Return the mappings with one changed or added in front, at most BOOTS_KEPT of them."""
    if boots and boots[0] is changed:
        return boots
    return (changed, *(known for known in boots if known.boot != changed.boot))[:BOOTS_KEPT]
