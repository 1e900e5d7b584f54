"""Worn beacons: in which room somebody is, pacing in a corridor, who left by the outer door of a house with many."""

from collections.abc import Callable, Sequence
from math import exp, hypot

import numpy as np
import pytest

from detectors import reasons
from detectors.wandering import WanderingConfig
from detectors.wandering_beacon import Beacon, BeaconConfig, locate
from detectors.wandering_signs import at_outer_door
from schemas.config import ResidentConfig, config_reading
from schemas.finding import Finding, Stage
from schemas.reading import Observation, Reading, ReadingKind
from tests.detectors.wanders import NIGHT_US, play, sensed

SECOND = 1_000_000
MINUTE = 60 * SECOND
#: Receivers in a corridor, metres: eight from one to the next.
RECEIVERS = {"a": 0.0, "b": 8.0, "c": 16.0}


def heard(at_us: int, room: str, metres: float | None, resident: str = "r1", unit: str = "u2") -> Reading:
    """A receiver says how far a worn beacon is."""
    far = () if metres is None else (Observation("distance", metres, "m"),)
    return sensed(
        at_us, f"tag-{resident}", "x", unit=unit, kind=ReadingKind.STATE, resident=resident, events=(),
        observations=(Observation("room", room), *far),
    )  # fmt: skip


def radio(along: Callable[[float], tuple[float, float]], seconds: float, seed: int) -> list[Reading]:
    """What receivers tell of somebody who is ``along(s)`` metres: errors are ratios, and drift as the body turns."""
    rng = np.random.default_rng(seed)
    found = []
    for room, place in RECEIVERS.items():
        drift, s = 0.0, rng.uniform(0, 2)
        while s < seconds:
            step_s = rng.uniform(1, 3)
            s, kept = s + step_s, exp(-step_s / 15)
            drift = kept * drift + np.sqrt(1 - kept**2) * rng.normal(0, 0.3)
            x, y = along(s)
            far = hypot(x - place, y) * exp(drift + rng.normal(0, 0.25))
            if far < 16:
                found.append(heard(NIGHT_US + int(s * SECOND), room, far))
    return sorted(found, key=lambda one: one.event_us)


def lives(*residents: str) -> list[Reading]:
    return [
        config_reading(ResidentConfig(resident=name, unit="u2", version=1), NIGHT_US, NIGHT_US) for name in residents
    ]


def codes(found: Sequence[Finding]) -> list[tuple[str, ...]]:
    return [tuple(reason.code for reason in one.evidence.reasons) for one in found]


@pytest.mark.parametrize("seed", range(4))
def test_who_sits_at_the_border_of_two_rooms_does_not_walk(seed: int) -> None:
    assert play(WanderingConfig().build(), radio(lambda s: (4.0, 1.0), 3600, seed)) == []


def in_the_kitchen(beacon_s: float) -> list[Reading]:
    """Half an hour in one room, whose motion sensor and whose receiver have names of their own for it."""
    seen = [sensed(NIGHT_US + s * SECOND, "kitchen-pir", "motion") for s in range(0, 1800, 40)]
    told = [heard(NIGHT_US + s * SECOND, "node-kitchen", 1.5) for s in range(20, round(beacon_s), 40)]
    return sorted([*seen, *told], key=lambda one: one.event_us)


def test_one_room_that_a_sensor_and_a_receiver_call_by_different_names_is_not_two_that_are_paced() -> None:
    assert play(WanderingConfig().build(), [*lives("r1"), *in_the_kitchen(beacon_s=1800)]) == []


def test_where_the_beacon_was_left_behind_or_is_empty_the_rooms_of_sensors_count_again() -> None:
    paced = [sensed(NIGHT_US + (600 + 40 * n) * SECOND, ("bedroom", "kitchen")[n % 2], "motion") for n in range(25)]
    given = sorted([*in_the_kitchen(beacon_s=300)[:8], *paced], key=lambda one: one.event_us)
    found = play(WanderingConfig().build(), [*lives("r1"), *given], after_s=60)
    assert [code[0] for code in codes(found)] == [reasons.ROOM_PACING]


