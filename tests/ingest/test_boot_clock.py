"""A boot's monotonic clock mapped to UTC: jitter, drift, bunches, reboots, jumps."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.decoders import boot_clock
from ingest.decoders.boot_clock import BOOTS_KEPT, WINDOW_US, BootMap
from tests.ingest.frames import NOW_US, SECOND_US


def error_us(known: BootMap, true_offset: int) -> int:
    """How far the mapping is from the truth; arrivals are only ever late, so it errs to the late side."""
    return known.offset_us - true_offset


def test_jitter_is_taken_out_by_the_fastest_arrival() -> None:
    rng, known = random.Random(1), None
    for second in range(120):
        device = second * SECOND_US
        delay = 20_000 + int(rng.expovariate(1 / 80_000))
        known = boot_clock.heard(known, 7, device, NOW_US + device + delay)
    assert known is not None
    assert 20_000 <= error_us(known, NOW_US) < 25_000


@pytest.mark.parametrize("ppm", [-50, 50])
def test_a_clock_that_drifts_50_ppm_is_followed_within_70_ms_over_hours(ppm: int) -> None:
    rng, known, worst = random.Random(2), None, 0
    for second in range(4 * 3600):
        device = second * SECOND_US
        true = NOW_US + device + device * ppm // 1_000_000
        known = boot_clock.heard(known, 7, device, true + 20_000 + int(rng.expovariate(1 / 50_000)))
        if second > 60:  # the first minute has heard too few fast arrivals
            worst = max(worst, abs(known.offset_us + device - true - 20_000))
    assert worst < 70_000


def test_frames_that_come_in_a_bunch_after_an_hour_without_network_keep_their_own_times() -> None:
    known = boot_clock.heard(None, 7, 0, NOW_US + 30_000)
    arrival = NOW_US + 3600 * SECOND_US
    for second in range(3000, 3600):
        known = boot_clock.heard(known, 7, second * SECOND_US, arrival + (second - 3000) * 1000)
    assert error_us(known, NOW_US) == 30_000


def test_a_first_arrival_that_was_late_is_corrected_by_the_next_fast_one() -> None:
    known = boot_clock.heard(None, 7, 0, NOW_US + 9 * SECOND_US)
    known = boot_clock.heard(known, 7, 10 * SECOND_US, NOW_US + 10 * SECOND_US + 25_000)
    assert error_us(known, NOW_US) == 25_000


def test_a_minimum_from_long_ago_is_forgotten_after_two_windows_of_messages() -> None:
    known = boot_clock.heard(None, 7, 0, NOW_US - 5 * SECOND_US)  # the platform's clock was set forward by 5 s
    for step in range(1, 4):
        device = step * WINDOW_US
        known = boot_clock.heard(known, 7, device, NOW_US + device)
    assert error_us(known, NOW_US) == 0


def test_the_maps_of_old_boots_are_kept_and_the_oldest_forgotten() -> None:
    boots: tuple[BootMap, ...] = ()
    for boot in range(BOOTS_KEPT + 2):
        boots = boot_clock.with_map(boots, boot_clock.heard(None, boot, 0, NOW_US))
    assert [known.boot for known in boots] == [5, 4, 3, 2]
    assert boot_clock.of(boots, 3) is not None
    assert boot_clock.of(boots, 0) is None


@settings(derandomize=True)
@given(st.lists(st.integers(0, 60 * SECOND_US), min_size=1, max_size=60))
def test_the_mapping_never_puts_a_live_message_after_its_arrival(delays: list[int]) -> None:
    known = None
    for second, delay in enumerate(delays):
        device = second * SECOND_US
        arrival = NOW_US + device + delay
        known = boot_clock.heard(known, 7, device, arrival)
        assert device + known.offset_us <= arrival
