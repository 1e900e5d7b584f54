"""When each telephone was last reached for sure, and when it is due again: a pure function of its tests.

Delivered is what a provider says; reached is that somebody pressed the link of a test at that telephone. Only the
second proves the whole path, through a mute switch, a battery saver and a changed number.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum

import msgspec

from alerts.platform import INSTALLATION
from alerts.platform_finding import platform_finding
from schemas.finding import Finding, Reason
from schemas.ladder import Ladder
from schemas.reach import ReachTest, TriedState

_SECOND_US = 1_000_000
_DAY_US = 24 * 3600 * _SECOND_US
#: Between two proofs. The week before, a test is asked for, so that nobody must do it on one day.
EVERY_US, SOON_US = 30 * _DAY_US, 7 * _DAY_US
#: A telephone that was just written down is tried within a week.
NEW_US = 7 * _DAY_US
#: So long overdue, somebody is told by an alert.
TOLD_AFTER_US = 7 * _DAY_US
#: A test that nobody has ended by then was being sent by somebody who died.
LOST_US = 30 * _SECOND_US


class Reach(StrEnum):
    """How a telephone stands. ``failed``: its last test did not go through, and nobody has been reached since."""

    OK = "ok"
    DUE = "due"
    OVERDUE = "overdue"
    FAILED = "failed"


class Phone(msgspec.Struct, frozen=True, kw_only=True):
    """One way to one person, with when it was written down, last confirmed, and its last test."""

    recipient: str
    address: str
    person: int
    way: int
    since_us: int
    confirmed_us: int | None = None
    last: ReachTest | None = None


def phones(ladder: Ladder, tests: Iterable[ReachTest]) -> list[Phone]:
    """Return the ways of a ladder with what their tests came to."""
    last: dict[tuple[str, str], ReachTest] = {}
    confirmed: dict[tuple[str, str], int] = {}
    for test in tests:
        key = (test.recipient, test.address)
        if key not in last or test.asked_us > last[key].asked_us:
            last[key] = test
        if test.confirmed_us is not None:
            confirmed[key] = max(confirmed.get(key, 0), test.confirmed_us)
    return [
        Phone(
            recipient=step.recipient,
            address=way.address,
            person=person,
            way=number,
            since_us=way.since_us or ladder.changed_us,
            confirmed_us=confirmed.get((step.recipient, way.address)),
            last=last.get((step.recipient, way.address)),
        )
        for person, step in enumerate(ladder.steps)
        if step.on_duty is None  # whoever that is, the rota says
        for number, way in enumerate(step.every_way)
    ]


def came_to(test: ReachTest, now_us: int) -> TriedState:
    """Return what became of a test; nobody knows of one whose sender has died."""
    open_still = test.state in (TriedState.WAITING, TriedState.SENDING)
    return TriedState.UNKNOWN if open_still and now_us - test.asked_us > LOST_US else test.state


def due_us(phone: Phone) -> int:
    """Return until when a telephone must have been reached."""
    return phone.since_us + NEW_US if phone.confirmed_us is None else phone.confirmed_us + EVERY_US


def state(phone: Phone, now_us: int) -> Reach:
    """Return how a telephone stands."""
    last = phone.last
    unproved = last is not None and last.confirmed_us is None and last.asked_us > (phone.confirmed_us or 0)
    if last is not None and unproved and came_to(last, now_us) in (TriedState.REFUSED, TriedState.UNKNOWN):
        return Reach.FAILED
    if now_us >= due_us(phone):
        return Reach.OVERDUE
    fresh = phone.confirmed_us is not None and now_us < due_us(phone) - SOON_US
    return Reach.OK if fresh else Reach.DUE


def neglected(known: Sequence[Phone], now_us: int) -> list[Phone]:
    """Return the telephones that are overdue for so long that somebody must be told; of unknown date, none."""
    return [phone for phone in known if phone.since_us and now_us - due_us(phone) >= TOLD_AFTER_US]


def finding_of(place: str, late: Sequence[Phone], now_us: int) -> Finding:
    """Return the finding that telephones of a place's ladder were not tried for long: low, and of that place."""
    first_us = min(due_us(phone) for phone in late)
    days = (now_us - first_us) // _DAY_US
    return platform_finding(
        under=INSTALLATION,
        unit=place,
        about=place,
        anchor=f"reach:{place}:{first_us}",
        model="reach-1",
        reason=Reason("phones_overdue", {"n": float(len(late)), "d": float(days)}),
        since_us=first_us,
        event_us=now_us,
        now_us=now_us,
        mild=True,
    )
