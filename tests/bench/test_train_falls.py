"""Training: the arrays that are written decide as the trees that were trained, and folds keep people together."""

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bench.fall_events import cheaper, events
from bench.fall_fitting import (
    EASY,
    FOLDS,
    HARDEST,
    WHOLE_FALL_S,
    Fitted,
    Table,
    columns_of,
    fit,
    harder,
    of_place,
    sum_columns_of,
    table,
)
from bench.fall_stirring import stirred
from bench.fall_third import OPEN_FROM, THIRD_MIX, third_shares
from bench.recordings import read_records
from bench.train_falls import arrays_of, calibrated, fold_people, held_out, main
from detectors.fall_features import FEATURES
from detectors.fall_model import ANYWHERE, PLACES, TRUNK, WRIST, model_from
from detectors.fall_shapes import LENGTHS, SHAPES
from detectors.fall_window import PRE, Window, cut_window
from tests.bench import recorded
from tests.detectors import signals


def random_table(seed: int, place: str = WRIST, n: int = 300) -> Table:
    rng = np.random.default_rng(seed)
    features = rng.normal(0, 1, (n, len(FEATURES)))
    column = FEATURES.index("hit_speed")
    fall = features[:, 4:8].sum(axis=1) + features[:, column] + rng.normal(0, 0.5, n) > 0
    no, yes = np.zeros(n, bool), np.ones(n, bool)
    shapes = (rng.random((n, SHAPES)) * LENGTHS).astype(np.uint8)
    shapes[:, 0] = LENGTHS[0] * (0.3 + 0.4 * fall)
    return Table(features, features, fall, yes, np.ones(n), no, yes, no, np.arange(n) % FOLDS, place, shapes)


def fitted(seed: int, place: str = WRIST, rounds: int = 12) -> tuple[Table, Fitted]:
    data = random_table(seed, place)
    return data, fit(data, data.known, rounds=rounds)


@pytest.mark.parametrize("place", PLACES)
def test_the_arrays_decide_as_what_was_trained(place: str) -> None:
    data, found = fitted(1, place)
    model = model_from(arrays_of(found, place, (0.5, 0.25, -0.1), 0.4), place)
    expected = found.both(data.whole[:50]) @ [0.5, 0.25] - 0.1
    assert model.logits(data.whole[:50]).tolist() == pytest.approx(expected.tolist(), abs=1e-9)
    assert model.threshold == 0.4
    assert np.ptp(expected) > 0.4


@pytest.mark.parametrize("place", [TRUNK, WRIST])
def test_the_same_data_give_the_same_bytes(place: str) -> None:
    def written() -> bytes:
        out = io.BytesIO()
        np.savez_compressed(out, **arrays_of(fitted(2, place, 5)[1], place, (1, 1, 0), 0.5))
        return out.getvalue()

    assert written() == written()


def test_a_model_that_needs_other_features_is_refused() -> None:
    arrays = arrays_of(fitted(3, TRUNK, 5)[1], TRUNK, (1, 1, 0), 0.5)
    arrays["trunk_names"] = np.array(["moon_phase", *arrays["trunk_names"][1:]])
    with pytest.raises(ValueError, match="moon_phase"):
        model_from(arrays, TRUNK)


def test_no_model_looks_at_the_sensors_range_or_at_how_much_was_measured() -> None:
    for place in PLACES:
        looked = {FEATURES[i] for i in columns_of(place) + sum_columns_of(place)}
        assert not looked & {"peak", "peak_full", "pre_s", "post_s"}


def test_the_score_is_calibrated_on_people_it_was_not_trained_on() -> None:
    data = random_table(4, TRUNK, n=1000)
    both, _, fall = held_out(data, early=False, rounds=20)
    of_trees, of_sum, always = calibrated(data, both)
    expected = 1 / (1 + np.exp(-(both @ [of_trees, of_sum] + always)))
    for low, high in ((0.1, 0.4), (0.4, 0.6), (0.6, 0.9)):
        these = (expected >= low) & (expected < high)
        assert fall[these].mean() == pytest.approx(expected[these].mean(), abs=0.12)
    seen = fit(data, data.known, rounds=20).both(data.whole)
    assert np.abs(seen - both).mean() > 0.01  # nobody is judged by what was learned from him


