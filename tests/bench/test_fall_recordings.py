"""The shipped model on real recordings: floors well below what docs/detectors/falls.md reports, so that a break shows.

In-sample for the model (it was trained on these people): no claim on others; the card has the cross-validated figures.
"""

from pathlib import Path

import pytest

from bench.play_falls import Played, play_record
from bench.recordings import read_records

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "falls"
pytestmark = [
    pytest.mark.recordings,
    pytest.mark.skipif(not DATA.is_dir(), reason=f"needs recordings in {DATA.parent.parent.name}/data/falls"),
]


def played(name: str, kind: str, most: int, *, tell_position: bool = True) -> list[Played]:
    records = [record for record in read_records(DATA / name) if record.kind == kind]
    step = max(1, len(records) // most)
    return [play_record(record, tell_position=tell_position) for record in records[::step][:most]]


def test_of_100_falls_at_the_waist_at_least_95_raise_exactly_one_alert() -> None:
    counts = [len(one.findings) for one in played("sisfall_dev.npz", "fall", 100)]
    assert sum(count == 1 for count in counts) >= 95
    assert max(counts) == 1


def test_of_100_daily_life_trials_at_the_waist_at_most_3_raise_any() -> None:
    assert sum(bool(one.findings) for one in played("sisfall_dev.npz", "adl", 100)) <= 3


def test_nine_in_ten_falls_are_found_though_nobody_said_where_the_sensor_is() -> None:
    found = [bool(one.findings) for one in played("sisfall_dev.npz", "fall", 60, tell_position=False)]
    assert sum(found) >= 54


def test_nine_in_ten_falls_at_the_wrist_are_found() -> None:
    assert sum(bool(one.findings) for one in played("wedafall_dev.npz", "fall", 60)) >= 54


def test_a_wrist_at_rest_for_hours_raises_next_to_nothing() -> None:
    living = played("stresspredict_dev.npz", "continuous", 35)
    assert sum(len(one.findings) for one in living) <= 3
