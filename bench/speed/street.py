"""Readings of simulated homes, as the watcher gets them: the simulator's lives, through bridge, decoder and binding.

Each number is another household (device_sim.living.lives) with a motion sensor in every room and contacts at the outer
door and the fridge. What the readings carry beside (payload, topic, observations) is what the gateway puts into them.
"""

from collections.abc import Iterator
from dataclasses import replace

import msgspec

from detectors.routine import DAY_US
from device_sim.living.life import live
from device_sim.living.lives import household
from device_sim.living.sensing import sense
from device_sim.living.wiring import Wiring, standard_set
from ingest.decoders.families import Families
from ingest.decoders.message import RawMessage
from schemas.reading import Reading, ReadingKind

#: A Monday, 0:00 in the zone of the homes.
START_US = 1_772_380_800_000_000
ZONE = "Asia/Shanghai"
SEED = 11


def unit_of(number: int) -> str:
    """Return the watch unit of home ``number``."""
    return f"home-{number:06d}"


def life(number: int, days: float, report_h: float = 3.0) -> Iterator[Reading]:
    """Yield the readings of home ``number`` over ``days``, in order of arrival. The same for the same arguments."""
    end_us = START_US + round(days * DAY_US)
    home = household(number, SEED)
    wiring = replace(Wiring(f"street{number}", standard_set(home)), report_h=report_h)
    rooms = {wiring.device_id(sensor): sensor.room for sensor in wiring.sensors}
    families = Families([wiring.base])
    deeds = live(home, START_US, end_us, ZONE, SEED * 1000 + number)
    for sent in sense(deeds, wiring, START_US, end_us, SEED * 1000 + number):
        message = RawMessage(sent.topic, sent.payload, False, sent.at_us)
        (told,) = families.decode(message)
        for reading in told.readings:
            place = f"{unit_of(number)}/{rooms[reading.device]}" if reading.device in rooms else None
            yield msgspec.structs.replace(reading, unit=unit_of(number), place=place)


def tick(at_us: int) -> Reading:
    """Return the platform's clock as the stream carries it."""
    return Reading(kind=ReadingKind.TICK, arrival_us=at_us, event_us=at_us, end_us=at_us)
