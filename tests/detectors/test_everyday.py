"""The everyday watches on synthetic days: what each tells and what it does not, who is never judged, what ends it."""

from collections.abc import Callable, Sequence

import pytest
from msgspec.structs import replace

from detectors import reasons
from detectors.everyday import EverydayConfig, EverydayDetector
from detectors.everyday_habit import KEPT_DAYS, KNOWN_DAYS
from detectors.everyday_state import HABITS, Learnt, pack_learnt
from detectors.everyday_watches import RULES, Watch
from detectors.host import Host
from detectors.inactivity_blind import BLIND_US
from detectors.inactivity_home import DEVICES_KEPT
from detectors.inactivity_signs import Sign
from detectors.routine import DAY_US, HOUR_US, MINUTE_US, Room
from schemas.config import ResidentConfig, RoutineConfig, Sensitivity, config_reading
from schemas.finding import Finding, Stage
from schemas.watch import Watched
from tests.detectors import everyday_days
from tests.detectors.everyday_days import Seen, at_us, bathroom, lived, signs, to_the_bathroom_at_night
from tests.detectors.homes import MIDNIGHT_US, feed, sign, with_ticks

#: The last of so many days is another one; the detector knows the others.
COUNT = 15
LAST = COUNT - 1
DAY_ROOMS = (Room.KITCHEN, Room.LIVING)


def told(given: Sequence[Sign], until_us: int, detector: EverydayDetector | None = None) -> list[Finding]:
    detector = detector or EverydayDetector()
    found = feed(detector, with_ticks([each for each in given if each.event_us <= until_us], until_us))
    assert detector.errors == []
    return found


def codes(found: Sequence[Finding]) -> list[tuple[str, Stage]]:
    return [(each.evidence.reasons[0].code, each.stage) for each in found]


# -- last days ---------------------------------------------------------------------------------------------------------


def stays_in_bed(seen: list[Seen]) -> list[Seen]:
    """Stirs in bed now and then, once to the bathroom."""
    stirs = [(7.0 + step * 0.7, Room.BEDROOM) for step in range(20)]
    return [*stirs, *bathroom(9.4, 4.0)]


def gets_up_late(seen: list[Seen]) -> list[Seen]:
    """Sleeps in for two and a half hours."""
    return [(6.9, Room.BEDROOM), *((at_h, room) for at_h, room in seen if at_h > 9.6)]


def stays_in_the_bathroom(seen: list[Seen]) -> list[Seen]:
    """Goes in at ten, and is seen there once more, and nowhere else."""
    before = [each for each in seen if each[0] < 9.9]
    return [*before, (9.95, Room.HALL), (10.0, Room.BATHROOM), (10.4, Room.BATHROOM)]


def bathes(seen: list[Seen]) -> list[Seen]:
    """Takes a bath of forty minutes."""
    others = [each for each in seen if not 9.9 < each[0] < 10.7]
    return [*others, *bathroom(10.0, 40.0)]


def is_not_back(seen: list[Seen]) -> list[Seen]:
    """Leaves the bed at three for the bathroom."""
    return [each for each in seen if each[0] < 24] + [(27.0, Room.BEDROOM), (27.01, Room.HALL), (27.02, Room.BATHROOM)]


def is_back_late(seen: list[Seen]) -> list[Seen]:
    """Leaves the bed at three, and is back after half an hour."""
    return [each for each in seen if each[0] < 24] + to_the_bathroom_at_night(27.0, 30.0)


def does_not_eat(seen: list[Seen]) -> list[Seen]:
    """Up all day as ever; nothing moves in the kitchen."""
    return [(at_h, Room.LIVING if room is Room.KITCHEN else room) for at_h, room in seen]


def has_lunch_late(seen: list[Seen]) -> list[Seen]:
    return [(at_h + 2, room) if room is Room.KITCHEN and 11 < at_h < 14 else (at_h, room) for at_h, room in seen]


def walks_about_at_night(seen: list[Seen]) -> list[Seen]:
    """From midnight to three on and off, back in bed between."""
    about = [each for step in range(36) for each in ((24 + step / 12, Room.HALL), (24.05 + step / 12, Room.BEDROOM))]
    return [each for each in seen if each[0] < 24] + about + [(27.5, Room.BEDROOM)]


