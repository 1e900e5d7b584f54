"""Plans over the API: who may draw, what is served, what can be taken back, and who is in which room now."""

import io

import httpx
import pytest
from PIL import Image

from api.headers import CONTENT_POLICY
from api.named import FILES
from schemas.places import Binding, PlaceKind
from schemas.reading import Observation, Reading, ReadingKind
from store import people, readings
from store.accounts import Grant, Role
from tests.api.centres import account, signed_in
from tests.api.conftest import SECOND_US, START_US, Ward

pytestmark = pytest.mark.servers
BOX = [[0.1, 0.1], [0.4, 0.1], [0.4, 0.5], [0.1, 0.5]]
MINUTE_US = 60 * SECOND_US


def png(size: tuple[int, int] = (400, 300)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "white").save(out, "PNG")
    return out.getvalue()


async def rooms_of(ward: Ward) -> None:
    for name in ("204", "205"):
        await people.add_place(
            ward.pool, name=name, kind=PlaceKind.ROOM, now_us=ward.clock(), parent=ward.unit, place_id=f"pl_{name}"
        )


async def upload(
    client: httpx.AsyncClient, place: str, sent: bytes, seen: int = 0, kind: str = "image/png"
) -> httpx.Response:
    return await client.put(
        f"/api/v1/places/{place}/plan/drawing",
        params={"seen": seen},
        content=sent,
        headers={"Content-Type": kind, "Origin": str(client.base_url).rstrip("/")},
    )


async def test_from_the_first_day_there_is_a_plan_without_a_drawing(ward: Ward) -> None:
    await rooms_of(ward)
    async with ward.signed_in() as nurse:
        plan = (await nurse.get(f"/api/v1/places/{ward.unit}/plan")).json()
        assert (plan["version"], plan["drawing"], plan["versions"], plan["may_draw"]) == (0, None, [], False)
        assert [(room["place"], room["corners"]) for room in plan["rooms"]] == [("pl_204", None), ("pl_205", None)]
        listed = (await nurse.get("/api/v1/plans")).json()["plans"]
        assert [(each["place"], each["residents"], each["rooms"], each["drawn"]) for each in listed] == [
            (ward.unit, 1, 2, False)
        ]
        assert (await nurse.get(f"/api/v1/places/{ward.unit}/plan/drawing")).status_code == 404


async def test_a_drawing_is_kept_as_we_wrote_it_and_served_as_a_picture_and_nothing_else(ward: Ward) -> None:
    async with ward.signed_in("admin") as admin:
        plan = (await upload(admin, ward.unit, png() + b"<script>alert(1)</script>")).json()
        assert (plan["version"], plan["drawing"], plan["may_draw"]) == (1, {"width": 400, "height": 300}, True)
        assert [(each["what"], each["by"], each["drawing"]) for each in plan["versions"]] == [
            ("drawing", "admin", True)
        ]
    async with ward.signed_in() as nurse:
        got = await nurse.get(f"/api/v1/places/{ward.unit}/plan/drawing", params={"version": 1})
        assert got.status_code == 200
        assert b"script" not in got.content
        assert got.headers["content-type"] == "image/webp"
        assert got.headers["x-content-type-options"] == "nosniff"
        assert got.headers["content-security-policy"] == "default-src 'none'; sandbox"
        assert "private" in got.headers["cache-control"]
        assert got.headers["content-disposition"].startswith("inline")
        other = await nurse.get(f"/api/v1/places/{ward.unit}/plan")
        assert other.headers["content-security-policy"] == CONTENT_POLICY
        assert (await nurse.get(f"/api/v1/places/{ward.unit}/plan/drawing", params={"version": 2})).status_code == 404


async def test_rooms_are_placed_changed_and_brought_back(ward: Ward) -> None:
    await rooms_of(ward)
    at = f"/api/v1/places/{ward.unit}/plan"
    async with ward.signed_in("admin") as admin:
        placed = await admin.put(at, json={"seen": 0, "rooms": [{"place": "pl_204", "corners": BOX}]})
        assert [room["corners"] for room in placed.json()["rooms"]] == [BOX, None]
        late = await admin.put(at, json={"seen": 0, "rooms": []})
        assert (late.status_code, late.json()["error"]["code"]) == (409, "plan_changed")
        await upload(admin, ward.unit, png(), seen=1)
        gone = await admin.request(
            "DELETE", f"{at}/drawing", params={"seen": 2}, headers={"Content-Type": "application/json"}
        )
        assert gone.json()["drawing"] is None
        empty = (await admin.put(at, json={"seen": 3, "rooms": []})).json()
        assert [room["corners"] for room in empty["rooms"]] == [None, None]
        back = (await admin.post(f"{at}/restore", json={"version": 2, "seen": 4})).json()
        assert (back["version"], back["drawing"] is not None, back["rooms"][0]["corners"]) == (5, True, BOX)
        none = await admin.post(f"{at}/restore", json={"version": 77, "seen": 5})
        assert none.status_code == 404


