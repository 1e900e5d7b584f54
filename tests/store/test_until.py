"""Whose time is over, and what the ladder of an alert's place says; and people, timers and crashes at random."""

import asyncio
import os
import random
from functools import partial

import asyncpg
import msgspec
import pytest

from alerts.deadlines import SET_BACK_US, is_over
from alerts.events import Claimed, Event, Extended, Held, Lapsed, Released, Reopened, Resolved, Silenced, Why
from alerts.intake import intake
from alerts.joining import alert_for
from alerts.life import apply
from alerts.pausing import FALL_WAITS_US
from schemas.alert import OPEN_STATES, OWNED_STATES, Alert, AlertState, Change, Outcome
from schemas.errors import BrokenRule
from schemas.finding import Finding, Stage
from schemas.ladder import Ladder, LadderStep, Patience
from schemas.pause import Pause
from schemas.places import PlaceKind
from store import alerts, contacts, outcomes, pauses, people, setting_changes
from store.pool import Pool
from tests.store.making import NOW, SECOND, a_home, finding

MINUTE = 60 * SECOND
#: The rules alone are driven through 100,000 (tests/alerts/test_shift.py); here a step is some transactions.
STEPS = int(os.environ.get("SHOUWANG_SHIFT_DATABASE_STEPS", "300"))


async def test_the_overdue_are_found_and_those_whose_clock_was_set_back(pool: Pool) -> None:
    await a_home(pool)
    change = await alerts.accept(pool, finding(), NOW, intake)
    assert change is not None
    alert = change.alert.id
    assert await alerts.overdue(pool, NOW + 60 * MINUTE, SET_BACK_US) == []
    await alerts.change(pool, alert, lambda now: apply(now, Claimed(at_us=NOW, actor="li")))
    due_us = NOW + 10 * MINUTE
    assert await alerts.overdue(pool, due_us - 1, SET_BACK_US) == []
    assert await alerts.overdue(pool, due_us, SET_BACK_US) == [alert]
    hour_back = NOW - 60 * MINUTE
    assert await alerts.overdue(pool, hour_back, SET_BACK_US) == [alert]
    assert await alerts.overdue(pool, hour_back, None) == []
    await alerts.change(pool, alert, lambda now: apply(now, Held(at_us=NOW, actor="li", until_us=due_us)))
    assert await alerts.overdue(pool, due_us, None) == [alert]
    assert [each.id for each in await alerts.listed(pool, status="held")] == [alert]
    assert await alerts.there_now(pool, "re_1", NOW) is None
    assert await alerts.open_count(pool) == {"high": 1}


async def test_the_ladder_of_an_alert_is_its_places_or_the_nearest_above(pool: Pool) -> None:
    await a_home(pool)
    room = await people.add_place(pool, name="2", kind=PlaceKind.ROOM, parent="pl_1", now_us=NOW)
    in_room = msgspec.structs.replace(finding(), unit=room.id)
    change = await alerts.accept(pool, in_room, NOW, intake)
    assert change is not None
    assert (
        await contacts.ladder_of_alert(pool, change.alert.id) == Ladder() == await contacts.ladder_of_alert(pool, "x")
    )
    steps = tuple(LadderStep(recipient=name, address="http://127.0.0.1:1/") for name in ("a", "b", "c"))
    for place, high in (("pl_1", 300.0), (room.id, 90.0)):
        await contacts.set_ladder(pool, place, Ladder(steps=steps, patience=Patience(high=high)), NOW)
        assert (await contacts.ladder_of_alert(pool, change.alert.id)).patience.high == high


async def test_who_is_with_a_resident_is_known_and_what_waits_for_it_changes_with_it(pool: Pool) -> None:
    await a_home(pool)
    there = Pause(resident="re_1", by="li", since_us=NOW, until_us=NOW + 15 * MINUTE)
    assert await pauses.change(pool, "re_1", "li", lambda _: there, lambda _alert, _pause: None, NOW) == there
    assert await alerts.there_now(pool, "re_1", NOW) == there
    assert await alerts.there_now(pool, "re_1", there.until_us) is await alerts.there_now(pool, "re_2", NOW) is None
    assert await pauses.all_current(pool, NOW) == [there]
    assert await pauses.all_live(pool) == [(there, "pl_1")]
    assert await pauses.mirrored(pool) == {"pl_1": {"re_1": there.until_us}}
    change = await alerts.accept(pool, finding(), NOW, intake)
    assert change is not None and change.alert.silent_until_us == NOW + FALL_WAITS_US

    def wait(alert: Alert, pause: Pause | None) -> Change | None:
        return apply(alert, Silenced(at_us=NOW, until_us=NOW)) if pause is None else None

    with pytest.raises(BrokenRule):
        await pauses.change(pool, "re_none", "li", lambda _: there, wait, NOW)
    assert await pauses.change(pool, "re_1", "wang", lambda _: None, wait, NOW) is None
    assert (
        await pauses.all_current(pool, NOW) == [] == await pauses.all_live(pool) and await pauses.mirrored(pool) == {}
    )
    found = await alerts.one(pool, change.alert.id)
    assert found is not None and found.silent_until_us is None
    said = [(each.what, each.actor) for each in await setting_changes.changes_of(pool, "re_1", 9)]
    assert said == [("pause_ended", "wang"), ("pause_begun", "li")]


