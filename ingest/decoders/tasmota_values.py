"""What each of Tasmota's drivers says in a message (``"SI7021":{"Temperature":21.4}``), in the platform's words. Pure.

A whitelist by driver and key, for names lie: ``Gas`` of a BME680 is a resistance, ``Distance`` of an AS3935 is that of
a thunderstorm in kilometres, ``eCO2`` is guessed from other gases, ``Temperature`` of ``ESP32`` is that of the chip,
``Power`` of a Zigbee remote is a command.
Source: the drivers' ``JSON_APPEND`` in arendst/Tasmota ``tasmota_xsns_sensor`` and hatasmota's table of units.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ingest.decoders.draft import Draft
from ingest.decoders.tasmota_parts import Parts, battery, measured
from ingest.decoders.values import celsius, number, truth, word

#: Keys of a message that are no drivers.
NO_DRIVER = frozenset({"Time", "Epoch", "TempUnit", "PressureUnit", "SpeedUnit", "DistanceUnit", "VolumeUnit"})
#: Measured numbers by key, for every driver that has no way of its own: the platform's kind.
_ROOM = {
    "Temperature": "temperature",
    "ProbeTemperature": "temperature",  # a thermocouple; ReferenceTemperature is its chip's
    "AMBTMP": "temperature",  # of an infrared thermometer's surroundings; OBJTMP is what it looks at
    "Humidity": "humidity",
    "DewPoint": "dew_point",
    "Pressure": "pressure",
    "Illuminance": "illuminance",
    "Lux": "illuminance",
    "Ambient": "illuminance",
    "CarbonDioxide": "co2",
}
_DEGREES = frozenset({"temperature", "dew_point"})
_MMHG = 1.333224
#: Further numbers: key -> kind, unit, what they can be. Particles µg/m³ (PMS5003, SDS011, SPS30), vapours, a load cell.
_FURTHER = {
    "PM1": ("pm1", "µg/m³", 0.0, 1000.0),
    "PM2.5": ("pm25", "µg/m³", 0.0, 1000.0),
    "PM10": ("pm10", "µg/m³", 0.0, 1000.0),
    "TVOC": ("tvoc", "ppb", 0.0, 60_000.0),
    "Weight": ("weight", "kg", -1000.0, 1000.0),
    "OBJTMP": ("object_temperature", "°C", -70.0, 400.0),
}
_BATTERY = frozenset({"Battery", "BatteryPercentage", "BattPercentage"})
_BATTERY_VOLTAGE = frozenset({"BatteryVoltage", "BattVoltage"})
#: Drivers of a meter: mains, or whatever current flows through it.
_METERS = frozenset({"ENERGY", "INA219", "INA226", "INA3221", "INA2XX", "CTEnergy"})
_METERED = {"Power": "power", "Voltage": "voltage", "Current": "current", "Total": "energy_total"}
#: Fuel gauges: their ``Voltage`` is the battery's.
_GAUGES = frozenset({"MAX17043", "MAX17048", "LC709203F", "AXP192", "AXP2101", "BATTERY"})
_CHIPS = frozenset({"ESP32", "ESP8266"})
#: Radars and rulers: ``Distance`` is from the sensor, centimetres.
_RULERS = frozenset({"SR04", "HC-SR04", "ME007", "DYP", "VL53L0X", "VL53L1X", "TFminiPlus", "HRXL"})
#: These write centimetres with a decimal since 2021, and whole millimetres before.
_MILLIMETRES = frozenset({"VL53L0X", "VL53L1X", "HRXL"})
_RADARS = frozenset({"LD2410", "LD2410S", "LD2402"})
#: What a DS18B20 says that was never asked to measure.
_POWER_ON = 85.0
_PROBES = frozenset({"DS18B20", "DS18S20", "DS1822", "DS18x20", "DS1825", "MAX31850"})
#: No drivers of a room: a storm, a tuning voltage, raw pins.
_NOTHING = frozenset({"AS3935", "MCP230XX", "MCP23XXX", "PCF8574", "PWM", "Shutter1", "TX20", "TX23"})
#: Channels of one list (phases, tariffs, relays); the firmware has three or eight.
_MOST_CHANNELS = 8
#: ``SHT3X-0x44``, ``AM2301-14``, ``VL53L0X_2``: the driver before its address or number.
_NAMED = re.compile(r"(.+?)(?:[-_](?:0x)?[0-9A-Fa-f]{1,4})?")


@dataclass(frozen=True, slots=True)
class Units:
    """In which units a message is."""

    fahrenheit: bool = False
    mmhg: bool = False

    @classmethod
    def of(cls, body: dict[str, Any]) -> "Units":
        """Return those that a message states; degrees Celsius and hPa otherwise."""
        return cls(body.get("TempUnit") == "F", body.get("PressureUnit") == "mmHg")

    def ours(self, kind: str, value: Any) -> Any:
        """Return a value in our unit."""
        found = number(value)
        if found is None:
            return value
        if kind in _DEGREES and self.fahrenheit:
            return celsius(found)
        return round(found * _MMHG, 2) if kind == "pressure" and self.mmhg else found


def driver(parts: Parts, name: str, told: dict[str, Any], units: Units) -> None:
    """Take what one driver of the device itself says."""
    found = _NAMED.fullmatch(name)
    base = found.group(1) if found else name
    if base in _NOTHING:
        return
    if base in _PROBES and word(told.get("Id")):
        _probe(parts, told, units)
        return
    way = _WAYS.get(base)
    if way is not None:
        way(parts, name, told, units)
        return
    room(parts, name, told, units)


def room(parts: Parts, name: str, told: dict[str, Any], units: Units) -> None:
    """Take the numbers that any driver may measure, for the device or a part of it."""
    kinds = [_ROOM[key] for key, value in told.items() if key in _ROOM and _is_plain(value)]
    kinds += [_FURTHER[key][0] for key, value in told.items() if key in _FURTHER and _is_plain(value)]
    kinds += ["battery" for key in told if key in _BATTERY or key in _BATTERY_VOLTAGE]
    draft = parts.part(name, *kinds) if kinds else None
    if draft is not None:
        numbers(draft, told, units)


def numbers(draft: Draft, told: dict[str, Any], units: Units) -> None:
    """Take the numbers that any driver may measure, of one device."""
    for key, value in told.items():
        if not _is_plain(value):
            continue
        if key in _ROOM:
            draft.number(_ROOM[key], units.ours(_ROOM[key], value))
        elif key in _FURTHER:
            kind, unit, low, high = _FURTHER[key]
            measured(draft, kind, value, unit, low, high)
        elif key in _BATTERY:
            battery(draft, value)
        elif key in _BATTERY_VOLTAGE:
            draft.number("battery_voltage", value)


def _probe(parts: Parts, told: dict[str, Any], units: Units) -> None:
    """Take a probe on a wire, whose number changes when another is plugged in: it is known by its Id."""
    draft = parts.child("ds18b20", str(word(told.get("Id"))), alone=True)
    if draft is None or "Temperature" not in told:
        return
    value = units.ours("temperature", told["Temperature"])
    if value == _POWER_ON:
        draft.implausible.append("temperature")
    else:
        draft.number("temperature", value)


def _meter(parts: Parts, name: str, told: dict[str, Any], _units: Units) -> None:
    """Take a meter; a list has one number for each phase, tariff or relay, and each further one is a part."""
    wanted = [(_METERED[key], value) for key, value in told.items() if key in _METERED]
    if "Total" not in told and "TotalTariff" in told:
        wanted.append(("energy_total", told["TotalTariff"]))
    if "Total" not in told and name.startswith("CTEnergy") and "Energy" in told:
        wanted.append(("energy_total", told["Energy"]))
    for kind, value in wanted:
        channels = value[:_MOST_CHANNELS] if isinstance(value, list) else [value]
        for channel, one in enumerate(channels, 1):
            if not _is_plain(one):
                continue
            part = name if channel == 1 else f"{name} {channel}"
            draft = parts.part(part, kind) if channel == 1 else parts.child(part)
            if draft is not None:
                draft.number(kind, one)


def _gauge(parts: Parts, name: str, told: dict[str, Any], units: Units) -> None:
    known = {key: value for key, value in told.items() if key != "Temperature"}  # the charger's own
    if "BatteryVoltage" not in known and "BattVoltage" not in known and "Voltage" in known:
        known["BatteryVoltage"] = known["Voltage"]
    room(parts, name, known, units)


def _chip(parts: Parts, _name: str, told: dict[str, Any], units: Units) -> None:
    if "Temperature" in told:
        parts.own().number("device_temperature", units.ours("temperature", told["Temperature"]))


def _ruler(parts: Parts, name: str, told: dict[str, Any], _units: Units) -> None:
    value = told.get("Distance")
    draft = parts.part(name, "distance") if "Distance" in told else None
    if draft is None:
        return
    whole = isinstance(value, int) and name.startswith(tuple(_MILLIMETRES))
    found = number(value)
    draft.distance(found / 10 if whole and found is not None else value, "cm")


def _radar(parts: Parts, name: str, told: dict[str, Any], _units: Units) -> None:
    """Take whether a radar sees somebody, moving or still, and how far away the first echo is, cm."""
    distances = _listed(told.get("Distance"))
    if "Error" in told:
        parts.own().unknown.append("presence")
        return
    if not distances and "People" not in told and "Occupancy" not in told:
        return  # its settings
    energies = _listed(told.get("Energy"))
    echo = any(each > 0 for each in [*distances, *energies])
    if "People" in told:  # LD2410S: 0 and 1 nobody, 2 and 3 somebody; no number of people
        state = number(told["People"])
        there = None if state is None else state >= 2
    else:
        there = truth(told["Occupancy"]) if "Occupancy" in told else echo
    draft = parts.part(name, "presence", "distance")
    if draft is None:
        return
    draft.state("presence", there)
    if "Motion" in told:
        draft.state("moving", truth(told["Motion"]))
    first = next((each for each in distances if each > 0), None)
    if there and first is not None:
        draft.distance(first, "cm")


def _gyro(parts: Parts, name: str, told: dict[str, Any], units: Units) -> None:
    """Take an accelerometer's chip: one raw count a telemetry period says nothing of how somebody moves."""
    draft = parts.part(name, "temperature")
    if draft is None:
        return
    if "Temperature" in told:
        draft.number("temperature", units.ours("temperature", told["Temperature"]))
    counts = [number(told.get(f"Accel{axis}Axis")) for axis in "XYZ"]
    whole = [round(count) for count in counts if count is not None]
    if len(whole) == 3:
        draft.facts["accel_counts"] = whole


