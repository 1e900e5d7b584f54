"""Who lives in a home, as each detector has them: an older word brings nobody back; the clock is of who lives there."""

from collections.abc import Container
from typing import Any

import msgspec
import pytest

from detectors.everyday import EverydayDetector
from detectors.everyday_watches import Watch
from detectors.host import EVERYDAY, FALL, INACTIVITY, WANDERING, WHEREABOUTS, Host
from detectors.household import LEFT_KEPT, note
from detectors.inactivity import InactivityDetector
from detectors.routine import HOUR_US, MINUTE_US
from schemas.config import ResidentConfig, Sensitivity, config_reading
from schemas.local_time import LocalTime
from schemas.mobility import Mobility
from schemas.reading import Reading
from tests.detectors import everyday_days, homes
from tests.detectors.walls import LONDON, SPRING_US, hung, placed, ticked

SHANGHAI = LocalTime(480)
BOTH = pytest.mark.parametrize("kind", [InactivityDetector, EverydayDetector])


def config(version: int, **fields: Any) -> ResidentConfig:
    told = ResidentConfig(resident="r1", unit="u1", version=version, mobility=Mobility.FRAME)
    return msgspec.structs.replace(told, **fields)


def said(*configs: ResidentConfig, at_us: int = homes.MIDNIGHT_US) -> list[Reading]:
    return [config_reading(each, at_us, at_us) for each in configs]


def here(host: Host) -> dict[str, bool]:
    """Return which parts have r1 among those who live in u1."""
    lives: dict[str, Container[str]] = {
        INACTIVITY: host.inactivity.homes["u1"].people,
        EVERYDAY: host.everyday.homes["u1"].people,
        WANDERING: host.wandering.homes["u1"].residents,
        WHEREABOUTS: host.whereabouts.homes["u1"].residents,
    }
    found = {part: "r1" in people for part, people in lives.items()}
    found[FALL] = host.fall.mobility("u1", "r1") is not Mobility.UNKNOWN
    found["claims"] = host.claims.resident("u1", "r1") is not None
    return found


def lived(*configs: ResidentConfig) -> Host:
    """Return a host that heard of a couple, and then this of the first of them."""
    host = Host()
    host.update(said(ResidentConfig(resident="r2", unit="u1", version=1), *configs))
    assert host.errors == []
    return host


@pytest.mark.parametrize("first", [(config(1),), (config(3),), ()])
def test_an_older_word_brings_nobody_back_who_left(first: tuple[ResidentConfig, ...]) -> None:
    host = lived(*first, config(5, here=False), config(4, sensitivity=Sensitivity.KEENER))
    assert set(here(host).values()) == {False}
    before = host.snapshot()
    host.update(said(config(4)))
    assert host.snapshot() == before


def test_nor_after_a_restart_or_where_the_parts_begin_anew() -> None:
    host, restarted, anew = lived(config(1), config(5, here=False)), Host(), Host()
    restarted.restore(host.snapshot())
    states = host.states(host.units())
    parts = {FALL, INACTIVITY, EVERYDAY, WANDERING, WHEREABOUTS}
    for part in parts:
        states["u1"][part] = b"of another version"
    assert set(anew.take_over(host.clocks(), states)) == parts
    anew.begin_anew(parts, anew.units(), "seq 1")
    for each in (restarted, anew):
        each.update(said(config(4)))
        assert set(here(each).values()) == {False}


def test_who_comes_back_is_here_and_an_older_word_that_they_left_changes_nothing() -> None:
    host = lived(config(1), config(5, here=False), config(6), config(5, here=False))
    assert set(here(host).values()) == {True}
    fresh = Host()
    fresh.restore(host.snapshot())
    assert fresh.snapshot() == host.snapshot()


def test_the_latest_who_left_are_remembered() -> None:
    left: dict[str, int] = {}
    for number in [*range(LEFT_KEPT + 3), 4]:
        note(left, config(number, resident=f"r{number}", here=False))
    assert list(left) == [f"r{number}" for number in [3, *range(5, LEFT_KEPT + 3), 4]]


