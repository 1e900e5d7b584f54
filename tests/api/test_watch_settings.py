"""How a resident is watched over, over HTTP: what may be expected, what is left off, when they are away, who set it."""

from typing import Any

import httpx
import pytest

from api.times import iso
from detectors import reasons
from detectors.everyday_watches import RULES
from detectors.expected import EXPECTED
from schemas.finding import FindingKind
from schemas.watch import Watchable
from store import people
from tests.api.conftest import SECOND_US, START_US, Ward

pytestmark = pytest.mark.servers
HOUR_US = 3600 * SECOND_US
DAY_US = 24 * HOUR_US


async def settings(client: httpx.AsyncClient, ward: Ward) -> Any:
    answer = await client.get(f"/api/v1/residents/{ward.resident}/settings")
    assert answer.status_code == 200, answer.text
    return answer.json()


def at(us: int) -> str:
    return iso(START_US + us)


def test_every_watch_that_speaks_of_a_home_can_be_left_off() -> None:
    assert [str(each) for each in Watchable] == [FindingKind.INACTIVITY, *(rule.code for rule in RULES.values())]
    assert {each for each in Watchable if each is not Watchable.INACTIVITY} <= set(reasons.REASONS)


async def test_nothing_set_is_all_on_with_what_may_be_expected_of_each_setting(ward: Ward) -> None:
    async with ward.signed_in() as nurse:
        found = await settings(nurse, ward)
    assert (found["sensitivity"], found["mobility_known"], found["left_off"]) == ("normal", "unknown", [])
    assert (found["absences"], found["changes"], found["shared_with"]) == ([], [], [])
    assert [each["sensitivity"] for each in found["expected"]] == ["calmer", "normal", "keener"]
    assert [each["silence_week"] for each in found["expected"]] == [each.silence_week for each in EXPECTED.values()]
    assert found["measured"] == {"homes": 33, "home_weeks": 200}


async def test_what_is_left_off_is_shown_with_who_did_it_and_when_and_only_an_administrator_may(ward: Ward) -> None:
    path = f"/api/v1/residents/{ward.resident}"
    off = {"watches_off": ["no_meal", "inactivity"]}
    await people.add_resident(ward.pool, name="老陈", unit=ward.unit, now_us=START_US)
    async with ward.signed_in() as nurse, ward.signed_in("admin") as admin:
        assert (await nurse.patch(path, json=off)).status_code == 403
        assert (await admin.patch(path, json=off)).json()["watches_off"] == ["inactivity", "no_meal"]
        ward.clock.forward(60)
        await admin.patch(path, json={"watches_off": ["no_meal"], "sensitivity": "keener", "mobility": "轮椅"})
        found = await settings(nurse, ward)
        assert found["left_off"] == [{"watch": "no_meal", "by": "admin", "since": at(0)}]
        assert (found["sensitivity"], found["mobility"], found["mobility_known"]) == ("keener", "轮椅", "wheelchair")
        assert found["shared_with"] == ["老陈"]
        newest = found["changes"][0]
        assert newest == {
            "time": at(60 * SECOND_US), "actor": "admin", "what": "watch_on", "data": {"watch": "inactivity"}
        }  # fmt: skip
        assert {"before": "normal", "after": "keener"} in [each["data"] for each in found["changes"]]
        for wrong in ({"watches_off": ["everything"]}, {"watches_off": None}, {"watches_off": "no_meal"}):
            assert (await admin.patch(path, json=wrong)).status_code == 422


async def test_two_administrators_who_saw_the_same_page_both_get_the_watches_that_they_switched(ward: Ward) -> None:
    path = f"/api/v1/residents/{ward.resident}"
    async with ward.signed_in("admin") as one, ward.signed_in("admin") as other:
        await one.patch(path, json={"watches_off": ["not_up", "no_meal"]})
        seen = {"watches_off": ["no_meal", "not_up"]}
        ward.clock.forward(20)
        await one.patch(path, json={"watches_off": ["no_meal", "not_up", "inactivity"], "seen": seen})
        last = await other.patch(path, json={"watches_off": ["no_meal", "restless_night"], "seen": seen})
        assert last.json()["watches_off"] == ["inactivity", "no_meal", "restless_night"]
        assert (await other.patch(path, json={"watches_off": []})).json()["watches_off"] == []  # all, without seen


async def test_a_setting_that_somebody_else_changed_meanwhile_is_not_overwritten_unseen(ward: Ward) -> None:
    path = f"/api/v1/residents/{ward.resident}"
    seen: dict[str, Any] = {"sensitivity": "normal", "mobility": None, "watches_off": []}
    async with ward.signed_in("admin") as admin:
        assert (await admin.patch(path, json={"sensitivity": "keener", "seen": seen})).status_code == 200
        ward.clock.forward(20)
        wanted = {"sensitivity": "calmer", "watches_off": ["no_meal"], "seen": seen}
        refused = await admin.patch(path, json=wanted)
        assert refused.status_code == 409
        assert refused.json()["error"]["code"] == "changed_meanwhile"
        assert refused.json()["change"] == {
            "time": at(0), "actor": "admin", "what": "sensitivity", "data": {"before": "normal", "after": "keener"}
        }  # fmt: skip
        found = (await admin.get(path)).json()
        assert (found["sensitivity"], found["watches_off"]) == ("keener", [])  # all or nothing
        assert (await admin.patch(path, json={"mobility": "轮椅", "seen": seen})).status_code == 200
        assert (await admin.patch(path, json={"sensitivity": "keener", "seen": seen})).status_code == 200  # the same
        assert (await admin.patch(path, json={"seen": {"watches_off": None}})).status_code == 422
        wanted["seen"] = seen | {"sensitivity": "keener"}
        assert (await admin.patch(path, json=wanted)).json()["sensitivity"] == "calmer"


