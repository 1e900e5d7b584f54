"""The page that reads messages, in a real Chromium with the real API, the real decoders and a real broker."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, Page, expect

from api.app import build
from api.settings import ApiSettings
from ingest.connections import MqttAddress
from ingest.interpreting import Interpreting
from schemas.quarantine import entry
from store import quarantine
from tests.api.conftest import NOWHERE, PASSWORDS, Ward, running
from tests.api.listening import serving
from tests.api.test_oidc_browser import CONSOLE, browser
from tests.conftest import PlatformServers
from tests.ingest.publisher import Publisher

__all__ = ["browser"]
pytestmark = [pytest.mark.servers, pytest.mark.browser, pytest.mark.timeout(180)]


@asynccontextmanager
async def console(ward: Ward, browser: Browser, mqtt: MqttAddress) -> AsyncIterator[tuple[Page, str]]:
    own: ApiSettings = ward.app.state.runtime.settings
    reader = Interpreting(mqtt, clock=ward.clock, trees=("",))
    app = build(ApiSettings(own.dsn, NOWHERE, ward.clock, CONSOLE, interpreting=reader))
    async with running(app), serving(app) as address:
        context = await browser.new_context(locale="en-GB")
        signing = {"user": "admin", "password": PASSWORDS["admin"]}
        assert (await context.request.post(f"{address}/api/v1/session", data=signing)).ok
        page = await context.new_page()
        yield page, address
        await context.close()


async def test_messages_are_read_heard_live_and_taken_from_the_quarantine(
    ward: Ward, browser: Browser, platform_servers: PlatformServers
) -> None:
    where = platform_servers.mqtt
    mqtt = MqttAddress(where.host, where.port, where.user, where.password)
    refused = entry(ward.clock(), "zigbee2mqtt/torn", "not-json", "No.", b'{"contact":')
    await quarantine.write(ward.pool, [refused])
    async with console(ward, browser, mqtt) as (page, address):
        await page.goto(f"{address}/decode")
        kinds = {0: ["event"] * 3, 1: ["event", "change", "event"], 2: ["event", "duplicate", "repeat"], 6: ["unknown"]}
        for number, expected in kinds.items():
            await page.locator(".decode-example").nth(number).click()
            reads = page.get_by_test_id("read")
            await expect(reads).to_have_count(len(expected))
            assert [await one.get_attribute("data-kind") for one in await reads.all()] == expected, number
        await page.get_by_test_id("mode-listen").click()
        await page.get_by_test_id("filter").fill("zigbee2mqtt/#")
        await page.get_by_test_id("listen").click()
        await expect(page.get_by_test_id("ear")).to_have_attribute("data-state", "listening")
        with Publisher(mqtt) as door:
            door.publish("zigbee2mqtt/seen in the browser", b'{"contact":false}')
        heard = page.get_by_test_id("heard").filter(has_text="seen in the browser")
        await expect(heard).to_contain_text("door opened")
        await page.get_by_test_id("filter").fill("a/#/b")
        await page.get_by_test_id("listen").click()
        await expect(page.get_by_role("alert")).to_contain_text("at the end")
        await page.goto(f"{address}/quarantine")
        await page.locator(".entry-read").first.click()
        await expect(page.get_by_test_id("payload")).to_have_value('{"contact":')
        await expect(page.get_by_test_id("read")).to_have_attribute("data-kind", "refused")
        await expect(page.get_by_test_id("read")).to_contain_text("It is not JSON.")
