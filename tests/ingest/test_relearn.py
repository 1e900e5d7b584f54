"""A rhythm read again from what was stored is the one of a watcher that was never interrupted; so are the findings."""

import random
from collections.abc import Sequence
from functools import cache

import msgspec
import pytest

from detectors import reasons
from detectors.host import INACTIVITY, PARTS, Host
from detectors.inactivity_home import Home
from detectors.inactivity_rebuild import NOTED
from detectors.inactivity_replay import Relearner
from detectors.inactivity_state import RHYTHM
from detectors.routine import DAY_US, HOUR_US, MINUTE_US, Room
from schemas import finding
from schemas.config import ResidentConfig, RoutineConfig, config_of, config_reading
from schemas.reading import Observation, Reading, ReadingKind
from schemas.watch import Knows
from tests.detectors import homes
from tests.detectors.homes import MIDNIGHT_US
from tests.ingest.falls_in_stream import tick
from tests.ingest.homes_in_stream import motion
from tests.ingest.test_replay import watched

UNIT = "u1"
DAYS = 12
SEEDS = 15


def said(*, absent_h: float | None, day: int, at_h: float, version: int) -> Reading:
    at_us = MIDNIGHT_US + day * DAY_US + int(at_h * HOUR_US)
    until_us = None if absent_h is None else at_us + int(absent_h * HOUR_US)
    config = ResidentConfig(resident="r1", unit=UNIT, version=version, absent_until_us=until_us)
    return config_reading(config, at_us, at_us)


def reports(day: int, from_h: float, until_h: float, *, alive: bool | None = None) -> list[Reading]:
    """What the sensors of a home say while nobody moves."""
    start_us = MIDNIGHT_US + day * DAY_US
    told = () if alive is None else (Observation("available", alive),)
    return [
        msgspec.structs.replace(
            motion(homes.sign(start_us + int(hour * HOUR_US) + room * 1000, room)),
            kind=ReadingKind.STATUS, events=(), observations=told,
        )
        for hour in _steps(from_h, until_h)
        for room in Room
    ]  # fmt: skip


def _steps(start: float, end: float) -> list[float]:
    return [start + step * 0.9 for step in range(int((end - start) / 0.9) + 1)]


@cache
def life() -> Sequence[Reading]:
    """Return what a recorder stores of a home, and its config.

    There are absences, sensors cut off, a sign that came late, and a silence of more than a day.
    """
    signs = homes.days(DAYS, UNIT, until_h=13.0)
    signs = [each for each in signs if not MIDNIGHT_US + 7 * DAY_US < each.event_us < MIDNIGHT_US + 8.5 * DAY_US]
    found = [motion(each) for each in signs]
    found += [each for day in (1, 2, 3) for each in reports(day, 0.1, 23.5)]
    found += reports(5, 9.0, 9.0, alive=False) + reports(5, 21.0, 21.0, alive=True)
    late = motion(homes.sign(MIDNIGHT_US + 6 * DAY_US + 10 * HOUR_US + 7, Room.KITCHEN))
    found.append(msgspec.structs.replace(late, arrival_us=late.arrival_us + 4 * HOUR_US))
    found += [
        said(absent_h=5.0, day=2, at_h=9.2, version=1),
        said(absent_h=60.0, day=3, at_h=14.0, version=2),
        said(absent_h=None, day=4, at_h=15.5, version=3),
    ]
    silent = [each for each in found if not _in_day(each, 5, 9.0, 21.0) or each.kind is ReadingKind.STATUS]
    return sorted(silent, key=lambda reading: reading.arrival_us)


def _in_day(reading: Reading, day: int, from_h: float, until_h: float) -> bool:
    hour = (reading.event_us - MIDNIGHT_US - day * DAY_US) / HOUR_US
    return from_h < hour < until_h


@cache
def lived() -> Sequence[Reading]:
    """Return the same with the platform's clock each minute, as it stands in the partition, to a day after its end."""
    stored = life()
    ticks = range(MIDNIGHT_US, stored[-1].arrival_us + 20 * HOUR_US, MINUTE_US)
    return sorted([*stored, *map(tick, ticks)], key=lambda reading: reading.arrival_us)


def stored(readings: Sequence[Reading]) -> list[Reading]:
    return [reading for reading in readings if reading.kind is not ReadingKind.TICK]


def answer(readings: Sequence[Reading], asked: str) -> Reading:
    """Return what the desk writes into the stream after it has read what these readings left in the database."""
    relearner = Relearner(UNIT)
    relearner.update(stored(readings))
    state, through_us = relearner.learnt()
    assert len(state) < 8192
    config = RoutineConfig(unit=UNIT, model=RHYTHM, asked=asked, through_us=through_us, state=state)
    at_us = readings[-1].arrival_us
    return config_reading(config, at_us, at_us)


def rhythm(home: Home) -> bytes:
    """Return all that judges a silence and says what it is."""
    return msgspec.msgpack.encode(
        (home.routine, home.pause_us, home.heard_us, sorted(home.devices.items()), home.last_us, home.anchor,
         home.device, home.place, home.back_us, home.empty, home.said, home.due_us, home.ring_us, home.blind_us)
    )  # fmt: skip


