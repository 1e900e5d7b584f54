"""``shouwang check``: what it says and with which status it ends, when the platform is well and when it is not."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner, Result

from device_sim import check as device_check
from device_sim.check import Check, Outcome, Report
from device_sim.mqtt_address import MqttAddress
from device_sim.platform import Platform
from schemas.errors import Unavailable
from stack import cli_check
from stack.cli import app
from stack.supervisor import STAGES

WELL = Report(ok=True, reason=None, scenarios=(Outcome("fall", "fall", "fall", 12.3, ok=True, reason=None),))


@pytest.fixture(autouse=True)
def _no_settings_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SHOUWANG_HOME", raising=False)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    write_state(tmp_path)
    return tmp_path


def write_state(home: Path, **pids: int) -> None:
    state = {
        "api": "http://127.0.0.1:1/api/v1",
        "mqtt": {"host": "127.0.0.1", "port": 1, "user": "u", "password": "p"},
        "accounts": [{"role": "administrator", "user": "admin", "password": "a"}],
        "servers": {"postgres": 10},
        "stages": {name: 20 + n for n, name in enumerate(STAGES)} | pids,
    }
    (home / "run").mkdir(exist_ok=True)
    (home / "run/state.json").write_text(json.dumps(state))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["check", *arguments])


def answering(monkeypatch: pytest.MonkeyPatch, answer: Callable[[], Report]) -> None:
    """Let broker and scenarios be there, the latter with this answer."""

    async def reachable(_mqtt: MqttAddress) -> None: ...

    async def play(_check: Check) -> Report:
        return answer()

    monkeypatch.setattr(cli_check, "probe", reachable)
    monkeypatch.setattr(Check, "run", play)


def test_all_alarms_are_status_0_and_the_report_has_the_contracts_fields(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answering(monkeypatch, lambda: WELL)
    done = run("--home", str(home), "--json")
    assert done.exit_code == 0, done.output
    report = json.loads(done.stdout)
    assert report["ok"] is True
    assert report["scenarios"] == [
        {"id": "fall", "expected": "fall", "raised": "fall", "seconds": 12.3, "ok": True, "reason": None}
    ]
    assert "12.3" in run("--home", str(home)).stdout


def test_a_missing_alarm_is_status_1_and_one_line(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    missing = Outcome("fall", "fall", None, 60.0, ok=False, reason="no alert within 60 s.")
    answering(monkeypatch, lambda: Report(ok=False, reason="fall: no alert within 60 s.", scenarios=(missing,)))
    done = run("--home", str(home))
    assert done.exit_code == 1
    assert done.stderr == "fall: no alert within 60 s.\n"


def test_a_home_without_a_platform_could_not_be_checked(tmp_path: Path) -> None:
    done = run("--home", str(tmp_path), "--json")
    assert done.exit_code == 2
    assert json.loads(done.stdout)["ok"] is False
    assert "No platform runs in this home" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_broker_that_cannot_be_reached_is_a_failure_in_one_line(home: Path) -> None:
    done = run("--home", str(home))
    assert done.exit_code == 1
    assert done.stderr.startswith("The broker at 127.0.0.1:1 cannot be used")
    assert done.stderr.count("\n") == 1


def test_a_database_that_is_away_is_told_by_its_sentence(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> Report:
        raise Unavailable("The database does not answer.")

    answering(monkeypatch, away)
    done = run("--home", str(home))
    assert (done.exit_code, done.stderr) == (1, "The database does not answer.\n")


def test_a_stage_that_does_not_run_is_named(home: Path) -> None:
    state = json.loads((home / "run/state.json").read_text())
    del state["stages"]["watcher"]
    (home / "run/state.json").write_text(json.dumps(state))
    done = run("--home", str(home))
    assert (done.exit_code, done.stderr) == (1, "The stage watcher does not run.\n")


def test_a_stage_that_dies_meanwhile_fails_the_check_even_where_all_alarms_came(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed() -> Report:
        write_state(home, desk=999)
        return WELL

    answering(monkeypatch, killed)
    done = run("--home", str(home))
    assert (done.exit_code, done.stderr) == (1, "desk died during the check and was started again.\n")


def test_a_platform_that_listens_to_no_bridge_is_not_checked(home: Path) -> None:
    (home / "shouwang.toml").write_text('zigbee_bases = ""\n')
    done = run("--home", str(home))
    assert done.exit_code == 2
    assert "zigbee_bases" in done.stderr


async def test_a_stage_that_stays_silent_ends_the_check_before_anybody_falls() -> None:
    said: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        said.append(f"{request.method} {request.url.path}")
        body: dict[str, Any] = {"token": "t", "stages": [{"name": "desk", "ok": False, "note": "Silent for 20 s."}]}
        return httpx.Response(200, json=body)

    async with Platform("http://x", "u", "p", transport=httpx.MockTransport(answer)) as platform:
        report = await Check(platform, MqttAddress("127.0.0.1", 1, "u", "p"), "zigbee2mqtt", reports_s=0.0).run()
    assert report == Report(ok=False, reason="The stage desk is not well: Silent for 20 s.")
    assert said == ["POST /api/v1/session", "GET /api/v1/overview"]


async def test_what_was_begun_is_cleaned_up_when_no_alarm_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/api/v1/")
        said.append(f"{request.method} {path.split('/')[0]}")
        known: dict[str, dict[str, Any]] = {"overview": {"stages": []}, "alerts": {"alerts": []}}
        known["residents"] = {"id": "x1", "residents": []}
        return httpx.Response(200, json=known.get(path, {"token": "t", "id": "x1"}))

    monkeypatch.setattr(device_check, "BINDING_SETTLE_S", 0.0)
    async with Platform("http://x", "u", "p", transport=httpx.MockTransport(answer)) as platform:
        report = await Check(platform, MqttAddress("127.0.0.1", 1, "u", "p"), "z", patience_s=0.05).run()
    assert not report.ok
    assert [each.ok for each in report.scenarios] == [False] * 3
    assert said.count("POST residents") == said.count("PATCH residents") == 3
    assert said.count("DELETE devices") == said.count("POST devices") / 2 == 4


async def test_what_came_too_late_for_an_earlier_check_is_resolved_and_nobody_elses_alert_is() -> None:
    resolved: list[str] = []
    residents = [
        {"id": "r1", "test": True, "note": device_check.NOTE},
        {"id": "r2", "test": False, "note": device_check.NOTE},
        {"id": "r3", "test": True, "note": "a drill"},
    ]
    alerts = [
        {"id": f"a{n}", "state": state, "unit": "u", "kind": "fall", "resident": {"id": resident}}
        for n, (resident, state) in enumerate(
            [("r1", "raised"), ("r2", "raised"), ("r3", "raised"), ("r1", "resolved")]
        )
    ]

    def answer(request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/api/v1/")
        if path.endswith("/resolve"):
            resolved.append(path)
        known = {"overview": {"stages": []}, "alerts": {"alerts": alerts}, "residents": {"residents": residents}}
        if request.method == "POST" and path == "places":
            return httpx.Response(422, json={"error": {"message": "No more places."}})
        return httpx.Response(200, json=known.get(path, {"token": "t", "id": "x1"}))

    async with Platform("http://x", "u", "p", transport=httpx.MockTransport(answer)) as platform:
        report = await Check(platform, MqttAddress("127.0.0.1", 1, "u", "p"), "z").run()
    assert resolved == ["alerts/a0/resolve"]
    assert report.reason == "fall: No more places."
