"""Many rows at once into the tables of the series: by COPY, or by INSERT from arrays. Both put down the same rows.

What is there already was sorted out before (store.readings), under the lock of the readings; no unique index could
know it, so there is nothing for an ``on conflict`` to say. Which way is faster was measured: docs/databases.md.
"""

from collections.abc import Sequence
from enum import StrEnum

import msgspec

from store.pool import Connection


class WritePath(StrEnum):
    """How rows go in. UNNEST is a statement like others: it goes where no COPY does."""

    COPY = "copy"
    UNNEST = "unnest"


#: 1.5 times as fast with a thousand rows, alike with one to three.
USUAL = WritePath.COPY


class Series(msgspec.Struct, frozen=True):
    """A table of the series and the types of its columns, in the order in which rows hold them."""

    table: str
    types: dict[str, str]

    @property
    def insert(self) -> str:
        """The statement of UNNEST: one array a column."""
        arrays = ", ".join(f"${index}::{kind}[]" for index, kind in enumerate(self.types.values(), 1))
        return f"insert into {self.table} ({', '.join(self.types)}) select * from unnest({arrays})"  # noqa: S608


FRAME = Series(
    "frame",
    {
        "event_us": "bigint", "end_us": "bigint", "arrival_us": "bigint", "device": "text", "boot": "bigint",
        "seq": "bigint", "unit": "text", "resident": "text", "place": "text", "period_ns": "bigint", "n": "int",
        "channels": "smallint", "accel_scale": "real", "gyro_scale": "real", "battery": "smallint", "flags": "int",
        "lost": "int", "clock": "text", "position": "text", "payload": "bytea",
    },
)  # fmt: skip
READING = Series(
    "reading",
    {
        "event_us": "bigint", "arrival_us": "bigint", "device": "text", "unit": "text", "resident": "text",
        "place": "text", "type": "text", "value": "float8", "text_value": "text", "unit_of_measure": "text",
        "boot": "bigint", "seq": "bigint", "clock": "text",
    },
)  # fmt: skip
MESSAGE = Series(
    "message",
    {
        "event_us": "bigint", "arrival_us": "bigint", "device": "text", "kind": "text", "boot": "bigint",
        "seq": "bigint", "unit": "text", "resident": "text", "place": "text", "clock": "text", "topic": "text",
        "digest": "bytea", "retain": "boolean", "payload": "bytea",
    },
)  # fmt: skip


async def put(
    conn: Connection, series: Series, rows: Sequence[tuple[object, ...]], path: WritePath | None = None
) -> None:
    """Add rows, one value a column; None for ``path``: the usual way. All or none, with the caller's transaction."""
    if not rows:
        return
    if (path or USUAL) is WritePath.COPY:
        await conn.copy_records_to_table(series.table, records=rows, columns=list(series.types))
    else:
        await conn.execute(series.insert, *zip(*rows, strict=True))
