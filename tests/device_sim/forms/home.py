"""A day of a home whose sensors are of one family: what they publish, and what the platform's decoders make of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from device_sim.forms.spoken import SECOND_US, HomeSensor, SensorKind
from device_sim.living.deeds import Change, Doing
from device_sim.living.faults import Fault
from device_sim.living.household import Household, Person
from device_sim.living.life import live
from device_sim.living.sensing import sense
from device_sim.living.wiring import ALSO, Wiring, standard_set
from device_sim.play import Emission
from ingest.decoders.families import Families
from ingest.decoders.message import RawMessage
from schemas.reading import Reading

HOUR_US = 3600 * SECOND_US
#: A Monday, 00:00 in Shanghai.
START_US = 1_772_380_800 * SECOND_US
ZONE = "Asia/Shanghai"
WANG = Household((Person("wang"),))
PRESSED_US = START_US + 15 * HOUR_US
#: What a motion sensor, contact, ... must be understood as: one of these events.
EVENT_OF = {
    SensorKind.MOTION: ("motion", "presence"),
    SensorKind.CONTACT: ("door_open",),
    SensorKind.BED: ("in_bed", "occupancy", "presence", "motion"),
    SensorKind.LEAK: ("water_leak",),
    SensorKind.BUTTON: ("sos", "button"),
}


@dataclass
class Day:
    """A day of a home: what was sent, what was understood of it, and what was refused or noted."""

    wiring: Wiring
    sent: list[Emission] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    noted: list[str] = field(default_factory=list)

    def of(self, sensor: HomeSensor) -> list[Reading]:
        """Return what was understood of one sensor."""
        known = self.wiring.device_id(sensor)
        return [each for each in self.readings if each.device == known]

    def events(self, kind: str) -> list[int]:
        """Return the times at which an event of a kind was understood to begin, of the whole home."""
        return [each.event_us for each in self.readings if kind in each.events]


def day(family: str, faults: Sequence[Fault] = (), hours: float = 24, seed: int = 7, *, presses: bool = True) -> Day:
    """Return a day of a woman who lives alone, and presses the button at three in the afternoon."""
    wiring = Wiring(f"f{seed}", standard_set(WANG, tuple(ALSO), family), family=family)
    pressed = [Change("wang", Doing.PRESS, PRESSED_US, PRESSED_US + 10 * SECOND_US, rooms=("bedroom",))]
    end_us = START_US + round(hours * HOUR_US)
    deeds = live(WANG, START_US, end_us, ZONE, seed, pressed if presses else ())
    made = Day(wiring, list(sense(deeds, wiring, START_US, end_us, seed, faults)))
    understood(made, made.sent)
    return made


def understood(made: Day, sent: Sequence[Emission]) -> None:
    """Let the platform's decoders read what was sent."""
    families = Families(trees=("",))
    for each in sent:
        for told in families.decode(RawMessage(each.topic, each.payload, False, each.at_us)):
            made.readings += told.readings
            if told.entry is not None:
                where = made.noted if told.entry.kept else made.refused
                where.append(f"{told.entry.topic}: {told.entry.reason} {told.entry.sentence}")
