"""Leaving at night against what this home's outer door does on other nights."""

from collections.abc import Sequence

import pytest

from detectors import reasons
from detectors.wandering import WanderingConfig, WanderingDetector
from schemas.finding import Finding, Stage
from schemas.reading import Reading
from tests.detectors.wanders import NIGHT_US, feed, night_out, sensed

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
#: Half past ten in the evening, where the homes are.
EVENING_US = NIGHT_US - 3 * HOUR - 30 * MINUTE


def lived(watch: WanderingDetector, readings: Sequence[Reading], until_us: int = 0) -> list[Finding]:
    """Feed readings in order, ticking whenever the detector asks for it; then until ``until_us`` or two minutes on."""
    found: list[Finding] = []
    for reading in readings:
        while (due := watch.due()) is not None and due < reading.event_us:
            found += feed(watch, [due])
        found += feed(watch, [reading])
    until_us = until_us or readings[-1].event_us + 2 * MINUTE
    while (due := watch.due()) is not None and due < until_us:
        found += feed(watch, [due])
    return found


def outing(day: int, minutes: float, at_us: int = EVENING_US) -> list[Reading]:
    """Through the hall, out of the door, and back by it after so many minutes."""
    out = night_out(at_us + day * DAY)
    back_us = out[-1].event_us + int(minutes * MINUTE)
    return [
        *out,
        sensed(back_us, "front_door", "door_open", unit="u2"),
        sensed(back_us + 30 * SECOND, "hall-pir", "motion"),
    ]


def checked_on(day: int) -> list[Reading]:
    """Somebody comes in at night, moves where no sensor sees it, and goes again by the door."""
    at_us = NIGHT_US + day * DAY
    return [
        sensed(at_us - 3 * HOUR, "bedroom-pir", "motion"),
        sensed(at_us, "front_door", "door_open"),
        sensed(at_us + 12 * MINUTE, "front_door", "door_open"),
        sensed(at_us + 4 * HOUR, "bedroom-pir", "motion"),
    ]


def codes(found: Sequence[Finding]) -> list[tuple[str, ...]]:
    return [tuple(reason.code for reason in one.evidence.reasons) for one in found]


def dog(nights: int = 5, at_us: int = EVENING_US) -> WanderingDetector:
    """A home in which somebody was out for a quarter of an hour on each of so many nights."""
    watch = WanderingConfig().build()
    for day in range(-nights, 0):
        lived(watch, outing(day, 15, at_us))
    return watch


def test_a_door_that_is_opened_at_this_hour_on_other_nights_is_only_possible() -> None:
    (first, _) = lived(WanderingConfig().build(), outing(0, 15))
    assert (first.stage, codes([first])) == (Stage.CONFIRMED, [(reasons.LEFT_AT_NIGHT,)])
    (found,) = lived(dog(), outing(0, 15))
    assert (found.stage, codes([found])) == (Stage.POSSIBLE, [(reasons.LEFT_AT_NIGHT, reasons.DOOR_HABIT)])
    assert found.evidence.reasons[1].values == {"nights": 5}


def test_who_stays_out_longer_than_usual_is_told_after_all_and_recovers_once_back() -> None:
    possible, told, back = lived(dog(), outing(0, 90))
    assert [possible.stage, told.stage, back.stage] == [Stage.POSSIBLE, Stage.CONFIRMED, Stage.RECOVERED]
    assert possible.id == told.id == back.id
    assert codes([told, back]) == [(reasons.LEFT_AT_NIGHT,), (reasons.BACK_INSIDE,)]
    assert told.evidence.reasons[0].values["min"] == pytest.approx(15 * 1.25, abs=1)


def test_a_habit_of_another_hour_or_of_two_nights_is_none() -> None:
    assert lived(dog(), outing(0, 15, NIGHT_US))[0].stage is Stage.CONFIRMED
    assert lived(dog(2), outing(0, 15))[0].stage is Stage.CONFIRMED


def test_whoever_leaves_each_night_at_three_is_told_of_each_night() -> None:
    assert lived(dog(9, NIGHT_US), outing(0, 15, NIGHT_US))[0].stage is Stage.CONFIRMED


@pytest.mark.parametrize(("nights", "stage"), [(4, Stage.CONFIRMED), (5, Stage.POSSIBLE)])
def test_a_door_opened_from_outside_at_three_is_a_habit_from_five_nights_on(nights: int, stage: Stage) -> None:
    watch = WanderingConfig().build()
    for day in range(-nights, 0):
        lived(watch, checked_on(day))
    (found, *_) = lived(watch, checked_on(0))
    assert found.stage is stage
    again = dog(0)
    again.restore(watch.snapshot())
    (left, *_) = lived(again, outing(1, 15, NIGHT_US))
    assert left.stage is Stage.CONFIRMED  # who was seen going to the door left by it, whoever else comes at night


def test_a_habit_is_forgotten_after_four_weeks() -> None:
    assert lived(dog(), outing(35, 15))[0].stage is Stage.CONFIRMED


def test_a_door_that_nobody_was_seen_going_to_may_have_been_opened_from_outside_but_not_at_three() -> None:
    slept = sensed(EVENING_US - 3 * HOUR, "bedroom-pir", "motion")
    came = sensed(EVENING_US, "front_door", "door_open")
    (found,) = lived(WanderingConfig().build(), [slept, came], EVENING_US + HOUR)
    assert (found.stage, codes([found])) == (Stage.POSSIBLE, [(reasons.LEFT_AT_NIGHT, reasons.NOBODY_BEFORE)])
    assert found.evidence.reasons[1].values == {"min": 180}
    left = sensed(NIGHT_US, "front_door", "door_open")
    (found,) = lived(WanderingConfig().build(), [slept, left], NIGHT_US + HOUR)
    assert (found.stage, codes([found])) == (Stage.CONFIRMED, [(reasons.LEFT_AT_NIGHT,)])


@pytest.mark.parametrize(("at_us", "stage"), [(EVENING_US, Stage.POSSIBLE), (NIGHT_US, Stage.CONFIRMED)])
def test_a_door_soon_after_another_may_be_a_visitor_in_the_evening_and_deep_in_the_night_rather_not(
    at_us: int, stage: Stage
) -> None:
    came = sensed(at_us - 40 * MINUTE, "front_door", "door_open")
    seen = sensed(at_us - 39 * MINUTE, "hall-pir", "motion")
    (found,) = lived(WanderingConfig().build(), [came, seen, *night_out(at_us)], at_us + HOUR)
    assert found.stage is stage
    assert (reasons.VISITOR_BEFORE in codes([found])[0]) == (stage is Stage.POSSIBLE)


def test_what_is_remembered_of_the_door_is_bounded() -> None:
    watch = WanderingConfig().build()
    for day in range(-60, 0):
        for hour in range(0, 3):
            lived(watch, outing(day, 15, NIGHT_US + hour * HOUR))
    assert len(watch.snapshot()) < 4096
    assert len(watch.homes["u2"].door.quiets) <= 32


def test_a_takeover_while_it_is_only_possible_still_tells_what_lasts() -> None:
    watch = dog()
    out = night_out(EVENING_US)
    (possible,) = lived(watch, out, EVENING_US + 10 * MINUTE)
    fresh = WanderingConfig().build()
    fresh.restore(watch.snapshot())
    (told,) = lived(fresh, [], EVENING_US + HOUR)
    assert (told.id, told.stage) == (possible.id, Stage.CONFIRMED)
