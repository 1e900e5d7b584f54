"""A motion sensor that has gone quiet while the others of its home still see somebody.

A sensor that speaks only of movement and dies is as silent as an empty room. What tells them apart is life elsewhere:
for each sensor the home counts the ten minutes with a sign of life indoors since that sensor's own last one. They are
far more than they ever were, and people passed through other rooms as always: then it is not seen any more by the
sensor, and not gone from the room. Not wall time, since a home that is empty or asleep says nothing about its sensors.

Where several are quiet at once, a life has changed (somebody stays in bed), or what carries them is down: then nothing
is said of any.
"""

from collections.abc import Container
from dataclasses import dataclass

import msgspec

from detectors.inactivity_home import DEVICES_KEPT
from detectors.inactivity_signs import Sign
from detectors.routine import DAY_US, MINUTE_US, Room

#: Life is counted by so much time with a sign in it: a busy hour is no more evidence than a calm one.
SLOT_US = 10 * MINUTE_US
#: Never said before so much life elsewhere: a day and a half in the median home (TIHM).
LEAST_SLOTS = 90
#: So many times its longest quiet before, at least.
TIMES = 2.0
#: The longest quiet is forgotten over eight weeks.
MEMORY_US = 56 * DAY_US
#: A sensor is known when it was heard in so many slots over so long.
KNOWN_SLOTS, KNOWN_US = 20, 10 * DAY_US
#: People pass as always where so many other rooms were seen within so much life; and no other sensor is so near to
#: being quiet itself, as a share of what it takes.
OTHER_ROOMS, PASSES_SLOTS, NEAR = 2, 30, 0.5
#: What was not heard for so long is no sensor of this home any more.
GONE_US = 28 * DAY_US


class Heard(msgspec.Struct, array_like=True):
    """One sensor: the room it sees, its last sign, how much life there was by then, and its longest quiet, decaying."""

    room: int
    first_us: int
    last_us: int
    place: str | None = None
    mark: int = 0
    longest: float = 0.0
    slots: int = 0


class Life(msgspec.Struct, array_like=True):
    """What a home's sensors see of life indoors, and in how many slots there was any, until the slot it is in."""

    lived: int = 0
    slot: int = -1
    sensors: dict[str, Heard] = {}


@dataclass(frozen=True, slots=True)
class Quiet:
    """A sensor that has gone quiet; ``slots`` of life elsewhere since."""

    device: str
    heard: Heard
    slots: int


def take(life: Life, sign: Sign) -> bool:
    """Take a sign of life; return whether it is the first of its slot."""
    if sign.room == Room.OUTER_DOOR:
        return False  # whoever goes out is not seen by the others, and a door is not opened every day
    slot = sign.event_us // SLOT_US
    another = slot > life.slot
    if another:
        life.lived, life.slot = life.lived + 1, slot
    heard = life.sensors.get(sign.device)
    if heard is not None and heard.mark == life.lived:  # again in one slot: most signs are
        heard.room, heard.last_us, heard.place = int(sign.room), sign.event_us, sign.place
        return another
    if heard is None:
        heard = Heard(int(sign.room), sign.event_us, sign.event_us, mark=life.lived - 1)
    passed_us = max(0, sign.event_us - heard.last_us)
    faded = heard.longest - heard.longest * min(passed_us, MEMORY_US) / MEMORY_US
    heard.longest = max(faded, float(life.lived - 1 - heard.mark))
    heard.slots += 1
    heard.room, heard.last_us, heard.place = int(sign.room), sign.event_us, sign.place
    heard.mark = life.lived
    life.sensors.pop(sign.device, None)
    life.sensors[sign.device] = heard
    for device in [each for each in life.sensors if life.sensors[each].last_us < sign.event_us - GONE_US]:
        del life.sensors[device]
    if len(life.sensors) > DEVICES_KEPT:
        del life.sensors[next(iter(life.sensors))]
    return another


def gone_quiet(life: Life, said: Container[str]) -> Quiet | None:
    """Return the sensor that has gone quiet, if it is one alone of those of which it is not ``said`` already."""
    others = {name: heard for name, heard in life.sensors.items() if _known(heard) and name not in said}
    near = [name for name, heard in others.items() if life.lived - heard.mark > NEAR * _limit(heard)]
    if len(near) != 1:
        return None
    heard = others[near[0]]
    rooms = {each.room for each in life.sensors.values() if life.lived - each.mark <= PASSES_SLOTS} - {heard.room}
    slots = life.lived - heard.mark
    return Quiet(near[0], heard, slots) if slots > _limit(heard) and len(rooms) >= OTHER_ROOMS else None


def merged(before: Life, since: Life) -> Life:
    """Return what is known when ``since`` goes on where ``before`` ended."""
    for device, heard in since.sensors.items():
        old = before.sensors.pop(device, None)
        known = heard if old is None else msgspec.structs.replace(old, last_us=heard.last_us)
        known.mark = before.lived
        before.sensors[device] = known
    before.slot = max(before.slot, since.slot)
    return before


def _limit(heard: Heard) -> float:
    return max(float(LEAST_SLOTS), TIMES * heard.longest)


def _known(heard: Heard) -> bool:
    return heard.slots >= KNOWN_SLOTS and heard.last_us - heard.first_us >= KNOWN_US
