"""Out of a zone, far from the known, out at night, lost, silent; and what calms all that."""

from collections.abc import Sequence
from functools import cache

import msgspec
import pytest

from detectors import reasons
from detectors.whereabouts import WhereaboutsConfig, WhereaboutsDetector
from detectors.whereabouts_known import Known, home_of
from schemas import finding as wire
from schemas.config import Sensitivity
from schemas.finding import Finding, FindingKind, Stage
from schemas.local_time import LocalTime
from schemas.reading import Observation, Reading
from tests.detectors.goings import (
    AT_HOME,
    DAUGHTER,
    DAY,
    ELSEWHERE,
    HOUR,
    MARKET,
    MINUTE,
    MONDAY_US,
    SECOND,
    Phone,
    days,
    feed,
    resident,
    square,
    ticked,
)  # fmt: skip
from tests.detectors.wanders import sensed

WEEKS = 29  # days of a life that is known


@cache
def known_life(count: int = WEEKS) -> tuple[bytes, int]:
    """The state after so many ordinary days, and when that is."""
    detector = WhereaboutsConfig().build()
    phone = days(Phone(each_s=900.0), 0, count)
    assert [one for one in feed(detector, [resident(), *phone.sent]) if one.stage is Stage.CONFIRMED] == []
    return detector.snapshot(), phone.at_us


def knowing(count: int = WEEKS) -> tuple[WhereaboutsDetector, Phone]:
    """A detector that knows the person, and their phone at home at midnight after."""
    detector = WhereaboutsConfig().build()
    state, at_us = known_life(count)
    detector.restore(state)
    return detector, Phone(at_us, seed=7)


def codes(found: Finding) -> list[str]:
    return [reason.code for reason in found.evidence.reasons]


def loud(found: Sequence[Finding]) -> list[Finding]:
    return [one for one in found if one.stage is Stage.CONFIRMED]


def told(found: Sequence[Finding], code: str) -> Finding:
    return next(one for one in found if code in codes(one) and one.stage is not Stage.RECOVERED)


# -- a drawn zone ------------------------------------------------------------------------------------------------------


def in_zone(metres: float = 300.0, **given: object) -> tuple[WhereaboutsDetector, Phone]:
    detector = WhereaboutsConfig().build()
    detector.update([square(metres, **given)])
    return detector, Phone().stay(1800)


def test_leaving_a_drawn_zone_is_told_within_a_minute_of_good_fixes_from_the_first_day() -> None:
    detector, phone = in_zone()
    crosses_us = phone.at_us + 300 * SECOND
    found = feed(detector, phone.go((600.0, 0.0)).sent)
    assert [one.stage for one in found] == [Stage.CONFIRMED]
    one = found[0]
    assert (one.kind, one.mild, one.resident) == (FindingKind.WANDERING, False, "r1")
    assert one.decided_us - crosses_us <= 75 * SECOND
    assert abs(one.event_us - crosses_us) <= 30 * SECOND
    numbers = next(reason.values for reason in one.evidence.reasons if reason.code == reasons.LEFT_ZONE)
    assert 5 <= numbers["m"] <= 80 and set(numbers) == set(reasons.REASONS[reasons.LEFT_ZONE])
    assert {"lat", "lon", "accuracy_m"} <= set(one.evidence.features)


def test_inside_again_it_is_over_and_one_leaving_is_one_finding() -> None:
    detector, phone = in_zone()
    phone.go((900.0, 0.0)).stay(600, 30).go(AT_HOME).stay(600, 30)
    found = feed(detector, phone.sent)
    assert [(one.stage, codes(one)[0]) for one in found] == [
        (Stage.CONFIRMED, reasons.LEFT_ZONE), (Stage.RECOVERED, reasons.BACK_IN_ZONE),
    ]  # fmt: skip
    assert found[0].id == found[1].id