async def test_whoever_is_on_duty_plans_changes_ends_and_takes_back_absences(ward: Ward) -> None:
    path = f"/api/v1/residents/{ward.resident}/absences"
    async with ward.signed_in() as nurse:
        trip = {"start": at(DAY_US), "until": at(3 * DAY_US), "note": "女儿家"}
        planned = await nurse.post(path, json=trip)
        assert planned.status_code == 201
        body = planned.json()
        assert {name: body[name] for name in trip} == trip
        assert (body["set_by"], body["set_time"], body["ended_by"]) == ("nurse", at(0), None)
        assert (await nurse.post(path, json=trip)).json()["error"]["code"] == "overlaps"
        # From now on, and nobody knows until when: that would lie over the trip.
        assert (await nurse.post(path, json={})).json()["error"]["code"] == "overlaps"
        assert (await nurse.post(path, json={"until": at(DAY_US)})).status_code == 201


async def test_an_absence_without_an_end_leaves_no_room_for_another(ward: Ward) -> None:
    path = f"/api/v1/residents/{ward.resident}/absences"
    async with ward.signed_in() as nurse:
        open_end = (await nurse.post(path, json={"note": "住院"})).json()
        resident = (await nurse.get(f"/api/v1/residents/{ward.resident}")).json()
        assert resident["absent_until"] == "9999-12-31T00:00:00.000000Z"
        later = await nurse.post(path, json={"start": at(9 * DAY_US), "until": at(10 * DAY_US)})
        assert (later.status_code, later.json()["error"]["code"]) == (409, "overlaps")
        one = f"{path}/{open_end['id']}"
        known = (await nurse.patch(one, json={"until": at(2 * DAY_US)})).json()
        assert (known["until"], known["note"]) == (at(2 * DAY_US), "住院")
        ward.clock.forward(3600)
        assert (await nurse.patch(one, json={"start": at(5)})).json()["error"]["code"] == "begun"
        assert (await nurse.patch(one, json={"start": None})).status_code == 422
        back = (await nurse.post(f"{one}/end", json={})).json()
        assert (back["until"], back["ended_by"]) == (at(HOUR_US), "nurse")
        assert (await nurse.get(f"/api/v1/residents/{ward.resident}")).json()["absent_until"] is None
        again = (await nurse.patch(one, json={"until": at(2 * DAY_US)})).json()
        assert again["ended_by"] is None
        gone = await nurse.delete(one, headers={"X-Requested-With": "t"})
        assert (gone.status_code, (await settings(nurse, ward))["absences"]) == (200, [])
        said = [(each["what"], each["actor"]) for each in (await settings(nurse, ward))["changes"]]
        assert said == [
            ("absence_withdrawn", "nurse"), ("absence_changed", "nurse"), ("absence_ended", "nurse"),
            ("absence_changed", "nurse"), ("absence_set", "nurse"),
        ]  # fmt: skip
        assert (await nurse.post(f"{path}/ab_none/end", json={})).status_code == 404
        assert (await nurse.get("/api/v1/residents/re_none/settings")).status_code == 404


async def test_an_absence_set_the_old_way_is_one_of_the_calendar_and_all_or_nothing_is_changed(ward: Ward) -> None:
    path = f"/api/v1/residents/{ward.resident}"
    async with ward.signed_in("admin") as admin:
        await admin.patch(path, json={"absent_until": at(DAY_US)})
        (one,) = (await settings(admin, ward))["absences"]
        assert (one["start"], one["until"], one["set_by"]) == (at(0), at(DAY_US), "admin")
        refused = await admin.patch(path, json={"absent_until": None, "unit": "pl_none"})
        assert refused.status_code == 409
        assert (await admin.get(path)).json()["absent_until"] == at(DAY_US)


async def test_after_a_week_without_an_end_it_is_asked_whether_they_are_still_away_and_whoever_is_on_duty_answers(
    ward: Ward,
) -> None:
    path = f"/api/v1/residents/{ward.resident}/absences"
    async with ward.signed_in() as nurse:
        trip = (await nurse.post(path, json={})).json()
        assert (trip["asks"], trip["still_by"]) == (False, None)
        assert (await nurse.get("/api/v1/absences/asking")).json() == {"asking": []}
        ward.clock.forward(7 * 86_400)
    async with ward.signed_in() as nurse:
        (asking,) = (await nurse.get("/api/v1/absences/asking")).json()["asking"]
        assert (asking["resident"], asking["absence"]["id"], asking["absence"]["asks"]) == (
            ward.resident,
            trip["id"],
            True,
        )
        assert [each["asks"] for each in (await settings(nurse, ward))["absences"]] == [True]
        still = (await nurse.post(f"{path}/{trip['id']}/still", json={})).json()
        assert (still["asks"], still["still_by"], still["still_time"]) == (False, "nurse", at(7 * DAY_US))
        assert (await nurse.get("/api/v1/absences/asking")).json() == {"asking": []}
        assert (await settings(nurse, ward))["changes"][0]["what"] == "absence_still"
        assert (await nurse.post(f"{path}/ab_none/still", json={})).status_code == 404
