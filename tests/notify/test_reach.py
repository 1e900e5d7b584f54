"""Tests of telephones by the way of an alarm; neglect becomes an alert; floods of devices, and templates, are said."""

import asyncio
from typing import Any

import httpx
import msgspec
import pytest

from alerts import flood
from alerts.reaching import EVERY_US, TOLD_AFTER_US
from schemas.address import Channel
from schemas.finding import FindingKind, Reason
from schemas.ladder import Ladder, Lang
from schemas.reach import ReachTest, TriedState
from store import alerts, contacts, reach, templates
from tests.ingest.conftest import now_us
from tests.ingest.waiting import eventually
from tests.notify.conftest import Night, ladder
from tests.notify.test_night import press, told

pytestmark = pytest.mark.servers


async def asked(night: Night, who: str = "li", number: int = 1, **changes: Any) -> str:
    test = ReachTest(
        id=f"rt_{who}_{number}", place="pl_1", recipient=who, channel=Channel.HTTP,
        address=f"{night.phones.url}/{who}", lang=Lang.ZH, asked_by="manager", asked_us=now_us(),
    )  # fmt: skip
    await reach.ask(night.pool, msgspec.structs.replace(test, **changes))
    return test.id


async def ended(night: Night, test_id: str) -> ReachTest:
    async def over() -> ReachTest | None:
        test = await reach.one(night.pool, test_id)
        return test if test is not None and test.ended_us is not None else None

    found = await eventually(over)
    assert found is not None
    return found


async def test_a_test_goes_the_way_of_an_alarm_and_its_link_proves_the_telephone(night: Night) -> None:
    async with night.notify():
        test = await ended(night, await asked(night))
        assert (test.state, test.error, test.confirmed_us) == (TriedState.SENT, "", None)
        assert test.took_ms is not None and 0 <= test.took_ms < 5000
        (path, body), *others = night.phones.calls
        assert (path, body["test"], others) == ("/li", True, [])
        assert body["text"]["zh"].startswith("【测试】") and "没有人出事" in body["text"]["zh"]
        async with httpx.AsyncClient(trust_env=False, headers={"Accept": "application/json"}) as client:
            assert (await client.get(body["claim"])).json()["result"] == "test"
            assert (await reach.one(night.pool, test.id)).confirmed_us is None  # type: ignore[union-attr]
            assert (await client.post(body["claim"])).json()["result"] == "confirmed"
            assert (await client.post(body["claim"])).json()["result"] == "used"
    found = await reach.one(night.pool, test.id)
    assert found is not None and found.confirmed_us is not None


async def test_what_came_of_a_test_is_told_apart(night: Night) -> None:
    night.phones.answers = {"/li": [503], "/wang": [None]}
    async with night.notify():
        refused, unknown = await ended(night, await asked(night)), await ended(night, await asked(night, "wang"))
    assert (refused.state, refused.error) == (TriedState.REFUSED, "answered 503")
    assert unknown.state is TriedState.UNKNOWN


async def test_a_test_whose_sender_was_killed_is_not_sent_again(night: Night) -> None:
    test_id = await asked(night)
    assert await reach.begin(night.pool, test_id) is not None  # ... and killed before it could say more
    async with night.notify():
        await ended(night, await asked(night, "wang"))
        await asyncio.sleep(0.5)
    assert [path for path, _ in night.phones.calls] == ["/wang"]


async def test_a_telephone_that_nobody_tried_for_long_is_a_low_alert_of_its_place_until_it_is_proved(
    night: Night,
) -> None:
    long_ago = now_us() - EVERY_US - TOLD_AFTER_US - 60_000_000
    await contacts.set_ladder(night.pool, "pl_1", Ladder(), long_ago)
    await contacts.set_ladder(night.pool, "pl_1", ladder(night.phones), long_ago)
    confirmed = {"state": TriedState.SENT, "confirmed_us": now_us(), "asked_us": now_us()}
    for who in ("wang", "zhao"):
        await asked(night, who, 0, **confirmed)
    async with night.notify(loopback_only=False):

        async def raised() -> list[Any]:
            return await alerts.listed(night.pool, status="open")

        (alert,) = await eventually(raised)
        assert (alert.kind, alert.severity, alert.unit, alert.resident) == ("platform", "low", "pl_1", "pl_1")
        reason = alert.evidence.reasons[0]
        assert (reason.code, reason.values["n"]) == ("phones_overdue", 1.0)
        await ended(night, await asked(night))
        async with httpx.AsyncClient(trust_env=False) as client:
            assert (await client.post(night.phones.calls[0][1]["claim"])).status_code == 200

        async def over() -> bool:
            return not await alerts.listed(night.pool, status="open")

        await eventually(over)
    # It called nobody: the only call was the test.
    assert [body.get("kind") for _, body in night.phones.calls] == ["reach_test"]


