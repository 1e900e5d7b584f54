"""Sparkplug B's payloads in protobuf: as much of ``sparkplug_b.proto`` (Eclipse Tahu) as simulated devices say."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass

Value = bool | int | float | str | None

#: Data types of the specification (6.4.16).
INT32, UINT64, FLOAT, DOUBLE, BOOLEAN, STRING = 3, 8, 9, 10, 11, 12
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_SEVEN, _MORE = 0x7F, 0x80


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric: its name (in births) or its alias, its time (microseconds UTC), type and value; None: null."""

    name: str | None
    alias: int | None
    at_us: int
    kind: int
    value: Value
    historical: bool = False


def payload(at_us: int, metrics: Sequence[Metric], seq: int | None) -> bytes:
    """Return a message; times in milliseconds. A will has no ``seq``."""
    body = _number(1, at_us // 1000) + b"".join(_bytes(2, _metric(each)) for each in metrics)
    return body if seq is None else body + _number(3, seq)


def _metric(told: Metric) -> bytes:
    body = b"" if told.name is None else _bytes(1, told.name.encode())
    body += b"" if told.alias is None else _number(2, told.alias)
    body += _number(3, told.at_us // 1000) + _number(4, told.kind)
    if told.historical:
        body += _number(5, 1)
    return body + (_number(7, 1) if told.value is None else _value(told.kind, told.value))


def _value(kind: int, value: bool | float | str) -> bytes:
    """Return the field of the value, which its type decides."""
    if isinstance(value, str):
        return _bytes(15, value.encode())
    if kind == BOOLEAN:
        return _number(14, int(value))
    if kind == FLOAT:
        return _tag(12, _FIXED32) + struct.pack("<f", value)
    if kind == DOUBLE:
        return _tag(13, _FIXED64) + struct.pack("<d", value)
    return _number(11 if kind == UINT64 else 10, int(value))


def _number(field: int, value: int) -> bytes:
    return _tag(field, _VARINT) + _varint(value)


def _bytes(field: int, value: bytes) -> bytes:
    return _tag(field, _BYTES) + _varint(len(value)) + value


def _tag(field: int, wire: int) -> bytes:
    return _varint(field << 3 | wire)


def _varint(value: int) -> bytes:
    """Return seven bits a byte, lowest first; of what is not negative."""
    told = bytearray()
    while value > _SEVEN:
        told.append(value & _SEVEN | _MORE)
        value >>= 7
    told.append(value)
    return bytes(told)
