"""Homes by the clock on their own wall: across both changes of the year, in other zones, interrupted and corrected.

The same days are lived by the wall in China, where no clock is set, and in London: what is learnt and told by the clock
must be the same, and what lasts is what passed.
"""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import pytest

from detectors.everyday import EverydayConfig, EverydayDetector
from detectors.everyday_state import HABITS
from detectors.everyday_watches import Watch
from detectors.host import Host
from detectors.inactivity import InactivityConfig, InactivityDetector
from detectors.inactivity_signs import Sign
from detectors.inactivity_state import RHYTHM
from detectors.routine import DAY_US, HOUR_US, MINUTE_US, SLOTS, Room
from detectors.routine_features import EDGES
from schemas.config import RoutineConfig, config_reading
from schemas.finding import Finding, Stage, encode
from schemas.local_time import LocalTime
from schemas.reading import Reading, ReadingKind
from tests.detectors import everyday_days, homes
from tests.detectors.test_everyday import does_not_eat, is_not_back, stays_in_bed, walks_about_at_night
from tests.detectors.walls import AUTUMN_US, LONDON, SPRING_US, at, hung, placed, ticked, utc

COUNT = 15
LAST = COUNT - 1
SHANGHAI = LocalTime(480)
BOTH = pytest.mark.parametrize("change_us", [SPRING_US, AUTUMN_US])
MADE: dict[str, Callable[[], Any]] = {"inactivity": InactivityConfig().build, "everyday": EverydayConfig().build}


def lived(change_us: int, local: LocalTime, change: Any = list, on_day: int = LAST) -> list[Sign]:
    """Return days by the wall of a home; in London the clock is set in the night to ``on_day``."""
    return placed(everyday_days.lived(COUNT, change), change_us, on_day, local)


def told(detector: Any, signs: Sequence[Sign], local: LocalTime, until_us: int) -> list[Finding]:
    found: list[Finding] = detector.configure(hung(local), signs[0].event_us)
    found += homes.feed(detector, ticked(signs, until_us))
    assert detector.errors == []
    return found


