"""Metrics of Sparkplug nodes in the platform's words: a whitelist, for names are the makers' own. Pure."""

import re

from ingest.decoders.sparkplug_wire import Metric

_NOT_A_LETTER = re.compile(r"[^a-z0-9]+")
#: Numbers by the last level of a metric's name, without spaces and signs; in the units that these names have.
NUMBERS = {
    "temperature": "temperature",
    "temp": "temperature",
    "roomtemperature": "temperature",
    "humidity": "humidity",
    "relativehumidity": "humidity",
    "illuminance": "illuminance",
    "lux": "illuminance",
    "co2": "co2",
    "battery": "battery",
    "batterylevel": "battery",
    "batteryvoltage": "battery_voltage",
    "voltage": "voltage",
    "supplyvoltage": "voltage",
    "current": "current",
    "power": "power",
    "activepower": "power",
    "rssi": "rssi",
    "heartrate": "heart_rate",
    "respirationrate": "respiration_rate",
    "respiratoryrate": "respiration_rate",
}
EVENTS = {
    "motion": "motion",
    "pir": "motion",
    "dooropen": "door_open",
    "smoke": "smoke",
    "waterleak": "water_leak",
    "leak": "water_leak",
    "fall": "fall",
    "falldetected": "fall",
    "sos": "sos",
    "nursecall": "sos",
    "emergency": "sos",
    "emergencycall": "sos",
    "panic": "sos",
    "pullcord": "sos",
}
STATES = {
    "presence": "presence",
    "occupancy": "occupancy",
    "occupied": "occupancy",
    "bedoccupied": "in_bed",
    "inbed": "in_bed",
    "tamper": "tamper",
}


def last_level(name: str) -> str:
    """Return the last level of a metric's name, in small letters and figures alone."""
    return _NOT_A_LETTER.sub("", name.rsplit("/", 1)[-1].lower())


def kind_of(name: str, metric: Metric) -> str | None:
    """Return what a metric is in the platform's words, None: nothing of ours."""
    last = last_level(name)
    if last in NUMBERS and not isinstance(metric.value, bool | str):
        return NUMBERS[last]
    if metric.value is not None and not isinstance(metric.value, bool):
        return None
    if last in EVENTS:
        return EVENTS[last]
    if last in STATES:
        return STATES[last]
    return "input" if name.lower().startswith("inputs/") and isinstance(metric.value, bool) else None
