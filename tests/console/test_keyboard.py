"""Every page by keyboard alone: Tab reaches each control and comes round again, the focus is seen, Escape closes."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.console.pages import Mock, press_until_open, show, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

#: Numbers what can be pressed or typed into, seen and not disabled. One of several to choose from stands for all: Tab
#: comes to the one, the arrows to the others. A list that moves with the arrows has one stop too (tabindex -1).
MARK = """() => {
  const kinds = "a[href], button, input, select, textarea, summary, [tabindex], [contenteditable]";
  const seen = new Set();
  let count = 0;
  for (const one of document.querySelectorAll(kinds)) {
    const shown = one.checkVisibility({visibilityProperty: true}) && one.getClientRects().length > 0;
    if (!shown || one.disabled || one.closest("[inert]") || one.getAttribute("tabindex") === "-1") continue;
    if (one.type === "radio" && one.name) {
      const group = [...document.querySelectorAll(`input[type=radio][name="${one.name}"]`)];
      if (seen.has(one.name) || (group.some((each) => each.checked) && !one.checked)) continue;
      seen.add(one.name);
    }
    const look = getComputedStyle(one);
    one.dataset.walk = String(count++);
    one.dataset.before = [look.boxShadow, look.borderColor, look.backgroundColor].join();
  }
  return count;
}"""
#: Where the focus is, and whether one sees that.
HERE = """() => {
  const one = document.activeElement;
  if (!one || one === document.body || one === document.documentElement) return null;
  const marked = one.type === "radio" && !one.dataset.walk
    ? document.querySelector(`input[type=radio][name="${one.name}"][data-walk]`) : one;
  const looks = (each) => each && (() => {
    const look = getComputedStyle(each);
    return look.outlineStyle !== "none" && parseFloat(look.outlineWidth) > 0;
  })();
  const look = getComputedStyle(one);
  const changed = one.dataset.before !== undefined
    && one.dataset.before !== [look.boxShadow, look.borderColor, look.backgroundColor].join();
  // A choice shows the focus at its whole line, which its label is.
  const seen = looks(one) || changed || looks(one.closest("label")) || looks(one.parentElement)
    || looks(one.nextElementSibling);
  const box = one.getBoundingClientRect();
  return {walk: marked?.dataset.walk ?? null, seen: Boolean(seen), name: one.outerHTML.slice(0, 140),
    inside: box.bottom > 0 && box.top < innerHeight};
}"""
#: More than any page's controls take: whoever is still under way then is trapped.
SPARE = 30


def walked(page: Page) -> list[str]:
    """Walk a page with Tab from its beginning; return what is wrong with it, a line each."""
    page.evaluate("() => { document.activeElement?.blur(); getSelection()?.removeAllRanges(); }")
    total: int = page.evaluate(MARK)
    reached: set[str] = set()
    wrong: list[str] = []
    stood: list[str] = []
    for _ in range(total + SPARE):
        page.keyboard.press("Tab")
        here: dict[str, Any] | None = page.evaluate(HERE)
        if here is None or (here["walk"] is not None and here["walk"] in reached and here["walk"] == "0"):
            break  # past the last one, or round again
        if here["name"] in stood[-1:]:
            wrong.append(f"Tab does not leave {here['name']}")
            break
        stood.append(here["name"])
        if here["walk"] is not None:
            reached.add(here["walk"])
        if not here["seen"]:
            wrong.append(f"the focus is not seen on {here['name']}")
        if not here["inside"]:
            wrong.append(f"the focus is out of sight on {here['name']}")
    else:
        wrong.append(f"Tab never comes round: {stood[-3:]}")
    for number in sorted(set(map(str, range(total))) - reached, key=int):
        name = page.evaluate("(n) => document.querySelector(`[data-walk='${n}']`)?.outerHTML.slice(0, 140)", number)
        if name is not None:  # else it went away meanwhile
            wrong.append(f"Tab never reaches {name}")
    return wrong


@pytest.mark.parametrize(("language", "width"), [("zh", 1280), ("en", 390)])
def test_tab_reaches_every_control_of_every_page_and_the_focus_is_seen(
    browser: Browser, mock: Mock, language: str, width: int
) -> None:
    wrong: dict[str, list[str]] = {}
    with signed_in(browser, mock, language=language, width=width) as page:
        for pattern, address in mock.addresses().items():
            show(page, address)
            if found := walked(page):
                wrong[pattern] = found
    assert wrong == {}, "\n".join(f"{pattern}: {line}" for pattern, lines in wrong.items() for line in lines)


def test_whatever_opens_at_a_press_closes_at_escape_and_gives_the_focus_back(browser: Browser, mock: Mock) -> None:
    wrong: list[str] = []
    for width in (1280, 390):
        with signed_in(browser, mock, language="en", width=width) as page:
            for pattern, address in mock.addresses().items():
                show(page, address)
                openers = page.locator("button[aria-expanded=false]:visible, button[aria-haspopup]:visible")
                for index in range(openers.count()):
                    wrong += [f"{width} {pattern}: {line}" for line in _opened_and_closed(page, index)]
    assert wrong == [], "\n".join(wrong)


def _opened_and_closed(page: Page, index: int) -> list[str]:
    opener = page.locator("button[aria-expanded=false]:visible, button[aria-haspopup]:visible").nth(index)
    name = opener.evaluate("(one) => one.outerHTML.slice(0, 140)")
    opener.evaluate("(one) => { one.dataset.opener = 'here'; one.focus(); }")
    page.keyboard.press("Enter")
    page.wait_for_timeout(200)
    found = []
    opened = page.locator("[data-opener=here][aria-expanded=true], dialog[open]")
    if opened.count() == 0:
        found.append(f"Enter does not open {name}")
    page.keyboard.press("Escape")
    page.wait_for_timeout(200)
    if opened.count():
        found.append(f"Escape does not close {name}")
        page.keyboard.press("Enter")
    elif not page.evaluate("() => document.activeElement?.dataset.opener === 'here'"):
        found.append(f"Escape gives the focus to something else than {name}")
    page.evaluate("() => document.querySelectorAll('[data-opener]').forEach((one) => delete one.dataset.opener)")
    return found


#: What opens above the desk, by the keys that open it.
DIALOGS = {"help": ("?",), "resolve": ("j", "r"), "hold": ("j", "c", "h")}


@pytest.mark.parametrize("name", DIALOGS)
def test_a_dialog_keeps_the_focus_until_escape_closes_it(browser: Browser, mock: Mock, name: str) -> None:
    with signed_in(browser, mock, language="en") as page:
        show(page, f"{mock.url}/")
        dialog = page.locator("dialog[open]")
        *before, opens = DIALOGS[name]
        for key in before:
            page.keyboard.press(key)
            page.wait_for_timeout(200)
        press_until_open(page, opens)
        for _ in range(40):
            page.keyboard.press("Tab")
            inside = page.evaluate(
                "() => document.activeElement === document.body || !!document.activeElement.closest('dialog[open]')"
            )
            assert inside, "the focus left an open dialog"
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)


def test_an_alert_is_claimed_and_resolved_by_keyboard_alone(browser: Browser, mock: Mock) -> None:
    with signed_in(browser, mock, language="en") as page:
        show(page, f"{mock.url}/")
        page.evaluate("() => fetch('/api/v1/mock/fall?resident=r07')")
        page.get_by_test_id("alert-card").first.wait_for()
        page.keyboard.press("j")
        page.keyboard.press("c")
        expect(page.locator("[data-testid=alert-card][data-state=claimed]").first).to_be_visible()
        press_until_open(page, "r")
        dialog = page.locator("dialog[open]")
        for _ in range(30):
            if page.evaluate("() => document.activeElement?.dataset.testid === 'resolve-confirm'"):
                break
            if page.evaluate("() => document.activeElement?.type === 'radio'"):
                page.keyboard.press("Space")
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(dialog).to_have_count(0)
