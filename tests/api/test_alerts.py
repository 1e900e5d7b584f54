"""Alerts over HTTP: listed in the order of need, moved through their life, and never claimed by two."""

import asyncio
from typing import Any

import httpx
import pytest

from alerts.intake import intake
from alerts.joining import alert_for
from api.models import Alerts
from schemas.finding import FindingKind
from store import accounts, alerts, people
from tests.api.conftest import START_US, Ward, fall

pytestmark = pytest.mark.servers


async def act(client: httpx.AsyncClient, alert_id: str, what: str, **body: Any) -> httpx.Response:
    return await client.post(f"/api/v1/alerts/{alert_id}/{what}", json=body)


async def neighbour(ward: Ward, name: str) -> str:
    return (await people.add_resident(ward.pool, name=name, unit=ward.unit, now_us=ward.clock())).id


async def test_an_alert_says_who_where_what_since_when_and_why(ward: Ward) -> None:
    raised = await ward.fall()
    async with ward.signed_in() as client:
        (alert,) = (await client.get("/api/v1/alerts")).json()["alerts"]
    assert alert["id"] == raised.id
    assert alert["resident"] == {"id": ward.resident, "name": "陈桂兰", "test": False}
    assert (alert["unit_name"], alert["kind"], alert["severity"], alert["state"]) == ("二楼", "fall", "high", "raised")
    assert alert["event_time"] == "2026-09-21T14:13:20.000000Z"
    assert alert["evidence"]["reasons"] == [{"code": "impact", "values": {"g": 3.1}}]
    assert alert["evidence"]["phases"][0]["end"] == "2026-09-21T14:13:20.200000Z"
    assert (alert["version"], alert["occurrences"], alert["claimed_by"]) == (1, 1, None)


async def test_a_list_is_as_the_api_describes_it_to_the_last_field(ward: Ward) -> None:
    raised = await ward.fall()
    await ward.fall(await neighbour(ward, "吴爱娣"), FindingKind.INACTIVITY)
    async with ward.signed_in() as client:
        await act(client, raised.id, "claim")
        await act(client, raised.id, "resolve", outcome="false_alarm")
        answer = await client.get("/api/v1/alerts?status=all")
    assert answer.headers["content-type"] == "application/json"
    said = answer.json()
    assert len(said["alerts"]) == 2
    assert Alerts.model_validate(said).model_dump(mode="json") == said


async def test_the_loudest_come_first_and_of_those_the_newest(ward: Ward) -> None:
    older = await ward.fall()
    ward.clock.forward(5)
    newer = await ward.fall(await neighbour(ward, "吴爱娣"))
    ward.clock.forward(5)
    quieter = await ward.fall(await neighbour(ward, "孙波"), FindingKind.INACTIVITY)
    async with ward.signed_in() as client:
        listed = (await client.get("/api/v1/alerts?status=open")).json()["alerts"]
        since = (await client.get("/api/v1/alerts?status=all&since=2026-09-21T14:13:25Z")).json()["alerts"]
        one = (await client.get("/api/v1/alerts?limit=1")).json()["alerts"]
    assert [alert["id"] for alert in listed] == [newer.id, older.id, quieter.id]
    assert {alert["id"] for alert in since} == {newer.id, quieter.id}
    assert [alert["id"] for alert in one] == [newer.id]


async def test_an_alert_is_claimed_resolved_reopened_and_closed_and_its_history_names_everybody(ward: Ward) -> None:
    raised = await ward.fall()
    async with ward.signed_in() as nurse, ward.signed_in("admin") as admin:
        assert (await act(nurse, raised.id, "claim")).json()["claimed_by"] == "nurse"
        ward.clock.forward(60)
        noted = await act(nurse, raised.id, "note", note="人在地上，清醒")
        assert noted.json()["note"] == "人在地上，清醒"
        resolved = (await act(nurse, raised.id, "resolve", outcome="real_unhurt", note="扶起")).json()
        assert (resolved["state"], resolved["outcome"], resolved["resolved_by"]) == ("resolved", "real_unhurt", "nurse")
        assert (await act(nurse, raised.id, "reopen")).json()["state"] == "raised"
        assert (await act(nurse, raised.id, "resolve", outcome="false_alarm")).status_code == 200
        assert (await act(admin, raised.id, "close")).json()["state"] == "closed"
        alert = (await nurse.get(f"/api/v1/alerts/{raised.id}")).json()
    kinds = [(step["kind"], step["actor"]) for step in alert["steps"]]
    assert kinds == [
        ("raised", "platform"), ("claimed", "nurse"), ("noted", "nurse"), ("resolved", "nurse"),
        ("reopened", "nurse"), ("claimed", "nurse"), ("resolved", "nurse"), ("closed", "admin"),
    ]  # fmt: skip
    assert alert["steps"][2]["at"] == "2026-09-21T14:14:20.000000Z"
    assert [step["seq"] for step in alert["steps"]] == sorted(step["seq"] for step in alert["steps"])


async def test_the_second_to_claim_is_told_who_was_first(ward: Ward) -> None:
    raised = await ward.fall()
    async with ward.signed_in() as nurse, ward.signed_in("wang") as wang:
        await act(nurse, raised.id, "claim")
        refused = await act(wang, raised.id, "claim")
        again = await act(nurse, raised.id, "claim")
    assert refused.status_code == 409
    assert refused.json()["error"]["code"] == "already_claimed"
    assert "nurse" in refused.json()["error"]["message"]
    assert refused.json()["alert"]["claimed_by"] == "nurse"
    assert again.status_code == 200
    assert again.json()["version"] == 2


