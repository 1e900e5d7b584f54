"""A home's months at once, by columns, and item by item: the same findings and the same state, to the byte.

Over homes to which everything happens that happens to homes (tests.detectors.hard_homes): disorder, repetitions, a
clock that stands still and is set back, absences, sensors that die, people who move in and out; here also with clocks
on the wall that are set, with couples, and cut anywhere.
"""

from collections.abc import Callable, Sequence
from functools import cache, partialmethod
from itertools import pairwise
from typing import Any

import msgspec
import numpy as np
import pytest

from detectors.everyday_columns import Days
from detectors.everyday_state import HABITS, Learnt, pack_learnt
from detectors.everyday_watches import Watch
from detectors.home_columns import WHOLE, columns_of
from detectors.home_replay import replay
from detectors.host import EVERYDAY, INACTIVITY, WANDERING, Host
from detectors.inactivity_columns import Silences
from detectors.inactivity_model import InactivityModel, Outlook
from detectors.inactivity_rebuild import Learnt as LearntRhythm
from detectors.inactivity_rebuild import pack_learnt as pack_rhythm
from detectors.inactivity_replay import Relearner
from detectors.inactivity_spared import Judgement
from detectors.inactivity_state import RHYTHM
from detectors.routine import DAY_US, HOUR_US, MINUTE_US, Routine
from schemas import finding as wire
from schemas.config import ResidentConfig, RoutineConfig, config_of, config_reading, with_clock
from schemas.finding import Finding, Stage
from schemas.local_time import LocalTime
from schemas.reading import Observation, Reading, ReadingKind
from tests.detectors.hard_homes import UNITS, hard_days, sensed, tick
from tests.detectors.homes import MIDNIGHT_US
from tests.reference.naive_replay import Relearner as NaiveRelearner

