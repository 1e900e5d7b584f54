"""The table of a home's clock is what the rules for the world's zones say."""

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ingest.home_clock import home_clock, unit_clock
from store.people import Resident
from tests.detectors.walls import utc

NOW_US = utc(2026, 7, 1)
ZONES = [
    "Europe/London",
    "America/Santiago",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Asia/Kathmandu",
    "Pacific/Chatham",
]


@pytest.mark.parametrize("zone", ZONES)
def test_it_shows_what_clocks_there_show_in_all_the_years_around(zone: str) -> None:
    local, rng = home_clock(zone, NOW_US), random.Random(zone)  # seeded by the zone
    assert local is not None
    start = datetime(2025, 1, 1, tzinfo=UTC)
    for _ in range(2000):
        moment = start + timedelta(minutes=rng.randrange(4 * 365 * 1440))
        ahead = moment.astimezone(ZoneInfo(zone)).utcoffset()
        assert ahead is not None
        assert local.ahead_us(round(moment.timestamp()) * 1_000_000) == ahead.total_seconds() * 1_000_000, (
            zone,
            moment,
        )


def test_a_change_is_known_to_the_minute() -> None:
    local = home_clock("Europe/London", NOW_US)
    assert local is not None
    assert local.next_us(NOW_US) == utc(2026, 10, 25, 1)
    assert len(local.changes) == 8


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Asia/Urumqi", "Asia/Singapore", "Australia/Perth"])
def test_a_clock_like_the_one_of_all_china_is_the_detectors_own(zone: str) -> None:
    found = home_clock(zone, NOW_US)
    assert (found is None) == (zone != "Asia/Urumqi")
    if found is not None:
        assert found.changes == ()
        assert found.ahead_min == 6 * 60


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../zone"])
def test_a_zone_that_this_machine_does_not_know_holds_up_nobody(zone: str) -> None:
    # One such row, and the config of nobody after it in the list would be said again.
    assert home_clock(zone, NOW_US) is None


def test_who_live_together_have_the_clock_of_the_first_by_id() -> None:
    def living(name: str, zone: str) -> Resident:
        return Resident(id=name, name=name, unit="pl_1", timezone=zone)

    found = unit_clock([living("re_2", "Europe/Paris"), living("re_1", "Europe/London")], NOW_US)
    assert found == home_clock("Europe/London", NOW_US) != home_clock("Europe/Paris", NOW_US)
    assert unit_clock([], NOW_US) is None
