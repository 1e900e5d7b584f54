"""What entities of Home Assistant's discovery mean: by component and device class, never by name. Pure.

Source: Home Assistant's documentation of its device classes (binary_sensor, sensor, event, device_tracker).
"""

from collections.abc import Iterator
from typing import Any

from ingest.decoders import esphome
from ingest.decoders.draft import Draft
from ingest.decoders.ha_config import Entity
from ingest.decoders.message import RawMessage
from ingest.decoders.template_filters import TemplateRefused
from ingest.decoders.templates import Payload, render
from ingest.decoders.told import Telling
from ingest.decoders.values import celsius, is_unknown, number, object_of, text_of, truth, word

#: ON and an event when it changes.
_EVENTS = {
    "motion": "motion", "door": "door_open", "window": "door_open", "opening": "door_open", "garage_door": "door_open",
    "moisture": "water_leak", "smoke": "smoke", "gas": "gas", "carbon_monoxide": "carbon_monoxide",
    "vibration": "vibration",
}  # fmt: skip
_STATES = {
    "occupancy": "presence", "presence": "presence", "moving": "moving", "tamper": "tamper", "battery": "battery_low",
    "battery_charging": "charging",
}  # fmt: skip
#: Device class of a sensor -> our quantity, and the factors of its units (none: as it is).
_NUMBERS: dict[str, tuple[str, dict[str, float]]] = {
    "humidity": ("humidity", {}),
    "pressure": ("pressure", {"kPa": 10.0, "Pa": 0.01, "mbar": 1.0}),
    "atmospheric_pressure": ("pressure", {"kPa": 10.0, "Pa": 0.01, "mbar": 1.0}),
    "illuminance": ("illuminance", {}),
    "carbon_dioxide": ("co2", {}),
    "battery": ("battery", {}),
    "voltage": ("voltage", {"mV": 0.001}),
    "current": ("current", {"mA": 0.001}),
    "power": ("power", {"kW": 1000.0}),
    "energy": ("energy_total", {"Wh": 0.001, "MWh": 1000.0}),
    "signal_strength": ("rssi", {}),
}
_PRESSES = {
    "button_short_press": "single", "button_double_press": "double", "button_triple_press": "triple",
    "button_long_press": "long", "button_quadruple_press": "quadruple",
}  # fmt: skip
#: Types of an event that call for help. Who configured the button chose them, as an action, and not as a name.
CALLS = frozenset({"sos", "emergency", "panic"})
#: What an announced entity is called when it is shown: doors of all kinds are doors.
_SHOWN = {"door": "door", "window": "door", "opening": "door", "garage_door": "door", "moisture": "water_leak"}
_SECOND_US = 1_000_000
#: Degrees Celsius of absolute zero, with the sign turned.
_KELVIN = 273.15


def take(telling: Telling, entity: Entity, payload: Payload) -> None:
    """Take what an entity says on its topic into its device's draft."""
    message = telling.message
    draft = telling.of(entity.device)
    text = _text(draft, message, entity, payload)
    if text is None:
        return
    if entity.role == "attributes":
        _attributes(draft, text)
    elif entity.role == "press":
        _trigger(draft, entity, text)
    elif entity.component == "binary_sensor":
        _binary(draft, entity, text)
    elif entity.component == "sensor":
        _sensor(draft, entity, text)
    elif entity.component == "event":
        _event(draft, entity, text)
    elif entity.component == "device_tracker":
        _tracker(draft, entity, text)
    elif entity.component in ("switch", "light"):
        on = _on(entity, text)
        if on is not None:
            draft.see("switch", on)
            if draft.change(entity.key, on):
                draft.moved.append("appliance" if on else "appliance_ended")


def _text(draft: Draft, message: RawMessage, entity: Entity, payload: Payload) -> str | None:
    """Return what the message says of the entity; None: nothing that can be known."""
    name = entity.kind or entity.component
    if not entity.template:
        return text_of(message.payload)
    try:
        told = render(entity.template, payload)
    except TemplateRefused as refused:
        draft.unknown.append(name)
        draft.facts["cannot_interpret"] = f"{entity.template[:80]}: {refused}"
        return None
    return told  # None: this message does not speak of it


def _on(entity: Entity, text: str) -> bool | None:
    """Return whether a text is the entity's word for on; by its own words, as Home Assistant compares them."""
    if is_unknown(text) and text not in (str(entity.on), str(entity.off)):
        return None
    for told, words in ((True, entity.on), (False, entity.off)):
        if text == str(words) or (isinstance(words, bool) and truth(text) is words):
            return told
    return None


