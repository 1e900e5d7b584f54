"""A fall from the wrist to the desk, claimed and resolved over HTTP: the whole way, on real servers."""

import json
from typing import Any

import httpx
import pytest

from tests.system.falls import play, wearable
from tests.system.platform import Platform, eventually

pytestmark = [pytest.mark.servers, pytest.mark.timeout(180)]


def alerts_of(platform: Platform, resident: str, status: str = "all") -> list[dict[str, Any]]:
    alerts = platform.get("/alerts", status=status, limit=500)["alerts"]
    return [alert for alert in alerts if alert["resident"]["id"] == resident]


def test_a_fall_raises_one_alert_that_a_carer_claims_and_resolves(platform: Platform) -> None:
    resident = platform.add_wearer("陈桂兰", "fall-1")
    play(wearable(platform, "fall-1", seed=1))
    raised = eventually(lambda: alerts_of(platform, resident), seconds=20, what="the alert")
    assert len(raised) == 1
    alert = raised[0]
    assert (alert["kind"], alert["severity"], alert["state"], alert["occurrences"]) == ("fall", "high", "raised", 1)
    assert alert["resident"]["name"] == "陈桂兰"
    assert {reason["code"] for reason in alert["evidence"]["reasons"]} >= {"impact"}
    trace = platform.get(f"/alerts/{alert['id']}/trace")
    assert max(max(segment["values"]) for segment in trace["segments"]) > 3

    platform.sign_in("carer")
    claimed = platform.post(f"/alerts/{alert['id']}/claim")
    assert claimed["state"] == "claimed"
    resolved = platform.post(f"/alerts/{alert['id']}/resolve", {"outcome": "real_unhurt", "note": "扶起，无外伤"})
    assert (resolved["state"], resolved["outcome"]) == ("resolved", "real_unhurt")
    steps = [step["kind"] for step in platform.get(f"/alerts/{alert['id']}")["steps"]]
    assert steps == ["raised", "claimed", "resolved"]
    platform.sign_in("administrator")


def test_what_the_console_hears_is_what_happened(platform: Platform) -> None:
    """The live stream tells of the raising and of the claim, in order."""
    resident = platform.add_wearer("Live Listener", "fall-2")
    heard: list[str] = []
    with platform.http.stream("GET", "/events", timeout=httpx.Timeout(60)) as stream:
        lines = stream.iter_lines()
        assert any(line.startswith("event: hello") for line in lines)
        play(wearable(platform, "fall-2", seed=2))
        alert = eventually(lambda: alerts_of(platform, resident), seconds=20, what="the alert")[0]
        platform.post(f"/alerts/{alert['id']}/claim")
        for line in lines:
            if not line.startswith("data: "):
                continue
            told = json.loads(line.removeprefix("data: "))
            if told.get("alert", {}).get("id") == alert["id"]:
                heard.append(told["step"]["kind"])
            if heard[-1:] == ["claimed"]:
                break
    assert heard == ["raised", "claimed"]
    platform.post(f"/alerts/{alert['id']}/resolve", {"outcome": "test"})
