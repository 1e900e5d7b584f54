"""``shouwang explain ALERT`` on a database: the alert told with its history, judged again from what was kept."""

import asyncio
import json
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from typer.testing import CliRunner, Result

from alerts.intake import intake
from detectors.fall import FallConfig
from schemas.finding import Finding, Stage
from schemas.places import Binding, PlaceKind
from schemas.reading import Reading
from stack.cli import app
from store import alerts, people, readings
from tests.conftest import Database
from tests.detectors import signals

pytestmark = pytest.mark.servers

_HOUR_US = 3600 * 1_000_000


def fell() -> tuple[list[Reading], list[Finding]]:
    """Return a fall's frames as readings, and all that the detector finds in them."""
    frames = signals.worn(signals.fall_story(), position="waist")
    detector = FallConfig().build()
    found = [finding for frame in frames for finding in detector.update([frame])]
    return signals.readings(frames), found


async def _lives(database: Database, story: list[Reading], told: list[Finding]) -> str | None:
    """Let the person live and fall in this database; return the alert's id."""
    pool = await asyncpg.create_pool(database.dsn, min_size=1, max_size=2)
    try:
        first = told[0]
        before_us = first.event_us - _HOUR_US
        await people.add_place(pool, place_id=first.unit, name="二楼", kind=PlaceKind.FLOOR, now_us=before_us)
        await people.add_resident(pool, resident_id=first.resident, name="陈桂兰", unit=first.unit, now_us=before_us)
        await people.add_device(pool, device_id=first.device, kind="wearable", now_us=before_us)
        bound = Binding(
            device=first.device, unit=first.unit, resident=first.resident, position="waist", start_us=before_us
        )
        await people.bind(pool, bound, before_us)
        await readings.write(pool, story)
        raised = [await alerts.accept(pool, each, each.decided_us + 400_000, intake) for each in told]
        return next((change.alert.id for change in raised if change is not None), None)
    finally:
        await pool.close()


def run(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Result:
    monkeypatch.setenv("SHOUWANG_DSN", database.dsn)
    return CliRunner().invoke(app, ["explain", *arguments, "--home", str(tmp_path)])


def test_an_alert_is_told_with_its_stages_and_judged_again(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    story, told = fell()
    alert = asyncio.run(_lives(database, story, told))
    assert alert is not None
    for wanted in (alert, told[0].id):
        result = run(database, tmp_path, monkeypatch, wanted, "--json")
        assert result.exit_code == 0, result.output
        said: dict[str, Any] = json.loads(result.stdout)
        assert (said["source"]["alert"], said["source"]["resident"]) == (alert, "陈桂兰")
        assert (said["kind"], said["stage"], said["judged_as"]) == ("fall", "confirmed", "trunk")
        assert said["probability_again"] == pytest.approx(said["probability"], abs=0.02)
        assert said["course"][0]["what"] == "raised"
        assert 1 < said["course"][0]["after_s"] < 6
        assert said["data"]
    words = run(database, tmp_path, monkeypatch, alert, "--lang", "zh", "--svg", str(tmp_path / "fall.svg"))
    assert "跌倒 · 已确认" in words.stdout
    assert (tmp_path / "fall.svg").read_text().startswith("<svg")


def test_a_finding_that_raised_no_alert_is_told_too(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    story, told = fell()
    possible = [finding for finding in told if finding.stage is Stage.POSSIBLE]
    assert asyncio.run(_lives(database, story, possible)) is None
    result = run(database, tmp_path, monkeypatch, possible[0].id, "--json")
    assert result.exit_code == 0, result.output
    said = json.loads(result.stdout)
    assert (said["stage"], said["source"]["resident"]) == ("possible", "陈桂兰")
    assert said["course"] == [{"after_s": 1.0, "what": "stage", "stage": "possible", "upto_s": None, "actor": None}]


def test_what_is_not_there_is_said(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = run(database, tmp_path, monkeypatch, "al_none")
    assert result.exit_code == 1
    assert "no alert and no finding al_none" in result.stderr
