"""Shelly Gen1: one value a topic below ``shellies/<id>/``. Pure. Source: Gen1 API documentation, MQTT.

Settings make a device say everything again each 30 s (``mqtt_update_period``), presses too: only a press with another
``event_cnt`` is one, and the empty event at start is none. ``-1`` is "not known". Energy is counted in watt-minutes. A
thermometer speaks in the degrees that it is set to, and says which only in its ``info`` (ha-shellies-discovery, 143).
"""

import re
from collections.abc import Callable
from typing import Any

from ingest.decoders.draft import Draft
from ingest.decoders.values import celsius, json_of, number, object_of, text_of, time_of, truth

_LEAF = re.compile(
    r"(relay|light|color|white|roller|input|longpush|input_event|emeter|sensor|adcs|ext_temperature|ext_humidity|"
    r"ext_switch|ext_temperatures|ext_humidities|thermostats)(/.+)?|temperature|temperature_f|overtemperature|"
    r"temperature_status|status|voltage|power|energy|announce|info|online|command"
)
#: Watt-minutes in a kilowatt-hour.
_WMIN = 1 / 60_000
_PRESSES = {"S": "single", "SS": "double", "SSS": "triple", "L": "long", "SL": "short_long", "LS": "long_short"}
#: Inputs beyond the first, of devices that have several.
_FURTHER = frozenset("123456789")
_OPEN = {"open": True, "close": False, "closed": False}
_GAS = {"none": False, "mild": True, "heavy": True}
#: A gas sensor's word, and its ``self_test``, while it tests itself.
_TEST, _TESTING = "test", "running"
#: In a device's memory: whether it sleeps (None: not known), and whether it says degrees Fahrenheit.
SLEEPS = "sleeps"
_FAHRENHEIT = "fahrenheit"
#: What can be switched, each with a meter of its own.
_SWITCHES = ("relay", "light", "color", "white")
_INDEX = re.compile(r"/\d+")


def is_leaf(rest: str) -> bool:
    """Whether the firmware makes this topic below a device's own."""
    return _LEAF.fullmatch(rest) is not None


def value(draft: Draft, rest: str, payload: bytes) -> bool:
    """Take one value; whether it is data for us."""
    kind, _, more = rest.partition("/")
    if kind == "input_event":
        return _press(draft, more, payload)
    if kind == "status":
        return _status(draft, payload)
    text = text_of(payload) or ""
    if kind in _SWITCHES and "/" not in more:
        switched(draft, f"{kind}:{more}", {"on": True, "off": False}.get(text), None)
        return True
    taker = _VALUES.get(_INDEX.sub("", rest, count=1))
    if taker is None:
        return False  # act_reasons, errors, illumination as a word, concentration without a unit
    taker(draft, text)
    return True


def switched(draft: Draft, key: str, on: bool | None, local: bool | None) -> None:
    """Take whether something is switched on; ``local`` False: somebody elsewhere, or a timer, did it."""
    if on is None:  # overpower, or a state that is no switch's
        draft.unknown.append("switch")
        return
    draft.see("switch", on)
    first_no = key not in draft.values and not on
    if draft.change(key, on) and not first_no and local is not False:
        draft.moved.append("appliance" if on else "appliance_ended")


def _press(draft: Draft, button: str, payload: bytes) -> bool:
    body = object_of(payload)
    if body is None:
        draft.unknown.append("button")
        return True
    count, told = body.get("event_cnt"), body.get("event")
    # The count begins anew with the device's start, which says so by an event that is empty.
    mark = f"{count}:{told}" if isinstance(count, int) and not isinstance(count, bool) else ""
    pressed = _PRESSES.get(told) if isinstance(told, str) else None
    if pressed is not None:
        name = f"button{int(button) + 1}:" if button in _FURTHER else ""
        draft.press(f"{name}{pressed}", button=button, mark=mark)
        draft.dedupe_key = f"event_cnt:{button}:{count}"
    elif told == "" and mark and draft.live:
        draft.pressed = ("", button, mark)
    elif told:
        draft.unknown.append("button")
    return True


