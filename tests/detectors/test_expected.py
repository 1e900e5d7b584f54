"""What was expected is told with each alert of a home's rhythm: right, small, and the same when it is over."""

from collections.abc import Callable

import msgspec
import pytest

from detectors.everyday import EverydayDetector
from detectors.inactivity import InactivityDetector
from detectors.inactivity_expected import KNOWN_DAYS, expected, lively
from detectors.inactivity_model import Outlook
from detectors.routine import DAY_US, HOUR_US, MINUTE_US, Room, Routine
from detectors.routine_features import EDGES
from schemas import finding as wire
from schemas.finding import Evidence, Expected, Finding
from tests.detectors import everyday_days, homes
from tests.detectors.everyday_days import Seen, at_us, lived
from tests.detectors.homes import MIDNIGHT_US, days, feed, sign, with_ticks

#: With everything that it can hold; none holds all. The rest of a finding has some 420.
MOST_BYTES = 240
CHINA_MIN = 480
#: Twenty-one days are known, then everything stops at eleven.
STOP_US = MIDNIGHT_US + 21 * DAY_US + 11 * HOUR_US
AGAIN = sign(STOP_US + 10 * HOUR_US, Room.KITCHEN)


def of(found: Finding) -> Expected:
    assert found.evidence.expected is not None
    return found.evidence.expected


def silence(known_days: int = 22) -> list[Finding]:
    """On the last of so many days everything stops at eleven; at nine in the evening somebody moves again."""
    until_us = AGAIN.event_us - (22 - known_days) * DAY_US
    signs = [*days(known_days, until_h=11.0), sign(until_us, Room.KITCHEN)]
    return feed(InactivityDetector(), with_ticks(signs, until_us))


def test_a_silence_is_told_with_when_its_like_end_and_when_somebody_is_about() -> None:
    told, over = silence()
    known = of(told)
    assert (known.start_us, known.rang_us, known.utc_offset_min) == (told.event_us, told.decided_us, CHINA_MIN)
    assert known.usual is not None and known.limit is not None
    assert 30 <= known.usual < known.limit <= (known.rang_us - known.start_us) // MINUTE_US
    assert known.usual == pytest.approx(told.evidence.reasons[0].values["usual_h"] * 60, abs=1)
    assert len(known.lively) == 48
    assert min(known.lively[15:44]) >= 90, "up and about from seven to ten"
    assert max(known.lively[:6]) <= 10, "nobody is up before the walk to the bathroom at three"
    assert 30 <= known.lively[6] <= 70, "on every second night somebody goes to the bathroom then"
    assert known.days in (20, 21)
    assert of(over) == known, "what was expected is what it was when it rang"


def test_a_home_that_is_hardly_known_does_not_say_when_somebody_is_about() -> None:
    known = of(silence(6)[0])
    assert (known.lively, known.days) == ((), 5)
    assert known.usual is not None


def test_a_half_hour_in_which_nobody_ever_moves_is_at_nought_from_the_first_week_on() -> None:
    routine = Routine()
    for number in range(KNOWN_DAYS + 1):
        for at_h in range(8, 20):
            routine.take(number * DAY_US + at_h * HOUR_US, Room.LIVING)
    shares = lively(routine)
    assert max(shares[:15]) <= 6
    assert min(shares[18:39:2]) >= 94
    assert lively(Routine()) == ()


def test_time_in_which_nobody_could_be_heard_moves_what_is_expected() -> None:
    signs = with_ticks(days(22, until_h=11.0), STOP_US + 40 * HOUR_US)
    gone = (STOP_US + HOUR_US, STOP_US + 3 * HOUR_US)
    heard = [each for each in signs if not (isinstance(each, int) and gone[0] < each < gone[1])]
    (told,) = feed(InactivityDetector(), heard)
    assert of(told).start_us - told.event_us == pytest.approx(2 * HOUR_US, abs=15 * MINUTE_US)


def test_a_silence_that_may_last_for_ever_has_no_limit() -> None:
    endless = Outlook(EDGES * 0 + 0.5)
    known = expected(Routine(), endless, 0, HOUR_US, 0)
    assert (known.usual, known.limit) == (None, None)


# -- everyday watches --------------------------------------------------------------------------------------------------


def watch(change: Callable[[list[Seen]], list[Seen]], until_us: int) -> Finding:
    given = [each for each in lived(15, change) if each.event_us <= until_us]
    return feed(EverydayDetector(), with_ticks(given, until_us))[0]


def stays_in_bed(seen: list[Seen]) -> list[Seen]:
    return [(7.0 + step * 0.7, Room.BEDROOM) for step in range(20)]


