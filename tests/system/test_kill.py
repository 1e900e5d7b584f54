"""kill -9 of each stage in turn while frames flow: nothing acknowledged is missing afterwards, no alert twice."""

import threading
import time
from typing import Any

import httpx
import pytest

from tests.system.device import Device
from tests.system.falls import play, wearable
from tests.system.platform import Platform, eventually
from tests.system.test_spine import alerts_of

pytestmark = [pytest.mark.servers, pytest.mark.timeout(300)]

STAGES = ("gateway", "recorder", "watcher", "desk", "api")
#: Frames a second while the stages die: enough that some are always on their way.
RATE_HZ = 20


class Flow:
    """Frames at a steady rate from a thread, until stopped."""

    def __init__(self, device: Device) -> None:
        self._device, self._stop, self.sent = device, threading.Event(), 0
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> "Flow":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(1 / RATE_HZ):
            self.sent += 1
            self._device.send_frame(self.sent)


def test_nothing_acknowledged_is_lost_when_each_stage_is_killed(platform: Platform) -> None:
    name = "steady-1"
    platform.add_wearer("Steady", name)
    with Device(platform.state["mqtt"], name) as device:
        with Flow(device) as flow:
            for stage in STAGES:
                time.sleep(1)
                platform.kill(stage)
            time.sleep(2)
        eventually(lambda: len(device.acknowledged) == flow.sent, seconds=20, what="all frames acknowledged")
        acknowledged = set(device.acknowledged)
    assert len(acknowledged) > RATE_HZ * len(STAGES)
    deadline = time.monotonic() + 60
    while True:
        rows = platform.rows("select seq from frame where device = $1", name)
        stored = [row["seq"] for row in rows]
        if acknowledged <= set(stored) or time.monotonic() > deadline:
            break
        time.sleep(0.2)
    assert acknowledged - set(stored) == set()
    assert len(stored) == len(set(stored)), "a frame stands twice"


def test_a_fall_during_each_kill_raises_one_alert(platform: Platform) -> None:
    """Five people fall; while each of them falls, another stage dies."""
    residents = {stage: platform.add_wearer(f"Falls as {stage} dies", f"kill-{stage}") for stage in STAGES}
    fallers = [wearable(platform, f"kill-{stage}", seed=10 + n, walk_s=6 + 3 * n) for n, stage in enumerate(STAGES)]
    player = threading.Thread(target=play, args=fallers)
    player.start()
    for n, stage in enumerate(STAGES):
        time.sleep(6.8 if n == 0 else 0.5)
        platform.kill(stage)
    player.join()
    alerts = eventually(lambda: _all_fell(platform, set(residents.values())), seconds=60, what="an alert for each fall")
    time.sleep(3)  # a second alert would come with the repetition of what was not acknowledged
    assert [len(alerts_of(platform, resident)) for resident in residents.values()] == [1] * len(STAGES)
    assert all(alert["occurrences"] == 1 for alert in alerts)
    for alert in alerts:
        platform.post(f"/alerts/{alert['id']}/resolve", {"outcome": "test"})


def _all_fell(platform: Platform, residents: set[str]) -> list[dict[str, Any]]:
    try:
        alerts = platform.get("/alerts", status="all", limit=500)["alerts"]
    except httpx.TransportError:  # the API was killed last, and may not be back yet
        return []
    theirs = [alert for alert in alerts if alert["resident"]["id"] in residents]
    return theirs if {alert["resident"]["id"] for alert in theirs} == residents else []
