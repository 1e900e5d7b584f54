"""A proposed setting over HTTP: read by all, decided by who may change settings, once, and taken back."""

import asyncio
from collections.abc import Sequence
from typing import Any

import httpx
import msgspec
import pytest

from alerts import proposal_life, proposing
from alerts.events import Resolved
from alerts.intake import intake
from alerts.life import apply
from alerts.previewing import preview
from schemas.alert import Alert, Outcome
from schemas.config import Sensitivity
from schemas.finding import FindingKind, Reason
from schemas.places import PlaceKind
from schemas.proposal import Proposal, Told
from store import alerts, history, missed, people, proposals, setting_changes
from store.pool import Connection
from tests.api.conftest import SECOND_US, START_US, Ward, fall

pytestmark = pytest.mark.servers
DAY_US = 86_400 * SECOND_US
HOUR_US = 3600 * SECOND_US
#: As a browser on our own page sends with what has no body.
OURS = {"Origin": "http://ward"}
FALSE, REAL = Outcome.FALSE_ALARM, Outcome.REAL_UNHURT


async def alarm(ward: Ward, days_ago: float, outcome: Outcome = FALSE) -> Alert:
    """Let a silence be told and resolved."""
    ward.falls += 1
    at_us = ward.clock() - round(days_ago * DAY_US)
    found = fall(ward.resident, ward.unit, at_us - 5 * HOUR_US, ward.falls, FindingKind.INACTIVITY)
    evidence = msgspec.structs.replace(found.evidence, reasons=(Reason("silent", {"h": 5.0, "usual_h": 3.0}),))
    found = msgspec.structs.replace(found, decided_us=at_us, heard_us=at_us, evidence=evidence, model="inactivity-2")
    changed = await alerts.accept(ward.pool, found, at_us, intake)
    assert changed is not None
    event = Resolved(at_us=at_us + SECOND_US, actor="nurse", outcome=outcome)
    return (await alerts.change(ward.pool, changed.alert.id, lambda alert: apply(alert, event))).alert


async def proposed(ward: Ward, there: Sequence[Alert]) -> Proposal:
    """Propose as the desk does, of the alarms there are: each false one would have stayed away."""
    case = proposing.case_of(there, Sensitivity.NORMAL, 0, ward.clock())
    assert case is not None
    would = [
        Told(
            id=each.finding, kind=each.kind, event_us=each.event_us, decided_us=each.decided_us,
            would_us=each.decided_us + 25 * 60 * SECOND_US,
        )
        for each in there
    ]  # fmt: skip
    made = proposal_life.made(case, people.new_id("pr"), ward.resident, ward.unit, ward.clock())
    asked = proposal_life.played(made, case, preview(case, would, 30, ward.clock()), ward.clock())
    assert await proposals.add(ward.pool, asked)
    return asked


async def now(client: httpx.AsyncClient, ward: Ward) -> Any:
    answer = await client.get(f"/api/v1/residents/{ward.resident}/proposal")
    assert answer.status_code == 200, answer.text
    return answer.json()["proposal"]


async def press(client: httpx.AsyncClient, proposal: Proposal, verb: str) -> httpx.Response:
    return await client.post(f"/api/v1/proposals/{proposal.id}/{verb}", json={})


async def sensitivity(client: httpx.AsyncClient, ward: Ward) -> str:
    return str((await client.get(f"/api/v1/residents/{ward.resident}")).json()["sensitivity"])


