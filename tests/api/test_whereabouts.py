"""Where somebody is, over HTTP: the way of who wanders, home and no more, who looked, and the zone that is drawn."""

from typing import Any

import httpx
import msgspec
import pytest

from alerts.intake import intake
from api.app import build
from api.headers import content_policy
from api.settings import ApiSettings, tiles_host
from api.times import iso
from detectors.routine import Room
from schemas.alert import Alert
from schemas.finding import Evidence, FindingKind, Phase, Reason, Stage
from schemas.ground import Degrees, degrees
from schemas.places import Binding
from schemas.reading import Observation, Reading, ReadingKind
from store import alerts, audit, looks, people, readings
from tests.api.conftest import NOWHERE, SECOND_US, START_US, Ward, fall, running
from tests.api.test_routine import message

pytestmark = pytest.mark.servers
MINUTE_US = 60 * SECOND_US
HOUR_US = 60 * MINUTE_US
DAY_US = 24 * HOUR_US
HOME: Degrees = (121.47, 31.23)
#: A local midnight of the home.
MIDNIGHT_US = (START_US + 8 * HOUR_US) // DAY_US * DAY_US - 8 * HOUR_US


def gps(resident: str, unit: str, at_us: int, east: float, north: float, accuracy: float = 8.0) -> Reading:
    lon, lat = degrees(HOME, (east, north))
    seen = (Observation("lat", lat, ""), Observation("lon", lon, ""), Observation("accuracy", accuracy, "m"))
    return Reading(
        kind=ReadingKind.EVENT, arrival_us=at_us + SECOND_US, event_us=at_us, end_us=at_us, device="ph", unit=unit,
        resident=resident, topic="owntracks/a/b", payload=str(at_us).encode(), observations=seen,
    )  # fmt: skip


async def lived_at_home(ward: Ward, days: int = 3) -> None:
    """Store nights at home and mornings at a market 600 m east, up to the last midnight."""
    told = []
    for day in range(-days, 0):
        night = MIDNIGHT_US + day * DAY_US
        told += [gps(ward.resident, ward.unit, night + k * 30 * MINUTE_US, 5.0, 0.0) for k in range(16)]
        told += [gps(ward.resident, ward.unit, night + 9 * HOUR_US + k * 5 * MINUTE_US, 600.0, 0.0) for k in range(12)]
        told += [gps(ward.resident, ward.unit, night + 11 * HOUR_US + k * 30 * MINUTE_US, 0.0, 5.0) for k in range(25)]
    await readings.write(ward.pool, told)


def paced(ward: Ward, from_us: int, minutes: int) -> list[Reading]:
    """Return somebody who walks to and fro over 100 m, 320 m north-east of home, a position each 10 s."""
    found = []
    for k in range(minutes * 6):
        along = abs((k * 10 + 100) % 200 - 100)
        found.append(gps(ward.resident, ward.unit, from_us + k * 10 * SECOND_US, 226.0, 226.0 + along))
    return found


async def wandering(ward: Ward, began_us: int, code: str = "pacing", stage: Stage = Stage.CONFIRMED) -> Alert:
    evidence = Evidence(
        phases=(Phase("wandering", began_us, began_us + 10 * MINUTE_US),),
        reasons=(Reason(code, {"m": 600.0, "extent_m": 100.0, "times": 5.0, "min": 10.0}),),
    )
    found = fall(ward.resident, ward.unit, began_us, 77, FindingKind.WANDERING)
    found = msgspec.structs.replace(
        found,
        evidence=evidence,
        stage=stage,
        start_us=began_us,
        end_us=began_us + 10 * MINUTE_US,
        decided_us=ward.clock(),
    )
    changed = await alerts.accept(ward.pool, found, ward.clock(), intake)
    assert changed is not None
    return changed.alert