# -- whose clock -------------------------------------------------------------------------------------------------------


def weeks(detector: Any, local: LocalTime, *configs: ResidentConfig) -> int:
    """Let a detector live fifteen days by the wall; return when they end."""
    signs = placed(everyday_days.lived(15), SPRING_US, 10, local)
    for each in configs:
        detector.configure(each, signs[0].event_us)
    assert homes.feed(detector, ticked(signs, signs[-1].event_us)) == []
    detector.asks.clear()
    detector.homes["u1"].ask = None
    return signs[-1].event_us


@BOTH
def test_when_the_first_leaves_the_home_goes_by_the_clock_of_the_one_who_stays(kind: Any) -> None:
    """Nothing more is said of one who lives by the clock of all, so it must be known from before."""
    for staying in (None, LONDON):
        detector = kind()
        leaving = LONDON if staying is None else None
        of_two = msgspec.structs.replace(hung(staying), resident="r2")
        end_us = weeks(detector, LONDON if leaving else SHANGHAI, hung(leaving), of_two)
        gone = msgspec.structs.replace(hung(None, version=2), here=False)
        assert detector.configure(gone, end_us + MINUTE_US) == []
        expected = 8 * HOUR_US if staying is None else LONDON.ahead_us(end_us)
        assert detector.clocks.ahead_us("u1") == expected
        assert list(detector.asks) == ["u1"]  # told by another clock: it is read again by this one
        if kind is EverydayDetector:
            assert detector.homes["u1"].habits[Watch.NOT_UP] == []
        assert homes.feed(detector, [end_us + step * MINUTE_US for step in range(2, 60)]) == []
        fresh = kind()
        fresh.restore(detector.snapshot())
        assert fresh.snapshot() == detector.snapshot()


@BOTH
def test_it_goes_over_at_once_and_the_same_however_the_two_were_told_of(kind: Any) -> None:
    detector = kind()
    of_two = msgspec.structs.replace(hung(LONDON), resident="r2")
    weeks(detector, SHANGHAI, of_two, hung(None))
    assert detector.clocks.local_time("u1") is None
    detector.configure(msgspec.structs.replace(hung(None, version=2), here=False), SPRING_US)
    assert detector.clocks.local_time("u1") == LONDON


@BOTH
def test_where_both_have_the_same_clock_nothing_is_read_again(kind: Any) -> None:
    detector = kind()
    end_us = weeks(detector, LONDON, hung(LONDON), msgspec.structs.replace(hung(LONDON), resident="r2"))
    detector.configure(msgspec.structs.replace(hung(None, version=2), here=False), end_us)
    assert (detector.asks, detector.clocks.local_time("u1")) == ({}, LONDON)


@BOTH
def test_when_the_last_leaves_the_clock_stays_on_the_wall(kind: Any) -> None:
    detector = kind()
    end_us = weeks(detector, LONDON, hung(LONDON))
    detector.configure(msgspec.structs.replace(hung(None, version=2), here=False), end_us)
    assert (detector.asks, detector.clocks.local_time("u1")) == ({}, LONDON)


@BOTH
def test_somebody_only_heard_by_what_they_wear_hangs_no_clock_and_keeps_none_from_being_hung(kind: Any) -> None:
    detector = kind()
    detector.expect("u1", "seq 1")
    detector.meet("u1", "a")  # before r1 by id
    detector.configure(hung(LONDON), SPRING_US)
    assert detector.clocks.local_time("u1") == LONDON
    detector.configure(ResidentConfig(resident="a", unit="u1", version=0), SPRING_US)
    assert detector.clocks.local_time("u1") is None


def test_wandering_goes_over_to_the_clock_of_the_one_who_stays() -> None:
    host, at_us = Host(), SPRING_US
    of_two = msgspec.structs.replace(hung(LONDON), resident="r2")
    host.update(said(hung(None), of_two, at_us=at_us))
    assert host.wandering.homes["u1"].local_time() is None
    host.update(said(msgspec.structs.replace(hung(None, version=2), here=False), at_us=at_us))
    assert host.wandering.homes["u1"].local_time() == LONDON
