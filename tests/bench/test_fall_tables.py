"""`python -m bench fall_tables`: who is held out, what the surrogates do, what is kept, and what the tables say."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bench.__main__ import main
from bench.falls import markdown, tables
from bench.falls.goals import goals
from bench.falls.measure import FIXED_SPLIT, UNKNOWN, Bench, Cell
from bench.falls.methods import Ours
from bench.falls.outcomes import Told, read_rows
from bench.falls.splits import PERSON, by_data_set, by_person, by_position, person_of, set_of
from bench.falls.surrogates import SURROGATES, turned
from bench.recordings import Record, read_records
from detectors.fall_model import TRUNK
from tests.bench import recorded
from tests.detectors import signals

PLACES = ("waist", "left hip", "right wrist", "pocket")


def record(file: str, subject: str, position: str, index: int = 0, kind: str = "adl") -> Record:
    return Record(
        file=file, index=index, acc=signals.counts(signals.fall_story()), scale=signals.SCALE, fs=signals.RATE,
        subject=subject, group="young", kind=kind, label=0, position=position, trial=f"t{index}", impact=-1, sex="F",
    )  # fmt: skip


RECORDS = [
    record(file, f"p{person}", place, index)
    for file in ("one.npz", "two.npz")
    for index, (person, place) in enumerate((person, place) for person in range(6) for place in PLACES)
] + [record(f"nurse_{name}.npz", name, "wrist", kind="continuous") for name in "ABCDE"]


def test_everybody_is_held_out_once_and_never_learned_from_at_the_same_time() -> None:
    parts = list(by_person(RECORDS))
    assert [sum(part.played(each) for part in parts) for each in RECORDS] == [1] * len(RECORDS)
    for part in parts:
        played = {person_of(each) for each in RECORDS if part.played(each)}
        assert not played & {person_of(each) for each in RECORDS if part.learned(each)}
        assert sum(name.startswith("nurse") for name in played) == 1  # leave one nurse out


def test_a_data_set_left_out_is_left_out_whole() -> None:
    parts = {part.name: part for part in by_data_set(RECORDS)}
    assert set(parts) == {"set-one", "set-two", "set-nurse"}
    assert {set_of(each) for each in RECORDS if parts["set-nurse"].learned(each)} == {"one", "two"}
    assert sum(map(parts["set-nurse"].played, RECORDS)) == 5


def test_a_position_left_out_is_left_out_on_both_sides_and_the_wrist_is_judged_as_a_trunk() -> None:
    parts = {part.name: part for part in by_position(RECORDS)}
    assert set(parts) == {"position-hip", "position-waist", "position-pocket", "position-wrist"}
    assert not any("hip" in each.position for each in RECORDS if parts["position-hip"].learned(each))
    assert parts["position-wrist"].judged_as == TRUNK
    assert parts["position-hip"].judged_as is None


def test_a_turned_sensor_feels_the_same_force_from_another_side() -> None:
    one = RECORDS[0]
    other = turned(one)
    lengths = [np.sqrt((each.acc.astype(float) ** 2).sum(axis=1)) * one.scale for each in (one, other)]
    assert lengths[1] == pytest.approx(lengths[0], abs=3 * one.scale)
    assert np.abs(other.acc - one.acc).max() * one.scale > 0.5
    assert np.array_equal(turned(one).acc, other.acc)
    assert not np.array_equal(turned(replace(one, index=9)).acc, other.acc)


def test_surrogates_carry_their_name_and_keep_the_rest() -> None:
    for name, change in SURROGATES.items():
        other = change(RECORDS[0])
        assert other.file == f"one.npz {name}"
        assert (other.subject, other.trial, other.position) == ("p0", "t0", "waist")
        assert other.seconds == pytest.approx(RECORDS[0].seconds, abs=0.1)
    assert SURROGATES["as 20 Hz"](RECORDS[0]).fs == 20.0
    assert np.abs(SURROGATES["clipped to 2 g"](RECORDS[0]).acc).max() * signals.SCALE <= 2.001


def test_what_was_played_is_not_played_again(tmp_path: Path) -> None:
    falls = [record("one.npz", "p0", "waist", kind="fall")]
    first = Bench(falls, tmp_path).cell("split", "part", "ours", "", Ours, falls)
    assert len(first.told[0].findings) == 1

    def never() -> Ours:
        raise AssertionError("played again")

    assert Bench(falls, tmp_path).cell("split", "part", "ours", "", never, falls) == first
    with pytest.raises(AssertionError, match="played again"):
        Bench(falls, tmp_path).cell("split", "part", "ours", UNKNOWN, never, falls)


def test_the_tables_tell_methods_apart_by_exact_tests() -> None:
    def cell(method: str, missed: int) -> Cell:
        told = [
            Told(
                i,
                f"t{i}",
                "fall",
                9.0,
                (4.0,) if i >= missed else (),
                1.0,
                "set.npz",
                "waist",
                "young",
                "F",
                "p",
                "F01",
            )
            for i in range(100)
        ]
        return Cell(FIXED_SPLIT, method, "", tuple(told))

    lines = markdown.trials(markdown.rows([cell("ours", 2), cell("bourke", 40), cell("kangas1", 3)]), lambda key: True)
    assert "98.0 [93.0, 99.4]" in lines[2]
    assert any("Bourke" in line and "falls found worse" in line for line in lines)
    assert any("Kangas" in line and "within noise" in line for line in lines)
    assert "| set, waist | young | 1 | 98.0 [93.0, 99.4] | - |" in markdown.people(
        [cell("ours", 2)], lambda one: one.group
    )
    assert "| set, waist | F01: missed | 2 | 100 |" in list(markdown.failures([cell("ours", 2)]))


def test_a_goal_stands_beside_what_is_measured_of_it_or_says_that_nothing_is() -> None:
    told = [Told(i, f"t{i}", "fall", 9.0, (4.0,) * (1 + (i == 0)), 1.0, "sisfall_dev.npz", "waist") for i in range(200)]
    nurse = [Told(0, "day", "continuous", 43_200.0, (1.0, 99.0), None, f"nurse_{x}.npz", "wrist") for x in "AB"]
    lines = list(goals(markdown.rows([Cell(PERSON, "ours", "", (*told, *nurse)), Cell(PERSON, "bourke", "", ())])))
    assert any("sisfall_dev, waist | 100.0 [98.1, 100.0] / - | - |" in line for line in lines)
    assert any(line.startswith("| chest |") and "nothing" in line for line in lines)
    assert any("the five nurses | 4.00 [" in line for line in lines)
    assert any("a second alarm" in line and "| 0.5 [0.1, 2.8] |" in line for line in lines)


def test_who_is_set_aside_is_so_under_every_surrogate() -> None:
    def told(file: str, subject: str) -> Told:
        return Told(0, "t", "adl", 9.0, (), file=file, subject=subject)

    aside = {name for name in map(str, range(50)) if tables.set_aside(told("set.npz", name))}
    assert 3 <= len(aside) <= 20
    assert aside == {name for name in map(str, range(50)) if tables.set_aside(told("set.npz as 20 Hz", name))}


def test_the_command_prints_writes_and_keeps(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, document, out = recorded.write(tmp_path / "made.npz"), tmp_path / "doc.md", tmp_path / "rows.json"
    document.write_text(f"# Head\n\n{tables.BEGIN}\nformer tables\n{tables.END}\n\ntail\n")
    asked = ["fall_tables", str(file), "--cache", str(tmp_path / "cells"), "--only", "fixed", "--only", "shipped"]
    assert main([*asked, "--write", str(document), "--json", str(out)]) == 0
    text = document.read_text()
    assert text.startswith("# Head") and text.endswith("tail\n") and "former tables" not in text
    assert "**ours**" in text
    assert {key.method for key in read_rows(out)} >= {"ours", "bourke", "kangas1", "threshold"}
    printed = capsys.readouterr().out
    assert main([*asked, "--known"]) == 0
    assert capsys.readouterr().out == printed
    assert main(["fall_tables", str(tmp_path / "absent.npz"), "--cache", str(tmp_path)]) == 2


def test_records_are_those_of_the_file_that_was_read(tmp_path: Path) -> None:
    columns = {"sex": np.array(["F", "M", ""]), "activity": np.array(["F01", "D01", "day"])}
    read = list(read_records(recorded.write(tmp_path / "made.npz", **columns)))
    assert [(each.sex, each.activity) for each in read] == [("F", "F01"), ("M", "D01"), ("", "day")]