@pytest.mark.parametrize(
    ("rooms", "status", "code"),
    [
        ([{"place": "pl_none", "corners": BOX}], 409, "plan_place"),
        ([{"place": "pl_204", "corners": BOX}] * 2, 409, "plan_rooms"),
        ([{"place": "pl_204", "corners": BOX[:2]}], 422, "malformed"),
        ([{"place": "pl_204", "corners": [[0, 0], [2, 0], [0, 1]]}], 422, "malformed"),
        ([{"place": "pl_204", "corners": [[0.1, 0.1], [0.5, 0.5], [0.5, 0.1], [0.1, 0.5]]}], 409, "plan_crosses"),
    ],
)
async def test_rooms_that_cannot_be_are_refused(ward: Ward, rooms: object, status: int, code: str) -> None:
    await rooms_of(ward)
    async with ward.signed_in("admin") as admin:
        no = await admin.put(f"/api/v1/places/{ward.unit}/plan", json={"seen": 0, "rooms": rooms})
        assert (no.status_code, no.json()["error"]["code"]) == (status, code)
        assert (await admin.get(f"/api/v1/places/{ward.unit}/plan")).json()["version"] == 0


async def test_what_is_no_picture_or_too_much_is_refused_whatever_it_says_of_itself(ward: Ward) -> None:
    async with ward.signed_in("admin") as admin:
        for sent, kind, status, code in (
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/png", 422, "drawing_svg"),
            (b"<html><script>", "image/jpeg", 422, "not_a_drawing"),
            (b'{"place": "pl_none", "rooms": []}', "image/png", 422, "not_a_drawing"),
            (b"", "image/png", 422, "no_drawing"),
            (bytes(5 * 1024 * 1024 + 1), "image/png", 413, "too_large"),
        ):
            no = await upload(admin, ward.unit, sent, kind=kind)
            assert (no.status_code, no.json()["error"]["code"]) == (status, code), sent[:20]
        assert (await admin.get(f"/api/v1/places/{ward.unit}/plan")).json()["version"] == 0
        # Only a drawing may be large.
        for path in ("/plan", "/plan/restore", "/plan/drawing/x", "/ladder"):
            no = await admin.put(f"/api/v1/places/{ward.unit}{path}", content=b" " * 70_000)
            assert no.status_code == 413, path


async def test_a_foreign_page_cannot_upload(ward: Ward) -> None:
    async with ward.signed_in("admin") as admin:
        no = await admin.put(
            f"/api/v1/places/{ward.unit}/plan/drawing", params={"seen": 0}, content=png(),
            headers={"Content-Type": "image/png", "Origin": "http://evil.example"},
        )  # fmt: skip
        assert (no.status_code, no.json()["error"]["code"]) == (403, "forged")


async def test_an_upload_is_written_down_without_its_content(ward: Ward) -> None:
    async with ward.signed_in("admin") as admin:
        await upload(admin, ward.unit, png())
    row = await ward.pool.fetchrow(
        "select account, unit, object, data, refuses from audit where act = 'set_plan_drawing'"
    )
    assert row is not None
    assert (row["account"], row["unit"], row["object"], row["data"]) == ("admin", ward.unit, ward.unit, "{}")
    assert {"set_plan_drawing"} == FILES


@pytest.mark.parametrize(
    ("role", "may"),
    [(Role.TECHNICIAN, True), (Role.MANAGER, True), (Role.NURSE_IN_CHARGE, False), (Role.CARER, False)],
)
async def test_who_runs_the_house_or_fits_it_out_may_draw_there_and_only_there(
    ward: Ward, role: Role, may: bool
) -> None:
    await rooms_of(ward)
    await people.add_place(ward.pool, name="别处", kind=PlaceKind.HOME, now_us=ward.clock(), place_id="pl_other")
    await account(ward, "somebody", Grant(role=role, place=ward.unit))
    async with signed_in(ward, "somebody") as client:
        at = f"/api/v1/places/{ward.unit}/plan"
        assert (await client.get(at)).json()["may_draw"] is may
        answers = [
            await client.put(at, json={"seen": 0, "rooms": [{"place": "pl_204", "corners": BOX}]}),
            await upload(client, ward.unit, png(), seen=1),
            await client.post(f"{at}/restore", json={"version": 1, "seen": 2}),
        ]
        assert {answer.status_code for answer in answers} == ({200} if may else {403})
        assert (await upload(client, "pl_other", png())).status_code == 404
        for path in ("plan", "plan/drawing", "now"):
            assert (await client.get(f"/api/v1/places/pl_other/{path}")).status_code == 404
        # Nor can a place of elsewhere be put onto one's own plan.
        if may:
            no = await client.put(at, json={"seen": 3, "rooms": [{"place": "pl_other", "corners": BOX}]})
            assert no.json()["error"]["code"] == "plan_place"


