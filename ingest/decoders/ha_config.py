"""Home Assistant's MQTT discovery: what a configuration announces, as the entities that matter here. Pure.

Source: Home Assistant's documentation of MQTT discovery, and its abbreviations
(homeassistant/components/mqtt/abbreviations.py, Apache-2.0), of which those of the options that are read here.
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from ingest.decoders import esphome
from ingest.decoders.meaning import Scalar

#: ``<prefix>/<component>/[<node>/]<object>/config``; the prefix is free.
CONFIG = re.compile(
    r"(?:(.+)/)?(binary_sensor|sensor|event|device_tracker|device_automation|tag|switch|light|lock|cover|button|number|"
    r"select|text|update|siren|climate|fan|camera|image|vacuum|alarm_control_panel|scene|device)/"
    r"(?:[a-zA-Z0-9_-]+/)?[a-zA-Z0-9_-]+/config"
)
#: Entities of one device; the largest bridges announce some sixty for one.
MOST_ENTITIES = 200
#: A word of a configuration: names, classes, payloads.
_LONGEST_WORD = 500
#: Topics of one entity's availability (Home Assistant: a few, a bridge's and its own), and kinds of one entity's event.
_MOST_AVAILABILITIES, _MOST_EVENT_TYPES = 10, 64
_SHORT: dict[str, str] = {
    "stat_t": "state_topic", "avty": "availability", "avty_t": "availability_topic",
    "avty_tpl": "availability_template", "avty_mode": "availability_mode",
    "pl_avail": "payload_available", "pl_not_avail": "payload_not_available",
    "dev": "device", "dev_cla": "device_class", "unit_of_meas": "unit_of_measurement", "val_tpl": "value_template",
    "pl_on": "payload_on", "pl_off": "payload_off", "stat_on": "state_on", "stat_off": "state_off",
    "uniq_id": "unique_id", "obj_id": "object_id", "o": "origin", "cmps": "components", "p": "platform", "t": "topic",
    "pl": "payload", "stype": "subtype", "atype": "automation_type", "json_attr_t": "json_attributes_topic",
    "json_attr_tpl": "json_attributes_template",
    "pl_home": "payload_home", "pl_not_home": "payload_not_home", "off_dly": "off_delay", "ent_cat": "entity_category",
    "evt_typ": "event_types",
}  # fmt: skip
_SHORT_DEVICE = {"ids": "identifiers", "cns": "connections", "mdl": "model", "mf": "manufacturer", "mdl_id": "model_id"}


class Entity(msgspec.Struct, frozen=True, array_like=True):
    """One announced entity, heard on ``topic``. ``kind``: its device class; ``role``: state, attributes, or press.

    ``object`` is its name in a topic of ESPHome's form, ``config`` the topic of its configuration, ``events`` what an
    event entity can say; none: anything. ``own``: it tells of the device itself (``entity_category``), not of the home.
    """

    device: str
    component: str
    key: str
    topic: str
    role: str = "state"
    kind: str = ""
    template: str = ""
    unit: str = ""
    on: Scalar = "ON"
    off: Scalar = "OFF"
    payload: str = ""
    off_delay_s: float = 0.0
    object: str = ""
    config: str = ""
    subtype: str = ""
    events: tuple[str, ...] = ()
    own: bool = False


class Availability(msgspec.Struct, frozen=True, array_like=True):
    """On which topic it is said whether a device can be heard, and by which words. ``mode``: of several topics."""

    device: str
    topic: str
    template: str = ""
    online: str = "online"
    offline: str = "offline"
    mode: str = "latest"
    config: str = ""


def names_of(topic: str) -> tuple[str, str]:
    """Return the component and the object's name in a configuration's topic."""
    levels = topic.split("/")
    found = CONFIG.fullmatch(topic)
    return (found[2] if found else "", levels[-2])


def expanded(body: dict[str, Any]) -> dict[str, Any]:
    """Return a configuration with its options' full names, and ``~`` replaced in its topics."""
    told = {_SHORT.get(key, key): value for key, value in body.items()}
    base = told.get("~")
    if isinstance(base, str):
        told = {key: _with_base(key, value, base) for key, value in told.items()}
    return told


def _with_base(key: str, value: Any, base: str) -> Any:
    if isinstance(value, str) and (key.endswith("topic") or key == "topic"):
        return base + value[1:] if value.startswith("~") else value[:-1] + base if value.endswith("~") else value
    if key == "availability" and isinstance(value, list):
        return [_based(each, base) for each in value if isinstance(each, dict)]
    return value


def _based(options: dict[str, Any], base: str) -> dict[str, Any]:
    full = {_SHORT.get(key, key): value for key, value in options.items()}
    return {key: _with_base(key, value, base) for key, value in full.items()}