def test_of_long_living_the_trees_see_the_hardest_and_a_tenth_of_the_rest() -> None:
    n = HARDEST + 1000
    living = np.r_[np.zeros(10, bool), np.ones(n, bool)]
    logits = np.r_[np.full(10, -50.0), np.linspace(-9, 5, n)]
    chosen, counted = harder(logits, living)
    assert chosen[:10].all()
    assert chosen[-HARDEST:].all()
    assert chosen[10:-HARDEST].sum() == 1000 / EASY
    assert counted[living & chosen].sum() == n


def test_people_stay_whole_and_go_round_the_folds() -> None:
    names = [f"set/{i}" for i in range(12)] + [f"alone{i}/x" for i in range(5)]
    folds = fold_people(names * 3)
    assert set(folds) == set(names)
    assert sorted({folds[f"alone{i}/x"] for i in range(5)}) == list(range(FOLDS))
    assert sorted({folds[f"set/{i}"] for i in range(12)}) == list(range(FOLDS))
    assert fold_people(reversed(names)) == folds


def test_of_a_fall_record_one_impact_is_the_fall_and_the_rest_is_unknown(tmp_path: Path) -> None:
    file = recorded.write(tmp_path / "synthetic.npz")
    found = [event for event in events(read_records(file)) if not event.cut and not event.cheap and not event.begun]
    of_fall = [event for event in found if event.record.kind == "fall"]
    assert [event.at_s for event in of_fall if event.fall] == [pytest.approx(9.8, abs=0.05)]
    assert all(event.fall is None for event in of_fall if not event.fall)
    assert all(event.fall is False for event in found if event.record.kind != "fall")


def test_the_wrist_also_learns_from_falls_at_the_trunk(tmp_path: Path) -> None:
    file = recorded.write(tmp_path / "synthetic.npz", position=np.array(["waist"] * 3))
    found = list(events(read_records(file)))
    lent = of_place(found, WRIST)
    assert [event.fall for event in lent if not event.stirs].count(True) == 1
    assert all(event.cheap and not event.cut for event in lent)
    recorded_so = [event for event in found if not event.stirs]
    assert of_place(found, TRUNK) == recorded_so
    assert of_place(found, ANYWHERE) == [event for event in recorded_so if not event.begun]


def test_the_trunk_also_learns_from_records_that_begin_shortly_before_an_impact(tmp_path: Path) -> None:
    file = recorded.write(tmp_path / "synthetic.npz")
    found = [event for event in events(read_records(file)) if not (event.cut or event.stirs)]
    pre_s = FEATURES.index("pre_s")
    whole = [event for event in found if event.record.kind == "fall" and not event.begun]
    begun = [event for event in found if event.begun]
    assert [event.at_s for event in begun if event.record.kind == "fall"] == [event.at_s for event in whole]
    assert all(0.4 <= event.features[pre_s] <= 3.0 and event.early[pre_s] <= 3.0 for event in begun)
    assert any(event.features[pre_s] < 2.5 for event in begun)
    assert not any(event.begun for event in found if event.record.kind == "continuous")
    assert not any(event.begun for place in (WRIST, ANYWHERE) for event in of_place(found, place))
    data = table(begun + whole, fold_people(event.person for event in found), TRUNK)
    assert data.own.tolist() == [False] * len(begun) + [True] * len(whole)  # a copy calibrates nothing


def test_of_a_stumble_the_ground_is_learned_where_the_trunk_alone_sees_it(tmp_path: Path) -> None:
    tripped = signals.fall_story()
    tripped[round(8.9 * signals.RATE)] = [0.0, -9.0, 0.0]
    counts = signals.counts(tripped, recorded.SCALE)
    one = {"acc": np.vstack([counts] * 3), "n": np.array([len(counts)] * 3), "start": np.arange(3) * len(counts)}
    one |= {"position": np.array(["waist", "left wrist", "hip"]), "kind": np.array(["fall"] * 3)}
    file = recorded.write(tmp_path / "stumble.npz", **one)
    found = [event for event in events(read_records(file)) if not (event.cut or event.cheap or event.begun)]
    assert [(event.record.position, event.trunk_only) for event in found] == [
        ("waist", False), ("waist", True), ("left wrist", False), ("hip", False), ("hip", True),
    ]  # fmt: skip
    assert [event.trunk_only for event in of_place(found, ANYWHERE)] == [False] * 3


def test_a_short_fall_of_weak_labels_teaches_the_trunk_nothing(tmp_path: Path) -> None:
    file = recorded.write(tmp_path / "smartfallmm_synthetic.npz", n=np.array([500, 2000, 200]))
    found = [event for event in events(read_records(file)) if event.fall]
    assert found[0].record.seconds > WHOLE_FALL_S
    short = [replace(event, record=replace(event.record, fs=event.record.fs * 4)) for event in found]
    assert short[0].record.seconds < WHOLE_FALL_S
    folds = fold_people(event.person for event in found)
    assert table(found, folds, TRUNK).known.all()
    assert not table(short, folds, TRUNK).known.any()
    assert table(short, folds, WRIST).known.all()


