"""Reaching people over HTTP: tests, the log of a place, and templates that an administrator writes."""

from typing import Any

import pytest

from schemas.address import Channel
from schemas.ladder import Delivery, DeliveryState
from schemas.reach import TriedState
from store import deliveries, outbox, reach
from tests.api.conftest import SECOND_US, Ward

pytestmark = pytest.mark.servers

DAY_S = 86_400
OURS = {"X-Requested-With": "console"}


def steps() -> list[dict[str, Any]]:
    ways = [{"address": "https://sms.example.org/k3y"}]
    return [{"recipient": f"p{n}", "address": f"http://127.0.0.1:9/s3cr3t{n}", "ways": ways} for n in range(3)]


async def manager_of(ward: Ward) -> None:
    await ward.pool.execute("update account_grant set role = 'manager' where account = 'wang'")


async def test_a_manager_tries_a_telephone_and_sees_when_it_is_due(ward: Ward) -> None:
    await manager_of(ward)
    url = f"/api/v1/places/{ward.unit}"
    async with ward.signed_in("admin") as admin, ward.signed_in("wang") as manager:
        await admin.put(f"{url}/ladder", json={"steps": steps()})
        answer = await manager.get(f"{url}/reach")
        assert answer.status_code == 200, answer.text
        seen = answer.json()
        assert [each["ref"] for each in seen["phones"]] == ["0.0", "0.1", "1.0", "1.1", "2.0", "2.1"]
        assert {each["state"] for each in seen["phones"]} == {"due"} and not seen["simulated"]
        assert seen["phones"][0]["address"] == "http://127.0.0.1/…"
        asked = await manager.post(f"{url}/reach/tests", json={"ref": "0.1", "version": seen["version"]})
        assert (asked.status_code, asked.json()["state"], asked.json()["recipient"]) == (201, "waiting", "p0")
        assert (await outbox.counts(ward.pool))["test_reach", "waiting"] == 1
        test_id = asked.json()["id"]
        await reach.end(ward.pool, test_id, TriedState.SENT, ward.clock(), 120, "")
        read = (await manager.get(f"{url}/reach/tests/{test_id}")).json()
        assert (read["state"], read["took_ms"], read["confirmed_time"]) == ("sent", 120, None)
        await reach.confirm(ward.pool, test_id, ward.clock())
        now = {each["ref"]: each for each in (await manager.get(f"{url}/reach")).json()["phones"]}
        assert (now["0.1"]["state"], now["0.0"]["state"]) == ("ok", "due")
        late = await manager.post(f"{url}/reach/tests", json={"ref": "0.0", "version": 1})
        assert (late.status_code, late.json()["error"]["code"]) == (409, "changed_meanwhile")
        none = await manager.post(f"{url}/reach/tests", json={"ref": "9.0", "version": seen["version"]})
        assert none.status_code == 404
        assert (await manager.get(f"{url}/reach/tests/rt_none")).status_code == 404
    ward.clock.forward(31 * DAY_S)
    async with ward.signed_in("admin") as admin:
        now = {each["ref"]: each for each in (await admin.get(f"{url}/reach")).json()["phones"]}
        assert (now["0.1"]["state"], now["0.1"]["address"]) == ("overdue", "https://sms.example.org/k3y")
    async with ward.signed_in("nurse") as nurse:
        assert (await nurse.get(f"{url}/reach")).status_code == 403
        assert (await nurse.post(f"{url}/reach/tests", json={})).status_code == 403


async def test_the_log_of_a_place_says_what_was_sent_and_why_not(ward: Ward) -> None:
    alert = await ward.fall()
    for step, (state, error) in enumerate([(DeliveryState.SENT, ""), (DeliveryState.FAILING, "answered 503")]):
        one = Delivery(
            finding=alert.finding, round=0, step=step, recipient=f"p{step}", channel=Channel.APPRISE,
            address="dingtalk://s3cr3t", alert=alert.id, state=state, claimed_us=ward.clock() + step * SECOND_US,
            tried_us=ward.clock(), error=error,
        )  # fmt: skip
        await deliveries.keep(ward.pool, one)
    url = f"/api/v1/places/{ward.unit}/deliveries"
    async with ward.signed_in("admin") as admin:
        answer = await admin.get(url)
        assert "s3cr3t" not in answer.text
        assert answer.status_code == 200, answer.text
        said = answer.json()
        assert [(each["recipient"], each["state"], each["error"]) for each in said["deliveries"]] == [
            ("p1", "failing", "answered 503"),
            ("p0", "sent", ""),
        ]
        assert (said["deliveries"][0]["kind"], said["deliveries"][0]["name"], said["more"]) == ("fall", "陈桂兰", False)
    ward.clock.forward(8 * DAY_S)
    async with ward.signed_in("admin") as admin:
        assert (await admin.get(url)).json()["deliveries"] == []
        assert len((await admin.get(url, params={"days": 31})).json()["deliveries"]) == 2


async def test_templates_are_tried_by_a_manager_and_written_by_an_administrator(ward: Ward) -> None:
    await manager_of(ward)
    url = "/api/v1/message-templates"
    async with ward.signed_in("admin") as admin, ward.signed_in("wang") as manager:
        listed = (await manager.get(url)).json()
        first = {each["id"]: each for each in listed["templates"]}["fall.high.zh"]
        assert (first["text"], first["own"]) == ("{what}:{who},{where},{time} 起。", False)
        tried = (await manager.post(f"{url}/fall.high.zh/preview", json={"text": "{who} 摔了"})).json()
        assert tried == {"text": "陈桂兰 摔了", "first_line": 6, "limit": 70}
        assert (await manager.put(f"{url}/fall.high.zh", json={"text": "x"})).status_code == 403
        wrong = await admin.put(f"{url}/fall.high.zh", json={"text": "{who} {room}"})
        assert (wrong.status_code, wrong.json()["error"]["code"], wrong.json()["field"]) == (
            422,
            "unknown_field",
            "room",
        )
        assert "where" in wrong.json()["known"]
        assert (await admin.put(f"{url}/fall.high.zh", json={"text": "{who} 摔了"})).json()["own"]
        assert (await admin.delete(f"{url}/fall.high.zh", headers=OURS)).json()["text"] == first["text"]
        assert (await admin.put(f"{url}/fall.low.zh", json={"text": "x"})).status_code == 404
    assert (await outbox.counts(ward.pool))["mirror_templates", "waiting"] == 2


async def test_an_administrator_of_one_place_does_not_write_for_all(ward: Ward) -> None:
    await ward.pool.execute(
        "update account_grant set role = 'administrator', place = $1 where account = 'wang'", ward.unit
    )
    async with ward.signed_in("wang") as local:
        answer = await local.put("/api/v1/message-templates/fall.high.zh", json={"text": "x"})
        assert answer.status_code == 403
        assert (await local.get("/api/v1/message-templates")).status_code == 200
