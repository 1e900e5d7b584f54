"""A partition's readings as gateway and configurer write them: units whose people fall, ticks, and config that changes
in the middle. Seeded; every time is given."""

import numpy as np
from numpy.typing import NDArray

from device_sim.body import Body
from device_sim.falling import fall
from device_sim.frames import Block, FrameMaker, Sensor
from device_sim.postures import Posture
from schemas import topics
from schemas.config import DeviceConfig, ResidentConfig, Sensitivity, config_reading
from schemas.frame import encode
from schemas.places import Binding
from schemas.reading import Clock, Reading, ReadingKind

SECOND_US = 1_000_000
#: 2026-11-23 00:00 UTC.
START_US = 1_795_392_000 * SECOND_US
RATE_HZ = 50
SENSOR = Sensor(1_000_000_000 // RATE_HZ)
#: Unit, resident, and when they fall, seconds: two share a home, one falls as his watch is moved to another wrist.
PEOPLE = (("home-1", "wang", 4.0), ("home-1", "li", 7.0), ("home-2", "zhao", 5.0))
LIE_S = 9.0
MOVED_US = START_US + 8 * SECOND_US


def movement(seed: int, walk_s: float, lie_s: float = LIE_S) -> NDArray[np.int16]:
    """Return counts (n, 3) of somebody who walks, falls hard and lies still; a waist-worn sensor at 50 Hz."""
    body = Body(np.random.default_rng(seed), RATE_HZ, "waist", Posture.STANDING)
    parts = [body.walk(walk_s), fall(body, impact_g=5.0).samples, body.rest(lie_s, restless=0.0)]
    return SENSOR.counts(np.concatenate(parts))


def frames(unit: str, resident: str, counts: NDArray[np.int16], start_us: int = START_US) -> list[Reading]:
    """Return a wearer's frames of one second, as they arrive 50 ms after their ends."""
    maker = FrameMaker(SENSOR, boot=9, booted_us=START_US - 3600 * SECOND_US)
    found = []
    for first in range(0, len(counts), RATE_HZ):
        event_us = start_us + first * SENSOR.period_ns // 1000
        block = maker.make(Block(counts[first : first + RATE_HZ], worn=True), event_us)
        device = f"watch-{resident}"
        found.append(
            Reading(
                kind=ReadingKind.FRAME, arrival_us=event_us + block.duration_us + 50_000, event_us=event_us,
                end_us=event_us + block.duration_us, device=device, unit=unit, resident=resident, boot=block.boot,
                seq=block.seq, clock=Clock.DEVICE, topic=topics.of(device, topics.IMU), payload=encode(block),
                position="waist",
            )
        )  # fmt: skip
    return found


def tick(at_us: int) -> Reading:
    """Return the platform's clock at a time."""
    return Reading(kind=ReadingKind.TICK, arrival_us=at_us, event_us=at_us, end_us=at_us)


def stream() -> list[Reading]:
    """Return a partition's readings in the order of arrival."""
    found = [
        reading
        for seed, (unit, resident, walk_s) in enumerate(PEOPLE)
        for reading in frames(unit, resident, movement(seed, walk_s))
    ]
    last_us = max(reading.arrival_us for reading in found)
    found += [tick(at_us) for at_us in range(START_US, last_us + 25 * SECOND_US, SECOND_US)]
    found += [*_configs(), _press(START_US + 6 * SECOND_US + 7)]
    return sorted(found, key=lambda reading: reading.arrival_us)


def _configs() -> list[Reading]:
    def resident(version: int, at_us: int, absent_until_us: int | None, sensitivity: Sensitivity) -> Reading:
        config = ResidentConfig(
            resident="li", unit="home-1", version=version, absent_until_us=absent_until_us, sensitivity=sensitivity
        )
        return config_reading(config, at_us, at_us)

    def worn(start_us: int, end_us: int | None, position: str) -> Binding:
        return Binding(
            device="watch-zhao", unit="home-2", resident="zhao", start_us=start_us, end_us=end_us, position=position
        )

    moved = DeviceConfig(
        device="watch-zhao", unit="home-2", bindings=(worn(0, MOVED_US, "waist"), worn(MOVED_US, None, "wrist"))
    )
    return [
        resident(1, START_US + 3 * SECOND_US + 1, START_US + 11 * SECOND_US, Sensitivity.NORMAL),
        config_reading(moved, MOVED_US, MOVED_US + 100_000),
        resident(2, START_US + 9 * SECOND_US + 3, None, Sensitivity.KEENER),
    ]


def _press(at_us: int) -> Reading:
    return Reading(
        kind=ReadingKind.EVENT, arrival_us=at_us, event_us=at_us, end_us=at_us, device="button-1", unit="home-2",
        resident="zhao", boot=2, seq=4, topic="sw/v1/button-1/event", events=("sos",),
    )  # fmt: skip
