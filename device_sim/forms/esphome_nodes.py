"""The ESPHome nodes that stand in a home: their entities as their published configurations have them, cut down."""

import re
from dataclasses import dataclass, field
from typing import Any

from device_sim.forms.spoken import SensorKind

_NOT_TOPIC = re.compile(r"[^a-z0-9_-]")


@dataclass(frozen=True, slots=True)
class Entity:
    """One entity. ``span``: between what its numbers lie where nothing else says; ``rest``: what it announces too."""

    component: str
    name: str
    device_class: str = ""
    unit: str = ""
    decimals: int = 0
    span: tuple[float, float] = (0.0, 0.0)
    state_class: str = "measurement"
    rest: dict[str, Any] = field(default_factory=dict, compare=False)
    is_status: bool = False

    @property
    def object_id(self) -> str:
        """Return its word in topics: small, and ``_`` for whatever is no letter or digit."""
        return _NOT_TOPIC.sub("_", self.name.lower())

    def fields(self) -> dict[str, Any]:
        """Return what only this component announces, abbreviated."""
        told: dict[str, Any] = {"dev_cla": self.device_class} if self.device_class else {}
        if self.unit:
            told |= {"unit_of_meas": self.unit, "stat_cla": self.state_class}
        if self.is_status:
            told |= {"pl_on": "online", "pl_off": "offline"}
        return told


@dataclass(frozen=True, slots=True)
class Node:
    """One node's configuration. ``state_of``: the binary sensors that say what the home's sensor notices."""

    name: str
    maker: str
    model: str
    software: str
    platform: str
    board: str
    entities: tuple[Entity, ...]
    state_of: tuple[str, ...] = ()
    sleeps: bool = False

    def __getitem__(self, name: str) -> Entity:
        return next(entity for entity in self.entities if entity.name == name)


_DIAGNOSTIC = {"ent_cat": "diagnostic"}
_STATUS = Entity("binary_sensor", "Status", "connectivity", rest=_DIAGNOSTIC, is_status=True)
_WIFI = Entity("sensor", "WiFi Signal", "signal_strength", "dBm", 0, (-78, -48), rest=_DIAGNOSTIC)
_CHIP = Entity("sensor", "ESP32 Temperature", "temperature", "°C", 1, (47, 61), rest=_DIAGNOSTIC)
_PLAIN = "{} (config hash 0x1a2b3c4d)"
_PLUG = "Athom Smart Plug V2"
NODES: dict[SensorKind, Node] = {
    SensorKind.MOTION: Node(
        "ep1", "EverythingSmartTechnology", "Everything_Presence_One", "1.3.8 (ESPHome {})", "ESP32", "esp32dev",
        (
            Entity("binary_sensor", "PIR", "motion"), Entity("binary_sensor", "mmWave", "occupancy"),
            Entity("binary_sensor", "Occupancy", "occupancy"),
            Entity("sensor", "Temperature", "temperature", "°C", 1, (18.5, 24.5)),
            Entity("sensor", "Humidity", "humidity", "%", 1, (38, 61)),
            Entity("sensor", "Illuminance", "illuminance", "lx", 1, (0, 320)), _CHIP, _WIFI,
        ),
    ),
    SensorKind.CONTACT: Node(
        "reed", "Espressif", "seeed_xiao_esp32c3", _PLAIN, "ESP32", "seeed_xiao_esp32c3",
        (
            Entity("binary_sensor", "Door", "door"), Entity("sensor", "Battery", "battery", "%", 0),
            Entity("sensor", "Battery Voltage", "voltage", "V", 2), _WIFI,
        ),
        ("Door",), sleeps=True,
    ),
    SensorKind.BED: Node(
        "bed-presence", "ElevatedSensors", "Bed Presence", "2025.9.1 (ESPHome {})", "ESP32", "esp32-c3-devkitm-1",
        (
            Entity("binary_sensor", "Bed Occupied Left", "occupancy"),
            Entity("binary_sensor", "Bed Occupied Right", "occupancy"),
            Entity("binary_sensor", "Bed Occupied Either", "occupancy"),
            Entity("binary_sensor", "Bed Occupied Left (Fast)", "occupancy", rest={"en": False}),
            Entity("sensor", "Bed Pressure Left", unit="%", decimals=0), _CHIP, _WIFI,
        ),
        ("Bed Occupied Left (Fast)", "Bed Occupied Left", "Bed Occupied Either"),
    ),
    SensorKind.LEAK: Node(
        "leak", "Espressif", "d1_mini", _PLAIN, "ESP8266", "d1_mini",
        (Entity("binary_sensor", "Water Leak", "moisture"), _STATUS, _WIFI), ("Water Leak",),
    ),
    SensorKind.BUTTON: Node(
        "ble", "Espressif", "esp32dev", _PLAIN, "ESP32", "esp32dev",
        (
            Entity("event", "Bedside Button", "button", rest={"evt_typ": ["test", "sos"]}),
            Entity("sensor", "Battery", "battery", "%", 0),
            Entity("sensor", "Button RSSI", "signal_strength", "dBm", 0, (-88, -61), rest=_DIAGNOSTIC), _WIFI,
        ),
    ),
    SensorKind.PLUG: Node(
        "athom-smart-plug-v2", "athom", "smart-plug-v2", "1.1 (ESPHome {})", "ESP8266", "esp8285",
        (
            Entity("switch", _PLUG),
            Entity("binary_sensor", f"{_PLUG} Status", "connectivity", rest=_DIAGNOSTIC, is_status=True),
            Entity("sensor", f"{_PLUG} Voltage", "voltage", "V", 1, (226, 238)),
            Entity("sensor", f"{_PLUG} Current", "current", "A", 2),
            Entity("sensor", f"{_PLUG} Power", "power", "W", 1),
            Entity("sensor", f"{_PLUG} Total Energy", "energy", "kWh", 3, state_class="total_increasing"),
            Entity("sensor", f"{_PLUG} Total Daily Energy", "energy", "kWh", 3, state_class="total_increasing"), _WIFI,
        ),
    ),
}  # fmt: skip
