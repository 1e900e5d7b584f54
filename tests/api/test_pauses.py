"""I am with her: begun, seen by all, made longer, ended; and what waited rings."""

from contextlib import AsyncExitStack
from typing import Any

import httpx
import pytest

from api.times import from_iso
from schemas.finding import FindingKind
from store import alerts, contacts
from tests.api.conftest import PASSWORDS, START_US, Ward
from tests.api.listening import listening, serving, token_of
from tests.api.test_alerts import act, neighbour

pytestmark = pytest.mark.servers

MINUTE_US = 60_000_000


async def there(client: httpx.AsyncClient, ward: Ward, **body: Any) -> httpx.Response:
    return await client.post(f"/api/v1/residents/{ward.resident}/pause", json=body)


async def leave(client: httpx.AsyncClient, ward: Ward) -> httpx.Response:
    return await client.delete(f"/api/v1/residents/{ward.resident}/pause", headers={"X-Requested-With": "test"})


async def test_everybody_sees_who_is_there_and_until_when(ward: Ward) -> None:
    async with ward.signed_in() as nurse, ward.signed_in("wang") as wang:
        begun = (await there(nurse, ward)).json()["pause"]
        assert (begun["by"], from_iso(begun["until"])) == ("nurse", START_US + 15 * MINUTE_US)
        assert (await wang.get(f"/api/v1/residents/{ward.resident}")).json()["pause"] == begun
        assert (await wang.get("/api/v1/overview")).json()["pauses"] == [begun]
        refused = await there(wang, ward)
        assert (refused.status_code, refused.json()["error"]["code"]) == (409, "somebody_is")
        ward.clock.forward(600)
        longer = (await there(nurse, ward, minutes=60)).json()["pause"]
        assert (longer["since"], from_iso(longer["until"])) == (begun["since"], START_US + 70 * MINUTE_US)
        assert (await there(nurse, ward, minutes=61)).status_code == 422
        assert (await leave(wang, ward)).json() == {"pause": None}
        assert (await leave(wang, ward)).json() == {"pause": None}
        assert (await wang.get("/api/v1/overview")).json()["pauses"] == []
        settings = (await wang.get(f"/api/v1/residents/{ward.resident}/settings")).json()
    said = [(change["what"], change["actor"]) for change in settings["changes"]]
    assert said == [("pause_ended", "wang"), ("pause_longer", "nurse"), ("pause_begun", "nurse")]
    assert settings["changes"][0]["data"]["by"] == "nurse"


async def test_it_ends_by_itself_and_the_next_may_begin(ward: Ward) -> None:
    async with ward.signed_in() as nurse, ward.signed_in("wang") as wang:
        await there(nurse, ward, minutes=5)
        ward.clock.forward(300)
        assert (await wang.get(f"/api/v1/residents/{ward.resident}")).json()["pause"] is None
        assert (await there(wang, ward)).json()["pause"]["by"] == "wang"


async def test_what_is_found_meanwhile_is_listed_and_rings_when_whoever_is_there_leaves(ward: Ward) -> None:
    other = await neighbour(ward, "吴爱娣")
    async with ward.signed_in() as nurse:
        await there(nurse, ward)
        (mirrored,) = (await contacts.contacts(ward.pool, ward.unit)).values()
        assert mirrored.with_them == {ward.resident: START_US + 15 * MINUTE_US}
        fall = await ward.fall()
        silence = await ward.fall(kind=FindingKind.INACTIVITY)
        smoke = await ward.fall(kind=FindingKind.SMOKE)
        elsewhere = await ward.fall(other)
        said = {a["id"]: a["silent_until_time"] for a in (await nurse.get("/api/v1/alerts")).json()["alerts"]}
        assert from_iso(said[fall.id]) == START_US + MINUTE_US
        assert from_iso(said[silence.id]) == START_US + 15 * MINUTE_US
        assert said[smoke.id] is said[elsewhere.id] is None
        ward.clock.forward(120)
        await there(nurse, ward, minutes=30)
        later = (await nurse.get(f"/api/v1/alerts/{silence.id}")).json()
        assert from_iso(later["silent_until_time"]) == START_US + 32 * MINUTE_US
        await leave(nurse, ward)
        rings = (await nurse.get(f"/api/v1/alerts/{silence.id}")).json()
        assert (rings["silent_until_time"], rings["steps"][-1]["kind"]) == (None, "silenced")
        assert (await act(nurse, fall.id, "claim")).json()["silent_until_time"] is None
    found = await alerts.one(ward.pool, silence.id)
    assert found is not None and found.silent_until_us is None


async def test_nobody_is_with_somebody_who_is_not_there(ward: Ward) -> None:
    async with ward.signed_in() as nurse:
        assert (await nurse.post("/api/v1/residents/re_none/pause", json={})).status_code == 404


async def test_whoever_cares_hears_at_once_who_came_and_that_they_left_and_a_family_does_not(ward: Ward) -> None:
    sql = "insert into account (name, display_name, password_hash, created_us) select 'son', 'Son', password_hash, 0"
    await ward.pool.execute(f"{sql} from account where name = 'nurse'")
    await ward.pool.execute(
        "insert into account_grant (account, role, resident, given_by, given_us) values ('son', 'family', $1, '', 0)",
        ward.resident,
    )
    async with AsyncExitStack() as running:
        url = await running.enter_async_context(serving(ward.app))
        nurse = await running.enter_async_context(ward.signed_in())
        answer = await nurse.post("/api/v1/session", json={"user": "son", "password": PASSWORDS["nurse"]})
        tokens = [await token_of(url, "wang"), await token_of(url, "admin"), answer.json()["token"]]
        nurse.headers["Authorization"] = f"Bearer {await token_of(url)}"
        streams = [await running.enter_async_context(listening(url, token)) for token in tokens]
        for stream in streams:
            await stream.next("hello")
        *staff, son = streams
        begun = (await there(nurse, ward)).json()["pause"]
        assert [(await stream.next()).data for stream in staff] == [{"resident": ward.resident, "pause": begun}] * 2
        longer = (await there(nurse, ward, minutes=60)).json()["pause"]
        assert [(await stream.next()).data["pause"] for stream in staff] == [longer] * 2
        await leave(nurse, ward)
        heard = [await stream.next() for stream in staff]
        assert [(each.name, each.id, each.data["pause"]) for each in heard] == [("pause", None, None)] * 2
        alert = await ward.fall()
        first = await son.next()
    assert (first.name, first.data["alert"]["id"]) == ("alert", alert.id)