async def test_it_is_read_with_what_the_last_days_would_have_been(ward: Ward) -> None:
    async with ward.signed_in() as nurse:
        assert await now(nurse, ward) is None
        assert (await nurse.get("/api/v1/residents/re_none/proposal")).status_code == 404
        there = [await alarm(ward, days) for days in (9, 5, 1)] + [await alarm(ward, 3, REAL)]
        await proposed(ward, there)
        found = await now(nurse, ward)
    assert (found["state"], found["standing"], found["before"], found["after"]) == ("open", "asks", "normal", "calmer")
    assert (found["kind"], found["false_alarms"], found["judged"], found["progress"]) == ("inactivity", 3, 4, 1.0)
    assert [(each["outcome"], each["would"], each["later_s"]) for each in found["preview"]["alarms"]] == [
        ("false_alarm", "stay_away", 0.0),
        ("false_alarm", "stay_away", 0.0),
        ("real_unhurt", "later", 1500.0),
        ("false_alarm", "stay_away", 0.0),
    ]
    assert found["preview"]["alarms"][0]["code"] == "silent"
    assert found["preview"]["enough"] is True
    assert [(step["act"], step["actor"]) for step in found["steps"]] == [("made", "platform"), ("played", "platform")]


async def test_those_that_ask_are_listed_until_they_are_decided(ward: Ward) -> None:
    asked = await proposed(ward, [await alarm(ward, days) for days in (9, 5, 1)])
    async with ward.signed_in("admin") as admin:
        listed = (await admin.get("/api/v1/proposals")).json()
        assert listed == {
            "proposals": [
                {
                    "id": asked.id, "resident": ward.resident, "kind": "inactivity", "before": "normal",
                    "after": "calmer", "made_time": "2026-09-21T14:13:20.000000Z",
                }
            ]
        }  # fmt: skip
        await press(admin, asked, "accept")
        assert (await admin.get("/api/v1/proposals")).json() == {"proposals": []}


async def test_who_may_change_a_setting_accepts_it_and_takes_it_back(ward: Ward) -> None:
    asked = await proposed(ward, [await alarm(ward, days) for days in (9, 5, 1)])
    async with ward.signed_in() as nurse, ward.signed_in("admin") as admin:
        for verb in ("accept", "decline", "undo"):
            assert (await press(nurse, asked, verb)).status_code == 403
        ward.clock.forward(60)
        answer = await press(admin, asked, "accept")
        assert (answer.status_code, answer.json()["state"], answer.json()["standing"]) == (200, "accepted", "decided")
        step = answer.json()["steps"][-1]
        assert (step["act"], step["actor"], step["name"]) == ("accepted", "admin", "Admin")
        assert step["time"] == "2026-09-21T14:14:20.000000Z"
        assert await sensitivity(nurse, ward) == "calmer"
        assert (await press(admin, asked, "accept")).json() == answer.json()
        assert (await press(admin, asked, "decline")).status_code == 409
        undone = await press(admin, asked, "undo")
        assert (undone.json()["state"], undone.json()["standing"]) == ("undone", "over")
        assert undone.json()["asked_again"] == "2026-10-21T14:14:20.000000Z"
        assert await sensitivity(nurse, ward) == "normal"
        assert (await press(admin, asked, "undo")).json() == undone.json()
    changes = await history.settings(ward.pool, ward.unit)
    assert [each.config.sensitivity for each in changes] == ["calmer", "normal"]


async def test_accepting_changes_the_setting_just_as_the_patch_would(ward: Ward) -> None:
    asked = await proposed(ward, [await alarm(ward, days) for days in (9, 5, 1)])
    other = await people.add_resident(ward.pool, name="吴爱娣", unit=ward.unit, now_us=ward.clock())
    async with ward.signed_in("admin") as admin:
        await press(admin, asked, "accept")
        await admin.patch(f"/api/v1/residents/{other.id}", json={"sensitivity": "calmer"})
    by_proposal, by_patch = [
        msgspec.structs.replace(each.config, resident="") for each in await history.settings(ward.pool, ward.unit)
    ]
    assert by_proposal == by_patch
    rows = await ward.pool.fetch("select effect from outbox where kind = 'configure_resident' order by id")
    said = [row["effect"].replace(other.id, ward.resident) for row in rows]
    assert len(said) >= 2
    assert said[-1] == said[-2]


