"""SenML (RFC 8428): packs of measurements in JSON or CBOR, on whatever topic. Pure.

The standard gives no topic and few names: what a value is, follows from its unit and, where it has a name of its own,
from a name that means that unit here. ``setpoint`` in degrees is no temperature, a value without unit is none, and what
an actuator is to do looks the same as what a sensor saw: such records have no name of ours. A pack often holds hours
of records: each is a reading at its own time, and what is older than what is known is no news.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from ingest.decoders.draft import Draft
from ingest.decoders.meaning import Meaning
from ingest.decoders.memory import NEW, Memory
from ingest.decoders.message import RawMessage
from ingest.decoders.senml_records import MOST_RECORDS, Record, Unsupported, pack_of, resolved
from ingest.decoders.told import Telling, Told, device_id, entry, refused, together
from schemas.reading import Reading

NAME = "senml"
OWNS_BASE = False
_LARGEST = 32_768
#: Moments of one pack that become readings; more are counted and not kept.
_MOST_MOMENTS = 32


class Root(msgspec.Struct, frozen=True, array_like=True):
    """Nothing must be remembered: a pack says all."""


NEW_ROOT = Root()


@dataclass(frozen=True, slots=True)
class _Unit:
    """What numbers of a unit are: kind, factor to our unit, offset, and the names that mean it; first of them usual."""

    kind: str
    names: frozenset[str]
    factor: float = 1.0
    offset: float = 0.0
    alone: bool = True  # also without a name


def _names(*names: str) -> frozenset[str]:
    return frozenset(names)


_TEMPERATURE = _names("temperature", "temp", "t", "roomtemp", "roomtemperature", "ambienttemperature", "airtemperature")
_HUMIDITY = _names("humidity", "hum", "rh", "relativehumidity", "roomhumidity")
_LIGHT = _names("illuminance", "light", "lux", "brightness", "illumination")
_PRESSURE = _names("pressure", "airpressure", "barometer", "barometricpressure")
_POWER = _names("power", "activepower")
_ENERGY = _names("energy", "energytotal", "totalenergy")
_BATTERY = _names("battery", "batterylevel", "batt", "batterystate")
_SPEED = _names("speed", "velocity")
#: RFC 8428 and RFC 8798 (secondary units); several kinds of a unit are told apart by their names.
_UNITS: dict[str, tuple[_Unit, ...]] = {
    "Cel": (_Unit("temperature", _TEMPERATURE), _Unit("dew_point", _names("dewpoint"), alone=False)),
    "K": (_Unit("temperature", _TEMPERATURE, offset=-273.15),),
    "%RH": (_Unit("humidity", _HUMIDITY),),
    "lx": (_Unit("illuminance", _LIGHT),),
    "Pa": (_Unit("pressure", _PRESSURE, 0.01),),
    "hPa": (_Unit("pressure", _PRESSURE),),
    "W": (_Unit("power", _POWER),),
    "kW": (_Unit("power", _POWER, 1000.0),),
    "J": (_Unit("energy_total", _ENERGY, 1 / 3.6e6, alone=False),),
    "Wh": (_Unit("energy_total", _ENERGY, 0.001, alone=False),),
    "kWh": (_Unit("energy_total", _ENERGY, alone=False),),
    "V": (
        _Unit("voltage", _names("voltage", "mainsvoltage", "volt")),
        _Unit("battery_voltage", _names("batteryvoltage", "battvoltage", "vbat", "battery"), alone=False),
    ),
    "mV": (_Unit("battery_voltage", _names("batteryvoltage", "battvoltage", "vbat", "battery"), 0.001, alone=False),),
    "A": (_Unit("current", _names("current")),),
    "mA": (_Unit("current", _names("current"), 0.001),),
    "%EL": (_Unit("battery", _BATTERY),),
    "beat/min": (_Unit("heart_rate", _names("heartrate", "hr", "pulse", "heart")),),
    "dBm": (_Unit("rssi", _names("rssi", "signal", "signalstrength"), alone=False),),
    "ppm": (_Unit("co2", _names("co2", "carbondioxide"), alone=False),),
    "m/s": (_Unit("speed", _SPEED, 3.6, alone=False),),
    "km/h": (_Unit("speed", _SPEED, alone=False),),
    "lat": (_Unit("lat", _names("lat", "latitude", "location", "position")),),
    "lon": (_Unit("lon", _names("lon", "longitude", "location", "position")),),
}
#: True or false by name: an event when it changes. ``open`` true is open; of ``contact`` nobody can know.
_EVENTS = {
    "open": "door_open",
    "dooropen": "door_open",
    "windowopen": "door_open",
    "motion": "motion",
    "pir": "motion",
    "smoke": "smoke",
    "leak": "water_leak",
    "waterleak": "water_leak",
    "fall": "fall",
    "falldetected": "fall",
    "sos": "sos",
    "panic": "sos",
    "emergency": "sos",
}
_STATES = {
    "presence": "presence",
    "occupancy": "occupancy",
    "occupied": "occupancy",
    "inbed": "in_bed",
    "tamper": "tamper",
}
_WORDS = (
    frozenset(_EVENTS) | frozenset(_STATES) | frozenset(n for kinds in _UNITS.values() for k in kinds for n in k.names)
)
_SEPARATORS = re.compile(r"[:/._-]+")
_NOT_A_LETTER = re.compile(r"[^a-z]")


def recognise(_topic: str, payload: bytes) -> str | None:
    """Return ``""``, the one base of a home, for a pack; the standard has no topics."""
    return "" if len(payload) <= _LARGEST and pack_of(payload) is not None else None


def decode(root: Root, memories: Mapping[str, Memory], message: RawMessage, _base: str = "") -> Told:
    """Return what a pack came to. Never raises on what a sender wrote."""
    del root
    if not message.payload:
        return Told()
    if len(message.payload) > _LARGEST:
        return refused(message, "too-large", f"A pack has at most {_LARGEST} bytes.")
    pack = pack_of(message.payload)
    if pack is None:
        return refused(message, "bad-field", "This is no SenML pack in JSON or CBOR.")
    try:
        records, bad = resolved(pack, message.arrival_us)
    except Unsupported:
        return refused(message, "unsupported-version", "The pack is of a version of SenML that is not known.")
    if not records:
        return refused(message, "bad-field", "No record of this pack can be understood.")
    return _told(memories, message, records, bad + max(0, len(pack) - MOST_RECORDS))


def _told(memories: Mapping[str, Memory], message: RawMessage, records: list[Record], bad: int) -> Told:
    moments: dict[tuple[int, str], list[tuple[str, Record]]] = {}
    devices = set()
    named: dict[tuple[str, str], tuple[str, str]] = {}
    for record in records:
        device, name = named.setdefault((record.base, record.own), ("", ""))
        if not device:
            device, name = named[record.base, record.own] = _named(record, message)
        devices.add(device)
        if _kind(record, name) is not None:
            moments.setdefault((record.at_us or message.arrival_us, device), []).append((name, record))
    facts: dict[str, Any] = {"record_count": len(records), "devices": len(devices)}
    if bad:
        facts["records_refused"] = bad
    known = dict(memories)
    changed: dict[str, Memory | None] = {}
    readings: list[Reading] = []
    meanings: list[Meaning] = []
    note = None
    kept = sorted(moments)[-_MOST_MOMENTS:]
    for moment in kept:
        told = _moment(known, message, moment[1], moments[moment])
        changed |= told.memories
        known |= {device: memory for device, memory in told.memories.items() if memory is not None}
        readings += told.readings
        meanings.append(told.meaning)
        note = note or told.entry
    if len(kept) < len(moments):
        sentence = f"Of {len(moments)} moments in one pack, the last {len(kept)} are kept: send them in several packs."
        note = entry(message, "too-many", sentence, kept=True)
    whole = replace(together(meanings), facts=facts) if meanings else Meaning(ignored=True, facts=facts)
    return Told(whole, tuple(readings), note, memories=changed)


def _moment(memories: Mapping[str, Memory], message: RawMessage, device: str, told: list[tuple[str, Record]]) -> Told:
    """Return what one device said of one moment."""
    telling = Telling(message, memories)
    draft = telling.of(device)
    draft.claimed_us = told[0][1].at_us
    last_us = memories.get(device, NEW).last_seen_us
    draft.history = draft.claimed_us is not None and last_us is not None and draft.claimed_us < last_us
    for name, record in told:
        _take(draft, name, record)
    return telling.told()


def _named(record: Record, message: RawMessage) -> tuple[str, str]:
    """Return the device of a record, and what it says that the value is; a name without a device is the topic's."""
    base, own = record.base.strip(":/._- "), record.own.strip(":/._- ")
    if own and base and not record.base.endswith(own):
        return device_id(message, NAME, base), _letters(own)
    whole = base or own
    parts = _SEPARATORS.split(whole)
    tail = _letters(parts[-1])
    if tail in _WORDS:
        device = whole[: len(whole) - len(parts[-1])].strip(":/._- ")
        return device_id(message, NAME, device or message.local), tail
    named = "" if not own or any(char.isdigit() for char in parts[-1]) else tail  # an address is no name of a value
    return device_id(message, NAME, whole), named


