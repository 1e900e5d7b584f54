"""Where two things of a home meet that were made apart: a watch left off and the clock that stands still, an absence
that ends meanwhile, a clock on the wall that is told again, a home read again while nobody moves.
"""

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from detectors import reasons
from detectors.everyday import EverydayConfig
from detectors.inactivity import InactivityConfig, InactivityDetector
from detectors.inactivity_blind import BACKLOG_US
from detectors.inactivity_state import RHYTHM
from detectors.routine import DAY_US, HOUR_US, MINUTE_US, Room
from schemas.config import ResidentConfig, RoutineConfig
from schemas.finding import Finding
from schemas.local_time import LocalTime
from tests.detectors import everyday_days
from tests.detectors.homes import MIDNIGHT_US, TICK_US, days, feed, sign, with_ticks
from tests.detectors.test_everyday import stays_in_bed
from tests.detectors.walls import LONDON, hung, placed, ticked, utc

MADE: dict[str, Callable[[], Any]] = {"inactivity": InactivityConfig().build, "everyday": EverydayConfig().build}
BOTH = pytest.mark.parametrize("kind", MADE)
#: Six days are known, on the seventh everything stops at eleven.
STOP_US = MIDNIGHT_US + 6 * DAY_US + 11 * HOUR_US
KNOWN = days(7, until_h=11.0)
BACK_US = STOP_US + 3 * DAY_US


def lives(version: int = 1, **changes: Any) -> ResidentConfig:
    return ResidentConfig(resident="r1", unit="u1", version=version, **changes)


def ticks(from_us: int, to_us: int) -> list[int]:
    return list(range(from_us, to_us, TICK_US))


def silent() -> InactivityDetector:
    """Return who knows a home that has just fallen silent."""
    detector = InactivityDetector()
    feed(detector, with_ticks(KNOWN, STOP_US))
    return detector


def left_empty(until_us: int = BACK_US) -> InactivityDetector:
    """Return who knows a home that everybody left when it fell silent."""
    detector = silent()
    detector.configure(lives(absent_until_us=until_us), STOP_US)
    return detector


def comes_in(from_us: int) -> list[Any]:
    """Somebody comes in by the door, and is then heard no more."""
    steps = ((0.0, Room.OUTER_DOOR), (0.003, Room.HALL), (0.1, Room.KITCHEN))
    return [sign(from_us + round(h * HOUR_US), room) for h, room in steps]


def codes(found: list[Finding]) -> list[str]:
    return [each.evidence.reasons[-1].code for each in found]


# -- an empty home -----------------------------------------------------------------------------------------------------


def test_who_is_expected_and_still_moves_is_not_told_of_as_somebody_who_lies_there() -> None:
    detector = left_empty()
    entered = comes_in(BACK_US - 4 * HOUR_US - 40 * MINUTE_US)  # would be told of half an hour before the end
    again = sign(BACK_US - 45 * MINUTE_US, Room.LIVING)
    found = feed(detector, with_ticks([*entered, again], BACK_US - MINUTE_US))
    assert reasons.STILL_WHILE_AWAY not in codes(found)


def test_where_silence_is_left_off_meanwhile_nobody_is_told_of_who_came_in_and_lies_there() -> None:
    detector = left_empty()
    entered = comes_in(STOP_US + 5 * HOUR_US)
    assert codes(feed(detector, with_ticks(entered, entered[-1].event_us))) == [reasons.STIRS_WHILE_AWAY]
    detector.configure(lives(2, absent_until_us=BACK_US, off=("inactivity",)), entered[-1].event_us)
    assert feed(detector, ticks(entered[-1].event_us, entered[-1].event_us + 6 * HOUR_US)) == []
    assert detector.due() == BACK_US


# -- the platform's clock stood still ----------------------------------------------------------------------------------


def rings_us(detector: InactivityDetector, from_us: int) -> int:
    (found,) = feed(detector, ticks(from_us, from_us + 30 * HOUR_US))
    return found.decided_us


def test_a_stop_of_the_clock_while_silence_is_left_off_is_no_silence_once_it_is_wanted_again() -> None:
    usual_us = rings_us(silent(), STOP_US + TICK_US)
    detector = silent()
    detector.configure(lives(1, off=("inactivity",)), STOP_US)
    feed(detector, ticks(STOP_US, STOP_US + HOUR_US))
    since_us = STOP_US + HOUR_US + 8 * HOUR_US
    detector.tick(since_us)
    detector.configure(lives(2), since_us)
    late_us = rings_us(detector, since_us + TICK_US)
    assert usual_us + 8 * HOUR_US <= late_us <= usual_us + 8 * HOUR_US + 2 * BACKLOG_US


