"""What a bridge announces of its devices (``bridge/devices``): polarity, units and allowed words come from there.

``exposes`` says which keys a device's state has, which JSON value means "on", and in which unit a number is. Only what
is data for us is remembered (z2m_values.KNOWN), a few hundred bytes a device. Pure; a malformed entry is passed over.
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from ingest.decoders.meaning import Scalar
from ingest.decoders.values import json_of
from ingest.decoders.z2m_names import NO_DOORS, RADAR_SIGNS, RADARS, SAME, SAME_UNITS, SOS_BUTTONS, TRUE_IS_OPEN, WORDS
from ingest.decoders.z2m_values import EVENTS, KNOWN, NUMBERS, STATES, UNIT_FACTORS

#: Bits of ``access``: the property is published in the state; people can set it.
PUBLISHED, SETTABLE = 1, 2
#: True or false, of a sensor. ``contact`` may be announced with all bits of access.
_SENSED = frozenset({*EVENTS, *STATES, "occupancy"})
_NEVER_SET = _SENSED - {"contact"}
#: Several of these are one: somebody in any zone is somebody. Of two doors each is told for itself.
_JOINED = _SENSED - {"contact"}
#: In the description of a contact whose true means shut.
_TRUE_IS_SHUT = "contact is closed (= true)"
#: A hostile or broken announcement must not grow without end; the largest networks have some 300 devices.
MAX_DEVICES = 1000
#: Exposes nest two deep (a switch with features); more is no definition.
_MAX_DEPTH = 4
_IEEE = re.compile(r"0x[0-9a-f]{16}")
#: A bed or chair sensor publishes plain ``occupancy``; only its description tells it from a motion sensor.
_FURNITURE = re.compile(r"\b(bed|chair|seat)\b", re.IGNORECASE)


class Property(msgspec.Struct, frozen=True, array_like=True):
    """One key of a device's state: ``on`` and ``off`` of a binary, ``unit`` of a number, ``words`` of an enum.

    ``of`` is the plain name that means the same (``occupancy`` of ``occupancy_2``), empty for a plain one.
    ``siblings`` are the device's other keys of that kind.
    """

    form: str  # binary, numeric, enum, ...
    on: Scalar = None
    off: Scalar = None
    unit: str = ""
    words: tuple[str, ...] = ()
    of: str = ""
    siblings: tuple[str, ...] = ()


class Definition(msgspec.Struct, frozen=True, array_like=True):
    """One announced device. ``properties`` is empty where nothing of it is data, or, with ``announced`` false, where
    the bridge does not know the device either.

    ``furniture``: a bed or chair, ``radar``: sees who sits still, ``calls``: a button for nothing but help.
    """

    ieee: str
    model: str = ""
    description: str = ""
    furniture: bool = False
    properties: dict[str, Property] = {}
    radar: bool = False
    calls: bool = False
    announced: bool = False


def is_ieee(text: str) -> bool:
    """Whether ``text`` is a Zigbee address as the bridge writes it."""
    return _IEEE.fullmatch(text) is not None


class _Entry(msgspec.Struct):
    """What is read of one device of an inventory; its definition is left as text until it is needed."""

    type: Any = None
    friendly_name: Any = None
    ieee_address: Any = None
    definition: msgspec.Raw = msgspec.Raw(b"null")


_ENTRIES = msgspec.json.Decoder(list[msgspec.Raw])
_ENTRY = msgspec.json.Decoder(_Entry)


def definitions(payload: bytes) -> tuple[dict[str, Definition], int] | None:
    """Return the devices of a ``bridge/devices`` payload by friendly name, and how many it speaks of.

    The coordinator is counted and left out. None: it is no list. A home has many devices and few models, whose
    definitions are nearly all of the text: each is parsed once.
    """
    try:
        entries = _ENTRIES.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    found: dict[str, Definition] = {}
    models: dict[bytes, Definition] = {}
    count = 0
    for raw in entries:
        try:
            entry = _ENTRY.decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            continue
        count += 1
        name, ieee = entry.friendly_name, entry.ieee_address
        if entry.type == "Coordinator" or len(found) >= MAX_DEVICES:
            continue
        if isinstance(name, str) and isinstance(ieee, str) and is_ieee(ieee.lower()):
            text = bytes(entry.definition)
            if text not in models:
                models[text] = _definition("", json_of(text))
            found[name] = msgspec.structs.replace(models[text], ieee=ieee.lower())
    return found, count


def shortened(payload: bytes) -> bytes:
    """Return an inventory with only what is read of it: half of a real one is options and endpoints."""
    entries = json_of(payload)
    kept = [
        {key: value for key, value in entry.items() if key in _Entry.__struct_fields__ and key != "definition"}
        | {"definition": _read(entry.get("definition"))}
        for entry in (entries if isinstance(entries, list) else [])
        if isinstance(entry, dict)
    ]
    return msgspec.json.encode(kept)


def _read(definition: Any) -> Any:
    read = ("model", "description", "exposes")
    return {key: definition[key] for key in read if key in definition} if isinstance(definition, dict) else None


def _definition(ieee: str, announced: Any) -> Definition:
    if not isinstance(announced, dict):
        return Definition(ieee)
    description, model = _text(announced.get("description")), _text(announced.get("model"))
    exposes = list(_flat(announced.get("exposes"), _MAX_DEPTH))
    return Definition(
        ieee=ieee,
        model=model,
        description=description,
        furniture=_FURNITURE.search(description) is not None,
        properties=_properties(exposes, model),
        radar=model in RADARS,
        calls=model in SOS_BUTTONS,
        announced=bool(exposes),
    )


def _flat(exposes: Any, depth: int) -> Iterator[dict[str, Any]]:
    for expose in exposes if isinstance(exposes, list) and depth else []:
        if isinstance(expose, dict):
            if "features" in expose:
                yield from _flat(expose["features"], depth - 1)
            yield expose


def _properties(exposes: list[dict[str, Any]], model: str) -> dict[str, Property]:
    """Return the keys that are data for us, the plain and the further names of each kind."""
    cover = any(expose.get("type") == "cover" for expose in exposes)
    found: dict[str, Property] = {}
    for expose in exposes:
        kind = kind_of(expose)
        if kind is not None and _is_told(expose, kind):
            key = expose["property"]
            if (kind == "contact" and model in NO_DOORS) or (kind == "moving" and cover):
                continue  # a float, a mattress; a motor that moves is nobody
            found[key] = _property(expose, "" if key == kind else kind, model)
    radar = model in RADARS or not RADAR_SIGNS.isdisjoint(found)
    return dict(_joined(found, radar=radar))


def kind_of(expose: dict[str, Any]) -> str | None:
    """Return the plain name of what an expose says, by its own name, its name without its endpoint, or SAME."""
    key = expose.get("property")
    if not isinstance(key, str):
        return None
    if key in KNOWN:
        return key
    name, endpoint = expose.get("name"), expose.get("endpoint")
    if not isinstance(name, str) or not isinstance(endpoint, str) or key != f"{name}_{endpoint}":
        return SAME.get(key)
    return name if name in KNOWN else SAME.get(name)


def _is_told(expose: dict[str, Any], kind: str) -> bool:
    """Whether an expose is what the device tells of itself: no setting, and in a unit that we can read."""
    access, unit = expose.get("access"), _text(expose.get("unit"))
    if not isinstance(access, int) or not access & PUBLISHED or expose.get("category") == "config":
        return False
    if kind in _NEVER_SET and access & SETTABLE:
        return False  # ``vibration`` can switch a motor on
    if kind in NUMBERS and unit and SAME_UNITS.get(unit, unit) != NUMBERS[kind].unit:
        return (kind, unit) in UNIT_FACTORS or not NUMBERS[kind].unit
    return True


def _joined(found: dict[str, Property], *, radar: bool) -> Iterator[tuple[str, Property]]:
    """Yield what counts: of what is said twice only the plain word. A radar's ``occupancy`` is its presence."""
    plain: dict[str, str] = {}
    for key, each in found.items():
        # ``gas`` can be a meter's number, which does not say what ``gas_sensor_state`` does
        if not each.of and (key not in _SENSED or each.form == "binary"):
            plain.setdefault(_group(key, radar), key)
    groups: dict[str, list[str]] = {}
    for key, each in found.items():
        group = _group(each.of or key, radar)
        if not (key in SAME and group in plain):
            groups.setdefault(group, []).append(key)
    for group, keys in groups.items():
        sure = [key for key in keys if group in _JOINED and (found[key].form == "binary" or key in WORDS)]
        for key in keys:
            siblings = tuple(k for k in sure if k != key)
            yield key, msgspec.structs.replace(found[key], siblings=siblings) if siblings else found[key]


def _group(kind: str, radar: bool) -> str:
    return "presence" if radar and kind == "occupancy" else kind


def _property(expose: dict[str, Any], of: str, model: str) -> Property:
    values, on, off = expose.get("values"), expose.get("value_on"), expose.get("value_off")
    shut = on is True and off is False and _TRUE_IS_SHUT in _text(expose.get("description"))
    if shut and model not in TRUE_IS_OPEN:
        on, off = off, on  # "on" of a contact is open, whatever the definition calls on
    return Property(
        form=_text(expose.get("type")),
        on=_scalar(on),
        off=_scalar(off),
        unit=_text(expose.get("unit")),
        words=tuple(value for value in values if isinstance(value, str)) if isinstance(values, list) else (),
        of=of,
    )


def _scalar(value: Any) -> Scalar:
    return value if isinstance(value, bool | int | float | str) else None


def _text(value: Any) -> str:
    return value[:200] if isinstance(value, str) else ""
