"""The log's own refusals, on plain PostgreSQL and on TimescaleDB."""

import asyncpg
import pytest

from store import audit
from store.grants import Reach
from store.pool import Pool
from tests.store.making import NOW

pytestmark = pytest.mark.servers


async def a_line(pool: Pool, unit: str | None = "pl_1", resident: str = "re_1") -> int:
    return await audit.write(
        pool, at_us=NOW, account="nurse", session="s", act="resident", look=True, resident=resident, unit=unit
    )


@pytest.mark.parametrize("sql", ["update audit set at_us = 0", "delete from audit", "truncate audit"])
async def test_no_line_is_changed_or_taken_away(pool: Pool, sql: str) -> None:
    await a_line(pool)
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="stays as it is"):
        await pool.execute(sql)
    assert len(await audit.entries(pool)) == 1


async def test_lines_are_read_by_place_account_and_time_newest_first(pool: Pool) -> None:
    first, second = await a_line(pool), await a_line(pool, "pl_2", "re_2")
    await audit.refused(pool, second, NOW + 1, 409)
    assert [(each.id, each.refused) for each in await audit.entries(pool)] == [(second, True), (first, False)]
    within = await audit.entries(pool, reach=Reach(places=frozenset({"pl_1"})))
    assert [each.id for each in within] == [first]
    assert await audit.entries(pool, reach=Reach()) == []
    assert await audit.entries(pool, since_us=NOW + 1) == []
    assert await audit.entries(pool, account="wang") == []
    assert [each.id for each in await audit.entries(pool, before=second)] == [first]