def is_up_twice(seen: list[Seen]) -> list[Seen]:
    return [*seen, *to_the_bathroom_at_night(25.0, 6.0)]


def goes_out_all_day(seen: list[Seen]) -> list[Seen]:
    """Leaves by the door at eight, and is back at seven in the evening."""
    outside = [each for each in seen if each[0] < 8.1 or each[0] > 19.0]
    return [*outside, (8.15, Room.HALL), (8.17, Room.OUTER_DOOR), (18.95, Room.OUTER_DOOR), (18.97, Room.HALL)]


RINGS: list[tuple[Callable[[list[Seen]], list[Seen]], Watch, float, float]] = [
    (stays_in_bed, Watch.NOT_UP, 9.5, 12.0),
    (stays_in_the_bathroom, Watch.BATHROOM, 10.7, 11.0),
    (is_not_back, Watch.NOT_BACK, 27.7, 28.3),
    (does_not_eat, Watch.NO_MEAL, 7.0, 14.0),
    (walks_about_at_night, Watch.RESTLESS, 32.0, 32.0),
]


@pytest.mark.parametrize(("change", "watch", "from_h", "to_h"), RINGS)
def test_each_watch_tells_once_and_in_time(
    change: Callable[[list[Seen]], list[Seen]], watch: Watch, from_h: float, to_h: float
) -> None:
    (found,) = told(lived(COUNT, change), at_us(LAST, 33.0))
    rule = RULES[watch]
    assert (found.kind, found.stage, found.mild) == (rule.kind, Stage.CONFIRMED, False)
    assert at_us(LAST, from_h) <= found.decided_us <= at_us(LAST, to_h)
    assert found.start_us == found.event_us <= found.decided_us
    assert 0 < found.score < 1
    (reason,) = found.evidence.reasons
    assert (reason.code, tuple(reason.values)) == (rule.code, reasons.REASONS[rule.code])


@pytest.mark.parametrize(
    "change", [list, gets_up_late, bathes, is_back_late, has_lunch_late, is_up_twice, goes_out_all_day]
)
def test_days_as_people_have_them_raise_nothing(change: Callable[[list[Seen]], list[Seen]]) -> None:
    assert told(lived(COUNT, change), at_us(LAST, 30.0)) == []


def test_a_month_of_ordinary_days_raises_nothing() -> None:
    assert told(lived(31), at_us(30, 30.0)) == []


@pytest.mark.parametrize(("change", "watch"), [(each[0], each[1]) for each in RINGS])
def test_nothing_is_told_before_the_home_is_known(change: Callable[[list[Seen]], list[Seen]], watch: Watch) -> None:
    assert told(lived(KNOWN_DAYS, change), at_us(KNOWN_DAYS - 1, 33.0)) == []


@pytest.mark.parametrize(
    ("change", "then"),
    [
        (stays_in_bed, [(22.0, Room.KITCHEN), (22.1, Room.LIVING), (22.2, Room.KITCHEN)]),
        (stays_in_bed, [(22.0, Room.OUTER_DOOR)]),
        (stays_in_the_bathroom, [(13.0, Room.HALL)]),
        (is_not_back, [(29.5, Room.BEDROOM)]),
        (is_not_back, [(31.0, Room.KITCHEN), (31.1, Room.LIVING), (31.2, Room.KITCHEN)]),
        (does_not_eat, [(23.0, Room.KITCHEN)]),
    ],
)
def test_what_was_missed_ends_the_finding_under_its_id_and_says_why_it_was_told(
    change: Callable[[list[Seen]], list[Seen]], then: list[Seen]
) -> None:
    first, over = told(lived(COUNT, lambda seen: change(seen) + then), at_us(LAST, 33.0))[:2]
    assert (over.id, over.stage, over.event_us) == (first.id, Stage.RECOVERED, first.event_us)
    assert over.evidence.reasons[0] == first.evidence.reasons[0]
    assert over.evidence.reasons[1].code == reasons.AS_USUAL_AGAIN
    assert over.end_us == at_us(LAST, then[-1][0])


