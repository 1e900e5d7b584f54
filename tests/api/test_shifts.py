"""A shift over HTTP: begun, what is open is found by the system, handed over, taken over by name, and in the log."""

import json
from typing import Any

import httpx
import pytest

from schemas.attendance import StaffedHours
from store import attendance, people
from tests.api.conftest import Ward

pytestmark = pytest.mark.servers


async def press(client: httpx.AsyncClient, path: str, **body: Any) -> dict[str, Any]:
    answer = await client.post(f"/api/v1{path}", json=body)
    assert answer.status_code == 200, answer.text
    said: dict[str, Any] = answer.json()
    return said


async def test_a_shift_is_handed_over_with_what_is_open_and_taken_over_by_name(ward: Ward) -> None:
    page = f"/places/{ward.unit}/shift"
    async with ward.signed_in() as nurse, ward.signed_in("wang") as wang:
        empty = (await nurse.get(f"/api/v1{page}")).json()
        assert (empty["running"], empty["mine"], empty["recent"], empty["ward"]) == (None, False, [], None)
        began = await press(nurse, page, sound=True)
        assert began["mine"] is True
        running = began["running"]
        assert [(each["name"], each["sound"]) for each in running["crew"]] == [("Nurse", True)]
        alert = await ward.fall()
        await nurse.post(f"/api/v1/residents/{ward.resident}/pause", json={})
        now = (await wang.get(f"/api/v1{page}")).json()
        assert (now["mine"], [each["what"] for each in now["left"]]) == (False, ["alert", "pause", "device"])
        assert now["left"][0] == {
            "what": "alert", "id": alert.id, "name": "陈桂兰", "where": "二楼", "code": "fall:impact", "by": "",
            "severity": "high",
            "time": now["left"][0]["time"],
        }  # fmt: skip
        assert now["left"][2]["code"] == "unheard"
        shift = running["id"]
        await press(nurse, f"/shifts/{shift}/note", note="陈 夜里起来两次")
        handed = await press(nurse, f"/shifts/{shift}/handover")
        (waiting,) = handed["to_accept"]
        assert (handed["running"], waiting["note"], waiting["handed_by"], waiting["yours"], waiting["open"]) == (
            None, "陈 夜里起来两次", "Nurse", True, False,
        )  # fmt: skip
        assert [each["what"] for each in waiting["left"]] == ["alert", "pause", "device"]
        own = await nurse.post(f"/api/v1/shifts/{shift}/accept", json={})
        assert (own.status_code, own.json()["error"]["code"]) == (409, "yourself")
        ward.clock.forward(15 * 60)
        (waiting,) = (await wang.get(f"/api/v1{page}")).json()["to_accept"]
        assert waiting["open"] is True
        taken = await press(wang, f"/shifts/{shift}/accept", sound=True)
        assert (taken["mine"], taken["to_accept"], taken["recent"][0]["accepted_by"]) == (True, [], "Wang")
        assert taken["running"]["id"] != shift
        again = await nurse.post(f"/api/v1/shifts/{shift}/handover", json={})
        assert (again.status_code, again.json()["error"]["code"]) == (409, "handed_over")
    lines = await ward.pool.fetch(
        "select account, act, unit, object, data from audit where object = $1 order by id", shift
    )
    assert [(line["account"], line["act"], line["unit"]) for line in lines][:3] == [
        ("nurse", "note_shift", ward.unit),
        ("nurse", "hand_over_shift", ward.unit),
        ("nurse", "accept_shift", ward.unit),
    ]  # fmt: skip
    assert ("wang", "accept_shift") in [(line["account"], line["act"]) for line in lines]
    assert "起来" not in json.dumps([line["data"] for line in lines])


async def test_who_is_away_and_what_was_not_asked_about_is_open_too(ward: Ward) -> None:
    async with ward.signed_in() as nurse:
        url = f"/api/v1/residents/{ward.resident}/absences"
        assert (await nurse.post(url, json={})).status_code in (200, 201)
        await people.update_resident(ward.pool, ward.resident, {"absent_until_us": ward.clock() + 10**15}, ward.clock())
        page = f"/api/v1/places/{ward.unit}/shift"
        assert [each["what"] for each in (await nurse.get(page)).json()["left"]] == ["away", "device"]
        ward.clock.forward(8 * 86_400)
        await ward.pool.execute("update session set expires_us = expires_us + $1", 10**13)
        assert [each["what"] for each in (await nurse.get(page)).json()["left"]] == ["overdue", "device"]


async def test_the_page_says_how_the_ward_is_watched_and_who_is_on_duty(ward: Ward) -> None:
    await attendance.set_hours(ward.pool, ward.unit, StaffedHours(start=0, end=0), ward.clock())
    week = [{"weekday": day, "shift": "all", "role": "nurse", "people": ["nurse"]} for day in range(7)]
    body = {
        "shifts": [{"name": "all", "start": "08:00", "end": "08:00"}],
        "people": [{"name": "nurse", "address": "http://127.0.0.1:9/"}],
        "week": week,
    }
    async with ward.signed_in("admin") as admin, ward.signed_in() as nurse:
        await admin.put(f"/api/v1/places/{ward.unit}/rota", json=body)
        said = await press(nurse, f"/places/{ward.unit}/shift")
        assert said["on_duty"] == [{"role": "nurse", "people": ["Nurse"]}]
        assert said["ward"]["lack"] == "nobody_watches"
        assert (said["running"]["name"], said["running"]["ends"]) == ("all", "2026-09-22T00:00:00.000000Z")
