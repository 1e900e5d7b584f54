"""The review through the API: what is counted, what waits, closing, correcting, and the file that leaves the house."""

import csv
import io
from collections.abc import AsyncIterator

import httpx
import pytest

from alerts.intake import intake
from schemas.alert import Alert
from schemas.finding import FindingKind
from schemas.places import PlaceKind
from store import alerts, people
from store.accounts import Grant, Role
from tests.api.centres import Centre, account, centre, signed_in
from tests.api.conftest import Ward, fall

pytestmark = pytest.mark.servers
REVIEW = "/api/v1/review"


@pytest.fixture
async def house(ward: Ward) -> AsyncIterator[Centre]:
    """A centre x whose nurse in charge, manager and carer are accounts; a centre y beside it."""
    top = await people.add_place(ward.pool, name="县", kind=PlaceKind.COUNTY, now_us=ward.clock())
    made = await centre(ward, top.id, "x")
    await centre(ward, top.id, "y")
    await ward.pool.execute("delete from pause")
    for role in (Role.NURSE_IN_CHARGE, Role.MANAGER, Role.CARER):
        await account(ward, role.value, Grant(role=role, place=made.top))
    yield made


async def raised(ward: Ward, there: Centre, kind: FindingKind = FindingKind.FALL) -> Alert:
    ward.falls += 1
    finding = fall(there.filled["resident_id"], there.unit, ward.clock(), ward.falls, kind)
    change = await alerts.accept(ward.pool, finding, ward.clock(), intake)
    assert change is not None
    return change.alert


async def resolved(
    ward: Ward, client: httpx.AsyncClient, there: Centre, outcome: str, after_s: float, note: str | None = None
) -> str:
    """Let somebody fall, be answered after so long, and say what it was."""
    open_ids = await ward.pool.fetch("select id from alert where state = 'raised' and unit = $1", there.unit)
    one = open_ids[0]["id"] if open_ids else (await raised(ward, there)).id
    ward.clock.forward(after_s)
    assert (await client.post(f"/api/v1/alerts/{one}/claim", json={})).status_code == 200
    ward.clock.forward(30)
    said = await client.post(f"/api/v1/alerts/{one}/resolve", json={"outcome": outcome, "note": note})
    assert said.status_code == 200, said.text
    ward.clock.forward(60)
    return str(one)


async def test_a_false_alarm_that_is_resolved_is_counted_with_its_detector_its_ward_and_how_soon_it_was_answered(
    ward: Ward, house: Centre
) -> None:
    async with signed_in(ward, "nurse_in_charge") as nurse:
        await resolved(ward, nurse, house, "false_alarm", 20)
        await resolved(ward, nurse, house, "real_unhurt", 90)
        await resolved(ward, nurse, house, "test", 10)
        await raised(ward, house)
        ward.clock.forward(181)
        said = (await nurse.get(REVIEW, params={"place": house.top, "period": "day"})).json()
    assert said["groups"] == {"counted": 3, "drill": 1, "test": 0, "platform": 0}
    assert (said["all"]["total"], said["all"]["open"], said["all"]["outcomes"]["false_alarm"]) == (3, 1, 1)
    assert (said["all"]["false_alarms"]["hits"], said["all"]["false_alarms"]["of"]) == (1, 2)
    assert said["all"]["false_alarms"]["few"]
    assert [(each["detector"], each["kind"], each["total"]) for each in said["detectors"]] == [("test-1", "fall", 3)]
    assert [(each["ward"], each["name"], each["total"]) for each in said["wards"]] == [(house.top, "院x", 3)]
    times = said["times"]
    assert (times["of"], times["never"], [goal["hits"] for goal in times["goals"]]) == (3, 1, [1, 2])
    assert (times["median_s"], times["p90_s"]) == (90, None)
    assert said["load"]["alerts"] == 4
    assert (said["timezone"], said["utc_offset_min"], said["place_name"]) == ("Asia/Shanghai", 480, "院x")


async def test_what_another_centre_had_is_in_nobodys_figures_but_its_own(ward: Ward, house: Centre) -> None:
    async with signed_in(ward, "manager") as manager:
        mine = (await manager.get(REVIEW, params={"period": "day"})).json()
        assert mine["all"]["total"] == 1
        assert (await manager.get(REVIEW, params={"place": "pl_top_y"})).status_code == 404
    async with ward.signed_in("admin") as admin:
        both = (await admin.get(REVIEW, params={"period": "day"})).json()
        assert (both["all"]["total"], len(both["wards"])) == (2, 2)
    async with signed_in(ward, "carer") as carer:
        assert (await carer.get(REVIEW)).status_code == 403
        assert (await carer.get(f"{REVIEW}/export")).status_code == 403


