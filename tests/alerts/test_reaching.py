"""When a telephone is ok, due, overdue or failed, and when its neglect becomes an alert."""

import msgspec
import pytest

from alerts.policy import severity
from alerts.reaching import Phone, Reach, came_to, due_us, finding_of, neglected, phones, state
from schemas.address import Channel
from schemas.alert import Severity
from schemas.ladder import Ladder, LadderStep, Lang, Way
from schemas.reach import ReachTest, TriedState

DAY = 24 * 3600 * 1_000_000
NOW = 20_000 * DAY


def asked(days_ago: float, how: TriedState = TriedState.SENT, confirmed_days_ago: float | None = None) -> ReachTest:
    confirmed_us = None if confirmed_days_ago is None else NOW - round(confirmed_days_ago * DAY)
    return ReachTest(
        id=f"rt_{days_ago}", place="pl_1", recipient="li", channel=Channel.HTTP, address="a", lang=Lang.ZH,
        asked_by="manager", asked_us=NOW - round(days_ago * DAY), state=how, confirmed_us=confirmed_us,
    )  # fmt: skip


def phone(*, since: float = 100, confirmed: float | None = None, last: ReachTest | None = None) -> Phone:
    confirmed_us = None if confirmed is None else NOW - round(confirmed * DAY)
    return Phone(
        recipient="li", address="a", person=0, way=0, since_us=NOW - round(since * DAY), confirmed_us=confirmed_us,
        last=last,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("known", "how"),
    [
        (phone(confirmed=1), Reach.OK),
        (phone(confirmed=22.9), Reach.OK),
        (phone(confirmed=23.1), Reach.DUE),
        (phone(confirmed=30.1), Reach.OVERDUE),
        (phone(since=1), Reach.DUE),
        (phone(since=7.1), Reach.OVERDUE),
        # Delivered is not reached.
        (phone(since=1, last=asked(0.5)), Reach.DUE),
        (phone(since=20, last=asked(0.5)), Reach.OVERDUE),
        (phone(confirmed=5, last=asked(1, TriedState.REFUSED)), Reach.FAILED),
        (phone(confirmed=5, last=asked(1, TriedState.SENDING)), Reach.FAILED),
        (phone(confirmed=5, last=asked(6, TriedState.REFUSED)), Reach.OK),
        # No answer came, and yet somebody pressed the link.
        (phone(confirmed=1, last=asked(1.1, TriedState.UNKNOWN, 1)), Reach.OK),
    ],
)
def test_a_telephone_is_ok_due_overdue_or_failed(known: Phone, how: Reach) -> None:
    assert state(known, NOW) is how


def test_a_week_overdue_is_an_alert_that_calls_nobody() -> None:
    assert neglected([phone(confirmed=36.9), phone(since=13.9)], NOW) == []
    late = [phone(confirmed=37.1), phone(since=14.1)]
    assert neglected(late, NOW) == late
    # Of a ladder from before there were dates nobody knows since when it stands.
    assert neglected([msgspec.structs.replace(phone(), since_us=0)], NOW) == []
    found = finding_of("pl_1", late, NOW)
    assert severity(found, NOW) is Severity.LOW
    assert (found.unit, found.resident, found.evidence.reasons[0].values) == ("pl_1", "pl_1", {"n": 2.0, "d": 7.0})
    assert finding_of("pl_1", late, NOW + DAY).id == found.id


def test_each_way_of_each_person_is_a_telephone_with_its_own_tests() -> None:
    ladder = Ladder(
        steps=(
            LadderStep(recipient="li", address="a", since_us=NOW - DAY, ways=(Way(address="b", since_us=NOW),)),
            LadderStep(recipient="wang", address="a"),
            LadderStep(on_duty="nurse"),
        ),
        changed_us=NOW - 2 * DAY,
    )
    known = phones(ladder, [asked(3, confirmed_days_ago=2.5), asked(1, TriedState.REFUSED), asked(2)])
    assert [(each.recipient, each.address, each.person, each.way) for each in known] == [
        ("li", "a", 0, 0),
        ("li", "b", 0, 1),
        ("wang", "a", 1, 0),
    ]
    assert known[0].last is not None and known[0].last.state is TriedState.REFUSED
    assert known[0].confirmed_us == NOW - round(2.5 * DAY)
    assert known[1].last is None and known[2].last is None
    assert due_us(known[2]) == NOW + 5 * DAY


def test_a_test_whose_sender_died_is_of_unknown_outcome() -> None:
    assert came_to(asked(0, TriedState.SENDING), NOW) is TriedState.SENDING
    assert came_to(asked(1, TriedState.SENDING), NOW) is TriedState.UNKNOWN
    assert came_to(asked(1, TriedState.WAITING), NOW) is TriedState.UNKNOWN
    assert came_to(asked(1), NOW) is TriedState.SENT
