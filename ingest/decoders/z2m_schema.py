"""What a bridge announces of its devices (``bridge/devices``): polarity, units and allowed words come from there.

``exposes`` says which keys a device's state has, which JSON value means "on", and in which unit a number is. Only what
is data for us is remembered (z2m_values.KNOWN), a few hundred bytes a device. Pure; a malformed entry is passed over.
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from ingest.decoders.meaning import Scalar
from ingest.decoders.z2m_values import KNOWN

#: Bit of ``access``: the property is published in the state.
PUBLISHED = 1
#: A hostile or broken announcement must not grow without end; the largest networks have some 300 devices.
MAX_DEVICES = 1000
#: Exposes nest two deep (a switch with features); more is no definition.
_MAX_DEPTH = 4
_IEEE = re.compile(r"0x[0-9a-f]{16}")
#: In the description of a contact whose true means shut.
_TRUE_IS_SHUT = "contact is closed (= true)"
#: A bed or chair sensor publishes plain ``occupancy``; only its description tells it from a motion sensor.
_FURNITURE = re.compile(r"\b(bed|chair|seat)\b", re.IGNORECASE)


class Property(msgspec.Struct, frozen=True, array_like=True):
    """One key of a device's state: ``on`` and ``off`` of a binary, ``unit`` of a number, ``words`` of an enum."""

    form: str  # binary, numeric, enum, ...
    on: Scalar = None
    off: Scalar = None
    unit: str = ""
    words: tuple[str, ...] = ()
    name: str = ""  # what it is without its endpoint, where it has one: temperature of temperature_probe


class Definition(msgspec.Struct, frozen=True, array_like=True):
    """One announced device. ``properties`` is empty where the bridge does not know the device either."""

    ieee: str
    model: str = ""
    description: str = ""
    furniture: bool = False
    properties: dict[str, Property] = {}


def is_ieee(text: str) -> bool:
    """Whether ``text`` is a Zigbee address as the bridge writes it."""
    return _IEEE.fullmatch(text) is not None


def definitions(announced: Any) -> dict[str, Definition]:
    """Return the devices of a ``bridge/devices`` payload by friendly name, without the coordinator."""
    found: dict[str, Definition] = {}
    for entry in announced if isinstance(announced, list) else []:
        if not isinstance(entry, dict) or entry.get("type") == "Coordinator" or len(found) >= MAX_DEVICES:
            continue
        name, ieee = entry.get("friendly_name"), entry.get("ieee_address")
        if isinstance(name, str) and isinstance(ieee, str) and is_ieee(ieee.lower()):
            found[name] = _definition(ieee.lower(), entry.get("definition"))
    return found


def _definition(ieee: str, announced: Any) -> Definition:
    if not isinstance(announced, dict):
        return Definition(ieee)
    description = _text(announced.get("description"))
    return Definition(
        ieee=ieee,
        model=_text(announced.get("model")),
        description=description,
        furniture=_FURNITURE.search(description) is not None,
        properties=dict(_properties(announced.get("exposes"), _MAX_DEPTH)),
    )


def _properties(exposes: Any, depth: int) -> Iterator[tuple[str, Property]]:
    for expose in exposes if isinstance(exposes, list) and depth else []:
        if not isinstance(expose, dict):
            continue
        yield from _properties(expose.get("features"), depth - 1)
        key, access = expose.get("property"), expose.get("access")
        name = _name_of(expose)
        if not isinstance(key, str) or name not in KNOWN or not isinstance(access, int):
            continue
        if access & PUBLISHED and expose.get("category") != "config":
            yield key[:200], _property(expose, "" if name == key else name)


def _name_of(expose: dict[str, Any]) -> str:
    """Return what an expose is: its property, without the endpoint that it says it is of."""
    key, name, endpoint = _text(expose.get("property")), _text(expose.get("name")), _text(expose.get("endpoint"))
    return name if endpoint and key == f"{name}_{endpoint}" else key


def _property(expose: dict[str, Any], name: str) -> Property:
    values, on, off = expose.get("values"), expose.get("value_on"), expose.get("value_off")
    if on is True and off is False and _TRUE_IS_SHUT in _text(expose.get("description")):
        on, off = off, on  # "on" of a contact is open, whatever the definition calls on
    return Property(
        form=_text(expose.get("type")),
        on=_scalar(on),
        off=_scalar(off),
        unit=_text(expose.get("unit")),
        words=tuple(value for value in values if isinstance(value, str)) if isinstance(values, list) else (),
        name=name,
    )


def _scalar(value: Any) -> Scalar:
    return value if isinstance(value, bool | int | float | str) else None


def _text(value: Any) -> str:
    return value[:200] if isinstance(value, str) else ""