def _letters(name: str) -> str:
    return _NOT_A_LETTER.sub("", name.rsplit("/", 1)[-1].rsplit(":", 1)[-1].lower().replace("co2", "carbondioxide"))


def _kind(record: Record, name: str) -> _Unit | str | None:
    """Return what a record measures, None: nothing of ours."""
    if isinstance(record.value, bool):
        return name if name in _EVENTS or name in _STATES else None
    if isinstance(record.value, str):
        return None
    kinds = _UNITS.get(record.unit, ())
    return next((unit for unit in kinds if name in unit.names or (not name and unit.alone)), None)


def _take(draft: Draft, name: str, record: Record) -> None:
    unit = _kind(record, name)
    if isinstance(record.value, bool):
        if name in _EVENTS:
            draft.event(_EVENTS[name], record.value)
        elif name in _STATES:
            draft.state(_STATES[name], record.value)
    elif isinstance(unit, _Unit):
        if unit.kind in ("lat", "lon"):
            _place(draft, unit.kind, record.value)
        elif isinstance(record.value, int | float):
            draft.number(unit.kind, record.value + unit.offset if unit.offset else record.value, factor=unit.factor)
        if unit.kind == "power" and record.total is not None:  # summed over seconds: joules
            draft.number("energy_total", record.total * unit.factor, factor=1 / 3.6e6)


def _place(draft: Draft, axis: str, value: float | str | None) -> None:
    """Take a coordinate; of a position whose time cannot be, nobody knows whether somebody is there now."""
    if draft.claimed_us is not None and draft.believed_us() is None:
        draft.unknown.append("location")
    elif not isinstance(value, int | float) or abs(value) > (90 if axis == "lat" else 180):
        draft.implausible.append("location")
    else:
        draft.see(axis, float(value), "°")
