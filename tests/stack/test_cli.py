"""The command `shouwang` as a person uses it: a live home, its first administrator, and refusals in one sentence."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from stack.ports import any_free

SHOUWANG = Path(sys.executable).with_name("shouwang")
START_S, STOP_S = 90.0, 30.0


def shouwang(*arguments: str, home: Path) -> "subprocess.Popen[str]":
    environment = {**os.environ, "SHOUWANG_HOME": str(home), "COLUMNS": "200"}
    return subprocess.Popen(
        [SHOUWANG, *arguments], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


@pytest.fixture
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="shouwang-cli-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)
        yield Path(folder) / "home"


def wait_ready(process: "subprocess.Popen[str]", home: Path) -> None:
    deadline = time.monotonic() + START_S
    while not (home / "run/state.json").exists():
        assert process.poll() is None, process.communicate()[0]
        assert time.monotonic() < deadline, "not ready in time"
        time.sleep(0.1)


def stop(process: "subprocess.Popen[str]") -> str:
    process.send_signal(signal.SIGTERM)
    said, _ = process.communicate(timeout=STOP_S)
    assert process.returncode == 0, said
    return said


@pytest.mark.servers
def test_the_first_administrator_of_a_live_home_signs_in_and_the_password_is_printed_once(home: Path) -> None:
    port = any_free()
    process = shouwang("up", "--port", str(port), home=home)
    wait_ready(process, home)
    state = json.loads((home / "run/state.json").read_text())
    assert state["accounts"] == []
    assert state["console"] == f"http://127.0.0.1:{port}"
    password = (home / "first-administrator.txt").read_text().split("password: ")[1].split()[0]
    answer = httpx.post(f"{state['api']}/session", json={"user": "admin", "password": password})
    assert answer.status_code == 201
    said = stop(process)
    assert f"first administrator: admin / {password}" in said
    assert said.rstrip().endswith(f"READY http://127.0.0.1:{port}")

    (home / "first-administrator.txt").unlink()
    process = shouwang("up", "--port", str(port), home=home)
    wait_ready(process, home)
    answer = httpx.post(f"{state['api']}/session", json={"user": "admin", "password": password})
    assert answer.status_code == 201
    assert "administrator" not in stop(process)
    assert not (home / "first-administrator.txt").exists()

    refused = shouwang("demo", "--home", str(home), home=home)
    assert "is a live one" in refused.communicate(timeout=START_S)[0]
    assert refused.returncode == 1


def test_a_wished_port_that_is_taken_is_refused_in_one_sentence(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        process = shouwang("up", "--port", str(port), home=home)
        said, _ = process.communicate(timeout=START_S)
    assert process.returncode == 1
    assert said == f"shouwang The port {port} is taken by another program; give another one with --port.\n"


def test_a_home_that_cannot_be_made_is_refused_in_one_sentence(home: Path) -> None:
    home.parent.joinpath("file").touch()
    process = shouwang("up", "--home", str(home.parent / "file" / "home"), home=home)
    said, _ = process.communicate(timeout=START_S)
    assert process.returncode == 1
    assert "give one that you own with --home" in said
    assert said.count("\n") == 1


def test_it_tells_its_version(home: Path) -> None:
    said, _ = shouwang("--version", home=home).communicate(timeout=START_S)
    assert re.fullmatch(r"shouwang \d+\.\d+\.\d+\n", said)
