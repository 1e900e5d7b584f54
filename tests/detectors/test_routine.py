"""What the rhythm of a home keeps: how somebody settled, how long pauses were where, and no more than it may."""

import sys

import msgspec
import numpy as np
import pytest
from msgspec.structs import replace

from detectors.inactivity import InactivityConfig
from detectors.routine import (
    CELL_FULL,
    DAY_US,
    HOUR_US,
    MINUTE_US,
    PAUSES,
    RESTS_KEPT,
    TOGETHER_US,
    TRAIL,
    Room,
    Routine,
    cell,
    room_of,
    spaced,
)
from detectors.routine_features import BEGUN, LASTING, lasting
from tests.detectors.homes import MIDNIGHT_US, feed, sign

#: At most so many bytes a home, whatever happens in it.
STATE_BYTES = 16 * 1024
NOON_US = 1_000 * DAY_US + 12 * HOUR_US


def walked(*steps: tuple[float, Room]) -> Routine:
    """Signs at minutes after noon."""
    routine = Routine()
    for minutes, room in steps:
        routine.take(NOON_US + round(minutes * MINUTE_US), room)
    return routine


def test_a_space_stands_for_whatever_is_neither_letter_nor_digit_of_any_script() -> None:
    every = "".join(map(chr, range(sys.maxunicode + 1)))
    assert spaced(every) == "".join(char if char.isalnum() else " " for char in every)
    assert room_of("", "u1/x", "0xbed", "zigbee2mqtt/Küche_fridge") is Room.KITCHEN
    assert room_of("", "阳台", "0xbed5") is Room.OTHER


def test_the_last_rooms_and_pauses_are_remembered_and_no_more() -> None:
    rooms = (Room.HALL, Room.KITCHEN, Room.LIVING, Room.BATHROOM, Room.BEDROOM)
    routine = walked(*((3.0 * n, rooms[n % len(rooms)]) for n in range(9)))
    assert [room for room, _ in routine.trail] == [rooms[n % len(rooms)] for n in (8, 7, 6)]
    assert len(routine.trail) == TRAIL
    assert routine.pauses == [3] * PAUSES


def test_a_passage_of_the_outer_door_counts_once_and_signs_indoors_begin_anew() -> None:
    routine = walked((0, Room.HALL), (1, Room.OUTER_DOOR), (1.1, Room.OUTER_DOOR), (1.2, Room.HALL), (1.3, Room.HALL))
    assert (routine.doors, routine.indoors) == (1.0, 2)


def test_two_rooms_within_moments_are_two_people_and_a_walk_is_not() -> None:
    moment = TOGETHER_US / MINUTE_US
    assert walked((0, Room.HALL), (moment / 2, Room.KITCHEN)).together == 1.0
    assert walked((0, Room.HALL), (moment * 2, Room.KITCHEN)).together == 0.0


def test_a_count_is_as_many_signs_of_one_active_minute() -> None:
    counted, seen = walked((0, Room.HALL)), walked((0, Room.HALL))
    counted.take(NOON_US + MINUTE_US, Room.HALL, 7)
    seen.take(NOON_US + MINUTE_US, Room.HALL)
    assert counted.signs[1] - seen.signs[1] == 6
    assert counted.busy == seen.busy


def test_counters_that_tell_on_the_hour_are_known_for_it() -> None:
    by_the_hour = walked(*((60.0 * n, Room.OTHER) for n in range(60)))
    otherwise = walked(*((61.0 * n, Room.OTHER) for n in range(60)))
    assert by_the_hour.hourly > 0.9
    assert otherwise.hourly == 0.0


def test_full_hours_of_a_counter_are_no_rests_and_an_empty_one_between_is() -> None:
    minutes = [60.0 * n for n in range(30) if n != 20]
    (rest,) = walked(*((at, Room.OTHER) for at in minutes)).rests
    assert (rest.start, rest.minutes) == (NOON_US // MINUTE_US + 19 * 60, 120)


def test_pauses_are_counted_where_and_when_they_began_and_fade() -> None:
    routine = walked((0, Room.LIVING), (5, Room.LIVING), (20, Room.KITCHEN), (85, Room.KITCHEN))
    assert routine.cells == {cell(NOON_US, Room.LIVING): [1, 0, 0, 0, 0], cell(NOON_US, Room.KITCHEN): [1, 1, 1, 0, 0]}
    full = walked(*((1440.0 * day + 15 * n, Room.LIVING) for day in range(30) for n in range(5)))
    assert CELL_FULL // 2 <= full.cells[cell(NOON_US, Room.LIVING)][0] < CELL_FULL


def test_a_home_of_the_worst_kind_keeps_to_its_bytes() -> None:
    rng = np.random.default_rng(7)
    detector, at_us = InactivityConfig().build(), MIDNIGHT_US
    for number in range(1_500):
        at_us += int(rng.uniform(30, 90)) * MINUTE_US
        moved = sign(at_us, Room(int(rng.integers(len(Room)))))
        feed(detector, [replace(moved, device=f"u1-{number % 70}-{moved.device}")])
    assert len(detector.homes["u1"].routine.rests) == RESTS_KEPT
    assert len(detector.states(["u1"])["u1"]) <= STATE_BYTES
    assert np.isfinite(detector.outlook("u1").reach).all()


def test_a_rhythm_comes_back_from_its_bytes_as_it_was() -> None:
    routine = walked(*((17.0 * n, Room(n % len(Room))) for n in range(300)))
    again = msgspec.msgpack.decode(msgspec.msgpack.encode(routine), type=Routine)
    assert again == routine
    assert np.array_equal(lasting(again), lasting(routine))


@pytest.mark.parametrize("room", Room)
def test_a_first_sign_has_a_finite_row_for_each_step(room: Room) -> None:
    rows = lasting(walked((0, room)))
    assert np.isfinite(rows).all()
    assert rows.shape[1] == len(LASTING) == len(set(LASTING))
    assert set(BEGUN) < set(LASTING)


def test_a_sign_in_another_room_at_the_same_time_is_known_and_begins_nothing() -> None:
    detector = InactivityConfig().build()
    feed(detector, [sign(MIDNIGHT_US, Room.LIVING), sign(MIDNIGHT_US, Room.KITCHEN)])
    home = detector.homes["u1"]
    assert home.routine.seen[Room.LIVING] == home.routine.seen[Room.KITCHEN] > 0
    assert home.device == "u1-living"
