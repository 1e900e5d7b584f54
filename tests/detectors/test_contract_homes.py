"""What the detectors of homes keep to, together in their host, over a stream in which everything happens to homes.

Beside tests.detectors.test_contract, whose stories are a detector's own: here the clock stands still and is set back,
sensors and bridges are cut off, people are away, move out and come back, a rhythm that was lost comes in the middle
(tests.detectors.hard_homes).
"""

from collections.abc import Sequence
from functools import cache

import msgspec
import numpy as np
import pytest

from detectors.host import EVERYDAY, INACTIVITY, WANDERING, Host
from schemas import finding as wire
from schemas.finding import Finding, Stage
from schemas.reading import Reading, ReadingKind
from tests.detectors.hard_homes import UNITS, hard_days, tick
from tests.detectors.whole_streams import Stream, as_bytes, assert_changes_are_said, at_once, cut, taken_over, told_of

SEEDS = (5, 6)
DETECTORS = (INACTIVITY, EVERYDAY, WANDERING)
#: With a shorter stop of the clock than this, nobody was deaf.
LISTENING_US = 10 * 60 * 1_000_000


@cache
def stream(seed: int) -> tuple[Reading, ...]:
    return tuple(hard_days(seed))


@cache
def undisturbed(seed: int) -> tuple[tuple[bytes, ...], bytes]:
    return at_once(stream(seed))


def _parts(seed: int, count: int) -> list[Stream]:
    """The stream cut at random, and around each tick after which the clock had stood still."""
    places = set[int]()
    now_us = stream(seed)[0].arrival_us
    for place, reading in enumerate(stream(seed)):
        if reading.kind is ReadingKind.TICK:
            places |= {place, place + 1} if reading.event_us - now_us > LISTENING_US else set()
            now_us = max(now_us, reading.event_us)
    return cut(stream(seed), seed, count, places)


def test_each_detector_of_homes_finds_and_ends_something_in_these_streams() -> None:
    found = [wire.decode(one) for seed in SEEDS for one in undisturbed(seed)[0]]
    assert {(name, stage) for name in DETECTORS for stage in (Stage.CONFIRMED, Stage.RECOVERED)} <= told_of(found)


@pytest.mark.parametrize("seed", SEEDS)
def test_batch_cuts_change_nothing(seed: int) -> None:
    host = Host()
    found = [one for part in _parts(seed, 400) for one in host.update(part)]
    assert (as_bytes(found), host.snapshot()) == undisturbed(seed)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_takeover_at_any_moment_changes_nothing_with_what_was_saved_of_changed_homes_alone(seed: int) -> None:
    assert taken_over(_parts(seed, 60)) == undisturbed(seed)


@pytest.mark.parametrize("seed", SEEDS)
def test_each_detector_says_by_itself_which_homes_have_changed(seed: int) -> None:
    assert_changes_are_said(
        _parts(seed, 60), lambda host: [host.inactivity, host.everyday, host.wandering, host.claims, host.meeting]
    )


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("unit", UNITS[:2])
def test_what_happens_in_another_home_changes_nothing(seed: int, unit: str) -> None:
    alone = [each for each in stream(seed) if each.kind is ReadingKind.TICK or each.unit == unit]
    ours = [one for one in undisturbed(seed)[0] if wire.decode(one).unit == unit]
    assert list(as_bytes(Host().update(alone))) == ours


@pytest.mark.parametrize("seed", SEEDS)
def test_a_clock_that_is_set_back_changes_nothing(seed: int) -> None:
    """Nor one that says the same twice."""
    rng, host, found, now_us = np.random.default_rng(seed), Host(), list[Finding](), 0
    for reading in stream(seed):
        found += host.update([reading])
        if reading.kind is ReadingKind.TICK:
            now_us = max(now_us, reading.event_us)
            if rng.random() < 0.2:
                host.update([tick(now_us - int(rng.choice([0, 1_000_000, 7 * 3600 * 1_000_000])))])
    assert (as_bytes(found), host.snapshot()) == undisturbed(seed)


@pytest.mark.parametrize("seed", SEEDS)
def test_how_often_the_clock_speaks_changes_nothing_of_silences_and_days(seed: int) -> None:
    """As long as it never stands still: wandering puts in order what came since, and is not asked here."""
    parts = {INACTIVITY, EVERYDAY}
    items, more, now_us = stream(seed), list[Reading](), 0
    for reading in items:
        if reading.kind is ReadingKind.TICK:
            between = reading.event_us - now_us
            if 0 < between < LISTENING_US:
                more += [tick(now_us + between * k // 4) for k in range(1, 4)]
            now_us = max(now_us, reading.event_us)
    ticked = sorted([*items, *more], key=lambda each: each.arrival_us)
    often, seldom = Host().update(ticked, parts), Host().update(items, parts)
    assert _unheard(often) == _unheard(seldom) != []


@pytest.mark.parametrize("seed", SEEDS)
def test_a_message_that_comes_twice_raises_nothing_more(seed: int) -> None:
    """A sensor's messages have no number: one that is told again at once is the same to whoever is told of it."""
    rng, host, found = np.random.default_rng(seed), Host(), list[Finding]()
    for reading in stream(seed):
        found += host.update([reading])
        if reading.kind is not ReadingKind.TICK and rng.random() < 0.3:
            found += host.update([msgspec.structs.replace(reading, arrival_us=reading.arrival_us + 1)])
    ours = [wire.decode(one) for one in undisturbed(seed)[0]]
    assert [(one.id, one.stage) for one in found] == [(one.id, one.stage) for one in ours]


def _unheard(found: Sequence[Finding]) -> list[bytes]:
    """Findings in the order of what was decided, without which tick told them."""
    plain = [msgspec.structs.replace(one, heard_us=0) for one in found]
    return sorted(wire.encode(one) for one in plain)
