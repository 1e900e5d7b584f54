"""The table of a home's clock: local time and back, across both changes of the year."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from schemas.config import ResidentConfig, config_of, config_reading, with_clock
from schemas.local_time import LocalTime
from tests.detectors.walls import AUTUMN_US, LONDON, SPRING_US, utc

MINUTE_US = 60_000_000
HOUR_US = 60 * MINUTE_US


@pytest.mark.parametrize(
    "at_us", [*range(SPRING_US - 3 * HOUR_US, SPRING_US + 3 * HOUR_US, 17 * MINUTE_US), AUTUMN_US - 1, AUTUMN_US]
)
def test_it_shows_what_clocks_in_london_show(at_us: int) -> None:
    there = datetime.fromtimestamp(at_us / 1e6, UTC).astimezone(ZoneInfo("Europe/London")).utcoffset()
    assert there is not None
    assert LONDON.ahead_us(at_us) == there.total_seconds() * 1_000_000


def test_local_time_and_back_is_the_same_moment_but_in_the_hour_shown_twice() -> None:
    for at_us in range(utc(2026, 1, 1), utc(2026, 12, 31), 7 * 60 * MINUTE_US + 13 * MINUTE_US):
        back_us = LONDON.utc_us(at_us + LONDON.ahead_us(at_us))
        assert back_us == at_us or (AUTUMN_US <= at_us < AUTUMN_US + HOUR_US and back_us == at_us - HOUR_US)


def test_an_hour_shown_twice_is_the_first_and_one_never_shown_is_where_the_clock_is_set() -> None:
    assert LONDON.utc_us(utc(2026, 10, 25, 1, 30)) == utc(2026, 10, 25, 0, 30)
    assert LONDON.utc_us(utc(2026, 10, 25, 2, 0)) == utc(2026, 10, 25, 2, 0)
    assert LONDON.utc_us(utc(2026, 3, 29, 1, 30)) == SPRING_US
    assert LONDON.utc_us(utc(2026, 3, 29, 2, 0)) == SPRING_US


def test_it_knows_when_it_was_set_and_when_it_will_be() -> None:
    assert LONDON.set_us(SPRING_US - 1) == -1
    assert LONDON.set_us(SPRING_US) == SPRING_US == LONDON.next_us(SPRING_US - 1)
    assert LONDON.next_us(SPRING_US) == AUTUMN_US
    assert LONDON.next_us(AUTUMN_US) is None
    assert LocalTime(480).set_us(SPRING_US) == -1


def test_a_config_without_a_clock_of_its_own_is_written_as_ever() -> None:
    plain = ResidentConfig(resident="r1", unit="u1", version=3)
    assert b"clock" not in config_reading(plain, 1, 1).payload
    assert plain == with_clock(plain, None)
    assert plain.local_time is None
    away = with_clock(plain, LONDON)
    read = config_of(config_reading(away, 1, 1))
    assert read == away
    assert isinstance(read, ResidentConfig)
    assert read.local_time == LONDON