async def test_of_two_hundred_who_claim_at_once_one_wins_and_each_other_is_told_who(ward: Ward) -> None:
    raised = await ward.fall()
    names = [f"nurse-{number:03d}" for number in range(200)]
    copied = "select name, name, (select password_hash from account limit 1), 0 from unnest($1::text[]) as name"
    await ward.pool.execute(
        f"insert into account (name, display_name, password_hash, created_us) {copied}",
        names,
    )
    granted = "select name, 'carer', '', 0 from unnest($1::text[]) as name"
    await ward.pool.execute(f"insert into account_grant (account, role, given_by, given_us) {granted}", names)
    tokens = [(await accounts.open_session(ward.pool, name, ward.clock())).token for name in names]
    async with ward.client() as client:
        path = f"/api/v1/alerts/{raised.id}/claim"
        presses = (client.post(path, json={}, headers={"Authorization": f"Bearer {token}"}) for token in tokens)
        answers = await asyncio.gather(*presses)
        shown = await client.get(path.removesuffix("/claim"), headers={"Authorization": f"Bearer {tokens[0]}"})
    (winner,) = [answer.json()["claimed_by"] for answer in answers if answer.status_code == 200]
    refused = [answer for answer in answers if answer.status_code != 200]
    assert len(refused) == 199
    for answer in refused:
        assert answer.status_code == 409
        said = answer.json()
        assert said["error"]["code"] == "already_claimed" and winner in said["error"]["message"]
        assert said["alert"]["claimed_by"] == winner
    assert [(step["kind"], step["actor"]) for step in shown.json()["steps"]] == [
        ("raised", "platform"), ("claimed", winner)
    ]  # fmt: skip


async def test_only_the_owner_or_an_administrator_gives_an_alert_back(ward: Ward) -> None:
    raised = await ward.fall()
    async with ward.signed_in() as nurse, ward.signed_in("wang") as wang, ward.signed_in("admin") as admin:
        await act(nurse, raised.id, "claim")
        assert (await act(wang, raised.id, "release")).json()["error"]["code"] == "not_owner"
        assert (await act(admin, raised.id, "release")).json()["claimed_by"] is None
        assert (await act(wang, raised.id, "claim")).json()["claimed_by"] == "wang"


async def test_what_the_life_cycle_forbids_is_409_and_changes_nothing(ward: Ward) -> None:
    raised = await ward.fall()
    async with ward.signed_in() as nurse:
        refused = await act(nurse, raised.id, "release")
        alert = (await nurse.get(f"/api/v1/alerts/{raised.id}")).json()
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "not_claimed")
    assert refused.json()["alert"]["version"] == alert["version"] == 1


async def test_resolving_needs_an_outcome_that_exists(ward: Ward) -> None:
    raised = await ward.fall()
    bodies: list[Any] = [{}, {"outcome": "dunno"}, {"outcome": "test", "extra": 1}, {"outcome": None}, []]
    async with ward.signed_in() as nurse:
        for body in bodies:
            answer = await nurse.post(f"/api/v1/alerts/{raised.id}/resolve", json=body)
            assert answer.status_code == 422
            assert answer.json()["error"]["code"] == "malformed"
            assert answer.json()["error"]["message"]
        assert (await nurse.get(f"/api/v1/alerts/{raised.id}")).json()["state"] == "raised"


async def test_an_alert_that_is_not_there_is_404(ward: Ward) -> None:
    async with ward.signed_in() as nurse:
        for answer in (
            await nurse.get("/api/v1/alerts/al_none"),
            await nurse.get("/api/v1/alerts/al_none/trace"),
            await act(nurse, "al_none", "claim"),
        ):
            assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


async def test_a_second_fall_is_visible_while_the_first_is_open(ward: Ward) -> None:
    await ward.fall()
    ward.clock.forward(600)
    await ward.fall()
    async with ward.signed_in() as nurse:
        (alert,) = (await nurse.get("/api/v1/alerts")).json()["alerts"]
        step = (await nurse.get(f"/api/v1/alerts/{alert['id']}")).json()["steps"][-1]
    assert (alert["occurrences"], alert["last_event_time"]) == (2, "2026-09-21T14:23:20.000000Z")
    assert step["kind"] == "recurred"
    assert step["data"]["event_time"] == "2026-09-21T14:23:20.000000Z"
    assert ward.clock() == START_US + 600_000_000


async def test_an_alert_lists_all_who_told_of_its_event_and_its_history_says_who_joined(ward: Ward) -> None:
    raised = await ward.fall()
    pressed = fall(ward.resident, ward.unit, ward.clock() + 20_000_000, 9, FindingKind.SOS)
    await alerts.accept(ward.pool, pressed, ward.clock(), intake, alert_for)
    async with ward.signed_in() as client:
        alert = (await client.get(f"/api/v1/alerts/{raised.id}")).json()
    assert [(source["kind"], source["stage"]) for source in alert["sources"]] == [
        ("fall", "confirmed"),
        ("sos", "confirmed"),
    ]
    assert alert["sources"][0]["event_time"] == alert["event_time"]
    assert (alert["occurrences"], alert["steps"][-1]["kind"]) == (1, "joined")
    said = alert["steps"][-1]["data"]
    assert (said["kind"], said["calls"], said["event_time"]) == ("sos", True, "2026-09-21T14:13:40.000000Z")
