"""The log of who looked at whom and who changed what: a line before it is done, and none is ever rewritten."""

import asyncpg
import pytest

from api.looks import FOLD_US
from store import audit
from tests.api.conftest import SECOND_US, Ward

pytestmark = pytest.mark.servers


async def lines(ward: Ward, **chosen: object) -> list[tuple[str, str, str | None, bool]]:
    found = await audit.entries(ward.pool, **chosen)  # type: ignore[arg-type]
    return [(each.account, each.act, each.resident, each.refused) for each in reversed(found) if each.act != "sign_in"]


async def test_a_page_that_stays_open_is_one_line_and_ten_minutes_later_another(ward: Ward) -> None:
    page = f"/api/v1/residents/{ward.resident}"
    async with ward.signed_in() as nurse:
        for _ in range(3):
            for part in ("", "/day", "/settings", "/quiet", "/missed", "/proposal", "/routine"):
                assert (await nurse.get(page + part)).status_code == 200
            ward.clock.forward(10)
        assert await lines(ward) == [("nurse", "resident", ward.resident, False)]
        ward.clock.forward(FOLD_US / SECOND_US)
        await nurse.get(page)
        assert len(await lines(ward)) == 2
    async with ward.signed_in() as elsewhere:
        await elsewhere.get(page)
        assert len(await lines(ward)) == 3, "another session is another look"


async def test_alert_and_trace_are_looks_of_their_own_and_lists_are_none(ward: Ward) -> None:
    raised = await ward.fall()
    async with ward.signed_in() as nurse:
        for path in ("/alerts", "/residents", "/overview", f"/alerts/{raised.id}", f"/alerts/{raised.id}/trace"):
            assert (await nurse.get(f"/api/v1{path}")).status_code == 200
        await nurse.get("/api/v1/residents/re_nobody")
    expected = [("nurse", "alert", ward.resident, False), ("nurse", "trace", ward.resident, False)]
    assert await lines(ward) == expected


async def test_a_change_is_written_down_with_what_was_asked_and_whether_it_was_refused(ward: Ward) -> None:
    raised = await ward.fall()
    async with ward.signed_in() as nurse, ward.signed_in("wang") as wang:
        assert (await nurse.post(f"/api/v1/alerts/{raised.id}/claim", json={})).status_code == 200
        assert (await wang.post(f"/api/v1/alerts/{raised.id}/claim", json={})).status_code == 409
        done = {"outcome": "false_alarm", "note": "她说没事"}
        assert (await nurse.post(f"/api/v1/alerts/{raised.id}/resolve", json=done)).status_code == 200
        assert (await nurse.patch(f"/api/v1/residents/{ward.resident}", json={"room": "9"})).status_code == 403
    assert await lines(ward) == [
        ("nurse", "claim_alert", ward.resident, False),
        ("wang", "claim_alert", ward.resident, True),
        ("nurse", "resolve_alert", ward.resident, False),
    ]
    resolved = (await audit.entries(ward.pool))[0]
    assert resolved.data == {"outcome": "false_alarm", "fields": ["note"]}
    assert (resolved.object, resolved.unit, resolved.at_us) == (raised.id, ward.unit, ward.clock())


async def test_on_a_full_disk_an_alert_is_read_and_the_look_is_written_later_and_nothing_is_changed(
    ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    raised = await ward.fall()
    async with ward.signed_in() as nurse:
        with monkeypatch.context() as full:
            full.setattr(audit, "write", _full)
            assert (await nurse.get(f"/api/v1/alerts/{raised.id}")).status_code == 200
            assert (await nurse.post(f"/api/v1/alerts/{raised.id}/claim", json={})).status_code == 503
            assert (await nurse.get(f"/api/v1/alerts/{raised.id}")).json()["state"] == "raised"
        looked_us = ward.clock()
        assert await lines(ward) == []
        ward.clock.forward(60)
        await nurse.get(f"/api/v1/residents/{ward.resident}")
    expected = [("nurse", "alert", ward.resident, False), ("nurse", "resident", ward.resident, False)]
    assert await lines(ward) == expected
    assert (await audit.entries(ward.pool))[1].at_us == looked_us


async def _full(*_: object, **__: object) -> int:
    raise asyncpg.DiskFullError("no space left")


@pytest.mark.parametrize("sql", ["update audit set account = 'x'", "delete from audit", "truncate audit"])
async def test_what_is_written_stays_as_it_is(ward: Ward, sql: str) -> None:
    async with ward.signed_in() as nurse:
        await nurse.get(f"/api/v1/residents/{ward.resident}")
    before = await ward.pool.fetch("select * from audit order by id")
    assert len(before) == 2
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="stays as it is"):
        await ward.pool.execute(sql)
    assert await ward.pool.fetch("select * from audit order by id") == before


async def test_what_a_stranger_sends_cannot_break_the_log(ward: Ward) -> None:
    async with ward.signed_in("admin") as admin:
        for text in (
            r'{"name": "a\u0000b"}',
            r'{"name": "\ud800"}',
            '{"name": NaN}',
            '{"grants": [[[1e400]]]}',
            "[1]",
            "x",
        ):
            headers = {"Content-Type": "application/json"}
            answer = await admin.patch(f"/api/v1/residents/{ward.resident}", content=text, headers=headers)
            assert answer.status_code == 422, (text, answer.text)


async def test_who_answers_for_the_shift_reads_who_looked_and_a_carer_does_not(ward: Ward) -> None:
    async with ward.signed_in() as nurse, ward.signed_in("admin") as admin:
        await nurse.get(f"/api/v1/residents/{ward.resident}")
        await nurse.post(
            f"/api/v1/residents/{ward.resident}/missed", json={"time": "2026-01-01T00:00:00Z", "note": "x"}
        )
        assert (await nurse.get(f"/api/v1/residents/{ward.resident}/looks")).status_code == 403
        assert (await nurse.get("/api/v1/audit")).status_code == 403
        looks = (await admin.get(f"/api/v1/residents/{ward.resident}/looks")).json()["entries"]
        assert [(each["name"], each["act"]) for each in looks if each["account"] == "nurse"] == [("Nurse", "resident")]
        chosen = (await admin.get("/api/v1/audit", params={"account": "nurse", "resident": ward.resident})).json()
        assert [each["act"] for each in chosen["entries"]] == ["report_missed", "resident"]
        assert [each["resident_name"] for each in chosen["entries"]] == ["陈桂兰"] * 2
        page = (await admin.get("/api/v1/audit", params={"before": chosen["entries"][0]["id"], "limit": 1})).json()
        assert page["entries"][0]["id"] == chosen["entries"][1]["id"]
        later = {"since": "2200-01-01T00:00:00Z"}
        assert (await admin.get("/api/v1/audit", params=later)).json() == {"entries": []}
