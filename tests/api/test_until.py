"""A claim's deadline and a hold's time, over HTTP."""

from typing import Any

import pytest

from api.times import from_iso, iso
from schemas.alert import Alert
from schemas.finding import FindingKind
from tests.api.conftest import START_US, Ward
from tests.api.test_alerts import act
from tests.api.test_ladders import body

pytestmark = pytest.mark.servers

MINUTE_US = 60_000_000


async def test_a_claim_says_until_when_it_holds_and_one_press_of_its_owner_moves_that(ward: Ward) -> None:
    raised = await ward.fall()
    async with ward.signed_in() as nurse, ward.signed_in("wang") as wang:
        claimed = (await act(nurse, raised.id, "claim")).json()
        assert from_iso(claimed["due_time"]) == START_US + 10 * MINUTE_US
        ward.clock.forward(300)
        assert (await act(wang, raised.id, "extend")).json()["error"]["code"] == "not_owner"
        still = (await act(nurse, raised.id, "extend")).json()
        assert from_iso(still["due_time"]) == START_US + 15 * MINUTE_US
        done = (await act(nurse, raised.id, "resolve", outcome="real_unhurt")).json()
        assert done["due_time"] is None


async def test_the_ladder_of_a_place_says_how_long_a_claim_holds_there_and_below(ward: Ward) -> None:
    raised = await ward.fall()
    async with ward.signed_in("admin") as admin:
        url = f"/api/v1/places/{ward.unit}/ladder"
        said = (await admin.put(url, json=body(patience_s={"high": 240}, again_s=120))).json()
        assert (said["patience_s"], said["again_s"]) == ({"high": 240, "medium": 1800, "low": 7200}, 120)
        claimed = (await act(admin, raised.id, "claim")).json()
        assert from_iso(claimed["due_time"]) == START_US + 4 * MINUTE_US
        for wrong in ({"patience_s": {"high": 5}}, {"again_s": 1}, {"patience_s": {"low": 90_000}}):
            assert (await admin.put(url, json=body(**wrong))).status_code == 422


async def held(client: Any, alert: Alert, minutes: int) -> tuple[int, dict[str, Any]]:
    answer = await act(client, alert.id, "hold", until=iso(START_US + minutes * MINUTE_US))
    return answer.status_code, answer.json()


async def test_an_owner_holds_until_a_time_and_nobody_puts_off_a_fall_that_they_have_not_claimed(ward: Ward) -> None:
    raised = await ward.fall()
    async with ward.signed_in() as nurse, ward.signed_in("wang") as wang:
        status, refused = await held(nurse, raised, 20)
        assert (status, refused["error"]["code"]) == (409, "claim_first")
        assert refused["alert"]["state"] == "raised"
        await act(nurse, raised.id, "claim")
        status, alert = await held(nurse, raised, 20)
        assert (status, alert["state"], alert["claimed_by"]) == (200, "held", "nurse")
        assert from_iso(alert["due_time"]) == START_US + 20 * MINUTE_US
        assert [a["id"] for a in (await wang.get("/api/v1/alerts?status=held")).json()["alerts"]] == [raised.id]
        assert [a["id"] for a in (await wang.get("/api/v1/alerts")).json()["alerts"]] == [raised.id]
        assert (await held(nurse, raised, 31))[1]["error"]["code"] == "hold_too_long"
        assert (await act(wang, raised.id, "claim")).json()["error"]["code"] == "already_claimed"
        again = await ward.fall()
        assert (again.id, again.state, again.claimed_by) == (raised.id, "raised", None)


async def test_what_can_wait_is_held_by_whoever_looked_at_it(ward: Ward) -> None:
    raised = await ward.fall(kind=FindingKind.INACTIVITY)
    async with ward.signed_in() as nurse:
        status, alert = await held(nurse, raised, 90)
    assert (status, alert["state"], alert["claimed_by"]) == (200, "held", "nurse")
