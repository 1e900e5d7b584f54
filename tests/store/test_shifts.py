"""Shifts in the database: one a place, each handed over and taken over once, whoever presses at the same time."""

import asyncio

import pytest

from alerts.handover import accepted, begun, handed_over, noted
from schemas.errors import BrokenRule
from schemas.shift import LeftOpen, OpenKind, Shift
from store import shifts
from store.pool import Pool
from tests.store.making import NOW, SECOND, a_home

LEFT = (LeftOpen(what=OpenKind.DEVICE, id="w1", name="手表", where="王", code="silent", at_us=NOW),)


def beginning(who: str, shift_id: str, now_us: int = NOW) -> shifts.Begin:
    new = Shift(id=shift_id, place="pl_1", begun_us=now_us, begun_by=who, ends_us=now_us + 3600 * SECOND)
    return lambda running: begun(running, new, sound=True)


async def test_a_shift_is_begun_joined_noted_handed_over_and_taken_over(pool: Pool) -> None:
    await a_home(pool)
    assert await shifts.running(pool, "pl_1") is None
    first = await shifts.begin(pool, "pl_1", beginning("li", "sh_1"))
    assert await shifts.begin(pool, "pl_1", beginning("wang", "sh_2")) != first
    running = await shifts.running(pool, "pl_1")
    assert running is not None
    assert (running.id, [each.account for each in running.crew]) == ("sh_1", ["li", "wang"])
    await shifts.change(pool, "sh_1", lambda shift: noted(shift, "王 睡得不好"))
    await shifts.change(pool, "sh_1", lambda shift: handed_over(shift, "li", None, LEFT, NOW))
    assert await shifts.running(pool, "pl_1") is None
    taken, after = await shifts.take_over(
        pool, "sh_1", lambda shift: accepted(shift, "wang", NOW), beginning("wang", "sh_3", NOW + 1)
    )
    assert (taken.note, taken.left_open, taken.accepted_by, after.id) == ("王 睡得不好", LEFT, "wang", "sh_3")
    assert await shifts.one(pool, "sh_1") == taken
    assert [each.id for each in await shifts.recent(pool, "pl_1", 5)] == ["sh_1"]
    assert await shifts.recent(pool, "pl_2", 5) == []


async def test_two_who_press_at_once_are_on_one_shift_and_one_of_them_takes_over(pool: Pool) -> None:
    await a_home(pool)
    began = await asyncio.gather(
        *(shifts.begin(pool, "pl_1", beginning(name, f"sh_{name}")) for name in ("a", "b", "c"))
    )
    assert len({each.id for each in began}) == 1
    first = began[0].id
    await shifts.change(pool, first, lambda shift: handed_over(shift, "a", None, (), NOW))

    async def take(name: str) -> str:
        try:
            taken, _ = await shifts.take_over(
                pool, first, lambda shift: accepted(shift, name, NOW), beginning(name, f"sh_{name}2")
            )
        except BrokenRule as refused:
            return refused.code
        return taken.accepted_by or ""

    results = sorted(await asyncio.gather(take("b"), take("c"), take("d")))
    assert results.count("taken_over") == 2
    assert await pool.fetchval("select count(*) from duty_shift where handed_us is null") == 1


async def test_what_is_not_there_is_said(pool: Pool) -> None:
    await a_home(pool)
    assert await shifts.one(pool, "sh_no") is None
    with pytest.raises(BrokenRule, match="no such place"):
        await shifts.begin(pool, "pl_no", beginning("li", "sh_1"))
    with pytest.raises(BrokenRule, match="no such shift"):
        await shifts.change(pool, "sh_no", lambda shift: shift)
    with pytest.raises(BrokenRule, match="no such shift"):
        await shifts.take_over(pool, "sh_no", lambda shift: shift, beginning("li", "sh_1"))