def test_who_stays_in_bed_for_days_is_told_of_once() -> None:
    days = [*([list(everyday_days.day(n)) for n in range(LAST)]), *([stays_in_bed([])] * 3)]
    found = told(signs(days), at_us(LAST + 2, 30.0))
    assert codes(found) == [(reasons.NOT_UP, Stage.CONFIRMED)]


def test_a_restless_night_is_over_with_the_next_and_told_in_the_morning_alone() -> None:
    nights = [everyday_days.day(n) for n in range(LAST)]
    restless = walks_about_at_night(everyday_days.day(LAST))
    found = told(
        signs([*nights, restless, everyday_days.day(LAST + 1), everyday_days.day(LAST + 2)]), at_us(LAST + 3, 6)
    )
    first, over = found
    assert first.decided_us == at_us(LAST + 1, 8.0)
    assert over.stage is Stage.RECOVERED
    assert at_us(LAST + 2, 5.0) <= over.decided_us <= at_us(LAST + 2, 8.0)


def test_a_limit_follows_the_home_and_not_one_day() -> None:
    def later(number: int) -> list[Seen]:
        """Awake at seven, and up four hours later than ever before."""
        day = [each for each in everyday_days.day(number) if 7.3 < each[0] < 18]
        return [(7.0, Room.BEDROOM), *((at_h + 4.0, room) for at_h, room in day), (22.4, Room.BEDROOM)]

    days = [*(everyday_days.day(n) for n in range(14)), *(later(n) for n in range(14, 28))]
    found = told(signs(days), at_us(28, 4.0))
    told_on = [(each.decided_us - MIDNIGHT_US) // DAY_US for each in found if each.stage is Stage.CONFIRMED]
    assert told_on[:2] == [14, 15]
    assert len(told_on) < 6
    assert told_on[-1] < 21


# -- where the sensors cannot know -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "gone"),
    [
        (stays_in_bed, {Room.KITCHEN, Room.LIVING}),
        (stays_in_the_bathroom, {Room.BEDROOM}),
        (is_not_back, {Room.HALL, Room.BATHROOM, Room.KITCHEN, Room.LIVING}),
        (walks_about_at_night, {Room.BEDROOM}),
    ],
)
def test_a_home_without_the_sensors_that_a_watch_needs_is_not_judged(
    change: Callable[[list[Seen]], list[Seen]], gone: set[Room]
) -> None:
    left = [each for each in lived(COUNT, change) if each.room not in gone]
    assert told(left, at_us(LAST, 33.0)) == []


@pytest.mark.parametrize("room", [Room.KITCHEN, Room.OTHER, Room.BEDROOM])
def test_a_home_with_one_room_only_is_not_judged(room: Room) -> None:
    one = [replace(each, room=room, device="pir") for each in lived(COUNT, does_not_eat)]
    assert told(one, at_us(LAST, 33.0)) == []


@pytest.mark.parametrize("case", [each[:2] for each in RINGS])
def test_of_two_who_live_there_only_that_nobody_is_up_can_be_told(
    case: tuple[Callable[[list[Seen]], list[Seen]], Watch],
) -> None:
    change, watch = case
    detector = EverydayDetector()
    for name in ("r1", "r2"):
        detector.configure(ResidentConfig(resident=name, unit="u1", version=1), MIDNIGHT_US)
    found = told(lived(COUNT, change), at_us(LAST, 33.0), detector)
    assert [each.resident for each in found] == (["r1"] if watch is Watch.NOT_UP else [])
    detector.configure(ResidentConfig(resident="r3", unit="u1", version=1), MIDNIGHT_US)
    assert all(home.limit(Watch.NOT_UP) is None for home in detector.homes.values())


def test_a_kitchen_sensor_that_says_it_is_dead_or_stopped_its_reports_is_no_missed_meal() -> None:
    dead = sign(at_us(LAST, 6.0), Room.KITCHEN, moved=False, alive=False)
    ordinary = lived(COUNT, does_not_eat)
    assert told([*ordinary, dead], at_us(LAST, 24.0)) == []
    reports = [sign(at_us(0, hour), Room.KITCHEN, moved=False) for hour in range(24 * LAST + 4)]
    assert told([*ordinary, *reports], at_us(LAST, 24.0)) == []
    still = [sign(at_us(LAST, hour), Room.KITCHEN, moved=False) for hour in range(4, 24)]
    assert codes(told([*ordinary, *reports, *still], at_us(LAST, 22.0))) == [(reasons.NO_MEAL, Stage.CONFIRMED)]


