"""A sensor that has gone quiet among living ones: told once, mildly; what depends on it concludes nothing any more."""

from collections.abc import Callable, Sequence

import pytest

from detectors import reasons
from detectors.everyday import EverydayDetector
from detectors.everyday_quiet import KNOWN_US, LEAST_SLOTS, Life, gone_quiet, take
from detectors.everyday_state import HABITS
from detectors.inactivity_signs import Sign
from detectors.routine import DAY_US, HOUR_US, MINUTE_US, Room
from schemas.config import ResidentConfig, RoutineConfig
from schemas.finding import Finding, FindingKind, Stage
from schemas.watch import Watched
from tests.detectors.everyday_days import at_us, day, signs
from tests.detectors.homes import feed, sign, with_ticks

KNOWN = 16  # days, and then the sensor dies
COUNT = KNOWN + 5
DEAD_US = at_us(KNOWN, 4.0)


def lived(keeps: Callable[[Sign], bool], count: int = COUNT) -> list[Sign]:
    """Return days of which from DEAD_US on only signs that ``keeps`` are heard."""
    return [each for each in signs([day(n) for n in range(count)]) if each.event_us < DEAD_US or keeps(each)]


def told(given: Sequence[Sign], detector: EverydayDetector | None = None, until_us: int | None = None) -> list[Finding]:
    detector = detector or EverydayDetector()
    found = feed(detector, with_ticks(given, given[-1].event_us if until_us is None else until_us))
    assert detector.errors == []
    return found


def codes(found: Sequence[Finding]) -> list[tuple[str, Stage]]:
    return [(each.evidence.reasons[-1].code, each.stage) for each in found]


def no_kitchen(each: Sign) -> bool:
    return each.room != Room.KITCHEN


def test_a_dead_kitchen_sensor_is_told_of_once_and_no_meal_only_until_then() -> None:
    detector = EverydayDetector()
    found = told(lived(no_kitchen), detector)
    assert codes(found) == [
        (reasons.NO_MEAL, Stage.CONFIRMED),
        (reasons.SENSOR_QUIET, Stage.CONFIRMED),
        (reasons.ROOM_UNSEEN, Stage.RECOVERED),
    ]
    quiet = found[1]
    assert (quiet.device, quiet.kind, quiet.mild) == ("u1-kitchen", FindingKind.ROUTINE, True)
    assert quiet.start_us < DEAD_US < quiet.decided_us < DEAD_US + 2 * DAY_US
    values = quiet.evidence.reasons[0].values
    assert values["h"] == round((quiet.decided_us - quiet.start_us) / HOUR_US, 1)
    assert values["others_h"] >= LEAST_SLOTS / 6
    states = {each.watch: each.state for each in detector.known("u1")}
    assert states[reasons.NO_MEAL] is Watched.OFF
    assert states[reasons.NOT_UP] is Watched.ON  # the living room is seen


def test_its_place_is_named_and_what_is_heard_again_is_told_under_the_same_id() -> None:
    def with_place(each: Sign) -> Sign:
        return sign(each.event_us, each.room, place=f"room {each.room}")

    dead = [with_place(each) for each in lived(no_kitchen)]
    back = [with_place(each) for each in signs([day(n) for n in range(COUNT + 1)])][
        len(signs([day(n) for n in range(COUNT)])) :
    ]
    detector = EverydayDetector()
    found = told([*dead, *back], detector)
    ((quiet, over),) = [
        [each for each in found if each.id == one.id] for one in found if one.stage is Stage.CONFIRMED and one.mild
    ]
    assert quiet.place == over.place == f"room {Room.KITCHEN}"
    assert (over.stage, over.evidence.reasons[-1].code) == (Stage.RECOVERED, reasons.SENSOR_HEARD)
    assert over.end_us == next(each.event_us for each in back if each.room == Room.KITCHEN)
    assert detector.homes["u1"].quiet == {}


def test_a_day_that_cannot_be_seen_teaches_nothing() -> None:
    detector = EverydayDetector()
    told(lived(no_kitchen), detector)
    without = EverydayDetector()
    told(lived(no_kitchen, KNOWN + 2), without)
    assert detector.homes["u1"].habits[3] == without.homes["u1"].habits[3]


@pytest.mark.parametrize(
    ("what", "keeps"),
    [
        ("nobody is at home", lambda _: False),
        ("only the door is heard", lambda each: each.room == Room.OUTER_DOOR),
        (
            "stays in bed for days, stirs, and goes to the bathroom",
            lambda each: each.room in (Room.BEDROOM, Room.BATHROOM),
        ),
        ("only one room is left", lambda each: each.room == Room.LIVING),
    ],
)
def test_a_life_that_has_changed_is_no_sensor(what: str, keeps: Callable[[Sign], bool]) -> None:
    found = told(lived(keeps), until_us=at_us(COUNT, 5.0))
    assert reasons.SENSOR_QUIET not in {each.evidence.reasons[0].code for each in found}, what


def test_an_outer_door_that_nobody_opens_is_none() -> None:
    door = [sign(at_us(n, hour), Room.OUTER_DOOR) for n in range(KNOWN) for hour in (9.05, 9.4)]
    given = sorted([*lived(lambda _: True), *door], key=lambda each: each.event_us)
    assert told(given) == []


