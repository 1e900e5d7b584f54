"""axe finds nothing: on every page of the router, in both languages, light and dark, at a desk and on a phone."""

import json
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.console.pages import (
    CONSOLE,
    LANGUAGES,
    ROUTER,
    THEMES,
    Mock,
    UnknownRouteError,
    patterns,
    press_until_open,
    show,
    signed_in,
)

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

AXE = CONSOLE / "node_modules" / "axe-core" / "axe.min.js"
#: (width, height): a desk, and a telephone in the hand.
SIZES = {"desk": (1280, 800), "phone": (390, 844)}
#: What is open above a page, by the key that opens it there.
OPENED = {"help": ("?",), "resolve": ("j", "r"), "hold": ("j", "c", "h"), "note": ("j", "n")}


def violations(page: Page) -> list[str]:
    """Return what axe objects to, each as a line: its rule, its sentence, and where."""
    if not AXE.exists():
        pytest.skip("needs node: and axe-core (make install brings it)")
    page.evaluate(AXE.read_text("utf-8"))
    found: list[dict[str, Any]] = json.loads(
        page.evaluate("async () => JSON.stringify((await axe.run(document)).violations)")
    )
    return [
        f"{each['id']}: {each['help']} at {node['target'][0]}: {node['html'][:120]}"
        for each in found
        for node in each["nodes"]
    ]


#: At a desk all four; on a phone each language and each theme once, since a rule that is broken there alone is of size.
LOOKS = [
    *((language, theme, "desk") for language in LANGUAGES for theme in THEMES),
    ("zh", "dark", "phone"), ("en", "light", "phone"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "theme", "size"), LOOKS)
def test_axe_finds_nothing_on_any_page(browser: Browser, mock: Mock, language: str, theme: str, size: str) -> None:
    width, height = SIZES[size]
    objections: dict[str, list[str]] = {}
    with signed_in(browser, mock, language=language, theme=theme, width=width, height=height) as page:
        for pattern, address in mock.addresses().items():
            show(page, address)
            assert page.locator("html").get_attribute("lang") == {"zh": "zh-Hans", "en": "en"}[language]
            if found := violations(page):
                objections[pattern] = found
    assert objections == {}, json.dumps(objections, indent=1, ensure_ascii=False)


@pytest.mark.parametrize(("language", "theme"), [("zh", "dark"), ("en", "light")])
def test_axe_finds_nothing_in_what_opens_above_a_page(browser: Browser, mock: Mock, language: str, theme: str) -> None:
    objections: dict[str, list[str]] = {}
    for name, keys in OPENED.items():
        with signed_in(browser, mock, language=language, theme=theme) as page:
            show(page, f"{mock.url}/")
            for key in keys[:-1]:
                page.keyboard.press(key)
                page.wait_for_timeout(200)
            if name == "note":
                page.keyboard.press(keys[-1])
                page.wait_for_timeout(200)
            else:
                press_until_open(page, keys[-1])
            if found := violations(page):
                objections[name] = found
    assert objections == {}, json.dumps(objections, indent=1, ensure_ascii=False)


@pytest.mark.parametrize(("language", "theme"), [("zh", "light"), ("en", "dark")])
def test_axe_finds_nothing_where_one_signs_in(browser: Browser, mock: Mock, language: str, theme: str) -> None:
    context = browser.new_context()
    wishes = f"localStorage.setItem('shouwang.lang', '{language}'); localStorage.setItem('shouwang.theme', '{theme}')"
    context.add_init_script(wishes)
    page = context.new_page()
    page.goto(mock.url)
    page.get_by_test_id("sign-in").wait_for()
    assert violations(page) == []
    context.close()


def test_a_page_that_the_walk_cannot_open_fails_it() -> None:
    known = patterns(ROUTER.read_text("utf-8"))
    assert {"/", "/alerts/*", "/residents", "/residents/*", "/residents/*/settings", "/status"} <= set(known)
    added = ROUTER.read_text("utf-8").replace(
        "  return <Missing />;", '  if (at.startsWith("/wards/")) return <Ward />;\n  return <Missing />;'
    )
    assert set(patterns(added)) - set(known) == {"/wards/*"}
    with pytest.raises(UnknownRouteError):
        patterns(added.replace('at.startsWith("/wards/")', "isWard(at)"))
    with pytest.raises(UnknownRouteError):
        Mock("http://127.0.0.1", {})._address("/wards/*")