def test_one_position_that_is_wrong_by_1400_m_tells_nothing_nor_do_three_that_are() -> None:
    for count in (1, 3):
        detector, phone = in_zone()
        for _ in range(20):
            phone.stay(120, 30)
            for _ in range(count):
                phone.at_us += 30 * SECOND
                phone.tell((1400.0, 200.0), 15.0)
        assert feed(detector, phone.sent) == []


def test_an_error_that_explains_it_tells_nothing() -> None:
    for seed in range(5):
        detector = WhereaboutsConfig().build()
        phone = Phone(seed=seed).stay(1800).go((250.0, 0.0)).stay(7200, 60, error_m=400.0)
        assert feed(detector, [square(300.0), *phone.sent]) == []


def test_an_accuracy_that_is_not_told_is_assumed_and_a_clear_leaving_is_told_all_the_same() -> None:
    detector = WhereaboutsConfig().build()
    phone = Phone(accuracy=None).stay(1800).go((700.0, 0.0))
    assert len(loud(feed(detector, [square(300.0), *phone.sent]))) == 1


def test_a_bus_out_of_the_zone_is_leaving_it() -> None:
    detector, phone = in_zone()
    found = loud(feed(detector, phone.go((3000.0, 0.0), speed=9.0).sent))
    assert found and codes(found[0])[0] == reasons.LEFT_ZONE
    assert found[0].decided_us - found[0].event_us <= 90 * SECOND
    assert reasons.RIDES_AWAY in codes(found[0])


def test_another_zone_counts_from_its_place_in_the_stream_and_none_drawn_tells_nothing() -> None:
    detector, phone = in_zone()
    out = loud(feed(detector, phone.go((700.0, 0.0)).sent))
    assert out
    phone.sent.clear()
    wider = square(2000.0, version=2)
    found = feed(detector, [wider, *phone.stay(300, 30).sent])
    assert [one.stage for one in found] == [Stage.RECOVERED]
    other = WhereaboutsConfig().build()
    assert feed(other, [resident(), *Phone().stay(1800).go((900.0, 0.0)).sent]) == []


def test_who_is_known_to_be_away_leaves_no_zone() -> None:
    detector = WhereaboutsConfig().build()
    phone = Phone().stay(1800).go((900.0, 0.0))
    away = square(300.0, absent_until_us=MONDAY_US + DAY)
    assert feed(detector, [away, *phone.sent]) == []


def test_a_backlog_of_hours_ago_is_no_news_but_its_newest_position_is() -> None:
    detector, phone = in_zone()
    count = len(phone.sent)
    phone.go((900.0, 0.0)).stay(7200, 60)
    heard_us = phone.at_us
    late = [msgspec.structs.replace(each, arrival_us=heard_us) for each in phone.sent[count:]]
    found = feed(detector, phone.sent[:count] + late)
    assert [one.decided_us >= heard_us - 16 * MINUTE for one in found] == [True]
    backwards = WhereaboutsConfig().build()
    found = feed(backwards, [square(300.0), *phone.sent[:count], *reversed(late), *phone.stay(120, 30).sent[-4:]])
    assert [one.stage for one in found] == [Stage.CONFIRMED]


# -- what is learnt ----------------------------------------------------------------------------------------------------


def test_home_market_and_daughter_are_learnt_with_their_hours() -> None:
    detector, _ = knowing()
    known = detector.homes["u1"].people["r1"].known
    home = home_of(known)
    assert home is not None and abs(home.x) < 30 and abs(home.y) < 30
    spots = {(round(p.y, -2), round(p.x, -2)) for p in known.places}
    assert {AT_HOME, (400.0, 200.0), (-1500.0, 900.0)} <= spots or {AT_HOME, MARKET, DAUGHTER} <= spots
    assert known.out[9] > 0.8 * known.heard[9] and known.out[3] == 0.0


