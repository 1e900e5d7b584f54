"""At the outer door and not out of it: tried again and again, come back to, stood at."""

from collections.abc import Sequence

from detectors import reasons
from detectors.wandering import WanderingConfig
from schemas.config import ResidentConfig, config_reading
from schemas.finding import Finding, Stage
from schemas.reading import Reading
from tests.detectors.test_wandering_beacon import heard
from tests.detectors.wanders import NIGHT_US, NOON_US, play, sensed

SECOND = 1_000_000
MINUTE = 60 * SECOND


def codes(found: Sequence[Finding]) -> list[tuple[str, ...]]:
    return [tuple(reason.code for reason in one.evidence.reasons) for one in found]


def lives(*residents: str) -> list[Reading]:
    return [
        config_reading(ResidentConfig(resident=name, unit="u2", version=1), NIGHT_US, NIGHT_US) for name in residents
    ]


def tries(start_us: int, count: int, *, each_s: int = 90) -> list[Reading]:
    """The door is opened again and again, and somebody seen in the hall after each."""
    found = []
    for number in range(count):
        at_us = start_us + number * each_s * SECOND
        found += [sensed(at_us, "front_door", "door_open"), sensed(at_us + 25 * SECOND, "hall-pir", "motion")]
    return found


def test_a_door_tried_three_times_at_night_is_told_once_and_mildly_until_it_is_calm() -> None:
    watch = WanderingConfig().build()
    told, over = play(watch, [*lives("r2"), *tries(NIGHT_US, 6)], after_s=1800)
    assert (told.resident, told.stage, told.mild) == ("r2", Stage.CONFIRMED, True)
    assert codes([told, over]) == [(reasons.AT_EXIT_DOOR,), (reasons.CALM,)]
    assert told.evidence.reasons[0].values == {"times": 3, "min": 3}
    assert (over.id, over.stage) == (told.id, Stage.RECOVERED)
    assert [phase.name for phase in told.evidence.phases] == [reasons.PHASE_AT_DOOR]
    assert watch.due() is None


def test_by_day_a_door_is_opened_more_often_without_a_word() -> None:
    assert play(WanderingConfig().build(), tries(NOON_US, 7), after_s=1800) == []
    assert len(play(WanderingConfig().build(), tries(NOON_US, 12), after_s=1800)) == 2


def test_two_tries_and_a_door_that_speaks_twice_are_nothing() -> None:
    twice = [one for at_s in (0, 4) for one in tries(NIGHT_US + at_s * SECOND, 2)]
    assert play(WanderingConfig().build(), sorted(twice, key=lambda one: one.event_us)) == []


def test_who_goes_out_and_comes_back_did_not_try_the_door() -> None:
    out = [one for number in range(4) for one in tries(NIGHT_US + number * 4 * MINUTE, 1)]
    gone = [one for one in out if "motion" not in one.events]
    assert codes(play(WanderingConfig().build(), gone)) == []


def test_who_leaves_after_trying_is_told_of_leaving_too_as_another_finding() -> None:
    going = sensed(NIGHT_US + 3 * MINUTE, "front_door", "door_open")  # the third try, and the same message
    found = play(WanderingConfig().build(), [*tries(NIGHT_US, 2), going], after_s=600)
    assert [each[0] for each in codes(found)] == [reasons.AT_EXIT_DOOR, reasons.LEFT_AT_NIGHT]
    assert found[0].id != found[1].id


def test_in_a_ward_an_opened_door_is_nobodys_try_but_of_whose_beacon_is_there() -> None:
    many = lives("r1", "r2", "r3")
    assert play(WanderingConfig().build(), [*many, *tries(NIGHT_US, 6)]) == []
    there = [heard(NIGHT_US + s * SECOND, "entrance", 1.0) for s in range(-20, 200, 5)]
    given = sorted([*many, *tries(NIGHT_US, 3), *there], key=lambda one: one.event_us)
    (found,) = play(WanderingConfig().build(), given)
    assert (found.resident, codes([found])) == ("r1", [(reasons.AT_EXIT_DOOR,)])


def test_who_comes_back_to_the_door_again_and_again_tries_it() -> None:
    """By worn beacon: a minute at the entrance, a minute in the lounge."""
    given = [heard(NIGHT_US + s * SECOND, "entrance" if s % 120 < 60 else "lounge", None) for s in range(0, 420, 10)]
    found = play(WanderingConfig().build(), given)
    assert codes(found) == [(reasons.AT_EXIT_DOOR,)]
    assert found[0].evidence.reasons[0].values == {"times": 3, "min": 4}


def test_who_stands_at_the_door_at_night_is_told_after_five_minutes_and_by_day_after_fifteen() -> None:
    def after_min(start_us: int) -> float:
        stands = [heard(start_us + s * SECOND, "entrance", 1.0) for s in range(0, 1800, 10)]
        (found,) = play(WanderingConfig().build(), stands)
        assert codes([found]) == [(reasons.STANDS_AT_DOOR,)]
        return (found.decided_us - start_us) / MINUTE

    assert after_min(NIGHT_US) == 5
    assert after_min(NOON_US) == 15


def test_who_is_not_heard_does_not_stand_there() -> None:
    seldom = [heard(NIGHT_US + s * SECOND, "entrance", 1.0) for s in range(0, 1800, 300)]
    assert play(WanderingConfig().build(), seldom) == []
