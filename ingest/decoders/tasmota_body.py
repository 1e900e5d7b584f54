"""What a Tasmota device's JSON says: telemetry (``SENSOR``), health (``STATE``) and what it did (``RESULT``). Pure."""

import re
from typing import Any

from ingest.decoders.tasmota_cards import WORDS, Card
from ingest.decoders.tasmota_parts import Parts, battery, relay
from ingest.decoders.tasmota_radio import address, beacon, bluetooth, code, lora
from ingest.decoders.tasmota_values import NO_DRIVER, Units, driver
from ingest.decoders.tasmota_zigbee import looks_like_one, received
from ingest.decoders.values import truth, word

_RELAY = re.compile(r"POWER\d{0,2}")
_INPUT = re.compile(r"(Switch|Button)(\d{1,2})")
#: Names that people give to an input (SwitchText) that say what it is; all else may be a door, a cord or a lamp.
_MOTION_NAMES = re.compile(r"(?:PIR|Motion)[ _-]?\d{0,2}", re.IGNORECASE)
#: What is told in a result when it happens.
_HAPPENS = frozenset({"RfReceived", "IrReceived", "IBEACON", "PN532", "RDM6300", "RC522", "Wiegand", "FPrint"})
#: Places of the words in a card.
_OFF, _ON = 0, 1


def switch(value: Any, card: Card | None) -> bool | None:
    """Whether it is on, in the device's own words or in any usual ones; None: neither (TOGGLE, HOLD, BLINK)."""
    words = WORDS if card is None else card.words
    if value == words[_ON]:
        return True
    return False if value == words[_OFF] else truth(value)


def sensors(parts: Parts, body: dict[str, Any], card: Card | None, sub: str = "") -> None:
    """Take telemetry: an object for each driver, inputs, and what was heard by radio."""
    units = Units.of(body)
    for name, told in list(body.items()):
        if name in NO_DRIVER:
            continue
        if name == "ZbReceived":
            received(parts, told, sub)
        elif looks_like_one(told):
            received(parts, {name: told})
        elif name in ("LwReceived", "LwDecoded"):
            lora(parts, told)
        elif isinstance(told, dict):
            _heard(parts, name, told, units)
        else:
            _input(parts, name, told, card)
    if sub and parts.empty and "Temperature" in body:  # one Bluetooth sensor on a topic of its own, without its name
        _heard(parts, sub, {key: told for key, told in body.items() if key not in NO_DRIVER}, units)


def _heard(parts: Parts, name: str, told: dict[str, Any], units: Units) -> None:
    if beacon(parts, name, told):
        return
    half = address(name, told)
    if half is not None:
        bluetooth(parts, half, told, units)
    elif name in ("RfReceived", "IrReceived"):
        code(parts, told, "rf_code" if name == "RfReceived" else "ir_code")
    elif _INPUT.fullmatch(name):
        _pressed(parts, name, told, None)
    else:
        driver(parts, name, told, units)


def _input(parts: Parts, name: str, told: Any, card: Card | None) -> None:
    """Take an input: a contact, a motion sensor or a cord, of which the firmware does not know which it is."""
    if name in ("Battery", "BatteryPercentage"):
        battery(parts.own(), told)
        return
    named = card is not None and name in card.switches
    on = switch(told, card) if isinstance(told, str) else None
    if on is None or not (named or told in WORDS or _INPUT.fullmatch(name)):
        return
    if _MOTION_NAMES.fullmatch(name) or (card is not None and _says_motion(name, card)):
        draft = parts.part(name, "motion")
        if draft is not None:
            draft.event("motion", on, key=name)
        return
    draft = parts.part(name, "switch")
    if draft is not None:
        draft.state("switch", on, key=name)


def _says_motion(name: str, card: Card) -> bool:
    """Whether the input with the firmware's own name was given a name that says motion."""
    return any(_MOTION_NAMES.fullmatch(text) and name == f"Switch{number}" for text, number in card.switches.items())


def state(parts: Parts, body: dict[str, Any], card: Card | None) -> None:
    """Take a device's health, and its relays as they stand. ``RSSI`` is a share of 100 here; ``Signal`` is dBm."""
    powers = [(name, told) for name, told in body.items() if _RELAY.fullmatch(name)]
    wifi = body.get("Wifi")
    draft = parts.own(status=not powers)
    if isinstance(wifi, dict) and "Signal" in wifi:
        draft.number("rssi", wifi["Signal"])
    for name, told in powers:
        _relay(parts, name, told, card)


def result(parts: Parts, body: dict[str, Any], card: Card | None) -> None:
    """Take what a device did or heard; an answer to a setting is nothing."""
    for name, told in list(body.items()):
        if _RELAY.fullmatch(name):
            _relay(parts, name, told, card)
        elif name == "ZbReceived":
            received(parts, told)
        elif name in ("LwReceived", "LwDecoded"):
            lora(parts, told)
        elif _INPUT.fullmatch(name) and isinstance(told, dict):
            _pressed(parts, name, told, card)
        elif name in _HAPPENS and isinstance(told, dict):
            _heard(parts, name, told, Units())


def _relay(parts: Parts, name: str, told: Any, card: Card | None) -> None:
    on = switch(told, card)
    draft = parts.part("POWER" if name == "POWER1" else name, "switch") if on is not None else None
    if draft is not None:
        relay(draft, "POWER" if name == "POWER1" else name, on)


def _pressed(parts: Parts, name: str, told: dict[str, Any], card: Card | None) -> None:
    """Take an input that sends what happened (SetOption73, 114): a state where it says on or off, else a press."""
    action = told.get("Action", told.get("ACTION"))
    if name.startswith("Switch") and switch(action, card) is not None:
        _input(parts, name, action, card)
        return
    pressed = word(action)
    if pressed is not None:
        parts.own().press(pressed.lower(), button=name.lower())
