"""A home's stored messages under two settings: what each told, and what the other would have told had nobody come."""

from collections.abc import Sequence
from functools import cache

import numpy as np

from detectors.host import Host
from detectors.inactivity_signs import Sign
from detectors.rehearsal import Rehearsal
from detectors.routine import DAY_US, HOUR_US, Room
from schemas.config import ResidentConfig, Sensitivity, config_reading
from schemas.finding import Stage
from schemas.proposal import Told
from schemas.reading import Reading
from tests.detectors import everyday_days, homes
from tests.detectors.everyday_days import Seen, at_us
from tests.detectors.homes import MIDNIGHT_US
from tests.ingest.falls_in_stream import tick
from tests.ingest.homes_in_stream import motion

UNIT, WHO = "u1", "r1"
DAYS = 20
#: Days that fall silent at an hour of the clock, and whether somebody moves again before the calmer setting tells it.
SILENCES = {14: (10.0, True), 17: (10.0, False)}


def quiet(signs: Sequence[Sign], silences: dict[int, tuple[float, float]]) -> list[Sign]:
    def silent(each: Sign) -> bool:
        hour = (each.event_us - MIDNIGHT_US) / HOUR_US
        return any(24 * day + begin < hour < 24 * day + end for day, (begin, end) in silences.items())

    return [each for each in signs if not silent(each)]


@cache
def lengths(days: int, silences: tuple[tuple[int, tuple[float, bool]], ...]) -> dict[int, tuple[float, float]]:
    """Return silences, from and to an hour of their day, that the normal setting tells, and the calmer one or not.

    They are read off the detector itself, whatever its model: one day after the other, silent until it has spoken.
    """
    found: dict[int, tuple[float, float]] = {}
    for day, (begin, before) in silences:
        end_us = MIDNIGHT_US + (day + 2) * DAY_US
        signs = [each for each in homes.days(days, UNIT) if each.event_us < end_us]
        told = played(quiet(signs, found | {day: (begin, 48.0)}), end_us, from_us=MIDNIGHT_US + day * DAY_US)
        one = next(each for each in told if each.would_us is not None)
        assert one.would_us is not None
        until_us = (one.decided_us + one.would_us) // 2 if before else one.would_us + HOUR_US
        found[day] = (begin, (until_us - MIDNIGHT_US) / HOUR_US - 24 * day)
    return found


def a_life() -> list[Sign]:
    return quiet(homes.days(DAYS, UNIT), lengths(DAYS, tuple(SILENCES.items())))


def config(setting: Sensitivity = Sensitivity.NORMAL, who: str = WHO) -> Reading:
    said = ResidentConfig(resident=who, unit=UNIT, version=1, sensitivity=setting)
    return config_reading(said, MIDNIGHT_US, MIDNIGHT_US)


def played(
    signs: Sequence[Sign],
    until_us: int,
    *said: Reading,
    before: Sensitivity = Sensitivity.NORMAL,
    after: Sensitivity = Sensitivity.CALMER,
    from_us: int = MIDNIGHT_US,
) -> list[Told]:
    rehearsal = Rehearsal(UNIT, WHO, before, after, from_us)
    rehearsal.update([*(said or [config()]), *map(motion, signs)])
    rehearsal.finish(until_us)
    return rehearsal.told()


