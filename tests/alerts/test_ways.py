"""Several ways to one person: the next at its time or once one failed, and the next person waits for none of them."""

from alerts.ladder import Sent, Standing, plan
from schemas.alert import Severity
from schemas.finding import FindingKind
from schemas.ladder import Ladder, LadderStep, Way

S = 1_000_000
NOW = 1_795_392_000 * S
RINGS = Standing(round=0, since_us=NOW, rings=True)
LADDER = Ladder(
    steps=(
        LadderStep(
            recipient="wang",
            address="a",
            after_s=0,
            ways=(Way(address="b", after_s=20), Way(address="c", after_s=20)),
        ),
        LadderStep(recipient="li", address="d", after_s=60),
        LadderStep(recipient="zhao", address="e", after_s=60),
    )
)


def next_s(sent: list[Sent], at_s: float = 0.0) -> tuple[tuple[int, ...], float | None]:
    planned = plan(FindingKind.FALL, Severity.HIGH, RINGS, LADDER, sent, NOW + round(at_s * S))
    return planned.due, None if planned.next_us is None else (planned.next_us - NOW) / S


def sent(*steps: tuple[int, float] | tuple[int, float, bool]) -> list[Sent]:
    return [Sent(step[0], NOW + round(step[1] * S), len(step) > 2) for step in steps]


def test_the_ways_of_a_person_come_one_after_the_other_and_then_the_next_person_at_their_minute() -> None:
    assert next_s([]) == ((0,), 20.0)
    assert next_s(sent((0, 0))) == ((), 20.0)
    assert next_s(sent((0, 0), (1, 20)), 21) == ((), 40.0)
    assert next_s(sent((0, 0), (1, 20), (2, 40)), 41) == ((), 60.0)
    assert next_s(sent((0, 0), (1, 20), (2, 40), (3, 60)), 61) == ((), 120.0)


def test_a_way_that_failed_is_followed_at_once_and_the_next_person_still_waits_their_minute() -> None:
    assert next_s(sent((0, 0, True)), 1) == ((1,), 21.0)
    assert next_s(sent((0, 0, True), (1, 1)), 2) == ((), 21.0)
    assert next_s(sent((0, 0, True), (1, 1, True), (2, 2)), 3) == ((), 60.0)


def test_only_a_person_whom_no_way_reached_is_followed_by_the_next_at_once() -> None:
    assert next_s(sent((0, 0, True), (1, 1, True), (2, 2, True)), 3) == ((3,), 63.0)
    assert next_s(sent((0, 0), (1, 20), (2, 40, True)), 41) == ((), 60.0)


def test_held_up_between_two_ways_they_do_not_all_ring_at_once() -> None:
    assert next_s(sent((0, 0)), 3600) == ((1,), 3620.0)
    assert next_s(sent((0, 0), (1, 3600), (2, 3620)), 3621) == ((), 3640.0)


def test_a_second_turn_calls_every_way_again() -> None:
    all_of_them = sent((0, 0), (1, 20), (2, 40), (3, 60), (4, 120))
    assert next_s(all_of_them, 121) == ((), 420.0)
    assert next_s(all_of_them, 420) == ((5,), 440.0)