async def a_flat(ward: Ward) -> None:
    """Two homes with a sensor each: one who lives alone, and a couple."""
    for home, residents in (("pl_solo", ["re_solo"]), ("pl_pair", ["re_he", "re_she"])):
        await people.add_place(
            ward.pool, name=home, kind=PlaceKind.HOME, now_us=START_US, parent=ward.unit, place_id=home
        )
        room, sensor = f"{home}_bath", f"pir_{home}"
        await people.add_place(
            ward.pool, name="卫生间", kind=PlaceKind.ROOM, now_us=START_US, parent=home, place_id=room
        )
        for key in residents:
            await people.add_resident(ward.pool, name=key, unit=home, now_us=START_US, resident_id=key)
        await people.add_device(ward.pool, device_id=sensor, kind="motion", now_us=START_US)
        await people.bind(ward.pool, Binding(device=sensor, unit=home, place=room, start_us=START_US), START_US)
        seen = Reading(
            kind=ReadingKind.EVENT, arrival_us=START_US + 2 * SECOND_US, event_us=START_US + SECOND_US,
            end_us=START_US + SECOND_US, device=sensor, unit=home, place=room, topic=f"zigbee2mqtt/{sensor}",
            payload=home.encode(), events=("motion",), observations=(Observation("battery", 55.0, "%"),),
        )  # fmt: skip
        await readings.write(ward.pool, [seen])
    ward.clock.forward(60)


async def test_who_lives_alone_was_last_where_a_sensor_saw_somebody_and_of_two_it_is_not_said(ward: Ward) -> None:
    await a_flat(ward)
    async with ward.signed_in() as nurse:
        now = (await nurse.get(f"/api/v1/places/{ward.unit}/now")).json()
    people_there = {each["id"]: each for each in now["residents"]}
    assert people_there["re_solo"]["seen"] == {
        "place": "pl_solo_bath",
        "name": "卫生间",
        "time": "2026-09-21T14:13:21.000000Z",
    }
    assert people_there["re_he"]["seen"] is None
    stirred = {each["place"] for each in now["rooms"] if each["stirred"]}
    assert stirred == {"pl_solo_bath", "pl_pair_bath"}
    assert people_there[ward.resident]["watch"] == "silent", "the watch was never heard"
    assert [people_there[key]["watch"] for key in ("re_solo", "re_he")] == ["none", "none"]
    assert people_there["re_solo"]["place"] == "pl_solo"


async def test_a_sensor_that_nobody_heard_for_a_day_is_dead_and_where_somebody_was_is_forgotten(ward: Ward) -> None:
    await a_flat(ward)
    ward.clock.forward(24.9 * 3600)
    async with ward.signed_in() as nurse:
        now = (await nurse.get(f"/api/v1/places/{ward.unit}/now")).json()
        assert all(not each["dead"] and each["stirred"] is None for each in now["rooms"])
        ward.clock.forward(0.2 * 3600)
        async with ward.signed_in() as again:
            now = (await again.get(f"/api/v1/places/{ward.unit}/now")).json()
    assert {each["place"]: [one["device"] for one in each["dead"]] for each in now["rooms"] if each["dead"]} == {
        "pl_solo_bath": ["pir_pl_solo"], "pl_pair_bath": ["pir_pl_pair"],
    }  # fmt: skip
    assert all(each["seen"] is None for each in now["residents"])


async def test_a_technician_gets_names_and_sensors_and_nothing_of_how_people_are(ward: Ward) -> None:
    await a_flat(ward)
    await account(ward, "tech", Grant(role=Role.TECHNICIAN, place=ward.unit))
    async with signed_in(ward, "tech") as client:
        now = (await client.get(f"/api/v1/places/{ward.unit}/now")).json()
    assert {each["name"] for each in now["residents"]} == {"陈桂兰", "re_solo", "re_he", "re_she"}
    assert {(each["watch"], each["seen"], each["absent_until"]) for each in now["residents"]} == {(None, None, None)}
    assert {each["stirred"] for each in now["rooms"]} == {None}
    assert sum(each["sensors"] for each in now["rooms"]) == 2


async def test_a_room_by_its_name_is_somebodys_where_a_whole_floor_is_watched_as_one(ward: Ward) -> None:
    await rooms_of(ward)
    for key, room in (("re_a", "205"), ("re_b", " 204 "), ("re_c", "999"), ("re_d", None)):
        await people.add_resident(ward.pool, name=key, unit=ward.unit, room=room, now_us=START_US, resident_id=key)
    async with ward.signed_in() as nurse:
        now = (await nurse.get(f"/api/v1/places/{ward.unit}/now")).json()
    there = {each["id"]: each["place"] for each in now["residents"]}
    assert [there[key] for key in ("re_a", "re_b", "re_c", "re_d")] == ["pl_205", "pl_204", ward.unit, ward.unit]
