"""The platform about itself: the overview, the quarantine, the probes; nothing is said to be well unasked."""

from importlib.metadata import version

import nats
import pytest

from api.app import build
from api.settings import ApiSettings
from ingest.streams import ensure
from schemas import subjects
from schemas.quarantine import QuarantineEntry
from schemas.status import StageStatus, encode
from store import quarantine
from tests.api.conftest import NOWHERE, START_US, Ward, running
from tests.api.test_ready import connected
from tests.conftest import PlatformServers

pytestmark = pytest.mark.servers


async def test_the_overview_counts_who_is_watched_and_what_is_open(ward: Ward) -> None:
    async with ward.signed_in() as nurse:
        assert (await nurse.get("/api/v1/overview")).json()["watched"] == 0
        await ward.pool.execute("update device set seen_us = $1", START_US)
        alert = await ward.fall()
        seen = (await nurse.get("/api/v1/overview")).json()
        assert (seen["watched"], seen["residents"], seen["open"], seen["last_resolved"]) == (1, 1, 1, None)
        assert seen["platform_time"] == "2026-09-21T14:13:20.000000Z"
        assert seen["version"] == version("shouwang")
        await ward.pool.execute("update device set worn = false")
        assert (await nurse.get("/api/v1/overview")).json()["watched"] == 0
        await ward.pool.execute("update device set worn = true")
        ward.clock.forward(121)
        await nurse.post(f"/api/v1/alerts/{alert.id}/resolve", json={"outcome": "test"})
        later = (await nurse.get("/api/v1/overview")).json()
    assert (later["watched"], later["open"]) == (0, 0)
    assert later["last_resolved"] == "2026-09-21T14:15:21.000000Z"


async def test_stages_are_not_called_well_while_nobody_can_ask_them(ward: Ward) -> None:
    async with ward.signed_in() as nurse:
        stages = (await nurse.get("/api/v1/overview")).json()["stages"]
    assert [stage["name"] for stage in stages] == ["gateway", "recorder", "watcher", "desk", "notify", "api"]
    assert not any(stage["ok"] for stage in stages)
    assert all("JetStream" in stage["note"] for stage in stages)


async def test_stages_are_as_they_say(ward: Ward, platform_servers: PlatformServers) -> None:
    connection = await nats.connect(platform_servers.nats_url)
    await ensure(connection.jetstream())
    bucket = await connection.jetstream().key_value(subjects.STATUS)
    await bucket.put("gateway", encode(StageStatus(at_us=START_US, ok=True, lag=4)))
    await bucket.put("desk", encode(StageStatus(at_us=START_US - 60_000_000, ok=True)))
    await bucket.put("watcher", b"not a status")
    settings = ward.app.state.runtime.settings
    app = build(ApiSettings(settings.dsn, platform_servers.nats_url, ward.clock, settings.console_dir))
    other = Ward(app, ward.clock, ward.pool)
    try:
        async with running(app), other.signed_in() as nurse:
            await connected(nurse)
            ward.clock.forward(1)
            found = {stage["name"]: stage for stage in (await nurse.get("/api/v1/overview")).json()["stages"]}
            numbers = (await nurse.get("/metrics")).text
    finally:
        await connection.jetstream().delete_key_value(subjects.STATUS)
        await connection.close()
    assert (found["gateway"]["ok"], found["gateway"]["lag"]) == (True, 4)
    assert (found["desk"]["ok"], found["watcher"]["ok"], found["recorder"]["ok"]) == (False, False, False)
    assert "61 s" in found["desk"]["note"]
    assert 'shouwang_stage_ok{stage="gateway"} 1.0' in numbers
    assert 'shouwang_stage_lag{stage="gateway"} 4.0' in numbers


async def test_the_quarantine_shows_counts_and_the_latest_with_their_first_bytes(ward: Ward) -> None:
    entries = [
        QuarantineEntry(
            at_us=START_US + number, topic="sw/v1/守/imu", reason="bad-crc", sentence="The CRC is wrong.",
            payload=bytes([number]) * 100, size=100 + number,
        )
        for number in range(5)
    ]  # fmt: skip
    odd = QuarantineEntry(
        at_us=START_US, topic="x", reason="clock-implausible", sentence="1970.", payload=b"", size=0, kept=True
    )
    await quarantine.write(ward.pool, [*entries, odd])
    async with ward.signed_in() as nurse:
        shown = (await nurse.get("/api/v1/quarantine?limit=2")).json()
        older = (await nurse.get(f"/api/v1/quarantine?before={shown['entries'][-1]['id']}")).json()
    assert shown["total"] == 6
    assert shown["by_reason"] == [{"reason": "bad-crc", "count": 5}, {"reason": "clock-implausible", "count": 1}]
    first, second = shown["entries"]
    assert (first["kept"], first["reason"]) == (True, "clock-implausible")
    assert (second["topic"], second["size"], second["head_hex"]) == ("sw/v1/守/imu", 104, "04" * 64)
    assert [entry["size"] for entry in older["entries"]] == [103, 102, 101, 100]


async def test_metrics_count_by_the_name_of_a_call_and_never_by_a_persons_id(ward: Ward) -> None:
    await ward.fall()
    async with ward.signed_in() as nurse:
        await nurse.get(f"/api/v1/residents/{ward.resident}")
        await nurse.request("BREW", "/api/v1/alerts")
        numbers = (await nurse.get("/metrics")).text
    assert 'shouwang_http_requests_total{method="GET",route="read_resident",status="200"} 1.0' in numbers
    assert 'shouwang_open_alerts{severity="high"} 1.0' in numbers
    assert ward.resident not in numbers
    assert "BREW" not in numbers
    assert NOWHERE not in numbers
