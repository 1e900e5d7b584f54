"""Small parts: times at the edge, patience with guessers, and what a stage's silence means."""

import pytest

from alerts.platform import LAGGING, SILENT_US
from api import throttle, times
from api.stages import judge
from api.throttle import Throttle
from schemas.status import StageStatus

NOW_US = 1_790_000_000_000_000


@pytest.mark.parametrize("us", [0, 1, 999_999, NOW_US + 123_456, 253_402_300_799_999_999])
def test_a_time_goes_out_and_comes_back_exactly(us: int) -> None:
    assert times.from_iso(times.iso(us)) == us
    assert times.iso(us).endswith("Z")


def test_a_time_beyond_all_calendars_is_shown_at_the_edge_and_breaks_no_page() -> None:
    assert times.iso(2**62) == "9999-12-31T23:59:59.999999Z"
    assert times.iso(-5) == "1970-01-01T00:00:00.000000Z"


def test_a_time_in_another_zone_is_the_same_moment() -> None:
    assert times.from_iso("2026-09-21T22:13:20+08:00") == NOW_US


@pytest.mark.parametrize("text", ["2026-09-21T14:13:20", "yesterday", "", "2026-13-01T00:00:00Z"])
def test_a_time_without_a_zone_or_sense_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        times.from_iso(text)


def _fail(guard: Throttle, count: int, user: str = "nurse", address: str = "a", now_us: int = NOW_US) -> None:
    for _ in range(count):
        guard.failed(user, address, now_us)


def test_the_wait_doubles_up_to_its_longest_and_is_forgotten() -> None:
    guard = Throttle()
    _fail(guard, throttle.FREE_FAILURES - 1)
    assert guard.wait_us("nurse", "a", NOW_US) == 0
    waits = []
    for _ in range(12):
        _fail(guard, 1)
        waits.append(guard.wait_us("nurse", "a", NOW_US))
    assert waits[:3] == [throttle.FIRST_WAIT_US, 2 * throttle.FIRST_WAIT_US, 4 * throttle.FIRST_WAIT_US]
    assert waits[-1] == throttle.LONGEST_WAIT_US
    assert guard.wait_us("nurse", "a", NOW_US + throttle.MEMORY_US) == 0


def test_a_stranger_who_guesses_does_not_lock_the_nurse_out_of_her_ward() -> None:
    guard = Throttle()
    _fail(guard, 40, address="stranger")
    assert guard.wait_us("nurse", "ward", NOW_US) == 0


def test_trying_many_names_from_one_address_is_slowed_too_but_never_for_long() -> None:
    guard = Throttle()
    for number in range(throttle.FREE_FAILURES_OF_ADDRESS + 20):
        _fail(guard, 1, user=f"user{number}")
    assert guard.wait_us("nurse", "a", NOW_US) == throttle.LONGEST_WAIT_OF_ADDRESS_US


def test_a_ward_that_signs_in_well_is_never_slowed() -> None:
    guard = Throttle()
    for number in range(500):
        guard.failed(f"user{number % 30}", "a", NOW_US)
        guard.succeeded(f"user{number % 30}", "a")
    assert guard.wait_us("nurse", "a", NOW_US) == 0


def test_a_flood_of_names_takes_bounded_memory() -> None:
    guard = Throttle()
    for number in range(throttle.MAX_KEYS + 500):
        guard.failed(f"user{number}", f"address{number}", NOW_US)
    assert len(guard._failures) == throttle.MAX_KEYS


def test_a_stage_is_well_only_when_it_says_so_and_said_so_lately() -> None:
    said = StageStatus(at_us=NOW_US, ok=True, lag=3)
    assert judge("desk", said, NOW_US) == judge("desk", said, NOW_US + SILENT_US)
    assert judge("desk", said, NOW_US).ok
    assert judge("desk", said, NOW_US).lag == 3
    silent = judge("desk", said, NOW_US + SILENT_US + 1)
    assert not silent.ok
    assert "15 s" in silent.note
    assert not judge("desk", None, NOW_US).ok


def test_a_stage_in_trouble_says_which_and_an_unknown_lag_is_none() -> None:
    troubled = judge("gateway", StageStatus(at_us=NOW_US, ok=False, note="JetStream is full."), NOW_US)
    assert (troubled.ok, troubled.lag, troubled.note) == (False, None, "JetStream is full.")


def test_a_stage_that_is_far_behind_is_not_well_though_it_says_so() -> None:
    behind = judge("watcher", StageStatus(at_us=NOW_US, ok=True, lag=LAGGING + 1), NOW_US)
    assert (behind.ok, behind.lag) == (False, LAGGING + 1)
    assert "2001 messages wait" in behind.note