@pytest.mark.parametrize("seed", range(4))
def test_a_corridor_paced_at_night_is_found_within_ten_minutes(seed: int) -> None:
    paced = radio(lambda s: (8 - abs(0.7 * s % 32 - 16) + 8, 0.5), 1200, seed)
    found = play(WanderingConfig().build(), paced)
    assert (found[0].resident, codes(found)[0][0]) == ("r1", reasons.ROOM_PACING)
    assert found[0].decided_us - NIGHT_US < 10 * MINUTE


def test_another_room_is_taken_when_it_is_nearer_by_far_or_the_present_one_is_silent() -> None:
    beacon, config = Beacon(), BeaconConfig()
    assert locate(beacon, SECOND, "a", 4.0, config) == "a"
    assert locate(beacon, 2 * SECOND, "b", 3.0, config) == "a"
    assert locate(beacon, 3 * SECOND, "c", 1.5, config) == "c"
    assert locate(beacon, 4 * SECOND, "a", 2.0, config) == "c"
    assert locate(beacon, 30 * SECOND, "a", 9.0, config) == "a"


def test_a_beacon_that_tells_no_distance_is_where_it_was_heard_last() -> None:
    beacon = Beacon()
    assert [locate(beacon, SECOND, room, None, BeaconConfig()) for room in ("a", "b", "a")] == ["a", "b", "a"]


def test_a_hundred_receivers_take_bounded_memory() -> None:
    beacon = Beacon()
    for number in range(100):
        locate(beacon, (number + 1) * SECOND, f"room {number}", 3.0, BeaconConfig())
    assert len(beacon.heard) <= BeaconConfig().rooms_kept


def test_distances_in_centimetres_are_read_by_their_unit() -> None:
    near = heard(NIGHT_US, "a", 1.0)
    cm = Reading(
        **(
            {name: getattr(near, name) for name in near.__struct_fields__}
            | {"observations": (Observation("room", "a"), Observation("distance", 100.0, "cm"))}
        )
    )
    watches = [WanderingConfig().build(), WanderingConfig().build()]
    for watch, reading in zip(watches, (near, cm), strict=True):
        play(watch, [reading])
    assert watches[0].snapshot() == watches[1].snapshot()


# -- the outer door of a house in which many live --------------------------------------------------------------------


def ward_night(*, back_s: float | None = None, others_move: bool = True) -> list[Reading]:
    """r1 goes to the entrance and out; r2 sleeps in her room; staff walk about."""
    found = lives("r1", "r2", "r3")
    found += [heard(NIGHT_US + s * SECOND, "room 2", 1.5, "r2") for s in range(0, 900, 10)]
    found += [heard(NIGHT_US + s * SECOND, "room 1", 1.5) for s in range(0, 60, 5)]
    found += [heard(NIGHT_US + s * SECOND, "entrance", 1.5) for s in range(60, 90, 5)]
    found.append(sensed(NIGHT_US + 90 * SECOND, "ward-door", "door_open", place="ward/entrance"))
    found += [heard(NIGHT_US + s * SECOND, "entrance", 2.0 + (s - 90) / 5) for s in range(95, 140, 5)]
    if others_move:
        found += [sensed(NIGHT_US + s * SECOND, "corridor-pir", "motion") for s in range(100, 900, 70)]
    if back_s is not None:
        found += [heard(NIGHT_US + int(back_s + s) * SECOND, "room 1", 1.5) for s in range(0, 60, 5)]
    return found


def test_who_was_near_the_door_and_is_in_no_room_since_has_left_though_others_move_inside() -> None:
    (found,) = play(WanderingConfig().build(), ward_night())
    assert (found.resident, found.stage, found.mild) == ("r1", Stage.CONFIRMED, False)
    assert codes([found]) == [(reasons.LEFT_AT_NIGHT, reasons.BEACON_AT_DOOR)]
    assert found.evidence.reasons[0].values["min"] == 5
    assert found.decided_us - NIGHT_US == 390 * SECOND


