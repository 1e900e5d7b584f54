"""Reading messages of devices in a real Chromium: pasted, by keyboard, listening with its states, on a telephone."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.console.pages import Mock, mocked, show, signed_in
from tests.console.test_axe import violations

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

PRESS = '{"topic":"zigbee2mqtt/cord","payload":{"action":"emergency","battery":90,"colour":"red"}}'


@pytest.fixture(params=[(1280, 800, "en", "light"), (390, 844, "zh", "dark")], ids=["desk", "phone"])
def page(request: pytest.FixtureRequest, browser: Browser, mock: Mock) -> Iterator[Page]:
    width, height, language, theme = request.param
    with signed_in(browser, mock, language=language, theme=theme, width=width, height=height) as opened:
        show(opened, f"{mock.url}/decode")
        yield opened


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_lines_are_read_by_keyboard_and_the_second_press_counts_once(page: Page) -> None:
    page.get_by_test_id("payload").focus()
    page.keyboard.insert_text(f"{PRESS}\n{PRESS}")
    page.keyboard.press("Control+Enter")
    reads = page.get_by_test_id("read")
    expect(reads).to_have_count(2)
    assert [one.get_attribute("data-kind") for one in reads.all()] == ["event", "duplicate"]
    expect(reads.nth(0).get_by_test_id("read-alarm")).to_contain_text(re.compile("would alarm|会告警"))
    expect(reads.nth(1).get_by_test_id("read-alarm")).to_contain_text(re.compile("already told|已经报过"))
    expect(reads.nth(0).get_by_test_id("read-unused")).to_have_text("colour")
    reads.nth(0).locator(".read-raw summary").click()
    expect(reads.nth(0).locator("pre").first).to_contain_text('"action": "emergency"')
    assert fits(page)
    assert violations(page) == []
    page.get_by_test_id("decode-clear").click()
    expect(reads).to_have_count(0)
    expect(page.get_by_test_id("payload")).to_have_value("")


def test_every_example_is_read_and_one_payload_takes_its_topic_and_the_switch(page: Page) -> None:
    for button in page.locator(".decode-example").all():
        button.click()
        expect(page.get_by_test_id("read").first).to_be_visible()
    assert violations(page) == []
    page.get_by_test_id("decode-clear").click()
    page.get_by_test_id("decode-read").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_test_id("topic").fill("zigbee2mqtt/floor")
    page.get_by_test_id("payload").fill('{"water_leak":true}')
    page.get_by_test_id("retained").check()
    page.get_by_test_id("decode-read").click()
    expect(page.get_by_test_id("read")).to_have_attribute("data-kind", "remembered")
    expect(page.get_by_role("alert")).to_have_count(0)


def test_what_is_heard_can_be_held_filtered_and_cleared(page: Page) -> None:
    page.get_by_test_id("mode-listen").click()
    page.get_by_test_id("listen").click()
    heard = page.get_by_test_id("heard")
    expect(heard.nth(9)).to_be_visible()
    page.get_by_test_id("pause").click()
    page.mouse.move(1, 1)
    first, count = heard.first.inner_text(), heard.count()
    expect(page.get_by_test_id("let-in")).to_be_visible()
    assert (heard.first.inner_text(), heard.count()) == (first, count), "a held list does not move"
    heard.nth(2).locator("summary").first.click()
    assert violations(page) == []
    assert fits(page)
    page.get_by_test_id("quiet").check()
    expect(page.locator('[data-testid="heard"][data-kind="repeat"]')).to_have_count(0)
    page.get_by_test_id("stop").click()
    page.get_by_test_id("listen-clear").click()
    expect(heard).to_have_count(0)
    expect(page.get_by_test_id("ear")).to_have_attribute("data-state", "idle")


@pytest.mark.parametrize(
    ("topic", "state", "words"),
    [
        ("away/#", "away", "cannot be reached|连不上"),
        ("silent/#", "listening", "Nothing heard yet|还没有听到"),
        ("flood/#", "ended", "narrower|选窄"),
        ("forbidden/#", "ended", "wearables of those places|穿戴设备"),
    ],
)
def test_each_state_says_what_it_is(page: Page, topic: str, state: str, words: str) -> None:
    page.get_by_test_id("mode-listen").click()
    page.get_by_test_id("filter").fill(topic)
    page.get_by_test_id("listen").click()
    expect(page.get_by_test_id("ear")).to_have_attribute("data-state", state)
    expect(page.locator(".decode-listen")).to_contain_text(re.compile(words))
    assert violations(page) == []
    assert fits(page)


def test_from_the_quarantine_and_a_device_one_press_leads_to_the_message(page: Page, mock: Mock) -> None:
    for start, topic in (("/quarantine", "sw/v1/band-r03/imu"), ("/devices", "zigbee2mqtt/hall")):
        show(page, f"{mock.url}{start}")
        page.locator(".entry-read").first.click()
        expect(page.get_by_test_id("topic")).to_have_value(topic)
        expect(page.get_by_test_id("read")).to_have_count(1)
        page.go_back()
        expect(page.locator(".entry-read").first).to_be_visible()


def test_whoever_may_not_sees_neither_the_page_nor_a_way_to_it(browser: Browser) -> None:
    with mocked() as mock, signed_in(browser, mock, language="en") as page:  # a carer
        show(page, f"{mock.url}/quarantine")
        expect(page.locator(".entry-read")).to_have_count(0)
        page.get_by_test_id("nav-more").click()
        expect(page.locator('a[href="/decode"]')).to_have_count(0)
        show(page, f"{mock.url}/decode")
        expect(page.locator("main")).to_contain_text("technicians and administrators")
        assert violations(page) == []
