"""Another broker by one setting: the shipped Mosquitto configuration, its access list, and the whole way behind it."""

import asyncio
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from device_sim.frames import Block, Sensor
from device_sim.mqtt_address import MqttAddress
from device_sim.wearable import Wearable
from schemas import topics
from schemas.frame import encode
from tests.system.device import Device
from tests.system.hostile import good_frame
from tests.system.platform import Platform, eventually

pytestmark = [pytest.mark.servers, pytest.mark.timeout(180)]

SHIPPED = Path(__file__).resolve().parents[2] / "deploy/mosquitto"
PASSWORD = "a test's own password"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def mosquitto() -> Iterator[dict[str, Any]]:
    """Run Mosquitto as shipped, with the paths and the port of this test."""
    program = shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
    if program is None:
        pytest.skip("needs mosquitto: scripts/system-deps brings it")
    folder = Path(tempfile.mkdtemp(prefix="shouwang-mosquitto-"))
    folder.chmod(0o777)  # started by root, Mosquitto becomes a user of its own
    (folder / "passwords").touch(0o644)
    for user in ("shouwang", "watch-1", "watch-2"):
        subprocess.run(["mosquitto_passwd", "-b", folder / "passwords", user, PASSWORD], check=True)
    shutil.copy(SHIPPED / "acl", folder)
    port = _free_port()
    text = (SHIPPED / "mosquitto.conf").read_text()
    text = text.replace("/etc/mosquitto/shouwang", str(folder)).replace("/var/lib/mosquitto/", f"{folder}/")
    (folder / "mosquitto.conf").write_text(text.replace("listener 1883", f"listener {port} 127.0.0.1"))
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([program, "-c", str(folder / "mosquitto.conf")], stdout=log, stderr=log)
        eventually(lambda: _answers(port), seconds=10, what=f"Mosquitto; see {folder / 'log'}")
        yield {"host": "127.0.0.1", "port": port, "password": PASSWORD}
        process.terminate()
        process.wait()
    shutil.rmtree(folder)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def behind_mosquitto(mosquitto: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """Run a platform whose broker is that Mosquitto."""
    secret = mosquitto["password"].replace(" ", "%20").replace("'", "%27")
    url = f"mqtt://shouwang:{secret}@{mosquitto['host']}:{mosquitto['port']}"
    running = Platform(tmp_path_factory.mktemp("behind") / "home", SHOUWANG_MQTT_URL=url)
    yield running
    assert not running.stop()


def test_frames_come_in_through_mosquitto(behind_mosquitto: Platform, mosquitto: dict[str, Any]) -> None:
    assert behind_mosquitto.state["mqtt"]["port"] == mosquitto["port"]
    assert "broker" not in behind_mosquitto.state["servers"]
    behind_mosquitto.add_wearer("Behind Mosquitto", "watch-1")
    with Device({**mosquitto, "user": "watch-1"}, "watch-1") as device:
        for seq in range(1, 51):
            device.send_frame(seq)
        eventually(lambda: len(device.acknowledged) == 50, seconds=20, what="50 acknowledged")
    eventually(lambda: _stored(behind_mosquitto, "watch-1") == 50, seconds=20, what="50 frames in the database")


def test_a_device_hears_through_the_access_list_that_its_frames_are_on_the_disk(
    behind_mosquitto: Platform, mosquitto: dict[str, Any]
) -> None:
    address = MqttAddress(mosquitto["host"], mosquitto["port"], "watch-2", mosquitto["password"])
    counts = iter(range(20))
    wearable = Wearable(
        device="watch-2",
        mqtt=address,
        sensor=Sensor(10_000_000),
        source=lambda n: None if next(counts, None) is None else Block(np.full((n, 3), 1000, dtype=np.int16)),
        frame_seconds=0.1,
    )
    asyncio.run(wearable.run(asyncio.Event()))
    assert (wearable.counts.frames, wearable.counts.confirmed) == (20, 20)
    eventually(lambda: _stored(behind_mosquitto, "watch-2") == 20, seconds=20, what="20 frames in the database")


def test_a_device_cannot_speak_for_another(behind_mosquitto: Platform, mosquitto: dict[str, Any]) -> None:
    with Device({**mosquitto, "user": "watch-2"}, "watch-2-client") as device:
        device.publish(topics.of("watch-1", topics.IMU), encode(good_frame(seq=900))).wait_for_publish(10)
        device.publish(topics.of("watch-2", topics.IMU), encode(good_frame(seq=901))).wait_for_publish(10)
    eventually(lambda: _stored(behind_mosquitto, "watch-2", seq=901) == 1, seconds=20, what="its own frame")
    assert _stored(behind_mosquitto, "watch-1", seq=900) == 0


def test_what_came_while_the_gateway_was_dead_is_not_lost(
    behind_mosquitto: Platform, mosquitto: dict[str, Any]
) -> None:
    with Device({**mosquitto, "user": "watch-1"}, "watch-1") as device:
        for seq in range(1000, 1200):
            if seq == 1050:
                behind_mosquitto.kill("gateway")
            device.send_frame(seq)
            time.sleep(0.002)
        eventually(lambda: len(device.acknowledged) == 200, seconds=20, what="200 acknowledged")
    eventually(
        lambda: _stored(behind_mosquitto, "watch-1", since=1000) == 200, seconds=30, what="all 200 in the database"
    )


def _stored(platform: Platform, device: str, *, seq: int | None = None, since: int = 0) -> int:
    rows = platform.rows(
        "select count(distinct seq) as n from frame"
        " where device = $1 and ($2::bigint is null or seq = $2) and seq >= $3",
        device, seq, since,
    )  # fmt: skip
    return int(rows[0]["n"])
