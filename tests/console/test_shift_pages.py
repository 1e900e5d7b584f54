"""The pages of a shift in a real Chromium, on a telephone: a shift taken over and handed over, a rota filled."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.console.pages import mocked, show, signed_in
from tests.console.test_axe import violations

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture
def phone(browser: Browser) -> Iterator[tuple[Page, str]]:
    """Yield a telephone's page and where the console is; a mock of its own, since these tests change it."""
    with mocked("--administrator") as mock, signed_in(browser, mock, width=390, height=844) as page:
        page.add_init_script("try { localStorage.setItem('shouwang.shift.place', 'pl_east') } catch {}")
        yield page, mock.url


def test_a_shift_is_taken_over_after_the_sound_was_heard_and_handed_over_with_a_note(phone: tuple[Page, str]) -> None:
    page, url = phone
    show(page, f"{url}/shift")
    expect(page.get_by_test_id("waiting")).to_contain_text("还没有人接")
    page.get_by_test_id("accept").click()
    page.get_by_test_id("sound-play").click()
    page.get_by_test_id("sound-heard").click()
    expect(page.get_by_test_id("waiting")).to_have_count(0)
    expect(page.get_by_test_id("crew")).to_contain_text("张薇")
    expect(page.get_by_test_id("past")).to_contain_text("张薇")
    page.get_by_test_id("shift-note").fill("夜里起来两次")
    page.reload()
    # What was written and not sent is still there.
    expect(page.get_by_test_id("shift-note")).to_have_value("夜里起来两次")
    page.get_by_test_id("handover").click()
    page.get_by_test_id("handover-sure").click()
    expect(page.get_by_test_id("waiting")).to_contain_text("夜里起来两次")
    # Nobody takes over from themselves.
    expect(page.get_by_test_id("accept")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []


def test_a_shift_that_nobody_has_is_seen_and_filled_by_a_press(phone: tuple[Page, str]) -> None:
    page, url = phone
    show(page, f"{url}/rota")
    missing = page.get_by_test_id("rota-missing")
    expect(missing).to_have_count(1)
    expect(missing).to_have_text("没有人")
    missing.click()
    dialog = page.locator("dialog[open]")
    dialog.get_by_role("button", name="wang.fang").click()
    assert violations(page) == []
    page.get_by_test_id("rota-save").click()
    expect(missing).to_have_count(0)
    expect(page.locator(".rota-changed")).to_have_count(1)
    page.get_by_test_id("rota-setup").click()
    expect(page.get_by_test_id("rota-roles")).to_be_visible()
    assert violations(page) == []
