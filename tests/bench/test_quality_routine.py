"""``python -m bench quality routine``: what it reads and prints, and by which rules."""

import json
from pathlib import Path

import numpy as np
import pytest

from bench.__main__ import main
from bench.quality_routine_report import table_of
from bench.ranking import auc, auc_pr, interval, within
from bench.routine_rules import RULES, day_counts, judged
from bench.train_routine import main as train
from detectors.routine import Room
from tests.bench import lived
from tests.detectors.routines import FIRST, Lived, signs_of

RECORDINGS = Path(__file__).resolve().parents[3] / "shared" / "data" / "home"
LIVELY = (20, 25)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two homes; in one of them two mornings are lively, and labelled."""
    rows: list[lived.Row] = []
    for home, lively in (("a", LIVELY), ("b", ())):
        days = {n: Lived(morning_every=2.5 if n in lively else None) for n in range(30)}
        at_us, room = signs_of(days.get, 30)
        rows += [
            {
                "home": home, "t_ms": t // 1000, "sensor": f"s{kind}", "type": "door" if kind == 6 else "pir",
                "room": "entrance" if kind == 6 else Room(kind).name.lower(), "value": 1,
            }
            for t, kind in zip(at_us.tolist(), room.tolist(), strict=True)
        ]  # fmt: skip
    lived.write(tmp_path / "made_events.csv.gz", rows)
    labels = [{"home": "a", "t_ms": ((FIRST + n) * 24 + 12) * 3_600_000 + 60_000, "label": "Agitation"} for n in LIVELY]
    labels.append({"home": "b", "t_ms": (FIRST + 22) * 86_400_000, "label": "Pulse"})
    lived.write(tmp_path / "made_labels.csv", labels, ("home", "t_ms", "label"))
    return tmp_path


def test_the_json_has_a_deviation_and_a_label_for_every_day(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["quality", "routine", str(folder), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (list(told), told["schema"], [home["home"] for home in told["homes"]]) == (
        ["schema", "homes"],
        1,
        ["a", "b"],
    )
    days = told["homes"][0]["days"]
    assert [list(day) for day in days] == [["date", "deviation", "why", "agitation"]] * 30
    assert (days[0]["date"], days[0]["why"], days[7]["deviation"]) == ("2026-01-05", "begins", None)
    assert [n for n, day in enumerate(days) if day["agitation"]] == list(LIVELY)
    assert {n for n, day in enumerate(days) if (day["deviation"] or 0) > 1.5} == set(LIVELY)
    assert not any(day["agitation"] for day in told["homes"][1]["days"])


def test_without_labels_it_says_none(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "made_labels.csv").unlink()
    assert main(["quality", "routine", str(folder / "made_events.csv.gz"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {day["agitation"] for home in told["homes"] for day in home["days"]} == {None}
    assert main(["quality", "routine", str(folder)]) == 0
    assert "nothing to measure" in capsys.readouterr().out


def test_the_report_sets_published_day_models_beside_ours(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["quality", "routine", str(folder), "--rules"]) == 0
    said = capsys.readouterr().out
    assert "2 labelled days, 2 of them judged, in 1 homes" in said
    assert "ours                        1.000 [1.000, 1.000]" in said
    assert all(name in said for name in RULES)


def test_a_day_that_later_days_would_change_is_judged_by_those_before_it_alone() -> None:
    at_us, room = signs_of(lambda n: Lived(every=9.0 if n < 15 else 3.0), 20)
    counts = day_counts(at_us, room, FIRST, 20)
    for make in RULES.values():
        whole = judged(make(), counts, [True] * 20)
        assert whole[:12] == judged(make(), counts[:12], [True] * 12)
        assert (whole[:7], whole[7] is None) == ([None] * 7, False)


def test_wrong_files_are_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["quality", "routine", str(folder / "none.csv")]) == 2
    (folder / "made_labels.csv").write_text("home,t_ms,label\na,soon,Agitation\n")
    assert main(["quality", "routine", str(folder)]) == 2
    assert "t_ms must be a number" in capsys.readouterr().err


def test_what_is_learnt_is_the_same_each_time(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert train([str(folder)]) == 0
    said = capsys.readouterr().out
    assert train([str(folder)]) == 0
    assert capsys.readouterr().out == said
    assert said.startswith("spread 6.6 (in use: ")
    assert train([str(folder / "none.csv")]) == 2


def test_ranking_counts_ties_half_and_agrees_with_its_definition() -> None:
    rng = np.random.default_rng(5)
    score, true = rng.integers(0, 12, 200).astype(np.float64), rng.random(200) < 0.2
    pairs = (np.sign(score[true][:, None] - score[~true][None, :]) + 1) / 2
    assert auc(score, true) == pytest.approx(pairs.mean())
    from sklearn.metrics import average_precision_score  # noqa: PLC0415

    assert auc_pr(score, true) == pytest.approx(average_precision_score(true, score))
    assert np.isnan(auc(score, np.zeros(200, np.bool_)))
    group = np.repeat(np.arange(20), 10)
    low, high = interval(lambda rows, _: auc(score[rows], true[rows]), group, 50, 1)
    assert low < auc(score, true) < high
    assert 0 <= within(score, true, group) <= 1


def test_a_home_without_judged_days_is_no_row() -> None:
    table = table_of([])
    assert (len(table.score), len(table.of_homes_with_a_label().score)) == (0, 0)


@pytest.mark.skipif(not RECORDINGS.is_dir(), reason="needs recordings: homes")
def test_the_daily_deviation_finds_agitation_in_real_homes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["quality", "routine", str(RECORDINGS), "--json"]) == 0
    days = [day for home in json.loads(capsys.readouterr().out)["homes"] for day in home["days"]]
    judged_days = [day for day in days if day["deviation"] is not None]
    score = np.array([day["deviation"] for day in judged_days])
    assert auc(score, np.array([day["agitation"] for day in judged_days])) > 0.78
