"""A known couple through the whole host: what can be told of two, whose it is, and what cannot be told apart."""

from detectors import reasons
from detectors.host import Host
from detectors.inactivity_signs import Sign
from detectors.routine import HOUR_US, MINUTE_US, Room
from schemas.config import ResidentConfig, config_reading
from schemas.finding import Finding, FindingKind
from schemas.reading import Reading, ReadingKind
from schemas.watch import Watched
from tests.detectors.everyday_days import at_us, day, lived, signs
from tests.detectors.homes import MIDNIGHT_US, sign
from tests.detectors.test_everyday import does_not_eat, is_not_back, stays_in_bed, stays_in_the_bathroom
from tests.ingest.homes_in_stream import motion

COUNT = 15
LAST = COUNT - 1


def door(moment_us: int) -> Reading:
    return Reading(
        kind=ReadingKind.EVENT, arrival_us=moment_us, event_us=moment_us, end_us=moment_us, device="front door",
        unit="u1", place="front door", topic="front door", events=("door_open",),
    )  # fmt: skip


def played(
    given: list[Sign], until_us: int, *others: Reading, names: tuple[str, ...] = ("r1", "r2")
) -> tuple[Host, list[Finding]]:
    """Play a home in which these people are known to live, with the platform's clock each minute."""
    host = Host()
    known = [ResidentConfig(resident=name, unit="u1", version=1) for name in names]
    items = [config_reading(each, MIDNIGHT_US, MIDNIGHT_US) for each in known]
    items += [motion(each) for each in given if each.event_us <= until_us] + list(others)
    ticks = range(MIDNIGHT_US + MINUTE_US, until_us + 1, MINUTE_US)
    items += [Reading(kind=ReadingKind.TICK, arrival_us=t, event_us=t, end_us=t) for t in ticks]
    found = host.update(sorted(items, key=lambda reading: reading.arrival_us))
    assert host.errors == []
    return host, found


def test_that_neither_is_up_is_told_and_what_one_may_do_while_the_other_is_seen_is_not() -> None:
    host, (found,) = played(lived(COUNT, stays_in_bed), at_us(LAST, 13.0))
    assert (found.evidence.reasons[0].code, found.resident) == (reasons.NOT_UP, "r1")
    states = {each.watch: each.state for each in host.everyday.known("u1")}
    assert states.pop(reasons.NOT_UP) is Watched.ON
    assert set(states.values()) == {Watched.OFF}
    for change, hour in ((stays_in_the_bathroom, 11.0), (does_not_eat, 20.0), (is_not_back, 28.5)):
        given = lived(COUNT, change)
        alone = [
            each for each in played(given, at_us(LAST, hour), names=("r1",))[1] if each.model.startswith("everyday")
        ]
        assert len(alone) == 1, change
        assert [each for each in played(given, at_us(LAST, hour))[1] if each.model.startswith("everyday")] == [], change


def test_a_home_in_which_neither_moves_is_told_once_by_the_name_of_the_first() -> None:
    given = [each for each in lived(COUNT) if each.event_us < at_us(LAST, 11.0)]
    _, (found,) = played(given, at_us(LAST, 24.0))
    assert (found.kind, found.resident, found.evidence.reasons[0].code) == (
        FindingKind.INACTIVITY,
        "r1",
        reasons.SILENT,
    )


def test_who_left_at_night_is_told_of_the_home_and_not_while_the_other_is_seen_inside() -> None:
    given, night_us = lived(COUNT), at_us(LAST, 24.5)
    _, (found,) = played(given, night_us + HOUR_US // 2, door(night_us))
    assert (found.kind, found.resident) == (FindingKind.WANDERING, "u1")
    inside = sign(night_us + 2 * MINUTE_US, Room.LIVING)
    assert played([*given, inside], night_us + HOUR_US // 2, door(night_us))[1] == []


def test_a_sensor_of_theirs_that_has_gone_quiet_is_told_of_too() -> None:
    given = signs([day(n) for n in range(COUNT + 4)])
    dead = [each for each in given if each.event_us < at_us(COUNT, 4.0) or each.room != Room.KITCHEN]
    _, found = played(dead, dead[-1].event_us)
    assert [(each.evidence.reasons[0].code, each.device) for each in found] == [(reasons.SENSOR_QUIET, "u1-kitchen")]
