"""Every call with every role, and with another centre's people: there they do not exist, whatever one is."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest

from alerts.intake import intake
from api.access import RULES, Needs
from api.app import calls
from api.named import ELSEWHERE, IN_PATH
from api.rights import ROLES, roles_with
from api.routes import events
from schemas.places import PlaceKind
from store import accounts, alerts, people
from store.accounts import Grant, Role
from tests.api.centres import NAMES, Centre, account, centre, grant_of, signed_in
from tests.api.conftest import Ward, fall
from tests.api.listening import listening, serving

pytestmark = pytest.mark.servers

#: What is of the whole tree, and nobody's who has a part of it.
_OF_ALL = ("add_place", "add_outcome", "retire_outcome", "set_message_template", "reset_message_template")
#: What is of no place, and the same for everybody who may ask; and what the call itself looks whose it is.
_OF_NO_PLACE = ("preview_message_template", "read_quarantined")
#: What ends the session that asks, and what never ends.
_APART = ("sign_in", "sign_out", "follow_events")
_EVERY = [
    (route.name, method, route.path)
    for route in calls()
    for method in sorted(route.methods or ())
    if route.name not in _APART and RULES[route.name] is not Needs.NOTHING
]


@dataclass(frozen=True)
class County:
    """A ward with two centres, x with an account of every role, and y."""

    ward: Ward
    top: str
    x: Centre
    y: Centre


@pytest.fixture
async def county(ward: Ward) -> AsyncIterator[County]:
    top = await people.add_place(ward.pool, name="县", kind=PlaceKind.COUNTY, now_us=ward.clock())
    made = County(ward, top.id, await centre(ward, top.id, "x"), await centre(ward, top.id, "y"))
    for role, name in NAMES.items():
        await account(ward, name, grant_of(role, made.x))
    yield made


async def ask(client: httpx.AsyncClient, method: str, path: str, body: object = None) -> httpx.Response:
    content = json.dumps({} if body is None else body).encode()
    return await client.request(method, path, headers={"Content-Type": "application/json"}, content=content)


def test_every_right_is_some_roles_and_every_parameter_of_a_path_is_known() -> None:
    assert set(ROLES) == set(Needs)
    assert {need for need in Needs if not roles_with(need)} == {Needs.NOTHING}
    there = {name for route in calls() for name in route.param_convertors}
    assert there <= set(IN_PATH) | ELSEWHERE, "say in api/named.py what this parameter names"


@pytest.mark.parametrize("role", list(Role))
async def test_at_home_a_role_may_what_its_rights_say_and_nothing_else(county: County, role: Role) -> None:
    filled = county.x.filled
    async with signed_in(county.ward, NAMES[role]) as client:
        for name, method, path in _EVERY:
            needs = RULES[name]
            if needs is Needs.ACCOUNTS and "{account_id}" in path and role is Role.ADMINISTRATOR:
                continue  # tests/api/test_accounts.py
            answer = await ask(client, method, path.format(**filled))
            allowed = role in roles_with(needs)
            refused = not allowed or name in _OF_ALL
            said = answer.json().get("error", {}) if answer.status_code in (403, 404) else {}
            if role is Role.FAMILY and any(name in path for name in ("{place_id}", "{device_id}", "{shift_id}")):
                assert answer.status_code in (403, 404), (role, method, path, answer.text)
            elif refused:
                assert said.get("code") == "not_allowed", (role, method, path, answer.status_code, answer.text)
            else:
                assert said.get("code") != "not_allowed", (role, method, path, answer.text)
                assert answer.status_code not in (401, 500), (role, method, path, answer.text)


@pytest.mark.parametrize("role", list(Role))
async def test_what_another_centre_has_is_not_there_for_any_role(county: County, role: Role) -> None:
    async with signed_in(county.ward, NAMES[role]) as client:
        for name, method, path in _EVERY:
            if "{" not in path or name in _OF_ALL + _OF_NO_PLACE:
                continue
            body: object = {"grants": []} if name == "set_account_grants" else None
            answer = await ask(client, method, path.format(**county.y.filled), body)
            never = await ask(
                client, method, path.format(**{key: f"{value}0" for key, value in county.y.filled.items()}), body
            )
            if RULES[name] is Needs.ACCOUNTS and role is not Role.ADMINISTRATOR:
                assert answer.status_code == 403  # whoever manages no accounts gets this for each name there could be
                continue
            assert answer.status_code == 404, (role, method, path, answer.text)
            if name != "end_own_session":  # its id has another form
                assert answer.content == never.content, (role, path, "tells what is there from what is not")
    assert await county.ward.pool.fetchval("select count(*) from audit where resident = 're_y'") == 0


@pytest.mark.parametrize("role", list(Role))
async def test_no_list_says_a_word_of_another_centre(county: County, role: Role) -> None:
    async with signed_in(county.ward, "account-y") as other:
        await other.get(f"/api/v1/residents/{county.y.filled['resident_id']}")
    async with signed_in(county.ward, NAMES[role]) as client:
        for name, method, path in _EVERY:
            if method != "GET" or "{" in path:
                continue
            answer = await client.get(path, params={"status": "all"} if name == "list_alerts" else {})
            there = [word for word in county.y.words if word in answer.text and word != "0" * 16]
            assert not there, (role, path, there)
            if name == "list_residents":
                assert [each["id"] for each in answer.json()["residents"]] == ["re_x"]
            if name == "read_overview":
                assert (answer.json()["residents"], answer.json()["open"]) == (1, 1)


async def test_whoever_is_at_the_root_sees_both_and_what_is_added_at_the_top(county: County) -> None:
    await people.add_place(county.ward.pool, name="外", kind=PlaceKind.HOME, now_us=1, place_id="pl_out")
    async with county.ward.signed_in("nurse") as nurse:
        found = {each["id"] for each in (await nurse.get("/api/v1/residents")).json()["residents"]}
        assert {"re_x", "re_y"} <= found
        assert "pl_out" in (await nurse.get("/api/v1/places")).text


async def test_a_body_or_a_query_cannot_reach_where_the_path_does_not(county: County) -> None:
    x, y = county.x.filled, county.y.filled
    async with signed_in(county.ward, NAMES[Role.MANAGER]) as manager:
        tries = [
            ("PATCH", f"/residents/{x['resident_id']}", {"unit": y["place_id"]}),
            ("POST", "/residents", {"name": "新", "unit": y["place_id"]}),
            ("POST", "/places", {"name": "新", "kind": "room", "parent": county.y.top}),
            ("POST", f"/devices/{x['device_id']}/binding", {"resident": y["resident_id"]}),
            ("POST", f"/devices/{x['device_id']}/binding", {"place": y["place_id"], "unit": x["place_id"]}),
            ("POST", "/devices", {"id": y["device_id"], "kind": "stolen"}),
            ("GET", f"/audit?resident={y['resident_id']}", None),
        ]
        for method, path, body in tries:
            answer = await ask(manager, method, f"/api/v1{path}", body)
            assert answer.status_code == 404, (method, path, answer.text)
        made = await ask(manager, "POST", "/api/v1/places", {"name": "新", "kind": "room", "parent": county.x.top})
        assert made.status_code == 201
        added = await ask(manager, "POST", "/api/v1/residents", {"name": "新", "unit": made.json()["id"]})
        assert added.status_code == 201, "a room added just now is within"
        at_the_top = await ask(manager, "POST", "/api/v1/places", {"name": "新", "kind": "home"})
        assert at_the_top.json()["error"]["code"] == "not_allowed"


async def test_several_grants_are_each_held_at_their_own_place(county: County) -> None:
    both = (Grant(role=Role.MANAGER, place=county.x.top), Grant(role=Role.CARER, place=county.y.top))
    await account(county.ward, "both", *both)
    async with signed_in(county.ward, "both") as client:
        for there, status in ((county.x, 200), (county.y, 403)):
            path = f"/api/v1/residents/{there.filled['resident_id']}"
            assert (await client.get(path)).status_code == 200
            assert (await ask(client, "PATCH", path, {"room": "9"})).status_code == status
        logged = (await client.get("/api/v1/audit")).json()["entries"]
        assert {entry["resident"] for entry in logged} == {"re_x"}


async def test_whoever_moves_away_is_gone_for_the_centre_that_keeps_its_own_alerts_of_then(county: County) -> None:
    y = county.y.filled
    await people.update_resident(county.ward.pool, y["resident_id"], {"unit": county.x.unit}, county.ward.clock())
    async with signed_in(county.ward, "account-y") as left:
        assert (await left.get(f"/api/v1/residents/{y['resident_id']}")).status_code == 404
        assert (await left.get(f"/api/v1/alerts/{y['alert_id']}")).status_code == 200
    async with signed_in(county.ward, NAMES[Role.CARER]) as now:
        assert (await now.get(f"/api/v1/residents/{y['resident_id']}")).status_code == 200
        assert (await now.get(f"/api/v1/alerts/{y['alert_id']}")).status_code == 200
        assert y["alert_id"] in (await now.get("/api/v1/alerts")).text


async def test_a_family_hears_of_the_home_only_while_nobody_else_lives_there(county: County) -> None:
    ward, unit = county.ward, county.x.unit
    told = county.x.filled["alert_id"]
    await ward.pool.execute("update alert set resident = $1 where id = $2", unit, told)
    async with signed_in(ward, NAMES[Role.FAMILY]) as family:
        assert (await family.get(f"/api/v1/alerts/{told}")).status_code == 200
        await people.add_resident(ward.pool, name="老伴", unit=unit, now_us=ward.clock())
        assert (await family.get(f"/api/v1/alerts/{told}")).status_code == 404
        assert (await family.get("/api/v1/alerts")).json()["alerts"] == []


async def test_a_technician_learns_names_and_no_illness(county: County) -> None:
    async with signed_in(county.ward, NAMES[Role.TECHNICIAN]) as technician:
        (person,) = (await technician.get("/api/v1/residents")).json()["residents"]
        assert (person["name"], person["conditions"]) == ("人x", [])
    async with signed_in(county.ward, NAMES[Role.CARER]) as carer:
        assert (await carer.get("/api/v1/residents")).json()["residents"][0]["conditions"] == ["dementia"]


async def test_a_live_stream_tells_of_its_own_centre_only_and_begins_anew_when_rights_change(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "PING_SECONDS", 0.3)
    ward = county.ward
    opened = await accounts.open_session(ward.pool, NAMES[Role.CARER], ward.clock())
    async with serving(ward.app) as url:
        async with listening(url, opened.token) as stream:
            begun = await stream.next("hello")
            for there in (county.y, county.x):
                await _falls(ward, there)
            heard = await stream.next("alert")
            assert heard.data["alert"]["resident"]["id"] == "re_x"
            await people.add_place(
                ward.pool, name="房3", kind=PlaceKind.ROOM, now_us=1, parent=county.x.top, place_id="pl_3"
            )
            await people.update_resident(ward.pool, "re_y", {"unit": "pl_3"}, ward.clock())
            # The stream does not know the new room yet; what happens there meanwhile is not lost.
            ward.falls += 1
            missed = await alerts.accept(
                ward.pool, fall("re_y", "pl_3", ward.clock() + 1, ward.falls), ward.clock(), intake
            )
            assert missed is not None
            async with asyncio.timeout(5):
                await stream.ended.wait()
        async with listening(url, opened.token, heard.id) as stream:
            assert (await stream.next("hello")).data["resumed"] is True
            assert (await stream.next("alert")).data["alert"]["resident"]["id"] == "re_y"
        assert int(begun.data["seq"]) < int(heard.id or 0)


async def _falls(ward: Ward, there: Centre) -> None:
    ward.falls += 1
    told = fall(there.filled["resident_id"], there.unit, ward.clock() + 1, ward.falls)
    assert await alerts.accept(ward.pool, told, ward.clock(), intake) is not None
