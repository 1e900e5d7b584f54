"""The platform's watch over itself as pure rules: a restart raises nothing, what lasts is told, what is mended ends."""

import pytest

from alerts.intake import intake
from alerts.platform import (
    GRACE_US,
    LAG_RAISE_AFTER_US,
    LAGGING,
    MEND_AFTER_US,
    RAISE_AFTER_US,
    RESTARTS_MANY,
    RESTARTS_WITHIN_US,
    SILENT_US,
    Trouble,
    Watched,
    finding_of,
    follow,
    is_over,
    keeps_ending,
    must_be_told,
    restarted,
    trouble_of,
)
from schemas.alert import Severity
from schemas.effects import Notify
from schemas.status import StageStatus
from tests.store.making import NOW, SECOND

LONG_AGO = NOW - 3600 * SECOND


def said(*, ago_s: float = 0, ok: bool = True, lag: int = 0) -> StageStatus:
    return StageStatus(at_us=NOW - round(ago_s * SECOND), ok=ok, lag=lag)


@pytest.mark.parametrize(
    ("report", "code"),
    [
        (said(), None),
        (said(ago_s=14.9), None),
        (said(lag=-1), None),
        (said(lag=LAGGING), None),
        (None, "stage_missing"),
        (said(ago_s=16), "stage_silent"),
        (said(ago_s=3600, ok=False), "stage_silent"),
        (said(ago_s=-14.9), None),
        (said(ago_s=-3600), "stage_silent"),  # its last word before the clock was set back
        (said(ok=False), "stage_unwell"),
        (said(lag=LAGGING + 1), "stage_lags"),
    ],
)
def test_a_report_is_worth_what_it_says_only_while_it_is_fresh(report: StageStatus | None, code: str | None) -> None:
    found = trouble_of(report, NOW)
    assert (found.code if found else None) == code


def test_a_trouble_lasts_from_its_beginning_whatever_it_turns_into() -> None:
    part = follow(None, None, NOW)
    part = follow(part, Trouble("stage_silent", {"s": 16.0}), NOW + SECOND)
    part = follow(part, Trouble("stage_unwell"), NOW + 9 * SECOND)
    assert part == Watched(NOW + SECOND, Trouble("stage_unwell"))
    part = follow(part, None, NOW + 12 * SECOND)
    part = follow(part, None, NOW + 15 * SECOND)
    assert part == Watched(NOW + 12 * SECOND)


def test_what_a_restart_takes_is_not_told_and_what_lasts_is() -> None:
    part = Watched(NOW, Trouble("stage_silent"))
    assert not must_be_told(part, LONG_AGO, NOW + RAISE_AFTER_US - 1)
    assert must_be_told(part, LONG_AGO, NOW + RAISE_AFTER_US)
    behind = Watched(NOW, Trouble("stage_lags"))
    assert not must_be_told(behind, LONG_AGO, NOW + LAG_RAISE_AFTER_US - 1)
    assert must_be_told(behind, LONG_AGO, NOW + LAG_RAISE_AFTER_US)


def test_a_clock_that_is_set_back_neither_hides_a_trouble_nor_begins_the_platforms_start_again() -> None:
    hour_us = 3600 * SECOND
    part = follow(Watched(NOW, Trouble("stage_silent")), Trouble("stage_silent"), NOW - hour_us)
    assert not must_be_told(part, LONG_AGO, NOW - hour_us)
    assert must_be_told(part, NOW, NOW - hour_us + RAISE_AFTER_US)


def test_nothing_is_told_while_the_platform_starts() -> None:
    part = Watched(NOW, Trouble("stage_missing"))
    assert not must_be_told(part, NOW, NOW + GRACE_US - 1)
    assert must_be_told(part, NOW, NOW + GRACE_US)


def test_it_is_over_only_when_it_has_been_well_for_a_while() -> None:
    assert not is_over(Watched(NOW), NOW + MEND_AFTER_US - 1)
    assert is_over(Watched(NOW), NOW + MEND_AFTER_US)
    assert not is_over(Watched(NOW, Trouble("stage_silent")), NOW + MEND_AFTER_US)


def test_a_stage_killed_every_minute_is_back_before_anybody_is_told() -> None:
    part: Watched | None = None
    for second in range(0, 600, 2):
        dead_for = max(0, second % 60 - 2) if second % 60 < 20 else 0  # back after 20 s
        now_us = NOW + second * SECOND
        report = StageStatus(at_us=now_us - dead_for * SECOND, ok=True)
        part = follow(part, trouble_of(report, now_us), now_us)
        assert not must_be_told(part, LONG_AGO, now_us)
    assert SILENT_US < 20 * SECOND


def test_the_same_trouble_is_the_same_finding_and_a_medium_alert_without_a_trace() -> None:
    part = Watched(NOW, Trouble("stage_silent", {"s": 30.0}))
    first, later = finding_of("recorder", part, NOW + 30 * SECOND), finding_of("recorder", part, NOW + 99 * SECOND)
    assert first.id == later.id != finding_of("desk", part, NOW).id
    change = intake(first, None, NOW + 30 * SECOND)
    assert change is not None
    assert (change.alert.severity, change.alert.resident, change.alert.late) == (Severity.MEDIUM, "recorder", False)
    assert [type(effect) for effect in change.effects] == [Notify]


def test_a_part_that_ends_again_and_again_is_in_trouble_until_it_has_stood_for_a_while() -> None:
    known = restarted(None, 40, NOW)  # what happened before we looked is no news
    for step in range(RESTARTS_MANY):
        assert keeps_ending(known) is None
        known = restarted(known, 41 + step, NOW + 30 * step * SECOND)
    assert keeps_ending(known) == Trouble("part_restarts", {"n": 5.0, "min": 10.0})
    still = restarted(known, known.count, NOW + RESTARTS_WITHIN_US)
    assert keeps_ending(still) is not None
    assert keeps_ending(restarted(still, still.count, NOW + RESTARTS_WITHIN_US + SECOND)) is None


def test_restarts_now_and_then_and_those_of_another_supervisor_are_no_trouble() -> None:
    seldom = restarted(None, 0, NOW)
    for hour in range(20):
        seldom = restarted(seldom, hour, NOW + hour * 3600 * SECOND)
        assert keeps_ending(seldom) is None
    assert keeps_ending(restarted(restarted(None, 9, NOW), 4, NOW)) is None
    assert keeps_ending(restarted(restarted(None, 0, NOW), 100, NOW)) is not None
