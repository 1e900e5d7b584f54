"""The clocks of many devices in columns tell what the ladder tells of each message."""

import numpy as np

from ingest.decoders.clock_columns import Claims, ClockColumns
from ingest.decoders.event_time import Claim, resolve

NOW_US = 1_800_000_000_000_000
SECOND_US = 1_000_000
DEVICES = 12


def story(seed: int) -> list[tuple[int, Claim, int]]:
    """Device, claim, arrival: two hours of frames with boots, jumps, buffers, set and wrong clocks, and bunches."""
    rng = np.random.default_rng(seed)
    booted = rng.integers(0, 10**10, DEVICES)
    boot, told = np.ones(DEVICES, int), []
    for turn in range(400):
        device = int(rng.integers(DEVICES))
        boot[device] += rng.random() < 0.01
        booted[device] += 86_400 * 10 * SECOND_US * int(rng.random() < 0.01)
        at_us = turn * 18 * SECOND_US
        device_us = max(0, at_us - int(rng.integers(0, 3600 * SECOND_US)) * int(rng.random() < 0.1))
        arrival_us = NOW_US + at_us + int(rng.exponential(200_000)) + 2 * SECOND_US
        utc_us = {0: NOW_US + device_us, 1: 946_684_800_000_000, 2: arrival_us + 3600 * SECOND_US}.get(
            int(rng.integers(6))
        )
        boot_of = int(boot[device] - (rng.random() < 0.03))
        start_us = device_us + int(booted[device])
        claim = Claim(boot_of, start_us, start_us + 1_980_000, utc_us, live=bool(rng.random() < 0.95))
        told.append((device, claim, arrival_us))
    return told


def test_columns_tell_what_the_ladder_tells_however_the_messages_are_cut() -> None:
    usual = 0
    for seed in range(5):
        messages = story(seed)
        boots: dict[int, tuple] = {}  # type: ignore[type-arg]
        expected = []
        for device, claim, arrival_us in messages:
            boots[device], when = resolve(boots.get(device, ()), claim, arrival_us)
            expected.append(when.event_us)
        columns, found, place = ClockColumns(DEVICES), [], 0
        rng = np.random.default_rng(100 + seed)
        while place < len(messages):
            batch = messages[place : place + int(rng.integers(1, 40))]
            place += len(batch)
            claims = Claims(
                boot=np.array([claim.boot for _, claim, _ in batch]),
                device_us=np.array([claim.device_us for _, claim, _ in batch]),
                last_us=np.array([claim.last_us for _, claim, _ in batch]),
                utc_us=np.array([claim.utc_us or 0 for _, claim, _ in batch]),
                live=np.array([claim.live for _, claim, _ in batch]),
            )
            numbers = np.array([device for device, _, _ in batch])
            found += columns.event_us(numbers, claims, np.array([us for _, _, us in batch])).tolist()
        assert found == expected, f"seed {seed}"
        usual += len(messages) - columns.alone
    assert usual > 500  # most need no ladder