async def ask(client: httpx.AsyncClient, path: str) -> Any:
    answer = await client.get(f"/api/v1{path}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_way_is_drawn_from_before_it_began_with_what_was_passed_again_and_where_they_were_last(
    ward: Ward,
) -> None:
    await lived_at_home(ward)
    began_us = START_US - 12 * MINUTE_US
    await readings.write(ward.pool, paced(ward, began_us, 10))
    jump = gps(ward.resident, ward.unit, began_us + 5 * SECOND_US, 9000.0, 0.0)
    earlier = gps(ward.resident, ward.unit, began_us - 20 * MINUTE_US, 0.0, 0.0)
    await readings.write(ward.pool, [jump, earlier])
    alert = await wandering(ward, began_us)
    async with ward.signed_in() as nurse:
        way = await ask(nurse, f"/alerts/{alert.id}/way")
    assert (way["start"], way["began"]) == (iso(began_us - 15 * MINUTE_US), iso(began_us))
    assert (way["until"], way["lasts"], way["utc_offset_min"]) == (iso(START_US), True, 480)
    ground = way["ground"]
    assert (ground["at_home"], ground["zone"], ground["tiles"]) == (True, [], None)
    assert ground["origin"] == pytest.approx({"lon": HOME[0], "lat": HOME[1]}, abs=1e-4)
    assert [(place["home"], place["days"]) for place in ground["places"]] == [(True, 4), (False, 3)]
    assert ground["places"][1]["x"] == pytest.approx(600, abs=10)
    assert max(point["passes"] for point in way["points"]) >= 4
    assert all(abs(point["x"] - 226) < 10 for point in way["points"])
    assert way["left_out"]["jumps"] == 1
    last = way["last"]
    assert last["time"] == iso(began_us + 590 * SECOND_US)
    assert (last["moves"], last["error"], last["beyond_zone"]) == ("walks", 8.0, None)
    assert last["heading"] in (0, 180)
    assert last["area"] == pytest.approx(1.62 * 8 + 130, abs=15)  # two minutes and ten seconds on foot
    assert (way["door"], way["shared"]) == (None, False)


async def test_what_is_over_is_not_followed_any_longer_and_of_other_alerts_no_way_is_told(ward: Ward) -> None:
    began_us = START_US - 40 * MINUTE_US
    await readings.write(ward.pool, paced(ward, began_us, 40))
    await wandering(ward, began_us)
    over = await wandering(ward, began_us, stage=Stage.RECOVERED)
    fallen = await ward.fall()
    async with ward.signed_in() as nurse, ward.client() as stranger:
        way = await ask(nurse, f"/alerts/{over.id}/way")
        assert (way["until"], way["lasts"]) == (iso(began_us + 20 * MINUTE_US), False)
        assert max(point["until"] for point in way["points"]) < way["until"]
        assert (await nurse.get(f"/api/v1/alerts/{fallen.id}/way")).status_code == 404
        assert (await nurse.get("/api/v1/alerts/al_none/way")).status_code == 404
        assert (await stranger.get(f"/api/v1/alerts/{over.id}/way")).status_code == 401


async def test_who_was_found_is_not_followed_home(ward: Ward) -> None:
    began_us = START_US - 12 * MINUTE_US
    alert = await wandering(ward, began_us)
    await readings.write(ward.pool, paced(ward, began_us, 60))
    async with ward.signed_in() as nurse:
        assert (await ask(nurse, f"/alerts/{alert.id}/way"))["lasts"] is True
        await nurse.post(f"/api/v1/alerts/{alert.id}/resolve", json={"outcome": "real_unhurt"})
        ward.clock.forward(2400)
        way = await ask(nurse, f"/alerts/{alert.id}/way")
    assert (way["until"], way["lasts"]) == (iso(START_US), False)
    assert max(way["last"]["time"], *(point["until"] for point in way["points"])) < iso(START_US)


async def test_rooms_are_told_in_the_order_they_were_walked_through_and_a_door_with_its_moment(ward: Ward) -> None:
    for device in ("pir-bedroom", "pir-kitchen"):
        await people.add_device(ward.pool, device_id=device, kind="motion", now_us=START_US)
        bound = Binding(device=device, unit=ward.unit, place=ward.unit, start_us=START_US - HOUR_US)
        await people.bind(ward.pool, bound, START_US)
    began_us = START_US - 12 * MINUTE_US
    times = [began_us + k * 20 * SECOND_US for k in range(9)]
    walked = [(Room.BEDROOM, Room.KITCHEN, Room.KITCHEN)[k % 3] for k in range(9)]
    await readings.write(
        ward.pool, [message(ward.unit, at_us, room) for at_us, room in zip(times, walked, strict=True)]
    )
    alert = await wandering(ward, began_us, "left_at_night")
    async with ward.signed_in() as nurse:
        way = await ask(nurse, f"/alerts/{alert.id}/way")
        assert (way["ground"], way["points"], way["last"], way["by_beacon"]) == (None, [], None, False)
        assert way["door"] == iso(began_us)
        assert [visit["room"] for visit in way["visits"]] == ["bedroom", "kitchen"] * 3
        assert (way["visits"][1]["start"], way["visits"][1]["end"]) == (iso(times[1]), iso(times[2]))
        await people.add_resident(ward.pool, name="老陈", unit=ward.unit, now_us=START_US)
        worn = [
            msgspec.structs.replace(
                gps(ward.resident, ward.unit, at_us, 0, 0), observations=(Observation("room", room, ""),), device="tag"
            )
            for at_us, room in zip(times, ("大厅", "大厅", "走廊", "not_home", "大厅"), strict=False)
        ]
        await readings.write(ward.pool, worn)
        way = await ask(nurse, f"/alerts/{alert.id}/way")
    assert [visit["room"] for visit in way["visits"]] == ["大厅", "走廊", "大厅"]
    assert (way["visits"][0]["start"], way["visits"][0]["end"]) == (iso(times[0]), iso(times[1]))
    assert (way["by_beacon"], way["shared"]) == (True, True)


