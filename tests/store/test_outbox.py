"""The outbox: each row is carried out at least once, by one worker at a time, and never before it is due."""

import asyncio

import pytest

from schemas.effects import MirrorBindings
from store import outbox
from store.outbox import LEASE_US
from store.pool import Pool
from tests.store.making import NOW, SECOND

pytestmark = pytest.mark.servers
KINDS = ["mirror_bindings"]


async def put(pool: Pool, count: int, *, due_us: int | None = None) -> None:
    async with pool.acquire() as conn, conn.transaction():
        await outbox.put(conn, [MirrorBindings(device=f"w{n}") for n in range(count)], NOW, due_us=due_us)


@pytest.mark.two_sessions
async def test_workers_at_once_never_claim_the_same_row(pool: Pool) -> None:
    await put(pool, 100)
    claimed = await asyncio.gather(*(outbox.claim(pool, KINDS, NOW, limit=15) for _ in range(8)))
    ids = [row.id for rows in claimed for row in rows]
    assert len(ids) == len(set(ids))
    ids += [row.id for row in await outbox.claim(pool, KINDS, NOW, limit=100)]
    assert sorted(ids) == list(range(1, 101))


async def test_a_row_whose_worker_died_comes_again_after_its_lease(pool: Pool) -> None:
    await put(pool, 1)
    (first,) = await outbox.claim(pool, KINDS, NOW)
    assert await outbox.claim(pool, KINDS, NOW + LEASE_US - 1) == []
    (again,) = await outbox.claim(pool, KINDS, NOW + LEASE_US)
    assert (again.id, again.effect, again.attempts) == (first.id, first.effect, 2)


async def test_a_lease_and_a_failures_wait_run_by_the_wall_where_time_is_driven(pool: Pool) -> None:
    wall, later = NOW - 90 * 86_400 * SECOND, NOW + 86_400 * SECOND
    await put(pool, 1)
    (row,) = await outbox.claim(pool, KINDS, NOW, wall_us=wall)
    assert await outbox.claim(pool, KINDS, later, wall_us=wall + LEASE_US - 1) == []
    (row,) = await outbox.claim(pool, KINDS, NOW, wall_us=wall + LEASE_US)
    await outbox.retry_later(pool, row.id, NOW, "failed", held_until_us=wall + LEASE_US + 2 * SECOND)
    assert await outbox.claim(pool, KINDS, later, wall_us=wall + LEASE_US + SECOND) == []
    assert len(await outbox.claim(pool, KINDS, NOW, wall_us=wall + LEASE_US + 2 * SECOND)) == 1


async def test_a_row_is_not_claimed_before_it_is_due_nor_after_it_is_done(pool: Pool) -> None:
    await put(pool, 1, due_us=NOW + SECOND)
    assert await outbox.next_due(pool) == NOW + SECOND
    assert await outbox.claim(pool, KINDS, NOW + SECOND - 1) == []
    (row,) = await outbox.claim(pool, KINDS, NOW + SECOND)
    await outbox.retry_later(pool, row.id, NOW + 2 * SECOND, "failed: TimeoutError")
    assert await outbox.counts(pool) == {("mirror_bindings", "failed: TimeoutError"): 1}
    (row,) = await outbox.claim(pool, KINDS, NOW + 2 * SECOND)
    await outbox.done(pool, [row.id], NOW + 3 * SECOND, "mirrored")
    assert await outbox.claim(pool, KINDS, NOW + 10 * LEASE_US) == []
    assert await outbox.next_due(pool) is None


async def test_another_workers_kind_is_left_to_it(pool: Pool) -> None:
    await put(pool, 1)
    assert await outbox.claim(pool, ["notify"], NOW) == []


async def test_only_what_is_done_and_old_is_purged(pool: Pool) -> None:
    await put(pool, 3)
    rows = await outbox.claim(pool, KINDS, NOW)
    await outbox.done(pool, [rows[0].id], NOW, "mirrored")
    await outbox.done(pool, [rows[1].id], NOW + SECOND, "mirrored")
    assert await outbox.purge(pool, NOW + SECOND) == 1
    assert await pool.fetchval("select count(*) from outbox") == 2


async def test_what_was_due_at_once_is_so_too_after_the_clock_was_set_back(pool: Pool) -> None:
    hour_back = NOW - 3600 * SECOND
    await put(pool, 1)
    await put(pool, 1, due_us=NOW + 5 * SECOND)  # this one has a time of its own
    assert await outbox.claim(pool, KINDS, NOW - outbox.SET_BACK_US) == []
    assert [row.id for row in await outbox.claim(pool, KINDS, hour_back)] == [1]