def _binary(draft: Draft, entity: Entity, text: str) -> None:
    on = _on(entity, text)
    kind = entity.kind
    if kind in _EVENTS:
        _event_of(draft, entity, _EVENTS[kind], on)
    elif kind in _STATES:
        draft.state(_STATES[kind], on, key=entity.key)
        if kind == "battery" and on:
            draft.technical = "low_battery"
    elif kind == "connectivity" and on is not None:
        draft.see("available", on)
    elif kind not in ("", "safety") or not esphome.binary(draft, entity.object, on):
        draft.unknown.append(kind or "binary")  # ``safety`` may be an earthquake, a lid, a fall: nobody says which


def _event_of(draft: Draft, entity: Entity, kind: str, on: bool | None) -> None:
    """Take an event; one that announces no end (``off_delay``) has ended by itself after it."""
    if on and entity.off_delay_s:
        last = draft.values.get(f"{entity.key}:us")
        if isinstance(last, int | float) and draft.arrival_us - last >= entity.off_delay_s * _SECOND_US:
            draft.values.pop(entity.key, None)
        draft.change(f"{entity.key}:us", draft.arrival_us)
    draft.event(kind, on, key=entity.key)


def _sensor(draft: Draft, entity: Entity, text: str) -> None:
    told = None if is_unknown(text) else number(text)
    if entity.kind == "temperature":
        if entity.unit == "°F":
            told = celsius(told)
        elif entity.unit == "K" and told is not None:
            told = round(told - _KELVIN, 2)
        draft.number("device_temperature" if entity.own else "temperature", told)  # a chip is no room
    elif entity.kind in _NUMBERS:
        kind, factors = _NUMBERS[entity.kind]
        draft.number(kind, told, factor=factors.get(entity.unit, 1.0))
    elif entity.kind == "distance" and entity.unit in ("m", "cm"):
        draft.distance(told, entity.unit)
    elif entity.kind:
        return  # a class that means nothing here
    else:
        esphome.number(draft, entity.object, text)


def _event(draft: Draft, entity: Entity, text: str) -> None:
    """Take an event entity's message: one of the types it announced; what the broker remembered never happened now."""
    body = object_of(text.encode())
    kind = word(body.get("event_type")) if body is not None else None
    if kind is None or (entity.events and kind not in entity.events):
        return
    if entity.kind != "motion":
        draft.press(kind, kind="sos" if kind in CALLS else "button")
    elif draft.live:
        draft.happen("motion", True)


def _trigger(draft: Draft, entity: Entity, text: str) -> None:
    """Take a trigger: the exact payload that was announced; or a tag that was read."""
    if entity.component == "tag":
        draft.press(word(text), kind="tag")
    elif text == entity.payload:
        draft.press(_PRESSES.get(entity.kind, entity.payload or "press"), button=entity.subtype[:64])


def _tracker(draft: Draft, entity: Entity, text: str) -> None:
    home = {entity.payload or "home": True, "not_home": False}.get(text)
    if home is None and not is_unknown(text):
        home = False  # the name of a zone that is not the home
        draft.see("zone", text[:64])
    draft.state("at_home", home, key=entity.key)


def _attributes(draft: Draft, text: str) -> None:
    body = object_of(text.encode())
    body = body or {}
    draft.place(body.get("latitude"), body.get("longitude"), body.get("gps_accuracy"))


def shown(component: str, told: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield an announced entity as ``shouwang decode`` shows it."""
    kind = told.get("device_class")
    kind = kind if isinstance(kind, str) else ""
    names = {"binary_sensor": _SHOWN.get(kind, kind or "binary_unknown"), "sensor": kind or "sensor"}
    names |= {"event": "button", "device_automation": "button"}
    entity: dict[str, Any] = {"type": names.get(component, component)}
    for key in ("state_topic", "availability_topic", "json_attributes_topic", "topic", "payload"):
        if isinstance(told.get(key), str):
            entity[key] = told[key]
    if isinstance(told.get("unit_of_measurement"), str):
        entity["unit"] = told["unit_of_measurement"]
    if component == "binary_sensor":
        entity |= {"on": told.get("payload_on", "ON"), "off": told.get("payload_off", "OFF")}
    yield entity
