"""The inactivity detector on synthetic days: what it must tell, how it must say it, and what it must never do."""

from collections.abc import Sequence

import msgspec
import pytest
from msgspec.structs import replace

from detectors import reasons
from detectors.host import Host
from detectors.inactivity import InactivityConfig, InactivityDetector
from detectors.inactivity_blind import BACKLOG_US
from detectors.inactivity_judging import PRICES
from detectors.inactivity_rebuild import unpack_learnt
from detectors.inactivity_signs import Sign, sign_of
from detectors.inactivity_stir import STILL_US
from detectors.routine import DAY_US, HOUR_US, MINUTE_US, Room
from schemas.config import ResidentConfig, Sensitivity, config_reading
from schemas.finding import Finding, FindingKind, Stage
from schemas.reading import Observation, Reading, ReadingKind
from tests.detectors import homes
from tests.detectors.homes import MIDNIGHT_US, day, days, feed, sign, with_ticks

#: Six days are known, on the seventh everything stops at eleven.
STOP_US = MIDNIGHT_US + 6 * DAY_US + 11 * HOUR_US
KNOWN = days(7, until_h=11.0)
LAST = KNOWN[-1]


def after(signs: Sequence[Sign], until_us: int, detector: InactivityDetector | None = None) -> list[Finding]:
    detector = detector or InactivityDetector()
    found = feed(detector, with_ticks(signs, until_us))
    assert detector.errors == []
    return found


def test_a_silence_in_the_middle_of_the_day_is_told_once_within_hours() -> None:
    (silence,) = after(KNOWN, STOP_US + 40 * HOUR_US)
    assert (silence.kind, silence.stage, silence.mild) == (FindingKind.INACTIVITY, Stage.CONFIRMED, False)
    assert HOUR_US // 2 <= silence.decided_us - LAST.event_us <= 4 * HOUR_US
    assert (silence.event_us, silence.start_us, silence.anchor) == (LAST.event_us, LAST.event_us, LAST.key)
    (reason,) = silence.evidence.reasons
    assert reason.code == reasons.SILENT
    assert tuple(reason.values) == reasons.REASONS[reason.code]
    assert reason.values["h"] == pytest.approx((silence.decided_us - LAST.event_us) / HOUR_US, abs=0.01)
    assert 0.9 < silence.score <= 1


def test_days_and_nights_like_all_others_raise_nothing() -> None:
    assert after(days(10), MIDNIGHT_US + 9 * DAY_US + 23 * HOUR_US) == []


