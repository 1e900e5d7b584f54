"""kill -9 of each stage in turn while frames flow: nothing acknowledged is missing afterwards, no alert twice."""

import threading
import time

import pytest

from tests.system.device import Device
from tests.system.platform import Platform, eventually

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
