"""Every page of the console, by its router's own text, served with the mock's data to a real Chromium.

The walk reads ``app.tsx``: a page that is added there is walked with the others, and one that is added in a way that
cannot be read here, or with a part in its address that nobody gave an example of, fails.
"""

import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from stack.ports import any_free

CONSOLE = Path(__file__).parents[2] / "api" / "console"
ROUTER = CONSOLE / "src" / "app.tsx"
#: What stands in an address where a page is of somebody, by what stands before it: as the mock knows them.
EXAMPLES = {"/alerts/": "an open alert", "/residents/": "a resident"}
LANGUAGES, THEMES = ("zh", "en"), ("light", "dark")
START_S = 30.0
#: Looks in a row at which nothing is on its way any more.
SETTLED = 4


class UnknownRouteError(Exception):
    """A page stands in the router that this walk cannot open."""


def patterns(router: str) -> list[str]:
    """Return the addresses of the router's pages, ``*`` where a page is of somebody; raises UnknownRouteError."""
    body = router[router.index("function Page(") :]
    body = body[: body.index("\n}\n")]
    found: list[str] = []
    for line in body.splitlines():
        here = [
            *re.findall(r'at === "([^"]+)"', line),
            *(f"{start}*" for start in re.findall(r'at\.startsWith\("([^"]+)"\)', line)),
            *(_of_regex(text) for text in re.findall(r"/\^(.+)\$/\.exec\(at\)", line)),
        ]
        found += here
        # A page by the result of a regex has that on a line of its own.
        is_page = "return <" in line and "<Missing" not in line
        if is_page and not here and not re.search(r"if \((\w+)\) return <", line):
            raise UnknownRouteError(f"the walk cannot read which page this is: {line.strip()}")
    return list(dict.fromkeys(found))


def _of_regex(text: str) -> str:
    return re.sub(r"\(.*?\)", "*", text.replace(r"\/", "/").replace("[^/]+", "x"))


@dataclass(frozen=True)
class Mock:
    """The mock's console, and whom and what an address can be about."""

    url: str
    examples: dict[str, str]

    def addresses(self) -> dict[str, str]:
        """Return each page's address by its pattern, the page for an unknown address too."""
        made = {pattern: self._address(pattern) for pattern in patterns(ROUTER.read_text("utf-8"))}
        return {**made, "(unknown)": f"{self.url}/no-such-page"}

    def _address(self, pattern: str) -> str:
        start, star, rest = pattern.partition("*")
        if star and start not in self.examples:
            raise UnknownRouteError(f"{pattern}: say in EXAMPLES of what to show one")
        return f"{self.url}{start}{self.examples[start] if star else ''}{rest}"


@contextmanager
def mocked(*options: str) -> Iterator[Mock]:
    """Serve the built console with the mock's data; skips where there is no Node or nothing was built."""
    node = shutil.which("node") or shutil.which("node", path=str(CONSOLE.parents[1] / ".venv" / "bin"))
    if node is None or not (CONSOLE / "dist" / "index.html").exists():
        pytest.skip("needs node: and the built console (make install brings them)")
    port = any_free()
    command = [node, "dev/mock.mjs", "--port", str(port), *options]
    process = subprocess.Popen(command, cwd=CONSOLE, stdout=subprocess.DEVNULL)
    try:
        yield Mock(f"http://127.0.0.1:{port}", _examples(f"http://127.0.0.1:{port}"))
    finally:
        process.kill()
        process.wait()


def _examples(url: str) -> dict[str, str]:
    with httpx.Client(base_url=f"{url}/api/v1", trust_env=False) as client:
        deadline = time.monotonic() + START_S
        while True:
            try:
                client.post("/session", json={"user": "nurse", "password": "watch"}).raise_for_status()
                break
            except httpx.TransportError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
        alert = client.get("/alerts?status=open").json()["alerts"][0]
        return {"/alerts/": alert["id"], "/residents/": alert["resident"]["id"]}


@contextmanager
def chromium(*options: str) -> Iterator[Browser]:
    """Return the machine's own Chromium."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("needs chromium: scripts/system-deps brings it")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", *options]
        )
        yield started
        started.close()


@contextmanager
def signed_in(
    browser: Browser, mock: Mock, *, language: str = "zh", theme: str = "light", width: int = 1280, height: int = 800
) -> Iterator[Page]:
    """Yield a page of somebody who is signed in, in this language and theme."""
    context = browser.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce")
    wishes = f"localStorage.setItem('shouwang.lang', '{language}'); localStorage.setItem('shouwang.theme', '{theme}')"
    context.add_init_script(f"try {{ {wishes} }} catch {{}}")
    answer = context.request.post(f"{mock.url}/api/v1/session", data={"user": "nurse", "password": "watch"})
    assert answer.ok
    page = context.new_page()
    page.set_default_timeout(20_000)
    try:
        yield page
    finally:
        context.close()


def show(page: Page, address: str) -> None:
    """Open a page and wait until what it asks for has come."""
    page.goto(address, wait_until="load")
    page.locator("#content, main").first.wait_for()
    # Parts that are fetched when they are first shown, and what they then ask for: each wait may be followed by one.
    for _ in range(SETTLED):
        page.wait_for_timeout(250)
        expect(page.locator(".spinner, [aria-busy=true]")).to_have_count(0, timeout=20_000)


def press_until_open(page: Page, key: str) -> None:
    """Press the key of a dialog; while a claim is on its way to the platform it does nothing."""
    for _ in range(20):
        page.keyboard.press(key)
        page.wait_for_timeout(200)
        if page.locator("dialog[open]").count():
            return
    expect(page.locator("dialog[open]")).to_have_count(1)