def test_a_picture_of_years_of_wandering_about_stays_small() -> None:
    detector, phone = knowing()
    home = detector.homes["u1"].people["r1"]
    for i in range(60):
        phone.go((-3000.0 + 97 * i, 4000.0 - 171 * i), speed=20.0).stay(1500).go((3000.0 - 31 * i, -2000.0), speed=2.0)
        phone.until(WEEKS + i + 1, 12)
    feed(detector, phone.sent)
    assert len(msgspec.msgpack.encode(home.known)) <= 4608
    assert len(msgspec.msgpack.encode(home)) <= 8192


def test_nowhere_is_unusual_before_a_week_is_known() -> None:
    detector = WhereaboutsConfig().build()
    phone = days(Phone(each_s=900.0), 0, 5)
    phone.until(5, 10).go(ELSEWHERE).stay(3600).go(AT_HOME)
    assert [one for one in feed(detector, [resident(), *phone.sent]) if reasons.FAR_FROM_KNOWN in codes(one)] == []


def test_far_from_all_that_is_known_is_told_to_be_looked_at_once_an_outing() -> None:
    detector, phone = knowing()
    phone.until(WEEKS, 10).go(ELSEWHERE).stay(1800).go(AT_HOME).stay(1200)
    found = feed(detector, phone.sent)
    assert [one.stage for one in found] == [Stage.CONFIRMED, Stage.RECOVERED]
    one = told(found, reasons.FAR_FROM_KNOWN)
    assert one.mild and one.evidence.reasons[0].values["m"] >= 300


def test_known_ways_and_places_tell_nothing_for_weeks_on_end() -> None:
    detector, phone = knowing()
    assert feed(detector, days(phone, WEEKS, WEEKS + 21).sent) == []


