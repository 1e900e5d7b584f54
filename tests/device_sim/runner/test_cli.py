"""``shouwang sim run`` and ``sim report``: what they say, and with which status they end."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner

from device_sim.play import Staging
from device_sim.runner import record
from device_sim.runner.record import Run, Verdict
from device_sim.runner.staging import Staged, stage_now
from device_sim.scenarios import shelf
from schemas.errors import Unavailable
from stack import cli_sim_run, sim_telling
from stack.cli_sim import app
from stack.cli_sim_run import _fitting, _script, _speed
from tests.device_sim.report.making import DAY, HOUR, START, judged, occurrence, run, scenario
from tests.device_sim.runner.making import play
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
    rows = [" ".join(row) for row in sim_telling.rows(one)]
    assert len(rows) == 4
    assert rows[0].startswith("one fall wang [green]raised")
    assert "4 s" in rows[0]
    assert "and nothing had happened" not in rows[2]
    assert "nobody expected: day 1, Mon 2026-03-02 08:10. If it is right, name it under “expect”" in rows[2]
    assert "once more" in rows[3]


def test_a_never_that_was_broken_says_when_by_the_clocks_where_it_plays() -> None:
    at_us = START + DAY + 90 * 60 * 1_000_000
    broken = judged(Verdict.WRONG, must=False, raised=(occurrence(at_us=at_us, wait_s=3600),))
    (row,) = sim_telling.rows(scenario(broken))
    assert "day 2, Tue 2026-03-03 09:30, told Tue 2026-03-03 10:30" in row[3]


def test_the_time_zone_is_named_once_and_with_its_scenarios_where_there_are_several() -> None:
    here, there = scenario(name="here"), scenario(name="there", timezone="Europe/Berlin")
    assert sim_telling.zones([here, here]) == "Times are of Asia/Shanghai."
    assert "Asia/Shanghai: here; Europe/Berlin: there" in sim_telling.zones([here, there])


def test_a_play_that_is_moved_says_so_with_both_dates_and_by_how_much() -> None:
    def staged(later_us: int) -> Staged:
        return Staged(play(start_us=START + later_us), Staging(), later_us)

    lines = list(sim_telling.moved([staged(0), staged(21 * DAY), staged(-7 * DAY)]))
    assert lines == [
        "one is moved with all its dates, 3 weeks later: from Mon 2026-03-02 08:00 to Mon 2026-03-23 08:00"
        " (Asia/Shanghai)",
        "one is moved with all its dates, 1 week earlier: from Mon 2026-03-02 08:00 to Mon 2026-02-23 08:00",
    ]


def test_a_clock_time_that_a_live_home_cannot_reach_is_left_out_in_a_sentence() -> None:
    """The fall of the library is at 09:30; a live home begins now, here at 20:00 in Shanghai."""
    placed = stage_now([_script(shelf.load("fall-backwards-bathroom"))], START + 12 * HOUR)
    assert placed.plays == ()
    (line,) = placed.left_out
    assert line.startswith("fall-backwards-bathroom cannot be played from Mon 2026-03-02 20:00 on: ")
    assert "09:30" in line


class _Home:
    """Stands for a platform whose driven clock stands before the night in which summer time ends."""

    def __init__(self, *_given: object) -> None: ...

    async def __aenter__(self) -> "_Home":
        return self

    async def __aexit__(self, *_given: object) -> None: ...

    async def overview(self) -> dict[str, object]:
        return {"simulated": True, "platform_time": "2026-10-20T00:00:00Z"}

    async def places(self) -> list[dict[str, str]]:
        return []


class _Played:
    """Stands for a runner: all that it is given comes as expected."""

    def __init__(self, plays: Sequence[Staged], *_given: object, **_named: object) -> None:
        self.plays = plays

    async def run(self, _stop: object) -> Run:
        return run(*(scenario(judged(), name=each.play.id) for each in self.plays))


#: The night in which summer time ends is an hour shorter by the clock: 03:30 is not in a play that is moved there.
LATE = """\
base: fall-backwards-bathroom
id: late
title: x
timezone: Europe/Berlin
start: 2026-10-17 23:00
lasts: 5 h
happens: none
expect: none
never:
  - {kind: fall, who: wang, from: "2026-10-18 03:30"}
"""


def test_a_play_that_cannot_be_placed_is_status_2_in_a_sentence_and_the_others_are_played(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli_sim_run, "Platform", _Home)
    monkeypatch.setattr(cli_sim_run, "Runner", _Played)
    file, out = tmp_path / "late.yaml", tmp_path / "run.json"
    file.write_text(LATE)
    state = str(state_file(tmp_path))
    status, said = sim("run", str(file), "fall-backwards-bathroom", "--state", state, "--out", str(out))
    assert (status, "Traceback" in said) == (2, False)
    assert "late cannot be played from Sat 2026-10-24 23:00 on: “2026-10-18 03:30” is" in said
    assert "1 of 1 scenarios as expected" in said
    came = record.load(out)
    assert ([each.id for each in came.scenarios], len(came.notes)) == (["fall-backwards-bathroom"], 1)
    status, said = sim("run", str(file), "--state", state)
    assert (status, "scenarios as expected" in said) == (2, False)


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
