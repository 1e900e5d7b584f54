"""Time in which nobody could have been heard, since the platform's clock stood still: no silence is made of it."""

from detectors import inactivity_empty as empty
from detectors.inactivity_home import Home
from detectors.routine import MINUTE_US

#: Ticks come every second; when they stood still for longer than this, nobody was listening meanwhile.
BLIND_US = 10 * MINUTE_US
#: A silence begun before such a stop is not rung before what waited in the devices and brokers has had time to arrive.
BACKLOG_US = 5 * MINUTE_US


def take_out(home: Home, since_us: int, now_us: int) -> bool:
    """Take the time from ``since_us`` to now out of the silence that lasts in a home; return whether one does."""
    blind_us = now_us - max(since_us, home.last_us) + BACKLOG_US
    if home.empty:
        if home.stir is None or home.stir.due_us < 0:
            return False
        home.stir.due_us += blind_us
        home.due_us = empty.due_us(home)
        return True
    if home.last_us < 0 or home.said is not None:
        return False
    home.blind_us += blind_us
    if home.cut_us >= 0:  # cut off besides: that time is counted when it is heard again, and this part of it is now
        home.cut_us = max(home.cut_us, home.last_us) + now_us - max(since_us, home.cut_us, home.last_us)
    if home.due_us >= 0:  # else it is left off, and may be wanted again while this silence lasts
        home.due_us = max(home.due_us, now_us + BACKLOG_US)
    return True
