"""Who looked where somebody is comes from the log of all looks; what was noted apart before is in it."""

import pytest

from store import audit, looks
from store.migrations.versions import m0013_zone, m0017_one_log
from store.pool import Pool
from tests.store.making import NOW, SECOND, a_home

pytestmark = pytest.mark.servers
MINUTE = 60 * SECOND


async def a_look(
    pool: Pool, at_us: int, account: str = "ann", *, unasked: bool = True, act: str = "whereabouts"
) -> int:
    look, data = act == "whereabouts", {looks.UNASKED: True} if unasked else {}
    return await audit.write(
        pool, at_us=at_us, account=account, session="s", act=act, look=look, resident="re_1", unit="pl_1", data=data
    )


async def seen(pool: Pool, limit: int = 9) -> list[tuple[str, int, int]]:
    found = await looks.looks(pool, "re_1", limit)
    return [(each.actor, (each.began_us - NOW) // MINUTE, (each.last_us - NOW) // MINUTE) for each in found]


async def test_a_page_that_stays_open_is_one_look_and_two_people_are_two(pool: Pool) -> None:
    for minutes, account in ((0, "ann"), (1, "ben"), (10, "ann"), (20, "ann"), (60, "ann")):
        await a_look(pool, NOW + minutes * MINUTE, account)
    assert await seen(pool) == [("ann", 60, 60), ("ann", 0, 20), ("ben", 1, 1)]
    assert await seen(pool, 2) == [("ann", 60, 60), ("ann", 0, 20)]
    assert await looks.looks(pool, "re_2", 9) == []
    for minutes, account in ((100, "ann"), (110, "ben"), (120, "ann")):
        await a_look(pool, NOW + minutes * MINUTE, account)
    assert await seen(pool, 3) == [("ann", 120, 120), ("ben", 110, 110), ("ann", 100, 100)], "each by themselves"


async def test_looks_with_a_reason_are_none_and_a_zone_that_was_tried_is_one_unless_refused(pool: Pool) -> None:
    await a_look(pool, NOW, unasked=False)
    await a_look(pool, NOW + MINUTE, "ben", act="preview_resident_zone", unasked=False)
    no = await a_look(pool, NOW + 2 * MINUTE, "cao", act="preview_resident_zone", unasked=False)
    await audit.refused(pool, no, NOW + 2 * MINUTE, 422)
    await a_look(pool, NOW + 3 * MINUTE, "dan", act="set_resident_zone")
    assert await seen(pool) == [("ben", 1, 1)]


async def test_what_was_noted_apart_before_there_was_one_log_is_moved_into_it_as_it_was(pool: Pool) -> None:
    await a_home(pool)
    (table,) = (each for each in m0013_zone._STATEMENTS if "create table position_look" in each)
    await pool.execute("drop index audit_where")
    await pool.execute(table)
    for actor, began, last in (("ben", 30, 31), ("ann", 0, 42)):
        await pool.execute(
            "insert into position_look (resident, actor, began_us, last_us) values ('re_1', $1, $2, $3)",
            actor, NOW + began * MINUTE, NOW + last * MINUTE,
        )  # fmt: skip
    for statement in m0017_one_log._STATEMENTS:
        await pool.execute(statement)
    assert await seen(pool) == [("ann", 0, 42), ("ben", 30, 31)]
    lines = await audit.entries(pool, resident="re_1", looks=True)
    assert [(each.account, each.act, each.unit) for each in lines] == [
        ("ben", "whereabouts", "pl_1"),
        ("ann", "whereabouts", "pl_1"),
    ]
    assert await pool.fetchval("select to_regclass('position_look')") is None
