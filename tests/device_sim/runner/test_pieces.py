"""Speeds, lanes, and the file that a run is kept in."""

from pathlib import Path

import msgspec
import pytest

from device_sim.play import Emission
from device_sim.runner import record
from device_sim.runner.lanes import Lanes, on
from device_sim.runner.names import marks_among, names_of
from device_sim.runner.pace import Speed
from device_sim.runner.record import Run
from schemas.errors import Unavailable
from tests.device_sim.runner.making import DAY, MINUTE, SECOND, START, play, said


@pytest.mark.parametrize(("text", "times"), [("1", 1.0), ("60", 60.0), ("full", None)])
def test_speeds_are_read_and_said_alike(text: str, times: float | None) -> None:
    assert Speed.parse(text).times == times
    assert str(Speed.parse(text)) == text


@pytest.mark.parametrize("text", ["0.5", "fast", "-1", "nan", "inf", ""])
def test_what_is_no_speed_is_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match="1 or more times real time"):
        Speed.parse(text)


def test_a_lane_shows_when_a_sensor_told_of_something_and_not_when_it_told_of_nothing() -> None:
    lanes = Lanes(play(), "sim")
    for at_us, text in ((0, '{"occupancy":true}'), (12, '{"occupancy":false}'), (31, '{"occupancy": true}')):
        lanes.see(said(START + at_us * SECOND, text))
    lanes.see(said(START, "[]", "sim/bridge/devices"))
    lanes.see(said(START, "online", "sim/bath motion/availability"))
    lanes.see(said(START, "{}", "sw/v1/watch/state"))
    lanes.see(said(START + MINUTE, "frame", "sw/v1/watch/imu"))
    lanes.see(said(START + MINUTE, "{}", "owntracks/wang/phone"))
    assert {lane.name: on(lane) for lane in lanes.kept()} == {
        "bath motion": [0, 6],
        "watch": [12],
        "wang/phone": [12],
    }


def test_a_long_play_is_drawn_by_the_minute_and_what_lies_outside_is_left_out() -> None:
    lanes = Lanes(play(lasts_us=14 * DAY), "sim")
    for at_us in (START - 1, START, START + 14 * DAY, START + 15 * DAY):
        lanes.see(Emission(at_us, "sim/x", b""))
    assert [on(lane) for lane in lanes.kept()] == [[0, 14 * 1440]]


def test_ids_are_marked_with_the_run_and_fit_the_api_whatever_the_key() -> None:
    names = names_of(play(residents=("wang", "李" * 80)), "m1")
    assert names.residents["wang"] == "m1-r-wang"
    assert all(len(each) <= 64 and each.isascii() for each in names.residents.values())
    assert len(set(names.residents.values())) == 2
    assert names.resident_key("m1-r-wang") == "wang"
    assert names.resident_key("m1-p-home") is None
    assert marks_among([*names.places.values(), "pl_1"]) == {"m1", "pl_1"}


def empty() -> Run:
    return Run(
        simulator="1",
        platform="1",
        models=(),
        simulated=True,
        speed="full",
        wall_began_us=1,
        wall_s=1.0,
        setting_up_s=0.1,
        messages=0,
        clock_messages=0,
        complete=True,
        scenarios=(),
    )


def test_a_run_comes_back_from_its_file_as_it_was(tmp_path: Path) -> None:
    record.save(empty(), tmp_path / "run.json")
    assert record.load(tmp_path / "run.json") == empty()


@pytest.mark.parametrize("content", [b"", b"{}", b'{"schema": 1}', b"\xff"])
def test_a_file_that_is_no_run_is_a_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.json").write_bytes(content)
    with pytest.raises(Unavailable, match=r"is no run of .sim run|sim run --out"):
        record.load(tmp_path / "x.json")


def test_a_run_of_another_form_says_so(tmp_path: Path) -> None:
    other = msgspec.structs.replace(empty(), schema=99)
    record.save(other, tmp_path / "x.json")
    with pytest.raises(Unavailable, match="form 99"):
        record.load(tmp_path / "x.json")