async def test_who_was_signed_in_is_who_the_load_is_shared_by(ward: Ward, house: Centre) -> None:
    await ward.pool.execute(
        "insert into audit (at_us, account, session, act, look) values ($1, 'carer', 's1', 'sign_in', false), "
        "($2, 'carer', 's1', 'sign_out', false), ($1, 'admin', 's2', 'sign_in', false)",
        ward.clock() - 1_800_000_000, ward.clock() + 1_800_000_000,
    )  # fmt: skip
    ward.clock.forward(3600)
    async with signed_in(ward, "manager") as manager:
        load = (await manager.get(REVIEW, params={"period": "shift"})).json()["load"]
    assert (load["alerts"], load["operator_hours"], load["unstaffed"]) == (1, 1.0, 0)
    assert (load["per_hour"], load["most"], load["over"]) == (1.0, 6.0, 0)


@pytest.mark.parametrize(
    "asked",
    [
        {"from": "2026-09-22T00:00:00Z", "to": "2026-09-21T00:00:00Z"},
        {"from": "2026-01-01T00:00:00Z", "to": "2026-09-21T00:00:00Z"},
    ],
)
async def test_a_period_that_is_none_or_endless_is_refused(ward: Ward, asked: dict[str, str]) -> None:
    async with ward.signed_in("admin") as admin:
        answer = await admin.get(REVIEW, params=asked)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "period")


async def test_what_is_resolved_waits_page_by_page_until_it_is_closed_and_each_name_is_a_look(
    ward: Ward, house: Centre
) -> None:
    async with signed_in(ward, "nurse_in_charge") as nurse:
        ids = [
            await resolved(ward, nurse, house, "false_alarm" if n % 2 else "real_unhurt", 20 + 50 * n) for n in range(5)
        ]
        first = (await nurse.get(f"{REVIEW}/alerts", params={"limit": 3})).json()
        assert ([each["id"] for each in first["alerts"]], first["left"]) == (ids[:1:-1], 5)
        assert first["alerts"][0]["response_s"] == 220
        assert (first["alerts"][0]["answered_by"], first["alerts"][0]["in_time"]) == ("nurse_in_charge", False)
        rest = (await nurse.get(f"{REVIEW}/alerts", params={"limit": 3, "before": first["more"]})).json()
        assert ([each["id"] for each in rest["alerts"]], rest["more"]) == (ids[1::-1], None)
        for only, n in (({"outcome": "false_alarm"}, 2), ({"late": "true"}, 4), ({"late": "false"}, 1),
                        ({"kind": "sos"}, 0), ({"device": "w1"}, 5), ({"place": house.unit}, 5)):  # fmt: skip
            assert (await nurse.get(f"{REVIEW}/alerts", params=only)).json()["left"] == n, only
        done = (await nurse.post(f"{REVIEW}/close", json={"alerts": [ids[0], ids[1], "al_none", ids[0]]})).json()
        assert (done["closed"], [each["error"]["code"] for each in done["refused"]]) == (ids[:2], ["not_found"])
        again = (await nurse.post(f"{REVIEW}/close", json={"alerts": ids[:1]})).json()
        assert (again["closed"], again["refused"][0]["error"]["code"]) == ([], "already_closed")
        assert (await nurse.get(f"{REVIEW}/alerts")).json()["left"] == 3
    looks = await ward.pool.fetch("select resident, unit, account from audit where act = 'review'")
    assert [tuple(row) for row in looks] == [("re_x", "pl_unit_x", "nurse_in_charge")]
    closed = await ward.pool.fetch("select object, resident from audit where act = 'close_alert' and refuses is null")
    assert [row["object"] for row in closed] == [*ids[:2], ids[0]]
    refused = await ward.pool.fetch("select object, data ->> 'status' as status from audit where refuses is not null")
    assert [tuple(row) for row in refused] == [(ids[0], "409")]


