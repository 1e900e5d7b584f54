"""Wandering: ways walked over and over, pacing between rooms, leaving at night; and what is none of it."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from detectors import reasons
from detectors.host import Host
from detectors.wandering import WanderingConfig, WanderingDetector
from detectors.wandering_home import HomeConfig
from detectors.wandering_walk import WalkConfig
from schemas.config import ResidentConfig, Sensitivity, config_reading
from schemas.finding import Finding, FindingKind, Stage
from schemas.ids import finding_id
from schemas.reading import Observation, Reading
from tests.detectors import wanders
from tests.detectors.signals import tick
from tests.detectors.wanders import NIGHT_US, NOON_US, lap, night_out, pace, play, position, rooms, sensed, straight

SECOND = 1_000_000
MINUTE = 60 * SECOND


def detector(**settings: Any) -> WanderingDetector:
    return WanderingConfig(**settings).build()


def codes(found: list[Finding]) -> list[tuple[str, ...]]:
    return [tuple(reason.code for reason in one.evidence.reasons) for one in found]


def lives(resident: str, unit: str = "u2", **changes: Any) -> Reading:
    return config_reading(ResidentConfig(resident=resident, unit=unit, version=1, **changes), NIGHT_US, NIGHT_US)


# -- ways ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("way", "code"), [(lap, reasons.LAPPING), (pace, reasons.PACING)])
def test_walking_the_same_way_over_and_over_is_one_finding_with_its_numbers(way: Any, code: str) -> None:
    walked = way(NOON_US, 25)
    (found,) = play(detector(), walked)
    (reason,) = found.evidence.reasons
    assert (found.kind, found.stage, found.resident, reason.code) == (FindingKind.WANDERING, "confirmed", "r1", code)
    assert tuple(reason.values) == reasons.REASONS[code]
    assert reason.values["times"] > 1.5
    assert [phase.name for phase in found.evidence.phases] == [reasons.PHASE_WANDERING]
    assert found.id == finding_id("u1", "r1", FindingKind.WANDERING, found.anchor)
    assert found.anchor in {reading.key for reading in walked}
    assert NOON_US <= found.start_us < found.decided_us <= NOON_US + 10 * MINUTE
    assert 0.5 <= found.score <= 1


def test_below_the_floor_no_way_is_wandering_whatever_the_model_says() -> None:
    assert play(detector(walk=WalkConfig(floor=1e6)), lap(NOON_US, 25)) == []


def test_it_is_over_when_positions_show_that_it_is_and_not_when_they_stop() -> None:
    watch = detector()
    (found,) = play(watch, pace(NOON_US, 10), after_s=3600)
    (over,) = play(watch, straight(NOON_US + 75 * MINUTE, 2))
    assert (over.id, over.stage) == (found.id, Stage.RECOVERED)
    assert codes([over]) == [(reasons.CALM,)]
    assert over.evidence.reasons[0].values["min"] == pytest.approx(10, abs=1)


@pytest.mark.parametrize("speed", [0.3, 1.0, 1.8])
def test_a_way_that_leads_on_is_none(speed: float) -> None:
    assert play(detector(), straight(NOON_US, 40, speed=speed)) == []


def test_there_and_back_with_a_stay_is_an_errand() -> None:
    out = straight(NOON_US, 12)
    stay = [position(NOON_US + (720 + s) * SECOND, 720, 0) for s in range(0, 600, 10)]
    home = [position(NOON_US + (1320 + s) * SECOND, 720 - s, 0) for s in range(0, 720, 10)]
    assert play(detector(), out + stay + home) == []


@pytest.mark.parametrize("error_m", [4.0, 12.0, 30.0])
def test_standing_under_a_receiver_that_drifts_is_no_walking(error_m: float) -> None:
    rng = np.random.default_rng(7)
    east = north = 0.0
    still = []
    for s in range(0, 3600, 5):
        north, east = (0.9 * each + np.sqrt(1 - 0.81) * rng.normal(0, error_m / 1.51) for each in (north, east))
        still.append(position(NOON_US + s * SECOND, north, east, accuracy=error_m))
    assert play(detector(), still) == []


def test_riding_to_and_fro_is_not_walking() -> None:
    bus = [position(NOON_US + s * SECOND, 900 * abs((s / 180) % 2 - 1), 0.0) for s in range(0, 3600, 5)]
    assert play(detector(), bus) == []


def test_single_jumps_and_fixes_known_badly_change_nothing() -> None:
    walked = pace(NOON_US, 25)
    wild = [position(NOON_US + (s + 5) * SECOND, 900.0, 900.0) for s in range(100, 1500, 200)]
    bad = [position(NOON_US + (s + 3) * SECOND, 90.0, 90.0, accuracy=400.0) for s in range(0, 1500, 50)]
    zero = [position(NOON_US + (s + 4) * SECOND, 0.0, 0.0, accuracy=0.0) for s in range(0, 1500, 50)]
    ours = play(detector(), walked)
    assert play(detector(), walked + bad + zero) == ours
    assert codes(play(detector(), walked + wild)) == codes(ours)
    assert play(detector(), straight(NOON_US, 40) + wild) == []


def test_in_a_building_pacing_shows_within_a_minute_and_a_half() -> None:
    def at(s: float) -> Reading:
        there = (Observation("x", 3.0 + 2.5 * float(np.cos(s / 3))), Observation("y", 3.0))
        at_us = NOON_US + int(s * SECOND)
        return position(at_us, 0, 0, observations=there, seq=int(4 * s))

    (found,) = play(detector(), [at(s) for s in np.arange(0, 180, 0.25)])
    assert codes([found]) == [(reasons.PACING,)]
    assert found.decided_us - NOON_US <= 90 * SECOND


def test_a_burst_that_comes_in_reverse_is_read_in_order() -> None:
    walked = pace(NOON_US, 25)
    (ours,) = play(detector(), walked)
    bursts = []
    for start in range(0, len(walked), 18):
        part = walked[start : start + 18]
        heard_us = part[-1].event_us
        for i, reading in enumerate(reversed(part)):
            bursts.append(_heard(reading, heard_us + i))
    (late,) = play(detector(), bursts)
    assert (late.id, late.score, late.evidence) == (ours.id, ours.score, ours.evidence)


def test_a_backlog_is_read_in_order_and_bounded() -> None:
    walked = pace(NOON_US, 60, each_s=5)
    heard_us = walked[-1].event_us
    watch = detector()
    found = play(watch, [_heard(reading, heard_us + i) for i, reading in enumerate(walked)])
    assert codes(found) == [(reasons.PACING,)]
    assert len(watch.snapshot()) < 8_192


def test_repeated_readings_change_nothing() -> None:
    walked = pace(NOON_US, 12) + night_out()
    twice = [copy for reading in walked for copy in (reading, _heard(reading, reading.arrival_us + 3 * SECOND))]
    assert play(detector(), twice, after_s=600) == play(detector(), walked, after_s=600)


def test_a_keener_detector_speaks_sooner_and_a_calmer_one_later() -> None:
    def when(sensitivity: Sensitivity) -> int:
        config = ResidentConfig(resident="r1", unit="u1", version=1, sensitivity=sensitivity)
        (found,) = play(detector(), [config_reading(config, NOON_US, NOON_US), *lap(NOON_US, 30)])
        return found.decided_us

    assert when(Sensitivity.KEENER) <= when(Sensitivity.NORMAL) <= when(Sensitivity.CALMER)
    assert when(Sensitivity.KEENER) < when(Sensitivity.CALMER)


def test_another_person_changes_nothing() -> None:
    ours, other = pace(NOON_US, 20), lap(NOON_US, 20, resident="r2")
    alone = play(detector(), ours)
    both = play(detector(), ours + other)
    assert [one for one in both if one.resident == "r1"] == alone != []
    assert {one.resident for one in both} == {"r1", "r2"}


def test_hours_of_positions_take_bounded_memory() -> None:
    watch = detector()
    early = 0
    for hour in range(4):
        play(watch, lap(NOON_US + hour * 60 * MINUTE, 60, radius_m=90.0, each_s=5))
        early = early or len(watch.snapshot())
    assert len(watch.snapshot()) <= 8_192
    assert early > 1_000


# -- rooms -----------------------------------------------------------------------------------------------------------


def test_from_room_to_room_and_back_at_night_is_pacing() -> None:
    watch = detector()
    found = play(watch, [lives("r2"), *rooms(NIGHT_US, 20)], after_s=1800)
    assert [one.stage for one in found] == [Stage.CONFIRMED, Stage.RECOVERED]
    assert codes(found) == [(reasons.ROOM_PACING, reasons.ROOMS_TO_AND_FRO), (reasons.CALM,)]
    assert found[0].evidence.reasons[0].values == {"changes": 12.0, "rooms": 2.0, "min": 8.2}
    assert {one.resident for one in found} == {"r2"}
    assert watch.due() is None


@pytest.mark.parametrize(
    "walked",
    [
        rooms(NIGHT_US, 8),  # to the bathroom and back, a few times
        rooms(NIGHT_US, 20, each_s=150),  # up all night, but without haste
        rooms(NIGHT_US, 14, names=("bedroom", "hall", "bathroom", "kitchen", "lounge")),
        rooms(NOON_US, 15),  # what would be pacing at night is housework by day
    ],
)
def test_ordinary_walking_about_the_home_is_none(walked: list[Reading]) -> None:
    assert play(detector(), walked) == []


def test_two_people_in_two_rooms_are_not_one_who_paces() -> None:
    couple = [lives("r2"), lives("r3")]
    assert play(detector(), [*couple, *rooms(NIGHT_US, 20)]) == []


def test_a_worn_beacon_tells_who_of_two_paces() -> None:
    seen = [
        sensed(r.event_us, "beacon", "beacon_seen", resident="r3", observations=(Observation("room", r.device),))
        for r in rooms(NIGHT_US, 20)
    ]
    found = play(detector(), [lives("r2"), lives("r3"), *seen])
    assert [(one.resident, code) for one, code in zip(found, codes(found), strict=True)] == [
        ("r3", (reasons.ROOM_PACING, reasons.ROOMS_TO_AND_FRO))
    ]


# -- the door --------------------------------------------------------------------------------------------------------


def test_out_of_the_door_at_night_and_nobody_inside_after_is_told_by_the_clock_and_over_when_back() -> None:
    watch = detector()
    assert play(watch, [lives("r2"), *night_out()], after_s=200) == []
    due = watch.due()
    assert due is not None
    (found,) = wanders.feed(watch, [due - 1, due])
    assert codes([found]) == [(reasons.LEFT_AT_NIGHT,)]
    assert found.evidence.reasons[0].values == {"hour": 2.02, "min": 5.0}
    assert (found.resident, found.stage, found.mild) == ("r2", Stage.CONFIRMED, False)
    assert found.event_us == NIGHT_US + 60 * SECOND
    assert watch.due() is None
    (back,) = play(watch, [sensed(NIGHT_US + 30 * MINUTE, "hall-pir", "motion")])
    assert (back.id, back.stage) == (found.id, Stage.RECOVERED)
    assert codes([back]) == [(reasons.BACK_INSIDE,)]
    assert back.evidence.reasons[0].values == {"min": 29.0}


@pytest.mark.parametrize("after_s", [30, 200, 299])
def test_who_is_seen_inside_after_the_door_has_not_left(after_s: int) -> None:
    seen = sensed(NIGHT_US + (60 + after_s) * SECOND, "bedroom-pir", "motion")
    assert play(detector(), [*night_out(), seen], after_s=900) == []


def test_what_the_hall_sees_on_the_way_out_is_nobody_inside() -> None:
    seen = sensed(NIGHT_US + 70 * SECOND, "hall-pir", "motion")
    assert len(play(detector(), [*night_out(), seen], after_s=900)) == 1


@pytest.mark.parametrize(
    "worn",
    [
        sensed(NIGHT_US + 200 * SECOND, "pendant", "sos", resident="r2"),
        sensed(NIGHT_US + 200 * SECOND, "phone", "motion", resident="r2"),
        sensed(NIGHT_US + 200 * SECOND, "tag", "x", resident="r2", observations=(Observation("room", "not_home"),)),
    ],
)
def test_what_is_worn_goes_along_and_shows_nobody_inside(worn: Reading) -> None:
    assert len(play(detector(), [*night_out(), worn], after_s=900)) == 1


def test_a_worn_beacon_in_a_room_shows_its_wearer_inside() -> None:
    seen = sensed(NIGHT_US + 200 * SECOND, "tag", "x", resident="r2", observations=(Observation("room", "hall"),))
    assert play(detector(), [*night_out(), seen], after_s=900) == []


def test_a_sign_of_life_that_comes_late_still_counts_before_the_time_is_up() -> None:
    seen = sensed(NIGHT_US + 100 * SECOND, "bedroom-pir", "motion", arrival_us=NIGHT_US + 340 * SECOND)
    assert play(detector(), [*night_out(), seen], after_s=900) == []


def test_a_door_heard_of_late_is_still_told() -> None:
    late = [_heard(reading, NIGHT_US + 3600 * SECOND + i) for i, reading in enumerate(night_out())]
    (found,) = play(detector(), late)
    assert found.event_us == NIGHT_US + 60 * SECOND


@pytest.mark.parametrize(
    "outing",
    [
        night_out(NOON_US),
        [sensed(NIGHT_US, "bedroom-pir", "motion"), sensed(NIGHT_US + 9 * SECOND, "fridge_door", "door_open")],
        [sensed(NIGHT_US, "bedroom-pir", "motion"), sensed(NIGHT_US + 9 * SECOND, "front_door", "door_closed")],
        [sensed(NIGHT_US, "front_door", "door_open", retain=True)],
    ],
)
def test_by_day_or_another_door_or_a_door_that_closes_is_no_leaving(outing: list[Reading]) -> None:
    assert play(detector(), outing, after_s=900) == []


def test_a_home_without_a_sensor_in_a_room_says_so_and_is_mild() -> None:
    (found,) = play(detector(), [sensed(NIGHT_US, "front_door", "door_open")], after_s=900)
    assert codes([found]) == [(reasons.LEFT_AT_NIGHT, reasons.ROOMS_UNWATCHED)]
    assert found.mild


def test_a_home_whose_people_are_away_is_not_left() -> None:
    away = lives("r2", absent_until_us=NIGHT_US + 3600 * SECOND)
    assert play(detector(), [away, *night_out()], after_s=900) == []


def test_nobody_known_or_several_then_the_unit_itself_is_named() -> None:
    assert [one.resident for one in play(detector(), night_out(), after_s=900)] == ["u2"]
    several = [lives("r2"), lives("r3"), *night_out()]
    assert [one.resident for one in play(detector(), several, after_s=900)] == ["u2"]


def test_two_nights_are_two_findings_though_the_sensor_counts_nothing() -> None:
    back = sensed(NIGHT_US + 60 * MINUTE, "hall-pir", "motion")
    nights = [*night_out(), back, *night_out(NIGHT_US + 1440 * MINUTE)]
    found = [one for one in play(detector(), nights, after_s=900) if one.stage is Stage.CONFIRMED]
    assert len({one.id for one in found}) == len(found) == 2


def test_night_is_by_the_clock_of_the_home() -> None:
    assert HomeConfig().night(NIGHT_US)
    assert not HomeConfig(utc_offset_h=-4).night(NIGHT_US)
    hours = [HomeConfig().hour(NIGHT_US + h * 3600 * SECOND) for h in range(24)]
    assert sorted(hours) == [float(h) for h in range(24)]
    assert sum(b != (a + 1) % 24 for a, b in pairwise(hours)) == 0


@pytest.mark.parametrize("name", ["front_door", "z2m-main-door", "Entrance", "家里大门"])
def test_a_door_that_leads_out_is_known_by_its_name(name: str) -> None:
    walked = [sensed(NIGHT_US, "hall-pir", "motion"), sensed(NIGHT_US + 9 * SECOND, name, "door_open")]
    assert len(play(detector(), walked, after_s=900)) == 1


def _heard(reading: Reading, arrival_us: int) -> Reading:
    given = {name: getattr(reading, name) for name in reading.__struct_fields__}
    return Reading(**(given | {"arrival_us": arrival_us}))


def test_the_host_asks_it_about_positions_rooms_doors_and_the_clock() -> None:
    items = [lives("r2"), *pace(NIGHT_US, 10), *night_out()]
    host = Host()
    ticked = [item if isinstance(item, Reading) else tick(item) for item in wanders.ticked(items)]
    found = [one for one in host.update(ticked) if one.kind is FindingKind.WANDERING]
    assert [(one.resident, one.stage) for one in found] == [("r1", Stage.CONFIRMED), ("r2", Stage.CONFIRMED)]
    assert host.errors == []
    fresh = Host()
    fresh.restore(host.snapshot())
    assert fresh.wandering.snapshot() == host.wandering.snapshot()


def test_one_sign_waits_its_time_though_the_home_is_looked_at_for_a_door() -> None:
    watch = detector()
    play(watch, night_out(), after_s=0)
    door = watch.homes["u2"].door
    assert door.waits_us
    at_us = door.waits_us + 5 * SECOND
    watch.tick(at_us - SECOND)
    watch.update([sensed(at_us - SECOND, "hall-pir", "motion")])
    watch.tick(at_us)
    assert len(watch.homes["u2"].waiting) == 1
    watch.tick(at_us + 4 * SECOND)
    assert watch.homes["u2"].waiting == []


def test_who_stands_at_the_end_of_a_way_adds_no_points_to_it() -> None:
    watch = detector()
    stands_us = NOON_US + 200 * SECOND
    still = [position(stands_us + s * SECOND, 200.0, 0.0) for s in range(0, 300, 10)]
    play(watch, straight(NOON_US, 200 / 60) + still)
    points = watch.homes["u1"].people["r1"].track.points
    assert sum(point.at_us > stands_us + 60 * SECOND for point in points) <= 1
    assert len(points) > 5