def _analog(parts: Parts, name: str, told: dict[str, Any], units: Units) -> None:
    """Take a pin that measures a voltage: a thermistor or a light resistor; a raw count means nothing."""
    for key, value in list(told.items())[:_MOST_CHANNELS]:
        kind = key.rstrip("0123456789")
        if kind in ("Temperature", "Illuminance") and _is_plain(value):
            room(parts, f"{name} {key}", {kind: value}, units)
        elif kind == "CTEnergy" and isinstance(value, dict):
            _meter(parts, key, value, units)


def _counter(parts: Parts, name: str, told: dict[str, Any], _units: Units) -> None:
    """Take pulses counted on a pin, of whatever it is."""
    for key, value in list(told.items())[:_MOST_CHANNELS]:
        if re.fullmatch(r"C\d{1,2}", key):
            draft = parts.part(f"{name} {key}", "counter")
            if draft is not None:
                measured(draft, "counter", value, "", 0, 2**32)


def _tag(parts: Parts, _name: str, told: dict[str, Any], _units: Units) -> None:
    """Take a tag that was held to a reader: who it is, others must know."""
    uid = told.get("UID", told.get("Id"))
    parts.own().press(str(uid) if isinstance(uid, int) else uid, kind="tag")


def _is_plain(value: Any) -> bool:
    return not isinstance(value, list | dict)


def _listed(value: Any) -> list[float]:
    listed = value[:_MOST_CHANNELS] if isinstance(value, list) else [value]
    return [found for each in listed if (found := number(each)) is not None]


Way = Callable[[Parts, str, dict[str, Any], Units], None]
_WAYS: dict[str, Way] = {
    **dict.fromkeys(_METERS, _meter),
    **dict.fromkeys(_GAUGES, _gauge),
    **dict.fromkeys(_CHIPS, _chip),
    **dict.fromkeys(_RULERS, _ruler),
    **dict.fromkeys(_RADARS, _radar),
    **dict.fromkeys(("MPU6050", "MPU6886", "MPU9250", "QMI8658"), _gyro),
    "ANALOG": _analog,
    "COUNTER": _counter,
    "PN532": _tag,
    "RDM6300": _tag,
    "RC522": _tag,
    "Wiegand": _tag,
    "FPrint": _tag,
}
