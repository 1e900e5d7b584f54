"""`python -m bench compare`: better, worse and within noise, by tests that the books know."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bench.__main__ import main
from bench.compare import BASELINE
from bench.falls.outcomes import Key, Row, Told, read_rows, row_of, write_rows
from bench.falls.paired import BETTER, NOISE, WORSE, binomial, changes, coin, fisher, lonely, verdicts
from tests.bench import recorded

KEY = Key("five folds by person", "ours", "set.npz", "waist")


def row(found: int, silent: int, alarms: tuple[float, ...] = (), key: Key = KEY) -> Row:
    """Of 100 falls the first ``found`` are found, of 100 trials the first ``silent`` are silent, and a day is lived."""
    members = [Told(i, f"f{i}", "fall", 10.0, (5.0,) if i < found else ()) for i in range(100)]
    members += [Told(100 + i, f"a{i}", "adl", 10.0, () if i < silent else (5.0,)) for i in range(100)]
    return row_of(key, [*members, Told(200, "day", "continuous", 86_400.0, alarms)])


def said(old: Row, new: Row) -> dict[str, str]:
    found = changes(old, new)
    return dict(zip([change.measure for change in found], verdicts(found), strict=True))


def test_more_falls_found_of_the_same_records_is_better() -> None:
    assert said(row(80, 95), row(95, 95))["falls found %"] == BETTER


def test_fewer_is_worse() -> None:
    assert said(row(95, 95), row(80, 95))["falls found %"] == WORSE


def test_a_little_more_is_within_noise_and_so_is_the_same() -> None:
    assert said(row(90, 95), row(94, 95))["falls found %"] == NOISE
    assert set(said(row(90, 95), row(90, 95)).values()) == {NOISE}


def test_more_false_alarms_are_worse_and_fewer_better() -> None:
    few, many = (100.0, 7000.0), tuple(float(t) for t in range(500, 80_000, 4000))
    assert said(row(90, 95, few), row(90, 95, many))["false alarms a day"] == WORSE
    assert said(row(90, 95, many), row(90, 95, few))["false alarms a day"] == BETTER


def test_the_same_alarms_a_little_later_are_the_same_alarms() -> None:
    assert lonely((10.0, 500.0), (12.0, 900.0)) == (1, 1)
    many = tuple(float(t) for t in range(500, 80_000, 900))
    later = tuple(t + 8 for t in many)
    assert said(row(90, 95, many), row(90, 95, later))["false alarms a day"] == NOISE


def test_silence_lost_in_daily_life_is_worse() -> None:
    assert said(row(90, 99), row(90, 80))["daily life silent %"] == WORSE


def test_pairs_tell_what_totals_alone_would_not() -> None:
    old, new = row(80, 95), row(90, 95)
    assert said(old, new)["falls found %"] == BETTER  # ten found anew, none lost
    others = replace(new, records="100-other")
    assert said(old, others)["falls found %"] == NOISE  # 80 against 90 of other records: p = 0.07


def test_verdicts_on_like_and_like_are_seldom_anything_but_noise() -> None:
    rng = np.random.default_rng(7)
    wrong = 0
    for _ in range(200):
        found = []
        for _ in range(10):  # two detectors that find each of 100 falls with the same chance
            a, b = rng.random((2, 100)) < 0.85
            old = Row(KEY, "same", "".join("01"[int(x)] for x in a), "", "", (), ())
            found += changes(old, replace(old, found="".join("01"[int(x)] for x in b)))
        wrong += any(verdict != NOISE for verdict in verdicts([one for one in found if one.measure == "falls found %"]))
    assert wrong <= 16  # 5 % of 200 is 10; 17 or more would come once in 40 such tests


def test_the_tests_are_those_of_the_books() -> None:
    # McNemar, exact: 2 against 10 discordant pairs; Fisher's tea: 3 of 4 against 1 of 4; Poisson: 4 against 14
    assert coin(2, 10) == pytest.approx(0.03857, abs=5e-5)
    assert coin(0, 0) == 1.0
    assert fisher(3, 4, 1, 4) == pytest.approx(0.4857, abs=5e-5)
    assert fisher(80, 100, 90, 100) == pytest.approx(0.0734, abs=5e-4)
    assert binomial(4, 14, 0.5) == pytest.approx(0.0309, abs=5e-4)
    assert binomial(10, 5, 2 / 3) == pytest.approx(1.0, abs=0.01)


def test_rows_are_read_as_they_were_written(tmp_path: Path) -> None:
    rows = [row(3, 4, (1.0, 2.5)), row_of(replace(KEY, file="b.npz"), [Told(0, "t", "adl", 1.0, ())])]
    write_rows(tmp_path / "rows.json", rows, {"commit": "abc"})
    assert read_rows(tmp_path / "rows.json") == {one.key: one for one in rows}


def test_the_command_compares_two_files_and_its_status_says_worse(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    write_rows(good, [row(95, 95)], {})
    write_rows(bad, [row(70, 95)], {})
    assert main(["compare", str(good), str(bad)]) == 1
    assert "worse" in capsys.readouterr().out
    assert main(["compare", str(bad), str(good)]) == 0
    assert "better" in capsys.readouterr().out
    assert main(["compare", str(good), str(good)]) == 0
    assert "4 within noise" in capsys.readouterr().out


def test_the_json_of_quality_is_compared_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = recorded.write(tmp_path / "synthetic.npz")
    assert main(["quality", "falls", str(file), "--json"]) == 0
    out = tmp_path / "played.json"
    out.write_text(capsys.readouterr().out)
    assert main(["compare", str(out), str(out), "--all"]) == 0
    assert "within noise" in capsys.readouterr().out


def test_what_cannot_be_compared_ends_with_status_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, other, junk = tmp_path / "good.json", tmp_path / "other.json", tmp_path / "junk.json"
    write_rows(good, [row(95, 95)], {})
    write_rows(other, [row(95, 95, key=replace(KEY, file="other.npz"))], {})
    junk.write_text(json.dumps({"schema": 1, "records": [{"index": 0}]}))
    for new in (other, junk, tmp_path / "absent.json"):
        assert main(["compare", str(good), str(new)]) == 2
        assert len(capsys.readouterr().err.strip().splitlines()) == 1


@pytest.mark.skipif(not BASELINE.is_file(), reason="no baseline is committed")
def test_the_committed_baseline_is_no_worse_than_itself(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", str(BASELINE), str(BASELINE)]) == 0
    assert "better" not in capsys.readouterr().out
