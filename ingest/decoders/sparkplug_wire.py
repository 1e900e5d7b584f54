"""Sparkplug B's payload, from protobuf or from its JSON form, as far as measurements need it. Pure, bounded.

Field numbers are those of eclipse/tahu ``sparkplug_b.proto``; what is not needed (property sets, data sets, templates,
files) is passed over. Every read either goes forward or ends, and at most MOST_METRICS metrics are looked at.
"""

import struct
from dataclasses import dataclass
from typing import Any

from ingest.decoders.values import number, object_of

#: Metrics of one message that are looked at; nodes of a home have some ten, of a factory thousands.
MOST_METRICS = 150
#: Fields of one message that are looked at; what is behind them is left unread.
_MOST_FIELDS = 1000
_VARINT, _FIXED64, _LENGTH, _FIXED32 = 0, 1, 2, 5
_LONGEST_VARINT = 10
_SIGNED = {1: 8, 2: 16, 3: 32, 4: 64}
#: The value's field -> its form.
_INT, _LONG, _FLOAT, _DOUBLE, _BOOLEAN, _STRING = 10, 11, 12, 13, 14, 15
_LONGEST_NAME = 200


class Malformed(ValueError):
    """The bytes are no such payload."""


@dataclass(slots=True)
class Metric:
    """One metric; ``name`` empty: only its alias is told. ``value`` None: null, or of a kind that is not read."""

    name: str = ""
    alias: int | None = None
    time_ms: int | None = None
    value: float | bool | str | None = None
    historical: bool = False
    null: bool = False


@dataclass(slots=True)
class Payload:
    """One message's content; times are milliseconds since 1970."""

    time_ms: int | None
    seq: int | None
    metrics: list[Metric]


def payload_of(data: bytes) -> Payload:
    """Return the payload. Raises Malformed."""
    if data[:1] == b"{":
        body = object_of(data)
        if body is None:
            raise Malformed
        return _of_json(body)
    return _of_protobuf(data)


def _of_json(body: dict[str, Any]) -> Payload:
    listed = body.get("metrics")
    told = [each for each in listed[:MOST_METRICS] if isinstance(each, dict)] if isinstance(listed, list) else []
    metrics = [
        Metric(
            name=_text(each.get("name")),
            alias=_whole(each.get("alias")),
            time_ms=_whole(each.get("timestamp")),
            value=value if isinstance(value := each.get("value"), bool | int | float | str) else None,
            historical=_either(each, "is_historical", "isHistorical"),
            null=_either(each, "is_null", "isNull") or ("value" in each and each["value"] is None),
        )
        for each in told
    ]
    return Payload(_whole(body.get("timestamp")), _whole(body.get("seq")), metrics)


def _either(body: dict[str, Any], *keys: str) -> bool:
    return any(body.get(key) is True for key in keys)


def _text(value: Any) -> str:
    return value if isinstance(value, str) and len(value) <= _LONGEST_NAME else ""


def _whole(value: Any) -> int | None:
    found = number(value)
    return int(found) if found is not None and 0 <= found < 2**64 else None


def _of_protobuf(data: bytes) -> Payload:
    found = Payload(None, None, [])
    for field, value in _fields(data):
        if field == 1 and isinstance(value, int):
            found.time_ms = value
        elif field == 3 and isinstance(value, int):
            found.seq = value
        elif field == 2 and isinstance(value, bytes) and len(found.metrics) < MOST_METRICS:
            found.metrics.append(_metric(value))
    return found


def _metric(data: bytes) -> Metric:
    metric, kind = Metric(), 0
    raw: tuple[int, int | bytes] | None = None
    for field, value in _fields(data):
        if isinstance(value, bytes):
            if field == 1:
                metric.name = _decoded(value)[:_LONGEST_NAME]
            elif field in (_FLOAT, _DOUBLE, _STRING):
                raw = (field, value)
        elif field == 2:
            metric.alias = value
        elif field == 3:
            metric.time_ms = value
        elif field == 4:
            kind = value
        elif field == 5:
            metric.historical = bool(value)
        elif field == 7:
            metric.null = bool(value)
        elif field in (_INT, _LONG, _BOOLEAN):
            raw = (field, value)
    metric.value = None if raw is None or metric.null else _value(*raw, kind)
    return metric


def _value(field: int, raw: int | bytes, kind: int) -> float | bool | str | None:
    if isinstance(raw, bytes):
        if field == _STRING:
            return _decoded(raw)
        size = 4 if field == _FLOAT else 8
        return float(struct.unpack("<f" if size == 4 else "<d", raw)[0]) if len(raw) == size else None
    if field == _BOOLEAN:
        return bool(raw)
    bits = _SIGNED.get(kind)
    if bits is None:
        return raw
    raw &= (1 << bits) - 1
    return raw - (1 << bits) if raw >> (bits - 1) else raw


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise Malformed from None


def _fields(data: bytes) -> list[tuple[int, int | bytes]]:
    """Return the fields of one message by number: whole numbers, and bytes of all else."""
    found: list[tuple[int, int | bytes]] = []
    at = 0
    while at < len(data) and len(found) < _MOST_FIELDS:
        key, at = _varint(data, at)
        field, form = key >> 3, key & 7
        if field == 0:
            raise Malformed
        if form == _VARINT:
            value, at = _varint(data, at)
            found.append((field, value))
            continue
        if form == _LENGTH:
            size, at = _varint(data, at)
        elif form in (_FIXED32, _FIXED64):
            size = 4 if form == _FIXED32 else 8
        else:
            raise Malformed
        if at + size > len(data):
            raise Malformed
        found.append((field, data[at : at + size]))
        at += size
    return found


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for index in range(_LONGEST_VARINT):
        if at + index >= len(data):
            raise Malformed
        byte = data[at + index]
        value |= (byte & 0x7F) << (7 * index)
        if byte < 0x80:
            return value & (2**64 - 1), at + index + 1
    raise Malformed
