"""What a Tasmota device heard by radio: Bluetooth sensors and beacons, LoRa, 433 MHz and infrared codes. Pure.

Sources: arendst/Tasmota ``xsns_62_esp32_mi*.ino``, ``xsns_52_*ibeacon*.ino``, ``xdrv_17_rcswitch.ino``,
``xdrv_73_*lorawan*.ino``; tasmota/docs Bluetooth, LoRaWan.
"""

import re
from typing import Any

from ingest.decoders.tasmota_parts import Parts
from ingest.decoders.tasmota_values import Units, numbers
from ingest.decoders.values import number, truth, word

#: ``LYWSD03-52680f``: kind and the last half of the address; without the dash where it has a topic of its own.
_BLUETOOTH = re.compile(
    r"(?:[A-Za-z][A-Za-z0-9_]*-|MJ_HT_V1|LYWSD0\d(?:MMC)?|CGG1|CGD1|Flora|MJYD2S|NLIGHT|YEERC|YLYK01|MHOC\d+|ATC|MCCGQ02"
    r"|SJWS01L|PVVX|YLKG08|YLAI003|MISCALE)([0-9a-f]{6})"
)
_ADDRESS = re.compile(r"[0-9A-Fa-f]{12}")
_BEACON = re.compile(r"IBEACON_([0-9A-Za-z]{12})")
#: A beacon without an id of its own.
_NO_UID = "0" * 32
#: MiBeacon's door: open, closed, still open after its time.
_DOORS = {0.0: True, 1.0: False, 2.0: True}


def address(name: str, told: dict[str, Any]) -> str | None:
    """Return the last half of a Bluetooth sensor's address, None: this is no Bluetooth sensor."""
    found = _BLUETOOTH.fullmatch(name)
    if found is not None:
        return found.group(1).lower()
    mac = told.get("MAC", told.get("mac"))
    return mac[-6:].lower() if isinstance(mac, str) and _ADDRESS.fullmatch(mac) else None


def bluetooth(parts: Parts, half: str, told: dict[str, Any], units: Units) -> None:
    """Take a Bluetooth sensor; several in one message are several devices. Moisture and fertility are a plant's."""
    draft = parts.child("ble", half, alone=True, radio=True)
    if draft is None:
        return
    numbers(draft, told, units)
    if number(told.get("RSSI")):
        draft.number("rssi", told["RSSI"])
    for key in ("PIR", "Motion"):
        if key in told:
            draft.event("motion", truth(told[key]))
    if "Leak" in told:
        draft.event("water_leak", truth(told["Leak"]))
    if "Door" in told:
        state = number(told["Door"])
        draft.event("door_open", None if state is None else _DOORS.get(state))
    if "Btn" in told:
        pressed = told["Btn"]
        draft.press(str(pressed) if isinstance(pressed, int) else pressed)


def beacon(parts: Parts, name: str, told: dict[str, Any]) -> bool:
    """Take a beacon that is near this receiver, or is not any more; whether it was one."""
    named = _BEACON.fullmatch(name)
    if name != "IBEACON" and named is None:
        return False
    mac = named.group(1) if named else word(told.get("MAC"))
    uid = word(told.get("UID"))
    one = (uid, str(told.get("MAJOR")), str(told.get("MINOR"))) if uid and uid != _NO_UID else (mac,)
    if one[0] is None:
        return True
    rssi = number(told.get("RSSI"))
    near = truth(told["STATE"]) if "STATE" in told else None if rssi is None else rssi != 0
    draft = parts.child("beacon", *(str(each).lower() for each in one), alone=True, radio=True)
    if draft is None:
        return True
    if near and rssi:  # one that is gone has none
        draft.number("rssi", rssi)
    draft.state("beacon_present", near, key=f"beacon {parts.label}")
    draft.see("receiver", parts.label)
    return True


def lora(parts: Parts, told: Any) -> None:
    """Take what LoRa devices said; bytes that nobody decodes are told once."""
    for key, body in told.items() if isinstance(told, dict) else ():
        if not isinstance(body, dict):
            continue
        high, low = word(body.get("DevEUIh")), word(body.get("DevEUIl"))
        name = (f"{high}{low}".lower(),) if high and low else (word(body.get("Name")) or key,)
        draft = parts.child("lora", *name, alone=bool(high and low), radio=True)
        if draft is None:
            continue
        if "RSSI" in body:
            draft.number("rssi", body["RSSI"])
        if "DoorOpen" in body:
            draft.event("door_open", truth(body["DoorOpen"]))
        if "LeakStatus" in body:
            draft.event("water_leak", truth(body["LeakStatus"]))
        if "Battery" in body:
            draft.number("battery_voltage", body["Battery"])
        numbers(draft, {key: value for key, value in body.items() if key != "Battery"}, Units.of(body))
        if isinstance(body.get("Payload"), list) and draft.change("undecoded", True):
            draft.technical = "decoder_missing"


def code(parts: Parts, told: Any, kind: str) -> None:
    """Take a code that a remote control sent: it means nothing until people say what it is; repeated in each press."""
    data = told.get("Data") if isinstance(told, dict) else None
    if data is not None:
        parts.own().press(str(data) if isinstance(data, int) else data, kind=kind)
