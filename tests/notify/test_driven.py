"""In a simulated home a ladder walks by the driven clock; whether the desk is alive is judged by the wall."""

import logging
from types import SimpleNamespace
from typing import Any, cast

import pytest

from alerts.ladder import Plan
from ingest.health import Health
from notify.book import Book
from notify.sender import Sender
from notify.settings import NotifySettings
from notify.walker import Walker
from schemas.finding import Stage
from schemas.ladder import Case
from tests.store.making import finding

HOUR_US, SECOND_US = 3_600_000_000, 1_000_000


class Clocks:
    driven_us = 1_772_380_800 * SECOND_US
    wall_us = 1_795_392_000 * SECOND_US


class Noted(Walker):
    """Walks nobody's ladder, and notes whose it would have been."""

    walked: list[str]

    def walk(self, case: Case) -> Plan:
        self.walked.append(case.finding)
        return Plan()


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


def walker_of(clocks: Clocks, cases: dict[str, Any], walked: list[str]) -> Walker:
    settings = NotifySettings(
        dsn="", clock=lambda: clocks.driven_us, claim_url="", accept_within_s=5.0, wall=lambda: clocks.wall_us
    )

    async def keep(case: Case) -> bool:
        cases[case.finding] = case
        return True

    book = SimpleNamespace(cases=cases, keep_case=keep, contacts={})
    walker = Noted(cast(Book, book), cast(Sender, None), settings, Health("notify", logging.getLogger("test")))
    walker.walked = walked
    walker.database_answered()
    return walker


async def test_a_finding_that_waited_days_of_driven_time_to_be_read_is_as_loud_as_it_was(clocks: Clocks) -> None:
    walked: list[str] = []
    cases: dict[str, Any] = {}
    walker = walker_of(clocks, cases, walked)
    found = finding("f1", stage=Stage.CONFIRMED, at_us=clocks.driven_us)
    clocks.driven_us += 72 * HOUR_US
    assert await walker.hear(found)
    [case] = cases.values()
    assert case.since_us == found.heard_us + 5 * SECOND_US


async def test_an_hour_of_driven_time_in_a_moment_is_no_reason_to_ring_without_the_desk(clocks: Clocks) -> None:
    walked: list[str] = []
    walker = walker_of(clocks, {}, walked)
    assert await walker.hear(finding("f1", stage=Stage.CONFIRMED, at_us=clocks.driven_us - SECOND_US))
    clocks.driven_us += HOUR_US
    walker.database_answered()
    walker.walk_alone()
    assert walked == []
    clocks.wall_us += 6 * SECOND_US
    walker.database_answered()
    walker.walk_alone()
    assert len(walked) == 1