async def test_a_simulated_home_has_no_telephones_to_try(night: Night) -> None:
    long_ago = now_us() - 2 * EVERY_US
    await contacts.set_ladder(night.pool, "pl_1", Ladder(), long_ago)
    await contacts.set_ladder(night.pool, "pl_1", ladder(night.phones), long_ago)
    async with night.notify():
        await asyncio.sleep(1.0)
    assert await alerts.listed(night.pool, status="all") == []


async def test_a_flood_of_one_cause_is_one_message_and_a_fall_in_it_rings_alone(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flood, "GATHER_S", 2.0)
    await contacts.set_ladder(night.pool, "pl_1", ladder(night.phones, after_s=600), now_us())
    count = 8
    async with night.desk(), night.notify():
        for number in range(count):
            found = night.fallen(f"d{number}", resident=f"re_{number + 10}")
            evidence = msgspec.structs.replace(found.evidence, reasons=(Reason("sensors_dead", {"h": 3.0}),))
            await night.find(msgspec.structs.replace(found, kind=FindingKind.INACTIVITY, evidence=evidence))
        await told(night, 3)
        await night.find(night.fallen())

        async def all_said() -> bool:
            return any(body.get("together") for _, body in night.phones.calls)

        await eventually(all_said)
        calls = [body for path, body in night.phones.calls if path == "/li"]
        alone = [body for body in calls if body["kind"] == "inactivity" and "together" not in body]
        (fall,) = [body for body in calls if body["kind"] == "fall"]
        (many,) = [body for body in calls if "together" in body]
        assert len(alone) == 3 and len(many["together"]) == count - 3
        assert f"同时 {count - 3} 处" in many["text"]["zh"]
        assert calls.index(fall) < calls.index(many)
        assert (await press(many["claim"])).json()["result"] == "claimed"

        async def claimed() -> bool:
            found = await alerts.by_ids(night.pool, many["together"])
            return {alert.claimed_by for alert in found.values()} == {"li"}

        await eventually(claimed)
        others = [each for each in await alerts.listed(night.pool, status="open") if each.claimed_by is None]
        assert len(others) == 4


async def test_what_an_administrator_wrote_is_what_is_sent_and_the_default_comes_back(night: Night) -> None:
    await templates.write(night.pool, "fall.high.zh", "{who} 摔了,在{where}", "admin", now_us())
    async with night.desk(), night.notify():
        await night.find(night.fallen())
        await told(night, 1)
        body = night.phones.calls[0][1]
        assert body["text"]["zh"].startswith("王 re_1 摔了,在") and body["text"]["en"].startswith("Fall: 王 re_1")
        await templates.reset(night.pool, "fall.high.zh", now_us())
        await asyncio.sleep(0.5)
        await night.find(night.fallen("f2", resident="re_2"))

        async def second() -> bool:
            return any(body["resident"]["id"] == "re_2" for _, body in night.phones.calls)

        await eventually(second)
    other = next(body for _, body in night.phones.calls if body["resident"]["id"] == "re_2")
    assert other["text"]["zh"].startswith("跌倒:王 re_2")


async def test_templates_hold_with_the_database_down_and_after_a_restart(night: Night) -> None:
    await templates.write(night.pool, "fall.high.zh", "{who} 摔了", "admin", now_us())
    async with night.notify():
        await asyncio.sleep(0.5)
    await night.database_away()
    try:
        async with night.notify():
            await night.find(night.fallen())
            await told(night, 1)
    finally:
        await night.database_back()
    assert night.phones.calls[0][1]["text"]["zh"] == "王 re_1 摔了"
