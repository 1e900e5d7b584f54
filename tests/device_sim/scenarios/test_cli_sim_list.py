"""``shouwang sim list`` and ``check``: what they say, and with which status they end."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from device_sim.scenarios import shelf
from stack.cli_sim import app


def test_the_list_as_data_has_each_scenario_with_what_it_must_raise_and_what_not() -> None:
    said = CliRunner().invoke(app, ["list", "--json"])
    listed = json.loads(said.stdout)
    rows = {row["id"]: row for row in listed["scenarios"]}
    assert said.exit_code == 0
    assert tuple(rows) == shelf.ids()
    assert listed["lives"] == list(shelf.lives())
    (must,) = rows["fall-backwards-bathroom"]["must"]
    assert (must["kind"], must["resident"], must["within_s"]) == ("fall", "wang", 30.0)
    assert [one["kind"] for one in rows["walks-the-dog"]["must_not"]] == ["wandering"]
    assert {"en", "zh"} == set(rows["walks-the-dog"]["title"])


def test_the_list_for_people_fits_any_terminal_and_cuts_no_id() -> None:
    said = CliRunner().invoke(app, ["list"], env={"COLUMNS": "40"}).stdout
    assert all(f"{name}  (" in said for name in shelf.ids())


def test_a_file_with_mistakes_ends_with_one_and_says_each_on_a_line(tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("id: bad\ntitle: x\nbase: lives-alone\nlasts: long\nseed: many\n")
    said = CliRunner().invoke(app, ["check", str(bad)])
    assert said.exit_code == 1
    assert [line.split(":")[1] for line in said.stdout.splitlines()[:2]] == ["4", "5"]
    assert CliRunner().invoke(app, ["list", str(bad)]).exit_code == 1


def test_a_file_that_is_not_there_is_wrong_usage() -> None:
    assert CliRunner().invoke(app, ["check", "nowhere.yaml"]).exit_code == 2


@pytest.mark.parametrize("name", shelf.lives())
def test_a_life_can_be_listed_by_its_file(name: str) -> None:
    said = CliRunner().invoke(app, ["list", str(shelf.LIVES / f"{name}.yaml")])
    assert said.exit_code == 0
    assert "expects nothing" in said.stdout
