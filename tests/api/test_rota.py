"""Who is on duty, over HTTP: a week, single dates, swaps, who may, and ladders for kinds and severities."""

from typing import Any

import pytest

from schemas.places import PlaceKind
from store import people
from store.accounts import Grant, Role
from tests.api.centres import account, signed_in
from tests.api.conftest import Ward

pytestmark = pytest.mark.servers

#: The ward's clock stands at 2026-09-21 (a Monday), 22:13 in Shanghai.
MONDAY = "2026-09-21"


def week(**more: Any) -> dict[str, Any]:
    return {
        "shifts": [
            {"name": "day", "start": "07:00", "end": "19:00"},
            {"name": "night", "start": "19:00", "end": "07:00"},
        ],
        "people": [{"name": name, "address": f"http://127.0.0.1:9/{name}"} for name in ("li", "wang")],
        "week": [
            {"weekday": day, "shift": shift, "role": "nurse", "people": [name]}
            for day in range(7)
            for shift, name in (("day", "li"), ("night", "wang"))
        ],
        **more,
    }


async def test_a_week_is_set_read_by_those_who_care_and_changed_on_a_date(ward: Ward) -> None:
    url = f"/api/v1/places/{ward.unit}/rota"
    async with ward.signed_in("admin") as admin, ward.signed_in() as nurse:
        empty = (await nurse.get(url)).json()
        assert (empty["owner"], empty["days"], empty["now"]) == (None, [], [])
        assert (await nurse.put(url, json=week())).status_code == 403
        assert (
            await admin.post(f"{url}/day", json={"date": MONDAY, "shift": "day", "role": "nurse", "people": []})
        ).json()["error"]["code"] == "no_rota"
        said = (await admin.put(url, json=week())).json()
        assert (said["owner"], said["monday"], len(said["days"])) == (ward.unit, MONDAY, 14)
        assert said["people"][0]["address"] == "http://127.0.0.1:9/li"
        seen = (await nurse.get(url)).json()
        assert (seen["now"], [each["address"] for each in seen["people"]]) == (
            [{"role": "nurse", "people": ["wang"]}], [None, None],
        )  # fmt: skip
        nobody = {"date": MONDAY, "shift": "night", "role": "nurse", "people": []}
        changed = (await admin.post(f"{url}/day", json=nobody)).json()
        assert changed["now"] == [{"role": "nurse", "people": []}]
        assert changed["days"][1] == {**nobody, "changed": True}
        swap = {"date": "2026-09-28", "shift": "day", "role": "nurse", "leaves": "li", "comes": "wang"}
        assert (await nurse.post(f"{url}/swap", json=swap)).status_code == 403
        assert (await admin.post(f"{url}/swap", json=swap)).json()["days"][0]["people"] == ["wang"]
        again = await admin.post(f"{url}/swap", json=swap)
        assert (again.status_code, again.json()["error"]["code"]) == (409, "not_on_duty")
        copied = (await admin.post(f"{url}/copy", json={"week": "2026-09-30"})).json()
        assert [copied["monday"], *(each["people"] for each in copied["days"][:2])] == ["2026-09-28", ["li"], []]
        # What was said for dates stays where its shift and people are still there.
        kept = (await admin.put(url, json=week())).json()
        assert kept["days"][1]["changed"] is True
        assert (await admin.put(url, json={"shifts": [], "people": [], "week": []})).json()["owner"] is None
    acts = {row["act"] for row in await ward.pool.fetch("select act from audit")}
    assert {"set_rota", "set_rota_day", "swap_rota_shift", "copy_rota_week"} <= acts


@pytest.mark.parametrize(
    ("more", "status", "code"),
    [
        ({"people": []}, 409, "unknown_person"),
        ({"shifts": week()["shifts"][:1]}, 409, "unknown_shift"),
        ({"shifts": week()["shifts"][:1] * 2}, 409, "twice"),
        ({"people": [{"name": "li", "address": "ftp://x"}]}, 422, "scheme_not_allowed"),
        ({"week": [{"weekday": 7, "shift": "day", "role": "nurse", "people": []}]}, 422, "malformed"),
    ],
)
async def test_a_rota_that_would_not_hold_is_refused(ward: Ward, more: Any, status: int, code: str) -> None:
    async with ward.signed_in("admin") as admin:
        answer = await admin.put(f"/api/v1/places/{ward.unit}/rota", json=week(**more))
        assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


async def test_whoever_is_in_charge_swaps_and_sees_no_telephones(ward: Ward) -> None:
    url = f"/api/v1/places/{ward.unit}/rota"
    await account(ward, "zhao", Grant(role=Role.NURSE_IN_CHARGE, place=ward.unit))
    async with ward.signed_in("admin") as admin, signed_in(ward, "zhao") as zhao:
        await admin.put(url, json=week())
        swap = {"date": MONDAY, "shift": "night", "role": "nurse", "leaves": "wang", "comes": "li"}
        said = (await zhao.post(f"{url}/swap", json=swap)).json()
        assert (said["now"], said["people"][0]["address"]) == ([{"role": "nurse", "people": ["li"]}], None)


async def test_ladders_for_kinds_and_severities_stand_beside_the_one_for_all_else(ward: Ward) -> None:
    room = await people.add_place(ward.pool, name="201", kind=PlaceKind.ROOM, parent=ward.unit, now_us=ward.clock())
    url = f"/api/v1/places/{room.id}/ladder"
    person = {"recipient": "li", "address": "http://127.0.0.1:9/li"}
    async with ward.signed_in("admin") as admin:
        await admin.put(f"/api/v1/places/{ward.unit}/ladder", json={"steps": [person] * 3})
        own = await admin.put(
            f"{url}?kind=fall&severity=high",
            json={"steps": [{"on_duty": "nurse"}, person, {**person, "after_s": 30}], "goes_on": True},
        )
        assert own.status_code == 200, own.text
        said = own.json()
        assert (said["owner"], said["kind"], said["severity"], said["goes_on"]) == (room.id, "fall", "high", True)
        assert said["steps"][0]["on_duty"] == "nurse"
        listed = (await admin.get(f"/api/v1/places/{room.id}/ladders")).json()["ladders"]
        assert [(each["owner"], each["kind"]) for each in listed] == [(room.id, "fall"), (ward.unit, None)]
        assert (await admin.get(url)).json()["owner"] == ward.unit
        gone = (await admin.put(f"{url}?kind=fall&severity=high", json={"steps": []})).json()
        assert (gone["steps"], gone["kind"]) == ([], "fall")
        nobody = await admin.put(url, json={"steps": [{"on_duty": "nurse"}] * 3})
        assert (nobody.status_code, nobody.json()["error"]["code"]) == (409, "nobody_named")
        for wrong in ({**person, "on_duty": "nurse"}, {"recipient": "li"}, {"after_s": 5}):
            assert (await admin.put(url, json={"steps": [person, person, wrong]})).status_code == 422
        assert (await admin.put(f"{url}?kind=earthquake", json={"steps": []})).status_code == 422
