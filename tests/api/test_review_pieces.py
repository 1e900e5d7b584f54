"""Parts of the review without a server: periods by the wall's clock, and cells of a spreadsheet."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from api.periods import PeriodKind, ahead_of, period
from api.review_export import cell

CHINA, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")


def at(text: str, zone: ZoneInfo) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp()) * 1_000_000


@pytest.mark.parametrize(
    ("kind", "back", "zone", "first", "last"),
    [
        (PeriodKind.DAY, 0, CHINA, "2026-10-28 00:00", "2026-10-29 00:00"),
        (PeriodKind.DAY, 1, CHINA, "2026-10-27 00:00", "2026-10-28 00:00"),
        (PeriodKind.WEEK, 0, CHINA, "2026-10-26 00:00", "2026-11-02 00:00"),
        # Summer time ends within it: a week of 169 hours.
        (PeriodKind.WEEK, 1, BERLIN, "2026-10-19 00:00", "2026-10-26 00:00"),
        (PeriodKind.MONTH, 0, CHINA, "2026-10-01 00:00", "2026-11-01 00:00"),
        (PeriodKind.MONTH, 8, CHINA, "2026-02-01 00:00", "2026-03-01 00:00"),
        (PeriodKind.MONTH, 10, CHINA, "2025-12-01 00:00", "2026-01-01 00:00"),
    ],
)
def test_a_period_is_by_the_calendar_on_the_wards_wall(
    kind: PeriodKind, back: int, zone: ZoneInfo, first: str, last: str
) -> None:
    now_us = at("2026-10-28 01:30", zone)
    assert period(kind, back, now_us, zone) == (at(first, zone), at(last, zone))


def test_the_summer_times_end_makes_a_longer_week_and_a_shift_is_twelve_hours() -> None:
    first_us, last_us = period(PeriodKind.WEEK, 1, at("2026-10-28 01:30", BERLIN), BERLIN)
    assert (last_us - first_us) / 3.6e9 == 169
    now_us = at("2026-10-28 01:30", CHINA)
    assert period(PeriodKind.SHIFT, 1, now_us, CHINA) == (at("2026-10-27 01:30", CHINA), at("2026-10-27 13:30", CHINA))


def test_how_far_a_clock_is_ahead_follows_its_zone() -> None:
    ahead_us = ahead_of(BERLIN)
    summer = round(datetime(2026, 10, 25, 0, 59, 59, tzinfo=UTC).timestamp()) * 1_000_000
    assert (ahead_us(summer), ahead_us(summer + 1_000_000)) == (7_200_000_000, 3_600_000_000)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1", "-"])
def test_what_a_spreadsheet_would_calculate_is_text(text: str) -> None:
    assert cell(text) == f"'{text}"


@pytest.mark.parametrize(
    ("value", "said"), [("张三", "张三"), ("a=b", "a=b"), (-1.5, -1.5), (True, 1), (None, ""), ("", "")]
)
def test_all_else_stays_as_it_is(value: object, said: object) -> None:
    assert cell(value) == said
