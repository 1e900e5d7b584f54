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
        ({"steps": [{"recipient": "p", "address": "ftp://x"}] * 3}, 422, "scheme_not_allowed"),
        ({"steps": [{"recipient": "p", "address": "http://[::1"}] * 3}, 422, "no_address"),
        ({"steps": [{"recipient": "p"}] * 3}, 422, "no_address"),
        ({"steps": [{"recipient": "p", "kept": "0.0"}] * 3}, 422, "no_address"),
        ({"steps": [{"recipient": "p", "address": "pover://x"}] * 3}, 422, "address_incomplete"),
        (
            {"steps": [{"recipient": "p", "address": "json://x/?template=/etc/passwd"}] * 3},
            422,
            "parameter_not_allowed",
        ),
        ({"steps": [{"recipient": "p", "address": "json://x", "channel": "http"}] * 3}, 422, "malformed"),
        (body(version=1), 409, "changed_meanwhile"),
        (body(quiet={"start": "24:00", "end": "06:30"}), 422, "malformed"),
        (body(timezone="Mars/Olympus"), 422, "malformed"),
    ],
)
async def test_a_ladder_that_would_not_hold_is_refused(ward: Ward, sent: Any, status: int, code: str) -> None:
    async with ward.signed_in("admin") as admin:
        answer = await admin.put(f"/api/v1/places/{ward.unit}/ladder", json=sent)
        assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
        assert (await admin.get(f"/api/v1/places/{ward.unit}/ladder")).json()["steps"] == []
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


def several() -> dict[str, Any]:
    first = {"recipient": "wang", "address": "dingtalk://" + "a" * 32, "lang": "zh"}
    ways = [
        {"address": "ntfys://s3cr3t@ntfy.example.org/ward"},
        {"address": "https://sms.example.org/k3y", "after_s": 30},
    ]
    return body(count=2) | {"steps": [{**first, "ways": ways}, *body(count=2)["steps"]]}


async def test_a_person_has_several_ways_and_a_refusal_names_the_one_that_is_wrong(ward: Ward) -> None:
    url = f"/api/v1/places/{ward.unit}/ladder"
    async with ward.signed_in("admin") as admin:
        said = (await admin.put(url, json=several())).json()
        wang = said["steps"][0]
        assert (wang["channel"], wang["lang"], wang["ref"], wang["masked"]) == ("apprise", "zh", "0.0", False)
        assert [(way["channel"], way["after_s"], way["ref"]) for way in wang["ways"]] == [
            ("apprise", 20, "0.1"),
            ("http", 30, "0.2"),
        ]
        sent = several()
        sent["steps"][0]["ways"][1]["address"] = "syslog://s3cr3t"
        answer = await admin.put(url, json=sent)
        assert (answer.json()["step"], answer.json()["way"]) == (1, 3)
        assert "s3cr3t" not in answer.text and "dingtalk" in answer.json()["allowed"]


async def test_a_manager_edits_a_ladder_without_ever_seeing_the_secrets_in_it(ward: Ward) -> None:
    url = f"/api/v1/places/{ward.unit}/ladder"
    await ward.pool.execute("update account_grant set role = 'manager' where account = 'wang'")
    async with ward.signed_in("admin") as admin, ward.signed_in("wang") as manager:
        whole = (await admin.put(url, json=several())).json()
        seen = await manager.get(url)
        for secret in ("a" * 32, "s3cr3t", "k3y"):
            assert secret not in seen.text
        assert seen.json()["steps"][0]["address"] == "dingtalk://…" and seen.json()["steps"][0]["masked"]
        steps = [
            {"recipient": "li", "kept": "1.0", "after_s": 0},
            {"recipient": "wang", "kept": "0.0", "ways": [{"kept": "0.2", "after_s": 15}]},
            {"recipient": "zhao", "address": "http://127.0.0.1:9/zhao"},
        ]
        answer = await manager.put(url, json={"steps": steps, "version": seen.json()["version"]})
        assert answer.status_code == 200 and "k3y" not in answer.text
        now = (await admin.get(url)).json()
        assert [step["address"] for step in now["steps"]] == [
            whole["steps"][1]["address"],
            whole["steps"][0]["address"],
            "http://127.0.0.1:9/zhao",
        ]
        assert now["steps"][1]["ways"][0]["address"] == "https://sms.example.org/k3y"
        late = await manager.put(url, json={"steps": steps, "version": seen.json()["version"]})
        assert (late.status_code, late.json()["error"]["code"]) == (409, "changed_meanwhile")