def device_names(told: dict[str, Any]) -> tuple[str, ...]:
    """Return what identifies the announced device: its MAC, else its identifiers, else nothing."""
    device = told.get("device")
    if not isinstance(device, dict):
        return ()
    device = {_SHORT_DEVICE.get(key, key): value for key, value in device.items()}
    pairs = device.get("connections")
    for pair in pairs if isinstance(pairs, list) else []:
        if isinstance(pair, list) and len(pair) == 2 and pair[0] == "mac" and isinstance(pair[1], str):
            return ("mac", pair[1].replace(":", "").lower()[:_LONGEST_WORD])
    names = device.get("identifiers")
    names = [names] if isinstance(names, str) else names
    return (
        tuple(sorted(each[:_LONGEST_WORD] for each in names if isinstance(each, str)))
        if isinstance(names, list)
        else ()
    )


def origin_of(told: dict[str, Any]) -> str:
    """Return the name of the software that announces."""
    origin = told.get("origin")
    return _word(origin.get("name")) if isinstance(origin, dict) else ""


def manufacturer_of(told: dict[str, Any]) -> str:
    """Return who made the announced device."""
    device = told.get("device")
    return _word(device.get("manufacturer") or device.get("mf")) if isinstance(device, dict) else ""


def components(told: dict[str, Any], component: str, name: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield component, key and options of each entity; of a device's configuration those below ``components``."""
    if component != "device":
        yield component, name, told
        return
    inner, base = told.get("components"), told.get("~")
    shared = {key: value for key, value in told.items() if key in ("state_topic", "availability", "availability_topic",
              "availability_mode", "availability_template", "payload_available", "payload_not_available")}  # fmt: skip
    for key, each in list(inner.items())[:MOST_ENTITIES] if isinstance(inner, dict) else []:
        if isinstance(each, dict) and len(each) > 1:  # one with its platform alone is withdrawn
            options = shared | expanded({"~": base} | each if isinstance(base, str) else each)
            if isinstance(options.get("platform"), str):
                yield options["platform"], str(key), options


def entities(device: str, component: str, name: str, told: dict[str, Any]) -> Iterator[Entity]:
    """Yield what of one component is heard: its state, its attributes, or its presses."""
    key = _word(told.get("unique_id")) or name
    kind = _word(told.get("device_class"))
    template = _word(told.get("value_template"))
    topic = _word(told.get("state_topic"))
    delay = told.get("off_delay")
    if topic:
        types = told.get("event_types")
        on, off = ("payload_on", "payload_off") if "payload_on" in told else ("state_on", "state_off")
        yield Entity(
            device, component, key, topic, "state", kind, template, _word(told.get("unit_of_measurement")),
            on=_scalar(told.get(on), "ON"), off=_scalar(told.get(off), "OFF"),
            payload=_payload(told.get("payload_home")) if component == "device_tracker" else "",
            off_delay_s=float(delay) if isinstance(delay, int | float) and 0 < delay < 86_400 else 0.0,
            object=esphome.split(topic)[1],
            events=tuple(map(_word, types[:_MOST_EVENT_TYPES])) if isinstance(types, list) else (),
            own=told.get("entity_category") == "diagnostic",
        )  # fmt: skip
    attributes = _word(told.get("json_attributes_topic"))
    if attributes and component == "device_tracker":
        yield Entity(
            device, component, key, attributes, "attributes", template=_word(told.get("json_attributes_template"))
        )
    trigger = _word(told.get("topic"))
    if trigger and component in ("device_automation", "tag"):
        kind = _word(told.get("type")) if component == "device_automation" else "tag"
        yield Entity(
            device, component, key, trigger, "press", kind, template, payload=_payload(told.get("payload")),
            subtype=_word(told.get("subtype")),
        )  # fmt: skip


def availability(device: str, told: dict[str, Any]) -> Iterator[Availability]:
    """Yield where it is said whether the device can be heard."""
    listed = told.get("availability")
    mode = _word(told.get("availability_mode")) or "latest"
    listed = [listed] if isinstance(listed, dict) else listed
    for each in listed[:_MOST_AVAILABILITIES] if isinstance(listed, list) else []:
        if isinstance(each, dict):
            options: dict[str, Any] = {_SHORT.get(str(key), str(key)): value for key, value in each.items()}
            yield from _one_availability(device, options, ("topic", "value_template"), mode)
    yield from _one_availability(device, told, ("availability_topic", "availability_template"), mode)


def _one_availability(device: str, told: dict[str, Any], names: tuple[str, str], mode: str) -> Iterator[Availability]:
    topic, template = (_word(told.get(name)) for name in names)
    if topic:
        yield Availability(
            device, topic, template, _payload(told.get("payload_available")) or "online",
            _payload(told.get("payload_not_available")) or "offline", mode,
        )  # fmt: skip


def _payload(value: Any) -> str:
    """Return a payload as the text that it is compared with: numbers and truths may stand in JSON as themselves."""
    return str(value) if isinstance(value, bool | int | float) else _word(value)


def _word(value: Any) -> str:
    return value if isinstance(value, str) and len(value) <= _LONGEST_WORD else ""


def _scalar(value: Any, otherwise: str) -> Scalar:
    return value if isinstance(value, bool | int | float | str) else otherwise
