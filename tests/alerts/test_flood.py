"""A flood is of devices and of one cause; a person in need is never part of one."""

import pytest

from alerts.flood import FEW, cause_of, common_place, is_flood, summary
from schemas.alert import Severity
from schemas.finding import FindingKind


@pytest.mark.parametrize("kind", list(FindingKind))
def test_nothing_that_is_high_is_ever_gathered(kind: FindingKind) -> None:
    assert cause_of(kind, "sensors_dead", Severity.HIGH) is None


@pytest.mark.parametrize("kind", [FindingKind.FALL, FindingKind.SOS, FindingKind.SMOKE, FindingKind.WANDERING])
def test_what_is_about_a_person_rings_alone_however_loud(kind: FindingKind) -> None:
    assert cause_of(kind, "sensors_dead", Severity.MEDIUM) is None
    assert cause_of(FindingKind.INACTIVITY, "silent", Severity.MEDIUM) is None
    assert cause_of(FindingKind.INACTIVITY, "not_back_in_bed", Severity.MEDIUM) is None


def test_homes_that_cannot_be_seen_and_parts_that_fail_have_a_cause() -> None:
    assert cause_of(FindingKind.INACTIVITY, "sensors_dead", Severity.MEDIUM) == "sensors_dead"
    assert cause_of(FindingKind.PLATFORM, "stage_silent", Severity.MEDIUM) == "platform"


def test_the_fourth_within_a_minute_is_one_too_many() -> None:
    assert not is_flood([0.0, 1.0], 2.0)
    assert is_flood([0.0] * FEW, 59.0)
    assert not is_flood([0.0] * FEW, 61.0)


def test_the_summary_says_how_many_where_and_the_first_of_them() -> None:
    places = ["安康院 东区 201", "安康院 东区 202", "安康院 东区 203", "安康院 东区 204", "安康院 东区 205"]
    assert common_place(places) == "安康院 东区"
    assert common_place(["甲", "乙", "丙"]) == "甲, 乙"
    said = summary(("看不到家中情况", "Home cannot be seen"), ["赵", "钱", "孙", "李", "周"], places, "21:05")
    assert said["zh"].startswith("看不到家中情况:同时 5 处,安康院 东区,21:05 起") and "赵、钱、孙等" in said["zh"]
    assert (
        said["en"].startswith("Home cannot be seen: 5 at once, 安康院 东区, since 21:05") and "and 2 more" in said["en"]
    )