def test_a_worn_button_is_no_sign_of_a_room() -> None:
    given = lived(COUNT, stays_in_bed)
    worn = [replace(sign(at_us(LAST, hour), Room.LIVING), device="w1", resident="r1") for hour in (7.1, 7.2, 7.3, 7.4)]
    assert codes(told([*given, *worn], at_us(LAST, 20.0))) == [(reasons.NOT_UP, Stage.CONFIRMED)]


# -- left off by people ------------------------------------------------------------------------------------------------


def lives(resident: str = "r1", version: int = 1, *off: str) -> ResidentConfig:
    return ResidentConfig(resident=resident, unit="u1", version=version, off=off)


@pytest.mark.parametrize(("change", "watch"), [ring[:2] for ring in RINGS])
def test_a_watch_that_people_left_off_says_nothing_learns_and_is_on_again_when_they_want_it(
    change: Callable[[list[Seen]], list[Seen]], watch: Watch
) -> None:
    detector, never_off = EverydayDetector(), EverydayDetector()
    code = RULES[watch].code
    for each, config in ((detector, lives("r1", 1, code)), (never_off, lives())):
        each.configure(config, MIDNIGHT_US)
    assert told(lived(COUNT, change), at_us(LAST, 33.0), detector) == []
    assert codes(told(lived(COUNT, change), at_us(LAST, 33.0), never_off)) == [(code, Stage.CONFIRMED)]
    assert {each.watch: each.state for each in detector.known("u1")}[code] is Watched.LEFT_OFF
    assert detector.homes["u1"].habits == never_off.homes["u1"].habits
    detector.configure(lives("r1", 2), at_us(LAST, 33.0))
    assert {each.watch: each.state for each in detector.known("u1")}[code] is not Watched.LEFT_OFF
    feed(detector, [at_us(LAST, 33.1)])
    assert detector.homes["u1"].people["r1"].off == ()


def test_another_watch_that_was_left_off_keeps_none_silent() -> None:
    detector = EverydayDetector()
    detector.configure(lives("r1", 1, "inactivity", "not_up", "no_such_watch"), MIDNIGHT_US)
    found = told(lived(COUNT, does_not_eat), at_us(LAST, 20.0), detector)
    assert codes(found) == [(reasons.NO_MEAL, Stage.CONFIRMED)]


def test_a_watch_that_is_off_stays_silent_when_another_speaks_later() -> None:
    def is_in_the_bathroom_from_seven(seen: list[Seen]) -> list[Seen]:
        return [(7.0, Room.BEDROOM), (7.02, Room.HALL), (7.05, Room.BATHROOM), (7.4, Room.BATHROOM)]

    for off, wanted in ((), [reasons.LONG_IN_BATHROOM]), ((reasons.LONG_IN_BATHROOM,), [reasons.NOT_UP]):
        detector = EverydayDetector()
        detector.configure(lives("r1", 1, *off), MIDNIGHT_US)
        found = told(lived(COUNT, is_in_the_bathroom_from_seven), at_us(LAST, 20.0), detector)
        assert codes(found) == [(code, Stage.CONFIRMED) for code in wanted]


def test_a_watch_is_left_off_in_a_home_only_when_all_who_live_there_want_so() -> None:
    detector = EverydayDetector()
    for config in (lives("r1", 1, reasons.NOT_UP), lives("r2")):
        detector.configure(config, MIDNIGHT_US)
    assert codes(told(lived(COUNT, stays_in_bed), at_us(LAST, 20.0), detector)) == [(reasons.NOT_UP, Stage.CONFIRMED)]


# -- absent, blind, new ------------------------------------------------------------------------------------------------


