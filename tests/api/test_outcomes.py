"""The list of outcomes: six that are always there, and the institution's own, each counted as one of them."""

from typing import Any

import pytest

from tests.api.conftest import Ward
from tests.api.test_alerts import act

pytestmark = pytest.mark.servers

SLID: dict[str, Any] = {"base": "real_unhurt", "zh": "滑下床沿", "en": "Slid off the bed"}


async def test_an_own_outcome_is_offered_said_of_an_alert_counted_as_its_base_and_retired(ward: Ward) -> None:
    raised = await ward.fall()
    async with ward.signed_in("admin") as admin, ward.signed_in() as nurse:
        assert len((await nurse.get("/api/v1/outcomes")).json()["base"]) == 6
        added = (await admin.post("/api/v1/outcomes", json=SLID)).json()
        assert (await nurse.get("/api/v1/outcomes")).json()["local"] == [added]
        assert (await admin.post("/api/v1/outcomes", json=SLID)).json()["error"]["code"] == "there_already"
        wrong = await act(nurse, raised.id, "resolve", outcome="false_alarm", local=added["id"])
        assert (wrong.status_code, wrong.json()["error"]["code"]) == (409, "no_such_outcome")
        done = (await act(nurse, raised.id, "resolve", outcome="real_unhurt", local=added["id"])).json()
        assert (done["outcome"], done["outcome_local"]["zh"]) == ("real_unhurt", "滑下床沿")
        gone = await admin.delete(f"/api/v1/outcomes/{added['id']}", headers={"X-Requested-With": "test"})
        assert gone.json()["retired"]
        assert (await nurse.get(f"/api/v1/alerts/{raised.id}")).json()["outcome_local"]["id"] == added["id"]
        again = (await act(nurse, raised.id, "reopen")).json()
        assert (again["outcome"], again["outcome_local"]) == (None, None)
        late = await act(nurse, raised.id, "resolve", outcome="real_unhurt", local=added["id"])
        assert late.status_code == 409
        plain = (await act(nurse, raised.id, "resolve", outcome="real_unhurt")).json()
        assert (plain["outcome"], plain["outcome_local"]) == ("real_unhurt", None)
