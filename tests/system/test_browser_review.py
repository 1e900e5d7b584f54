"""A nurse in charge in a real Chromium: a false alarm that was resolved is counted, looked at, corrected and closed."""

import csv
import io
import json
import re
import time
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.system.device import Device
from tests.system.platform import Platform, eventually
from tests.system.test_browser import _sign_in, browser, page
from tests.system.test_spine import alerts_of

__all__ = ["browser", "page"]
pytestmark = [pytest.mark.servers, pytest.mark.browser, pytest.mark.timeout(180)]

#: A press is taken back here as long as a toast offers it; then it is sent.
SENT_MS = 12_000
ALERT_S = 30


def false_alarm(platform: Platform, name: str, device: str) -> dict[str, Any]:
    """Let somebody press for help, claim it, and say that it was for nothing."""
    resident = platform.add_wearer(name, device)
    call = {"boot": 9, "seq": 1, "t_us": 1_000_000, "utc_us": round(time.time() * 1e6), "type": "sos"}
    with Device(platform.state["mqtt"], device) as button:
        button.publish(f"sw/v1/{device}/event", json.dumps(call).encode()).wait_for_publish(10)
        raised: list[dict[str, Any]] = eventually(
            lambda: alerts_of(platform, resident), seconds=ALERT_S, what="an alert"
        )
    platform.post(f"/alerts/{raised[0]['id']}/claim")
    platform.post(f"/alerts/{raised[0]['id']}/resolve", {"outcome": "false_alarm"})
    return raised[0]


def test_a_false_alarm_is_counted_looked_at_taken_along_corrected_and_closed(page: Page, platform: Platform) -> None:
    alert = false_alarm(platform, "He Shufen", "browser-review")
    _sign_in(page, platform, "en", "administrator")
    page.get_by_role("link", name="Review").first.click()
    row = page.locator(f"[data-testid=review-row][data-alert-id={alert['id']}]")
    expect(row).to_contain_text("False alarm")
    outcomes = page.get_by_test_id("outcomes").get_by_role("row", name=re.compile("False alarm"))
    counted = int(re.sub(r"\D", "", outcomes.get_by_role("cell").first.inner_text()))
    assert counted >= 1
    expect(page.get_by_test_id("tile-within-60")).to_contain_text("Goal 97.5 %")
    expect(page.get_by_test_id("curve").get_by_role("img")).to_have_attribute("aria-label", re.compile("goal 99"))

    row.locator("[data-review]").click()
    expect(page.get_by_test_id("looked")).to_contain_text("He Shufen")
    page.get_by_test_id("export").click()
    page.get_by_test_id("names").check()
    with page.expect_download() as download:
        page.get_by_test_id("export-csv").click()
    text = download.value.path().read_bytes().decode("utf-8-sig")
    taken = [line for line in csv.DictReader(io.StringIO(text)) if line["Alert"] == alert["id"]]
    assert [(line["Resident"], line["Outcome"], line["Within 60 s"]) for line in taken] == [
        ("He Shufen", "false_alarm", "1")
    ]

    page.keyboard.press("o")
    page.get_by_test_id("correct-cancelled").click()
    page.get_by_test_id("correct-do").click()
    expect(row).to_contain_text("Cancelled")
    page.keyboard.press("e")
    expect(row).to_have_count(0)
    page.keyboard.press("u")
    expect(row).to_have_count(1)
    row.locator("[data-review]").click()
    page.keyboard.press("e")
    expect(row).to_have_count(0)
    eventually(
        lambda: platform.get(f"/alerts/{alert['id']}")["state"] == "closed" or None,
        seconds=SENT_MS / 1000,
        what="closed",
    )
    said = platform.get(f"/alerts/{alert['id']}")
    assert (said["outcome"], [step["kind"] for step in said["steps"]][-2:]) == ("cancelled", ["resolved", "closed"])


def test_a_carer_has_no_review(page: Page, platform: Platform) -> None:
    _sign_in(page, platform, "zh", "carer")
    expect(page.get_by_role("link", name="复核")).to_have_count(0)
    page.goto(f"{platform.state['console']}/review")
    expect(page.locator("main")).to_contain_text("复核由当班负责人来做")