def test_who_lives_alone_and_wears_a_beacon_is_told_once() -> None:
    alone = [
        one for one in ward_night(others_move=False) if one.kind is not ReadingKind.CONFIG and one.resident != "r2"
    ]
    (found,) = play(WanderingConfig().build(), [*lives("r1"), *alone], after_s=600)
    assert codes([found]) == [(reasons.LEFT_AT_NIGHT, reasons.BEACON_AT_DOOR)]


def test_it_is_over_when_the_beacon_is_heard_in_a_room_again() -> None:
    left, back = play(WanderingConfig().build(), ward_night(back_s=700))
    assert (left.id, back.stage, codes([back])) == (back.id, Stage.RECOVERED, [(reasons.BACK_INSIDE,)])


def test_who_is_heard_in_a_room_in_time_has_not_left() -> None:
    assert play(WanderingConfig().build(), ward_night(back_s=200)) == []


def test_a_receiver_at_the_door_that_still_hears_who_goes_away_shows_nobody_inside() -> None:
    late = [heard(NIGHT_US + s * SECOND, "entrance", 11.0) for s in range(160, 500, 20)]
    (found,) = play(WanderingConfig().build(), sorted([*ward_night(), *late], key=lambda one: one.event_us))
    assert found.resident == "r1"


def test_who_stands_at_the_open_door_has_not_left() -> None:
    stays = [heard(NIGHT_US + s * SECOND, "entrance", 1.5) for s in range(140, 380, 10)]
    away = [heard(NIGHT_US + s * SECOND, "room 1", 1.5) for s in range(380, 600, 10)]
    given = sorted([*ward_night(), *stays, *away], key=lambda one: one.event_us)
    assert [code for code in codes(play(WanderingConfig().build(), given)) if reasons.LEFT_AT_NIGHT in code] == []


def test_a_door_that_nobody_was_near_names_the_house_and_only_where_nobody_moves() -> None:
    given = [*lives("r1", "r2", "r3"), heard(NIGHT_US, "room 1", 1.5), heard(NIGHT_US + SECOND, "room 2", 1.5, "r2")]
    door = sensed(NIGHT_US + 90 * SECOND, "front_door", "door_open")
    (found,) = play(WanderingConfig().build(), [*given, door], after_s=600)
    assert found.resident == "u2"
    moved = sensed(NIGHT_US + 200 * SECOND, "corridor-pir", "motion")
    assert play(WanderingConfig().build(), [*given, door, moved], after_s=600) == []


def test_of_a_couple_the_one_with_the_beacon_is_named_while_the_other_moves_inside() -> None:
    given = [one for one in ward_night() if one.resident != "r2"]
    given = [*lives("r1", "r2"), *given[3:]]
    (found,) = play(WanderingConfig().build(), given)
    assert found.resident == "r1"


@pytest.mark.parametrize(
    ("room", "door", "at_door"),
    [
        ("entrance", "", True),
        ("hall", "u1/hall", True),
        ("Hall", "hall", True),
        ("hall", "", False),
        ("hall", "u1/x", False),
    ],
)
def test_the_room_at_the_door_is_known_by_its_name_or_by_the_door(room: str, door: str, at_door: bool) -> None:
    assert at_outer_door(room, door) is at_door


def test_in_a_ward_of_forty_it_is_still_known_who_was_at_the_door() -> None:
    others = [
        heard(NIGHT_US + (s * 40 + number) * SECOND // 40, f"room {number}", 1.5, f"s{number}")
        for s in range(0, 400, 20)
        for number in range(40)
    ]
    given = sorted([*ward_night(), *others], key=lambda one: one.event_us)
    (found,) = play(WanderingConfig().build(), given)
    assert found.resident == "r1"
