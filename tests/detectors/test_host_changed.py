"""A unit whose state changed is said to have changed, whatever changed it: only what is said is saved."""

from collections.abc import Callable

import pytest

from detectors.host import Host
from detectors.inactivity_replay import Relearner
from detectors.inactivity_state import RHYTHM
from detectors.routine import MINUTE_US
from schemas.config import DeviceConfig, ResidentConfig, RoutineConfig, config_reading
from schemas.reading import Reading, ReadingKind
from tests.detectors import signals
from tests.detectors.signals import START_US

FRAMES = signals.readings(signals.worn(signals.fall_story(after_s=0.7)))
UNIT = FRAMES[0].unit or ""
SECOND = 1_000_000


def moved(at_us: int) -> Reading:
    return Reading(
        kind=ReadingKind.EVENT, arrival_us=at_us, event_us=at_us, end_us=at_us, device="pir", unit=UNIT,
        place="hall", events=("motion",),
    )  # fmt: skip


def tick_that_ends_waiting(host: Host) -> Reading:
    due = host.fall.due()
    assert due is not None
    return signals.tick(due)


def device_of_nobody(host: Host) -> Reading:
    return config_reading(DeviceConfig(device=FRAMES[0].device, unit=UNIT), START_US, START_US)


def resident(host: Host) -> Reading:
    return config_reading(ResidentConfig(resident="r9", unit=UNIT, version=1), START_US, START_US)


def clock_after_a_stop(host: Host) -> Reading:
    return signals.tick(host.inactivity.now_us + 20 * MINUTE_US)


def answer(host: Host) -> Reading:
    asked = host.asks()[UNIT]
    state, _ = Relearner(UNIT).learnt()
    return config_reading(RoutineConfig(unit=UNIT, model=RHYTHM, asked=asked, state=state), START_US, START_US)


@pytest.mark.parametrize("then", [tick_that_ends_waiting, device_of_nobody, resident, clock_after_a_stop, answer])
def test_what_changes_a_unit_without_a_message_of_it_is_said(then: Callable[[Host], Reading]) -> None:
    host = Host()
    host.update([signals.tick(START_US - SECOND), *FRAMES, moved(START_US), signals.tick(FRAMES[-1].arrival_us)])
    host.changed()
    before = host.states([UNIT])
    host.update([then(host)])
    assert host.states([UNIT]) != before
    assert UNIT in host.changed()
    assert host.changed() == set()