def test_a_longer_silence_is_told_later_and_a_shorter_one_not_by_the_calmer_setting() -> None:
    signs = a_life()
    found = {(each.event_us - MIDNIGHT_US) // DAY_US: each for each in played(signs, MIDNIGHT_US + DAYS * DAY_US)}
    short, long = (found[day] for day in SILENCES)
    assert short.then_us is None
    # It would have come, after somebody moved again, had nobody moved.
    again_us = min(each.event_us for each in signs if each.event_us > short.event_us)
    assert short.would_us is not None
    assert short.decided_us < again_us < short.would_us
    assert long.then_us is not None
    assert long.then_us > long.decided_us
    assert long.would_us == long.then_us


def test_it_tells_what_was_told_live_under_either_setting() -> None:
    signs = a_life()
    until_us = MIDNIGHT_US + DAYS * DAY_US
    rehearsed = played(signs, until_us)
    for setting in (Sensitivity.NORMAL, Sensitivity.CALMER):
        host = Host()
        ticks = [tick(at) for at in range(MIDNIGHT_US, until_us, 60_000_000)]
        live = sorted([*map(motion, signs), *ticks], key=lambda reading: reading.arrival_us)
        found = [each for each in host.update([config(setting), *live]) if each.stage is Stage.CONFIRMED]
        if setting is Sensitivity.NORMAL:
            assert [(each.id, each.decided_us) for each in rehearsed] == [(each.id, each.decided_us) for each in found]
        else:
            told = [(each.id, each.then_us) for each in rehearsed if each.then_us is not None]
            assert told == [(each.id, each.decided_us) for each in found]


def test_what_was_decided_before_is_for_learning_and_a_silence_that_lasts_is_told() -> None:
    signs = [each for each in homes.days(21, UNIT) if each.event_us < MIDNIGHT_US + 20 * DAY_US + 9 * HOUR_US]
    from_us = MIDNIGHT_US + 19 * DAY_US
    rehearsal = Rehearsal(UNIT, WHO, Sensitivity.NORMAL, Sensitivity.CALMER, from_us)
    rehearsal.update([config(), *map(motion, signs)])
    assert rehearsal.told() == []
    rehearsal.finish(MIDNIGHT_US + 21 * DAY_US)
    assert [each.event_us for each in rehearsal.told()] == [signs[-1].event_us]
    assert rehearsal.messages == len(signs) + 1
    assert rehearsal.days() == len({each.event_us // DAY_US for each in signs if each.event_us >= from_us})


def test_another_resident_who_asked_for_keener_holds_in_both() -> None:
    """The keenest of a home holds: a calmer setting of one of two changes nothing."""
    signs = a_life()
    told = played(signs, MIDNIGHT_US + DAYS * DAY_US, config(), config(Sensitivity.KEENER, who="r2"))
    assert told
    assert all(each.then_us == each.decided_us for each in told)


def test_what_was_set_at_the_time_is_not_asked() -> None:
    signs = a_life()
    until_us = MIDNIGHT_US + DAYS * DAY_US
    assert played(signs, until_us, config(Sensitivity.KEENER)) == played(signs, until_us)


def test_a_watch_of_the_day_would_have_told_though_somebody_came() -> None:
    count = 20
    rng = np.random.default_rng(4)

    def morning(seen: list[Seen], late: float) -> list[Seen]:
        """Up so many hours late, or early: these people's limits hang on how they differ, not on what all people do."""
        return [(12 - (12 - h) * (5 - late) / 5 if 6.5 < h < 12 else h, room) for h, room in seen]

    def helped_up(came: float) -> list[Seen]:
        """Stirs in bed until somebody comes and they get up."""
        stirs = [(7.0 + step * 0.5, Room.BEDROOM) for step in range(20) if 7.0 + step * 0.5 < came]
        up = [(came + step * 0.03, Room.LIVING) for step in range(6)]
        return [*stirs, *up, *(each for each in everyday_days.day(count - 1) if each[0] > came + 0.2)]

    late = [float(rng.uniform(-2.5, 2.5)) for _ in range(count - 1)]
    days = [morning(everyday_days.day(number), late[number]) for number in range(count - 1)]

    def told(came: float) -> Told:
        signs = everyday_days.signs([*days, helped_up(came)])
        found = played(signs, at_us(count - 1, 20.0), from_us=at_us(count - 1, 0.0))
        [one] = [each for each in found if each.event_us > at_us(count - 1, 6.0)]  # not "no meal", since the night
        return one

    nobody_came = told(15.0)
    assert nobody_came.then_us is not None
    assert nobody_came.then_us > nobody_came.decided_us
    between = (nobody_came.decided_us + nobody_came.then_us) / 2
    helped = told((between - at_us(count - 1, 0.0)) / HOUR_US)
    assert (helped.then_us, helped.would_us) == (None, nobody_came.then_us)
