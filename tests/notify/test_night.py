"""The ladder against the real JetStream and PostgreSQL: whatever is down, three telephones ring, each once."""

import asyncio
from itertools import pairwise

import httpx
import msgspec
import pytest

from alerts import life
from alerts.events import Claimed, Released
from alerts.intake import intake
from schemas.address import Channel
from schemas.finding import FindingKind, Reason, Stage
from schemas.ladder import Delivery, DeliveryState, Lang, QuietHours, Way
from store import alerts, contacts, deliveries
from tests.ingest.conftest import now_us
from tests.ingest.waiting import eventually
from tests.notify.conftest import GRACE_S, STEP_S, Night, ladder

pytestmark = pytest.mark.servers

ALL_THREE = [(1, "li"), (2, "wang"), (3, "zhao")]
#: A step more would have come by then.
SETTLED_S = STEP_S + 2 * GRACE_S


async def told(night: Night, count: int) -> None:
    async def enough() -> bool:
        return len(night.phones.calls) >= count

    await eventually(enough)


async def press(link: str) -> httpx.Response:
    async with httpx.AsyncClient(trust_env=False, headers={"Accept": "application/json"}) as client:
        assert (await client.get(link)).json()["result"] == "ready"
        return await client.post(link)


async def recorded(night: Night, alert: str, count: int) -> list[Delivery]:
    async def enough() -> list[Delivery]:
        found = await deliveries.of_alert(night.pool, alert)
        done = [each for each in found if each.state is DeliveryState.SENT]
        return found if len(done) == count else []

    return await eventually(enough)


async def test_the_three_of_the_ladder_are_told_one_after_the_other_each_once(night: Night) -> None:
    async with night.desk(), night.notify():
        await night.find(night.fallen())
        await told(night, 3)
        await asyncio.sleep(SETTLED_S)
    assert night.phones.told() == ALL_THREE
    (alert,) = await alerts.listed(night.pool)
    sent = await recorded(night, alert.id, 3)
    waits = [later.claimed_us - earlier.claimed_us for earlier, later in pairwise(sent)]
    assert all(STEP_S * 1e6 <= wait < (STEP_S + 2) * 1e6 for wait in waits)
    body = night.phones.calls[0][1]
    assert (body["alert"], body["kind"], body["resident"]["name"]) == (alert.id, "fall", "王 re_1")
    assert body["text"]["zh"].startswith("跌倒") and body["text"]["en"].startswith("Fall: 王 re_1")
    assert (body["again"], body["test"]) == (False, False)


async def test_in_quiet_hours_a_silence_waits_and_a_watch_that_misses_somebody_who_got_up_rings(night: Night) -> None:
    minute = now_us() // 60_000_000
    hours = QuietHours(start=(minute - 60) % 1440, end=(minute + 60) % 1440)
    own = msgspec.structs.replace(ladder(night.phones), quiet=hours, timezone="UTC")
    await contacts.set_ladder(night.pool, "pl_1", own, now_us())
    async with night.desk(), night.notify():
        for resident, code in (("re_1", "silent"), ("re_2", "not_back_in_bed")):
            found = night.fallen(code, resident=resident)
            evidence = msgspec.structs.replace(found.evidence, reasons=(Reason(code, {"min": 50.0}),))
            await night.find(msgspec.structs.replace(found, kind=FindingKind.INACTIVITY, evidence=evidence))
        await told(night, 3)
        await asyncio.sleep(SETTLED_S)
    assert night.phones.told() == ALL_THREE
    assert {body["resident"]["id"] for _, body in night.phones.calls} == {"re_2"}
    assert night.phones.calls[0][1]["text"]["en"].startswith("Out of bed, not back")


async def test_a_claim_at_the_console_stops_the_ladder_and_a_release_begins_it_again(night: Night) -> None:
    async with night.desk(), night.notify():
        await night.find(night.fallen())
        await told(night, 1)
        (alert,) = await alerts.listed(night.pool)
        await alerts.change(night.pool, alert.id, lambda a: life.apply(a, Claimed(at_us=now_us(), actor="nurse")))
        await asyncio.sleep(SETTLED_S)
        assert night.phones.told() == [(1, "li")]
        await alerts.change(night.pool, alert.id, lambda a: life.apply(a, Released(at_us=now_us(), actor="nurse")))
        await told(night, 3)
    assert night.phones.told()[:3] == [(1, "li"), (1, "li"), (2, "wang")]
    assert [body["round"] for _, body in night.phones.calls[:3]] == [0, 1, 1]


