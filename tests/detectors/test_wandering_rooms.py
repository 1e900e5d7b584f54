"""Pacing from room to room by what is usual in the home at that time of day."""

from collections.abc import Sequence

import pytest

from detectors import reasons
from detectors.wandering import WanderingConfig, WanderingDetector
from detectors.wandering_home import ROOMS, HomeConfig
from detectors.wandering_rooms import Order, entries, order_of
from detectors.wandering_usual import fresh, known, limit, take
from schemas.finding import Finding
from schemas.reading import Reading
from tests.detectors.wanders import NIGHT_US, feed, rooms

SECOND = 1_000_000
HOUR = 3600 * SECOND
DAY = 24 * HOUR
#: Long enough for a home to be known.
LEARN_DAYS = 21


def lived(readings: Sequence[Reading], watch: WanderingDetector) -> list[Finding]:
    """Feed readings in order, each with a tick when it has settled."""
    return [one for reading in readings for one in feed(watch, [reading, reading.event_us + 6 * SECOND])]


def nights(changes: int, *, each_s: int = 45) -> list[Reading]:
    """Three weeks of nights with so many changes of room at three o'clock, and of days with breakfast."""
    found = []
    for day in range(LEARN_DAYS):
        began_us = NIGHT_US - (LEARN_DAYS - day) * DAY
        found += rooms(began_us + HOUR, changes, each_s=each_s)
        found += rooms(began_us + 5 * HOUR, 4, names=("kitchen", "lounge"))
        found += rooms(began_us + 15 * HOUR, 4, names=("kitchen", "lounge"))
    return found


def codes(found: Sequence[Finding]) -> list[tuple[str, ...]]:
    return [tuple(reason.code for reason in one.evidence.reasons) for one in found]


def test_eight_changes_at_three_are_told_of_who_sleeps_at_night_and_not_before_that_is_known() -> None:
    eight = rooms(NIGHT_US + HOUR, 8)
    assert lived(eight, WanderingConfig().build()) == []
    watch = WanderingConfig().build()
    assert lived(nights(2), watch) == []
    (found,) = lived(eight, watch)
    assert codes([found]) == [(reasons.ROOM_PACING, reasons.ROOMS_TO_AND_FRO, reasons.ROOMS_USUAL)]
    numbers = found.evidence.reasons[2].values
    assert numbers["times"] == 4
    assert numbers["usual_times"] < 1.5


def test_what_a_busy_home_does_each_night_is_not_told_there_and_would_be_elsewhere() -> None:
    busy, quiet = WanderingConfig().build(), WanderingConfig().build()
    assert lived(nights(11), busy) == []
    lived(nights(2), quiet)
    walked = rooms(NIGHT_US + HOUR, 11)
    assert lived(walked, busy) == []
    assert len(lived(walked, quiet)) == 1


def test_nobody_gets_so_used_to_pacing_that_it_is_never_told() -> None:
    watch = WanderingConfig().build()
    lived(nights(20), watch)
    assert len(lived(rooms(NIGHT_US + HOUR, 20), watch)) == 1


def test_sensors_that_speak_once_in_ninety_seconds_do_not_hide_it() -> None:
    """Between two rooms 15 s apart each speaks once in six passings."""
    passed = rooms(NIGHT_US, 120, each_s=15)
    spoke: dict[str, int] = {}
    heard = []
    for one in passed:
        if one.event_us - spoke.get(one.device, 0) >= 90 * SECOND:
            spoke[one.device] = one.event_us
            heard.append(one)
    (found,) = lived(heard, WanderingConfig().build())
    assert found.decided_us - NIGHT_US <= 10 * 60 * SECOND


@pytest.mark.parametrize(
    ("names", "order"),
    [
        ("ABABABABAB", Order.TO_AND_FRO),
        ("ABABCBABABAB", Order.TO_AND_FRO),  # one look elsewhere
        ("ABCBABCBABCB", Order.TO_AND_FRO),  # along a row of rooms
        ("ABCABCABCABC", Order.AROUND),
        ("ABCDABCDABCD", Order.AROUND),
        ("ABCADBCADBAC", Order.NONE),  # a busy morning
        ("AB", Order.NONE),
    ],
)
def test_the_order_of_rooms_is_told(names: str, order: Order) -> None:
    assert order_of(names) is order


def test_a_look_into_a_third_room_does_not_make_it_three() -> None:
    assert entries("ABABABABAB") == 5
    assert 3.7 < entries("ABABCBABAB") < 5
    assert entries("ABCDABCDABCD") == pytest.approx(3)
    assert entries("A") == 0.5


def test_what_is_usual_is_learnt_by_the_part_of_the_day_and_an_outage_teaches_nothing() -> None:
    usual, night = fresh(ROOMS), HOUR
    before = limit(usual, night, ROOMS)
    for day in range(LEARN_DAYS):
        take(usual, day * DAY + night, 1.0, ROOMS)
        take(usual, day * DAY + 20 * HOUR, 1.0, ROOMS)
    assert limit(usual, night, ROOMS) == ROOMS.least[0] < before == ROOMS.first[0]
    assert known(usual, night, ROOMS) == pytest.approx(1, abs=0.2)
    days = list(usual.days)
    take(usual, (LEARN_DAYS + 9) * DAY, 1.0, ROOMS)
    assert usual.days == days
    take(usual, 3 * DAY, 9.0, ROOMS)  # a clock that was set back
    assert (usual.days, usual.most) == (days, 1.0)


def test_what_happens_each_night_is_not_unusual_however_regular() -> None:
    usual = fresh(ROOMS)
    for day in range(120):
        take(usual, day * DAY + HOUR, 4.0, ROOMS)
    assert 4.5 < limit(usual, HOUR, ROOMS) < 6


def test_night_by_the_clock_of_the_home_decides_which_habit_counts() -> None:
    assert HomeConfig(utc_offset_h=8).local(0) == 8 * HOUR