async def test_an_alert_of_another_centre_or_one_still_open_is_not_closed(ward: Ward, house: Centre) -> None:
    theirs = await ward.pool.fetchval("select id from alert where unit = 'pl_unit_y'")
    mine = await ward.pool.fetchval("select id from alert where unit = $1", house.unit)
    async with signed_in(ward, "manager") as manager:
        done = (await manager.post(f"{REVIEW}/close", json={"alerts": [theirs, mine]})).json()
    assert [(each["alert"], each["error"]["code"]) for each in done["refused"]] == [
        (theirs, "not_found"),
        (mine, "not_resolved"),
    ]
    assert await ward.pool.fetchval("select count(*) from alert where state = 'closed'") == 0
    assert await ward.pool.fetchval("select count(*) from audit where object = $1", theirs) == 0
    async with signed_in(ward, "carer") as carer:
        assert (await carer.post(f"{REVIEW}/close", json={"alerts": [mine]})).status_code == 403


async def test_a_correction_changes_what_is_counted_and_not_how_soon_it_was_answered(ward: Ward, house: Centre) -> None:
    async with signed_in(ward, "nurse_in_charge") as nurse:
        one = await resolved(ward, nurse, house, "false_alarm", 20)
        said = await nurse.post(f"/api/v1/alerts/{one}/correct", json={"outcome": "real_injured"})
        assert (said.status_code, said.json()["outcome"]) == (200, "real_injured")
        figures = (await nurse.get(REVIEW, params={"period": "day"})).json()
        assert figures["all"]["outcomes"]["false_alarm"] == 0
        assert figures["all"]["outcomes"]["real_injured"] == 1
        assert figures["times"]["median_s"] == 20
        again = await nurse.post(f"/api/v1/alerts/{one}/correct", json={"outcome": "test", "local": "oc_none"})
        assert again.json()["error"]["code"] == "no_such_outcome"
    async with signed_in(ward, "carer") as carer:
        assert (await carer.post(f"/api/v1/alerts/{one}/correct", json={"outcome": "test"})).status_code == 403


async def test_an_alert_that_waited_for_who_was_there_counts_from_when_it_rang(ward: Ward, house: Centre) -> None:
    async with signed_in(ward, "nurse_in_charge") as nurse:
        await resolved(ward, nurse, house, "real_unhurt", 20)
        there = f"/api/v1/residents/{house.filled['resident_id']}/pause"
        assert (await nurse.post(there, json={"minutes": 30})).status_code == 200
        one = await raised(ward, house, FindingKind.INACTIVITY)
        ward.clock.forward(600)
        assert (await nurse.delete(there)).status_code == 200
        ward.clock.forward(45)
        await nurse.post(f"/api/v1/alerts/{one.id}/claim", json={})
        await nurse.post(f"/api/v1/alerts/{one.id}/resolve", json={"outcome": "real_unhurt"})
        waiting = (await nurse.get(f"{REVIEW}/alerts", params={"kind": "inactivity"})).json()["alerts"]
    assert [(each["response_s"], each["in_time"]) for each in waiting] == [(45, True)]


async def test_the_file_says_names_and_notes_to_whom_it_may_and_holds_no_formula(ward: Ward, house: Centre) -> None:
    async with signed_in(ward, "manager") as manager, signed_in(ward, "nurse_in_charge") as nurse:
        await resolved(ward, manager, house, "false_alarm", 20, '=HYPERLINK("http://x") 人x')
        for client, asked, person in (
            (manager, {"names": "true"}, "人x"), (manager, {}, "#1"), (nurse, {"names": "true"}, "#1"),
        ):  # fmt: skip
            answer = await client.get(f"{REVIEW}/export", params={"period": "day", "lang": "zh", **asked})
            assert answer.headers["content-type"] == "text/csv; charset=utf-8"
            assert answer.headers["content-disposition"].startswith('attachment; filename="review_2026')
            assert answer.content.startswith(b"\xef\xbb\xbf")
            rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
            assert [(row["老人"], row["结果"], row["接警用时（秒）"], row["60秒内"]) for row in rows] == [
                (person, "false_alarm", "20.0", "1")
            ]
            assert rows[0]["备注"] == ('\'=HYPERLINK("http://x") 人x' if person == "人x" else "")
        whole = (await manager.get(f"{REVIEW}/export", params={"period": "day", "format": "json"})).json()
        assert (whole["figures"]["all"]["total"], whole["alerts"][0]["outcome"]) == (1, "false_alarm")
    taken = await ward.pool.fetch("select account, data from audit where act = 'export_review' order by id")
    assert [row["account"] for row in taken] == ["manager", "manager", "nurse_in_charge", "manager"]
    named = await ward.pool.fetch("select account, resident from audit where act = 'export'")
    assert [tuple(row) for row in named] == [("manager", "re_x")]
