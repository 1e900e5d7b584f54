"""``python -m bench write_paths --dsn DSN [--json]``: COPY against INSERT from arrays, as the store writes frames.

In a database that it makes at DSN and drops again. Both ways take turns in the same run, each in a transaction of its
own with its commit; what is reported is the median of each and their ratio.
"""

import argparse
import asyncio
import json
import statistics
import time
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
import numpy as np

from schemas import frame as wire
from schemas.frame import Frame, FrameFlag
from schemas.reading import Reading, ReadingKind
from store import bulk, migrate, series
from store.blocks import frame_rows
from store.bulk import WritePath
from store.pool import Connection, transaction

SIZES = (1, 3, 10, 30, 100, 300, 1000, 3000)
#: Rounds: enough for a median, few enough for the largest to end within seconds.
MOST_ROUNDS, ROWS_IN_ALL = 200, 20_000
SECOND = 1_000_000
#: A day of its own; which one does not matter.
DAY = 20_717


def main(arguments: list[str]) -> int:
    """Measure and print; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bench write_paths", description=__doc__)
    parser.add_argument("--dsn", required=True)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(arguments)
    rows = _in_a_database(asked.dsn, measure)
    if asked.json:
        print(json.dumps(rows))
        return 0
    print("rows   copy ms   unnest ms   unnest / copy")
    for row in rows:
        print(f"{row['rows']:4.0f} {row['copy_ms']:9.2f} {row['unnest_ms']:11.2f} {row['ratio']:15.2f}")
    return 0


def _in_a_database(dsn: str, run: Callable[[Connection], Awaitable[list[dict[str, float]]]]) -> list[dict[str, float]]:
    name = f"write_paths_{uuid4().hex[:12]}"
    own = urlsplit(dsn)._replace(path=f"/{name}").geturl()

    async def inside() -> list[dict[str, float]]:
        conn = await asyncpg.connect(own)
        try:
            return await run(conn)
        finally:
            await conn.close()

    asyncio.run(_execute(dsn, f"create database {name}"))
    try:
        migrate.upgrade(own)
        return asyncio.run(inside())
    finally:
        asyncio.run(_execute(dsn, f"drop database {name} with (force)"))


async def _execute(dsn: str, sql: str) -> None:
    conn = await asyncpg.connect(dsn)
    try:
        await conn.execute(sql)
    finally:
        await conn.close()


async def measure(conn: Connection) -> list[dict[str, float]]:
    """Return for each size: ``rows``, the medians ``copy_ms`` and ``unnest_ms``, and their ``ratio``."""
    await series.ensure_partitions(conn, DAY * series.DAY_US)
    found = []
    for size in SIZES:
        rows, _ = frame_rows([_frame(number) for number in range(size)])
        taken: dict[WritePath, list[float]] = {path: [] for path in WritePath}
        for _ in range(1 + max(5, min(MOST_ROUNDS, ROWS_IN_ALL // size))):
            for path, seconds in taken.items():
                began = time.perf_counter()
                async with transaction(conn) as held:
                    await bulk.put(held, bulk.FRAME, rows, path)
                seconds.append(time.perf_counter() - began)
        copy, unnest = (statistics.median(taken[path][1:]) * 1e3 for path in (WritePath.COPY, WritePath.UNNEST))
        found.append({"rows": size, "copy_ms": copy, "unnest_ms": unnest, "ratio": unnest / copy})
    return found


def _frame(number: int) -> Reading:
    """Half a second at 50 Hz of one of fifty devices."""
    at_us = DAY * series.DAY_US + number * SECOND // 2
    samples = np.full((25, 3), 1000 + number % 100, dtype=np.int16)
    block = Frame(FrameFlag.WEAR_KNOWN, 1, number, number, 0, 20_000_000, 80, 1 / 4096, 0.0, 0, samples)
    return Reading(
        kind=ReadingKind.FRAME,
        arrival_us=at_us + SECOND,
        event_us=at_us,
        end_us=at_us + block.duration_us,
        device=f"w{number % 50}",
        unit="pl_1",
        resident="re_1",
        boot=1,
        seq=number,
        payload=wire.encode(block),
    )
