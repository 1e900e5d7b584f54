"""Which sensors a home has, and of which family they are."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from device_sim.forms.families import FAMILIES, USUAL
from device_sim.forms.spoken import HomeSensor, SensorKind, Speaker, base_of
from device_sim.living.household import Household, RoomKind
from device_sim.play import PlannedDevice

#: What a home may have besides: in which room, and what it is called after that.
ALSO = {
    SensorKind.BUTTON: (RoomKind.BEDROOM, "SOS button"),
    SensorKind.BED: (RoomKind.BEDROOM, "bed"),
    SensorKind.LEAK: (RoomKind.BATHROOM, "water leak"),
    SensorKind.PLUG: (RoomKind.KITCHEN, "kettle plug"),
}


@dataclass(frozen=True, slots=True)
class Wiring:
    """A home's sensors. ``mark`` is a word of letters, digits, - and _ that no other home has.

    How long a motion sensor holds, how often it repeats (s), and how often each sensor reports (h) are the family's own
    where None. ``last_seen``: a Zigbee2MQTT bridge adds to each message when the sensor was heard.
    """

    mark: str
    sensors: tuple[HomeSensor, ...]
    hold_s: float | None = None
    repeat_s: float | None = None
    report_h: float | None = None
    last_seen: bool = False
    family: str = USUAL

    def __post_init__(self) -> None:
        names = [sensor.name for sensor in self.sensors]
        if len(set(names)) != len(names):
            raise ValueError("Two sensors of one home have the same name.")

    @property
    def base(self) -> str:
        """Where everything of the home is published by families that let people choose it."""
        return base_of(self.mark)

    def device_id(self, sensor: HomeSensor) -> str:
        """Return the id by which the platform knows a sensor."""
        return self.speaker().device_id(sensor)

    def speaker(self, seed: int = 0) -> Speaker:
        """Return the sensors' voice, new: for once through a play."""
        return FAMILIES[self.family](self.mark, self.sensors, seed)

    def planned(
        self, unit: str, from_us: int, places: Mapping[str, str], people: Iterable[str] = ()
    ) -> tuple[PlannedDevice, ...]:
        """Return the sensors as devices to be made: each stands in the place of its room, else in the unit itself.

        What a family gives ``people`` to carry, a beacon, they wear.
        """
        speaker = self.speaker()
        stand = [
            PlannedDevice(speaker.device_id(sensor), "sensor", unit, from_us, place=places.get(sensor.room, unit))
            for sensor in self.sensors
        ]
        worn = [(each, speaker.worn_id(each)) for each in people]
        carried = [PlannedDevice(known, "beacon", unit, from_us, resident=who) for who, known in worn if known]
        return (*stand, *carried)


def standard_set(
    household: Household, also: Collection[SensorKind] = (), family: str = USUAL
) -> tuple[HomeSensor, ...]:
    """Return what a home usually gets: motion in each room, contacts at the outer door and the fridge.

    ``also``: one more sensor of each of these kinds, where it belongs (ALSO). What nobody makes for a family is not
    there.
    """
    sensors = [HomeSensor(f"{room.name} motion", SensorKind.MOTION, room.name) for room in household.rooms]
    hall = household.hall or household.rooms[0].name
    sensors.append(HomeSensor(household.outer_door, SensorKind.CONTACT, hall))
    sensors += [
        HomeSensor(f"{room.name} fridge", SensorKind.CONTACT, room.name)
        for room in household.rooms
        if room.kind is RoomKind.KITCHEN
    ]
    for kind, (room, name) in ALSO.items():
        if kind in also:
            stands = household.first(room)
            sensors.append(HomeSensor(f"{stands} {name}", kind, stands))
    return tuple(sensor for sensor in sensors if sensor.kind not in FAMILIES[family].lacks)
