"""Training: the arrays that are written decide as the trees that were trained, and folds keep people together."""

import io
from pathlib import Path

import numpy as np
import pytest

from bench.fall_events import cheaper, events
from bench.recordings import read_records
from bench.train_falls import FOLDS, Table, arrays_of, columns_of, fit, fold_people, main
from detectors.fall_features import FEATURES
from detectors.fall_model import TRUNK, WRIST, model_from
from tests.bench import recorded


def random_table(seed: int, n: int = 300) -> Table:
    rng = np.random.default_rng(seed)
    features = rng.normal(0, 1, (n, len(FEATURES)))
    fall = features[:, :4].sum(axis=1) + rng.normal(0, 0.5, n) > 0
    return Table(features, fall, np.ones(n, bool), np.ones(n), np.zeros(n, int), [])


#: A few of the features are enough to tell; all of them make a fit take seconds.
SOME = [0, 1, 2, 3, 7, 40, 90]


def test_the_arrays_decide_as_the_trees_that_were_trained() -> None:
    data = random_table(1)
    trees = fit(data, data.known, SOME, rounds=12)
    model = model_from(arrays_of(trees, WRIST, SOME), WRIST)
    expected = trees.predict_proba(data.features[:50][:, SOME])[:, 1]
    assert [model.probability(row) for row in data.features[:50]] == pytest.approx(expected.tolist(), abs=1e-9)
    assert max(expected) > 0.6
    assert min(expected) < 0.4


def test_the_same_data_give_the_same_bytes() -> None:
    def written() -> bytes:
        data = random_table(2)
        out = io.BytesIO()
        np.savez_compressed(out, **arrays_of(fit(data, data.known, SOME, rounds=5), TRUNK, SOME))
        return out.getvalue()

    assert written() == written()


def test_a_model_that_needs_other_features_is_refused() -> None:
    data = random_table(3)
    arrays = arrays_of(fit(data, data.known, SOME, rounds=5), TRUNK, SOME)
    arrays["trunk_names"] = np.array(["moon_phase", *arrays["trunk_names"][1:]])
    with pytest.raises(ValueError, match="moon_phase"):
        model_from(arrays, TRUNK)


def test_full_range_features_are_kept_from_the_wrist() -> None:
    assert {"peak", "peak_full"} == {FEATURES[i] for i in set(columns_of(TRUNK)) - set(columns_of(WRIST))}


def test_people_stay_whole_and_go_round_the_folds() -> None:
    names = [f"set/{i}" for i in range(12)] + [f"alone{i}/x" for i in range(5)]
    folds = fold_people(names * 3)
    assert set(folds) == set(names)
    assert sorted({folds[f"alone{i}/x"] for i in range(5)}) == list(range(FOLDS))
    assert sorted({folds[f"set/{i}"] for i in range(12)}) == list(range(FOLDS))
    assert fold_people(reversed(names)) == folds


def test_of_a_fall_record_one_impact_is_the_fall_and_the_rest_is_unknown(tmp_path: Path) -> None:
    file = recorded.write(tmp_path / "synthetic.npz")
    found = [event for event in events(read_records(file)) if not event.cut and not event.cheap]
    of_fall = [event for event in found if event.record.kind == "fall"]
    assert [event.at_s for event in of_fall if event.fall] == [pytest.approx(9.8, abs=0.05)]
    assert all(event.fall is None for event in of_fall if not event.fall)
    assert all(event.fall is False for event in found if event.record.kind != "fall")


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