def test_who_is_away_is_not_missed_and_an_absence_ends_what_was_told() -> None:
    detector = EverydayDetector()
    away = ResidentConfig(resident="r1", unit="u1", version=1, absent_until_us=at_us(LAST, 48.0))
    assert codes(told(lived(COUNT, does_not_eat), at_us(LAST, 20.0), detector)) == [(reasons.NO_MEAL, Stage.CONFIRMED)]
    (over,) = detector.configure(away, at_us(LAST, 20.0))
    assert (over.stage, over.evidence.reasons[1].code) == (Stage.RECOVERED, reasons.KNOWN_ABSENT)
    # a neighbour waters the flowers
    assert feed(detector, [sign(at_us(LAST, 21.0 + step), Room.LIVING) for step in range(12)]) == []
    assert detector.homes["u1"].day.up < 0


def test_a_platform_that_stood_still_rings_for_nobody_at_its_return_and_learns_nothing_from_it() -> None:
    detector = EverydayDetector()
    told(lived(COUNT, stays_in_the_bathroom), at_us(LAST, 10.1), detector)
    learnt = detector.learnt("u1")
    back_us = at_us(LAST, 10.1) + BLIND_US + 20 * HOUR_US
    assert feed(detector, [back_us, back_us + MINUTE_US, sign(back_us, Room.KITCHEN), back_us + 5 * MINUTE_US]) == []
    assert [len(days) for days in detector.homes["u1"].habits][Watch.BATHROOM] <= LAST + 1
    assert learnt != b""
    assert all(value < 60 for _, value in detector.homes["u1"].habits[Watch.BATHROOM])


def test_a_gap_of_days_raises_nothing_and_teaches_nothing() -> None:
    before = lived(COUNT)
    after = [replace(each, event_us=each.event_us + (COUNT + 6) * DAY_US, key=f"{each.key}+") for each in lived(2)]
    detector = EverydayDetector()
    assert told([*before, *after], at_us(COUNT + 7, 30.0), detector) == []
    ups = dict(detector.homes["u1"].habits[Watch.NOT_UP])
    assert max(ups.values()) < 4 * 60


def test_the_settings_are_what_they_are_called() -> None:
    times = []
    for setting in (Sensitivity.KEENER, Sensitivity.NORMAL, Sensitivity.CALMER):
        detector = EverydayDetector()
        detector.configure(ResidentConfig(resident="r1", unit="u1", version=1, sensitivity=setting), MIDNIGHT_US)
        (found,) = told(lived(COUNT, does_not_eat), at_us(LAST, 23.0), detector)
        times.append(found.decided_us)
    assert times == sorted(times)
    assert times[0] < times[-1]


def test_a_watch_that_is_off_says_nothing() -> None:
    detector = EverydayConfig(off=frozenset(Watch)).build()
    given = lived(COUNT, walks_about_at_night)
    assert told(given, at_us(LAST, 33.0), detector) == []
    assert detector.due() is None


def test_who_looks_at_a_home_is_told_which_watches_are_on_and_their_limits_of_today() -> None:
    detector = EverydayConfig(off=frozenset({Watch.RESTLESS})).build()
    assert detector.known("u1") == ()
    feed(detector, with_ticks(lived(3), at_us(2, 24.0)))
    assert {each.watch: each.state for each in detector.known("u1")} == {
        rule.code: Watched.LEFT_OFF if watch is Watch.RESTLESS else Watched.LEARNING for watch, rule in RULES.items()
    }
    detector = EverydayDetector()
    without_bath = [each for each in lived(COUNT) if each.room is not Room.BATHROOM]
    feed(detector, with_ticks(without_bath, at_us(LAST, 24.0)))
    known = {each.watch: each for each in detector.known("u1")}
    assert known[reasons.LONG_IN_BATHROOM].state is Watched.OFF
    up = known[reasons.NOT_UP]
    assert up.state is Watched.ON
    assert up.usual is not None
    assert up.limit is not None
    assert 7 * 60 < up.usual < 8 * 60 < 10 * 60 <= up.limit < 11 * 60
    detector.meet("u1", "r1")
    detector.meet("u1", "r2")
    assert [each.watch for each in detector.known("u1") if each.state is Watched.ON] == [reasons.NOT_UP]