def in_bathroom(seen: list[Seen]) -> list[Seen]:
    return [*(each for each in seen if each[0] < 9.9), (10.0, Room.BATHROOM)]


def no_meal(seen: list[Seen]) -> list[Seen]:
    return [(h, Room.LIVING if room is Room.KITCHEN else room) for h, room in seen]


def up_all_night(seen: list[Seen]) -> list[Seen]:
    return [*seen, *((23.2 + step * 0.1, Room.LIVING) for step in range(50))]


def test_who_is_not_up_is_told_with_when_they_were_on_other_days() -> None:
    told = watch(stays_in_bed, at_us(14, 14.0))
    known = of(told)
    assert known.start_us == at_us(14, 5.0), "minutes of rising count from dawn"
    assert known.rang_us == told.decided_us
    assert known.usual is not None and known.limit is not None
    values = told.evidence.reasons[0].values
    assert 5 + known.usual / 60 == pytest.approx(values["usual_at"], abs=0.02)
    assert 5 + known.limit / 60 == pytest.approx(values["late_at"], abs=0.02)
    assert len(known.others) == known.days == 13
    assert all(110 <= minutes <= 180 for minutes in known.others), "up by seven each day"


def test_a_long_stay_is_told_with_the_longest_of_other_days() -> None:
    told = watch(in_bathroom, at_us(14, 14.0))
    known = of(told)
    assert known.start_us == told.event_us == at_us(14, 10.0)
    assert known.limit == round(told.evidence.reasons[0].values["min"])
    assert known.usual == round(told.evidence.reasons[0].values["usual_min"])
    assert all(0 < minutes < 20 for minutes in known.others)


def test_without_a_meal_waking_time_is_counted_back_from_when_it_rang() -> None:
    told = watch(no_meal, at_us(14, 16.0))
    known = of(told)
    assert (known.rang_us - known.start_us) / HOUR_US == pytest.approx(told.evidence.reasons[0].values["h"], abs=0.06)
    assert told.event_us < known.start_us, "the night before does not count"
    assert known.limit is not None
    assert known.start_us + known.limit * MINUTE_US <= known.rang_us


def test_a_restless_night_is_told_with_the_nights_before_it_and_not_with_itself() -> None:
    given = everyday_days.signs([*(everyday_days.day(n) for n in range(14)), up_all_night(everyday_days.day(14))])
    given += [sign(each.event_us + 15 * DAY_US, each.room) for each in everyday_days.signs([everyday_days.day(15)])]
    found = feed(EverydayDetector(), with_ticks(given, at_us(15, 9.0)))
    (told,) = [each for each in found if each.evidence.reasons[0].code == "restless_night"]
    known, values = of(told), told.evidence.reasons[0].values
    assert known.limit is None
    assert known.usual == values["usual_min"]
    assert max(known.others) < values["min"]
    assert len(known.others) == known.days == 14


# -- the wire ----------------------------------------------------------------------------------------------------------


def test_it_is_small_and_survives_the_wire() -> None:
    for told in (silence()[0], watch(stays_in_bed, at_us(14, 14.0)), watch(no_meal, at_us(14, 16.0))):
        assert wire.decode(wire.encode(told)) == told
        whole = of(told)
        full = msgspec.structs.replace(whole, others=tuple(range(700, 728)), lively=(100,) * 48)
        assert len(msgspec.msgpack.encode(full)) <= MOST_BYTES


def test_a_finding_of_before_it_was_kept_decodes() -> None:
    told = silence()[0]
    old = msgspec.to_builtins(told)
    del old["evidence"]["expected"]
    decoded = wire.decode(msgspec.msgpack.encode(old))
    assert decoded.evidence.expected is None
    assert decoded.evidence.reasons == told.evidence.reasons
    assert msgspec.convert(wire.to_builtins(told.evidence), Evidence) == told.evidence


def test_an_older_snapshot_still_ends_what_it_told() -> None:
    """What was said before reasons were kept is over by the reason of its end alone."""
    detector = InactivityDetector()
    (told,) = feed(detector, with_ticks(homes.days(7, until_h=11.0), MIDNIGHT_US + 6 * DAY_US + 21 * HOUR_US))
    home = detector.homes["u1"]
    assert home.said is not None
    home.said = msgspec.structs.replace(home.said, reason=None, expected=None)
    later = InactivityDetector()
    later.restore(detector.snapshot())
    (over,) = later.update([sign(told.decided_us + HOUR_US, Room.KITCHEN)])
    assert [each.code for each in over.evidence.reasons] == ["active_again"]
    assert over.evidence.expected is None
