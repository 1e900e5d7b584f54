"""What faults are put on with: stages that find their servers elsewhere, and a clock that jumps."""

import os
import time
from pathlib import Path

import pytest

from stack import credentials
from stack.faulted import JumpedClock, take_other_lines
from stack.home import Home
from stack.settings import load

HOUR_US = 3600 * 1_000_000
#: Between reading our clock and asking theirs, on a busy machine.
SLACK_US = 2_000_000


def test_the_clock_is_off_by_what_the_file_says_now_and_right_without_one(tmp_path: Path) -> None:
    file = tmp_path / "offset"
    clock = JumpedClock(file)
    for said, off_us in ((None, 0), (str(-HOUR_US), -HOUR_US), ("nonsense", 0), (str(HOUR_US), HOUR_US), ("", 0)):
        if said is not None:
            file.write_text(said)
        time.sleep(0.06)
        assert abs(clock() - time.time_ns() // 1000 - off_us) < SLACK_US


def test_a_stage_finds_the_servers_at_the_other_ends_of_the_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path / "home")
    home.make()
    for name in ("MQTT_URL", "NATS_URL", "DSN"):  # so that the test leaves nothing in the environment
        monkeypatch.setenv(f"SHOUWANG_{name}", "to be replaced")
    take_other_lines(home, {"broker": 5001, "nats": 5002, "postgres": 5003})
    secret = credentials.load(home)
    read = load(home.root)
    assert read.mqtt_url == f"mqtt://shouwang:{secret.mqtt}@127.0.0.1:5001"
    assert read.nats_url == f"nats://shouwang:{secret.nats}@127.0.0.1:5002"
    assert read.dsn == f"postgresql://shouwang:{secret.postgres}@127.0.0.1:5003/shouwang"
    assert os.environ["SHOUWANG_DSN"] == read.dsn