def test_somebody_who_was_sent_for_is_not_sent_for_again() -> None:
    def neither_up_nor_fed(seen: list[Seen]) -> list[Seen]:
        return [*stays_in_bed(seen), (9.0, Room.LIVING), (9.2, Room.LIVING)]

    found = told(lived(COUNT, neither_up_nor_fed), at_us(LAST, 22.0))
    assert codes(found) == [(reasons.NOT_UP, Stage.CONFIRMED)]


# -- state -------------------------------------------------------------------------------------------------------------


def test_what_another_detector_learnt_is_taken_over_where_it_was_asked_for() -> None:
    old = EverydayDetector()
    told(lived(COUNT - 1), at_us(LAST, 4.0), old)
    fresh = EverydayDetector()
    given = [each for each in lived(COUNT, does_not_eat) if each.event_us > at_us(LAST, 4.0)]
    assert feed(fresh, [at_us(LAST, 4.0), given[0]]) == []
    token = fresh.asks["u1"]
    for asked, model in (("other", HABITS), (token, "everyday-0")):
        fresh.learn(RoutineConfig(unit="u1", model=model, asked=asked, state=b"\xc1"))
        assert fresh.homes["u1"].ask is not None
    fresh.learn(RoutineConfig(unit="u1", model=HABITS, asked=token, state=old.learnt("u1")))
    assert fresh.homes["u1"].ask is None
    assert fresh.homes["u1"].habits == old.homes["u1"].habits
    ticks = range(at_us(LAST, 6.0), at_us(LAST, 22.0), 5 * MINUTE_US)
    items: list[Sign | int] = sorted(
        [*given[1:], *ticks], key=lambda item: item if isinstance(item, int) else item.event_us
    )
    assert codes(feed(fresh, items)) == [(reasons.NO_MEAL, Stage.CONFIRMED)]


@pytest.mark.parametrize("state", [b"\xc1", pack_learnt(Learnt()), pack_learnt(Learnt([[]] * (len(Watch) + 1)))])
def test_an_answer_that_does_not_fit_is_an_error_and_the_asking_stands(state: bytes) -> None:
    host = Host()
    host.everyday.expect("u1", "mine")
    host.update([config_reading(RoutineConfig(unit="u1", model=HABITS, asked="mine", state=state), 1, 1)])
    assert [error.split(":")[0] for _, error in host.errors] == ["OtherSnapshot"]
    assert host.everyday.homes["u1"].ask is not None


def test_the_state_of_a_home_is_bounded() -> None:
    detector = EverydayDetector()
    long = f"u1-a-sensor-with-a-long-name-of-its-own-{'x' * 24}"
    crowd = [
        replace(sign(MIDNIGHT_US + n * MINUTE_US, Room(n % 7)), device=f"{long}-{n % 300}")
        for n in range(3 * DEVICES_KEPT)
    ]
    known = lived(KEPT_DAYS + 12)
    again = [
        replace(each, event_us=known[-1].event_us + each.event_us - MIDNIGHT_US, place="a place's id") for each in crowd
    ]
    feed(detector, [*crowd, *known, *again])
    for number in range(20):
        detector.configure(ResidentConfig(resident=f"re_{number}", unit="u1", version=1), MIDNIGHT_US)
    assert len(detector.homes["u1"].sensors) == DEVICES_KEPT
    assert len(detector.homes["u1"].life.sensors) > DEVICES_KEPT // 2
    assert len(detector.snapshot()) <= 16384


def test_a_home_that_breaks_stops_no_other() -> None:
    detector = EverydayDetector()
    broken = replace(lived(1)[0], unit="u2", event_us=None)
    feed(detector, [*lived(2), broken, lived(3)[-1]])
    assert [key for key, _ in detector.errors] == [broken.key]
    assert set(detector.homes) == {"u1"}


def test_the_host_hears_homes_and_who_is_away() -> None:
    host = Host()
    away = ResidentConfig(resident="r1", unit="u1", version=1, absent_until_us=at_us(5, 0.0))
    host.update([config_reading(away, MIDNIGHT_US, MIDNIGHT_US)])
    assert host.everyday.homes["u1"].empty
    assert host.asks_of_habits() == {"u1": "r1:1@0"}
    assert "u1" in host.changed()
