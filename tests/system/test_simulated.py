"""A simulated home, the whole way: the same play finds the same at any speed, and alerts stand in its time."""

import asyncio
import json
import random
import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import nats
import numpy as np
import pytest

from bench.through_time import BASE, DAY_US, MINUTE_US, START_US, Sent, month, play, set_up
from device_sim.frames import Block, FrameMaker
from device_sim.mqtt_address import MqttAddress
from device_sim.platform import Platform as Client
from device_sim.platform import from_iso
from device_sim.runner.line import Line
from schemas import finding, subjects, topics
from schemas.finding import Finding, FindingKind
from schemas.frame import encode
from tests.system.falls import RATE_HZ, SENSOR, samples
from tests.system.platform import Platform, eventually

pytestmark = [pytest.mark.servers, pytest.mark.timeout(240)]

HOMES, DAYS, SEED = 2, 2, 7
END_US = START_US + DAYS * DAY_US
FALL_US, SMOKE_US, CALL_US = START_US + 33 * 3_600_000_000, START_US + 40 * 3_600_000_000, END_US - MINUTE_US
WATCH = "watch-simulated"


@pytest.fixture(scope="module")
def two() -> Iterator[tuple[Platform, Platform]]:
    """Return two simulated platforms, started at once since each start is waited for."""
    folder = Path(tempfile.mkdtemp(prefix="shouwang-simulated-"))
    with ThreadPoolExecutor(2) as starting:
        first, second = starting.map(lambda name: Platform(folder / name, kind="--simulated"), ("one", "two"))
    try:
        yield first, second
    finally:
        with ThreadPoolExecutor(2) as stopping:
            assert list(stopping.map(Platform.stop, (first, second))) == [[], []]
        shutil.rmtree(folder)


def happenings() -> list[Sent]:
    """Return two days of two homes, with a fall, smoke in the night and a call for help as the last."""
    maker = FrameMaker(SENSOR, boot=9, booted_us=START_US)
    counts = np.asarray(samples(seed=1))
    sent = month(HOMES, DAYS, SEED)
    for first in range(0, len(counts), RATE_HZ):
        at_us = FALL_US + first * SENSOR.period_ns // 1000
        block = maker.make(Block(counts[first : first + RATE_HZ], worn=True), at_us)
        sent.append(Sent(at_us + block.duration_us, topics.of(WATCH, topics.IMU), encode(block)))
    sent.append(Sent(SMOKE_US, f"{BASE}/0x00158d00000100ff", b'{"smoke": true, "battery": 90}'))
    call = {"boot": 9, "seq": 1, "t_us": CALL_US - START_US, "utc_us": CALL_US, "type": "sos"}
    sent.append(Sent(CALL_US, topics.of(WATCH, topics.EVENT), json.dumps(call).encode()))
    return sorted((each for each in sent if each.at_us <= CALL_US), key=lambda each: (each.at_us, each.topic))


async def played(platform: Platform, *, hurried: bool) -> None:
    """Play everything, as fast as it goes or with pauses that cut the batches elsewhere."""
    account, mqtt = platform.account("administrator"), platform.state["mqtt"]
    pauses = random.Random(3)

    async def breathe(_count: int) -> None:
        if not hurried and pauses.random() < 0.02:
            await asyncio.sleep(pauses.random() * 0.2)

    address = MqttAddress(mqtt["host"], mqtt["port"], mqtt["user"], mqtt["password"])
    async with (
        Client(platform.state["api"], account["user"], account["password"]) as client,
        Line(address, "play", driven=True) as line,
    ):
        await line.clock(START_US - MINUTE_US, tick=False)
        await line.settled()
        await set_up(client, HOMES)
        await client.wear(WATCH, "month-resident-0", "month-home-0", "waist", START_US - DAY_US)
        await client.stand("z2m-0x00158d00000100ff", "month-1-kitchen", "month-home-1", START_US - DAY_US)
        await asyncio.sleep(1)  # the gateway hears of bindings
        await play(line, happenings(), CALL_US, breathe=breathe)


async def findings(platform: Platform) -> list[tuple[str, bytes]]:
    """Return all findings, subject by subject in their order."""
    nc = await nats.connect(platform.state["nats"])
    try:
        js = nc.jetstream()
        state = (await js.stream_info(subjects.FINDINGS)).state
        found = [await js.get_msg(subjects.FINDINGS, seq) for seq in range(1, state.last_seq + 1)]
        return sorted(((each.subject or "", each.data or b"") for each in found), key=lambda each: each[0])
    finally:
        await nc.close()


def alerts_of(platform: Platform) -> list[dict[str, Any]]:
    alerts: list[dict[str, Any]] = platform.get("/alerts", status="all", limit=1000, since="2001-01-02T00:00:00Z")[
        "alerts"
    ]
    return [alert for alert in alerts if alert["kind"] != FindingKind.PLATFORM]


def call_is_there(platform: Platform) -> bool:
    return any(alert["kind"] == FindingKind.SOS for alert in alerts_of(platform))


def test_two_days_of_two_homes_find_the_same_to_the_byte_however_fast_they_are_played(
    two: tuple[Platform, Platform],
) -> None:
    fast, slow = two

    async def both() -> list[list[tuple[str, bytes]]]:
        await asyncio.gather(played(fast, hurried=True), played(slow, hurried=False))
        for each in two:
            await asyncio.to_thread(eventually, lambda each=each: call_is_there(each), seconds=60, what="the last call")
        return [await findings(each) for each in two]

    of_fast, of_slow = asyncio.run(both())
    assert of_fast == of_slow
    found = [finding.decode(data) for _, data in of_fast]
    kinds = {FindingKind.FALL, FindingKind.SMOKE, FindingKind.SOS}
    assert kinds <= {each.kind for each in found}
    assert all(START_US < each.event_us <= each.heard_us <= END_US for each in found)
    for each in two:
        _alerts_stand_in_driven_time(each, found)


def _alerts_stand_in_driven_time(platform: Platform, found: list[Finding]) -> None:
    first_heard = {each.id: each.heard_us for each in reversed(found) if each.stage is finding.Stage.CONFIRMED}
    alerts = alerts_of(platform)
    raised = sorted(from_iso(alert["raised_time"]) for alert in alerts)
    assert raised
    assert set(raised) <= set(first_heard.values())
    assert not any(alert["late"] for alert in alerts)
    fall = next(alert for alert in alerts if alert["kind"] == FindingKind.FALL)
    assert FALL_US < from_iso(fall["event_time"]) < from_iso(fall["raised_time"]) < FALL_US + 2 * MINUTE_US


def test_processes_and_people_at_the_console_go_by_the_wall(two: tuple[Platform, Platform]) -> None:
    overview = two[0].get("/overview")
    assert overview["simulated"] is True
    assert overview["platform_time"] < "2026-03-05"
    assert [stage for stage in overview["stages"] if not stage["ok"]] == []
    assert two[0].get("/session")["user"]["name"] == "admin"
    assert two[0].state["simulated"] is True


def test_its_servers_do_not_wait_for_the_disk(two: tuple[Platform, Platform]) -> None:
    assert two[0].rows("show fsync")[0][0] == "off"
    assert "sync_interval: 2m" in (two[0].home / "nats/nats.conf").read_text()