async def test_of_two_who_press_at_once_one_wins_and_the_other_sees_who(ward: Ward) -> None:
    asked = await proposed(ward, [await alarm(ward, days) for days in (9, 5, 1)])
    await ward.pool.execute("update account_grant set role = 'administrator' where account = 'wang'")
    async with ward.signed_in("admin") as admin, ward.signed_in("wang") as wang:
        answers = await asyncio.gather(press(admin, asked, "accept"), press(wang, asked, "decline"))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    [won] = [answer.json() for answer in answers if answer.status_code == 200]
    [lost] = [answer.json() for answer in answers if answer.status_code == 409]
    assert lost["proposal"] == won
    assert lost["error"]["code"] == f"already_{won['state']}"
    assert won["steps"][-1]["actor"] in lost["error"]["message"]


@pytest.mark.parametrize("between", ["missed", "moved", "left_off"])
async def test_what_happens_between_the_look_and_the_decision_stops_it(ward: Ward, between: str) -> None:
    """Whoever decides waits for the proposal while somebody else has it; what came by then counts."""
    asked = await proposed(ward, [await alarm(ward, days) for days in (9, 5, 1)])
    elsewhere = await people.add_place(ward.pool, name="207", kind=PlaceKind.ROOM, now_us=ward.clock())
    found = missed.Missed(
        id="mi_1", resident=ward.resident, unit=ward.unit, event_us=ward.clock() - HOUR_US, note="x",
        reported_by="nurse", reported_us=ward.clock(),
    )  # fmt: skip
    changes: dict[str, Any] = {"moved": {"unit": elsewhere.id}, "left_off": {"watches_off": ["inactivity"]}}
    async with ward.signed_in("admin") as admin:
        async with ward.pool.acquire() as conn, conn.transaction():
            await conn.execute("select from proposal where id = $1 for update", asked.id)
            pressed = asyncio.create_task(press(admin, asked, "accept"))
            await waits_for_a_lock(conn)
            if between == "missed":
                await missed.report(conn, found)
            else:
                await people.update_resident(conn, ward.resident, changes[between], ward.clock())
        refused = await pressed
        assert (refused.status_code, refused.json()["error"]["code"]) == (409, "overtaken")
        assert await sensitivity(admin, ward) == "normal"


async def test_of_two_who_accept_at_once_one_does_and_the_setting_is_changed_once(ward: Ward) -> None:
    asked = await proposed(ward, [await alarm(ward, days) for days in (9, 5, 1)])
    await ward.pool.execute("update account_grant set role = 'administrator' where account = 'wang'")
    async with ward.signed_in("admin") as admin, ward.signed_in("wang") as wang:
        answers = await asyncio.gather(press(admin, asked, "accept"), press(wang, asked, "accept"))
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        assert await sensitivity(admin, ward) == "calmer"
    changes = [each.what for each in await setting_changes.changes_of(ward.pool, ward.resident, 9)]
    assert changes == ["sensitivity"]
    [lost] = [answer.json() for answer in answers if answer.status_code == 409]
    assert lost["error"]["code"] == "already_accepted"


async def waits_for_a_lock(conn: Connection) -> None:
    """Return when another connection waits for what this one has."""
    asked = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    for _ in range(500):
        await conn.execute("select pg_stat_clear_snapshot()")
        if await conn.fetchval(asked):
            return
        await asyncio.sleep(0.01)
    raise AssertionError("nobody waits")


async def test_a_real_one_that_it_does_not_know_of_and_another_setting_stop_it(ward: Ward) -> None:
    asked = await proposed(ward, [await alarm(ward, days) for days in (9, 5, 1)])
    async with ward.signed_in("admin") as admin:
        await alarm(ward, 0.2, REAL)
        refused = await press(admin, asked, "accept")
        assert (refused.status_code, refused.json()["error"]["code"]) == (409, "overtaken")
        assert refused.json()["proposal"]["state"] == "open"
        assert await sensitivity(admin, ward) == "normal"
        await admin.patch(f"/api/v1/residents/{ward.resident}", json={"sensitivity": "keener"})
        assert (await now(admin, ward))["standing"] == "over"
        refused = await press(admin, asked, "accept")
        assert (refused.status_code, refused.json()["error"]["code"]) == (409, "overtaken")
        assert await sensitivity(admin, ward) == "keener"


