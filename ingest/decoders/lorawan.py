"""What LoRaWAN devices of the usual makers say, once their network server has decoded their bytes. Pure.

Source: the makers' published codecs (TheThingsNetwork/lorawan-devices, Milesight's SensorDecoders, Dragino, ELSYS,
Browan). A codec is free to choose names, so this is a whitelist of names with what each maker means by it; what is not
in it is no data. Records of the past (``history``) are not read here: what was then did not happen now.
"""

from typing import Any

import msgspec

from ingest.decoders import event_time
from ingest.decoders.draft import Draft
from ingest.decoders.message import RawMessage
from ingest.decoders.told import device_id
from ingest.decoders.values import number, truth


class Root(msgspec.Struct, frozen=True, array_like=True):
    """Nothing must be known of the server: each message says which device it is of."""


#: name (lower case) -> quantity and factor to our unit.
_NUMBERS: dict[str, tuple[str, float]] = {
    "temperature": ("temperature", 1.0),
    "externaltemperature": ("temperature", 1.0),
    "external_temperature": ("temperature", 1.0),
    "tempc_sht": ("temperature", 1.0),
    "tempc_ds": ("temperature", 1.0),
    "tempc1": ("temperature", 1.0),
    "boardtemp": ("device_temperature", 1.0),
    "humidity": ("humidity", 1.0),
    "hum_sht": ("humidity", 1.0),
    "co2": ("co2", 1.0),
    "light": ("illuminance", 1.0),
    "illumination": ("illuminance", 1.0),
    "illuminance": ("illuminance", 1.0),
    "pressure": ("pressure", 1.0),
    "barometric_pressure": ("pressure", 1.0),
    "battery_level": ("battery", 1.0),
    "battery_percent": ("battery", 1.0),
    "vdd": ("battery_voltage", 0.001),
    "batv": ("battery_voltage", 1.0),
    "battery_voltage": ("battery_voltage", 1.0),
    "power": ("power", 1.0),
    "current": ("current", 0.001),
}
_OPEN = {"open": True, "opened": True, "close": False, "closed": False, "1": True, "0": False}
_LEAK = {"leak": True, "leaking": True, "normal": False, "dry": False, "no leak": False}
_SEEN = {"trigger": True, "triggered": True, "occupied": True, "normal": False, "idle": False, "vacant": False}
_SMOKE = {"alarm": True, "smoke": True, "smoke alarm": True, "normal": False}
#: name -> event and its words; a truth or 0 and 1 means what the event's name says.
_EVENTS: dict[str, tuple[str, dict[str, bool]]] = {
    "door": ("door_open", _OPEN),
    "magnet_status": ("door_open", _OPEN),
    "magnet": ("door_open", _OPEN),
    "door_open_status": ("door_open", _OPEN),
    "door_status": ("door_open", _OPEN),
    "open": ("door_open", _OPEN),
    "contact_open": ("door_open", _OPEN),
    "water_leak": ("water_leak", _LEAK),
    "leakage_status": ("water_leak", _LEAK),
    "water_leak_status": ("water_leak", _LEAK),
    "waterleak": ("water_leak", _LEAK),
    "leak": ("water_leak", _LEAK),
    "water": ("water_leak", _LEAK),
    "pir": ("motion", _SEEN),
    "pir_status": ("motion", _SEEN),
    "pir_trigger": ("motion", _SEEN),
    "occupied": ("motion", _SEEN),
    "smoke": ("smoke", _SMOKE),
    "smoke_status": ("smoke", _SMOKE),
    "gas_status": ("gas", _SMOKE),
    "sos": ("sos", {}),
    "sos_event": ("sos", {}),
    "panic": ("sos", {}),
    "emergency": ("sos", {}),
    "alarm_status": ("sos", {}),  # Dragino's trackers: the red button
}
_STATES: dict[str, tuple[str, dict[str, bool]]] = {
    "detection_status": ("presence", {"occupied": True, "vacant": False}),
    "occupancy": ("presence", {"occupied": True, "vacant": False, "unoccupied": False}),
    "tamper_status": ("tamper", {"uninstalled": True, "installed": False, "tamper": True, "normal": False}),
    "install": ("tamper", {"uninstalled": True, "installed": False}),
    "moving": ("moving", {}),
}
_PRESSES = {"short": "single", "single": "single", "double": "double", "long": "long", "triple": "triple"}
_BUTTONS = frozenset({"button", "press", "button_event", "button_status", "button_msg"})
#: Of a radar's alarm records: our event, and whether it is a claim of a fall.
_ALARM_TYPES = {"fall": "fall", "occupied": "presence", "vacant": "presence", "out_of_bed": "in_bed"}
_ALARM_STATES = {"triggered": True, "deactivated": False, "ignored": False}
#: Names by which codecs tell a position.
_PLACES = (("latitude", "longitude"), ("lat", "lon"), ("lat", "lng"))
#: A percentage beneath is "change it".
LOW_BATTERY = 10
#: A count of a motion sensor that rose since the last message.
_COUNT = "motion"
#: Codecs nest (``data.temperature``); deeper is no codec of a sensor.
_DEPTH = 2
_VOLTS_MOST = 5.0


