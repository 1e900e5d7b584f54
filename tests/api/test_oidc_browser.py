"""The way in by an identity server in a real Chromium, whose rules about cookies between sites no other client has."""

import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright, expect

from api.app import build
from api.settings import ApiSettings, OidcSettings
from store import identities
from tests.api.conftest import NOWHERE, SECOND_US, Ward, running
from tests.api.identity_server import CLIENT, SECRET, identity_server
from tests.api.listening import serving

pytestmark = [pytest.mark.servers, pytest.mark.browser, pytest.mark.timeout(180)]
CONSOLE = Path(__file__).resolve().parents[2] / "api/console/dist"


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("needs chromium: scripts/system-deps brings it")
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield started
        await started.close()


async def test_the_button_goes_there_and_back_and_a_refusal_is_said_in_words(ward: Ward, browser: Browser) -> None:
    await identities.set_identity(ward.pool, "nurse", "li.mei")
    own: ApiSettings = ward.app.state.runtime.settings
    async with identity_server(ward.clock() // SECOND_US) as server:
        # Another site: the server is 127.0.0.1, we are localhost.
        known = OidcSettings(server.issuer, CLIENT, "http://localhost:1", SECRET, name="院内账号")
        app = build(ApiSettings(own.dsn, NOWHERE, ward.clock, CONSOLE, oidc=known))
        async with running(app), serving(app) as address:
            here = address.replace("127.0.0.1", "localhost")
            app.state.runtime.oidc.settings = replace(known, console_url=here)  # the port is known only now
            page = await browser.new_page(locale="en-GB")
            await page.goto(here)
            server.broken = "consent"
            await page.get_by_test_id("oidc").click()
            await expect(page.get_by_test_id("oidc-why")).to_contain_text("sent you back")
            assert page.url.rstrip("/") == here, "why is told once"
            server.broken = None
            await expect(page.get_by_test_id("oidc")).to_have_text("Sign in with 院内账号")
            await page.get_by_test_id("oidc").click()
            await expect(page.get_by_test_id("own")).to_have_text("Nurse")
            await page.reload()
            await expect(page.get_by_test_id("own")).to_have_text("Nurse")