def _status(draft: Draft, payload: bytes) -> bool:
    """Take the one JSON message of a motion sensor.

    ``timestamp`` is when it last saw somebody move: the message's own time while it does, and hours or weeks ago in
    the report of an empty room, which is of now.
    """
    body = json_of(payload)
    if not isinstance(body, dict) or "motion" not in body:
        return False
    moves = truth(body["motion"])
    draft.values[SLEEPS] = False  # it has a battery, and stays connected
    if moves is True:
        draft.claimed_us = time_of(body.get("timestamp")) or None
    draft.event("motion", moves)
    if "vibration" in body:
        draft.event("vibration", truth(body["vibration"]))
    if "lux" in body:
        draft.number("illuminance", body["lux"])
    if "bat" in body:
        draft.number("battery", body["bat"])
    told = body.get("tmp")
    if isinstance(told, dict) and degrees(draft, told) and told.get("is_valid") is not False:
        _temperature(draft, told.get("value"))
    return True


def _temperature(draft: Draft, value: Any) -> None:
    draft.number("temperature", celsius(value) if draft.values.get(_FAHRENHEIT) is True else value)


def degrees(draft: Draft, told: Any) -> bool:
    """Remember in which degrees a device speaks, by what it says of its thermometer (``tmp``); whether it has one."""
    units = told.get("units") if isinstance(told, dict) else None
    if units not in ("C", "F"):
        return False
    draft.values[_FAHRENHEIT] = units == "F"
    return True


def _number(kind: str, factor: float = 1.0) -> "Taker":
    def take(draft: Draft, text: str) -> None:
        draft.number(kind, text, factor=factor)

    return take


def _event(kind: str) -> "Taker":
    def take(draft: Draft, text: str) -> None:
        draft.event(kind, truth(text))  # -1: it has not looked yet

    return take


def _door(draft: Draft, text: str) -> None:
    draft.event("door_open", _OPEN.get(text))


def _gas(draft: Draft, text: str) -> None:
    if text == _TEST:
        _self_test(draft, _TESTING)
    else:
        draft.event("gas", _GAS.get(text))


def _self_test(draft: Draft, text: str) -> None:
    if draft.change("self_test", text) and text == _TESTING:
        draft.happen("self_test", True)


def _tilt(draft: Draft, text: str) -> None:
    angle = number(text)
    if angle is None or angle < 0:
        draft.unknown.append("tilt")
    else:
        draft.see("tilt", angle, "°")


def _charger(draft: Draft, text: str) -> None:
    draft.state("charging", truth(text))


def _input(draft: Draft, text: str) -> None:
    on = truth(text)
    if on is None:
        draft.unknown.append("input")
    else:
        draft.see("input", on)


def _chip_fahrenheit(draft: Draft, text: str) -> None:
    draft.number("device_temperature", celsius(text))


def _too_hot(draft: Draft, text: str) -> None:
    if truth(text) is True:
        draft.technical = "device_hot"


#: Takes one value, told as a text.
Taker = Callable[[Draft, str], None]
#: What is told below a device's own topic, without the number of the channel.
_VALUES: dict[str, Taker] = {
    "sensor/state": _door,
    "sensor/flood": _event("water_leak"),
    "sensor/smoke": _event("smoke"),
    "sensor/motion": _event("motion"),
    "sensor/vibration": _event("vibration"),
    "sensor/gas": _gas,
    "sensor/self_test": _self_test,
    "sensor/tilt": _tilt,
    "sensor/charger": _charger,
    "sensor/temperature": _temperature,
    "sensor/humidity": _number("humidity"),
    "sensor/lux": _number("illuminance"),
    "sensor/battery": _number("battery"),
    "ext_temperature": _number("temperature"),
    "ext_humidity": _number("humidity"),
    "temperature": _number("device_temperature"),  # of the relay inside, never of the room
    "temperature_f": _chip_fahrenheit,
    "overtemperature": _too_hot,
    "input": _input,
    "voltage": _number("voltage"),
    "power": _number("power"),
    **{f"{each}/power": _number("power") for each in _SWITCHES},
    **{f"{each}/energy": _number("energy_total", _WMIN) for each in _SWITCHES},
    "emeter/power": _number("power"),
    "emeter/voltage": _number("voltage"),
    "emeter/current": _number("current"),
    "emeter/total": _number("energy_total", 0.001),  # an energy meter counts in watt-hours
}
