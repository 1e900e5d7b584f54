"""Shelly Gen1: one value a topic below ``shellies/<id>/``. Pure. Source: Gen1 API documentation, MQTT.

Settings make a device say everything again each 30 s (``mqtt_update_period``), presses too: only a press with another
``event_cnt`` is one, and the empty event at start is none. ``-1`` is "not known". Energy is counted in watt-minutes.
"""

import re

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
_OPEN = {"open": True, "close": False, "closed": False}
_EVENTS = {"flood": "water_leak", "smoke": "smoke", "motion": "motion", "vibration": "vibration"}
_GAS = {"none": False, "mild": True, "heavy": True}
#: ``sensor/<what>`` that is a number: our quantity.
_NUMBERS = {"temperature": "temperature", "humidity": "humidity", "lux": "illuminance", "battery": "battery"}
_METER = {"power": "power", "voltage": "voltage", "current": "current"}


def is_leaf(rest: str) -> bool:
    """Whether the firmware makes this topic below a device's own."""
    return _LEAF.fullmatch(rest) is not None


def value(draft: Draft, rest: str, payload: bytes) -> bool:
    """Take one value; whether it is data for us."""
    kind, _, more = rest.partition("/")
    text = text_of(payload)
    if kind == "sensor":
        return _sensor(draft, more, text or "")
    if kind in ("relay", "light", "color", "white"):
        return _relay(draft, kind, more, text or "")
    if kind == "input_event":
        return _press(draft, more, payload)
    if kind == "status":
        return _status(draft, payload)
    if kind == "emeter":
        return _meter(draft, more.partition("/")[2], text or "")
    return _other(draft, kind, more, text or "")


def _sensor(draft: Draft, what: str, text: str) -> bool:
    if what == "state":
        draft.event("door_open", _OPEN.get(text))
    elif what == "gas":
        draft.event("gas", _GAS.get(text))
    elif what in _EVENTS:
        draft.event(_EVENTS[what], truth(text))  # -1: it has not looked yet
    elif what == "tilt":
        angle = number(text)
        if angle is None or angle < 0:
            draft.unknown.append("tilt")
        else:
            draft.see("tilt", angle, "°")
    elif what == "self_test":
        _self_test(draft, text)
    elif what in _NUMBERS:
        draft.number(_NUMBERS[what], text)
    elif what == "charger":
        draft.state("charging", truth(text))
    else:
        return False  # act_reasons, errors, illumination as a word, concentration without a unit
    return True


def _self_test(draft: Draft, text: str) -> None:
    if draft.change("self_test", text) and text == "running":
        draft.happen("self_test", True)


def _relay(draft: Draft, kind: str, more: str, text: str) -> bool:
    index, _, what = more.partition("/")
    if what == "power":
        draft.number("power", text)
    elif what == "energy":
        draft.number("energy_total", text, factor=_WMIN)
    elif what == "":
        switched(draft, f"{kind}:{index}", {"on": True, "off": False}.get(text), None)
    else:
        return False
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
    mark = str(count) if isinstance(count, int) and not isinstance(count, bool) else ""
    if isinstance(told, str) and told:
        draft.press(_PRESSES.get(told), button=button, mark=mark)
        draft.dedupe_key = f"event_cnt:{button}:{mark}"
        if told not in _PRESSES:
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
    if moves is True:
        draft.claimed_us = time_of(body.get("timestamp")) or None
    draft.event("motion", moves)
    if "vibration" in body:
        draft.event("vibration", truth(body["vibration"]))
    if "lux" in body:
        draft.number("illuminance", body["lux"])
    if "bat" in body:
        draft.number("battery", body["bat"])
    return True


def _meter(draft: Draft, what: str, text: str) -> bool:
    if what in _METER:
        draft.number(_METER[what], text)
    elif what == "total":
        draft.number("energy_total", text, factor=0.001)  # an energy meter counts in watt-hours
    else:
        return False
    return True


def _other(draft: Draft, kind: str, more: str, text: str) -> bool:
    if kind == "input" and more.isdigit():
        on = truth(text)
        if on is None:
            draft.unknown.append("input")
        else:
            draft.see("input", on)
    elif kind == "temperature":
        draft.number("device_temperature", text)  # of the relay inside, never of the room
    elif kind == "temperature_f":
        draft.number("device_temperature", celsius(text))
    elif kind == "overtemperature":
        if truth(text) is True:
            draft.technical = "device_hot"
    elif kind in ("voltage", "power"):
        draft.number(kind, text)
    elif kind == "ext_temperature" and more.isdigit():
        draft.number("temperature", text)
    elif kind == "ext_humidity" and more.isdigit():
        draft.number("humidity", text)
    else:
        return False
    return True
