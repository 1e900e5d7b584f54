"""Sensors on a Zigbee2MQTT bridge: one a home, with a base topic of its own, ``sim/<mark>``.

Each message repeats all that the bridge knows of a sensor; the bridge announces itself and its devices at the
beginning, and tells its whole memory again when it comes back. The devices are common ones, with the properties that
Zigbee2MQTT announces for them.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar

from device_sim.forms.spoken import HOUR_US, Cause, HomeSensor, Said, SensorKind, Speaker, base_of, digest
from device_sim.play import Emission

#: The platform names a sensor by this and its Zigbee address (docs/devices.md).
ID_PREFIX = "z2m-"
#: First bytes of an address: one that belongs to no maker, so that no real sensor can have it (locally administered).
ADDRESS_PREFIX = "02"
#: Volts of a coin cell in millivolts: empty and full.
_MILLIVOLTS = (2500, 3100)


class Zigbee2mqtt(Speaker):
    """The sensors of one bridge."""

    hold_s: ClassVar[float] = 20.0
    repeat_s: ClassVar[float] = 60.0
    report_h: ClassVar[float] = 3.0
    retells: ClassVar[bool] = True
    keeps: ClassVar[bool] = True
    unavailable_after_us: ClassVar[int | None] = 25 * HOUR_US  # its default for sensors with a battery

    def __init__(self, mark: str, sensors: Sequence[HomeSensor], seed: int) -> None:
        super().__init__(mark, sensors, seed)
        self.base = base_of(mark)
        self.addresses = {sensor.name: _address(mark, sensor.name) for sensor in sensors}

    def device_id(self, sensor: HomeSensor) -> str:
        """Return the id by which the platform knows a sensor."""
        return f"{ID_PREFIX}{self.addresses[sensor.name]}"

    def hello(self, at_us: int) -> Iterator[Emission]:
        """Yield the bridge's state and ``bridge/devices``."""
        yield Emission(at_us, f"{self.base}/bridge/state", b'{"state":"online"}', retain=True)
        yield Emission(at_us, f"{self.base}/bridge/devices", self._inventory(), retain=True)

    def say(self, said: Said) -> Iterator[Emission]:
        """Yield all that the bridge knows of the sensor."""
        yield Emission(said.at_us, f"{self.base}/{said.sensor.name}", f"{_state(said)}}}".encode())

    def gone(self, at_us: int) -> Iterator[Emission]:
        """Yield the bridge's last will."""
        yield Emission(at_us, f"{self.base}/bridge/state", b'{"state":"offline"}', retain=True)

    def available(self, sensor: HomeSensor, at_us: int, *, online: bool) -> Iterator[Emission]:
        """Yield a sensor's availability."""
        payload = b'{"state":"online"}' if online else b'{"state":"offline"}'
        yield Emission(at_us, f"{self.base}/{sensor.name}/availability", payload, retain=True)

    def _inventory(self) -> bytes:
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


def _state(said: Said) -> str:
    """Return the sensor's state as JSON without its closing brace."""
    kind, extra = said.sensor.kind, ""
    if kind is SensorKind.BUTTON and said.cause is Cause.BEGINS:
        extra = ',"action":"emergency"'
    if said.dated:
        extra += f',"last_seen":"{_iso(said.heard_us)}"'
    if kind is SensorKind.PLUG:
        return f'{{"energy":{said.kwh},"linkquality":{said.link},"power":{said.watts},"state":"ON"{extra}'
    volts = _MILLIVOLTS[0] + (_MILLIVOLTS[1] - _MILLIVOLTS[0]) * said.battery // 100
    head = f'{{"battery":{said.battery},"linkquality":{said.link},"voltage":{volts}'
    on = "true" if said.on else "false"
    if kind is SensorKind.CONTACT:
        return f'{head},"contact":{"false" if said.on else "true"},"tamper":false{extra}'
    if kind is SensorKind.LEAK:
        return f'{head},"water_leak":{on}{extra}'
    if kind is SensorKind.BUTTON:
        return f"{head}{extra}"
    return f'{head},"occupancy":{on}{extra}'


def _address(mark: str, name: str) -> str:
    return f"0x{ADDRESS_PREFIX}{digest(mark, name, 7)}"


def _iso(at_us: int) -> str:
    return datetime.fromtimestamp(at_us / 1e6, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


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
