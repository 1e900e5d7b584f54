"""Whoever has an alert has it until a time; then everybody is called again, whatever is down or was killed."""

import asyncio

import msgspec
import pytest

from alerts import life
from alerts.events import Claimed, Event, Held
from schemas.alert import Alert
from schemas.ladder import Patience
from schemas.pause import Pause
from store import alerts, contacts, deliveries, pauses
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


def anew(night: Night) -> list[tuple[int, str]]:
    """Return whom the second round called: how far the first came depends on how busy the machine is."""
    return [(body["step"], body["recipient"]) for _, body in night.phones.calls if body["round"] == 1]


async def called_anew(night: Night, count: int) -> None:
    async def enough() -> bool:
        return len(anew(night)) >= count

    await eventually(enough)


async def test_claimed_and_not_moving_everybody_is_called_again_and_history_says_why(night: Night) -> None:
    async with night.desk(), night.notify():
        await night.find(night.fallen())
        await told(night, 1)
        await happens(night, claimed())
        await asyncio.sleep(PATIENCE_S / 2)
        assert anew(night) == []
        await called_anew(night, 3)
        await asyncio.sleep(SETTLED_S)
    assert anew(night) == ALL_THREE
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
            await called_anew(night, 3)
            await asyncio.sleep(SETTLED_S)
    assert anew(night) == ALL_THREE
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
            await called_anew(night, 2)
        finally:
            await night.database_back()
        await called_anew(night, 3)
        await asyncio.sleep(SETTLED_S)
    assert anew(night) == ALL_THREE
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
            await called_anew(night, 2)
        finally:
            await night.database_back()
        async with night.desk():
            await called_anew(night, 3)
            await the_alert(night)
            await asyncio.sleep(SETTLED_S)
    assert anew(night) == ALL_THREE
    assert await kinds(night) == [("raised", "platform"), ("claimed", "li"), ("lapsed", "platform")]


async def test_after_a_hold_whoever_held_it_is_called_first_and_then_the_others(night: Night) -> None:
    async with night.desk(), night.notify():
        await night.find(night.fallen())
        await told(night, 1)
        await happens(night, claimed("zhao"))
        await happens(night, Held(at_us=now_us(), actor="zhao", until_us=now_us() + 1_500_000))
        await called_anew(night, 3)
        await asyncio.sleep(SETTLED_S)
    assert anew(night) == [(1, "zhao"), (2, "li"), (3, "wang")]
    (*_, lapsed) = await alerts.steps(night.pool, (await the_alert(night)).id)
    assert (lapsed.step.kind, lapsed.step.data["why"]) == ("lapsed", "hold")


async def test_with_the_desk_down_a_fall_beside_whoever_is_there_waits_too(night: Night) -> None:
    now = now_us()
    there = Pause(resident="re_1", by="nurse", since_us=now, until_us=now + 4_000_000)
    await pauses.change(night.pool, "re_1", "nurse", lambda _: there, lambda _alert, _pause: None, now)
    async with night.notify():
        await asyncio.sleep(0.5)
        await night.find(night.fallen())
        await night.find(night.fallen("f2", resident="re_2"))
        await told(night, 1)
        assert night.phones.calls[0][1]["resident"]["id"] == "re_2"
        await told(night, 4)
        first = next(body for _, body in night.phones.calls if body["resident"]["id"] == "re_1")
        async with night.desk():
            await the_alert(night)
    assert first["step"] == 1
    sent = await deliveries.of_findings(night.pool, [first["finding"]])
    assert min(each.claimed_us for each in sent) >= there.until_us


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