def identity(message: RawMessage, eui: Any, *names: str) -> str:
    """Return a device's id: by its EUI-64, else by its names."""
    if isinstance(eui, str) and len(eui) == 16 and all(char in "0123456789abcdefABCDEF" for char in eui):
        return f"lora-{eui.lower()}"
    return device_id(message, "lora", *(names or (str(eui)[:64],)))


def fresh(draft: Draft, mark: str) -> bool:
    """Whether an uplink is not the one before again: confirmed ones are repeated, and heard by several gateways."""
    if not draft.marked("uplink", mark) and draft.live:
        draft.again = True
        return False
    return True


def server_time(draft: Draft, told_us: int | None) -> None:
    """Take the network's time: it is set, and good to a millisecond; what is of another week did not happen now."""
    if told_us is not None:
        draft.claimed_us = told_us // 1000 * 1000
        if not event_time.believable(draft.claimed_us, draft.arrival_us):
            draft.history = True


def take(draft: Draft, decoded: dict[str, Any], depth: int = _DEPTH) -> None:
    """Take a decoded object into a device's draft."""
    for name, value in decoded.items():
        key = str(name).lower()
        if isinstance(value, dict) and depth:
            take(draft, value, depth - 1)
        elif key in ("battery", "bat"):
            _battery(draft, value)
        elif key in _NUMBERS:
            kind, factor = _NUMBERS[key]
            draft.number(kind, value, factor=factor)
        elif key in _EVENTS:
            kind, words = _EVENTS[key]
            draft.event(kind, _truth(value, words), key=key)
        elif key in _STATES:
            kind, words = _STATES[key]
            draft.state(kind, _truth(value, words), key=key)
        elif key in _BUTTONS and isinstance(value, str):
            draft.press(_PRESSES.get(value.lower(), value))
        elif key == "motion":
            _motion(draft, value)
        elif key == "events" and isinstance(value, list):
            for each in value[:20]:
                _alarm_record(draft, each)
    _place(draft, decoded)


def _truth(value: Any, words: dict[str, bool]) -> bool | None:
    if isinstance(value, str) and value.strip().lower() in words:
        return words[value.strip().lower()]
    return truth(value)


def _battery(draft: Draft, value: Any) -> None:
    """Take a battery: some codecs mean a percentage by it, Browan's volts."""
    told = number(value)
    if told is not None and 0 < told <= _VOLTS_MOST and told != int(told):
        draft.number("battery_voltage", told)
        return
    found = draft.number("battery", value)
    if found is not None and found < LOW_BATTERY:
        draft.technical = "low_battery"


def _motion(draft: Draft, value: Any) -> None:
    """Take motion: a truth, or (ELSYS) how often something moved since the message before."""
    if isinstance(value, bool | str):
        draft.event("motion", _truth(value, _SEEN))
        return
    count = draft.number("motion_count", value)
    if count and draft.live:
        draft.happen("motion_count", count)


def _alarm_record(draft: Draft, record: Any) -> None:
    """Take one record of a radar: what began or ended now."""
    if not isinstance(record, dict):
        return
    kind, state = _ALARM_TYPES.get(str(record.get("alarm_type"))), _ALARM_STATES.get(str(record.get("alarm_status")))
    if kind is None or state is None:
        return
    mark = f"{record.get('alarm_id')}:{record.get('alarm_status')}"[:60]
    if not draft.marked(f"alarm:{record['alarm_type']}", mark):
        return
    if kind == "fall":
        draft.happen("fall", state)
    elif state:
        draft.state(kind, record["alarm_type"] == "occupied")


def _place(draft: Draft, decoded: dict[str, Any]) -> None:
    told = {str(key).lower(): value for key, value in decoded.items()}
    for first, second in _PLACES:
        lat, lon = number(told.get(first)), number(told.get(second))
        if lat is None or lon is None:
            continue
        place(draft, lat, lon)
        return


def place(draft: Draft, lat: float, lon: float) -> None:
    """Take a position in degrees; 0, 0 is a receiver without a fix."""
    if abs(lat) > 90 or abs(lon) > 180 or (lat == 0 and lon == 0):
        draft.implausible.append("location")
        return
    draft.see("lat", lat, "°")
    draft.see("lon", lon, "°")


def signal(draft: Draft, receptions: Any) -> None:
    """Take how well the best gateway heard the device."""
    told = (
        [number(each.get("rssi")) for each in receptions[:50] if isinstance(each, dict)]
        if isinstance(receptions, list)
        else []
    )
    heard = [each for each in told if each is not None]
    if heard:
        draft.number("rssi", max(heard))
