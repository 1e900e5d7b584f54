"""``shouwang sim``: what it says and with which status it ends."""

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from device_sim.mqtt_address import MqttAddress
from schemas.errors import Unavailable
from stack import sim_target
from stack.cli_sim import app

STATE = {
    "api": "http://127.0.0.1:1/api/v1",
    "mqtt": {"host": "127.0.0.1", "port": 1, "user": "u", "password": "p"},
    "accounts": [
        {"role": "carer", "user": "nurse", "password": "n"},
        {"role": "administrator", "user": "admin", "password": "a"},
    ],
}


@pytest.fixture
def recordings(tmp_path: Path) -> Path:
    path = tmp_path / "some.npz"
    np.savez(
        path,
        acc=np.zeros((20, 3), np.int16),
        acc_scale=0.001,
        start=[0, 10],
        n=[10, 10],
        fs=[50.0, 50.0],
        label=[1, 0],
    )
    return path


def state_file(tmp_path: Path, **changed: object) -> Path:
    path = tmp_path / "state.json"
    path.write_text(json.dumps(STATE | changed))
    return path


def test_a_state_file_gives_broker_and_administrator(tmp_path: Path) -> None:
    found = sim_target.find(state=state_file(tmp_path))
    assert (found.user, found.password) == ("admin", "a")
    assert found.mqtt == MqttAddress("127.0.0.1", 1, "u", "p")


def test_a_live_home_without_accounts_asks_for_user_and_password(tmp_path: Path) -> None:
    state = state_file(tmp_path, accounts=[])
    with pytest.raises(Unavailable, match="--user and --password"):
        sim_target.find(state=state)
    assert sim_target.find(state=state, user="x", password="y").user == "x"


def test_addresses_alone_are_enough(tmp_path: Path) -> None:
    found = sim_target.find(home=tmp_path, api="http://far/api/v1", mqtt="mqtt://a:b@far:2", user="x", password="y")
    assert (found.api, found.mqtt.port) == ("http://far/api/v1", 2)


def test_a_platform_that_does_not_run_is_status_1_and_a_sentence(recordings: Path, tmp_path: Path) -> None:
    ended = CliRunner().invoke(app, ["replay", str(recordings), "--home", str(tmp_path), "--falls", "1"])
    assert ended.exit_code == 1
    assert "No platform runs in this home" in ended.output


def test_a_broker_that_does_not_answer_is_status_1_and_a_sentence(recordings: Path, tmp_path: Path) -> None:
    state = state_file(tmp_path)
    ended = CliRunner().invoke(app, ["replay", str(recordings), "--state", str(state), "--falls", "1"])
    assert ended.exit_code == 1
    assert "The broker at 127.0.0.1:1 cannot be used" in ended.output


@pytest.mark.parametrize(
    "words",
    [
        ["--falls", "2"],
        ["--records", "5"],
        ["--records", "one"],
        ["--speed", "0.5"],
        ["--at-once", "0"],
        ["--unsynced", "--speed", "2"],
    ],
)
def test_wrong_usage_is_status_2(recordings: Path, words: list[str]) -> None:
    assert CliRunner().invoke(app, ["replay", str(recordings), *words]).exit_code == 2


def test_a_file_that_is_not_there_is_status_2(tmp_path: Path) -> None:
    assert CliRunner().invoke(app, ["replay", str(tmp_path / "none.npz")]).exit_code == 2
