"""readyz says whether people are watched over, and names what is missing; the API reports how it is itself."""

# ruff: noqa: ASYNC110 - nothing tells a test when the platform has noticed
import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from urllib.parse import urlsplit

import httpx
import nats
import pytest
from nats.js.errors import KeyNotFoundError
from nats.js.kv import KeyValue

from alerts.platform import LAGGING
from api.app import build
from api.settings import ApiSettings
from api.stages import EXPECTED
from ingest.streams import ensure
from schemas import subjects
from schemas.status import StageStatus, decode, encode
from tests.api.conftest import START_US, Clock, Ward, running
from tests.conftest import PlatformServers
from tests.half_open import line

pytestmark = pytest.mark.servers


async def connected(client: httpx.AsyncClient) -> None:
    """Wait until the API has its connection to JetStream."""
    async with asyncio.timeout(10):
        while "jetstream" in (await client.get("/readyz")).json()["missing"]:
            await asyncio.sleep(0.02)


@pytest.fixture
async def bucket(platform_servers: PlatformServers) -> AsyncIterator[KeyValue]:
    """Give the stages' reports, empty."""
    connection = await nats.connect(platform_servers.nats_url)
    await ensure(connection.jetstream())
    yield await connection.jetstream().key_value(subjects.STATUS)
    await connection.jetstream().delete_key_value(subjects.STATUS)
    await connection.close()


async def all_well(bucket: KeyValue, at_us: int = START_US) -> None:
    for name in EXPECTED:
        await bucket.put(name, encode(StageStatus(at_us=at_us, ok=True, lag=0)))


def over(ward: Ward, nats_url: str, restarts: dict[str, int] | None = None) -> Ward:
    """Return the ward's API with its stages at ``nats_url``."""
    given = ward.app.state.runtime.settings
    settings = ApiSettings(given.dsn, nats_url, ward.clock, given.console_dir, restarts=lambda: restarts or {})
    return Ward(build(settings), ward.clock, ward.pool)


def said(clock: Clock, *, ok: bool = True, lag: int = 0, note: str = "", troubles: tuple[str, ...] = ()) -> bytes:
    return encode(StageStatus(at_us=clock(), ok=ok, lag=lag, note=note, troubles=troubles))


async def test_it_is_ready_when_all_answer_and_names_each_thing_that_is_missing(
    ward: Ward, platform_servers: PlatformServers, bucket: KeyValue
) -> None:
    other = over(ward, platform_servers.nats_url)
    await all_well(bucket)
    async with running(other.app), other.client() as client:

        async def missing() -> dict[str, str]:
            ward.clock.forward(1)  # the last answer is kept for a second
            answer = await client.get("/readyz")
            body = answer.json()
            assert (answer.status_code == 200) is body["ok"] is (body["missing"] == [])
            assert list(body["why"]) == body["missing"]
            why: dict[str, str] = body["why"]
            return why

        await connected(client)
        async with asyncio.timeout(10):
            while await missing():  # until the feed has looked for the first time
                await asyncio.sleep(0.02)
        await bucket.put("gateway", said(ward.clock, ok=False, note="No broker.", troubles=("mqtt",)))
        assert list(await missing()) == ["broker"]
        await bucket.put("gateway", said(ward.clock, ok=False, note="Full.", troubles=("jetstream", "mqtt")))
        assert await missing() == {"broker": "The gateway has no connection to the MQTT broker.", "gateway": "Full."}
        await bucket.put("gateway", said(ward.clock))
        await bucket.put("watcher", said(ward.clock, lag=LAGGING + 1))
        assert await missing() == {"watcher": "2001 messages wait for this stage: people are told late."}
        await bucket.put("watcher", said(ward.clock))
        await bucket.delete("notify")
        assert await missing() == {"notify": "This stage has not reported yet."}
        await all_well(bucket, ward.clock())
        assert await missing() == {}
        ward.clock.forward(20)
        assert (await missing())["recorder"] == "This stage has not reported for 22 s."


async def test_the_api_reports_how_it_is_as_other_stages_do(
    ward: Ward, platform_servers: PlatformServers, bucket: KeyValue, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("REPORT_SECONDS", "REPORT_AGAIN_SECONDS"):
        monkeypatch.setattr(f"api.runtime.{name}", 0.05)
    other = over(ward, platform_servers.nats_url)

    async def report() -> StageStatus:
        entry = await bucket.get("api")
        return decode(entry.value or b"")

    async with running(other.app), other.client() as client:
        await connected(client)
        async with asyncio.timeout(10):
            while not other.app.state.runtime.feed.sees:
                await asyncio.sleep(0.02)
        ward.clock.forward(1)
        await asyncio.sleep(0.2)
        own = await report()
        assert (own.ok, own.at_us, own.lag) == (True, ward.clock(), -1)
        monkeypatch.setattr(type(other.app.state.runtime.feed), "sees", False)
        await asyncio.sleep(0.2)
        own = await report()
        assert (own.ok, own.troubles) == (False, ("database",))
        assert "cannot be read" in own.note


async def test_the_first_report_comes_with_the_connection_so_that_a_start_looks_like_no_trouble(
    ward: Ward, platform_servers: PlatformServers, bucket: KeyValue
) -> None:
    await bucket.purge("api")
    other = over(ward, platform_servers.nats_url)
    async with running(other.app), other.client() as client:
        await connected(client)
        async with asyncio.timeout(2):  # well below the time between reports
            while True:
                with suppress(KeyNotFoundError):
                    await bucket.get("api")
                    break
                await asyncio.sleep(0.05)


async def test_behind_a_cut_line_readyz_answers_and_names_it_and_all_is_well_when_it_is_mended(
    ward: Ward, platform_servers: PlatformServers, bucket: KeyValue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.stages.PING_SECONDS", 0.2)
    for name, seconds in (("PROBE_SECONDS", 0.3), ("TRUSTED_SECONDS", 0.2), ("CLOSE_SECONDS", 0.2)):
        monkeypatch.setattr(f"store.pool.{name}", seconds)
    monkeypatch.setattr("api.database.COMMAND_SECONDS", 1.0)
    given = ward.app.state.runtime.settings
    async with (
        line(urlsplit(platform_servers.nats_url).port) as stream,
        line(urlsplit(given.dsn).port) as database,
    ):
        settings = ApiSettings(
            database.url(given.dsn), stream.url(platform_servers.nats_url), ward.clock, given.console_dir
        )
        other = Ward(build(settings), ward.clock, ward.pool)
        async with running(other.app), other.client() as client:
            await all_well(bucket)
            await _becomes(client, [])
            for way in (stream, database):
                way.cut()
            await asyncio.sleep(0.5)
            async with asyncio.timeout(5):
                assert set((await client.get("/readyz")).json()["missing"]) >= {"database", "jetstream"}
                assert (await client.get("/healthz")).json() == {"ok": True}
            for way in (stream, database):
                way.mend()
            await _becomes(client, [])


async def _becomes(client: httpx.AsyncClient, missing: list[str]) -> None:
    async with asyncio.timeout(20):
        while (await client.get("/readyz")).json()["missing"] != missing:
            await asyncio.sleep(0.1)


async def test_metrics_count_what_was_started_again(ward: Ward, platform_servers: PlatformServers) -> None:
    other = over(ward, platform_servers.nats_url, {"watcher": 2, "nats": 0})
    async with running(other.app), other.client() as client:
        numbers = (await client.get("/metrics")).text
    assert 'shouwang_restarts{part="watcher"} 2.0' in numbers
    assert 'shouwang_restarts{part="nats"} 0.0' in numbers
