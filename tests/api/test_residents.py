"""People, places and devices over HTTP; and what the sensors said of somebody: now, the last day, around a fall."""

import zlib
from typing import Any

import httpx
import msgspec
import numpy as np
import pytest

from alerts.intake import intake
from api.models import AlertTrace, Trace
from api.people_models import Day
from schemas import frame
from schemas.effects import KeepEvidence
from schemas.finding import Stage
from schemas.frame import Frame, FrameFlag
from schemas.reading import Observation, Reading, ReadingKind
from store import alerts, evidence, readings
from tests.api.conftest import SECOND_US, START_US, Ward, fall

pytestmark = pytest.mark.servers
BLOCK_US = 2 * SECOND_US


def recorded(ward: Ward, index: int, *, device: str = "w1", g: float = 1.5) -> Reading:
    """Return two seconds at 50 Hz, block ``index`` after the start."""
    samples = np.tile(np.array([0, 0, round(g * 2048)], dtype=np.int16), (100, 1))
    uptime_us = (10_000 + 2 * index) * SECOND_US
    flags = FrameFlag.WEAR_KNOWN
    payload = frame.encode(Frame(flags, 1, 5000 + index, uptime_us, 0, 20_000_000, 62, 1 / 2048, 0.0, 0, samples))
    event_us = START_US + index * BLOCK_US
    return Reading(
        kind=ReadingKind.FRAME, arrival_us=event_us + BLOCK_US, event_us=event_us, end_us=event_us + BLOCK_US,
        device=device, unit=ward.unit, resident=ward.resident, boot=1, seq=5000 + index,
        topic=f"sw/v1/{device}/imu", payload=payload,
    )  # fmt: skip


