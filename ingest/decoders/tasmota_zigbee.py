"""Zigbee2Tasmota: what Zigbee devices said, heard by a Tasmota bridge (``ZbReceived``), in its own vocabulary. Pure.

It is not Zigbee2MQTT's: ``Contact`` 1 is an *open* door (the alarm bit of the zone), ``Power`` beside a received
command (``"0006!01"``) is a key that was pressed and alone a relay's state, and a flag like ``Tamper`` is only sent
while it is true. Every message holds what was received just now, nothing cached.
Source: arendst/Tasmota ``xdrv_23_zigbee_2_devices.ino``, ``xdrv_23_zigbee_5_2_converters.ino``; tasmota/docs Zigbee.
"""

import re
from typing import Any

from ingest.decoders.draft import Draft
from ingest.decoders.tasmota_parts import Parts, battery, low_battery, relay
from ingest.decoders.values import number, truth, word

_NUMBERS = {
    "Temperature": "temperature",
    "Humidity": "humidity",
    "Pressure": "pressure",
    "Illuminance": "illuminance",
    "BatteryVoltage": "battery_voltage",
    "LinkQuality": "link_quality",
    "RMSVoltage": "voltage",
    "MainsVoltage": "voltage",
    "RMSCurrent": "current",
    "ActivePower": "power",
}
#: True or false, an event when it changes. The zone's alarm bit: of a contact, 1 is open.
_EVENTS = {
    "Occupancy": "motion",
    "Contact": "door_open",
    "Water": "water_leak",
    "Fire": "smoke",
    "Smoke": "smoke",
    "CO": "carbon_monoxide",
    "Movement": "vibration",
}
#: Devices that somebody presses to call for help.
_CALLS = ("PersonalAlarm", "Panic")
#: Bits of a zone's status beside its alarm.
_TAMPER, _LOW, _TEST = 0x04, 0x08, 0x100
#: A received command: ``<cluster>!<command>``; what a device answers is written with ``<``.
_COMMAND = re.compile(r"[0-9A-F]{4}![0-9A-F]{2}")
_ON_OFF = "0006!"
#: Keys of alarm panels: emergency, fire, panic.
_HELP = frozenset({"0501!02", "0501!03", "0501!04"})
_PRESSED: dict[float | None, str] = {0.0: "off", 1.0: "on", 2.0: "toggle"}
#: What a remote's further commands are called; 0 is up, 1 is down.
_DIMMER = {"DimmerUp": "dimmer_up", "DimmerDown": "dimmer_down", "DimmerStop": "dimmer_stop"}
_UP_DOWN = {"DimmerStep": "dimmer_step", "DimmerMove": "dimmer_move"}
_ARROWS = {"ArrowClick": "arrow", "ArrowHold": "arrow_hold"}
#: What happened to a thing that was moved; the object fell, and no person.
_OBJECT_FELL = frozenset({"fall", "drop", "freefall"})
#: A coin cell's or battery pack's voltage where ``Voltage`` does not say of what; mains are far above.
_BATTERY_VOLTS = 10.0


def received(parts: Parts, told: Any, sub: str = "") -> None:
    """Take what one bridge received: devices by short address or name, or one without (``sub`` is then its topic)."""
    if not isinstance(told, dict):
        return
    if not any(isinstance(value, dict) for value in told.values()):
        told = {sub or str(told.get("Name") or told.get("Device") or ""): told}
    for key, body in told.items():
        if isinstance(body, dict) and key:
            name = word(body.get("Name")) or key
            draft = parts.child("zigbee", name, radio=True)
            if draft is not None:
                _device(draft, body)


def looks_like_one(told: Any) -> bool:
    """Whether an object is a Zigbee device's, of a bridge that was told to leave ``ZbReceived`` away (SetOption100)."""
    return isinstance(told, dict) and "LinkQuality" in told and ("Endpoint" in told or "Device" in told)


