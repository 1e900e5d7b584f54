"""Between a frozen record of schemas and a row of the table with the same column names."""

import json
from math import isfinite
from typing import Any, TypeVar

import asyncpg
import msgspec

R = TypeVar("R", bound=msgspec.Struct)


def columns(record: type[msgspec.Struct], *, of: str = "") -> str:
    """Return the record's fields as a column list; ``of``: the table's name in the query."""
    return ", ".join(f"{of}.{name}" if of else name for name in record.__struct_fields__)


def placeholders(record: type[msgspec.Struct]) -> str:
    """Return ``$1, $2, ...`` for the record's fields."""
    return ", ".join(f"${index}" for index, _ in enumerate(record.__struct_fields__, 1))


def assignments(record: type[msgspec.Struct]) -> str:
    """Return ``id = $1, kind = $2, ...`` for the record's fields."""
    return ", ".join(f"{name} = ${index}" for index, name in enumerate(record.__struct_fields__, 1))


def values(record: msgspec.Struct) -> list[Any]:
    """Return the record's fields for a query: enums as their text, tuples as lists, and so within.

    Nested records, also several in a tuple, as JSON text.
    """
    return [_plain(getattr(record, name)) for name in record.__struct_fields__]


def record(row: asyncpg.Record, kind: type[R]) -> R:
    """Return the record in ``row``; jsonb columns come as text and are parsed. Columns it does not have are ignored."""
    raw = {name: row[name] for name in kind.__struct_fields__}
    for name, value in raw.items():
        if isinstance(value, str) and name in _JSON_COLUMNS:
            raw[name] = json.loads(value)
    return msgspec.convert(raw, kind)


#: Columns of type jsonb, whichever table they stand in.
_JSON_COLUMNS = frozenset({"evidence", "data", "effect", "sources", "preview", "steps", "staffed", "crew", "left_open"})


def _finite(value: Any) -> Any:
    """Return plain data without the numbers that JSON does not have: one of them would make the row unreadable."""
    if isinstance(value, dict):
        kept = {key: _finite(item) for key, item in value.items()}
        return {key: item for key, item in kept.items() if not (isinstance(item, float) and not isfinite(item))}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return value


def _of_records(value: tuple[Any, ...]) -> bool:
    return bool(value) and isinstance(value[0], msgspec.Struct)


def _plain(value: Any) -> Any:
    if isinstance(value, msgspec.Struct | dict) or (isinstance(value, tuple) and _of_records(value)):
        return json.dumps(_finite(msgspec.to_builtins(value)), ensure_ascii=False, allow_nan=False)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value
