"""Whom to tell, over HTTP: set by an administrator, inherited down the tree, and nobody real in a simulated home."""

from typing import Any

import pytest

from api.app import build
from api.settings import ApiSettings
from schemas.places import PlaceKind
from store import outbox, people
from tests.api.conftest import Ward, running

pytestmark = pytest.mark.servers


def body(host: str = "127.0.0.1", *, count: int = 3, **more: Any) -> dict[str, Any]:
    steps = [{"recipient": f"p{n}", "address": f"http://{host}:9/p{n}"} for n in range(count)]
    return {"steps": steps, **more}


async def test_a_ladder_is_set_inherited_overridden_and_taken_away(ward: Ward) -> None:
    room = await people.add_place(ward.pool, name="201", kind=PlaceKind.ROOM, parent=ward.unit, now_us=ward.clock())
    floor_url, room_url = f"/api/v1/places/{ward.unit}/ladder", f"/api/v1/places/{room.id}/ladder"
    async with ward.signed_in("admin") as admin:
        assert (await admin.get(room_url)).json()["owner"] is None
        said = (await admin.put(floor_url, json=body(quiet={"start": "22:00", "end": "06:30"}))).json()
        assert [(step["recipient"], step["after_s"]) for step in said["steps"]] == [("p0", 0), ("p1", 60), ("p2", 60)]
        assert said["quiet"] == {"start": "22:00", "end": "06:30"}
        inherited = (await admin.get(room_url)).json()
        assert (inherited["owner"], inherited["steps"]) == (ward.unit, said["steps"])
        assert (await admin.put(room_url, json=body(count=4))).json()["owner"] == room.id
        assert len((await admin.get(room_url)).json()["steps"]) == 4
        assert (await admin.put(room_url, json={"steps": []})).json()["owner"] == ward.unit
    assert (await outbox.counts(ward.pool))["mirror_contacts", "waiting"] >= 3


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        (body(count=2), 409, "too_few_steps"),
        ({"steps": [{"recipient": "p", "address": "ftp://x"}] * 3}, 422, "malformed"),
        ({"steps": [{"recipient": "p", "address": "http://[::1"}] * 3}, 422, "malformed"),
        (body(quiet={"start": "24:00", "end": "06:30"}), 422, "malformed"),
        (body(timezone="Mars/Olympus"), 422, "malformed"),
    ],
)
async def test_a_ladder_that_would_not_hold_is_refused(ward: Ward, sent: Any, status: int, code: str) -> None:
    async with ward.signed_in("admin") as admin:
        answer = await admin.put(f"/api/v1/places/{ward.unit}/ladder", json=sent)
        assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
        missing = await admin.put("/api/v1/places/pl_none/ladder", json=body())
        assert missing.status_code == 404


async def test_a_simulated_home_rings_nobody_beyond_this_machine(ward: Ward) -> None:
    given = ward.app.state.runtime.settings
    app = build(ApiSettings(given.dsn, given.nats_url, ward.clock, given.console_dir, loopback_only=True))
    async with running(app), Ward(app, ward.clock, ward.pool).signed_in("admin") as admin:
        url = f"/api/v1/places/{ward.unit}/ladder"
        for host in ("10.0.0.5", "example.org", "127.0.0.1.example.org", "0.0.0.0"):
            answer = await admin.put(url, json=body(host))
            assert (answer.status_code, answer.json()["error"]["code"]) == (409, "not_loopback"), host
        for host in ("127.0.0.1", "localhost", "[::1]"):
            assert (await admin.put(url, json=body(host))).status_code == 200, host