@cache
def undisturbed() -> tuple[Sequence[tuple[int, bytes]], bytes]:
    host = Host()
    found = [(place, finding.encode(each)) for place, reading in enumerate(lived()) for each in host.update([reading])]
    return found, rhythm(host.inactivity.homes[UNIT])


def test_what_is_learnt_from_the_stored_messages_is_what_was_learnt_live() -> None:
    host = Host()
    readings = lived()
    host.update(readings)
    relearner = Relearner(UNIT)
    relearner.update(stored(readings))
    assert list(relearner.errors()) == []
    state, through_us = relearner.learnt()
    assert state == host.inactivity.learnt(UNIT)
    assert through_us == host.inactivity.homes[UNIT].last_us
    assert [reading.kind for reading in stored(readings)].count(ReadingKind.CONFIG) == 3


@pytest.mark.parametrize("seed", range(SEEDS))
def test_a_detector_that_lost_it_anywhere_knows_and_finds_after_the_answer_what_it_always_would(seed: int) -> None:
    rng = random.Random(seed)
    readings = lived()
    lost = rng.randrange(len(readings) // 3, len(readings) - 3000)
    read = rng.randrange(lost, len(readings) - 2000)
    read = min(read, lost + rng.choice((1, 30, 300, 3000)))
    answered = min(read + rng.choice((0, 5, 100)), len(readings) - 1900)
    host = Host()
    host.update(readings[:lost])
    units = host.states(host.units())
    host = Host()
    host.take_over(
        {},
        {unit: {part: state for part, state in parts.items() if part != INACTIVITY} for unit, parts in units.items()},
    )
    host.begin_anew({INACTIVITY}, units, f"seq {lost}")
    assert host.asks() == {UNIT: f"seq {lost}"}
    meanwhile = {each.id for each in host.update(readings[lost:answered])}
    assert known(host) in (None, Knows.REBUILDING)
    host.update([answer(readings[:read], f"seq {lost}")])
    assert known(host) in (Knows.LEARNT, Knows.LEARNING)
    found: list[tuple[int, bytes]] = []
    for place in range(answered, len(readings)):
        found += [(place, finding.encode(each)) for each in host.update([readings[place]])]
    wanted, end = undisturbed()
    # What was asked of an empty home is asked anew after a loss, of other signs.
    found, wanted = ([each for each in told if not asks(each[1])] for told in (found, wanted))
    assert rhythm(host.inactivity.homes[UNIT]) == end
    later = {data for place, data in wanted if place >= answered}
    # Of a silence that was told meanwhile, by what other homes do, the end has that score; all else is equal.
    assert {data for data in later if name_of(data)[0] not in meanwhile} <= {data for _, data in found}
    assert {name_of(data) for data in later} <= {name_of(data) for _, data in found}
    # A silence that was told before it was lost is told again under its id; the desk knows it.
    assert {name_of(data) for _, data in found} <= {name_of(data) for _, data in wanted}


def asks(data: bytes) -> bool:
    """Whether a finding asks about a home that should be empty."""
    codes = {reason.code for reason in finding.decode(data).evidence.reasons}
    return not codes.isdisjoint({reasons.STIRS_WHILE_AWAY, reasons.STILL_WHILE_AWAY})


def test_whoever_came_into_an_empty_home_is_not_forgotten_with_it() -> None:
    away = said(absent_h=60.0, day=3, at_h=14.0, version=2)
    door = msgspec.structs.replace(
        motion(homes.sign(away.event_us + 9 * HOUR_US, Room.OUTER_DOOR)), events=("door_open",)
    )
    inside = [motion(homes.sign(door.event_us + minutes * MINUTE_US, Room.KITCHEN)) for minutes in (1, 5)]
    before = [each for each in life() if each.arrival_us < away.arrival_us]
    heard = [*before, away, door, *inside]
    lost_us = inside[-1].arrival_us + HOUR_US
    host = Host()
    host.update([tick(lost_us)])
    host.begin_anew({INACTIVITY}, [UNIT], "seq 1")
    host.update([config_reading(config_of(away), away.event_us, lost_us)])
    assert host.update([answer([*heard, tick(lost_us)], "seq 1")]) == []
    ticks = [tick(at_us) for at_us in range(lost_us, lost_us + 4 * HOUR_US, 5 * MINUTE_US)]
    over, still = host.update(ticks)
    assert [each.evidence.reasons[0].code for each in (over, still)] == [
        reasons.STIRS_WHILE_AWAY,
        reasons.STILL_WHILE_AWAY,
    ]
    assert still.event_us == inside[-1].event_us


def name_of(data: bytes) -> tuple[str, str]:
    told = finding.decode(data)
    return told.id, told.stage


def known(host: Host) -> Knows | None:
    found = host.inactivity.known(UNIT)
    return None if found is None else found.state


def test_an_answer_to_another_asking_or_of_another_model_changes_nothing() -> None:
    readings = lived()[:2000]
    host = Host()
    host.inactivity.expect(UNIT, "mine")
    host.update(readings)
    before = host.snapshot()
    other = answer(readings, "another")
    host.update([other])
    config = RoutineConfig(unit=UNIT, model="inactivity-0.9", asked="mine", state=b"\xc1")
    host.update([config_reading(config, 1, 1)])
    assert host.snapshot() == before
    assert host.errors == []
    host.update([answer(readings, "mine")])
    assert host.snapshot() != before


def test_an_answer_that_cannot_be_read_is_an_error_and_the_asking_stands() -> None:
    host = Host()
    host.inactivity.expect(UNIT, "mine")
    config = RoutineConfig(unit=UNIT, model=RHYTHM, asked="mine", state=b"\xc1")
    host.update([config_reading(config, 1, 1)])
    assert len(host.errors) == 1
    assert host.inactivity.homes[UNIT].ask is not None


def test_an_answer_so_old_that_what_came_since_did_not_fit_is_asked_for_again() -> None:
    readings = lived()
    host = Host()
    host.inactivity.expect(UNIT, "mine")
    host.asks()
    moves = [place for place, reading in enumerate(readings) if reading.events]
    end = moves[NOTED + 200]
    host.update(readings[:end])
    host.update([answer(readings[: moves[30]], "mine")])
    assert host.asks() == {UNIT: "mine"}
    assert host.inactivity.homes[UNIT].ask is not None
    host.update([answer(readings[:end], "mine")])
    assert host.inactivity.homes[UNIT].ask is None


def test_a_home_of_which_nothing_is_stored_learns_from_where_it_is() -> None:
    readings = lived()[:3000]
    host, told = Host(), Host()
    told.update(readings)
    for reading in readings:
        host.update([reading])
        for unit, token in host.asks().items():
            host.update([config_reading(RoutineConfig(unit=unit, model=RHYTHM, asked=token, state=nothing()), 1, 1)])
    assert host.inactivity.learnt(UNIT) == told.inactivity.learnt(UNIT)
    assert known(host) is Knows.LEARNING
    assert known(told) is Knows.REBUILDING


def nothing() -> bytes:
    return Relearner("nobody").learnt()[0]


def test_a_replay_with_the_answer_in_it_is_byte_equal_however_it_is_cut() -> None:
    readings = list(lived())
    signs = next(place for place, reading in enumerate(readings) if reading.unit == UNIT)
    lost = len(readings) - 2500
    first = next(reading for reading in readings[lost:] if reading.unit == UNIT)
    token = f"{first.key}@{first.event_us}"
    there = readings.index(first) + 40
    after = [*readings[lost:there], answer(readings[:there], token), *readings[there:]]
    assert signs < lost
    wanted = watched(after, random.Random(-1))
    assert wanted[0]
    for seed in range(25):
        assert watched(after, random.Random(seed)) == wanted, f"seed {seed}"
    bare = watched([*readings[lost:]], random.Random(-1))
    assert bare[0] != wanted[0], "the answer changes nothing"


def test_watches_left_off_and_on_again_and_visits_to_an_empty_home_are_byte_equal_however_the_stream_is_cut() -> None:
    def chosen(version: int, at_h: float, *off: str, absent_h: float | None = None) -> Reading:
        at_us = MIDNIGHT_US + int((11 * 24 + at_h) * HOUR_US)
        until_us = None if absent_h is None else at_us + int(absent_h * HOUR_US)
        config = ResidentConfig(resident="r1", unit=UNIT, version=version, off=off, absent_until_us=until_us)
        return config_reading(config, at_us, at_us)

    # The home falls silent at 13 h of the last day: left off, on again, told; then away, and somebody comes in.
    stop_us = MIDNIGHT_US + 11 * DAY_US + 13 * HOUR_US
    visit = [(26.0, Room.OUTER_DOOR), (26.1, Room.KITCHEN), (26.2, Room.LIVING)]
    door, *inside = (motion(homes.sign(MIDNIGHT_US + int((11 * 24 + at_h) * HOUR_US), room)) for at_h, room in visit)
    added = [
        chosen(4, 13.1, "inactivity", "no_meal"), chosen(5, 14.0, "no_meal"), chosen(6, 23.5, absent_h=40.0),
        msgspec.structs.replace(door, events=("door_open",)), *inside,
    ]  # fmt: skip
    before = [each for each in lived() if stop_us - 2 * DAY_US < each.arrival_us < stop_us + 19 * HOUR_US]
    readings = sorted([*before, *added], key=lambda reading: reading.arrival_us)
    wanted = watched(readings, random.Random(-1))
    codes = [reason.code for data in wanted[0] for reason in finding.decode(data).evidence.reasons]
    assert {reasons.SILENT, reasons.KNOWN_ABSENT, reasons.STIRS_WHILE_AWAY, reasons.STILL_WHILE_AWAY} <= set(codes)
    for seed in range(25):
        assert watched(readings, random.Random(seed)) == wanted, f"seed {seed}"


def test_only_parts_that_begin_anew_ask() -> None:
    host = Host()
    host.begin_anew(PARTS - {INACTIVITY}, ["u1"], "seq 1")
    assert host.asks() == {}