async def test_a_pressed_link_claims_the_alert_for_its_recipient_once(night: Night) -> None:
    async with night.desk(), night.notify():
        await night.find(night.fallen())
        await told(night, 2)
        first, second = (body["claim"] for _, body in night.phones.calls[:2])
        answer = await press(second)
        assert (answer.status_code, answer.json()) == (200, {"result": "claimed", "owner": "wang"})
        async with httpx.AsyncClient(trust_env=False) as client:
            assert (await client.post(second)).status_code == 410
            late = await client.post(first, headers={"Accept": "application/json"})
            assert (late.status_code, late.json()["owner"]) == (409, "wang")
            assert (await client.get(f"{first}x")).status_code == 404
        await asyncio.sleep(SETTLED_S)
    assert night.phones.told() == ALL_THREE[:2]
    (alert,) = await alerts.listed(night.pool)
    assert (alert.state, alert.claimed_by) == ("claimed", "wang")


async def test_with_the_desk_down_all_three_are_told_and_the_desk_finds_it_done_when_it_is_back(night: Night) -> None:
    async with night.notify():
        await night.find(night.fallen())
        await told(night, 3)
        async with night.desk():
            alert = await eventually(lambda: _only(night))
            sent = await recorded(night, alert, 3)
            await asyncio.sleep(SETTLED_S)
    assert night.phones.told() == ALL_THREE
    assert [(each.step, each.alert, each.attempts) for each in sent] == [(0, alert, 1), (1, alert, 1), (2, alert, 1)]
    assert [logged.step.kind for logged in await alerts.steps(night.pool, alert)] == ["raised"]


async def _only(night: Night) -> str:
    found = await alerts.listed(night.pool, status="all")
    assert len(found) <= 1
    return found[0].id if found else ""


async def test_with_the_database_down_a_pressed_link_stops_the_ladder_and_is_applied_first(night: Night) -> None:
    async with night.desk(), night.notify():
        await asyncio.sleep(0.3)  # the contacts are mirrored at the start
        await night.database_away()
        try:
            await night.find(night.fallen())
            await told(night, 2)
            answer = await press(night.phones.calls[1][1]["claim"])
            assert (answer.status_code, answer.json()["owner"]) == (200, "wang")
            await asyncio.sleep(SETTLED_S)
            assert night.phones.told() == ALL_THREE[:2]
        finally:
            await night.database_back()
        alert = await eventually(lambda: _only(night))
        await recorded(night, alert, 2)

        async def claimed() -> bool:
            found = await alerts.one(night.pool, alert)
            return found is not None and found.claimed_by == "wang"

        await eventually(claimed)
        await asyncio.sleep(SETTLED_S)
    assert night.phones.told() == ALL_THREE[:2]
    history = [(logged.step.kind, logged.step.actor) for logged in await alerts.steps(night.pool, alert)]
    assert history == [("raised", "platform"), ("claimed", "wang")]


async def test_a_database_that_dies_in_the_middle_of_a_ladder_does_not_stop_it(night: Night) -> None:
    async with night.desk(), night.notify():
        await night.find(night.fallen())
        await told(night, 1)
        await eventually(lambda: _only(night))
        await asyncio.sleep(0.2)
        await night.database_away()
        try:
            await told(night, 3)
        finally:
            await night.database_back()
        await recorded(night, await _only(night), 3)
        await asyncio.sleep(SETTLED_S)
    assert night.phones.told() == ALL_THREE


async def test_notify_that_starts_anew_goes_on_where_it_was_with_the_database_down(night: Night) -> None:
    async with night.notify():
        await asyncio.sleep(0.3)
        await night.database_away()
        await night.find(night.fallen())
        await told(night, 1)
        await asyncio.sleep(0.1)
    try:
        async with night.notify():
            await told(night, 3)
            await asyncio.sleep(SETTLED_S)
        assert night.phones.told() == ALL_THREE
    finally:
        await night.database_back()


async def test_two_falls_of_one_person_with_the_desk_down_are_one_ladder_and_one_alert(night: Night) -> None:
    async with night.notify():
        await night.find(night.fallen("f1"))
        await night.find(night.fallen("f2"))
        await told(night, 3)
        async with night.desk():
            alert = await eventually(lambda: _only(night))
            await recorded(night, alert, 3)
            await asyncio.sleep(SETTLED_S)
    assert night.phones.told() == ALL_THREE
    found = await alerts.one(night.pool, alert)
    assert found is not None and found.occurrences == 2


async def test_nobody_is_rung_further_once_the_person_moves_again(night: Night) -> None:
    fall = night.fallen()
    async with night.notify():
        await night.find(fall)
        await told(night, 1)
        await night.find(night.fallen(stage=Stage.RECOVERED))
        await asyncio.sleep(SETTLED_S)
    assert night.phones.told() == ALL_THREE[:1]


