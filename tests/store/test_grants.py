"""Accounts with grants and what these cover, on plain PostgreSQL and on TimescaleDB."""

import pytest

from schemas.errors import BrokenRule
from schemas.places import PlaceKind
from store import accounts, alerts, grants, people, quarantine
from store.accounts import Grant, Role
from store.grants import EVERYWHERE, Reach, Subject
from store.people import where
from store.pool import Pool
from tests.store.making import NOW, a_home

pytestmark = pytest.mark.servers


async def test_what_a_grant_covers_is_its_place_and_all_below(pool: Pool) -> None:
    await a_home(pool)
    await people.add_place(pool, name="屋", kind=PlaceKind.ROOM, now_us=NOW, parent="pl_1", place_id="pl_below")
    carer = (Grant(role=Role.CARER, place="pl_1"),)
    covered = (await grants.ground(pool, carer)).reach(carer, {Role.CARER})
    assert covered.places == {"pl_1", "pl_below"}
    assert (await grants.ground(pool, carer)).reach(carer, {Role.MANAGER}).nothing
    everywhere = (Grant(role=Role.MANAGER),)
    assert (await grants.ground(pool, everywhere)).reach(everywhere, {Role.MANAGER}) == EVERYWHERE
    family = (Grant(role=Role.FAMILY, resident="re_1"),)
    known = (await grants.ground(pool, family)).reach(family, {Role.FAMILY})
    assert known.covers(Subject(resident="re_1"))
    lives = await people.resident(pool, "re_1")
    assert lives is not None
    assert covered.covers(where(lives))
    for kind in sorted(grants.KINDS):
        assert await grants.traced(pool, kind, "none") is None
    assert await grants.traced(pool, "resident", "re_1") == Subject(resident="re_1", places=(lives.unit,))


async def test_lists_and_counts_take_a_reach(pool: Pool) -> None:
    await a_home(pool)
    within, without = Reach(places=frozenset({"pl_1"})), Reach(places=frozenset({"pl_0"}))
    assert [each.id for each in await people.residents(pool, within)] != []
    assert await people.residents(pool, without) == []
    assert [each.id for each in await people.places(pool, within)] == ["pl_1"]
    assert await people.devices(pool, reach=within) != []
    assert all(each.binding is None for each in await people.devices(pool, reach=without))
    assert await people.watched(pool, 0, without) == 0
    assert await alerts.open_count(pool, without) == {}
    assert await alerts.last_resolved(pool, without) is None
    assert await quarantine.counts(pool, ["w1"]) == {}
    assert await quarantine.listed(pool, devices=["w1"]) == []


async def test_an_account_is_changed_listed_and_its_sessions_are_ended(pool: Pool) -> None:
    await accounts.add_user(pool, "admin", "administrator", "x", "x", NOW)
    await accounts.add_user(pool, "nurse", None, "x", "x", NOW, grants=[Grant(role=Role.CARER)], must_change=True)
    first = await accounts.open_session(pool, "nurse", NOW, address="10.0.0.1", agent="a" * 500)
    second = await accounts.open_session(pool, "nurse", NOW + 1)
    named = await accounts.sessions_of(pool, "nurse", NOW + 2)
    assert [each.name for each in named] == [accounts.session_name(each.token) for each in (second, first)]
    assert await accounts.end_sessions(pool, "nurse", named[0].name) == [named[0].name]
    found = await accounts.account(pool, "nurse", NOW + 2)
    assert found is not None
    assert (found.sessions, found.user.must_change, found.disabled_us) == (1, True, None)
    await accounts.set_disabled(pool, "nurse", NOW + 3)
    assert await accounts.verify(pool, "nurse", "x") is None
    assert await accounts.session(pool, first.token, NOW + 3) is None
    assert [each.user.name for each in await accounts.accounts(pool, NOW + 3)] == ["admin", "nurse"]
    await accounts.set_disabled(pool, "nurse", None)
    await accounts.set_grants(pool, "nurse", [Grant(role=Role.MANAGER)], "admin", NOW)
    verified = await accounts.verify(pool, "nurse", "x")
    assert verified is not None
    assert verified.role is Role.MANAGER
    with pytest.raises(BrokenRule, match="Nobody would be left"):
        await accounts.set_grants(pool, "admin", [], "admin", NOW)
