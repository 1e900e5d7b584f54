"""Zigbee2MQTT's properties in the platform's vocabulary: what each is called, its unit, and what it can be. Pure.

A whitelist: thousands of device definitions share some 2,000 property names, and most are settings. A name that is not
here is not data (``radar_sensitivity``, ``linkage_alarm``). Ranges say what a sensor of that kind can measure; beyond
them stand the sentinels of broken firmware (battery 255, humidity 104.7).
"""

import math
from dataclasses import dataclass
from typing import Any

#: Longest word that can be a value of ours; a firmware's own words are shorter.
MAX_WORD = 64

_TRUE = frozenset({"true", "on", "1", "yes", "tripped"})
_FALSE = frozenset({"false", "off", "0", "no", "ok"})
_UNKNOWN = frozenset({"", "null", "nan", "none", "unknown", "unavailable"})


@dataclass(frozen=True, slots=True)
class Number:
    """A measured number: the platform's name, unit and plausible range, both ends included."""

    type: str
    unit: str
    low: float
    high: float


NUMBERS = {
    "temperature": Number("temperature", "°C", -60, 100),
    "device_temperature": Number("device_temperature", "°C", -60, 150),  # of the chip, never of a room
    "humidity": Number("humidity", "%", 0, 100),
    "pressure": Number("pressure", "hPa", 0, 2000),
    "illuminance": Number("illuminance", "lx", 0, 200_000),
    "co2": Number("co2", "ppm", 0, 50_000),
    "battery": Number("battery", "%", 0, 100),
    "power": Number("power", "W", -100_000, 100_000),
    "energy": Number("energy_total", "kWh", 0, 1e9),
    "current": Number("current", "A", -1000, 1000),
    "linkquality": Number("link_quality", "lqi", 0, 255),
    "target_distance": Number("target_distance", "m", 0, 10_000),
    "strength": Number("vibration_strength", "", 0, 1e6),
    "breathing_rate": Number("respiration_rate", "1/min", 0, 100),
    "heart_rate": Number("heart_rate", "1/min", 20, 300),
    "voltage": Number("voltage", "V", 0, 500),
}
#: Of a unit that a schema may say: factor to ours.
UNIT_FACTORS = {("pressure", "kPa"): 10.0, ("target_distance", "cm"): 0.01, ("voltage", "mV"): 0.001}

#: True or false, and a change of it is an event. ``contact`` is inverted: false is an open door.
EVENTS = {
    "contact": "door_open",
    "water_leak": "water_leak",
    "smoke": "smoke",
    "gas": "gas",
    "carbon_monoxide": "carbon_monoxide",
    "sos": "sos",
    "vibration": "vibration",
}
INVERTED = frozenset({"contact"})
#: True or false, a state that holds until it is told otherwise.
STATES = {"presence": "presence", "tamper": "tamper", "battery_low": "battery_low", "moving": "moving"}

#: States of the device itself: no sign of a person.
UPKEEP = frozenset({"tamper", "battery_low"})

#: Words that are claims of a fall, by property: word -> (event, value).
FALLS: dict[str, dict[str, tuple[str, bool]]] = {
    "fall_status": {
        "normal": ("fall", False),
        "fall_warning": ("fall_suspected", True),
        "fall_alarm": ("fall", True),
    },
    "fall_down_status": {
        "none": ("fall", False),
        "maybe_fall": ("fall_suspected", True),
        "fall": ("fall", True),
    },
}
#: Words that say how somebody is there.
POSTURES = frozenset({"unoccupied", "occupied", "sitting", "on_the_bed", "low_posture", "falling"})
PRESSURE_STATES = frozenset({"none", "sit", "sedentary"})
PRESENCE_EVENTS = frozenset(
    {"enter", "leave", "left_enter", "right_leave", "right_enter", "left_leave", "approach", "away"}
)
#: Actions that call for help, in the words of all definitions known (panic, emergency and SOS buttons, keypads).
SOS_ACTIONS = frozenset({"emergency", "panic", "sos"})
#: Actions of a thing that was moved; ``fall`` and ``drop`` say that the object fell, never a person.
OBJECT_ACTIONS = {"vibration": "vibration", "tilt": "tilt", "drop": "object_drop", "fall": "object_drop"}

#: Every property that is data for us; what a schema says of any other need not be remembered.
KNOWN = frozenset(
    {*NUMBERS, *EVENTS, *STATES, *FALLS, "occupancy", "presence_event", "pressure_state", "status", "action", "state"}
    | {"test", "illuminance_lux", "location_x", "location_y", "no_occupancy_since", "last_seen", "sensor_status"}
)


def is_unknown(value: Any) -> bool:
    """Whether the sender says that it does not know: null, an empty text, ``nan``, ``unavailable``."""
    return value is None or (isinstance(value, str) and value.strip().lower() in _UNKNOWN)


def truth(value: Any) -> bool | None:
    """Return true or false for all the ways in which senders write it, None for anything else."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return {0.0: False, 1.0: True}.get(float(value)) if abs(value) <= 1 else None
    if isinstance(value, str):
        word = value.strip().lower()
        return True if word in _TRUE else False if word in _FALSE else None
    return None


def number(value: Any) -> float | None:
    """Return a finite number, also from a text that is one; None for anything else (a truth is no number)."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    if not math.isfinite(found):
        return None
    return int(found) if isinstance(value, int) else found


def word(value: Any) -> str | None:
    """Return a printable word of at most MAX_WORD characters, None for anything else."""
    if isinstance(value, str) and 0 < len(value) <= MAX_WORD and value.isprintable():
        return value
    return None
