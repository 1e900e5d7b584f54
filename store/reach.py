"""Tests of telephones: asked for by the API, sent by notify, confirmed by who has the telephone in hand."""

from collections.abc import Sequence

from schemas.effects import TestReach
from schemas.reach import ReachTest, TriedState
from store import outbox
from store.pool import Db, transaction
from store.rows import columns, placeholders, record, values


async def ask(db: Db, test: ReachTest) -> None:
    """Ask for a test; notify sends it."""
    async with transaction(db) as conn:
        await conn.execute(
            f"insert into reach_test ({columns(ReachTest)}) values ({placeholders(ReachTest)})",  # noqa: S608
            *values(test),
        )
        await outbox.put(conn, [TestReach(test.id)], test.asked_us)


async def one(db: Db, test_id: str) -> ReachTest | None:
    """Return a test, None when there is none."""
    row = await db.fetchrow(f"select {columns(ReachTest)} from reach_test where id = $1", test_id)  # noqa: S608
    return None if row is None else record(row, ReachTest)


async def begin(db: Db, test_id: str) -> ReachTest | None:
    """Take a waiting test to send it; None when somebody has it already."""
    row = await db.fetchrow(
        f"update reach_test set state = $2 where id = $1 and state = $3 returning {columns(ReachTest)}",  # noqa: S608
        test_id,
        TriedState.SENDING,
        TriedState.WAITING,
    )
    return None if row is None else record(row, ReachTest)


async def end(db: Db, test_id: str, state: TriedState, ended_us: int, took_ms: int, error: str) -> None:
    """Write down what became of a test."""
    await db.execute(
        "update reach_test set state = $2, ended_us = $3, took_ms = $4, error = $5 where id = $1",
        test_id,
        state,
        ended_us,
        took_ms,
        error,
    )


async def confirm(db: Db, test_id: str, at_us: int) -> bool:
    """Write down that its link was pressed; return whether there is such a test."""
    found = await db.fetchval(
        "update reach_test set confirmed_us = coalesce(confirmed_us, $2) where id = $1 returning true", test_id, at_us
    )
    return bool(found)


async def latest(db: Db, places: Sequence[str]) -> list[ReachTest]:
    """Return of each way of each person of these places' ladders the last test, and the last confirmed one."""
    rows = await db.fetch(
        f"""
        select distinct on (place, recipient, address, confirmed) {columns(ReachTest)} from (
            select *, false as confirmed from reach_test where place = any($1)
            union all
            select *, true as confirmed from reach_test where place = any($1) and confirmed_us is not null
        ) as told
        order by place, recipient, address, confirmed, case when confirmed then confirmed_us else asked_us end desc, id
        """,  # noqa: S608
        list(places),
    )
    return [record(row, ReachTest) for row in rows]