def test_what_moves_again_ends_the_finding_under_its_id() -> None:
    again = sign(STOP_US + 10 * HOUR_US, Room.KITCHEN)
    told, over = after([*KNOWN, again], again.event_us + HOUR_US // 3)
    assert (over.id, over.stage, over.event_us) == (told.id, Stage.RECOVERED, told.event_us)
    assert [reason.code for reason in over.evidence.reasons] == [reasons.SILENT, reasons.ACTIVE_AGAIN]
    assert over.end_us == again.event_us


def test_a_silence_of_more_than_a_day_says_so_when_it_ends() -> None:
    again = sign(STOP_US + 30 * HOUR_US)
    *_, over = after([*KNOWN, again], again.event_us)
    assert [reason.code for reason in over.evidence.reasons] == [reasons.SILENT, reasons.ACTIVE_AGAIN, reasons.LONG_GAP]


def test_a_second_silence_is_another_finding() -> None:
    again = sign(STOP_US + 10 * HOUR_US)
    found = after([*KNOWN, again], again.event_us + 30 * HOUR_US)
    assert [one.stage for one in found] == [Stage.CONFIRMED, Stage.RECOVERED, Stage.CONFIRMED]
    assert found[0].id != found[2].id


def test_messages_that_all_have_one_key_give_different_findings() -> None:
    same = [replace(each, key="z2m-x:-1:-1:event") for each in [*KNOWN, sign(STOP_US + 10 * HOUR_US)]]
    found = after(same, STOP_US + 40 * HOUR_US)
    assert len({one.id for one in found}) == 2


def test_a_home_that_was_left_by_an_outer_door_is_told_mildly_and_in_other_words() -> None:
    door = sign(STOP_US, Room.OUTER_DOOR)
    (away,) = after([*KNOWN, door], STOP_US + 40 * HOUR_US)
    assert (away.evidence.reasons[0].code, away.mild, away.stage) == (reasons.AWAY, True, Stage.CONFIRMED)


def by_the_door(until_h: float, *, goes_out: bool) -> list[Sign]:
    """Days on which the door is heard at ten and at eleven: the resident's walk, or a carer who comes to them.

    After the carer they rest for three quarters of an hour, and are seen again without the door.
    """
    silent = (10.0, 11.0) if goes_out else (11.0, 11.75)
    doors = [sign(MIDNIGHT_US + n * DAY_US + h * HOUR_US, Room.OUTER_DOOR) for n in range(7) for h in (10, 11)]
    hour = {each.key: (each.event_us - MIDNIGHT_US) % DAY_US / HOUR_US for each in KNOWN}
    seen = [each for each in days(7, until_h=until_h) if not silent[0] <= hour.get(each.key, 0.0) < silent[1]]
    return sorted([*seen, *doors], key=lambda each: each.event_us)


@pytest.mark.parametrize(("goes_out", "code", "mild"), [(True, reasons.AWAY, True), (False, reasons.SILENT, False)])
def test_a_door_by_which_others_come_and_go_leaves_somebody_at_home(code: str, *, goes_out: bool, mild: bool) -> None:
    """Who lies there since the carer left is looked for as somebody who is at home."""
    signs = by_the_door(11.0, goes_out=goes_out)
    assert signs[-1].room is Room.OUTER_DOOR
    detector = InactivityDetector()
    silence = after(signs, STOP_US + 40 * HOUR_US, detector)[-1]
    assert (silence.evidence.reasons[0].code, silence.mild) == (code, mild)
    assert detector.homes["u1"].routine.stays_in() != goes_out


def test_where_the_door_is_theirs_one_pause_that_ended_otherwise_changes_nothing() -> None:
    detector = InactivityDetector()
    signs = by_the_door(11.0, goes_out=True)
    feed(detector, [*signs, sign(STOP_US + HOUR_US, Room.KITCHEN)])
    routine = detector.homes["u1"].routine
    assert (round(routine.left), round(routine.stayed)) == (6, 1)
    assert not routine.stays_in()


def test_sensors_that_say_they_are_cut_off_are_told_as_that_and_not_as_a_silent_person() -> None:
    gone = [sign(STOP_US, room, moved=False, alive=False) for room in {each.room for each in KNOWN}]
    (dead,) = after([*KNOWN, *gone], STOP_US + 40 * HOUR_US)
    assert (dead.evidence.reasons[0].code, dead.mild) == (reasons.SENSORS_DEAD, True)


def test_a_home_that_can_be_seen_again_and_stays_silent_is_told_anew() -> None:
    rooms = sorted({each.room for each in KNOWN})
    gone = [sign(STOP_US, room, moved=False, alive=False) for room in rooms]
    back_us = STOP_US + 20 * HOUR_US
    back = sign(back_us, rooms[0], moved=False, alive=True)
    dead, seen, silent = after([*KNOWN, *gone, back], back_us + 30 * HOUR_US)
    assert (seen.id, seen.stage, seen.evidence.reasons[1].code) == (dead.id, Stage.RECOVERED, reasons.SENSORS_BACK)
    assert (silent.stage, silent.event_us, silent.mild) == (Stage.CONFIRMED, back_us, False)
    assert silent.id != dead.id


def test_one_sensor_that_is_cut_off_blinds_nobody() -> None:
    gone = sign(STOP_US, Room.KITCHEN, moved=False, alive=False)
    (silence,) = after([*KNOWN, gone], STOP_US + 40 * HOUR_US)
    assert silence.evidence.reasons[0].code == reasons.SILENT


def test_the_time_in_which_sensors_were_cut_off_is_no_silence() -> None:
    (usual,) = after(KNOWN, STOP_US + 40 * HOUR_US)
    rooms = {each.room for each in KNOWN}
    cut = [sign(STOP_US + 5 * MINUTE_US, room, moved=False, alive=False) for room in rooms]
    back = [sign(STOP_US + 35 * MINUTE_US, room, moved=False, alive=True) for room in rooms]
    (later,) = after([*KNOWN, *cut, *back], STOP_US + 40 * HOUR_US)
    assert later.decided_us - usual.decided_us == 30 * MINUTE_US


def test_reports_that_stop_in_the_night_as_they_never_did_mean_dead_sensors() -> None:
    reports = [sign(MIDNIGHT_US + step * HOUR_US // 2, Room.KITCHEN, moved=False) for step in range(2 * 24 * 6 + 22)]
    still = [sign(STOP_US + step * HOUR_US // 2, Room.KITCHEN, moved=False) for step in range(60)]
    (dead,) = after([*KNOWN, *reports], STOP_US + 30 * HOUR_US)
    (silent,) = after([*KNOWN, *reports, *still], STOP_US + 30 * HOUR_US)
    assert dead.evidence.reasons[0].code == reasons.SENSORS_DEAD
    assert silent.evidence.reasons[0].code == reasons.SILENT


def test_a_platform_that_stood_still_rings_for_nobody_at_its_return() -> None:
    detector = InactivityDetector()
    before = with_ticks(KNOWN, STOP_US)
    assert feed(detector, before) == []
    back_us = STOP_US + 12 * HOUR_US
    assert feed(detector, [back_us]) == []
    backlog = sign(back_us - HOUR_US)  # had waited in the broker
    assert feed(detector, [back_us + MINUTE_US, backlog, back_us + BACKLOG_US + MINUTE_US]) == []
    ticks = range(back_us, back_us + 30 * HOUR_US, 5 * MINUTE_US)
    assert len(feed(detector, list(ticks))) == 1


def test_the_settings_are_what_they_are_called() -> None:
    delays = []
    for setting in (Sensitivity.KEENER, Sensitivity.NORMAL, Sensitivity.CALMER):
        *_, silence = after(KNOWN, STOP_US + 40 * HOUR_US, InactivityConfig(setting=setting).build())
        delays.append(silence.decided_us)
    assert delays == sorted(delays)
    assert delays[0] < delays[-1]
    assert PRICES[Sensitivity.KEENER] < PRICES[Sensitivity.NORMAL] < PRICES[Sensitivity.CALMER]


def test_a_resident_who_asked_for_a_keener_watch_has_it() -> None:
    detector, usual = InactivityDetector(), InactivityDetector(InactivityConfig(setting=Sensitivity.KEENER))
    keen = ResidentConfig(resident="r1", unit="u1", version=1, sensitivity=Sensitivity.KEENER)
    detector.configure(keen, MIDNIGHT_US)
    ours = after(KNOWN, STOP_US + 40 * HOUR_US, detector)
    theirs = after(KNOWN, STOP_US + 40 * HOUR_US, usual)
    assert [one.decided_us for one in ours] == [one.decided_us for one in theirs] != []


def test_a_known_absence_raises_nothing_and_after_it_the_silence_begins_anew() -> None:
    detector = InactivityDetector()
    feed(detector, with_ticks(KNOWN, STOP_US))
    back_us = STOP_US + 3 * DAY_US
    away = ResidentConfig(resident="r1", unit="u1", version=1, absent_until_us=back_us)
    assert detector.configure(away, STOP_US) == []
    ticks = list(range(STOP_US, back_us + 30 * HOUR_US, 5 * MINUTE_US))
    (silence,) = feed(detector, ticks)
    assert silence.event_us == back_us
    assert silence.decided_us > back_us + HOUR_US // 2


def test_an_absence_that_is_set_ends_what_was_told() -> None:
    detector = InactivityDetector()
    (told,) = feed(detector, with_ticks(KNOWN, STOP_US + 20 * HOUR_US))
    away = ResidentConfig(resident="r1", unit="u1", version=1, absent_until_us=STOP_US + 9 * DAY_US)
    (over,) = detector.configure(away, STOP_US + 20 * HOUR_US)
    assert (over.id, over.stage) == (told.id, Stage.RECOVERED)
    assert [reason.code for reason in over.evidence.reasons] == [reasons.SILENT, reasons.KNOWN_ABSENT]
    assert feed(detector, list(range(STOP_US + 20 * HOUR_US, STOP_US + 3 * DAY_US, 5 * MINUTE_US))) == []


# -- left off, and somebody moves where nobody should be ---------------------------------------------------------------


def lives(version: int = 1, resident: str = "r1", **fields: object) -> ResidentConfig:
    return ResidentConfig(resident=resident, unit="u1", version=version, **fields)  # type: ignore[arg-type]


def test_silence_that_people_left_off_is_learnt_and_not_told_until_they_want_it_again() -> None:
    detector, usual = InactivityDetector(), InactivityDetector()
    detector.configure(lives(off=("inactivity",)), MIDNIGHT_US)
    assert after(KNOWN, STOP_US + 20 * HOUR_US, detector) == []
    (silence,) = after(KNOWN, STOP_US + 20 * HOUR_US, usual)
    known = detector.known("u1")
    assert known is not None
    assert known.left_off
    assert detector.learnt("u1") == usual.learnt("u1")
    detector.configure(lives(2), STOP_US + 20 * HOUR_US)
    (late,) = feed(detector, [STOP_US + 20 * HOUR_US + MINUTE_US])
    assert (late.event_us, late.evidence.reasons[0].code) == (silence.event_us, reasons.SILENT)
    assert detector.known("u1") == usual.known("u1")


def test_silence_is_told_where_one_of_two_left_it_off_or_something_else_was_left_off() -> None:
    for configs in (
        (lives(off=("inactivity",)), lives(resident="r2")),
        (lives(off=("not_up", "no_meal", "long_in_bathroom", "not_back_in_bed", "restless_night")),),
    ):
        detector = InactivityDetector()
        for config in configs:
            detector.configure(config, MIDNIGHT_US)
        assert len(after(KNOWN, STOP_US + 20 * HOUR_US, detector)) == 1


BACK_US = STOP_US + 3 * DAY_US


def left_empty(*off: str) -> InactivityDetector:
    """Return who knows a home that everybody left when it fell silent."""
    detector = InactivityDetector()
    feed(detector, with_ticks(KNOWN, STOP_US))
    detector.configure(lives(absent_until_us=BACK_US, off=off), STOP_US)
    return detector


def moved(detector: InactivityDetector, *hours: float) -> list[Finding]:
    """Return what comes of signs so many hours after the home was left, with the clock running between."""
    signs = [sign(STOP_US + round(hour * 60) * MINUTE_US, Room.HALL) for hour in hours]
    return feed(detector, with_ticks(signs, signs[-1].event_us))


def test_whoever_moves_in_an_empty_home_is_asked_about_mildly_once_and_until_somebody_answers() -> None:
    detector = left_empty()
    (asked,) = moved(detector, 0.05, 0.1, 5.0, 5.02, 5.1, 7.0, 9.0, 10.9)
    assert (asked.kind, asked.stage, asked.mild, asked.resident) == (
        FindingKind.INACTIVITY,
        Stage.CONFIRMED,
        True,
        "r1",
    )
    assert [reason.code for reason in asked.evidence.reasons] == [reasons.STIRS_WHILE_AWAY]
    assert asked.event_us == asked.decided_us == STOP_US + round(5.02 * 60) * MINUTE_US
    # Silence answers nothing: whoever came in may lie there. A person does, and the home is watched from then on.
    assert feed(detector, list(range(STOP_US + 11 * HOUR_US, STOP_US + 30 * HOUR_US, 5 * MINUTE_US))) == []
    (over,) = detector.configure(lives(2), STOP_US + 30 * HOUR_US)
    assert (over.id, over.stage) == (asked.id, Stage.RECOVERED)
    assert [reason.code for reason in over.evidence.reasons] == [reasons.STIRS_WHILE_AWAY, reasons.ABSENCE_OVER]
    (silence,) = feed(detector, list(range(STOP_US + 30 * HOUR_US, STOP_US + 60 * HOUR_US, 5 * MINUTE_US)))
    assert (silence.event_us, silence.evidence.reasons[0].code) == (STOP_US + 30 * HOUR_US, reasons.SILENT)


@pytest.mark.parametrize(
    ("hours", "when"),
    [
        ((0.1, 0.5, 0.9, 1.5, 2.0), None),  # packing
        ((0.5, 1.2, 1.9, 2.6, 3.2, 3.6), 3.6),  # never left
        ((0.1, 1.2, 1.21), 1.21),  # back soon
        ((4.0, 6.0, 9.0), None),  # the sun in the eye of a sensor, now and then
    ],
)
def test_who_leaves_is_not_asked_about_and_who_stays_or_comes_back_is(
    hours: tuple[float, ...], when: float | None
) -> None:
    found = moved(left_empty(), *hours)
    assert [each.decided_us for each in found] == ([] if when is None else [STOP_US + round(when * 60) * MINUTE_US])


def test_it_is_asked_again_after_hours_and_sooner_after_an_answer() -> None:
    detector = left_empty()
    assert len(moved(detector, 5.0, 5.1, 8.0, 8.1, 11.5, 11.6, 12.0)) == 2
    (over,) = detector.configure(lives(2, absent_until_us=BACK_US + DAY_US), STOP_US + 12 * HOUR_US + 1)
    assert over.evidence.reasons[1].code == reasons.KNOWN_ABSENT
    assert len(moved(detector, 13.5, 13.6)) == 1


def visited(*signs: tuple[float, Room]) -> tuple[InactivityDetector, list[Finding]]:
    """Return what comes of signs so many hours after a home was left, until the evening of the next day."""
    detector = left_empty()
    given = [sign(STOP_US + round(hour * 3600) * 1_000_000, room) for hour, room in signs]
    return detector, feed(detector, with_ticks(given, STOP_US + 30 * HOUR_US))


COMES_IN = ((5.0, Room.OUTER_DOOR), (5.003, Room.HALL), (5.1, Room.KITCHEN))


def test_who_came_in_and_has_not_moved_since_nor_left_is_told_of_as_somebody_to_go_to() -> None:
    detector, (asked, over, still) = visited(*COMES_IN, (7.5, Room.LIVING))
    assert (asked.mild, over.id, over.stage) == (True, asked.id, Stage.RECOVERED)
    assert (still.stage, still.mild, still.event_us) == (Stage.CONFIRMED, False, STOP_US + round(7.5 * 60) * MINUTE_US)
    assert still.decided_us == over.decided_us == still.event_us + STILL_US
    (reason,) = still.evidence.reasons
    assert (reason.code, reason.values) == (reasons.STILL_WHILE_AWAY, {"h": 4.0})
    (answered,) = detector.configure(lives(2), STOP_US + 30 * HOUR_US)
    assert (answered.id, answered.stage) == (still.id, Stage.RECOVERED)
    assert [each.code for each in answered.evidence.reasons] == [reasons.STILL_WHILE_AWAY, reasons.ABSENCE_OVER]


@pytest.mark.parametrize(
    "signs",
    [
        (*COMES_IN, (6.0, Room.OUTER_DOOR), (6.01, Room.HALL)),  # waters the plants, and leaves
        ((5.0, Room.HALL), (5.1, Room.KITCHEN), (5.5, Room.LIVING)),  # no door was heard: nobody knows who left
        ((0.1, Room.OUTER_DOOR), (9.0, Room.HALL), (9.2, Room.HALL)),  # the door was that of the leaving
    ],
)
def test_who_left_again_or_cannot_be_known_to_be_inside_is_only_asked_about(
    signs: tuple[tuple[float, Room], ...],
) -> None:
    _, found = visited(*signs)
    assert [reason.code for each in found for reason in each.evidence.reasons] == [reasons.STIRS_WHILE_AWAY]


def test_a_second_visit_that_is_not_asked_about_is_followed_all_the_same() -> None:
    leaves = ((5.5, Room.OUTER_DOOR), (5.505, Room.HALL))
    _, found = visited(*COMES_IN, *leaves, (8.0, Room.OUTER_DOOR), (8.01, Room.HALL), (8.2, Room.BEDROOM))
    assert [each.decided_us for each in found if not each.mild] == [STOP_US + round(8.2 * 3600) * 1_000_000 + STILL_US]


def test_a_platform_that_stood_still_waits_for_whoever_is_inside_and_the_calendars_end_comes_first() -> None:
    detector = left_empty()
    given = [sign(STOP_US + round(hour * 3600) * 1_000_000, room) for hour, room in COMES_IN]
    assert len(feed(detector, with_ticks(given, given[-1].event_us))) == 1
    later_us = given[-1].event_us + 10 * HOUR_US
    assert feed(detector, [later_us]) == []
    ticks = range(later_us, later_us + 5 * HOUR_US, 5 * MINUTE_US)
    (_, still) = feed(detector, list(ticks))
    assert later_us + STILL_US <= still.decided_us <= later_us + STILL_US + 2 * BACKLOG_US
    detector = left_empty()
    feed(detector, with_ticks(given, given[-1].event_us))
    soon_us = given[-1].event_us + HOUR_US
    detector.configure(lives(2, absent_until_us=soon_us, off=()), given[-1].event_us)
    assert feed(detector, [soon_us, soon_us + 5 * MINUTE_US]) == []
    assert not detector.homes["u1"].empty


def test_another_setting_of_somebody_away_answers_nothing() -> None:
    detector, (asked,) = visited((5.0, Room.HALL), (5.1, Room.HALL))
    other = lives(2, absent_until_us=BACK_US, sensitivity=Sensitivity.KEENER)
    assert detector.configure(other, STOP_US + 30 * HOUR_US) == []
    (over,) = detector.configure(lives(3), STOP_US + 31 * HOUR_US)
    assert over.id == asked.id


def test_a_home_read_again_knows_the_calendars_end_with_somebody_inside() -> None:
    detector = left_empty()
    given = [sign(STOP_US + round(hour * 3600) * 1_000_000, room) for hour, room in COMES_IN]
    feed(detector, with_ticks(given, given[-1].event_us))
    assert detector.homes["u1"].due_us == given[-1].event_us + STILL_US
    assert unpack_learnt(detector.learnt("u1")).back_us == BACK_US


def test_who_comes_home_in_the_last_hour_is_expected_and_before_it_is_asked_about() -> None:
    last_h = (BACK_US - STOP_US) / HOUR_US
    assert moved(left_empty(), last_h - 0.9, last_h - 0.8, last_h - 0.01) == []
    assert len(moved(left_empty(), last_h - 1.3, last_h - 1.2)) == 1


def test_the_calendars_end_answers_and_nobody_asks_where_silence_is_left_off_or_a_button_is_worn_elsewhere() -> None:
    detector = left_empty()
    (asked,) = moved(detector, 5.0, 5.1)
    (over,) = feed(detector, [BACK_US + MINUTE_US])
    assert (over.id, over.stage, over.end_us) == (asked.id, Stage.RECOVERED, BACK_US)
    assert moved(left_empty("inactivity"), 5.0, 5.1, 5.2) == []
    pressed = [replace(sign(STOP_US + 5 * HOUR_US + step), resident="r1", place=None) for step in (1, 2, 3)]
    assert feed(left_empty(), pressed) == []


def test_a_home_whose_life_was_lost_with_its_state_knows_since_when_it_should_be_empty() -> None:
    detector = InactivityDetector()
    detector.configure(lives(absent_until_us=BACK_US), STOP_US)
    assert len(moved(detector, 2.0, 2.01)) == 1


def test_a_state_of_before_people_could_leave_a_watch_off_is_read_as_it_was() -> None:
    detector = left_empty()
    kept = msgspec.msgpack.decode(detector.states({"u1"})["u1"])
    person = kept["homes"]["u1"][1]["r1"]
    assert (person.pop(), kept["homes"]["u1"].pop()) == (None, {})  # whose clock, who left: later still
    assert (person.pop(), kept["homes"]["u1"].pop()[0]) == ([], STOP_US)
    taken = InactivityDetector()
    taken.take_over(msgspec.msgpack.encode(kept))
    assert (taken.homes["u1"].people["r1"].off, taken.homes["u1"].stir) == ((), None)


def test_a_couple_of_whom_one_is_away_is_watched() -> None:
    detector = InactivityDetector()
    for resident, until in (("r1", STOP_US + 9 * DAY_US), ("r2", None)):
        config = ResidentConfig(resident=resident, unit="u1", version=1, absent_until_us=until)
        detector.configure(config, MIDNIGHT_US)
    assert [one.resident for one in after(KNOWN, STOP_US + 40 * HOUR_US, detector)] == ["r1"]


def test_a_home_whose_residents_are_not_known_is_told_by_its_own_name() -> None:
    (silence,) = after(KNOWN, STOP_US + 40 * HOUR_US)
    assert (silence.unit, silence.resident) == ("u1", "u1")


def test_a_home_without_sensors_of_its_own_is_not_judged() -> None:
    pressed = [replace(each, resident="r1", place=None) for each in KNOWN]
    assert after(pressed, STOP_US + 40 * HOUR_US) == []


def test_a_button_that_is_worn_shows_life_in_a_home_that_is_judged() -> None:
    press = replace(sign(STOP_US + HOUR_US // 3), resident="r1", place=None)
    (silence,) = after([*KNOWN, press], STOP_US + 40 * HOUR_US)
    assert (silence.event_us, silence.resident) == (press.event_us, "r1")


def test_the_state_of_a_home_does_not_grow_over_half_a_year() -> None:
    detector = InactivityDetector()
    sizes = []
    for part in range(6):
        for number in range(part * 30, part * 30 + 30):
            detector.update(day(number))
        sizes.append(len(detector.snapshot()))
    assert max(sizes) <= 8_192
    assert sizes[-1] <= sizes[1] + 256


def test_a_home_that_is_silent_for_five_weeks_is_forgotten() -> None:
    detector = InactivityDetector()
    after(KNOWN, STOP_US + 34 * DAY_US, detector)
    assert set(detector.homes) == {"u1"}
    feed(detector, list(range(STOP_US + 34 * DAY_US, STOP_US + 37 * DAY_US, 5 * MINUTE_US)))
    assert detector.homes == {}


def test_trouble_with_one_home_is_reported_and_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    detector = InactivityDetector()
    feed(detector, with_ticks([*KNOWN, *days(7, "u2", until_h=11.0)], STOP_US))
    monkeypatch.setattr(detector.homes["u1"], "routine", None)
    found = feed(detector, list(range(STOP_US, STOP_US + 30 * HOUR_US, 5 * MINUTE_US)))
    assert [one.unit for one in found] == ["u2"]
    assert [key for key, _ in detector.errors] == [LAST.key]


def reading(kind: ReadingKind, at_us: int, *events: str, **fields: object) -> Reading:
    return Reading(
        kind=kind, arrival_us=at_us, event_us=at_us, end_us=at_us, device="z2m-1", unit="u1", place="p1",
        topic="zigbee2mqtt/Kitchen motion", events=events, **fields,  # type: ignore[arg-type]
    )  # fmt: skip


def test_what_just_happened_is_life_and_what_is_repeated_or_retained_is_none() -> None:
    moved = sign_of(reading(ReadingKind.EVENT, STOP_US, "motion"))
    assert moved is not None
    assert (moved.moved, moved.room) == (True, Room.KITCHEN)
    repeated = sign_of(reading(ReadingKind.STATE, STOP_US, observations=(Observation("motion", True),)))
    assert repeated is not None
    assert not repeated.moved
    ended = sign_of(reading(ReadingKind.EVENT, STOP_US, "motion_ended"))
    assert ended is not None
    assert not ended.moved
    assert sign_of(reading(ReadingKind.EVENT, STOP_US, "motion", retain=True)) is None
    gone = sign_of(reading(ReadingKind.STATUS, STOP_US, observations=(Observation("available", False),)))
    assert gone is not None
    assert gone.alive is False


def test_the_host_tells_a_silent_home_by_its_readings_ticks_and_config() -> None:
    host = Host()
    resident = ResidentConfig(resident="r7", unit="u1", version=1)
    readings = [config_reading(resident, MIDNIGHT_US, MIDNIGHT_US)]
    for item in with_ticks(KNOWN, STOP_US + 12 * HOUR_US):
        if isinstance(item, int):
            readings.append(Reading(kind=ReadingKind.TICK, arrival_us=item, event_us=item, end_us=item))
        else:
            readings.append(reading(ReadingKind.EVENT, item.event_us, "motion"))
    (silence,) = host.update(readings)
    assert (silence.kind, silence.resident, silence.place) == (FindingKind.INACTIVITY, "r7", "p1")
    again = host.update([reading(ReadingKind.EVENT, STOP_US + 13 * HOUR_US, "door_open")])
    assert [one.stage for one in again] == [Stage.RECOVERED]


def test_the_story_of_the_contract_suite_has_a_silence_and_its_end() -> None:
    found = feed(InactivityDetector(), homes.story())
    assert [(one.unit, one.stage) for one in found] == [("u1", Stage.CONFIRMED), ("u1", Stage.RECOVERED)]