async def add(client: httpx.AsyncClient, path: str, **body: Any) -> Any:
    answer = await client.post(f"/api/v1/{path}", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_an_institution_is_set_up_over_http(ward: Ward) -> None:
    async with ward.signed_in("admin") as admin:
        house = await add(admin, "places", name="福寿苑", kind="institution")
        floor = await add(admin, "places", name="三楼", kind="floor", parent=house["id"])
        assert floor["path"] == ["福寿苑", "三楼"]
        person = await add(
            admin, "residents", name="吴爱娣", birth_year=1941, unit=floor["id"], room="301 东", conditions="失智",
            mobility="助行器", note="怕黑 🌙",
        )  # fmt: skip
        assert (person["unit_name"], person["conditions"], person["note"]) == ("三楼", ["失智"], "怕黑 🌙")
        await add(admin, "devices", id="band-7", kind="wearable", label="手环七")
        bound = await add(admin, "devices/band-7/binding", resident=person["id"], position="wrist")
        assert (bound["unit"], bound["start"], bound["end"]) == (floor["id"], "2026-09-21T14:13:20.000000Z", None)
        again = await add(admin, "devices/band-7/binding", resident=person["id"], position="wrist")
        assert again == bound
        whole = (await admin.get(f"/api/v1/residents/{person['id']}")).json()
        assert [device["id"] for device in whole["devices"]] == ["band-7"]
        listed = (await admin.get("/api/v1/residents")).json()["residents"]
        assert {one["name"] for one in listed} == {"陈桂兰", "吴爱娣"}
        ward.clock.forward(60)
        ended = (await admin.delete("/api/v1/devices/band-7/binding", headers={"X-Requested-With": "t"})).json()
        assert ended["end"] == "2026-09-21T14:14:20.000000Z"
        unbound = (await admin.get("/api/v1/devices?unbound=true")).json()["devices"]
        assert [device["id"] for device in unbound] == ["band-7"]


async def test_only_the_fields_given_are_changed_and_null_empties(ward: Ward) -> None:
    path = f"/api/v1/residents/{ward.resident}"
    async with ward.signed_in("admin") as admin:
        await admin.patch(path, json={"room": "204", "note": "爱喝茶"})
        changed = (await admin.patch(path, json={"note": None, "conditions": None})).json()
        assert (changed["name"], changed["room"], changed["note"], changed["conditions"]) == ("陈桂兰", "204", None, [])
        assert (await admin.patch(path, json={"name": None})).status_code == 422
        assert (await admin.patch(path, json={"id": "x"})).status_code == 422
        assert (await admin.patch("/api/v1/residents/re_none", json={"room": "1"})).status_code == 404


async def test_an_absence_and_how_soon_to_speak_are_set_seen_and_taken_back(ward: Ward) -> None:
    path = f"/api/v1/residents/{ward.resident}"
    async with ward.signed_in("admin") as admin:
        usual = (await admin.get(path)).json()
        assert (usual["absent_until"], usual["sensitivity"]) == (None, "normal")
        away = {"absent_until": "2026-12-24T08:00:00.000000Z", "sensitivity": "calmer"}
        changed = (await admin.patch(path, json=away)).json()
        assert {name: changed[name] for name in away} == away
        back = (await admin.patch(path, json={"absent_until": None})).json()
        assert (back["absent_until"], back["sensitivity"]) == (None, "calmer")
        for wrong in ({"sensitivity": "loud"}, {"sensitivity": None}, {"absent_until": "tomorrow"}):
            assert (await admin.patch(path, json=wrong)).status_code == 422


async def test_from_which_stage_of_a_fall_people_are_called_is_chosen_for_a_resident_or_a_place(ward: Ward) -> None:
    resident, place = f"/api/v1/residents/{ward.resident}", f"/api/v1/places/{ward.unit}"
    async with ward.signed_in("admin") as admin:
        assert (await admin.get(resident)).json()["fall_alarm"] is None
        assert (await admin.patch(resident, json={"fall_alarm": "possible"})).json()["fall_alarm"] == "possible"
        assert (await admin.patch(resident, json={"fall_alarm": None})).json()["fall_alarm"] is None
        assert (await admin.patch(place, json={"fall_alarm": "possible"})).json()["fall_alarm"] == "possible"
        assert (await admin.patch(place, json={})).json()["fall_alarm"] == "possible"
        listed = (await admin.get("/api/v1/places")).json()["places"]
        assert {each["id"]: each["fall_alarm"] for each in listed}[ward.unit] == "possible"
        assert (await admin.patch(place, json={"fall_alarm": None})).json()["fall_alarm"] is None
        for path in (resident, place):
            assert (await admin.patch(path, json={"fall_alarm": "recovered"})).status_code == 422
        assert (await admin.patch("/api/v1/places/pl_none", json={"fall_alarm": None})).status_code == 404


async def test_a_possible_fall_that_nobody_was_called_for_can_be_looked_at(ward: Ward) -> None:
    possible = msgspec.structs.replace(fall(ward.resident, ward.unit, ward.clock(), 7), stage=Stage.POSSIBLE)
    assert await alerts.accept(ward.pool, possible, ward.clock(), intake) is None
    path = f"/api/v1/residents/{ward.resident}/quiet"
    async with ward.signed_in() as nurse:
        (found,) = (await nurse.get(path)).json()["findings"]
        assert (found["id"], found["kind"], found["stage"]) == (possible.id, "fall", "possible")
        assert found["evidence"]["reasons"] == [{"code": "impact", "values": {"g": 3.1}}]
        assert (await nurse.get(path + "?since=2026-09-22T00:00:00Z")).json()["findings"] == []
        assert (await nurse.get("/api/v1/residents/re_none/quiet")).status_code == 404


REFUSED: list[tuple[str, dict[str, Any], int, str]] = [
    ("residents", {"name": "x", "unit": "nowhere"}, 409, "unknown_place"),
    ("places", {"name": "x", "kind": "floor", "parent": "nowhere"}, 409, "unknown_place"),
    ("places", {"name": "x", "kind": "castle"}, 422, "malformed"),
    ("devices", {"id": "a/b", "kind": "wearable"}, 422, "malformed"),
    ("devices/none/binding", {"resident": "re_none"}, 404, "not_found"),
    ("devices/w1/binding", {"resident": "re_none"}, 404, "not_found"),
    ("devices/w1/binding", {"place": "pl_none"}, 422, "malformed"),
    ("devices/w1/binding", {"unit": "pl_none", "place": "pl_none"}, 409, "unknown_place"),
    ("devices/w1/binding", {"unit": "u"}, 409, "resident_or_place"),
    ("devices/w1/binding", {"resident": "re_none", "start": "2031-01-01T00:00:00Z"}, 422, "malformed"),
]


async def test_what_cannot_be_set_up_is_refused_with_its_reason(ward: Ward) -> None:
    async with ward.signed_in("admin") as admin:
        for path, body, status, code in REFUSED:
            answer = await admin.post(f"/api/v1/{path}", json=body)
            assert (answer.status_code, answer.json()["error"]["code"]) == (status, code), (path, body)


async def test_a_resident_shows_what_the_sensors_say_now_and_how_old_it_is(ward: Ward) -> None:
    state = Reading(
        kind=ReadingKind.STATE, arrival_us=START_US, event_us=START_US, end_us=START_US, device="w1", unit=ward.unit,
        resident=ward.resident, boot=1, seq=1, topic="sw/v1/w1/state", payload=b"{}",
        observations=(Observation("heart_rate", 71.0, "1/min"),),
    )  # fmt: skip
    await readings.write(ward.pool, [state, recorded(ward, 0)])
    alert = await ward.fall()
    ward.clock.forward(62)
    async with ward.signed_in() as nurse:
        whole = (await nurse.get(f"/api/v1/residents/{ward.resident}")).json()
    now = {one["type"]: one for one in whole["now"]}
    assert (now["heart_rate"]["value"], now["heart_rate"]["unit"], now["heart_rate"]["age_s"]) == (71.0, "1/min", 62.0)
    assert (now["worn"]["value"], now["battery"]["value"], now["battery"]["age_s"]) == (True, 62.0, 60.0)
    assert [one["id"] for one in whole["open_alerts"]] == [alert.id]
    (device,) = whole["devices"]
    assert (device["battery"], device["worn"], device["last_seen"]) == (62.0, True, "2026-09-21T14:13:22.000000Z")
    assert device["binding"]["resident"] == ward.resident


async def test_the_day_has_every_minute_and_says_null_where_nothing_is_known(ward: Ward) -> None:
    await readings.write(ward.pool, [recorded(ward, index) for index in range(60)])
    alert = await ward.fall()
    ward.clock.forward(125)
    async with ward.signed_in() as nurse:
        day = (await nurse.get(f"/api/v1/residents/{ward.resident}/day")).json()
        earlier = (await nurse.get(f"/api/v1/residents/{ward.resident}/day?end=2026-09-01T00:00:00Z")).json()
    Day.model_validate(day)
    assert len(day["minutes"]) == 24 * 60
    assert (day["start"], day["end"]) == ("2026-09-20T14:16:00.000000Z", "2026-09-21T14:16:00.000000Z")
    known = [minute for minute in day["minutes"] if minute["activity"] is not None]
    assert [minute["t"][11:16] for minute in known] == ["14:13", "14:14", "14:15"]
    assert all(minute["activity"] == pytest.approx(0.5, abs=1e-3) and minute["worn"] is True for minute in known)
    assert [one["id"] for one in day["alerts"]] == [alert.id]
    assert all(minute["activity"] is None for minute in earlier["minutes"])
    assert earlier["alerts"] == []


async def test_a_trace_is_drawn_from_the_frames_with_its_gap(ward: Ward) -> None:
    await readings.write(ward.pool, [recorded(ward, index) for index in (0, 1, 3)])
    path = f"/api/v1/residents/{ward.resident}/trace"
    async with ward.signed_in() as nurse:
        answer = await nurse.get(path, params={"start": "2026-09-21T14:13:21Z", "end": "2026-09-21T14:14:00Z"})
        long = await nurse.get(path, params={"start": "2026-09-21T14:13:21Z", "end": "2026-09-21T14:23:22Z"})
        backward = await nurse.get(path, params={"start": "2026-09-21T14:13:21Z", "end": "2026-09-21T14:13:21Z"})
        none = await nurse.get(path)
    trace = answer.json()
    Trace.model_validate(trace)
    assert trace["rate_hz"] == 50.0
    assert [segment["start"][17:] for segment in trace["segments"]] == ["21.000000Z", "26.000000Z"]
    assert [len(segment["values"]) for segment in trace["segments"]] == [150, 100]
    assert set(trace["segments"][0]["values"]) == {1.5}
    assert [long.status_code, backward.status_code, none.status_code] == [422, 422, 422]


async def test_the_trace_of_an_alert_grows_until_it_is_complete_and_outlives_the_frames(ward: Ward) -> None:
    ward.clock.forward(60)
    alert = await ward.fall()
    await readings.write(ward.pool, [recorded(ward, index) for index in range(40)])
    path = f"/api/v1/alerts/{alert.id}/trace"
    async with ward.signed_in() as nurse:
        early = (await nurse.get(path)).json()
        await readings.write(ward.pool, [recorded(ward, index) for index in range(40, 61)])
        wanted = KeepEvidence(
            alert=alert.id, resident=ward.resident, device="w1", start_us=START_US, end_us=START_US + 120 * SECOND_US
        )
        assert (await evidence.keep(ward.pool, wanted)).complete
        await ward.pool.execute("delete from frame")
        kept = (await nurse.get(path)).json()
    assert (early["complete"], len(early["segments"][0]["values"])) == (False, 4000)
    AlertTrace.model_validate(early)
    assert early["impact"] == "2026-09-21T14:14:20.000000Z"
    assert early["phases"][0]["name"] == "impact"
    assert (early["start"][14:19], early["end"][14:19]) == ("13:20", "15:20")
    assert (kept["complete"], len(kept["segments"][0]["values"])) == (True, 6000)


async def test_a_trace_whose_rest_never_came_does_not_say_it_is_still_recording(ward: Ward) -> None:
    alert = await ward.fall()
    ward.clock.forward(91)
    async with ward.signed_in() as nurse:
        trace = (await nurse.get(f"/api/v1/alerts/{alert.id}/trace")).json()
    assert (trace["complete"], trace["segments"]) == (True, [])


def test_the_recorded_block_is_a_true_frame() -> None:
    ward: Any = type("Ward", (), {"unit": "u", "resident": "r"})()
    payload = recorded(ward, 0).payload
    assert zlib.crc32(payload[:-4]) == int.from_bytes(payload[-4:], "little")
