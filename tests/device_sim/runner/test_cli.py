"""``shouwang sim run`` and ``sim report``: what they say, and with which status they end."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from device_sim.runner import record
from device_sim.runner.record import Verdict
from schemas.errors import Unavailable
from stack.cli_sim import app
from stack.cli_sim_run import _fitting, _rows, _speed
from tests.device_sim.report.making import judged, occurrence, run, scenario
from tests.device_sim.test_cli_sim import state_file


def sim(*words: str) -> tuple[int, str]:
    ended = CliRunner().invoke(app, list(words))
    return ended.exit_code, ended.output


def test_a_scenario_that_is_not_there_is_status_2_and_offers_what_is_like_it(tmp_path: Path) -> None:
    status, said = sim("run", "fall-backward-bathroom", "--state", str(state_file(tmp_path)))
    assert status == 2
    assert "Did you mean “fall-backwards-bathroom”?" in said


def test_a_file_with_mistakes_is_status_2_with_their_lines(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("id: x\nsed: 1\n")
    status, said = sim("run", str(tmp_path / "x.yaml"), "--state", str(state_file(tmp_path)))
    assert status == 2
    assert "x.yaml:2:1" in said


def test_a_platform_that_is_not_there_is_status_2_and_a_sentence(tmp_path: Path) -> None:
    status, said = sim("run", "fall-backwards-bathroom", "--state", str(state_file(tmp_path)))
    assert (status, "does not answer" in said) == (2, True)


@pytest.mark.parametrize("speed", ["0", "quick"])
def test_what_is_no_speed_is_status_2(tmp_path: Path, speed: str) -> None:
    assert sim("run", "walks-the-dog", "--speed", speed, "--state", str(state_file(tmp_path)))[0] == 2


def test_a_live_home_is_played_at_1x_and_at_no_other_speed() -> None:
    assert str(_fitting(None, driven=False)) == "1"
    assert str(_fitting(None, driven=True)) == "full"
    assert str(_fitting(_speed("60"), driven=True)) == "60"
    for wanted in ("60", "full"):
        with pytest.raises(Unavailable, match="--simulated"):
            _fitting(_speed(wanted), driven=False)


def test_each_expectation_and_whatever_else_rang_has_its_row() -> None:
    broken = judged(Verdict.WRONG, must=False)
    one = scenario(judged(), broken, wrongly=(*broken.raised, occurrence("other")), doubles=(occurrence("twice"),))
    rows = [" ".join(row) for row in _rows(one)]
    assert len(rows) == 4
    assert rows[0].startswith("one fall wang [green]raised")
    assert "4 s" in rows[0]
    assert "nobody expected" in rows[2]
    assert "once more" in rows[3]


def test_a_report_is_written_and_named(tmp_path: Path) -> None:
    record.save(run(scenario(judged())), tmp_path / "run.json")
    page = tmp_path / "page.html"
    status, said = sim("report", str(tmp_path / "run.json"), "-o", str(page))
    assert (status, said.replace("\n", "")) == (0, str(page))
    assert "Everything came as expected." in page.read_text()


def test_a_report_of_what_is_no_run_is_status_2(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text(json.dumps({"schema": 1}))
    status, said = sim("report", str(tmp_path / "run.json"), "-o", str(tmp_path / "page.html"))
    assert (status, "sim run --out" in said) == (2, True)
    assert not (tmp_path / "page.html").exists()
