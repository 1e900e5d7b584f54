"""Whoever has an alert has it until a time; then everybody is called again, whatever is down or was killed."""

import asyncio

import msgspec
import pytest

from alerts import life
from alerts.events import Claimed, Event, Held
from schemas.alert import Alert
from schemas.ladder import Patience
from store import alerts, contacts
from tests.ingest.conftest import now_us
from tests.ingest.waiting import eventually
from tests.notify.conftest import Night, ladder
from tests.notify.test_night import ALL_THREE, SETTLED_S, press, told

pytestmark = pytest.mark.servers

#: How long a claim holds here; the press and the look at it come before on any machine.
PATIENCE_S = 2.0


async def the_alert(night: Night) -> Alert:
    async def only() -> list[Alert]:
        return await alerts.listed(night.pool, status="open")

    return (await eventually(only))[0]


async def happens(night: Night, event: Event) -> None:
    alert = await the_alert(night)
    await alerts.change(night.pool, alert.id, lambda now: life.apply(now, event))


def claimed(actor: str = "nurse") -> Claimed:
    return Claimed(at_us=now_us(), actor=actor, patience_us=round(PATIENCE_S * 1e6))


async def kinds(night: Night) -> list[tuple[str, str]]:
    alert = (await alerts.listed(night.pool, status="all"))[0]
    return [(logged.step.kind, logged.step.actor) for logged in await alerts.steps(night.pool, alert.id)]


def rounds(night: Night) -> list[int]:
    return [body["round"] for _, body in night.phones.calls]


async def test_claimed_and_not_moving_everybody_is_called_again_and_history_says_why(night: Night) -> None:
    async with night.desk(), night.notify():
        await night.find(night.fallen())
        await told(night, 1)
        await happens(night, claimed())
        await asyncio.sleep(PATIENCE_S / 2)
        assert night.phones.told() == ALL_THREE[:1]
        await told(night, 4)
        await asyncio.sleep(SETTLED_S)
    assert night.phones.told() == [*ALL_THREE[:1], *ALL_THREE]
    assert rounds(night) == [0, 1, 1, 1]
    assert await kinds(night) == [("raised", "platform"), ("claimed", "nurse"), ("lapsed", "platform")]
    alert = await the_alert(night)
    (_, _, lapsed) = await alerts.steps(night.pool, alert.id)
    assert (alert.claimed_by, lapsed.step.data["owner"], lapsed.step.data["why"]) == (None, "nurse", "deadline")
    assert 0 <= lapsed.step.at_us - lapsed.step.data["due_us"] < 2_000_000


async def test_killed_before_the_deadline_and_back_after_it_everybody_is_called_once_within_two_seconds(
    night: Night,
) -> None:
    async with night.desk():
        async with night.notify():
            await night.find(night.fallen())
            await told(night, 1)
            await happens(night, claimed())
        await asyncio.sleep(PATIENCE_S + 0.5)
        began_us = now_us()
        async with night.notify():
            await told(night, 4)
            await asyncio.sleep(SETTLED_S)
    assert rounds(night) == [0, 1, 1, 1]
    (_, _, lapsed) = await alerts.steps(night.pool, (await the_alert(night)).id)
    assert 0 <= lapsed.step.at_us - began_us < 2_000_000


async def test_with_the_database_down_the_deadline_passes_all_the_same_and_is_known_when_it_is_back(
    night: Night,
) -> None:
    async with night.desk(), night.notify():
        await night.find(night.fallen())
        await told(night, 1)
        await happens(night, claimed())
        await asyncio.sleep(0.5)
        await night.database_away()
        try:
            await told(night, 3)
        finally:
            await night.database_back()
        await told(night, 4)
        await asyncio.sleep(SETTLED_S)
    assert night.phones.told() == [*ALL_THREE[:1], *ALL_THREE]
    assert rounds(night) == [0, 1, 1, 1]
    assert await kinds(night) == [("raised", "platform"), ("claimed", "nurse"), ("lapsed", "platform")]


async def test_a_link_pressed_while_nothing_else_answers_has_its_deadline_too(night: Night) -> None:
    shorter = msgspec.structs.replace(ladder(night.phones), patience=Patience(high=PATIENCE_S))
    await contacts.set_ladder(night.pool, "pl_1", shorter, now_us())
    async with night.notify():
        await asyncio.sleep(0.3)
        await night.database_away()
        try:
            await night.find(night.fallen())
            await told(night, 1)
            assert (await press(night.phones.calls[0][1]["claim"])).json()["owner"] == "li"
            await told(night, 3)
        finally:
            await night.database_back()
        async with night.desk():
            await told(night, 4)
            await the_alert(night)
            await asyncio.sleep(SETTLED_S)
    assert rounds(night) == [0, 1, 1, 1]
    assert await kinds(night) == [("raised", "platform"), ("claimed", "li"), ("lapsed", "platform")]


async def test_after_a_hold_whoever_held_it_is_called_first_and_then_the_others(night: Night) -> None:
    async with night.desk(), night.notify():
        await night.find(night.fallen())
        await told(night, 1)
        await happens(night, claimed("zhao"))
        await happens(night, Held(at_us=now_us(), actor="zhao", until_us=now_us() + 1_500_000))
        await told(night, 3)
        await asyncio.sleep(SETTLED_S)
    assert [path for path, _ in night.phones.calls] == ["/li", "/zhao", "/li", "/wang"]
    (*_, lapsed) = await alerts.steps(night.pool, (await the_alert(night)).id)
    assert (lapsed.step.kind, lapsed.step.data["why"]) == ("lapsed", "hold")


async def test_after_the_last_step_it_begins_again_and_says_so(night: Night) -> None:
    soon = msgspec.structs.replace(ladder(night.phones, after_s=0.4), again_s=1.0)
    await contacts.set_ladder(night.pool, "pl_1", soon, now_us())
    async with night.desk(), night.notify():
        await night.find(night.fallen())
        await told(night, 5)
        await happens(night, claimed())
    assert night.phones.told()[:5] == [*ALL_THREE, *ALL_THREE[:2]]
    turns = [(body["round"], body["turn"]) for _, body in night.phones.calls[:5]]
    assert turns == [(0, 1)] * 3 + [(0, 2)] * 2
    assert night.phones.calls[3][1]["text"]["zh"].startswith("第 2 轮")
