"""The sensors of a home: which rooms they see, and whether they can be heard now.

A sensor that died is as silent as an empty room. It shows where it says so itself, or where its reports, which came
every hour or two whatever happened, have stopped; of one that speaks only of movement detectors.everyday_quiet tells.
"""

from collections.abc import Container

import msgspec

from detectors.inactivity_home import CHATTY_US, CUT_OFF_PAUSES, CUT_OFF_US, DEVICES_KEPT, PAUSE_MEMORY_US
from detectors.inactivity_signs import Sign
from detectors.routine import DAY_US

#: A sensor unheard for a week is not there any more: what it should see is not watched.
THERE_US = 7 * DAY_US
#: How often a sensor reports is known after a day: a night must be among it.
KNOWN_US = DAY_US
_UNKNOWN = -1


class Sensor(msgspec.Struct, array_like=True):
    """One sensor: ``room`` where it last saw somebody (-1: never); ``pause_us`` its longest silence, decaying."""

    room: int = _UNKNOWN
    first_us: int = -1
    heard_us: int = -1
    pause_us: int = 0
    alive: bool | None = None  # what it says itself


def hear(sensors: dict[str, Sensor], sign: Sign) -> None:
    """Note that a sensor was heard; the sensors heard longest ago are forgotten beyond DEVICES_KEPT."""
    sensor = sensors.pop(sign.device, None) or Sensor(first_us=sign.event_us)
    sensors[sign.device] = sensor
    if 0 <= sensor.heard_us < sign.event_us:
        passed = sign.event_us - sensor.heard_us
        faded = sensor.pause_us - sensor.pause_us * min(passed, PAUSE_MEMORY_US) // PAUSE_MEMORY_US
        sensor.pause_us = max(faded, passed)
    sensor.heard_us = max(sensor.heard_us, sign.event_us)
    if sign.moved:
        sensor.room = int(sign.room)
    if sign.alive is not None:
        sensor.alive = sign.alive
    elif sign.moved and sensor.alive is not None:
        sensor.alive = True  # a device that reports a movement can be heard, whatever was last said of it
    if len(sensors) > DEVICES_KEPT:
        del sensors[next(iter(sensors))]


def merged(before: dict[str, Sensor], since: dict[str, Sensor]) -> dict[str, Sensor]:
    """Return what is known of the sensors when ``since`` goes on where ``before`` ended, the latest heard last."""
    found = dict(before)
    for device, sensor in since.items():
        old = found.pop(device, sensor)
        found[device] = Sensor(
            room=old.room if sensor.room == _UNKNOWN else sensor.room,
            first_us=min(old.first_us, sensor.first_us),
            heard_us=max(old.heard_us, sensor.heard_us),
            pause_us=max(old.pause_us, sensor.pause_us),
            alive=old.alive if sensor.alive is None else sensor.alive,
        )
    return dict(list(found.items())[-DEVICES_KEPT:])


def rooms(sensors: dict[str, Sensor], now_us: int, quiet: Container[str] = ()) -> set[int]:
    """Return the kinds of rooms in which a sensor would see somebody now, as far as that can be told.

    ``quiet``: sensors of which it is known that they do not (detectors.everyday_quiet).
    """
    seeing = (each for device, each in sensors.items() if device not in quiet and not _dead(each, now_us))
    return {each.room for each in seeing if each.room != _UNKNOWN}


def _dead(sensor: Sensor, now_us: int) -> bool:
    unheard = now_us - sensor.heard_us
    if sensor.alive is False or unheard > THERE_US:
        return True
    if sensor.heard_us - sensor.first_us < KNOWN_US or sensor.pause_us > CHATTY_US:
        return False
    return unheard > max(CUT_OFF_US, CUT_OFF_PAUSES * sensor.pause_us)
