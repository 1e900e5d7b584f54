"""Shelly from Gen2 on: components in notifications (``events/rpc``) and statuses (``status/<component>``). Pure.

Source: Shelly's Gen2+ API documentation (components and services; notifications). A NotifyStatus is a part of a
status, a NotifyFullStatus the whole of it again (devices that sleep say it when they wake), so only what differs is
news. Energy is counted in watt-hours; a switch's ``temperature`` is its chip's. ``source`` says who switched: a button
or an input is somebody at home, everything else is somebody or something elsewhere. What is Bluetooth's is
``shelly_blu``'s.
"""

import re
from collections.abc import Callable
from typing import Any

from ingest.decoders import shelly_blu
from ingest.decoders.draft import Draft
from ingest.decoders.meaning import named
from ingest.decoders.shelly_blu import Gateway, clock_us
from ingest.decoders.shelly_gen1 import switched
from ingest.decoders.values import number, truth, word

_COMPONENT = re.compile(r"([a-z0-9_]+)(?::(\d+))?")
#: Components that say nothing of the home.
_PLUMBING = frozenset(
    {"sys", "mqtt", "cloud", "ble", "ws", "ui", "eth", "knx", "matter", "bthome", "blugw", "script", "schedule"}
    | {"plugs_ui", "ht_ui", "service", "object", "emdata", "em1data"}
)
#: How buttons are pressed; going down and up again is no press.
_PRESSES = {
    "single_push": "single", "double_push": "double", "triple_push": "triple", "long_push": "long",
    "long_double_push": "long_double", "long_triple_push": "long_triple", "hold_press": "hold",
    "rotate_left": "rotate_left", "rotate_right": "rotate_right",
}  # fmt: skip
#: Components that somebody presses; a ``button`` is one of the app, pressed by nobody at home.
_PRESSED = frozenset({"input", "bthomedevice", "bthomesensor"})
#: Events and buttons looked at of one message.
_MOST_EVENTS, _MOST_BUTTONS = 20, 16
#: Who switched, where it was somebody at the device.
_LOCAL = frozenset({"button", "input", "switch"})
#: Not anybody: the device began anew.
_NOBODY = frozenset({"init", "power_on"})
#: Numbers of any component that measures mains.
_MAINS = {
    "apower": "power", "voltage": "voltage", "current": "current", "act_power": "power", "total_act_power": "power",
}  # fmt: skip
#: What a component says is wrong with it, and what somebody should look at.
_ERRORS = {"overtemp": "device_hot", "cable_unplugged": "sensor_unplugged"}


def is_component(name: str) -> bool:
    """Whether a status topic's last level is a component's name."""
    found = _COMPONENT.fullmatch(name)
    return found is not None and (found[1] in _TAKERS or found[1] in _PLUMBING or found[1] in shelly_blu.KINDS)


def is_plumbing(name: str) -> bool:
    """Whether a component says nothing of the home."""
    return name.partition(":")[0] in _PLUMBING


def notification(gateway: Gateway, method: str, params: dict[str, Any]) -> None:
    """Take a notification's parameters."""
    gateway.own.claimed_us = clock_us(params.get("ts"))
    if method == "NotifyEvent":
        events = params.get("events")
        for event in events[:_MOST_EVENTS] if isinstance(events, list) else []:
            if isinstance(event, dict):
                _event(gateway, event)
        return
    for name, body in params.items():
        if isinstance(body, dict) and is_component(name):
            component(gateway, name, body)


def _event(gateway: Gateway, event: dict[str, Any]) -> None:
    """Take one event: presses; what changed in the device is nobody's news."""
    name, told = str(event.get("component"))[:40], _PRESSES.get(str(event.get("event")))
    kind, _, index = name.partition(":")
    if kind == "blu":
        shelly_blu.script_event(gateway, event)
    if told is None or kind not in _PRESSED:
        return
    draft = gateway.own if kind == "input" else gateway.bound(name)
    draft.claimed_us = clock_us(event.get("ts")) or gateway.own.claimed_us
    nth = number(index if kind == "input" else event.get("idx"))
    button = int(nth) if nth is not None and 0 < nth < _MOST_BUTTONS else 0
    # The event's own time numbers it. Where it tells none, no two could be told apart.
    mark = "" if number(event.get("ts")) is None else str(event["ts"])[:40]
    draft.press(f"button{button + 1}:{told}" if button else told, button=f"{name}:{button}", mark=mark)
    draft.dedupe_key = f"{name}:{event.get('event')}:{mark}"


