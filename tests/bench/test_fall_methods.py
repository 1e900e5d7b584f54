"""The published methods: what they take for a fall, when they may know it, and that none looks ahead."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bench.__main__ import main
from bench.falls import forest, sisfall
from bench.falls.method import Published, Signal, Suspect, alarms, signal_of
from bench.falls.methods import FIXED, NAMES, method_named
from bench.falls.published import Kangas, Threshold, filtered, resampled, rises
from bench.recordings import Record, read_records
from detectors.fall import FallConfig
from detectors.fall_model import ANYWHERE, TRUNK
from tests.bench import recorded
from tests.detectors import signals


def record(acc_g: signals.Floats, rate: float = signals.RATE) -> Record:
    return Record(
        file="made.npz", index=0, acc=signals.counts(acc_g), scale=signals.SCALE, fs=rate, subject="s", group="unknown",
        kind="adl", label=0, position="waist", trial="t", impact=-1,
    )  # fmt: skip


@pytest.mark.parametrize("name", sorted(FIXED))
def test_a_plain_fall_is_one_alarm_of_every_published_method(name: str) -> None:
    method = method_named(name, [])
    assert len(method.play(record(signals.fall_story())).findings) == 1


@pytest.mark.parametrize("name", sorted(FIXED))
def test_walking_and_standing_are_none(name: str) -> None:
    assert method_named(name, []).play(record(signals.day_story(120))).findings == []


@pytest.mark.parametrize("name", ["bourke", "kangas1", "kangas2", "kangas3"])
def test_who_stands_again_at_once_did_not_fall_by_posture(name: str) -> None:
    got_up = np.vstack([signals.standing(5), signals.falling(), signals.standing(10)])
    assert method_named(name, []).play(record(got_up)).findings == []


def test_an_impact_without_a_fall_before_it_is_none_where_the_start_counts() -> None:
    lay_down_hard = np.vstack([signals.standing(5), [[0.0, 0.0, 3.0]] * 5, signals.lying(8)])
    assert method_named("kangas2", []).play(record(lay_down_hard)).findings == []
    assert len(method_named("kangas1", []).play(record(lay_down_hard)).findings) == 1


def busy(seed: int, seconds: float = 60.0) -> signals.Floats:
    """Hard and aimless movement with falls among it, so that every method has something to say."""
    rng = np.random.default_rng(seed)
    parts: list[signals.Floats] = []
    while sum(len(part) for part in parts) < seconds * signals.RATE:
        parts += [signals.walking(rng.uniform(1, 6), seed=seed), signals.falling(), signals.lying(rng.uniform(1, 9))]
    story = np.vstack(parts)
    return story + rng.normal(0, 0.15, story.shape)


@pytest.mark.parametrize("name", sorted(FIXED))
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_published_method_looks_ahead_of_the_frame_it_alarms_in(name: str, seed: int) -> None:
    whole = record(busy(seed))
    method = method_named(name, [])
    assert isinstance(method, Published)
    told = sorted((s.at_s, s.ready_s) for s in method.suspects(signal_of(whole)))
    assert told
    for end_s in (13.0, 24.0, 41.0):
        cut = replace(whole, acc=whole.acc[: round(end_s * whole.fs)])
        early = sorted((s.at_s, s.ready_s) for s in method.suspects(signal_of(cut)) if s.ready_s <= end_s - 0.05)
        assert early == [one for one in told if one[1] <= end_s - 0.05]


def test_alarms_come_with_the_frame_that_completes_them_and_one_fall_is_one_alarm() -> None:
    apart_s = FallConfig().apart_s
    one, same, other = Suspect(3.1, 6.1), Suspect(3.4, 6.4), Suspect(3.2 + apart_s, 6.2 + apart_s)
    assert alarms([other, same, one, Suspect(3.0 + 2 * apart_s, 9.0 + 2 * apart_s)], 500.0) == [8.0, 8.0 + apart_s]
    # the record ends before what it needs has come: the platform's clock decides 15 s later
    assert alarms([Suspect(3.1, 6.1)], 5.0) == [20.0]
    assert alarms([Suspect(3.1, 5.9)], 5.95) == [5.95]


def test_rises_are_those_of_a_loop() -> None:
    mag = np.random.default_rng(4).normal(1.0, 0.4, 500)
    naive = [i for i in range(500) if mag[i] >= 1.2 and (i == 0 or mag[i - 1] < 1.2)]
    assert rises(mag, 1.2) == naive


def test_the_plain_threshold_is_what_it_says() -> None:
    acc = np.tile([[0.0, 0.0, 1.0]], (500, 1))
    acc[200:203] = [[0.0, 0.0, 2.2]]
    found = list(Threshold().suspects(Signal(acc, 50.0, None)))
    assert found == [Suspect(4.0, 4.0)]
    acc[200:203] = [[0.0, 0.0, 2.19]]
    assert list(Threshold().suspects(Signal(acc, 50.0, None))) == []


def test_kangas_posture_is_asked_two_seconds_after_the_last_impact() -> None:
    found = list(Kangas(1).suspects(signal_of(record(signals.fall_story()))))
    assert [one.ready_s - one.at_s for one in found] == pytest.approx([2.0])
    assert found[0].at_s == pytest.approx(9.9, abs=0.3)


def test_the_spread_of_sisfall_is_that_of_a_loop() -> None:
    signal = signal_of(record(signals.fall_story()))
    fast = sisfall.spread(signal)
    acc = filtered(signal.acc, sisfall.CUTOFF_HZ, signal.fs, "low", sisfall.ORDER)
    for index in (10, 49, 300, 480, 700):
        lately = acc[max(0, index - 49) : index + 1]
        assert fast[index] == pytest.approx(np.sqrt(lately.var(axis=0).sum()), abs=1e-6)


def test_the_sisfall_level_is_the_one_that_tells_the_trials_apart() -> None:
    fall, daily = replace(record(np.zeros((10, 3))), kind="fall"), record(np.zeros((10, 3)))
    method = sisfall.fitted([(fall, 1.0), (fall, 0.8), (daily, 0.2), (daily, 0.5)])
    assert method.levels == {TRUNK: 0.8}


def test_features_of_the_forest_are_those_of_a_loop() -> None:
    starts, features = forest.windows(signal_of(record(busy(5, 20.0))))
    acc = resampled(signal_of(record(busy(5, 20.0))), forest.HZ).acc
    one = acc[starts[3] : starts[3] + forest.WINDOW]
    assert features[3][:3] == pytest.approx(one.mean(axis=0))
    assert features[3][4:7] == pytest.approx(one.std(axis=0))
    assert features[3][-3] == pytest.approx(np.corrcoef(one[:, 0], one[:, 1])[0, 1], abs=1e-6)
    assert len(features) == len(starts)


def test_a_forest_learns_a_fall_and_is_the_same_forest_each_time(tmp_path: Path) -> None:
    records = list(read_records(recorded.write(tmp_path / "synthetic.npz")))
    forests = [forest.trained(map(forest.examples, records), (TRUNK, ANYWHERE)) for _ in range(2)]
    played = [[one.play(each).findings for each in records] for one in forests]
    assert played[0] == played[1]
    assert len(played[0][0]) == 1


def test_a_record_shorter_than_a_window_is_judged_by_every_method(tmp_path: Path) -> None:
    file = recorded.write(tmp_path / "short.npz", n=np.array([1, 7, 60]))
    learned = list(read_records(recorded.write(tmp_path / "long.npz")))
    for name in NAMES:
        method = method_named(name, learned)
        for each in read_records(file):
            assert all(np.isfinite(t_s) for t_s in method.play(each).findings)


def test_quality_plays_another_method_in_the_same_form(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = str(recorded.write(tmp_path / "synthetic.npz"))
    assert main(["quality", "falls", file, "--json", "--method", "forest", "--train", file]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["schema"] == 1
    assert len(told["records"][0]["findings"]) == 1
    assert main(["quality", "falls", file, "--method", "sisfall"]) == 2
    assert "--train" in capsys.readouterr().err