SEEDS = (11, 12, 14)
DETECTORS = (INACTIVITY, EVERYDAY, WANDERING)
#: A clock that is set forward and back again within the days of these streams, by an hour, and one that stays. By day,
#: when there is a sign every few minutes: at night a rest would end first, and no kernel would be in between.
_SET = tuple(((MIDNIGHT_US + day * DAY_US + 13 * HOUR_US) // MINUTE_US, ahead) for day, ahead in ((5, 120), (13, 60)))
CLOCKS = (None, LocalTime(60, _SET), LocalTime(540))


@cache
def _stream(seed: int) -> tuple[Reading, ...]:
    return tuple(hard_days(seed))


@cache
def home(seed: int, unit: str) -> list[Reading]:
    """The stream of one home, ticks among it; by its number with another clock, or as a couple's."""
    stream = [each for each in _stream(seed) if each.kind is ReadingKind.TICK or each.unit == unit or not each.unit]
    clock = CLOCKS[(seed + UNITS.index(unit)) % 3]
    return [_hung(each, clock, couple=seed % 2 == 0) for each in stream if _mine(each, unit)]


@cache
def asked_and_answered(seed: int, unit: str) -> list[Reading]:
    """The same, where whatever the home asks for is answered at once: nothing is stored of it."""
    return _with_answers(home(seed, unit))


def _with_answers(items: Sequence[Reading]) -> list[Reading]:
    host, found = Host(), list[Reading]()
    for each in items:
        found.append(each)
        host.update([each])
        for model, asks, nothing in ((RHYTHM, host.asks(), _NO_RHYTHM), (HABITS, host.asks_of_habits(), _NO_HABITS)):
            for unit, token in asks.items():
                answer = RoutineConfig(unit=unit, model=model, asked=token, state=nothing)
                found.append(config_reading(answer, each.arrival_us, each.arrival_us))
                host.update(found[-1:])
    return found


_NO_RHYTHM, _NO_HABITS = pack_rhythm(LearntRhythm(Routine())), pack_learnt(Learnt([[] for _ in Watch]))


def _mine(reading: Reading, unit: str) -> bool:
    return reading.kind is not ReadingKind.CONFIG or getattr(config_of(reading), "unit", unit) == unit


def _hung(reading: Reading, clock: LocalTime | None, *, couple: bool) -> Reading:
    if reading.kind is not ReadingKind.CONFIG or not isinstance(config := config_of(reading), ResidentConfig):
        return reading
    other = config.resident.replace("-r2", "-r1") if not couple else config.resident
    changed = with_clock(msgspec.structs.replace(config, resident=other), clock)
    return config_reading(changed, reading.event_us, reading.arrival_us)


def at_once(host: Host, items: Sequence[Reading]) -> list[Finding]:
    """Play items with the ticks among them apart."""
    readings = [each for each in items if each.kind is not ReadingKind.TICK]
    ticked = np.array([each.kind is ReadingKind.TICK for each in items], np.bool_)
    at = np.array([each.event_us for each in items], np.int64)[ticked]
    return replay(host, readings, at, np.cumsum(~ticked, dtype=np.int64)[ticked])


def encoded(found: Sequence[Finding]) -> list[bytes]:
    """Return findings as bytes."""
    return [wire.encode(one) for one in found]


def _says(one: Finding) -> tuple[str, Stage]:
    return one.model.split("-")[0], one.stage


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("of", [home, asked_and_answered])
def test_at_once_and_item_by_item_find_and_know_the_same_to_the_byte(
    seed: int, unit: str, of: Callable[[int, str], list[Reading]]
) -> None:
    items = of(seed, unit)
    host, other = Host(), Host()
    found, known = encoded(host.update(items)), encoded(at_once(other, items))
    assert known == found
    assert other.snapshot() == host.snapshot()
    assert other.changed() == host.changed()
    assert other.errors == host.errors == []


def test_a_silence_is_judged_by_the_same_features_to_the_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    """What tells of its beginning is added up here and there, and so is how many of its like have ended."""
    judged, judges = list[bytes](), InactivityModel.outlook_by
    homes = [asked_and_answered(SEEDS[0], unit) for unit in UNITS]
    monkeypatch.setattr(InactivityModel, "outlook_by", partialmethod(_noted, judged, judges))
    for items in homes:
        Host().update(items)
    one_by_one = [*judged]
    judged.clear()
    for items in homes:
        at_once(Host(), items)
    after = iter(one_by_one)
    assert all(each in after for each in judged)  # in the same order, but for those that were spared
    assert len(judged) > 60


def _noted(self: InactivityModel, noted: list[bytes], judges: Any, head: Any, ends: Any, **how: Any) -> Outlook:
    found: Outlook = judges(self, head, ends, **how)
    noted.append(b"".join(each.tobytes() for each in (head, ends, found.reach)))
    return found


def test_a_silence_that_needed_no_judgement_leaves_behind_what_it_would_have(monkeypatch: pytest.MonkeyPatch) -> None:
    """How long such silences last stays with the home until the next is judged: cut just after one has ended."""
    spared, judges = list[bool](), Judgement.spared
    monkeypatch.setattr(Judgement, "spared", partialmethod(_told, spared, judges))
    items = asked_and_answered(SEEDS[0], UNITS[0])
    moves = [place for place, each in enumerate(items) if "motion" in each.events]
    gaps = [(now, items[now].event_us - items[before].event_us) for before, now in pairwise(moves)]
    ends = [place + 1 for place, gap_us in gaps if 35 * MINUTE_US < gap_us < 60 * MINUTE_US]
    host, other = Host(), Host()
    for start, end in pairwise([0, *ends[-12:]]):
        host.update(items[start:end])
        at_once(other, items[start:end])
        assert other.snapshot() == host.snapshot()
    assert sum(spared) > 12


def _told(self: Judgement, told: list[bool], judges: Any, *asked: Any) -> bool:
    told.append(judges(self, *asked))
    return told[-1]


@pytest.mark.parametrize("seed", SEEDS[:2])
def test_where_it_is_cut_changes_nothing(seed: int) -> None:
    items = home(seed, UNITS[0])
    cuts = sorted(np.random.default_rng(seed).choice(len(items), 40, replace=False).tolist())
    host, whole = Host(), Host()
    found = [one for start, end in pairwise([0, *cuts, len(items)]) for one in at_once(host, items[start:end])]
    assert encoded(found) == encoded(at_once(whole, items))
    assert host.snapshot() == whole.snapshot()


def test_parts_that_know_it_already_take_nothing() -> None:
    items, parts = home(SEEDS[0], UNITS[1]), {EVERYDAY, WANDERING}
    host, other = Host(), Host()
    readings = [each for each in items if each.kind is not ReadingKind.TICK]
    assert encoded(replay(other, readings, parts=parts)) == encoded(host.update(readings, parts))
    assert other.snapshot() == host.snapshot()


def test_something_is_found_and_ended_in_these_homes_by_each_detector() -> None:
    told = {_says(one) for seed in SEEDS for unit in UNITS for one in at_once(Host(), home(seed, unit))}
    assert {(name, stage) for name in DETECTORS for stage in (Stage.CONFIRMED, Stage.RECOVERED)} <= told


@pytest.mark.parametrize("player", [Silences, Days])
def test_most_of_it_is_read_by_columns(player: type[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Else these homes would show nothing of the kernels, and a year would take as long as ever."""
    plain = list[int]()
    monkeypatch.setattr(player, "_plain", partialmethod(_counted, plain, player._plain))
    items = asked_and_answered(SEEDS[0], UNITS[0])
    at_once(Host(), items)
    assert len(plain) < 0.3 * len(items)


def _counted(self: Any, plain: list[int], taken: Any, item: int) -> list[Finding]:
    plain.append(item)
    found: list[Finding] = taken(self, item)
    return found


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("unit", UNITS)
def test_a_rhythm_is_learnt_anew_as_message_after_message(seed: int, unit: str) -> None:
    readings = sorted((each for each in home(seed, unit) if stored(each)), key=lambda each: each.arrival_us)
    cuts = sorted(np.random.default_rng(seed).choice(len(readings), 5, replace=False).tolist())
    ours, naive = Relearner(unit), NaiveRelearner(unit)
    for start, end in pairwise([0, *cuts, len(readings)]):
        ours.update(readings[start:end])
    naive.update(readings)
    assert ours.learnt() == naive.learnt()
    assert ours.habits() == naive.habits()
    assert list(ours.errors()) == list(naive.errors()) == []


def stored(reading: Reading) -> bool:
    """Whether it is what a rebuild reads: messages, and how residents are watched over."""
    if reading.kind is ReadingKind.CONFIG:
        return isinstance(config_of(reading), ResidentConfig)
    return reading.kind is not ReadingKind.TICK


def test_a_sign_of_before_the_end_of_an_absence_that_was_told_too_late_belongs_to_the_absence() -> None:
    """The home is not empty by then, as an absence that is told while it lasts makes it: its kernel goes on."""
    start_us, host, other = MIDNIGHT_US, Host(), Host()
    items = [sensed(start_us + k * MINUTE_US, "u1", ("hall", "kitchen")[k % 2]) for k in range(20)]
    items += [tick(start_us + k * MINUTE_US) for k in range(20, 40)]
    away = ResidentConfig(resident="r1", unit="u1", version=1, absent_until_us=start_us + 35 * MINUTE_US)
    items.append(config_reading(away, start_us + 40 * MINUTE_US, start_us + 40 * MINUTE_US))
    items += [sensed(start_us + at * MINUTE_US, "u1", "hall", arrival_us=start_us + 41 * MINUTE_US) for at in (30, 33)]
    items = _with_answers(items)
    assert encoded(at_once(other, items)) == encoded(host.update(items))
    assert host.inactivity.homes["u1"].empty
    assert other.snapshot() == host.snapshot()


def test_true_and_one_are_not_the_same_word() -> None:
    """They are equal in Python: a device that says 1 says nothing of whether it can be heard."""
    says = [sensed(at, "u1", "hall", "", observations=(Observation("available", value),)) for at, value in _SAYS]
    assert columns_of(says, "u1").items.tolist() == [0, 0, WHOLE, WHOLE, 1]
    host, other = Host(), Host()
    host.update(says)
    replay(other, says)
    assert other.snapshot() == host.snapshot()


_SAYS: tuple[tuple[int, float | bool], ...] = ((1, False), (2, False), (3, 0), (4, 0.0), (5, 1.0))


def test_what_tells_nothing_of_a_home_makes_no_class_of_its_own() -> None:
    says = [sensed(at, "u1", "hall", observations=(Observation("battery", at, "%"),)) for at in range(100)]
    assert len(columns_of(says, "u1").classes) == 1