def component(gateway: Gateway, name: str, body: dict[str, Any]) -> None:
    """Take one component's status, or a part of it."""
    kind = name.partition(":")[0]
    if kind in shelly_blu.KINDS:
        shelly_blu.component(gateway, name, body)
    elif kind in _TAKERS:
        draft = gateway.own
        _TAKERS[kind](draft, name, body)
        _mains(draft, body)
        errors = body.get("errors")
        for each in errors if isinstance(errors, list) else []:
            draft.technical = _ERRORS.get(str(each), draft.technical)


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
    energy = body.get("aenergy")
    if isinstance(energy, dict) and "total" in energy:
        draft.number("energy_total", energy["total"], factor=0.001)


def _input(draft: Draft, _name: str, body: dict[str, Any]) -> None:
    on = truth(body.get("state"))
    if on is not None:  # what is wired there, nobody says; null: it is a button's
        draft.see("input", on)


def _number(key: str, kind: str) -> "Taker":
    """Return what takes a component that is one number; ``key`` is where it stands."""

    def take(draft: Draft, _name: str, body: dict[str, Any]) -> None:
        if key in body:
            draft.number(kind, body[key])

    return take


def _alarm(kind: str) -> "Taker":
    def take(draft: Draft, name: str, body: dict[str, Any]) -> None:
        if "alarm" in body:
            draft.event(kind, truth(body["alarm"]), key=name)

    return take


def _power_supply(draft: Draft, _name: str, body: dict[str, Any]) -> None:
    battery = body.get("battery")
    if isinstance(battery, dict):
        for key, kind in (("percent", "battery"), ("V", "battery_voltage")):
            if battery.get(key) is not None:
                draft.number(kind, battery[key])


def _presence(draft: Draft, name: str, body: dict[str, Any]) -> None:
    """Take one zone of a radar, or its whole room: somebody is there as long as one of them sees somebody."""
    count = number(body.get("num_objects"))
    told = [truth(body[key]) for key in ("value", "state", "presence") if key in body]
    on = told[0] if told else None if count is None else count > 0
    if on is None:
        draft.unknown.extend(["presence"] if told else [])
        return
    was = any(draft.values.get(each) is True for each in _zones(draft))
    changed = draft.change(name, on)
    now = any(draft.values.get(each) is True for each in _zones(draft))
    draft.seen = [each for each in draft.seen if each.type != "presence"]  # of the zones before in this message
    draft.see("presence", now)
    news = named("presence", on)
    if changed and (on or (was and not now)) and news not in draft.moved:
        draft.moved.append(news)


def _zones(draft: Draft) -> list[str]:
    return [key for key in draft.values if key.partition(":")[0] in ("presence", "presencezone")]


def _signal(draft: Draft, _name: str, body: dict[str, Any]) -> None:
    if number(body.get("rssi")) is not None:
        draft.number("rssi", body["rssi"])


def _only_mains(_draft: Draft, _name: str, _body: dict[str, Any]) -> None:
    """Take nothing beside what is measured of the mains."""


#: Takes a component's status (or a part of it) into the device's draft, by its name.
Taker = Callable[[Draft, str, dict[str, Any]], None]
_TAKERS: dict[str, Taker] = {
    **dict.fromkeys(("switch", "light", "rgb", "rgbw", "cct", "rgbcct"), _switch),
    **dict.fromkeys(("voltmeter", "pm1", "em", "em1", "cover"), _only_mains),
    **dict.fromkeys(("presence", "presencezone"), _presence),
    "input": _input,
    "temperature": _number("tC", "temperature"),
    "humidity": _number("rh", "humidity"),
    "illuminance": _number("lux", "illuminance"),
    "thermostat": _number("current_C", "temperature"),
    "devicepower": _power_supply,
    "smoke": _alarm("smoke"),
    "flood": _alarm("water_leak"),
    "wifi": _signal,
}
