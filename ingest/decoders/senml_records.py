"""SenML (RFC 8428): a pack of records becomes resolved ones, each with its whole name, time and value. Pure.

Base fields hold from their record on; a time below 2**28 is relative to now; a pack of a version that is not ours is
refused, and so is a record with a field that says it must be understood (its name ends in ``_``).
"""

from dataclasses import dataclass
from typing import Any

import msgspec

from ingest.decoders import cbor
from ingest.decoders.values import number

#: RFC 8428's version.
_VERSION = 10
#: A time from this on is since 1970, in seconds; before it, relative to now.
_ABSOLUTE_S = 2**28
_YEAR_10000_S = 253_402_300_800
#: Records of one pack that are looked at; a device that was offline for a day sends some hundred.
MOST_RECORDS = 250
#: Labels of the CBOR form; all else has the same name there.
_LABELS = {
    -1: "bver", -2: "bn", -3: "bt", -4: "bu", -5: "bv", -6: "bs",
    0: "n", 1: "u", 2: "v", 3: "vs", 4: "vb", 5: "s", 6: "t", 7: "ut", 8: "vd",
}  # fmt: skip
_KNOWN = frozenset(_LABELS.values())
_VALUES = ("v", "vs", "vb", "vd", "s")
_LONGEST_NAME = 200


class Unsupported(ValueError):
    """The pack is of a version that is not ours."""


@dataclass(frozen=True, slots=True)
class Record:
    """One resolved record. ``own`` is its name without the base's; ``at_us`` None: now, as far as the sender says.

    ``value`` is a number, a truth or a text; None: it has only a sum. ``total`` is that sum.
    """

    base: str
    own: str
    unit: str
    at_us: int | None
    value: float | bool | str | None
    total: float | None = None


def pack_of(payload: bytes) -> list[Any] | None:
    """Return the records as they were sent, in JSON's names, None where this is no pack."""
    if payload[:1] == b"[" or payload.lstrip()[:1] == b"[":
        try:
            found = msgspec.json.decode(payload)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return None
    elif payload and (0x81 <= payload[0] <= 0x9B or payload[0] == 0x9F):
        found = _from_cbor(payload)
    else:
        return None
    return found if isinstance(found, list) and _looks_like_one(found) else None


def _from_cbor(payload: bytes) -> list[Any] | None:
    try:
        found = cbor.decode(payload)
    except cbor.Malformed:
        return None
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        return None
    return [{_LABELS.get(key, str(key)): value for key, value in each.items()} for each in found]


def _looks_like_one(found: list[Any]) -> bool:
    first = found[0] if found else None
    if not isinstance(first, dict) or not any(isinstance(first.get(key), str) for key in ("bn", "n")):
        return False
    named = "bn" in first or any(key in first for key in ("u", *_VALUES))
    return named and any(isinstance(each, dict) and any(key in each for key in ("bv", *_VALUES)) for each in found)


def resolved(pack: list[Any], arrival_us: int) -> tuple[list[Record], int]:
    """Return the resolved records, and how many were refused. Raises Unsupported."""
    base: dict[str, Any] = {}
    records: list[Record] = []
    refused = 0
    for each in pack[:MOST_RECORDS]:
        if not isinstance(each, dict):
            refused += 1
            continue
        base.update({key: each[key] for key in ("bn", "bt", "bu", "bv", "bs", "bver") if key in each})
        version = number(base.get("bver", _VERSION))
        if version is None or version > _VERSION:
            raise Unsupported
        record = None if any(_must_know(key) for key in each) else _record(base, each, arrival_us)
        if record is not None:
            records.append(record)
        elif any(key not in ("bn", "bt", "bu", "bs", "bver") for key in each):  # one with base fields alone is none
            refused += 1
    return records, refused


def _must_know(key: Any) -> bool:
    return isinstance(key, str) and key.endswith("_") and key not in _KNOWN


def _record(base: dict[str, Any], each: dict[str, Any], arrival_us: int) -> Record | None:
    names = base.get("bn", ""), each.get("n", "")
    unit = each.get("u", base.get("bu", ""))
    if not all(isinstance(text, str) and len(text) <= _LONGEST_NAME for text in (*names, unit)) or not any(names):
        return None
    times = [number(fields.get(key, 0)) for fields, key in ((base, "bt"), (each, "t"))]
    if any(time is None for time in times):
        return None
    seconds = sum(time for time in times if time is not None)
    if not -_ABSOLUTE_S < seconds < _YEAR_10000_S:
        return None
    told = seconds >= _ABSOLUTE_S
    at_us = round(seconds * 1_000_000) if told else arrival_us + round(seconds * 1_000_000) if seconds else None
    value, has_value = _value(base, each)
    total = None
    if "s" in each or "bs" in base:
        sums = [number(fields.get(key, 0)) for fields, key in ((base, "bs"), (each, "s"))]
        total = None if any(part is None for part in sums) else sum(part for part in sums if part is not None)
    if not has_value and total is None:
        return None
    return Record(str(names[0]), str(names[1]), str(unit), at_us, value, total)


def _value(base: dict[str, Any], each: dict[str, Any]) -> tuple[float | bool | str | None, bool]:
    """Return the value, and whether there is one; a base value is added to numbers."""
    if isinstance(each.get("vb"), bool):
        return each["vb"], True
    for key in ("vs", "vd"):
        if isinstance(each.get(key), str | bytes):
            told = each[key]
            return (told if isinstance(told, str) else told.hex()), True
    if "v" not in each and "bv" not in base:
        return None, False
    parts = [number(base.get("bv", 0)), number(each.get("v", 0))]
    if any(part is None for part in parts):
        return None, False
    return sum(part for part in parts if part is not None), True
