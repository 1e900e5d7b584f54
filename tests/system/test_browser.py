"""A carer in a real Chromium: signs in, sees a fall come up by itself, claims and resolves it, in both languages."""

import json
import re
import shutil
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from math import cos, sin

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from schemas.ids import foreign_device
from tests.system.device import Device
from tests.system.falls import play, wearable
from tests.system.platform import Platform
from tests.system.test_spine import alerts_of

pytestmark = [pytest.mark.servers, pytest.mark.browser, pytest.mark.timeout(180)]

#: From walking to the alert: the walk, the fall, the detector's confirmation; the rest is a slow machine's.
FALL_MS = 60_000


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return the machine's own Chromium."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("needs chromium: scripts/system-deps brings it")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Return an empty page; an error in its console or a refusal of its security policy fails the test."""
    troubles: list[str] = []
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    opened = context.new_page()
    opened.on("pageerror", lambda error: troubles.append(str(error)))
    opened.on("console", lambda message: troubles.append(message.text) if "Content Security" in message.text else None)
    yield opened
    context.close()
    assert troubles == []


def _sign_in(page: Page, platform: Platform, language: str, role: str = "carer") -> None:
    account = platform.account(role)
    page.goto(platform.state["console"])
    page.get_by_test_id(f"lang-{language}").first.click()
    page.get_by_test_id("user").fill(account["user"])
    page.get_by_test_id("password").fill(account["password"])
    page.get_by_test_id("sign-in").click()
    expect(page.get_by_test_id("queue")).to_be_attached()


@pytest.mark.parametrize(
    ("language", "fall", "name"),
    [("en", re.compile("fall", re.IGNORECASE), "Wu Aidi"), ("zh", re.compile("跌倒"), "吴爱娣")],
)
def test_a_carer_sees_claims_and_resolves_a_fall(
    page: Page, platform: Platform, language: str, fall: re.Pattern[str], name: str
) -> None:
    device = f"browser-{language}"
    resident = platform.add_wearer(name, device)
    _sign_in(page, platform, language)
    player = threading.Thread(target=play, args=[wearable(platform, device, seed=len(language) + ord(language[0]))])
    player.start()
    card = page.get_by_test_id("alert-card").filter(has_text=name)
    expect(card).to_be_visible(timeout=FALL_MS)
    expect(card).to_have_text(fall)
    expect(card).to_have_attribute("data-state", "raised")
    card.click()
    _why_it_rang(page, language)
    page.get_by_test_id("claim").click()
    expect(card).to_have_attribute("data-state", "claimed")
    page.get_by_test_id("resolve").click()
    page.get_by_test_id("outcome-real_unhurt").click()
    page.locator("textarea[data-testid=note]").fill("扶起，无外伤 / helped up, unhurt")
    page.get_by_test_id("resolve-confirm").click()
    expect(card).to_have_count(0)
    player.join()
    alert = alerts_of(platform, resident)[0]
    assert (alert["state"], alert["outcome"]) == ("resolved", "real_unhurt")
    assert alert["note"] == "扶起，无外伤 / helped up, unhurt"
    assert alert["claimed_by"]


def _why_it_rang(page: Page, language: str) -> None:
    """See how far the detector has come, and the drawing as a table, by keyboard alone."""
    expect(page.get_by_test_id("stages")).to_contain_text({"en": "confirmed", "zh": "已确认"}[language])
    trace = page.get_by_test_id("trace")
    expect(trace).to_be_visible()
    expect(trace.locator(".trace-box")).to_have_attribute("aria-label", re.compile("impact|冲击"))
    trace.locator("summary").focus()
    page.keyboard.press("Enter")
    rows = trace.locator("tbody tr")
    expect(rows.filter(has_text=re.compile("impact|冲击")).first).to_be_visible()
    expect(rows.filter(has_text=re.compile("confirmed|已确认")).first).to_be_visible()


