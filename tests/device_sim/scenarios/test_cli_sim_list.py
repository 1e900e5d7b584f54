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


def test_a_life_is_listed_by_its_name_with_the_keys_that_a_file_over_it_may_use() -> None:
    said = CliRunner().invoke(app, ["list", "with-a-carer", "couple"])
    assert said.exit_code == 0
    assert "    resident liu: " in said.stdout
    assert "carer: every day 09:30 for 1 h 30 min; weekdays 17:30 for 45 min" in said.stdout
    assert "    device   sensors: sensors, at home" in said.stdout
    assert "goes out Tue Thu Sat 09:00 for 1 h" in said.stdout
    assert "outings: none" in said.stdout


def test_the_keys_of_what_is_named_are_data_too_and_the_whole_list_stays_short() -> None:
    (row,) = json.loads(CliRunner().invoke(app, ["list", "--json", "wander-gets-lost"]).stdout)["scenarios"]
    loaded = shelf.load("wander-gets-lost")
    assert set(row["keys"]["people"]) == {each.key for each in loaded.residents}
    assert set(row["keys"]["devices"]) == {each.key for each in loaded.devices}
    assert set(row["keys"]["happens"]) == {each.key for each in loaded.happens if each.key}
    assert row["keys"]["people"]["wang"]["wakes"] == "06:20"
    assert all(
        "keys" not in each for each in json.loads(CliRunner().invoke(app, ["list", "--json"]).stdout)["scenarios"]
    )