def test_an_absence_that_ends_while_the_clock_stands_still_leaves_no_silence_of_that_time() -> None:
    end_us = STOP_US + 20 * HOUR_US
    whole = left_empty(end_us)
    assert feed(whole, ticks(STOP_US, end_us)) == []
    usual_us = rings_us(whole, end_us)
    detector = left_empty(end_us)
    assert feed(detector, ticks(STOP_US, end_us - HOUR_US)) == []
    assert detector.tick(end_us + 10 * HOUR_US) == []
    late_us = rings_us(detector, end_us + 10 * HOUR_US + TICK_US)
    assert usual_us + 10 * HOUR_US <= late_us <= usual_us + 10 * HOUR_US + 2 * BACKLOG_US


def test_a_home_cut_off_while_the_clock_stands_still_is_blind_for_the_time_that_passed() -> None:
    detector = silent()
    devices = sorted({each.device for each in KNOWN})
    feed(detector, ticks(STOP_US, STOP_US + HOUR_US))
    for device in devices:
        detector.update([replace(sign(STOP_US + HOUR_US, moved=False, alive=False), device=device)])
    feed(detector, ticks(STOP_US + HOUR_US, STOP_US + 2 * HOUR_US))
    detector.tick(STOP_US + 6 * HOUR_US)
    for device in devices:
        detector.update([replace(sign(STOP_US + 7 * HOUR_US, moved=False, alive=True), device=device)])
    home = detector.homes["u1"]
    assert 6 * HOUR_US <= home.blind_us <= 6 * HOUR_US + BACKLOG_US


# -- the clock on the wall ---------------------------------------------------------------------------------------------


@BOTH
def test_a_setting_that_was_overtaken_hangs_no_clock(kind: str) -> None:
    detector = MADE[kind]()
    detector.configure(hung(LONDON, version=2), MIDNIGHT_US)
    feed(detector, days(3))
    before = detector.states({"u1"})
    detector.configure(hung(None, version=1), MIDNIGHT_US + 3 * DAY_US)
    assert detector.states({"u1"}) == before


@BOTH
@pytest.mark.parametrize("other", [LocalTime(480), LocalTime(480, ((40_000_000, 540),))])
def test_a_clock_that_shows_the_same_or_is_known_for_longer_is_saved_too(kind: str, other: LocalTime) -> None:
    detector = MADE[kind]()
    detector.configure(hung(LocalTime(480, ((39_000_000, 540),))), MIDNIGHT_US)
    feed(detector, with_ticks(days(2), MIDNIGHT_US + 2 * DAY_US))
    before = detector.states({"u1"})
    detector.changed.clear()
    detector.configure(hung(other, version=1), MIDNIGHT_US + 2 * DAY_US)
    assert detector.states({"u1"}) != before
    assert detector.changed == {"u1"}


def test_a_clock_that_is_set_sooner_than_was_known_is_looked_at_then() -> None:
    """What a watch waits for is told by the wall: half past nine comes sooner where the clock goes on an hour."""
    now_us = MIDNIGHT_US + 14 * DAY_US + 8 * HOUR_US
    signs = [each for each in everyday_days.lived(15, stays_in_bed) if each.event_us < now_us]
    detector = EverydayConfig().build()
    detector.configure(hung(LocalTime(480, ((39_000_000, 540),))), MIDNIGHT_US)
    feed(detector, with_ticks(signs, now_us))
    set_us = now_us + 10 * MINUTE_US
    due_us = detector.due()
    assert due_us is not None
    assert due_us > set_us
    detector.configure(hung(LocalTime(480, ((set_us // MINUTE_US, 540),))), now_us)
    assert detector.due() == set_us


def test_a_rhythm_that_comes_to_a_home_whose_clock_was_last_looked_at_long_ago_stays_where_it_is() -> None:
    """A detector that begins anew knows who lives there before it knows the time."""
    summer_us = utc(2026, 7, 10)
    signs = placed(days(7, until_h=11.0), summer_us, 6, LONDON)
    whole = InactivityDetector()
    whole.configure(hung(LONDON), signs[0].event_us)
    feed(whole, ticked(signs, signs[-1].event_us))
    anew = InactivityDetector()
    anew.expect("u1", "seq 1")
    anew.configure(hung(LONDON), 0)
    until_us = signs[-1].event_us + 10 * MINUTE_US
    anew.tick(until_us)
    whole.tick(until_us)
    anew.learn(RoutineConfig(unit="u1", model=RHYTHM, asked="seq 1", state=whole.learnt("u1")))
    more = ticks(until_us, until_us + 40 * MINUTE_US)
    assert feed(anew, more) == feed(whole, more)
    assert anew.homes["u1"].ring_us == whole.homes["u1"].ring_us
    up = sign(signs[-1].event_us + 2 * HOUR_US, Room.KITCHEN)
    anew.update([up])
    whole.update([up])
    assert anew.homes["u1"].routine == whole.homes["u1"].routine
