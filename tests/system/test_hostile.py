"""Ten thousand hostile messages change nothing but the quarantine, and the next good one goes through."""

import time

import pytest

from schemas import topics
from tests.system.device import Device
from tests.system.hostile import messages, wrong_clocks
from tests.system.platform import Platform, eventually

pytestmark = [pytest.mark.servers, pytest.mark.timeout(300)]

SEED = 20261123
COUNT = 10_000
WRONG_CLOCKS = 100
DAY_US = 86_400_000_000


def _world(platform: Platform) -> tuple[object, ...]:
    """Return what no hostile message may change."""
    return (
        platform.get("/residents"),
        platform.get("/places"),
        platform.get("/alerts", status="all", limit=500),
        [(each["id"], each["binding"]) for each in platform.get("/devices")["devices"]],
    )


def test_ten_thousand_hostile_messages_change_nothing_but_the_quarantine(platform: Platform) -> None:
    device, good = "hostile-1", "good-neighbour-1"
    platform.add_wearer("Hostile Neighbour", device)
    resident = platform.add_wearer("Good Neighbour", good)
    before, already = _world(platform), platform.get("/quarantine")["total"]
    expected = 0
    with Device(platform.state["mqtt"], "hostile-client") as sender:
        last = None
        for message in messages(SEED, COUNT, device):
            expected += message.quarantined
            last = sender.publish(message.topic, message.payload, retain=message.retain)
            if expected % 500 == 0:
                last.wait_for_publish(60)
        assert last is not None
        last.wait_for_publish(60)
    eventually(
        lambda: platform.get("/quarantine")["total"] - already >= expected, seconds=120, what=f"{expected} quarantined"
    )
    with Device(platform.state["mqtt"], good) as neighbour:
        neighbour.send_frame(1)
        eventually(lambda: 1 in neighbour.acknowledged, seconds=10, what="the good frame acknowledged")
    _stored(platform, good, 1)
    assert platform.get("/quarantine")["total"] - already == expected
    assert _world(platform) == before
    assert platform.get(f"/residents/{resident}")["now"]
    assert not platform.rows("select 1 from frame where device = $1", device)


def test_a_clock_of_1970_or_2099_is_noted_and_the_reading_kept_at_its_arrival(platform: Platform) -> None:
    device = "wrong-clock-1"
    platform.add_wearer("Wrong Clock", device)
    alerts, already = platform.get("/alerts", status="all", limit=500), platform.get("/quarantine")["total"]
    began = time.time_ns() // 1000
    with Device(platform.state["mqtt"], device) as sender:
        for _name, payload in wrong_clocks(SEED, WRONG_CLOCKS):
            sender.publish(topics.of(device, topics.IMU), payload)
        sender.send_frame(1, boot=8)
        eventually(lambda: 1 in sender.acknowledged, seconds=10, what="the good frame acknowledged")
    _stored(platform, device, WRONG_CLOCKS + 1)
    rows = platform.rows("select min(event_us) as first, max(event_us) as last from frame where device = $1", device)
    assert rows[0]["first"] > began - DAY_US
    assert rows[0]["last"] < began + DAY_US
    eventually(
        lambda: platform.get("/quarantine")["total"] - already >= WRONG_CLOCKS, seconds=20, what="the clocks noted"
    )
    assert platform.get("/alerts", status="all", limit=500) == alerts


def _stored(platform: Platform, device: str, count: int) -> None:
    deadline = time.monotonic() + 60
    while True:
        found = platform.rows("select count(*) from frame where device = $1", device)
        if found[0][0] == count:
            return
        assert time.monotonic() < deadline, f"{found[0][0]} of {count} frames of {device} in the database"
        time.sleep(0.2)
