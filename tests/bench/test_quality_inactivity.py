"""`python -m bench quality inactivity`: what it prints, by which rules, and what it refuses."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bench.__main__ import main
from bench.homes import HomeRecord, read_homes
from bench.inactivity_report import at_price
from bench.inactivity_rules import fixed, judge, longest
from bench.play_homes import default_stops, play_home
from bench.train_inactivity import examples, fit
from detectors.inactivity import InactivityConfig
from detectors.inactivity_judging import PRICES
from detectors.inactivity_model import PARTS, inactivity_model, model_from
from detectors.routine import HOUR_US, Room
from schemas.config import Sensitivity
from tests.bench import lived

HOUR_MS = 3_600_000


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Home b for 17 days with a hole from the 15th at noon to the 16th at noon less one hour; home a for three days."""
    hole = (lived.local_ms(15, 12), lived.local_ms(16, 11))
    lines = [row for row in lived.rows("b", 17) if not hole[0] < int(str(row["t_ms"])) < hole[1]]
    return lived.write(tmp_path_factory.mktemp("homes") / "events.csv.gz", [*lines, *lived.rows("a", 3)])


@pytest.fixture(scope="module")
def record(file: Path) -> HomeRecord:
    return read_homes(file)[0]


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert main(["quality", "inactivity", *arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_json_has_an_object_a_home_with_its_alarms_and_stops(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = told(capsys, str(file), "--stops", "5")
    assert list(said) == ["schema", "homes"]
    assert said["schema"] == 1
    assert [list(home) for home in said["homes"]] == [["home", "days", "alarms", "injected"]] * 2
    b, a = said["homes"]
    assert (b["home"], a) == ("b", {"home": "a", "days": 0.0, "alarms": [], "injected": []})
    (alarm,) = b["alarms"]
    assert lived.local_ms(15, 12) < alarm < lived.local_ms(15, 22)
    assert len(b["injected"]) == 5
    assert all(list(stop) == ["t_ms", "alarm_delay_s"] for stop in b["injected"])
    assert all(0 < stop["alarm_delay_s"] < 24 * 3600 for stop in b["injected"])


def test_the_same_stops_come_every_time_and_only_where_somebody_was_about(record: HomeRecord) -> None:
    stops = default_stops(record, 50)
    assert stops == default_stops(record, 50) == sorted(stops)
    since = [stop - max(t for t in record.t_us.tolist() if t <= stop * 1000) // 1000 for stop in stops]
    assert max(since) < 15 * 60_000
    assert min(stops) >= lived.local_ms(14, 0)
    assert all(stop % 60_000 == 0 for stop in stops)


def test_given_stops_are_used_in_their_homes(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = tmp_path / "stops.csv"
    given.write_text(f"home,t_ms\nb,{lived.local_ms(16, 15)}\nb,{lived.local_ms(14, 9)}\n")
    said = told(capsys, str(file), "--inject", str(given))
    stops = said["homes"][0]["injected"]
    assert [stop["t_ms"] for stop in stops] == [lived.local_ms(14, 9), lived.local_ms(16, 15)]
    assert all(stop["alarm_delay_s"] > 0 for stop in stops)
    given.write_text(f"home,t_ms\nelsewhere,{lived.local_ms(16, 15)}\n")
    assert main(["quality", "inactivity", str(file), "--inject", str(given)]) == 2
    assert "elsewhere" in capsys.readouterr().err


def test_a_detector_that_never_rings_has_null_delays_and_no_alarms(record: HomeRecord) -> None:
    played = play_home(record, default_stops(record, 3), InactivityConfig(price_h=0.0, utc_offset_us=0))
    assert all(delay is not None and delay <= 1800 for _, delay in played.injected)  # free alarms: at half an hour
    before_all = play_home(record, [int(record.t_us[0]) // 1000 - HOUR_MS])
    assert before_all.injected == [(int(record.t_us[0]) // 1000 - HOUR_MS, None)]


def test_a_stop_in_a_silence_that_has_already_rung_waits_no_more(record: HomeRecord) -> None:
    played = play_home(record, [lived.local_ms(16, 10)])
    assert played.injected == [(lived.local_ms(16, 10), 0.0)]


def test_the_curve_is_what_the_detector_does(record: HomeRecord) -> None:
    stops = default_stops(record, 20)
    for price in (60.0, PRICES[Sensitivity.NORMAL]):
        played = play_home(record, stops, InactivityConfig(price_h=price, utc_offset_us=0))
        point = at_price("x", [played], price)
        hours = [delay / 3600 for _, delay in played.injected if delay is not None]
        assert point["mean_h"] == pytest.approx(np.mean(hours), abs=1e-3)
        assert point["false_alarms_per_home_week"] == pytest.approx(len(played.alarms) / played.days * 7)


def test_the_report_says_both_figures_beside_published_rules(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["quality", "inactivity", str(file), "--operating-points", "--stops", "5"]) == 0
    said = capsys.readouterr().out
    for word in ("as played (normal)", "calmer", "keener", "the curve", "silent for 4 h", "1 x longest gap", "said as"):
        assert word in said


def test_counts_are_activity_and_a_count_of_none_is_not(tmp_path: Path) -> None:
    lines = [{**row, "value": value} for row, value in zip(lived.rows("c", 1), [3, 0, 2.5] * 99, strict=False)]
    (record,) = read_homes(lived.write(tmp_path / "counts.csv", lines))
    assert len(record.t_us) == len([line for line in lines if line["value"]])


def test_rooms_are_known_by_their_names_and_an_outer_door_is_a_door(tmp_path: Path) -> None:
    named = [("pir", "bedroom"), ("door", "front_door"), ("pir", "entrance"), ("fridge_door", "x"), ("chair", "y")]
    lines = [
        {"home": "h", "t_ms": i * 1000, "sensor": "s", "type": kind, "room": room, "value": 1}
        for i, (kind, room) in enumerate(named)
    ]
    (record,) = read_homes(lived.write(tmp_path / "rooms.csv", lines))
    assert record.room.tolist() == [Room.BEDROOM, Room.OUTER_DOOR, Room.HALL, Room.KITCHEN, Room.OTHER]


def test_a_published_rule_rings_as_it_says(record: HomeRecord) -> None:
    stop = [lived.local_ms(16, 15)]
    last_us = max(t for t in record.t_us.tolist() if t <= stop[0] * 1000)
    false, (delay_h,) = judge(fixed(6), record, stop)
    assert delay_h == pytest.approx(6 - (stop[0] * 1000 - last_us) / HOUR_US)
    assert any(minutes > 20 * 60 for _, minutes in false)
    (twice,) = longest(2.0)(record, np.array([float(last_us)]))
    (once,) = longest(1.0)(record, np.array([float(last_us)]))
    assert twice == 2 * once > 20 * 60


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("home,t_ms,sensor,type,room\n", "it has no value"),
        ("home,t_ms,sensor,type,room,value\na,noon,s,pir,kitchen,1\n", "line 2"),
        ("home,t_ms,sensor,type,room,value\na,5,s,pir\n", "cut short"),
    ],
)
def test_a_file_not_in_the_form_ends_with_one_sentence(
    text: str, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "events.csv").write_text(text)
    assert main(["quality", "inactivity", str(tmp_path)]) == 2
    said = capsys.readouterr().err.strip()
    assert sentence in said
    assert "\n" not in said


def test_paths_that_hold_no_home_end_with_status_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "junk.csv.gz").write_bytes(b"no gzip")
    (tmp_path / "notes.txt").write_text("no recording")
    (tmp_path / "empty").mkdir()
    for name in ("junk.csv.gz", "notes.txt", "empty", "absent.csv"):
        assert main(["quality", "inactivity", str(tmp_path / name)]) == 2
        assert name in capsys.readouterr().err


def test_training_gives_the_same_arrays_again_and_they_fit_the_detector(record: HomeRecord) -> None:
    once, again = fit([record]), fit([record])
    assert all(np.array_equal(once[name], again[name]) for name in once)
    assert model_from(once).outlook is not None
    once["begun_names"] = once["begun_names"][1:]
    with pytest.raises(ValueError, match="begun"):
        model_from(once)


def test_training_learns_nothing_from_gaps_of_more_than_a_day(record: HomeRecord) -> None:
    found = examples([record])
    assert set(found) | {"hourly"} == set(PARTS)
    assert found["lasting"].true.sum() == found["begun"].true.sum()
    keep = (record.t_us < record.t_us[0] + 5 * 24 * HOUR_US) | (record.t_us > record.t_us[0] + 7 * 24 * HOUR_US)
    holed = HomeRecord("h", record.t_us[keep], record.room[keep], [], record.times[keep])
    assert examples([holed])["lasting"].true.sum() < found["lasting"].true.sum()


def test_the_shipped_model_has_every_set_of_trees() -> None:
    model = inactivity_model()
    assert all(getattr(model, part).depth > 0 for part in PARTS)
