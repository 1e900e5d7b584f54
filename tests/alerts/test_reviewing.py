"""What became of alerts, counted: sums that add up, intervals, and what is counted apart."""

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from alerts.reviewing import LEAST_JUDGED, Case, Group, Tally, group_of, grouped, share, tallies, ward_of, wilson
from schemas.alert import Outcome
from schemas.finding import FindingKind
from schemas.places import PlaceKind
from tests.alerts.cases import case, many

SEEDS = st.integers(0, 10_000)


@seed(8)
@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_every_alert_is_in_one_group_and_each_way_of_counting_adds_up_to_the_whole(number: int) -> None:
    cases = many(number)
    groups = grouped(cases)
    assert sorted(each.alert for held in groups.values() for each in held) == sorted(each.alert for each in cases)
    found = tallies(groups[Group.COUNTED])
    assert found.all.total == len(groups[Group.COUNTED])
    for way in (found.kinds, found.detectors, found.devices, found.wards):
        parts: list[Tally] = list(way.values())
        assert sum(part.total for part in parts) == found.all.total
        assert sum(part.open for part in parts) == found.all.open
        for outcome in Outcome:
            assert sum(part.outcomes[outcome] for part in parts) == found.all.outcomes[outcome]
        assert all(part.total == part.open + sum(part.outcomes.values()) for part in parts)


@seed(8)
@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_counting_says_the_same_as_looking_at_each_one(number: int) -> None:
    cases = grouped(many(number, 120))[Group.COUNTED]
    found = tallies(cases)
    for pair, tally in found.detectors.items():
        mine = [each for each in cases if (each.kind, each.detector) == pair]
        assert tally.total == len(mine)
        assert tally.outcomes[Outcome.FALSE_ALARM] == sum(each.outcome == "false_alarm" for each in mine)


@pytest.mark.parametrize(
    ("made", "group"),
    [
        (case(), Group.COUNTED),
        (case(outcome=None), Group.COUNTED),
        (case(outcome=Outcome.TEST), Group.DRILL),
        (case(test=True), Group.TEST),
        (case(test=True, outcome=Outcome.TEST), Group.TEST),
        (case(kind=FindingKind.PLATFORM, outcome=Outcome.TEST), Group.PLATFORM),
    ],
)
def test_drills_test_residents_and_faults_of_ours_are_counted_apart(made: Case, group: Group) -> None:
    assert group_of(made) is group


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    # Newcombe 1998, Stat Med 17:857-872, table I, method 3 (score, without continuity correction).
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_interval_is_the_one_in_the_literature(hits: int, of: int, low: float, high: float) -> None:
    assert wilson(hits, of) == pytest.approx((low, high), abs=5e-5)


@seed(8)
@given(st.integers(1, 3000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_an_interval_lies_within_0_and_1_and_holds_the_share(pair: tuple[int, int]) -> None:
    low, high = wilson(*pair)
    assert 0 <= low <= pair[0] / pair[1] <= high <= 1


def test_of_a_few_no_share_is_said_but_how_many_they_were() -> None:
    said = share(3, LEAST_JUDGED - 1)
    assert (said.share, said.few, said.hits, said.of) == (None, True, 3, LEAST_JUDGED - 1)
    assert share(3, LEAST_JUDGED).share == 3 / LEAST_JUDGED
    assert wilson(0, 0) == (0, 1)


def test_false_are_counted_against_real_and_faults_and_cancelled_ones_against_neither() -> None:
    outcomes = [
        *[Outcome.FALSE_ALARM] * 5, *[Outcome.REAL_INJURED] * 4, *[Outcome.REAL_UNHURT] * 11,
        *[Outcome.DEVICE_FAULT] * 3, *[Outcome.CANCELLED] * 2, None,
    ]  # fmt: skip
    tally = tallies(case(f"al_{n}", outcome=outcome) for n, outcome in enumerate(outcomes)).all
    assert (tally.total, tally.open) == (26, 1)
    assert (tally.false_share.hits, tally.false_share.of, tally.false_share.share) == (5, 20, 0.25)


def test_a_ward_answers_for_its_rooms_a_village_for_its_homes_and_a_home_under_nothing_for_itself() -> None:
    tree = {
        "city": (PlaceKind.CITY, None),
        "house": (PlaceKind.INSTITUTION, "city"),
        "floor": (PlaceKind.FLOOR, "house"),
        "ward": (PlaceKind.WARD, "floor"),
        "room": (PlaceKind.ROOM, "ward"),
        "hall": (PlaceKind.ROOM, "floor"),
        "village": (PlaceKind.VILLAGE, "city"),
        "home": (PlaceKind.HOME, "village"),
        "alone": (PlaceKind.HOME, None),
        "loop": (PlaceKind.ROOM, "pool"),
        "pool": (PlaceKind.ROOM, "loop"),
    }
    said = {unit: ward_of(unit, tree) for unit in ("room", "ward", "hall", "home", "alone", "gone", "loop")}
    assert said == {
        "room": "ward", "ward": "ward", "hall": "floor", "home": "village", "alone": "alone", "gone": "gone",
        "loop": "loop",
    }  # fmt: skip