async def test_own_outcomes_are_added_and_retired(pool: Pool) -> None:
    made = await outcomes.add(pool, Outcome.REAL_UNHURT, "滑下床沿", "Slid off the bed")
    for zh, en in (("滑下床沿", "other"), ("其他", "Slid off the bed")):
        with pytest.raises(BrokenRule) as refused:
            await outcomes.add(pool, Outcome.FALSE_ALARM, zh, en)
        assert refused.value.code == "there_already"
    assert await outcomes.listed(pool) == [made]
    assert (await outcomes.retire(pool, made.id)).retired
    with pytest.raises(BrokenRule):
        await outcomes.retire(pool, "oc_none")
    assert (await outcomes.add(pool, Outcome.REAL_UNHURT, made.zh, made.en)).id != made.id


def an_event(draw: random.Random, actor: str, at_us: int) -> Event:
    made: tuple[Event, ...] = (
        Claimed(at_us=at_us, actor=actor),
        Claimed(at_us=at_us, actor=actor),
        Extended(at_us=at_us, actor=actor),
        Held(at_us=at_us, actor=actor, until_us=at_us + draw.randrange(1, 30 * MINUTE)),
        Released(at_us=at_us, actor=actor),
        Resolved(at_us=at_us, actor=actor, outcome=draw.choice(list(Outcome))),
        Reopened(at_us=at_us, actor=actor),
    )
    return draw.choice(made)


async def press(pool: Pool, alert: str, event: Event) -> bool:
    """Return whether a press was allowed."""
    try:
        await alerts.change(pool, alert, lambda now: apply(now, event))
    except BrokenRule:
        return False
    return True


async def timers(pool: Pool, now_us: int) -> None:
    """Do what notify does; twice at once, as where one that was thought dead is not."""
    for alert in await alerts.overdue(pool, now_us, SET_BACK_US):
        found = await alerts.one(pool, alert)
        assert found is not None
        event: Event = Extended(at_us=now_us)
        if is_over(found, now_us):
            event = Lapsed(at_us=now_us, why=Why.HOLD if found.state is AlertState.HELD else Why.DEADLINE)
        await asyncio.gather(press(pool, alert, event), press(pool, alert, event))
    assert await alerts.overdue(pool, now_us, SET_BACK_US) == []


async def killed(pool: Pool, found: Finding, now_us: int) -> None:
    """The desk is killed in the middle of taking in a finding: its connection is gone."""
    async with pool.acquire() as doomed:
        transaction = doomed.transaction()
        await transaction.start()
        await alerts.accept(doomed, found, now_us, intake, alert_for)
        await transaction.rollback()


async def test_people_timers_crashes_and_duplicates_through_the_database(pool: Pool) -> None:
    await a_home(pool)
    draw, now_us = random.Random(20261130), NOW
    told: dict[str, Finding] = {}
    lapsed = refused = 0
    for index in range(STEPS):
        now_us += draw.choice((SECOND, 20 * SECOND, 3 * MINUTE, -90 * SECOND if index % 9 == 0 else SECOND))
        what = draw.random()
        if what < 0.3:
            found = finding(f"{index:016d}"[:16], at_us=now_us, resident=draw.choice(("re_1", "re_2")))
            found = msgspec.structs.replace(found, id=f"{index:032d}"[::-1], heard_us=now_us, decided_us=now_us)
            if told and draw.random() < 0.4:
                found = msgspec.structs.replace(draw.choice(list(told.values())), stage=Stage.RECOVERED)
            if draw.random() < 0.3:
                await killed(pool, found, now_us)
            take = partial(alerts.accept, pool, found, now_us, intake, alert_for)
            await asyncio.gather(*(take() for _ in range(draw.choice((1, 2, 3)))))
            told.setdefault(found.id, found)
        elif what < 0.7:
            every = await alerts.listed(pool, status="all", limit=6)
            if every:
                alert = draw.choice(every).id
                events = [an_event(draw, actor, now_us) for actor in draw.sample(("li", "wang", "zhao"), 2)]
                refused += (await asyncio.gather(*(press(pool, alert, event) for event in events))).count(False)
        else:
            lapsed += len(await alerts.overdue(pool, now_us, SET_BACK_US))
            await timers(pool, now_us)
    await timers(pool, now_us)
    await _holds(pool, told, now_us)
    assert lapsed and refused and len(told) > 20


async def _holds(pool: asyncpg.Pool, told: dict[str, Finding], now_us: int) -> None:
    every = await alerts.listed(pool, status="all", limit=1000)
    held = [name for alert in every for name in alert.findings]
    assert sorted(held) == sorted(told), "no event is lost, and none stands twice"
    open_now = [alert for alert in every if alert.state in OPEN_STATES]
    assert len(open_now) == len({(alert.resident, alert.kind) for alert in open_now}), "no alert twice"
    for alert in every:
        steps = [logged.step for logged in await alerts.steps(pool, alert.id)]
        owned = alert.state in OWNED_STATES
        assert (alert.due_us is not None and alert.due_us > now_us) == owned, "whoever has it has it until a time"
        owner: str | None = None
        for step in steps:
            if step.kind in ("claimed", "held"):
                assert owner in (None, step.actor), "one owner, another only after it was given back or raised again"
                owner = step.actor
            elif step.kind in ("released", "lapsed", "reopened") or "ends_hold" in step.data:
                owner = None
        assert owner == alert.claimed_by