async def test_a_building_is_drawn_in_its_own_metres(ward: Ward) -> None:
    began_us = START_US - 3 * MINUTE_US
    told = []
    for k in range(120):
        seen = (Observation("x", 3.0 + abs(k % 40 - 20), "m"), Observation("y", 2.0, "m"))
        reading = gps(ward.resident, ward.unit, began_us + k * SECOND_US, 0, 0)
        told.append(msgspec.structs.replace(reading, observations=seen))
    await readings.write(ward.pool, told)
    alert = await wandering(ward, began_us)
    async with ward.signed_in() as nurse:
        way = await ask(nurse, f"/alerts/{alert.id}/way")
    assert way["ground"]["origin"] is None
    assert max(point["passes"] for point in way["points"]) >= 3
    assert (way["last"]["where"], way["last"]["area"]) == (None, None)
    assert way["last"]["time"] == iso(began_us + 119 * SECOND_US)


async def test_of_who_is_at_home_no_more_is_told_and_nobody_noted_and_out_is_told_whole_and_noted(ward: Ward) -> None:
    path = f"/residents/{ward.resident}/whereabouts"
    async with ward.signed_in() as nurse, ward.signed_in("wang") as wang, ward.client() as stranger:
        assert await ask(nurse, path) == {"state": "none", "time": None, "last": None, "ground": None}
        await lived_at_home(ward)
        await readings.write(ward.pool, [gps(ward.resident, ward.unit, START_US - MINUTE_US, 12.0, 9.0)])
        ward.clock.forward(601)  # usual places are kept for ten minutes
        assert await ask(nurse, path) == {
            "state": "home", "time": iso(START_US - MINUTE_US), "last": None, "ground": None,
        }  # fmt: skip
        assert await looks.looks(ward.pool, ward.resident, 9) == []
        walked = [
            gps(ward.resident, ward.unit, ward.clock() - (30 - k) * 10 * SECOND_US, 10.0 * k, 0.0) for k in range(29)
        ]
        await readings.write(ward.pool, walked)
        out = await ask(nurse, path)
        assert (out["state"], out["last"]["heading"], out["last"]["moves"]) == ("out", 90, "walks")
        assert out["last"]["x"] == pytest.approx(280, abs=10)
        assert out["ground"]["at_home"] is True
        ward.clock.forward(20)
        await ask(nurse, path)
        await ask(wang, path)
        noted = [(each.actor, each.last_us - each.began_us) for each in await looks.looks(ward.pool, ward.resident, 9)]
        assert sorted(noted) == [("nurse", 0), ("wang", 0)], "one line in ten minutes"
        settings = await ask(nurse, f"/residents/{ward.resident}/settings")
        assert sorted(each["actor"] for each in settings["looks"]) == ["nurse", "wang"]
        ward.clock.forward(600)
        await wandering(ward, ward.clock() - MINUTE_US)
        await ask(nurse, path)
        assert len(await looks.looks(ward.pool, ward.resident, 9)) == 2, "who goes and looks for them need not be noted"
        written = await audit.entries(ward.pool, resident=ward.resident, looks=True)
        assert [(each.account, each.data) for each in reversed(written) if each.act == "whereabouts"] == [
            ("nurse", {}), ("nurse", {}), ("nurse", {"unasked": True}), ("wang", {"unasked": True}), ("nurse", {}),
        ], "one line for each look, and no second log"  # fmt: skip
        assert (await nurse.get("/api/v1/residents/re_none/whereabouts")).status_code == 404
        assert (await stranger.get(f"/api/v1{path}")).status_code == 401
        now = await ask(nurse, f"/residents/{ward.resident}")
    assert {each["type"] for each in now["now"]}.isdisjoint({"lat", "lon", "accuracy"})