def test_an_early_look_sees_a_second_and_no_more(tmp_path: Path) -> None:
    file = recorded.write(tmp_path / "synthetic.npz")
    found = [event for event in events(read_records(file)) if not (event.cut or event.stirs)]
    post_s = FEATURES.index("post_s")
    assert all(event.early[post_s] <= 1.0 for event in found)
    assert any(event.features[post_s] == 4.0 for event in found)


def test_the_cheaper_sensor_is_slower_and_clips() -> None:
    acc = np.tile([[0.0, -5.0, 1.0]], (1000, 1))
    cheap, fs = cheaper(acc, 100.0)
    assert fs == 32.0
    assert len(cheap) == 320
    assert cheap[5].tolist() == [0.0, -2.0, 1.0]


def test_recordings_without_falls_at_a_place_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = recorded.write(tmp_path / "synthetic.npz", position=np.array(["waist"] * 3))
    assert main([str(file), "--out", str(tmp_path / "model.npz")]) == 2
    assert "train_falls" in capsys.readouterr().err
    assert not (tmp_path / "model.npz").exists()


def test_the_wrist_has_a_third_judge_who_is_read_as_he_was_fitted() -> None:
    data, found = fitted(5)
    assert found.third is not None
    model = model_from(arrays_of(found, WRIST, (0.5, 0.5, 0.0), 0.4, (0.6, 0.3, -0.1)), WRIST)
    assert model.third is not None
    assert model.third.shares == (0.6, 0.3, -0.1)
    assert model.third.open_from == OPEN_FROM
    assert model.third.logits(data.shapes).tolist() == found.third.logits(data.shapes).tolist()
    assert found.third.weight.argmax() == 0  # the one shape that tells
    assert fitted(5, TRUNK)[1].third is None
    assert fit(data, data.known, early=True, rounds=5).third is None


def test_the_third_judges_score_is_calibrated_where_he_is_asked() -> None:
    rng = np.random.default_rng(6)
    fall = rng.random(4000) < 0.5
    two, third = (rng.normal(np.where(fall, 1.0, -1.0), 1.5) for _ in range(2))
    of_two, of_third, always = third_shares(two, third, fall)
    assert of_two / of_third == pytest.approx(THIRD_MIX[0] / THIRD_MIX[1])
    asked = two >= np.log(OPEN_FROM / (1 - OPEN_FROM))
    score = 1 / (1 + np.exp(-(of_two * two + of_third * third + always)))
    for low, high in ((0.1, 0.4), (0.4, 0.6), (0.6, 0.9)):
        these = asked & (score >= low) & (score < high)
        assert fall[these].mean() == pytest.approx(score[these].mean(), abs=0.08)


def resting() -> Window:
    t_us = np.arange(500, dtype=np.int64) * 20_000
    acc = np.tile([0.0, 0.0, 1.0], (500, 1))
    acc[200] = [0.0, 0.0, 3.0]
    return cut_window(t_us, acc, 200)


def test_a_fall_comes_once_more_with_its_arm_moving_again() -> None:
    for seed in range(20):
        window, rested = stirred(resting(), np.random.default_rng(seed)), resting()
        assert window is not None
        assert (window.acc[: PRE + 37] == rested.acc[: PRE + 37]).all()
        assert np.abs(window.acc[-20:] - rested.acc[-20:]).max() > 0.01
        assert np.abs(np.sqrt(np.square(window.acc).sum(axis=1)) - window.mag).max() < 0.1
        assert np.isfinite(window.acc).all()


def test_a_record_that_ends_at_the_fall_cannot_show_the_arm_moving_again() -> None:
    t_us = np.arange(240, dtype=np.int64) * 20_000
    assert stirred(cut_window(t_us, np.ones((240, 3)), 200), np.random.default_rng(0)) is None


def test_arms_that_move_again_teach_the_wrist_alone(tmp_path: Path) -> None:
    file = recorded.write(tmp_path / "synthetic.npz", position=np.array(["wrist"] * 3))
    found = list(events(read_records(file)))
    assert sum(event.stirs for event in found) == 1
    assert sum(event.stirs for event in of_place(found, WRIST)) == 1
    assert not any(event.stirs for event in of_place(found, ANYWHERE))
