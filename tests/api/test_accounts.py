"""Accounts: given and taken by an administrator, within their part; one's own password first; sessions that end."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from api.throttle import Throttle
from schemas.errors import BrokenRule
from schemas.places import PlaceKind
from store import accounts, people
from store.accounts import Grant, Role
from tests.api.centres import Centre, account, centre, signed_in
from tests.api.conftest import PASSWORDS, Ward
from tests.api.listening import listening, serving

pytestmark = pytest.mark.servers

ASKED = {"X-Requested-With": "test"}


@pytest.fixture
async def two(ward: Ward) -> AsyncIterator[tuple[Centre, Centre]]:
    top = await people.add_place(ward.pool, name="县", kind=PlaceKind.COUNTY, now_us=ward.clock())
    x, y = await centre(ward, top.id, "x"), await centre(ward, top.id, "y")
    await account(ward, "boss-x", Grant(role=Role.ADMINISTRATOR, place=x.top))
    yield x, y


async def test_a_new_account_must_choose_a_password_before_it_may_anything(ward: Ward) -> None:
    async with ward.signed_in("admin") as admin:
        body = {"name": "li.mei", "display_name": "李梅", "grants": [{"role": "carer"}]}
        made = await admin.post("/api/v1/accounts", json=body)
        assert made.status_code == 201, made.text
        assert (await admin.post("/api/v1/accounts", json=body)).json()["error"]["code"] == "name_taken"
    first = made.json()["password"]
    async with ward.client() as client:
        answer = await client.post("/api/v1/session", json={"user": "li.mei", "password": first})
        assert answer.json()["user"]["must_change"] is True
        assert (await client.get("/api/v1/alerts")).json()["error"]["code"] == "change_password"
        for new, code in ((first, "weak_password"), ("li.mei-123", None)):
            changed = await client.put("/api/v1/session/password", json={"old": first, "new": new})
            assert changed.json()["error"]["code"] == code if code else changed.status_code == 204, changed.text
        assert (await client.get("/api/v1/alerts")).status_code == 200
        wrong = await client.put("/api/v1/session/password", json={"old": first, "new": "another-one-1"})
        assert wrong.json()["error"]["code"] == "wrong_password"
        short = await client.put("/api/v1/session/password", json={"old": "li.mei-123", "new": "short"})
        assert short.status_code == 422


async def test_a_reset_ends_the_sessions_and_their_streams_and_so_does_the_owner(ward: Ward) -> None:
    async with serving(ward.app) as url:
        phone = await accounts.open_session(ward.pool, "nurse", ward.clock(), agent="Phone")
        async with listening(url, phone.token) as stream, ward.signed_in("nurse") as nurse:
            await stream.next("hello")
            sessions = (await nurse.get("/api/v1/sessions")).json()["sessions"]
            assert {(each["agent"], each["this"]) for each in sessions} >= {("Phone", False)}
            assert [each["this"] for each in sessions].count(True) == 1
            other = next(each["id"] for each in sessions if each["agent"] == "Phone")
            assert (await nurse.delete(f"/api/v1/sessions/{other}", headers=ASKED)).status_code == 204
            async with asyncio.timeout(2):
                await stream.ended.wait()
            assert await accounts.session(ward.pool, phone.token, ward.clock()) is None
            async with ward.signed_in("wang") as wang:
                mine = (await nurse.get("/api/v1/sessions")).json()["sessions"][0]["id"]
                assert (await wang.delete(f"/api/v1/sessions/{mine}", headers=ASKED)).status_code == 404
            async with ward.signed_in("admin") as admin:
                reset = await admin.post("/api/v1/accounts/nurse/password", json={})
                assert reset.json()["account"]["must_change"] is True
            assert (await nurse.get("/api/v1/session")).status_code == 401
            again = await nurse.post("/api/v1/session", json={"user": "nurse", "password": PASSWORDS["nurse"]})
            assert again.status_code == 401


async def test_whoever_is_disabled_is_out_at_once_and_stays_in_the_histories(ward: Ward) -> None:
    async with ward.signed_in("admin") as admin, ward.signed_in("nurse") as nurse:
        assert (await admin.post("/api/v1/accounts/nurse/disable", json={})).json()["disabled_time"] is not None
        assert (await nurse.get("/api/v1/session")).status_code == 401
        ward.app.state.runtime.throttle = Throttle()
        sign_in = {"user": "nurse", "password": PASSWORDS["nurse"]}
        assert (await nurse.post("/api/v1/session", json=sign_in)).status_code == 401
        await admin.post("/api/v1/accounts/nurse/enable", json={})
        assert (await nurse.post("/api/v1/session", json=sign_in)).status_code == 201


async def test_somebody_is_always_left_to_manage_all(ward: Ward) -> None:
    async with ward.signed_in("admin") as admin:
        lowered = await admin.put("/api/v1/accounts/admin/grants", json={"grants": [{"role": "carer"}]})
        assert (lowered.status_code, lowered.json()["error"]["code"]) == (409, "last_administrator")
        assert (await admin.post("/api/v1/accounts/admin/disable", json={})).json()["error"]["code"] == "yourself"
        raised = await admin.put("/api/v1/accounts/wang/grants", json={"grants": [{"role": "administrator"}]})
        assert raised.status_code == 200
        lowered = await admin.put("/api/v1/accounts/admin/grants", json={"grants": [{"role": "carer"}]})
        assert lowered.status_code == 200
        assert (await admin.get("/api/v1/accounts")).status_code == 403, "it counts from the next call on"


async def test_two_who_take_the_right_from_each_other_at_once_leave_one(ward: Ward) -> None:
    await accounts.set_grants(ward.pool, "wang", [Grant(role=Role.ADMINISTRATOR)], "", 0)
    carer = [Grant(role=Role.CARER)]
    async with ward.pool.acquire() as connection:
        async with connection.transaction():
            await accounts.set_grants(connection, "admin", carer, "", 0)
            other = asyncio.create_task(accounts.set_grants(ward.pool, "wang", carer, "", 0))
            await asyncio.sleep(0.3)
        with pytest.raises(BrokenRule, match="Nobody would be left"):
            await other


async def test_an_administrator_of_a_part_manages_that_part_and_gives_no_more_than_they_have(
    ward: Ward, two: tuple[Centre, Centre]
) -> None:
    x, y = two
    both = (Grant(role=Role.CARER, place=x.unit), Grant(role=Role.MANAGER, place=y.top))
    await account(ward, "both", *both)
    async with signed_in(ward, "boss-x") as boss:
        listed = {each["name"]: each for each in (await boss.get("/api/v1/accounts")).json()["accounts"]}
        assert set(listed) == {"account-x", "boss-x", "both"}
        assert [grant["place"] for grant in listed["both"]["grants"]] == [x.unit]
        assert (listed["both"]["yours"], listed["account-x"]["yours"]) == (False, True)
        refused = await boss.post("/api/v1/accounts/both/password", json={})
        assert (refused.status_code, refused.json()["error"]["code"]) == (403, "has_more")
        assert (await boss.post("/api/v1/accounts/admin/password", json={})).status_code == 404
        assert (await boss.post("/api/v1/accounts/account-y/password", json={})).status_code == 404
        for grant, status in (
            ({"role": "manager"}, 403),
            ({"role": "carer", "place": y.top}, 404),
            ({"role": "family", "resident": y.filled["resident_id"]}, 404),
            ({"role": "family", "resident": x.filled["resident_id"]}, 200),
            ({"role": "nurse_in_charge", "place": x.top}, 200),
            ({"role": "family", "place": x.top}, 422),
        ):
            answer = await boss.put("/api/v1/accounts/account-x/grants", json={"grants": [grant]})
            assert answer.status_code == status, (grant, answer.text)
        assert answer.status_code == 422
        nothing = await boss.put("/api/v1/accounts/account-x/grants", json={"grants": []})
        assert nothing.json()["error"]["code"] == "nothing_left"
        ended = await boss.delete("/api/v1/accounts/account-x/sessions", headers=ASKED)
        assert ended.status_code == 204
        assert (await boss.get("/api/v1/accounts/account-x/sessions")).json() == {"sessions": []}