async def test_what_was_set_otherwise_since_is_not_taken_back(ward: Ward) -> None:
    asked = await proposed(ward, [await alarm(ward, days) for days in (9, 5, 1)])
    async with ward.signed_in("admin") as admin:
        await press(admin, asked, "accept")
        await admin.patch(f"/api/v1/residents/{ward.resident}", json={"sensitivity": "keener"})
        assert (await now(admin, ward))["standing"] == "over"
        refused = await press(admin, asked, "undo")
        assert (refused.status_code, refused.json()["error"]["code"]) == (409, "overtaken")
        assert await sensitivity(admin, ward) == "keener"


async def test_a_no_waits_for_thirty_days_and_can_be_taken_back_while_it_is_the_latest(ward: Ward) -> None:
    there = [await alarm(ward, days) for days in (9, 5, 1)]
    asked = await proposed(ward, there)
    async with ward.signed_in("admin") as admin:
        declined = (await press(admin, asked, "decline")).json()
        assert (declined["state"], declined["standing"]) == ("declined", "decided")
        assert declined["asked_again"] == "2026-10-21T14:13:20.000000Z"
        assert (await press(admin, asked, "undo")).json()["state"] == "open"
        await press(admin, asked, "decline")
        ward.clock.forward(1)
        later = await proposed(ward, there)
        for _ in range(2):  # while the later one asks, and when it is decided too
            refused = await press(admin, asked, "undo")
            assert (refused.status_code, refused.json()["error"]["code"]) == (409, "overtaken")
            await press(admin, later, "decline")
        assert (await admin.get("/metrics")).text.count('shouwang_proposals{state="declined"} 2.0') == 1


async def test_what_people_say_was_missed_stops_it_until_they_take_it_back(ward: Ward) -> None:
    asked = await proposed(ward, [await alarm(ward, days) for days in (9, 5, 1)])
    path = f"/api/v1/residents/{ward.resident}/missed"
    async with ward.signed_in() as nurse, ward.signed_in("admin") as admin:
        assert (await nurse.get(path)).json() == {"missed": []}
        body = {"time": "2026-09-21T04:00:00Z", "note": "清晨发现坐在地上，没有响。"}
        made = await nurse.post(path, json=body)
        assert (made.status_code, made.json()["reported_by"], made.json()["note"]) == (201, "nurse", body["note"])
        assert (await admin.get(path)).json() == {"missed": [made.json()]}
        refused = await press(admin, asked, "accept")
        assert (refused.status_code, refused.json()["error"]["code"]) == (409, "overtaken")
        for wrong in (
            {"time": "2026-09-22T04:00:00Z", "note": "x"},
            {"time": body["time"], "note": " "},
            {"note": "x"},
        ):
            assert (await nurse.post(path, json=wrong)).status_code == 422
        assert (await nurse.post("/api/v1/residents/re_none/missed", json=body)).status_code == 404
        for _ in range(2):
            assert (await nurse.delete(f"/api/v1/missed/{made.json()['id']}", headers=OURS)).status_code == 204
        assert (await nurse.delete("/api/v1/missed/mi_none", headers=OURS)).status_code == 404
        assert (await nurse.get(path)).json() == {"missed": []}
        assert (await press(admin, asked, "accept")).status_code == 200
    kept = await ward.pool.fetchrow("select back_by, back_us from missed")
    assert kept is not None
    assert (kept["back_by"], kept["back_us"]) == ("nurse", ward.clock())


async def test_nothing_is_there_for_who_asks_for_another(ward: Ward) -> None:
    async with ward.signed_in("admin") as admin:
        for verb in ("accept", "decline", "undo"):
            assert (await admin.post(f"/api/v1/proposals/pr_none/{verb}", json={})).status_code == 404


def test_the_clock_of_these_tests_is_the_one_that_is_written_down() -> None:
    assert START_US == 1_790_000_000_000_000
