"""Shelly from Gen2 on: components in notifications (``events/rpc``) and statuses (``status/<component>``). Pure.

Source: Shelly's Gen2+ API documentation (components and services; notifications). A NotifyStatus is a part of a
status, a NotifyFullStatus the whole of it again (devices that sleep say it when they wake), so only what differs is
news. Energy is counted in watt-hours; a switch's ``temperature`` is its chip's. ``source`` says who switched: a button
or an input is somebody at home, everything else is somebody or something elsewhere.
"""

import re
from typing import Any

import msgspec

from ingest.decoders.draft import Draft
from ingest.decoders.message import RawMessage
from ingest.decoders.shelly_gen1 import switched
from ingest.decoders.told import IGNORED, Told
from ingest.decoders.values import number, object_of, time_of, truth, word


class Root(msgspec.Struct, frozen=True, array_like=True):
    """What is known below one prefix: the device's own id, and what its bound Bluetooth sensors measure (obj_id)."""

    source: str = ""
    objects: dict[str, int] = {}


_COMPONENT = re.compile(r"([a-z0-9_]+)(?::(\d+))?")
_KINDS = frozenset(
    {"switch", "light", "rgb", "rgbw", "cct", "input", "temperature", "humidity", "devicepower", "smoke", "flood"}
    | {"presence", "presencezone", "illuminance", "voltmeter", "pm1", "em", "em1", "cover", "thermostat"}
    | {"bthomedevice", "bthomesensor", "wifi", "sys", "mqtt", "cloud", "ble", "ws", "ui", "eth", "knx", "matter"}
    | {"bthome", "blugw", "script", "schedule", "emdata", "em1data", "plugs_ui", "ht_ui", "service", "object"}
)
_PLUMBING = frozenset(
    {"sys", "mqtt", "cloud", "ble", "ws", "ui", "eth", "knx", "matter", "bthome", "blugw", "script", "schedule"}
    | {"plugs_ui", "ht_ui", "service", "object", "emdata", "em1data"}
)
_PRESSES = {"single_push": "single", "double_push": "double", "triple_push": "triple", "long_push": "long"}
#: Who switched, where it was somebody at the device.
_LOCAL = frozenset({"button", "input", "switch"})
#: Not anybody: the device began anew.
_NOBODY = frozenset({"init", "power_on"})
#: Numbers of any component that measures mains.
_MAINS = {"apower": "power", "voltage": "voltage", "current": "current", "act_power": "power"}
#: No time of a message before the first Gen2 device was sold: seconds since its start instead.
_FIRST_CLOCK_S = 1_500_000_000
#: BTHome object ids of bound sensors (bthome.io, format): numbers, and what is an event when it changes.
_OBJECT_NUMBERS = {
    0x01: "battery",
    0x02: "temperature",
    0x45: "temperature",
    0x03: "humidity",
    0x2E: "humidity",
    0x05: "illuminance",
}
_OBJECT_EVENTS = {
    0x11: "door_open",
    0x1A: "door_open",
    0x2D: "door_open",
    0x20: "water_leak",
    0x21: "motion",
    0x29: "smoke",
    0x2C: "vibration",
}
#: Bound sensors remembered of one gateway.
_MOST_OBJECTS = 200


def is_component(name: str) -> bool:
    """Whether a status topic's last level is a component's name."""
    found = _COMPONENT.fullmatch(name)
    return found is not None and found[1] in _KINDS


def is_plumbing(name: str) -> bool:
    """Whether a component says nothing of the home."""
    return name.partition(":")[0] in _PLUMBING


def notification(draft: Draft, root: Root, method: str, params: dict[str, Any]) -> None:
    """Take a notification's parameters."""
    draft.claimed_us = clock_us(params.get("ts"))
    if method == "NotifyEvent":
        events = params.get("events")
        for event in events[:20] if isinstance(events, list) else []:
            if isinstance(event, dict):
                _event(draft, event)
        return
    for name, body in params.items():
        if isinstance(body, dict) and is_component(name) and not is_plumbing(name):
            component(draft, root, name, body)


def clock_us(told: Any) -> int | None:
    """Return a device's time in microseconds; None where its clock was not set yet (seconds since its start)."""
    seconds = number(told)
    return None if seconds is None or seconds < _FIRST_CLOCK_S else time_of(seconds)


def _event(draft: Draft, event: dict[str, Any]) -> None:
    """Take one event: presses; going down and up again is none, and what changed in the device is nobody's news."""
    pressed = _PRESSES.get(str(event.get("event")))
    if pressed is None:
        return
    name, mark = str(event.get("component"))[:40], str(event.get("ts"))[:40]
    told_us = clock_us(event.get("ts"))
    if told_us is not None:
        draft.claimed_us = told_us
    draft.press(pressed, button=name, mark=mark)
    draft.dedupe_key = f"{name}:{event.get('event')}:{mark}"


def component(draft: Draft, root: Root, name: str, body: dict[str, Any]) -> None:
    """Take one component's status, or a part of it."""
    kind = name.partition(":")[0]
    if kind in ("switch", "light", "rgb", "rgbw", "cct"):
        _switch(draft, name, body)
    elif kind in _OTHERS:
        _OTHERS[kind](draft, name, body)
    elif kind == "bthomesensor":
        _bound_sensor(draft, root, name, body)
    elif kind == "wifi":
        draft_rssi(draft, body)
    _mains(draft, body)