async def test_whoever_pressed_for_help_is_rung_for_to_the_end_though_they_walk_again(night: Night) -> None:
    fall = night.fallen()
    pressed = msgspec.structs.replace(night.fallen("f2"), kind=FindingKind.SOS)
    async with night.desk(), night.notify():
        await night.find(fall)
        await night.find(pressed)
        await told(night, 1)
        await night.find(night.fallen(stage=Stage.RECOVERED))
        await told(night, 3)
        await asyncio.sleep(SETTLED_S)
    assert night.phones.told() == ALL_THREE
    (alert,) = await alerts.listed(night.pool)
    assert {source.kind for source in alert.sources.values()} == {FindingKind.FALL, FindingKind.SOS}


async def test_a_fall_and_a_press_of_the_same_minute_with_the_desk_down_are_one_ladder_and_one_alert(
    night: Night,
) -> None:
    async with night.notify():
        await night.find(night.fallen())
        await night.find(msgspec.structs.replace(night.fallen("f2"), kind=FindingKind.SOS))
        await told(night, 3)
        async with night.desk():
            alert = await eventually(lambda: _only(night))
            await recorded(night, alert, 3)
            await asyncio.sleep(SETTLED_S)
    assert night.phones.told() == ALL_THREE
    assert len(await alerts.listed(night.pool)) == 1


async def test_who_cannot_be_reached_holds_up_nobody_and_an_unknown_outcome_is_repeated_marked(night: Night) -> None:
    night.phones.answers = {"/li": [None], "/wang": [500]}
    async with night.desk(), night.notify():
        await night.find(night.fallen())
        await told(night, 5)
        await asyncio.sleep(SETTLED_S)
    again = {to: [body["again"] for path, body in night.phones.calls if path == to] for to in ("/li", "/wang", "/zhao")}
    # Hung up on: it may have arrived. Refused: it did not.
    assert again == {"/li": [False, True], "/wang": [False, False], "/zhao": [False]}
    (alert,) = await alerts.listed(night.pool)
    assert [each.attempts for each in await recorded(night, alert.id, 3)] == [2, 2, 1]


async def test_a_fall_long_after_the_claim_of_another_rings_anew_and_who_presses_takes_it_over(night: Night) -> None:
    long_ago = now_us() - 3600_000_000
    await alerts.accept(night.pool, night.fallen("f1"), long_ago, intake)
    (alert,) = await alerts.listed(night.pool)
    still_theirs = Claimed(at_us=long_ago, actor="nurse", patience_us=2 * 3600_000_000)
    await alerts.change(night.pool, alert.id, lambda a: life.apply(a, still_theirs))
    async with night.desk(), night.notify():
        await asyncio.sleep(SETTLED_S)
        assert night.phones.told() == []
        await night.find(night.fallen("f2"))
        await told(night, 2)
        answer = await press(night.phones.calls[1][1]["claim"])
        assert answer.json() == {"result": "claimed", "owner": "wang"}
        await asyncio.sleep(SETTLED_S)
    assert night.phones.told() == ALL_THREE[:2]
    found = await alerts.one(night.pool, alert.id)
    assert found is not None and (found.claimed_by, found.occurrences) == ("wang", 2)


async def test_a_second_way_is_taken_at_once_where_the_first_refuses_and_the_next_person_keeps_their_time(
    night: Night,
) -> None:
    night.phones.answers = {"/li": [500] * 9}
    own = ladder(night.phones)
    chat = Way(address=f"{night.phones.url.replace('http', 'json')}/chat", channel=Channel.APPRISE, after_s=30)
    steps = (msgspec.structs.replace(own.steps[0], ways=(chat,), lang=Lang.ZH), *own.steps[1:])
    await contacts.set_ladder(night.pool, "pl_1", msgspec.structs.replace(own, steps=steps), now_us())
    async with night.desk(), night.notify():
        await asyncio.sleep(0.3)
        await night.find(night.fallen())

        async def all_told() -> bool:
            return {"/li", "/chat", "/wang", "/zhao"} <= {path for path, _ in night.phones.calls}

        await eventually(all_told)
        (alert,) = await alerts.listed(night.pool)
        sent = {each.step: each for each in await recorded(night, alert.id, 3)}
    chatted = next(body for path, body in night.phones.calls if path == "/chat")
    assert chatted["title"].startswith("跌倒") and chatted["message"].splitlines()[-1].startswith("http://127.0.0.1")
    assert "Fall" not in chatted["message"]
    assert [(each.recipient, each.channel) for _, each in sorted(sent.items())] == [
        ("li", "http"), ("li", "apprise"), ("wang", "http"), ("zhao", "http"),
    ]  # fmt: skip
    assert (sent[1].claimed_us - sent[0].claimed_us) / 1e6 < STEP_S
    assert STEP_S <= (sent[2].claimed_us - sent[0].claimed_us) / 1e6 < STEP_S + 2
    told_of = [(body["step"], body["way"]) for path, body in night.phones.calls if path in ("/wang", "/zhao")]
    assert told_of == [(2, 1), (3, 1)]
