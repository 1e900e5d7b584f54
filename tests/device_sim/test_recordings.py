"""Reading recordings in the common form, and refusing what is not."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from device_sim.recordings import BadRecording, Recordings


def fields(**changed: Any) -> dict[str, Any]:
    made: dict[str, Any] = {
        "acc": np.arange(300, dtype=np.int16).reshape(100, 3),
        "acc_scale": 0.004,
        "start": np.arange(0, 100, 10),
        "n": np.full(10, 10),
        "fs": np.array([100.0] * 9 + [2.0], dtype=np.float32),
        "label": np.array([1, 0] * 5, dtype=np.int8),
        "position": np.array(["waist", "right wrist", "", "nan", "left hip"] * 2),
    }
    made.update(changed)
    return {key: value for key, value in made.items() if value is not None}


def load(tmp_path: Path, **changed: Any) -> Recordings:
    np.savez(tmp_path / "some_dev.npz", **fields(**changed))
    return Recordings.load(tmp_path / "some_dev.npz")


def test_records_are_cut_where_the_file_says(tmp_path: Path) -> None:
    recordings = load(tmp_path)
    assert recordings.name == "some"
    assert recordings.samples(3).tolist() == np.arange(90, 120).reshape(10, 3).tolist()
    assert recordings.sensor(3).period_ns == 10_000_000
    assert [recordings.position(index) for index in range(5)] == ["waist", "wrist", None, None, "hip"]


def test_drawing_is_by_label_and_seed_and_leaves_out_what_no_frame_can_carry(tmp_path: Path) -> None:
    recordings = load(tmp_path)
    drawn = recordings.choose(5, 4, seed=1)
    assert sum(recordings.is_fall(index) for index in drawn) == 5
    assert 9 not in drawn  # 2 Hz
    assert drawn == recordings.choose(5, 4, seed=1)
    assert drawn != recordings.choose(5, 4, seed=2)
    with pytest.raises(BadRecording, match="5 records of daily life are asked for, but some has 4"):
        recordings.choose(0, 5, seed=1)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"fs": None}, "lacks fs"),
        ({"acc": np.zeros((5, 3))}, "int16"),
        ({"acc_scale": 7.0}, "no accelerometer"),
        ({"n": np.full(10, 1000)}, "beyond the end"),
    ],
)
def test_another_form_is_refused_with_a_sentence(tmp_path: Path, changed: dict[str, Any], sentence: str) -> None:
    with pytest.raises(BadRecording, match=sentence):
        load(tmp_path, **changed)


def test_what_is_no_npz_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.npz").write_bytes(b"not a zip")
    with pytest.raises(BadRecording, match=r"not a file of recordings"):
        Recordings.load(tmp_path / "a.npz")
    with pytest.raises(BadRecording, match="There is no file"):
        Recordings.load(tmp_path / "b.npz")


def test_a_gyroscope_goes_along_only_where_the_record_has_one(tmp_path: Path) -> None:
    has = np.array([True] + [False] * 9)
    recordings = load(tmp_path, gyr=np.ones((100, 3), np.int16), gyr_scale=0.06, has_gyr=has)
    assert recordings.samples(0).shape == (10, 6)
    assert recordings.sensor(0).gyro_scale == 0.06
    assert recordings.samples(1).shape == (10, 3)
    assert recordings.sensor(1).gyro_scale == 0.0