def test_who_goes_to_new_places_each_week_is_not_told_of_each_week() -> None:
    detector = WhereaboutsConfig().build()
    phone = days(Phone(each_s=900.0), 0, 7)
    for week in range(1, 12):
        phone = days(phone, 7 * week, 7 * week + 3)
        north, east = 1500.0 * (-1) ** week + 211 * week, 1400.0 * (-1) ** (week // 2) - 173 * week
        phone.until(7 * week + 3, 13).go((north, east)).stay(2400).go(AT_HOME)
        phone = days(phone, 7 * week + 4, 7 * week + 7)
    found = loud(feed(detector, [resident(), *phone.sent]))
    assert len(found) <= 1


def test_how_soon_to_speak_is_heeded() -> None:
    def rung(sensitivity: Sensitivity) -> int:
        detector, phone = knowing(22)
        detector.update([resident(version=2, sensitivity=sensitivity)])
        return len(loud(feed(detector, phone.until(22, 10).go(ELSEWHERE).sent)))

    assert (rung(Sensitivity.CALMER), rung(Sensitivity.NORMAL)) == (0, 1)


def test_a_ride_past_what_was_never_walked_to_a_known_place_tells_nothing() -> None:
    detector, phone = knowing()
    assert feed(detector, phone.until(WEEKS, 10).go(DAUGHTER, speed=7.0).stay(3600).go(AT_HOME, speed=7.0).sent) == []


# -- the hour ----------------------------------------------------------------------------------------------------------


def test_leaving_home_at_3_is_told_in_the_first_nights_already() -> None:
    detector = WhereaboutsConfig().build()
    phone = days(Phone(each_s=900.0), 0, 1)
    begun_us = phone.until(1, 3).at_us
    found = loud(feed(detector, [resident(), *phone.go((400.0, 0.0)).sent]))
    assert [codes(one)[0] for one in found] == [reasons.OUT_AT_UNUSUAL_HOUR]
    assert not found[0].mild and found[0].decided_us - begun_us <= 5 * MINUTE
    assert found[0].evidence.reasons[0].values["hour"] == 3.0


def test_the_night_is_by_the_homes_own_clock() -> None:
    """3 in the night in China is 8 in the evening in London."""
    detector = WhereaboutsConfig().build()
    phone = days(Phone(each_s=900.0), 0, 1).until(1, 3).go((400.0, 0.0))
    found = loud(feed(detector, [resident(clock=LocalTime(0)), *phone.sent]))
    assert [one for one in found if one.event_us >= MONDAY_US + DAY] == []
    assert [one.event_us < MONDAY_US + 10 * HOUR for one in found] == [True], "9 in China is 1 in the night there"


def test_who_leaves_each_night_is_told_of_each_night() -> None:
    detector, phone = knowing()
    for night in range(20):
        phone.until(WEEKS + night, 3).go((500.0, -200.0)).go(AT_HOME)
        phone.until(WEEKS + night, 9).go(MARKET).stay(1800).go(AT_HOME)
    found = [one for one in loud(feed(detector, phone.sent)) if one.update == 0]
    assert len(found) == 20


def test_a_walk_at_five_that_is_a_habit_is_none_of_our_business() -> None:
    detector = WhereaboutsConfig().build()
    phone = Phone(each_s=900.0)
    for day in range(20):
        phone.until(day, 5.2).go(MARKET).stay(900).go(AT_HOME)
    found = feed(detector, [resident(), *phone.sent])
    assert loud(found) == [] and [one for one in found if one.event_us > MONDAY_US + 10 * DAY] == []


def test_a_phone_that_does_not_know_where_it_is_at_night_tells_nothing() -> None:
    detector, phone = knowing()
    for i in range(60):
        phone.stay(600, 300, error_m=60.0 + 10 * i)
        if i % 7 == 0:
            phone.at_us += 300 * SECOND
            phone.tell((1000.0, -900.0), 20.0)
    assert feed(detector, phone.sent) == []


# -- lost --------------------------------------------------------------------------------------------------------------


def test_far_from_all_known_and_round_and_back_is_lost() -> None:
    detector, phone = knowing()
    phone.until(WEEKS, 10).go(ELSEWHERE)
    n, e = ELSEWHERE
    for _ in range(4):
        phone.go((n + 150, e)).stay(60, 10).go((n + 150, e + 150)).go((n, e + 100)).stay(60, 10).go((n + 100, e))
        phone.go((n, e))
    found = loud(feed(detector, phone.sent))
    assert [(one.update, one.mild) for one in found] == [(0, True), (1, False)]
    assert codes(found[1])[0] == reasons.LOST_THERE
    assert found[1].decided_us - found[0].decided_us <= 60 * MINUTE


def test_walking_with_purpose_to_a_place_never_seen_is_not_lost() -> None:
    detector, phone = knowing()
    found = feed(detector, phone.until(WEEKS, 10).go(ELSEWHERE).stay(3600).sent)
    assert [one for one in found if reasons.LOST_THERE in codes(one)] == []


# -- somebody along ----------------------------------------------------------------------------------------------------


def beside(sent: Sequence[Reading], who: str | None, device: str = "carer", metres: float = 5.0) -> list[Reading]:
    """Another device that goes the same way, four seconds later and some metres beside."""
    copies = []
    for each in sent:
        seen = {o.type: o.value for o in each.observations}
        at_us = each.event_us + 4 * SECOND
        told = (
            Observation("lat", float(seen["lat"]) + metres / 111_195.0), Observation("lon", seen["lon"]),
            Observation("accuracy", seen["accuracy"], "m"),
        )  # fmt: skip
        copies.append(msgspec.structs.replace(
            each, device=device, resident=who, event_us=at_us, end_us=at_us, arrival_us=at_us, observations=told
        ))  # fmt: skip
    return copies


def out_with(who: str | None, device: str, to: tuple[float, float] = ELSEWHERE, hour: float = 10.0) -> list[Finding]:
    detector, phone = knowing()
    phone.until(WEEKS, hour)
    count = len(phone.sent)
    phone.go(to)
    return feed(detector, ticked([*phone.sent, *beside(phone.sent[count:], who, device)]))


@pytest.mark.parametrize("who", [None, "r2"])
def test_with_somebody_along_an_unknown_place_rings_nobody(who: str | None) -> None:
    assert loud(out_with(who, "phone-of-daughter")) == []


def test_a_second_phone_in_the_persons_own_bag_is_no_companion() -> None:
    assert len(loud(out_with("r1", "second-phone"))) == 1


def test_with_a_carer_a_night_is_calm_and_with_another_resident_only_possible() -> None:
    def at_night(who: str | None) -> list[Finding]:
        return [one for one in out_with(who, "other", (900.0, 0.0), 3.0) if one.resident == "r1"]

    assert [one.stage for one in at_night("r1")] == [Stage.CONFIRMED], "their own second phone"
    assert [(one.stage, codes(one)[-1]) for one in at_night("r2")] == [(Stage.POSSIBLE, reasons.COMPANION)]
    assert at_night(None) == []


def test_who_is_left_alone_far_away_is_told_of() -> None:
    detector, phone = knowing()
    phone.until(WEEKS, 10)
    count = len(phone.sent)
    phone.go(ELSEWHERE)
    along = beside(phone.sent[count:], None)
    parted_us = phone.at_us
    phone.go((3200.0, -2300.0))
    found = loud(feed(detector, ticked([*phone.sent, *along])))
    assert [one.decided_us > parted_us for one in found] == [True]


def test_out_of_the_zone_with_a_carer_is_possible_and_rings_when_they_part() -> None:
    detector, phone = in_zone(500.0)
    count = len(phone.sent)
    phone.go((1000.0, 0.0))
    along, parted_us = beside(phone.sent[count:], None), phone.at_us
    phone.go((1000.0, 700.0))
    found = feed(detector, ticked([*phone.sent, *along]))
    assert [one.stage for one in found] == [Stage.POSSIBLE, Stage.CONFIRMED]
    assert reasons.COMPANION in codes(found[0]) and found[0].id == found[1].id
    assert found[1].decided_us > parted_us


# -- silence -----------------------------------------------------------------------------------------------------------


def dies_on_the_way(hour: float, minutes: float = 4.0) -> tuple[WhereaboutsDetector, list[Finding], int]:
    detector, phone = knowing()
    phone.until(WEEKS, hour).go((60.0 * minutes, 0.0))
    last_us = phone.at_us
    return detector, feed(detector, ticked(phone.sent, after_s=3 * 3600)), last_us


def test_a_phone_that_dies_outside_at_night_is_told_of_once() -> None:
    _, found, last_us = dies_on_the_way(3.0)
    silent = [one for one in loud(found) if reasons.NO_POSITION in codes(one)]
    assert len(silent) == 1 and len({one.id for one in found}) == 1
    assert 45 * MINUTE <= silent[0].decided_us - last_us <= 50 * MINUTE
    number = next(reason for reason in silent[0].evidence.reasons if reason.code == reasons.NO_POSITION)
    assert number.values["m"] == pytest.approx(240.0, abs=25)


def test_a_phone_that_dies_by_day_is_asked_for_when_night_falls() -> None:
    """Not at once: a phone at rest is silent by day. Possible first, then to be looked at."""
    detector, phone = knowing(15)
    phone.until(15, 19).go((300.0, 0.0))
    found = feed(detector, ticked(phone.sent, after_s=8 * 3600))
    assert [(one.stage, one.mild) for one in found] == [(Stage.POSSIBLE, False), (Stage.CONFIRMED, True)]
    local_hour = (found[0].decided_us - MONDAY_US) / HOUR % 24
    assert 22.0 <= local_hour <= 23.0 and found[0].id == found[1].id


def test_a_silent_phone_at_a_place_where_nights_are_spent_elsewhere_tells_nothing() -> None:
    detector, phone = knowing()
    phone.until(WEEKS, 17).go(DAUGHTER).stay(1800)
    assert feed(detector, ticked(phone.sent, after_s=10 * 3600)) == []


def test_somebody_seen_inside_calms_a_silent_phone() -> None:
    detector, phone = knowing(15)
    phone.until(15, 20).go((300.0, 0.0))
    seen = sensed(phone.at_us + 20 * MINUTE, "hall-pir", "motion", unit="u1")
    assert feed(detector, ticked([*phone.sent, seen], after_s=8 * 3600)) == []


def test_heard_of_again_it_is_over() -> None:
    detector, found, _ = dies_on_the_way(3.0)
    phone = Phone(found[-1].decided_us + HOUR, at=(240.0, 0.0)).go(AT_HOME).stay(900, 60)
    last = feed(detector, phone.sent)
    assert [one.stage for one in last] == [Stage.RECOVERED] and codes(last[0]) == [reasons.BACK_HOME]


# -- the rest ----------------------------------------------------------------------------------------------------------


def test_a_position_of_the_future_is_not_believed() -> None:
    detector, phone = in_zone()
    ahead = Phone(phone.at_us + HOUR, at=(2000.0, 0.0)).stay(300, 30).sent
    lying = [msgspec.structs.replace(each, arrival_us=phone.at_us) for each in ahead]
    assert feed(detector, [*phone.sent, *lying]) == []
    assert loud(feed(detector, phone.go((700.0, 0.0)).sent[-70:]))


def test_numbers_that_are_none_and_places_that_cannot_be_do_no_harm() -> None:
    detector, phone = in_zone()
    bad = []
    for value in (float("nan"), float("inf"), 91.0, True, "north", 0.0):
        seen = (Observation("lat", value), Observation("lon", 0.0 if value == 0.0 else value))
        bad.append(msgspec.structs.replace(phone.sent[-1], event_us=phone.at_us + SECOND, observations=seen))
    assert feed(detector, bad) == [] and detector.errors == []


def test_what_breaks_in_a_home_is_reported_and_what_was_learnt_stays() -> None:
    detector, phone = knowing()
    learnt = detector.homes["u1"].people["r1"].known
    detector.homes["u1"].people["r1"].anchor = "broken"  # type: ignore[assignment]
    detector.homes["u1"].people["r1"].slack_m = 0.0
    feed(detector, phone.go((400.0, 0.0)).sent)
    assert len(detector.errors) == 1 and "AttributeError" in detector.errors[0][1]
    assert detector.homes["u1"].people["r1"].known is learnt


def test_who_moves_out_is_forgotten_and_a_home_nobody_is_known_in_too() -> None:
    detector, phone = knowing()
    detector.update([resident(version=9, here=False)])
    assert detector.homes["u1"].people == {}
    feed(detector, phone.stay(600).sent)
    detector.tick(phone.at_us + 8 * DAY)
    assert detector.units() == set()


def test_a_flood_of_people_and_devices_keeps_the_state_bounded() -> None:
    detector = WhereaboutsConfig().build()
    for i in range(300):
        feed(detector, Phone(seed=i, resident=f"r{i}", device=f"d{i}").go((300.0, 0.0)).sent)
        feed(detector, Phone(seed=i, resident=None, device=f"e{i}").go((300.0, 0.0)).sent)
    assert len(detector.homes["u1"].people) <= 64 and len(detector.homes["u1"].others) <= 8
    assert len(detector.snapshot()) < 64 * 8192


def test_every_reason_has_its_numbers() -> None:
    detector, phone = knowing()
    phone.until(WEEKS, 3).go(ELSEWHERE).go(AT_HOME).stay(900)
    found = feed(detector, ticked(phone.sent))
    for one in found:
        assert wire.decode(wire.encode(one)) == one
        for reason in one.evidence.reasons:
            assert tuple(reason.values) == reasons.REASONS[reason.code]


def test_an_empty_picture_knows_no_home() -> None:
    assert home_of(Known()) is None


def test_a_slow_walk_told_each_few_seconds_is_no_stay() -> None:
    detector = WhereaboutsConfig().build()
    feed(detector, Phone().go((900.0, 0.0), speed=0.5, each_s=4.0).sent)
    assert detector.homes["u1"].people["r1"].known.places == []
