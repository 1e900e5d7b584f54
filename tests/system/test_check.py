"""``shouwang check`` against a platform that runs: three alarms by the whole way, and nothing is left to be done."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.system.platform import Platform

pytestmark = [pytest.mark.servers, pytest.mark.timeout(200)]


def test_a_check_raises_its_three_alarms_and_leaves_no_work_behind(platform: Platform) -> None:
    command = [str(Path(sys.executable).with_name("shouwang")), "check", "--home", str(platform.home), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=180)
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads(done.stdout)
    assert {each["id"]: each["raised"] for each in report["scenarios"]} == {
        "fall": "fall",
        "wandering": "wandering",
        "inactivity": "inactivity",
    }
    mine = [each for each in platform.get("/residents")["residents"] if each["note"] == "shouwang check"]
    assert len(mine) == 3
    assert all(each["test"] and each["absent_until"] for each in mine)
    units = {each["unit"] for each in mine}
    alerts = [each for each in platform.get("/alerts", status="all")["alerts"] if each["unit"] in units]
    assert sorted(each["kind"] for each in alerts) == ["fall", "inactivity", "wandering"]
    assert {(each["state"], each["outcome"]) for each in alerts} == {("resolved", "test")}
    bound = [each for each in platform.get("/devices")["devices"] if each["binding"]]
    assert not [each for each in bound if each["binding"]["unit"] in units]
