"""The care sheet: contacts and what to do, written by two at once, inherited from places; and notes."""

import asyncio
from typing import Any

import httpx
import pytest

from api.times import from_iso
from schemas.places import PlaceKind
from store import people
from tests.api.conftest import START_US, Ward

pytestmark = pytest.mark.servers

HOUR_US = 3_600_000_000
SON = {"name": "陈志强", "phone": "138 0580 1234", "relation": "儿子", "note": None}


def sheet(ward: Ward) -> str:
    return f"/api/v1/residents/{ward.resident}/sheet"


async def write(client: httpx.AsyncClient, path: str, seen: int, **body: Any) -> httpx.Response:
    return await client.put(path, json={"seen": seen, **body})


async def test_what_was_written_is_at_hand_with_who_wrote_it(ward: Ward) -> None:
    async with ward.signed_in("admin") as admin, ward.signed_in() as nurse:
        empty = (await nurse.get(sheet(ward))).json()
        assert (empty["version"], empty["contacts"], empty["scripts"], empty["set_time"]) == (0, [], {}, None)
        scripts = {"fall": "Check the left hip.\nDo not lift alone.", "any": "Speak slowly."}
        written = await write(admin, sheet(ward), 0, contacts=[SON], scripts=scripts)
        assert written.status_code == 200, written.text
        said = (await nurse.get(sheet(ward))).json()
    assert said == written.json()
    assert (said["version"], said["contacts"], said["scripts"]) == (1, [SON], scripts)
    assert (said["set_by"], from_iso(said["set_time"])) == ("admin", START_US)


async def test_of_two_who_write_at_once_one_is_told_who_was_first(ward: Ward) -> None:
    async with ward.signed_in("admin") as admin:
        await write(admin, sheet(ward), 0, contacts=[SON])
        both = await asyncio.gather(
            *(write(admin, sheet(ward), 1, scripts={"any": f"as {number} says"}) for number in range(8))
        )
        done = [answer for answer in both if answer.status_code == 200]
        refused = [answer for answer in both if answer.status_code == 409]
        assert (len(done), len(refused)) == (1, 7)
        assert {answer.json()["error"]["code"] for answer in refused} == {"changed_meanwhile"}
        assert "admin" in refused[0].json()["error"]["message"]
        said = (await admin.get(sheet(ward))).json()
        # What stood before can be set again: with what was read it is one more version.
        assert (said["version"], said["contacts"]) == (2, [])
        assert (await write(admin, sheet(ward), 9, contacts=[SON])).status_code == 409
        assert (await write(admin, sheet(ward), 2, contacts=[SON])).json()["contacts"] == [SON]


async def test_what_the_places_above_do_comes_along_the_nearest_first(ward: Ward) -> None:
    top = await people.add_place(ward.pool, name="安康院", kind=PlaceKind.INSTITUTION, now_us=ward.clock())
    floor = await people.add_place(
        ward.pool, name="二楼", kind=PlaceKind.FLOOR, parent=top.id, now_us=ward.clock(), place_id="pl_floor"
    )
    lives = await people.add_resident(ward.pool, name="王秀英", unit=floor.id, now_us=ward.clock())
    async with ward.signed_in("admin") as admin:
        for place, text in ((top.id, "Call 120 first."), (floor.id, "Take the hoist."), (ward.unit, "elsewhere")):
            answer = await write(admin, f"/api/v1/places/{place}/sheet", 0, scripts={"fall": text})
            assert answer.status_code == 200, answer.text
        said = (await admin.get(f"/api/v1/residents/{lives.id}/sheet")).json()["places"]
        assert [(each["name"], each["scripts"]["fall"]) for each in said] == [
            ("二楼", "Take the hoist."),
            ("安康院", "Call 120 first."),
        ]
        await write(admin, f"/api/v1/places/{floor.id}/sheet", 1, scripts={})
        said = (await admin.get(f"/api/v1/residents/{lives.id}/sheet")).json()["places"]
        assert [each["name"] for each in said] == ["安康院"]
        assert (await admin.get(f"/api/v1/places/{floor.id}/sheet")).json()["version"] == 2


@pytest.mark.parametrize(
    "body",
    [
        {"contacts": [SON | {"phone": "javascript:alert(1)"}]},
        {"contacts": [SON | {"phone": "ask at the desk"}]},
        {"contacts": [SON | {"name": " "}]},
        {"contacts": [SON] * 11},
        {"scripts": {"platform": "restart it"}},
        {"scripts": {"fall": "x" * 2001}},
        {"scripts": {"fall": "a\0b"}},
    ],
)
async def test_what_cannot_be_called_or_done_is_refused(ward: Ward, body: dict[str, Any]) -> None:
    async with ward.signed_in("admin") as admin:
        answer = await write(admin, sheet(ward), 0, **body)
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "malformed")
        assert (await admin.get(sheet(ward))).json()["version"] == 0


async def test_a_note_is_read_as_long_as_it_is_of_use(ward: Ward) -> None:
    path = f"/api/v1/residents/{ward.resident}/notes"
    async with ward.signed_in() as nurse, ward.signed_in("wang") as wang:
        first = (await nurse.post(path, json={"text": "slept badly", "hours": 12})).json()
        ward.clock.forward(60)
        second = (await wang.post(path, json={"text": "wants company"})).json()
        assert from_iso(first["until"]) == START_US + 12 * HOUR_US
        notes = (await nurse.get(sheet(ward))).json()["notes"]
        assert [(note["text"], note["written_by"]) for note in notes] == [
            ("wants company", "wang"),
            ("slept badly", "nurse"),
        ]
    ward.clock.forward(12 * 3600)  # sessions end meanwhile
    async with ward.signed_in() as nurse, ward.signed_in("wang") as wang:
        assert (await nurse.get(sheet(ward))).json()["notes"] == [second]
        gone = await nurse.delete(f"{path}/{second['id']}", headers={"X-Requested-With": "test"})
        assert gone.status_code == 204
        assert (await nurse.get(sheet(ward))).json()["notes"] == []
        ward.clock.forward(60)
        assert (await wang.delete(f"{path}/{second['id']}", headers={"X-Requested-With": "test"})).status_code == 204
    row = await ward.pool.fetchrow("select text, back_by, back_us from resident_note where id = $1", second["id"])
    assert row is not None
    assert tuple(row) == ("wants company", "nurse", START_US + 60_000_000 + 12 * HOUR_US)


async def test_a_note_is_only_found_with_whom_it_is_about(ward: Ward) -> None:
    other = await people.add_resident(ward.pool, name="吴爱娣", unit=ward.unit, now_us=ward.clock())
    async with ward.signed_in() as nurse:
        note = (await nurse.post(f"/api/v1/residents/{ward.resident}/notes", json={"text": "hers"})).json()
        path = f"/api/v1/residents/{other.id}/notes/{note['id']}"
        assert (await nurse.delete(path, headers={"X-Requested-With": "test"})).status_code == 404
        assert (await nurse.get(sheet(ward))).json()["notes"] == [note]
        assert (await nurse.post("/api/v1/residents/nobody/notes", json={"text": "x"})).status_code == 404