def draft_rssi(draft: Draft, body: dict[str, Any]) -> None:
    """Take how well a device is heard."""
    if number(body.get("rssi")) is not None:
        draft.number("rssi", body["rssi"])


def _switch(draft: Draft, name: str, body: dict[str, Any]) -> None:
    if "output" in body:
        source, local = word(body.get("source")), None
        if source in _NOBODY:
            local = False
        elif source is not None:
            local = draft.facts["activity_evidence"] = source in _LOCAL
        switched(draft, name, truth(body["output"]), local)
    temperature = body.get("temperature")
    if isinstance(temperature, dict) and "tC" in temperature:
        draft.number("device_temperature", temperature["tC"])


def _mains(draft: Draft, body: dict[str, Any]) -> None:
    for key, kind in _MAINS.items():
        if key in body:
            draft.number(kind, body[key])
    if "total_act_power" in body:
        draft.number("power", body["total_act_power"])
    energy = body.get("aenergy")
    if isinstance(energy, dict) and "total" in energy:
        draft.number("energy_total", energy["total"], factor=0.001)


def _input(draft: Draft, _name: str, body: dict[str, Any]) -> None:
    on = truth(body.get("state"))
    if on is not None:  # what is wired there, nobody says; null: it is a button's
        draft.see("input", on)


def _temperature(draft: Draft, _name: str, body: dict[str, Any]) -> None:
    if "tC" in body:
        draft.number("temperature", body["tC"])


def _humidity(draft: Draft, _name: str, body: dict[str, Any]) -> None:
    if "rh" in body:
        draft.number("humidity", body["rh"])


def _power_supply(draft: Draft, _name: str, body: dict[str, Any]) -> None:
    battery = body.get("battery")
    if isinstance(battery, dict):
        for key, kind in (("percent", "battery"), ("V", "battery_voltage")):
            if battery.get(key) is not None:
                draft.number(kind, battery[key])


def _alarm(kind: str) -> Any:
    def take(draft: Draft, name: str, body: dict[str, Any]) -> None:
        if "alarm" in body:
            draft.event(kind, truth(body["alarm"]), key=name)

    return take


def _presence(draft: Draft, name: str, body: dict[str, Any]) -> None:
    for key in ("value", "state", "presence"):
        if key in body:
            draft.state("presence", truth(body[key]), key=name)
            return
    count = number(body.get("num_objects"))
    if count is not None:
        draft.state("presence", count > 0, key=name)


def _illuminance(draft: Draft, _name: str, body: dict[str, Any]) -> None:
    if "lux" in body:
        draft.number("illuminance", body["lux"])


def _thermostat(draft: Draft, _name: str, body: dict[str, Any]) -> None:
    if "current_C" in body:
        draft.number("temperature", body["current_C"])


def _bound_device(draft: Draft, _name: str, body: dict[str, Any]) -> None:
    draft.claimed_us = clock_us(body.get("last_updated_ts")) or draft.claimed_us
    if number(body.get("battery")) is not None:
        draft.number("battery", body["battery"])
    draft_rssi(draft, body)


def _bound_sensor(draft: Draft, root: Root, name: str, body: dict[str, Any]) -> None:
    """Take a value of a bound Bluetooth sensor: what it is stands in the configuration, and only there."""
    draft.claimed_us = clock_us(body.get("last_updated_ts")) or draft.claimed_us
    kind = root.objects.get(name)
    if kind in _OBJECT_NUMBERS:
        draft.number(_OBJECT_NUMBERS[kind], body.get("value"))
    elif kind in _OBJECT_EVENTS:
        draft.event(_OBJECT_EVENTS[kind], truth(body.get("value")), key=name)
    elif "value" in body:
        draft.unknown.append(name)


_OTHERS = {
    "input": _input,
    "temperature": _temperature,
    "humidity": _humidity,
    "devicepower": _power_supply,
    "smoke": _alarm("smoke"),
    "flood": _alarm("water_leak"),
    "presence": _presence,
    "presencezone": _presence,
    "illuminance": _illuminance,
    "thermostat": _thermostat,
    "bthomedevice": _bound_device,
}


def answer(root: Root, message: RawMessage) -> Told:
    """Take what a device answers somebody else: data for nobody, but what its bound sensors measure stands there."""
    body = object_of(message.payload)
    result = body.get("result") if body is not None else None
    components = result.get("components") if isinstance(result, dict) else None
    found: dict[str, int] = {}
    for each in components[:_MOST_OBJECTS] if isinstance(components, list) else []:
        config = each.get("config") if isinstance(each, dict) else None
        name = word(each.get("key")) if isinstance(each, dict) else None
        told = config.get("obj_id") if isinstance(config, dict) else None
        if name is not None and isinstance(told, int) and not isinstance(told, bool) and 0 <= told < 256:
            found[name] = told
    if not found:
        return IGNORED
    objects = dict(list({**root.objects, **found}.items())[-_MOST_OBJECTS:])
    return Told(IGNORED.meaning, root=msgspec.structs.replace(root, objects=objects))
