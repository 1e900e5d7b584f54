"""The stream in which everything happens to homes (tests.detectors.hard_homes), where clocks on the wall are set.

In each home the clock is set in the hard days; of some it is learnt only then which clock they have. Settings come
again, overtaken ones too, and with another clock.
"""

from functools import cache

import msgspec
import numpy as np
import pytest

from detectors.host import EVERYDAY, INACTIVITY, WANDERING, Host
from detectors.routine import DAY_US, HOUR_US, MINUTE_US
from schemas import finding as wire
from schemas.config import ResidentConfig, config_of, config_reading
from schemas.finding import Stage
from schemas.local_time import LocalTime
from schemas.reading import Reading, ReadingKind
from tests.detectors.hard_homes import HARD_DAYS, LEARN_DAYS, UNITS, hard_days
from tests.detectors.homes import MIDNIGHT_US
from tests.detectors.whole_streams import Stream, as_bytes, assert_changes_are_said, at_once, cut, taken_over, told_of
from tests.reference.scanned_times import scanned_host

SEEDS = (7, 8)
#: From then on settings come with the later of a home's clocks.
LATER_US = MIDNIGHT_US + (LEARN_DAYS + 2) * DAY_US
DETECTORS = (INACTIVITY, EVERYDAY, WANDERING)


def _clocks(rng: np.random.Generator) -> list[LocalTime]:
    """Return a home's clock, then the same known for longer, or another one."""
    set_us = MIDNIGHT_US + LEARN_DAYS * DAY_US + round(rng.uniform(0, HARD_DAYS) * DAY_US)
    by_min = int(rng.choice([-60, 60]))
    first = LocalTime(480, ((set_us // MINUTE_US, 480 + by_min),))
    again = ((set_us + 30 * HOUR_US) // MINUTE_US, 480)
    longer = LocalTime(480, (*first.changes, again))
    return [first, LocalTime(480 + 90) if rng.random() < 0.3 else longer]


@cache
def stream(seed: int) -> tuple[Reading, ...]:
    rng = np.random.default_rng([seed, 99])
    clocks = {unit: _clocks(rng) for unit in UNITS}
    items, sent = list[Reading](), list[Reading]()
    for reading in hard_days(seed):
        told = [_hung(reading, clocks, int(reading.event_us >= LATER_US))]
        if told[0].kind is ReadingKind.CONFIG:
            sent.append(told[0])
            other = sent[int(rng.integers(len(sent)))]
            told.append(
                _hung(msgspec.structs.replace(other, arrival_us=reading.arrival_us), clocks, int(rng.integers(2)))
            )
        items += told
    return tuple(items)


def _hung(reading: Reading, clocks: dict[str, list[LocalTime]], which: int) -> Reading:
    config = config_of(reading) if reading.kind is ReadingKind.CONFIG else None
    if not isinstance(config, ResidentConfig):
        return reading
    config = msgspec.structs.replace(config, clock=clocks[config.unit][which])
    return config_reading(config, reading.event_us, reading.arrival_us)


@cache
def undisturbed(seed: int) -> tuple[tuple[bytes, ...], bytes]:
    return at_once(stream(seed))


def _parts(seed: int, count: int) -> list[Stream]:
    """The stream cut at random, and around each setting: what it alone has changed must be seen."""
    told = [place for place, reading in enumerate(stream(seed)) if reading.kind is ReadingKind.CONFIG]
    return cut(stream(seed), seed, count, [*told, *(place + 1 for place in told)])


def test_each_detector_of_homes_finds_and_ends_something_and_clocks_were_set() -> None:
    found = [wire.decode(one) for seed in SEEDS for one in undisturbed(seed)[0]]
    assert {(name, stage) for name in DETECTORS for stage in (Stage.CONFIRMED, Stage.RECOVERED)} <= told_of(found)
    assert len({one.evidence.expected.utc_offset_min for one in found if one.evidence.expected is not None}) > 1


@pytest.mark.parametrize("seed", SEEDS)
def test_a_takeover_at_any_moment_changes_nothing(seed: int) -> None:
    assert taken_over(_parts(seed, 60)) == undisturbed(seed)


@pytest.mark.parametrize("seed", SEEDS)
def test_each_detector_says_by_itself_which_homes_have_changed(seed: int) -> None:
    assert_changes_are_said(_parts(seed, 60), lambda host: [host.inactivity, host.everyday, host.wandering])


@pytest.mark.parametrize("seed", SEEDS)
def test_homes_are_found_the_same_as_by_asking_every_one_at_every_tick(seed: int) -> None:
    ours, naive = Host(), scanned_host()
    for part in _parts(seed, 60):
        assert as_bytes(ours.update(part)) == as_bytes(naive.update(part))
        assert ours.due() == naive.due()
    assert ours.snapshot() == naive.snapshot()
