"""The bench of speed measures what it says, on fleets small enough for a test."""

import json

import numpy as np
import pytest

from bench.__main__ import main
from bench.speed.command_homes import compare
from bench.speed.home_fleet import Fleet, lives
from bench.speed.homes import fleet_speed
from bench.speed.people import ACTIVITIES, DAY, FEET, PIECE_S, RATE_HZ, SCALE, SEATED, made_pieces
from bench.speed.street import life, unit_of
from bench.speed.traffic import START_US, Traffic
from detectors.fleet_frames import batch_of_readings
from detectors.impacts import find_impacts, magnitude
from schemas import frame as wire


def test_people_made_move_hard_as_often_as_people_were_seen_to() -> None:
    pieces = made_pieces()
    t_us = np.arange(PIECE_S * RATE_HZ, dtype=np.int64) * (1_000_000 // RATE_HZ)
    hourly = {
        what: sum(
            len(find_impacts(t_us, magnitude(acc.astype(float) * SCALE), -1, int(t_us[-1]))) for acc in pieces[what]
        )
        / (len(pieces[what]) * PIECE_S / 3600)
        for what in ACTIVITIES
    }
    assert 35 < hourly[SEATED] < 70  # measured: 56
    assert 115 < hourly[FEET] < 250  # measured: 115 to 313
    assert pieces[FEET][0].tolist() == made_pieces()[FEET][0].tolist()


def test_traffic_is_frames_that_the_wire_takes_with_some_missing_late_and_repeated() -> None:
    traffic = Traffic(1_000, DAY, made_pieces())
    rounds = [traffic.next() for _ in range(8)]
    frames = [wire.decode(payload) for came in rounds for payload in came.payloads]
    told = [(int(who), frame.seq) for came, frame in zip(_each(rounds), frames, strict=True) for who in [came]]
    assert 0.99 * 8_000 < len(set(told)) < 8_000
    assert len(told) > len(set(told))
    assert told != sorted(told, key=lambda each: each[1])
    assert {frame.n for frame in frames} == {100}
    assert any(frame.utc_us for frame in frames)
    assert not all(frame.utc_us for frame in frames)
    readings = traffic.readings(rounds[3])
    assert min(reading.event_us for reading in readings) >= START_US
    assert batch_of_readings(readings).refused == []


def _each(rounds: list) -> list[int]:  # type: ignore[type-arg]
    return [who for came in rounds for who in came.number.tolist()]


def test_the_command_tells_every_scenario_by_its_id(capsys: pytest.CaptureFixture[str]) -> None:
    some = ["fleet-day", "state"]
    asked = ["speed", "falls", "--wearables", "100", "--rounds", "1", "--json", "--only", *some]
    assert main(asked) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["schema"] == 1
    assert list(told["scenarios"]) == some
    day = told["scenarios"]["fleet-day"]
    assert day["rate"] > 0
    assert day["in_columns"] > 0.8
    assert sum(day["steps"].values()) == pytest.approx(1.0)
    assert told["scenarios"]["state"]["bytes_a_wearable"] > told["scenarios"]["state"]["of_it_columns"] > 5_400
    assert main(["speed", "falls", "--only", "nothing"]) == 2
    assert "no scenario nothing" in capsys.readouterr().err


def test_the_street_is_readings_of_homes_as_the_gateway_makes_them() -> None:
    readings = list(life(3, 1.0))
    assert readings == list(life(3, 1.0))
    assert {each.unit for each in readings} == {unit_of(3)}
    assert [each.arrival_us for each in readings] == sorted(each.arrival_us for each in readings)
    assert {"motion", "motion_ended", "door_open"} <= {event for each in readings for event in each.events}
    assert {each.place is None for each in readings if each.events} == {False}


def test_the_homes_of_a_fleet_are_as_far_as_their_lives_and_are_looked_at_in_turn() -> None:
    fleet = Fleet(40, lives(2, days=2))
    speed = fleet_speed(fleet, 10)
    assert (speed.homes, speed.ticks, len(speed.tick_ms)) == (40, 10, 10)
    assert len(fleet.host.inactivity.homes) == len(fleet.host.everyday.homes) == 40
    assert 0 < speed.readings < 400
    last = {home.last_us for home in fleet.host.inactivity.homes.values()}
    assert len(last) > 30
    assert all(fleet.now_us - 12 * 3_600_000_000 < each <= fleet.now_us for each in last)
    assert sum(speed.steps.values()) == pytest.approx(1.0)


def test_the_homes_command_tells_its_scenarios_and_compares_by_the_reference(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["speed", "homes", "--days", "1", "--json", "--only", "year"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert list(told["scenarios"]) == ["year"]
    assert told["scenarios"]["year"]["readings"] > told["scenarios"]["year"]["of_them_signs"] > 200
    told["reference"]["rate"] = 50_000.0
    slower = json.loads(json.dumps(told))
    slower["scenarios"]["year"]["cpu_s"] *= 2
    assert compare(told, told)[0][0].startswith("within noise")
    (line,), worse = compare(told, slower)
    assert worse
    assert line.startswith("worse")
    slower["reference"]["rate"] /= 2  # twice as slow a machine
    assert not compare(told, slower)[1]
    assert main(["speed", "homes", "--only", "nothing"]) == 2
    assert "no scenario nothing" in capsys.readouterr().err