@pytest.mark.parametrize(
    ("all_rooms", "left", "quiet"),
    [
        ((Room.LIVING, Room.HALL, Room.BEDROOM, Room.KITCHEN), (Room.LIVING, Room.HALL, Room.BEDROOM), True),
        ((Room.LIVING, Room.HALL, Room.BEDROOM, Room.KITCHEN), (Room.LIVING, Room.HALL), False),  # two at once
        ((Room.LIVING, Room.HALL, Room.KITCHEN), (Room.LIVING, Room.HALL), True),
        ((Room.LIVING, Room.KITCHEN), (Room.LIVING,), False),  # somebody may stay in the one room
    ],
)
def test_one_alone_is_quiet_while_two_other_rooms_are_passed(
    all_rooms: tuple[Room, ...], left: tuple[Room, ...], *, quiet: bool
) -> None:
    life = Life()
    for slot in range(800):
        for order, room in enumerate(all_rooms if slot < 600 else left):
            take(life, sign(slot * 30 * MINUTE_US + order, room))
    gone = gone_quiet(life, ())
    assert (gone is not None) == quiet
    if gone is not None:
        assert gone.heard.room == Room.KITCHEN
        assert gone_quiet(life, {gone.device}) is None  # it is said once


def test_one_that_says_itself_that_it_is_cut_off_is_not_told_of_again() -> None:
    cut = sign(DEAD_US, Room.KITCHEN, moved=False, alive=False)
    found = told(sorted([*lived(no_kitchen), cut], key=lambda each: each.event_us))
    assert found == []


def test_while_everybody_is_away_nothing_counts() -> None:
    detector = EverydayDetector()
    given = lived(no_kitchen)
    feed(detector, with_ticks([each for each in given if each.event_us < DEAD_US], DEAD_US))
    detector.configure(
        ResidentConfig(resident="r1", unit="u1", version=1, absent_until_us=DEAD_US + 60 * DAY_US), DEAD_US
    )
    assert detector.update([each for each in given if each.event_us >= DEAD_US]) == []


def test_who_may_lie_there_stays_told_of() -> None:
    """Not up yet is what somebody was sent to look for: no word on a sensor takes it back."""

    def kitchen_and_living(each: Sign) -> bool:
        return each.room not in (Room.KITCHEN, Room.LIVING)

    found = told(lived(kitchen_and_living, KNOWN + 1))
    assert codes(found)[0] == (reasons.NOT_UP, Stage.CONFIRMED)
    assert all(each.stage is Stage.CONFIRMED for each in found)


def test_a_sensor_is_known_after_ten_days_and_one_that_is_seldom_heard_takes_longer() -> None:
    def quiet_after(seen: int, every_slots: int) -> int | None:
        """Return after how many slots of life a sensor heard ``seen`` times is quiet."""
        life, at = Life(), 0
        for slot in range(seen * every_slots + 1000):
            at = slot * 30 * MINUTE_US
            for room in (Room.LIVING, Room.HALL, Room.BEDROOM):
                take(life, sign(at, room))
            if slot % every_slots == 0 and slot < seen * every_slots:
                take(life, sign(at + 1, Room.KITCHEN))
            if gone_quiet(life, ()) is not None:
                return slot - (seen - 1) * every_slots
        return None

    often, seldom = quiet_after(600, 1), quiet_after(40, 60)
    assert often == LEAST_SLOTS + 1
    assert seldom is not None
    assert 1.5 * 59 < seldom <= 2 * 60 + 1
    assert quiet_after(KNOWN_US // (30 * MINUTE_US) // 2, 1) is None


def test_one_killed_while_a_sensor_is_quiet_goes_on_and_what_is_read_again_knows_it_too() -> None:
    given = lived(no_kitchen, KNOWN + 3)
    whole, first = EverydayDetector(), EverydayDetector()
    items = with_ticks([*given, sign(given[-1].event_us + MINUTE_US, Room.KITCHEN)], given[-1].event_us + HOUR_US)
    wanted = feed(whole, items)
    half = len(items) - 700
    found = feed(first, items[:half])
    other = EverydayDetector()
    other.restore(first.snapshot())
    assert found + feed(other, items[half:]) == wanted
    assert other.snapshot() == whole.snapshot()
    assert codes(wanted)[-1] == (reasons.SENSOR_HEARD, Stage.RECOVERED)

    fresh = EverydayDetector()
    fresh.tick(DEAD_US)
    fresh.expect("u1", "asked")
    known = EverydayDetector()
    told([each for each in given if each.event_us < DEAD_US], known)
    fresh.learn(RoutineConfig(unit="u1", model=HABITS, asked="asked", state=known.learnt("u1")))
    rest = feed(fresh, [each for each in items if (each if isinstance(each, int) else each.event_us) >= DEAD_US])
    quiet = [each for each in rest if each.evidence.reasons[0].code == reasons.SENSOR_QUIET]
    assert [each.id for each in quiet] == [each.id for each in wanted if each.mild]


def test_one_that_is_heard_again_after_more_than_four_weeks_is_told_of_as_heard_all_the_same() -> None:
    """Who counts it as gone for good by then has still told of it."""
    detector = EverydayDetector()
    found = told([*lived(no_kitchen, KNOWN + 32), sign(at_us(KNOWN + 32, 8.0), Room.KITCHEN)], detector)
    (quiet, over) = (each for each in found if each.mild)
    assert (quiet.id, quiet.device) == (over.id, "u1-kitchen")
    assert codes([quiet, over]) == [(reasons.SENSOR_QUIET, Stage.CONFIRMED), (reasons.SENSOR_HEARD, Stage.RECOVERED)]
    assert detector.homes["u1"].quiet == {}
