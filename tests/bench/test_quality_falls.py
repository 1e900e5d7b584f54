"""`python -m bench quality falls`: what it prints, by which rules, and what it refuses."""

import json
from pathlib import Path

import numpy as np
import pytest

from bench.__main__ import main
from bench.fall_report import fall_report
from bench.intervals import rate_interval
from bench.play_falls import frames_of, play_record
from bench.recordings import read_records
from detectors.fall import FallConfig
from device_sim.report.intervals import share as wilson
from tests.bench import recorded

KEYS = ["index", "file", "trial", "subject", "position", "kind", "label", "seconds", "findings", "stages"]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return recorded.write(tmp_path / "synthetic.npz")


def test_the_json_has_an_object_a_record_in_file_order(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["quality", "falls", str(file), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["schema"] == 1
    assert [list(record) for record in told["records"]] == [KEYS] * 3
    fall, adl, living = told["records"]
    assert (fall["file"], fall["index"], fall["kind"], fall["label"]) == ("synthetic.npz", 0, "fall", 1)
    assert adl["findings"] == []
    assert len(living["findings"]) == 1


def test_a_finding_stands_at_the_end_of_the_frame_that_completed_it(file: Path) -> None:
    record = next(read_records(file))
    played = play_record(record)
    # the impact is at 9.8 s, 2.5 s after it are needed, frames end at even seconds
    assert played.findings == [14.0]
    assert played.stages[-1] == (14.0, "confirmed")
    assert played.hardest_s == pytest.approx(9.8, abs=0.05)


def test_a_record_that_ends_at_the_impact_is_decided_by_the_clock(tmp_path: Path) -> None:
    short = recorded.write(tmp_path / "short.npz", n=np.array([535, 2000, 100]))
    played = play_record(next(read_records(short)))
    assert len(played.findings) == 1
    assert played.findings == [23.0]  # 15 s after the platform's clock when the frame with the impact came


def test_the_detector_is_told_the_signal_and_the_position_and_nothing_else(file: Path) -> None:
    record = next(read_records(file))
    told = list(frames_of(record))
    assert {(f.resident, f.device, f.position) for f in told} == {("person", "wearable", "waist")}
    assert {frame.position for frame in frames_of(record, tell_position=False)} == {None}
    assert [frame.n for frame in told] == [100] * 10 + [record.acc.shape[0] - 1000] * (len(record.acc) > 1000)
    assert np.array_equal(np.vstack([frame.acc for frame in told]), record.acc)


def test_the_report_says_each_data_set_and_position_with_intervals(file: Path) -> None:
    report = fall_report([play_record(record) for record in read_records(file)])
    assert "synthetic.npz  waist  3 records, 3 people" in report
    assert "falls found        100.0 % [20.7, 100.0]  (1 of 1)" in report
    assert "daily life silent  100.0 % [20.7, 100.0]  (1 of 1)" in report
    assert "false alarms" in report
    assert "(1 in 0.2 h)" in report


def test_an_unknown_position_is_asked_for_by_option(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["quality", "falls", str(file), "--position", "unknown"]) == 0
    assert "x real time" in capsys.readouterr().out


def test_records_of_any_length_and_rate_are_played(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # a lone sample, less than a frame, an odd number of samples; the slowest and the fastest rate of the form
    odd = recorded.write(tmp_path / "odd.npz", n=np.array([1, 61, 1999]), fs=np.array([50.0, 5.0, 500.0]))
    assert main(["quality", "falls", str(odd), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["records"]
    assert [one["seconds"] for one in told] == [0.02, 12.2, 3.998]


def test_whether_there_is_a_gyroscope_changes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plain = recorded.write(tmp_path / "made.npz")
    acc = np.load(plain)["acc"]
    (tmp_path / "with").mkdir()
    turning = recorded.write(tmp_path / "with" / "made.npz", gyr=np.full_like(acc, 900), gyr_scale=np.float64(0.1))
    said = []
    for file in (plain, turning):
        assert main(["quality", "falls", str(file), "--json"]) == 0
        said.append(capsys.readouterr().out)
    assert said[0] == said[1]


def test_a_detector_that_never_alarms_finds_nothing(file: Path) -> None:
    assert all(play_record(record, FallConfig(threshold=1.1)).findings == [] for record in read_records(file))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"fs": None}, "it has no fs"),
        ({"acc": np.zeros((5, 2), np.int16)}, "of shape (N, 3)"),
        ({"start": np.array([0, 10, 10**7])}, "outside"),
        ({"fs": np.array([50.0, 0.0, np.nan])}, "rates"),
        ({"kind": np.array(["fall", "adl", "nap"])}, "nap"),
        ({"trial": np.array(["t"])}, "trial"),
        ({"acc_scale": np.float64("nan")}, "acc_scale"),
        ({"acc_scale": np.float64(0)}, "acc_scale"),
    ],
)
def test_a_file_not_in_the_form_ends_with_one_sentence(
    changes: dict[str, object], sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = recorded.write(tmp_path / "wrong.npz", **changes)
    assert main(["quality", "falls", str(wrong)]) == 2
    said = capsys.readouterr().err.strip()
    assert sentence in said
    assert "\n" not in said


def test_paths_that_hold_no_recording_end_with_status_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("no recording")
    junk = tmp_path / "junk.npz"
    junk.write_bytes(b"PK\x03\x04 no zip")
    empty = tmp_path / "empty"
    empty.mkdir()
    for path in (text, junk, empty, tmp_path / "absent.npz"):
        assert main(["quality", "falls", str(path)]) == 2
        assert str(path) in capsys.readouterr().err


def test_a_command_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["qualty"]) == 2
    assert "qualty" in capsys.readouterr().err


def test_intervals_are_those_of_the_books() -> None:
    # Wilson 1927 / Newcombe 1998, table of 81 of 263; Poisson limits of 10 counts: 4.795 to 18.39
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)
    assert rate_interval(10, 1.0) == pytest.approx((4.795, 18.39), abs=0.02)
    assert rate_interval(0, 2.0) == pytest.approx((0.0, 3.689 / 2), abs=0.05)
