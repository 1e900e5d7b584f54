"""An open console says that it is there; who may, what it answers, and that an API that starts says so."""

import httpx
import pytest

from schemas.places import PlaceKind
from store import attendance, people
from store.accounts import Grant, Role
from tests.api.centres import account, signed_in
from tests.api.conftest import Ward
from tests.ingest.waiting import eventually

pytestmark = pytest.mark.servers

HOURS = {"start": "07:00", "end": "07:00"}


async def say(client: httpx.AsyncClient, sound: str = "armed", console: str = "console-1") -> dict[str, object]:
    answer = await client.post("/api/v1/presence", json={"console": console, "sound": sound})
    assert answer.status_code == 200, answer.text
    said: list[dict[str, object]] = answer.json()["wards"]
    return said[0] if said else {}


async def test_a_place_is_marked_and_each_console_that_shows_it_counts(ward: Ward) -> None:
    url = f"/api/v1/places/{ward.unit}"
    async with ward.signed_in("admin") as admin, ward.signed_in() as nurse:
        assert await say(nurse) == {}
        assert (await nurse.patch(url, json={"watched_ward": HOURS})).status_code == 403
        marked = (await admin.patch(url, json={"watched_ward": HOURS, "timezone": "Europe/Berlin"})).json()
        assert (marked["watched_ward"], marked["timezone"], marked["fall_alarm"]) == (HOURS, "Europe/Berlin", None)
        (listed,) = (await nurse.get("/api/v1/places")).json()["places"]
        assert listed["watched_ward"] == HOURS
        said = await say(nurse)
        assert (said["consoles"], said["armed"], said["lack"], said["timezone"]) == (1, 1, None, "Europe/Berlin")
        said = await say(admin, "blocked", "console-2")
        assert (said["consoles"], said["armed"]) == (2, 1)
        said = await say(nurse, "off")
        assert (said["consoles"], said["armed"], said["lack"]) == (2, 0, "no_sound_armed")
        ward.clock.forward(31)
        (said,) = (await nurse.get("/api/v1/attendance")).json()["wards"]
        assert (said["consoles"], said["lack"]) == (0, "nobody_watches")
        assert (await admin.patch(url, json={"watched_ward": None})).json()["watched_ward"] is None
        assert (await nurse.get("/api/v1/attendance")).json()["wards"] == []


@pytest.mark.parametrize(
    "body",
    [
        {"console": "c 1", "sound": "armed"},
        {"console": "console-1", "sound": "loud"},
        {"console": "console-1"},
    ],
)
async def test_a_word_that_says_nothing_is_refused(ward: Ward, body: dict[str, str]) -> None:
    async with ward.signed_in() as nurse:
        assert (await nurse.post("/api/v1/presence", json=body)).status_code == 422


async def test_a_console_shows_what_its_account_cares_for_and_no_other_ward(ward: Ward) -> None:
    other = await people.add_place(ward.pool, name="三楼", kind=PlaceKind.FLOOR, now_us=ward.clock())
    async with ward.signed_in("admin") as admin:
        for place in (ward.unit, other.id):
            await admin.patch(f"/api/v1/places/{place}", json={"watched_ward": HOURS})
    await account(ward, "li", Grant(role=Role.CARER, place=other.id))
    async with signed_in(ward, "li") as li, ward.signed_in() as nurse:
        assert (await say(li))["name"] == "三楼"
        by_name = {each["name"]: each for each in (await nurse.get("/api/v1/attendance")).json()["wards"]}
        assert (by_name["三楼"]["armed"], by_name["二楼"]["armed"]) == (1, 0)


async def test_what_a_console_says_by_itself_is_no_line_of_the_log(ward: Ward) -> None:
    before = await ward.pool.fetchval("select count(*) from audit")
    async with ward.signed_in() as nurse:
        await say(nurse)
    after = await ward.pool.fetchval("select count(*) from audit")
    assert after == before + 1  # the sign-in


async def test_an_api_that_starts_says_since_when_consoles_can_speak(ward: Ward) -> None:
    async def begun() -> bool:
        return await attendance.listening_since(ward.pool) == ward.clock()

    await eventually(begun)
