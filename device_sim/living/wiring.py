"""Which sensors a home has, and how its Zigbee2MQTT bridge names, announces and publishes them.

One bridge a home, with a base topic of its own, ``sim/<mark>``: a simulated home's gateway listens to every bridge that
announces itself. The devices are common ones, with the properties that Zigbee2MQTT announces for them.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from device_sim.living.household import Household, RoomKind
from device_sim.play import PlannedDevice

#: The platform names a sensor by this and its Zigbee address (docs/devices.md).
ID_PREFIX = "z2m-"
#: First bytes of an address: one that belongs to no maker, so that no real sensor can have it (locally administered).
ADDRESS_PREFIX = "02"


class SensorKind(StrEnum):
    """What a sensor is."""

    MOTION = "motion"
    CONTACT = "contact"
    BED = "bed"
    PLUG = "plug"
    LEAK = "leak"
    BUTTON = "button"


@dataclass(frozen=True, slots=True)
class HomeSensor:
    """One sensor. ``name`` is the bridge's friendly name; by its words the platform knows the room. ``room``: where."""

    name: str
    kind: SensorKind
    room: str


@dataclass(frozen=True, slots=True)
class Wiring:
    """A home's sensors and its bridge. ``mark`` is a word of letters, digits, - and _ that no other home has."""

    mark: str
    sensors: tuple[HomeSensor, ...]
    hold_s: float = 20.0  # a motion sensor says that nobody moves after so long without motion
    repeat_s: float = 60.0  # and repeats while somebody moves
    report_h: float = 3.0  # every sensor repeats what it said last, with its battery
    last_seen: bool = False  # the bridge adds to each message when the sensor was heard
    addresses: dict[str, str] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        names = [sensor.name for sensor in self.sensors]
        if len(set(names)) != len(names):
            raise ValueError("Two sensors of one home have the same name.")
        object.__setattr__(self, "addresses", {name: _address(self.mark, name) for name in names})

    @property
    def base(self) -> str:
        """The bridge's base topic."""
        return f"sim/{self.mark}"

    def topic(self, sensor: HomeSensor) -> str:
        """Return the topic of a sensor's state."""
        return f"{self.base}/{sensor.name}"

    def device_id(self, sensor: HomeSensor) -> str:
        """Return the id by which the platform knows a sensor."""
        return f"{ID_PREFIX}{self.addresses[sensor.name]}"

    def planned(self, unit: str, from_us: int, places: Mapping[str, str]) -> tuple[PlannedDevice, ...]:
        """Return the sensors as devices to be made: each stands in the place of its room, else in the unit itself."""
        return tuple(
            PlannedDevice(self.device_id(sensor), "sensor", unit, from_us, place=places.get(sensor.room, unit))
            for sensor in self.sensors
        )

    def inventory(self) -> bytes:
        """Return ``bridge/devices``: what the bridge announces of its devices."""
        coordinator: dict[str, Any] = {
            "friendly_name": "Coordinator",
            "ieee_address": _address(self.mark, ""),
            "type": "Coordinator",
        }
        announced = [coordinator] + [
            {
                "friendly_name": sensor.name,
                "ieee_address": self.addresses[sensor.name],
                "type": "Router" if sensor.kind is SensorKind.PLUG else "EndDevice",
                "supported": True,
                "interview_completed": True,
                "definition": _DEFINITIONS[sensor.kind],
            }
            for sensor in self.sensors
        ]
        return json.dumps(announced, ensure_ascii=False).encode()


def standard_set(household: Household) -> tuple[HomeSensor, ...]:
    """Return what a home usually gets: motion in each room, contacts at the outer door and the fridge."""
    sensors = [HomeSensor(f"{room.name} motion", SensorKind.MOTION, room.name) for room in household.rooms]
    hall = household.hall or household.rooms[0].name
    sensors.append(HomeSensor(household.outer_door, SensorKind.CONTACT, hall))
    sensors += [
        HomeSensor(f"{room.name} fridge", SensorKind.CONTACT, room.name)
        for room in household.rooms
        if room.kind is RoomKind.KITCHEN
    ]
    return tuple(sensors)


def _address(mark: str, name: str) -> str:
    digest = hashlib.blake2b(f"{mark}\0{name}".encode(), digest_size=7).hexdigest()
    return f"0x{ADDRESS_PREFIX}{digest}"


def _binary(name: str, on: Any, off: Any) -> dict[str, Any]:
    return {"type": "binary", "name": name, "property": name, "access": 1, "value_on": on, "value_off": off}


def _numeric(name: str, unit: str) -> dict[str, Any]:
    return {"type": "numeric", "name": name, "property": name, "access": 1, "unit": unit}


_BATTERY = [_numeric("battery", "%"), _numeric("voltage", "mV"), _numeric("linkquality", "lqi")]
_SWITCH = {"type": "switch", "features": [_binary("state", "ON", "OFF") | {"access": 7}]}
#: After zigbee-herdsman-converters (MIT), cut down to what is published as data.
_DEFINITIONS: dict[SensorKind, dict[str, Any]] = {
    SensorKind.MOTION: {
        "model": "SNZB-03P", "vendor": "SONOFF", "description": "Zigbee PIR sensor",
        "exposes": [_binary("occupancy", True, False), *_BATTERY],
    },
    SensorKind.CONTACT: {
        "model": "SNZB-04P", "vendor": "SONOFF", "description": "Contact sensor",
        "exposes": [_binary("contact", False, True), _binary("tamper", True, False), *_BATTERY],
    },
    SensorKind.BED: {
        "model": "TS0601_bed_presence_sensor", "vendor": "Tuya",
        "description": "Pressure Sensing Strap/Bed Occupancy Sensor",
        "exposes": [_binary("occupancy", True, False), *_BATTERY],
    },
    SensorKind.PLUG: {
        "model": "S60ZBTPF", "vendor": "SONOFF", "description": "Zigbee smart plug",
        "exposes": [_SWITCH, _numeric("power", "W"), _numeric("energy", "kWh"), _numeric("linkquality", "lqi")],
    },
    SensorKind.LEAK: {
        "model": "SNZB-05P", "vendor": "SONOFF", "description": "Zigbee water sensor",
        "exposes": [_binary("water_leak", True, False), *_BATTERY],
    },
    SensorKind.BUTTON: {
        "model": "TS0215A_sos", "vendor": "Tuya", "description": "SOS button",
        "exposes": [
            {"type": "enum", "name": "action", "property": "action", "access": 1, "values": ["emergency"]}, *_BATTERY,
        ],
    },
}  # fmt: skip