def square(side: float) -> list[Degrees]:
    half = side / 2
    return [degrees(HOME, each) for each in ((-half, -half), (half, -half), (half, half), (-half, half))]


async def test_an_administrator_draws_a_zone_sees_what_it_would_have_told_and_who_changed_it(ward: Ward) -> None:
    path = f"/api/v1/residents/{ward.resident}/zone"
    await lived_at_home(ward)
    async with ward.signed_in("admin") as admin, ward.signed_in() as nurse:
        assert (await nurse.put(path, json={"corners": square(600)})).status_code == 403
        assert (await nurse.post(f"{path}/preview", json={"corners": square(600)})).status_code == 403
        seen = (await admin.post(f"{path}/preview", json={"corners": square(600)})).json()
        assert (len(seen["left"]), seen["days"]) == (3, 4)
        assert seen["left"][0]["m"] == pytest.approx(300, abs=10)
        assert seen["left"][0]["start"] > seen["left"][1]["start"]
        assert 2 <= len(seen["seen"]) <= 6
        assert (await admin.post(f"{path}/preview", json={"corners": square(1400)})).json()["left"] == []
        assert (await admin.post(f"{path}/preview", json={"corners": []})).json()["left"] == []
        assert [each.actor for each in await looks.looks(ward.pool, ward.resident, 9)] == ["admin"]
        drawn = (await admin.put(path, json={"corners": square(600)})).json()
        assert drawn["corners"] == [list(each) for each in square(600)]
        assert drawn["ground"]["zone"][0] == pytest.approx([-300, -300], abs=10)
        assert (await ask(nurse, path.removeprefix("/api/v1")))["corners"] == drawn["corners"]
        lives = await people.resident(ward.pool, ward.resident)
        assert lives is not None
        assert lives.config(ward.unit).zone == tuple(square(600))
        change = (await ask(nurse, f"/residents/{ward.resident}/settings"))["changes"][0]
        assert (change["what"], change["actor"], change["data"]["before"]) == ("corners", "admin", [])
        assert (await admin.put(path, json={"corners": []})).json()["corners"] == []


@pytest.mark.parametrize(
    ("corners", "code"),
    [
        (square(600)[:2], "zone_corners"),
        ([square(600)[k] for k in (0, 2, 1, 3)], "zone_crosses"),
        (square(20), "zone_small"),
        (square(20_000), "zone_large"),
        ([[200.0, 0.0], [0.0, 1.0], [1.0, 1.0]], "zone_place"),
        ([[1.0]], "malformed"),
        ([["a", "b"]], "malformed"),
    ],
)
async def test_what_is_no_area_is_refused_with_a_sentence_and_changes_nothing(
    ward: Ward, corners: Any, code: str
) -> None:
    path = f"/api/v1/residents/{ward.resident}/zone"
    async with ward.signed_in("admin") as admin:
        for answer in (
            await admin.put(path, json={"corners": corners}),
            await admin.post(f"{path}/preview", json={"corners": corners}),
        ):
            assert (answer.status_code, answer.json()["error"]["code"]) == (422, code)
            assert answer.json()["error"]["message"].endswith(".")
        assert (await ask(admin, f"/residents/{ward.resident}/zone")) == {"corners": [], "ground": None}


async def test_only_where_an_administrator_set_a_map_pictures_come_from_elsewhere(ward: Ward) -> None:
    async with ward.client() as anyone:
        ours = (await anyone.get("/")).headers["content-security-policy"]
    assert "img-src 'self' data:;" in ours
    tiles = {"address": "https://tiles.example.org:8443/a/{z}/{x}/{y}.png?k=1", "credit": "© Nobody"}
    own = ward.app.state.runtime.settings
    with_map = ApiSettings(own.dsn, NOWHERE, ward.clock, own.console_dir, map_tiles=tiles)
    assert tiles_host(with_map) == "https://tiles.example.org:8443"
    assert content_policy(None) == ours
    app = build(with_map)
    async with running(app), httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://ward") as client:
        policy = (await client.get("/")).headers["content-security-policy"]
        assert policy == ours.replace("data:", "data: https://tiles.example.org:8443")
        signed = await client.post("/api/v1/session", json={"user": "admin", "password": "one-tall-crane"})
        assert signed.status_code == 201
        zone = f"/api/v1/residents/{ward.resident}/zone"
        assert (await client.put(zone, json={"corners": square(600)})).json()["ground"]["tiles"] == tiles