def test_a_wrong_password_is_refused_with_a_sentence(page: Page, platform: Platform) -> None:
    page.goto(platform.state["console"])
    page.get_by_test_id("user").fill("nurse")
    page.get_by_test_id("password").fill("not this")
    page.get_by_test_id("sign-in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_test_id("queue")).to_have_count(0)


def test_a_family_chooses_plans_an_absence_and_says_that_she_is_back(page: Page, platform: Platform) -> None:
    resident = platform.add_wearer("Chen Guilan", "browser-settings")
    _sign_in(page, platform, "en", "administrator")
    page.goto(f"{platform.state['console']}/residents/{resident}")
    page.get_by_test_id("settings").click()
    keener = page.get_by_test_id("sensitivity-keener").locator("input")
    keener.check()
    page.get_by_test_id("watch-no_meal").locator("input").uncheck()
    page.get_by_test_id("mobility-wheelchair").locator("input").check()
    page.get_by_test_id("save").click()
    expect(page.get_by_test_id("save-bar")).to_have_count(0)
    expect(page.get_by_test_id("watch-no_meal")).to_contain_text("Off since")
    page.get_by_test_id("undo").click()
    expect(keener).not_to_be_checked()
    page.get_by_test_id("plan-absence").click()
    page.get_by_test_id("absence-open").click()
    page.get_by_test_id("absence-save").click()
    page.get_by_test_id("is-back").click()
    expect(page.get_by_test_id("away-now")).to_have_count(0)


#: From the last position to the alert: it waits for earlier ones, the detector, the desk; the rest is a slow machine's.
WANDERING_MS = 60_000


@pytest.mark.parametrize(("language", "passed"), [("en", "up to [34] times since"), ("zh", "最多走了 [34] 遍")])
def test_the_way_of_somebody_who_walks_in_circles_is_drawn_and_a_zone_is_drawn_for_them(
    page: Page, platform: Platform, language: str, passed: str
) -> None:
    resident = add_phone(platform, f"Sun Bo {language}", language)
    circle(platform, language)
    _sign_in(page, platform, language, "administrator")
    card = page.get_by_test_id("alert-card").filter(has_text=f"Sun Bo {language}")
    expect(card).to_be_visible(timeout=WANDERING_MS)
    card.click()
    picture = page.get_by_test_id("way-picture")
    expect(picture).to_be_visible()
    expect(picture).to_have_attribute("aria-label", re.compile(passed))
    expect(page.get_by_test_id("ground-said")).to_contain_text("31.2")
    page.goto(f"{platform.state['console']}/residents/{resident}/settings")
    page.get_by_test_id("zone-coordinates").fill("31.23, 121.47")
    page.keyboard.press("Enter")
    page.get_by_test_id("zone-draw").click()
    page.get_by_test_id("zone-place").focus()
    page.get_by_test_id("zone-radius").fill("250")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("zone-told")).to_be_visible()
    corner = page.get_by_test_id("zone-corner").first
    before = corner.get_attribute("aria-label")
    corner.focus()
    page.keyboard.press("Shift+ArrowUp")
    expect(corner).not_to_have_attribute("aria-label", before or "")
    page.keyboard.press("Delete")
    expect(page.get_by_test_id("zone-corner")).to_have_count(23)
    page.get_by_test_id("zone-undo").click()
    page.get_by_test_id("zone-undo").click()
    expect(page.get_by_test_id("zone-corner")).to_have_count(24)
    page.get_by_test_id("zone-save").click()
    expect(page.get_by_test_id("zone-draw")).to_be_visible()
    assert len(platform.get(f"/residents/{resident}/zone")["corners"]) == 24


def add_phone(platform: Platform, name: str, user: str) -> str:
    """Set up a home, a resident in it and their phone, which is theirs since an hour ago; return the resident's id."""
    since = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    device = foreign_device("owntracks", user, "phone")
    unit = platform.post("/places", {"name": f"Home of {name}", "kind": "home"})["id"]
    resident: str = platform.post("/residents", {"name": name, "unit": unit})["id"]
    platform.post("/devices", {"id": device, "kind": "phone"})
    platform.post(f"/devices/{device}/binding", {"resident": resident, "unit": unit, "start": since})
    return resident


def circle(platform: Platform, user: str) -> None:
    """Let a phone tell of 20 minutes around one block, up to now: a position each 10 s."""
    with Device(platform.state["mqtt"], f"walker-{user}") as phone:
        now = int(time.time())
        for k in range(120):
            turn = k * 10 / 60.0  # a metre a second, 60 m from the middle
            lat, lon = 31.232 + 0.00054 * cos(turn), 121.47 + 0.00063 * sin(turn)
            fix = {"_type": "location", "lat": lat, "lon": lon, "acc": 6, "tst": now - 1200 + 10 * k}
            phone.publish(f"owntracks/{user}/phone", json.dumps(fix).encode()).wait_for_publish(10)