def day_us(change_us: int, hour: float, local: LocalTime) -> int:
    """Return an hour of the day on which clocks are set, by the wall."""
    return at(local, change_us // DAY_US * DAY_US + round(hour * HOUR_US))


# -- everyday ----------------------------------------------------------------------------------------------------------


@BOTH
def test_every_day_teaches_what_the_clock_on_the_wall_showed(change_us: int) -> None:
    learnt = []
    for local in (SHANGHAI, LONDON):
        detector = EverydayDetector()
        signs = lived(change_us, local, on_day=LAST - 4)
        told(detector, signs, local, signs[-1].event_us)
        learnt.append(detector.homes["u1"].habits)
    there, here = learnt
    assert here[Watch.NOT_UP] == there[Watch.NOT_UP]
    assert here == there
    assert len(here[Watch.NOT_UP]) >= COUNT - 3


@BOTH
@pytest.mark.parametrize("change", [stays_in_bed, does_not_eat])
def test_the_day_after_is_told_of_at_the_hour_of_any_day(change_us: int, change: Any) -> None:
    hours = []
    for local in (SHANGHAI, LONDON):
        (found,) = told(EverydayDetector(), lived(change_us, local, change), local, day_us(change_us, 33.0, local))
        hours.append((found.decided_us + local.ahead_us(found.decided_us), found.evidence.reasons))
    assert hours[0] == hours[1]


@BOTH
def test_a_restless_night_of_23_or_25_hours_is_told_of_at_eight_by_the_wall(change_us: int) -> None:
    signs = lived(change_us, LONDON, walks_about_at_night, on_day=COUNT)
    (found,) = told(EverydayDetector(), signs, LONDON, day_us(change_us, 10.0, LONDON))
    assert found.decided_us == day_us(change_us, 8.0, LONDON)
    assert found.start_us == day_us(change_us, -1.0, LONDON)


@BOTH
def test_so_is_one_after_which_nothing_is_heard_before_the_clock_is_set(change_us: int) -> None:
    def about(seen: list[everyday_days.Seen]) -> list[everyday_days.Seen]:
        return [(at_h - 0.9 if at_h > 24 else at_h, room) for at_h, room in walks_about_at_night(seen) if at_h < 25.8]

    signs = lived(change_us, LONDON, about, on_day=COUNT)
    assert signs[-1].event_us < change_us
    (found,) = told(EverydayDetector(), signs, LONDON, day_us(change_us, 8.0, LONDON))
    assert found.decided_us == day_us(change_us, 8.0, LONDON)


@BOTH
@pytest.mark.parametrize("minutes", [-2, 8, 45, 62])
def test_who_is_back_in_bed_before_or_after_the_clock_is_set_is_seen(change_us: int, minutes: int) -> None:
    """In the hour that a clock shows twice too: its second showing is later than its first."""
    before = [each for each in lived(change_us, LONDON, on_day=COUNT) if each.event_us < change_us - 2 * HOUR_US]
    left_us, back_us = change_us - 20 * MINUTE_US, change_us + minutes * MINUTE_US
    rooms = [(left_us, Room.BEDROOM), (left_us + MINUTE_US, Room.HALL), (back_us, Room.BEDROOM)]
    detector = EverydayDetector()
    found = told(detector, [*before, *(homes.sign(*each) for each in rooms)], LONDON, back_us + 3 * HOUR_US)
    home = detector.homes["u1"]
    assert home.day.out is None
    assert home.day.longest_out_us == back_us - left_us - MINUTE_US
    assert home.last_us - detector.clocks.ahead_us("u1") == back_us
    assert [each.stage for each in found] == ([] if minutes < 10 else [Stage.CONFIRMED, Stage.RECOVERED])


@BOTH
def test_who_is_out_of_bed_while_the_clock_is_set_is_told_of_after_as_many_minutes_as_passed(change_us: int) -> None:
    def out(seen: list[everyday_days.Seen]) -> list[everyday_days.Seen]:
        return [(at_h - 2.5, room) if at_h > 24 else (at_h, room) for at_h, room in is_not_back(seen)]

    spans = []
    for local in (SHANGHAI, LONDON):
        signs = lived(change_us, local, out, on_day=COUNT)
        (found,) = told(EverydayDetector(), signs, local, day_us(change_us, 4.0, local))
        spans.append((found.decided_us - found.start_us, found.evidence.reasons[0].values["min"]))
        assert found.start_us == signs[-2].event_us
    assert spans[0] == spans[1]


def test_nothing_is_told_of_ordinary_weeks_around_both_changes() -> None:
    for change_us in (SPRING_US, AUTUMN_US):
        for detector in (EverydayDetector(), InactivityDetector()):
            signs = lived(change_us, LONDON, on_day=LAST - 2)
            assert told(detector, signs, LONDON, signs[-1].event_us) == []


# -- the rhythm --------------------------------------------------------------------------------------------------------


def rhythm(change_us: int, local: LocalTime) -> Any:
    detector = InactivityDetector()
    signs = placed(homes.days(12), change_us, 8, local)
    told(detector, signs, local, signs[-1].event_us)
    return detector.homes["u1"].routine


def test_no_half_hour_is_lost_or_counted_twice_in_the_shares() -> None:
    there = rhythm(SPRING_US, SHANGHAI)
    spring, autumn = rhythm(SPRING_US, LONDON), rhythm(AUTUMN_US, LONDON)
    skipped = {2, 3}  # from one to two nobody could be silent in the night of spring
    assert [spring.slots[i] for i in range(SLOTS) if i not in skipped] == [
        there.slots[i] for i in range(SLOTS) if i not in skipped
    ]
    assert all(spring.slots[i] > there.slots[i] for i in skipped)
    assert autumn.slots == there.slots


def test_a_silence_is_as_long_as_it_was_and_an_hour_more_or_less_was_watched() -> None:
    there, spring, autumn = rhythm(SPRING_US, SHANGHAI), rhythm(SPRING_US, LONDON), rhythm(AUTUMN_US, LONDON)
    for here, by_us in ((spring, -HOUR_US), (autumn, HOUR_US)):
        assert here.days == pytest.approx(there.days + by_us / DAY_US)
        lengths = [(mine.minutes - theirs.minutes) for mine, theirs in zip(here.rests, there.rests, strict=True)]
        assert sorted(set(lengths)) == sorted({0, by_us // MINUTE_US})
        assert sum(map(bool, lengths)) == 1


@BOTH
def test_the_silence_that_is_told_of_is_as_long_as_what_passed(change_us: int) -> None:
    signs = placed(homes.days(12), change_us, 12, LONDON)  # set in the night after the last day
    found = told(InactivityDetector(), signs, LONDON, change_us + 40 * HOUR_US)
    silence = found[-1]
    assert silence.start_us == signs[-1].event_us
    hours = (silence.decided_us - signs[-1].event_us) / HOUR_US
    assert silence.evidence.reasons[0].values["h"] == round(hours, 2)


@BOTH
def test_a_night_in_which_the_clock_is_set_is_expected_to_end_when_people_rise_by_the_wall(change_us: int) -> None:
    """By the old clock it would be expected to last an hour too long in spring, and to end an hour early in autumn."""
    ends = []
    for local in (SHANGHAI, LONDON):
        detector, signs = InactivityDetector(), placed(homes.days(14), change_us, 14, local)
        told(detector, signs, local, signs[-1].event_us + HOUR_US)
        outlook = detector.outlook("u1")
        minutes = next(edge for edge in EDGES if outlook.chance(edge) <= outlook.chance(300.0) / 2)
        end_us = signs[-1].event_us + round(minutes * MINUTE_US)
        ends.append(end_us + local.ahead_us(end_us))
    assert abs(ends[1] - ends[0]) <= 31 * MINUTE_US  # steps of the outlook are half hours there


# -- the same in every replay ------------------------------------------------------------------------------------------


def night_signs(change_us: int) -> list[Sign]:
    """A night about the home while the clock is set, after two weeks, and then silence."""
    before = lived(change_us, LONDON, walks_about_at_night, on_day=COUNT)
    walked = [
        *((-61, Room.HALL), (-40, Room.BATHROOM), (-1, Room.BEDROOM), (0, Room.HALL)),
        *((20, Room.BEDROOM), (59, Room.HALL), (61, Room.BATHROOM), (125, Room.BEDROOM)),
    ]
    around = [homes.sign(change_us + minutes * MINUTE_US, room) for minutes, room in walked]
    return sorted(
        [each for each in before if each.event_us < change_us - 2 * HOUR_US] + around, key=lambda s: s.event_us
    )


@BOTH
@pytest.mark.parametrize("kind", list(MADE))
def test_one_killed_at_any_moment_around_the_change_goes_on_as_if_it_had_not_been(change_us: int, kind: str) -> None:
    signs = night_signs(change_us)
    items = ticked(signs, change_us + 30 * HOUR_US)
    whole = MADE[kind]()
    whole.configure(hung(LONDON), signs[0].event_us)
    first = change_us - 3 * HOUR_US
    cut = next(i for i, each in enumerate(items) if (each if isinstance(each, int) else each.event_us) >= first)
    found = homes.feed(whole, items[:cut])
    early, rest = whole.snapshot(), items[cut:]
    told_whole = found + homes.feed(whole, rest)
    for stop in range(0, 100, 8):
        one, other = MADE[kind](), MADE[kind]()
        one.restore(early)
        told_again = homes.feed(one, rest[:stop])
        other.restore(one.snapshot())
        told_again = found + told_again + homes.feed(other, rest[stop:])
        assert [encode(each) for each in told_again] == [encode(each) for each in told_whole]
        assert other.snapshot() == whole.snapshot()


@pytest.mark.parametrize("kind", list(MADE))
def test_in_china_nothing_is_otherwise(kind: str) -> None:
    """Told or not told that its clock is the one of all: the same findings, and the same memory but for that."""
    signs = everyday_days.lived(COUNT, does_not_eat)
    items = homes.with_ticks(signs, signs[-1].event_us + 40 * HOUR_US)
    plain, own = MADE[kind](), MADE[kind]()
    for detector, local in ((plain, None), (own, SHANGHAI)):
        detector.configure(hung(local), signs[0].event_us)
    found = [homes.feed(detector, items) for detector in (plain, own)]
    assert len(found[0]) > 0
    assert [encode(each) for each in found[0]] == [encode(each) for each in found[1]]
    assert b"clocks" not in plain.snapshot()
    own.clocks.known.clear()
    own.homes["u1"].people = plain.homes["u1"].people
    assert own.snapshot() == plain.snapshot()


# -- a clock that is told late, or corrected ---------------------------------------------------------------------------


def answered(detector: Any, signs: Sequence[Sign], until_us: int, local: LocalTime) -> None:
    """Let a detector learn what another one, that had the right clock from the beginning, knows of the home by then."""
    kind, model = (
        (InactivityDetector, RHYTHM) if isinstance(detector, InactivityDetector) else (EverydayDetector, HABITS)
    )
    other = kind()
    told(other, [each for each in signs if each.event_us <= until_us], local, until_us)
    token = detector.homes["u1"].ask.token
    detector.learn(RoutineConfig(unit="u1", model=model, asked=token, state=other.learnt("u1")))


@pytest.mark.parametrize("kind", list(MADE))
def test_a_home_whose_clock_was_wrong_asks_anew_and_knows_then_what_it_would_have_known(kind: str) -> None:
    signs = lived(SPRING_US, LONDON, on_day=LAST - 4)
    half_us = signs[-1].event_us - DAY_US // 2
    late, right = MADE[kind](), MADE[kind]()
    told(right, signs, LONDON, signs[-1].event_us)
    late.configure(hung(None), 0)
    items = ticked(signs, signs[-1].event_us)
    cut = next(i for i, each in enumerate(items) if (each if isinstance(each, int) else each.event_us) >= half_us)
    homes.feed(late, items[:cut])
    late.homes["u1"].ask = None
    late.asks.clear()
    late.configure(hung(LONDON, version=2), half_us)
    assert list(late.asks) == ["u1"]
    homes.feed(late, items[cut : cut + 6])
    answered(late, signs, half_us, LONDON)
    homes.feed(late, items[cut + 6 :])
    if kind == "inactivity":
        assert late.homes["u1"].routine == right.homes["u1"].routine
    else:
        known = {watch: late.homes["u1"].habits[watch][:-1] for watch in Watch}
        assert known == {watch: right.homes["u1"].habits[watch][: len(known[watch])] for watch in Watch}
        assert len(known[Watch.NOT_UP]) >= COUNT - 5
    late.configure(hung(LONDON, version=2), half_us)
    assert late.homes["u1"].ask is None


@BOTH
@pytest.mark.parametrize("read_min", [-50, -5, 30, 100])
@pytest.mark.parametrize("asked_min", [-70, -10, 10])
def test_a_rhythm_read_again_across_the_change_is_the_one_of_who_was_never_interrupted(
    change_us: int, asked_min: int, read_min: int
) -> None:
    signs = night_signs(change_us)
    end_us = change_us + 3 * HOUR_US
    whole, fresh = InactivityDetector(), InactivityDetector()
    told(whole, signs, LONDON, end_us)
    items = ticked(signs, end_us)
    asked_us, read_us = (change_us + minutes * MINUTE_US for minutes in (asked_min, max(asked_min, read_min)))
    cut = next(i for i, each in enumerate(items) if (each if isinstance(each, int) else each.event_us) > asked_us)
    fresh.tick(asked_us)
    fresh.expect("u1", "asked")
    fresh.configure(hung(LONDON), asked_us)
    homes.feed(fresh, items[cut:])
    answered(fresh, signs, read_us, LONDON)
    assert fresh.homes["u1"].routine == whole.homes["u1"].routine


def test_the_clock_is_that_of_the_first_of_two_and_known_for_other_years_it_is_the_same() -> None:
    detector = EverydayDetector()
    told(detector, lived(SPRING_US, LONDON), LONDON, SPRING_US + 8 * HOUR_US)
    other = msgspec.structs.replace(hung(SHANGHAI), resident="r2")
    detector.configure(other, SPRING_US)
    assert detector.clocks.ahead_us("u1") == LONDON.ahead_us(SPRING_US) == HOUR_US
    later = LocalTime(0, (*LONDON.changes, (utc(2027, 3, 28, 1) // MINUTE_US, 60)))
    asks = dict(detector.asks)
    detector.configure(hung(later, version=2), SPRING_US)
    assert detector.asks == asks
    assert detector.clocks.known["u1"].local == later


# -- through the host --------------------------------------------------------------------------------------------------


def door(at_us: int) -> Reading:
    return Reading(
        kind=ReadingKind.EVENT, arrival_us=at_us, event_us=at_us, end_us=at_us, device="front door", unit="u1",
        place="u1", topic="front door", events=("door_open",),
    )  # fmt: skip


@pytest.mark.parametrize(("hour", "minute", "night"), [(20, 30, False), (21, 30, True), (4, 30, True), (5, 30, False)])
def test_night_at_the_door_is_by_the_wall(hour: int, minute: int, *, night: bool) -> None:
    host, at_us = Host(), utc(2026, 7, 1, hour, minute)
    host.update([config_reading(hung(LONDON), at_us - DAY_US, at_us - DAY_US), door(at_us)])
    ticks = [at_us + second * 10_000_000 for second in range(60)]
    found = host.update([Reading(kind=ReadingKind.TICK, arrival_us=t, event_us=t, end_us=t) for t in ticks])
    assert [each.stage for each in found] == ([Stage.CONFIRMED] if night else [])
    if night:
        assert found[0].evidence.reasons[0].values["hour"] == hour + 1 + minute / 60