def _device(draft: Draft, body: dict[str, Any]) -> None:
    commands = [key for key in body if _COMMAND.fullmatch(key)]
    for key, kind in _NUMBERS.items():
        if key in body:
            draft.number(kind, body[key])
    reachable = truth(body.get("Reachable"))
    if reachable is not None:
        draft.reachable(reachable)
    _battery(draft, body)
    bits = _zone(draft, body)
    testing = truth(body.get("Test")) is True or bool(bits & _TEST)
    if testing:
        draft.happen("self_test", True)
    for key, kind in _EVENTS.items():
        on = _either(body, key)
        if on is not None and not (testing and on):
            draft.event(kind, on, key=key)
    on = _either(body, *_CALLS)
    if on is not None and not (testing and on):
        draft.event("sos", on)
    if "CO2" in body and "CO" not in body:  # beside CO it is the alarm's second bit, alone parts per million
        draft.number("co2", body["CO2"])
    _pressed(draft, body, commands)
    _moved(draft, body)


def _battery(draft: Draft, body: dict[str, Any]) -> None:
    for key in ("BatteryPercentage", "Battery"):
        if key in body:
            battery(draft, body[key])
            break
    volts = number(body.get("Voltage"))
    if volts is not None:
        draft.number("battery_voltage" if 0 < volts < _BATTERY_VOLTS else "voltage", volts)


def _zone(draft: Draft, body: dict[str, Any]) -> int:
    """Take the flags of a zone's status; a flag that is not there is not raised."""
    status = next((body[key] for key in ("ZoneStatusChange", "ZoneStatus") if key in body), None)
    told = number(status)
    bits = int(told) if told is not None and 0 <= told <= 0xFFFF else 0
    if truth(body.get("BatteryLow")) is True:
        bits |= _LOW
    if truth(body.get("Tamper")) is True:
        bits |= _TAMPER
    if told is not None or bits:
        tampered, low = bool(bits & _TAMPER), bool(bits & _LOW)
        if tampered or "tamper" in draft.values:
            draft.state("tamper", tampered)
        if low or "battery_low" in draft.values:
            draft.state("battery_low", low)
        if low:
            low_battery(draft, low=True)
    return bits


def _either(body: dict[str, Any], *keys: str) -> bool | None:
    """Return whether one of these flags, or its second bit (``Contact2``), is raised; None: none was told."""
    told = [truth(body[name]) for key in keys for name in (key, f"{key}2") if name in body and name != "CO2"]
    if "CO" in keys and "CO" in body and "CO2" in body:
        told.append(truth(body["CO2"]))
    known = [each for each in told if each is not None]
    return any(known) if known else None


def _pressed(draft: Draft, body: dict[str, Any], commands: list[str]) -> None:
    button = str(body.get("Endpoint") or "")
    if any(command in _HELP for command in commands):
        draft.press("emergency", kind="sos", button=button)
    if "Power" in body:
        if any(command.startswith(_ON_OFF) for command in commands):
            draft.press(_PRESSED.get(number(body["Power"])), button=button)
        else:
            relay(draft, f"Power{button}", truth(body["Power"]))
    for key in ("Click", "AqaraCube", "AqaraButton"):
        if key in body:
            _word(draft, body[key], button)
    if commands:
        _dimmed(draft, body, button)


def _dimmed(draft: Draft, body: dict[str, Any], button: str) -> None:
    for key, pressed in _DIMMER.items():
        if key in body:
            draft.press(pressed, button=button)
    for key, pressed in _UP_DOWN.items():
        if key in body:
            draft.press(f"{pressed}_{'down' if truth(body[key]) else 'up'}", button=button)
    for key, pressed in _ARROWS.items():
        if key in body:
            draft.press(f"{pressed}_{'left' if truth(body[key]) else 'right'}", button=button)


def _word(draft: Draft, value: Any, button: str) -> None:
    if isinstance(value, str) and value in _OBJECT_FELL:
        _fell(draft)
    else:
        draft.press(value, button=button)


def _moved(draft: Draft, body: dict[str, Any]) -> None:
    mode = body.get("AqaraVibrationMode")
    if isinstance(mode, str) and mode in _OBJECT_FELL:
        _fell(draft)
    elif mode is not None:
        draft.press(mode, kind="vibration")


def _fell(draft: Draft) -> None:
    if draft.live:
        draft.happen("object_drop", True)
