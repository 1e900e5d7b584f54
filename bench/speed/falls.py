"""The speed of the fall detector: fleets, single people, state, and the cost of one more wearable."""

import gc
import time
import tracemalloc
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from bench.speed.people import Counts, Fleet
from bench.speed.steps import watched
from bench.speed.traffic import FRAME_S, WRIST, N, Round, Traffic
from detectors.fall import FallConfig
from detectors.fleet import FleetFalls
from detectors.fleet_frames import FrameBatch, batch_of_readings
from detectors.fleet_wire import batch_of_payloads
from detectors.wearable import worn_frame
from ingest.decoders.clock_columns import Claims, ClockColumns
from schemas.reading import Reading

#: Rounds of two seconds before anything is measured: columns are entered after the seconds that are kept.
WARM = 11
Pieces = Mapping[str, list[Counts]]


@dataclass(frozen=True, slots=True)
class FleetSpeed:
    """``rate``: samples (x, y, z) a second of CPU. ``hard_h``: impacts judged an hour and wearer."""

    wearables: int
    rounds: int
    rate: float
    us_a_frame: float
    findings: int
    in_columns: float
    hard_h: float
    steps: dict[str, float]


class Gateway:
    """A detector with the clocks and the wearers of a fleet before it: payloads in, findings out."""

    def __init__(self, traffic: Traffic) -> None:
        self.traffic, self.fleet = traffic, FleetFalls()
        self._clocks = ClockColumns(traffic.count)

    def batch(self, came: Round) -> FrameBatch:
        """Return the batch of a round, with the time of each frame by its device's clock."""

        def clock(at, boot, first_us, last_us, utc_us, live):  # type: ignore[no-untyped-def]  # fleet_wire.Clock
            claims = Claims(boot, first_us, last_us, utc_us, live)
            return self._clocks.event_us(came.number[at], claims, came.arrival_us[at])

        return batch_of_payloads(self.traffic.roster, came.number, came.payloads, clock)


def fleet_speed(
    count: int,
    fleet: Fleet,
    pieces: Pieces,
    rounds: int,
    *,
    as_readings: bool = False,
    profile: bool = True,
    position: str = WRIST,
) -> FleetSpeed:
    """Measure ``rounds`` of a fleet of ``count``; ``as_readings``: as the watcher gets it, not from payloads."""
    traffic = Traffic(count, fleet, pieces, position=position)
    gateway = Gateway(traffic)
    for _ in range(WARM):
        gateway.fleet.update(gateway.batch(traffic.next()))
    taken, findings, frames, kept = 0.0, 0, 0, 0
    for _ in range(rounds):
        came = traffic.next()
        readings = traffic.readings(came) if as_readings else []
        gc.collect()
        began = time.process_time()
        batch = batch_of_readings(readings) if as_readings else gateway.batch(came)
        findings += len(gateway.fleet.update(batch))
        taken += time.process_time() - began
        frames += batch.count
        kept += gateway.fleet.in_columns
    steps, judged = _profile(gateway, rounds) if profile else ({}, 0)
    hours = rounds * count * FRAME_S / 3600
    return FleetSpeed(
        count, rounds, frames * N / taken, taken / frames * 1e6, findings, kept / rounds / count, judged / hours, steps
    )


def plain_rate(count: int, fleet: Fleet, pieces: Pieces, rounds: int) -> float:
    """Return samples a second of the plain detector, which takes the same readings one by one."""
    traffic, detector = Traffic(count, fleet, pieces), FallConfig().build()
    taken, frames = 0.0, 0
    for number in range(WARM + rounds):
        readings = traffic.readings(traffic.next())
        gc.collect()
        began = time.process_time()
        detector.update([worn_frame(reading) for reading in readings])
        if number >= WARM:
            taken += time.process_time() - began
            frames += len(readings)
    return frames * N / taken


def _profile(gateway: Gateway, rounds: int) -> tuple[dict[str, float], int]:
    """Return the share of each step in rounds of their own, and how many impacts were judged with all their seconds."""
    judged: Counter[bool] = gateway.fleet.judged
    before = judged[False]
    rest = 0.0
    with watched() as spent:
        for _ in range(rounds):
            came = gateway.traffic.next()
            began = time.process_time()
            gateway.fleet.update(gateway.batch(came))
            rest += time.process_time() - began
    spent["all else"] = rest - sum(spent.values())
    return {step: spent[step] / rest for step in sorted(spent, key=lambda step: -spent[step])}, judged[False] - before


def one_person(pieces: list[Counts], hours: float, position: str = WRIST) -> tuple[float, int]:
    """Return seconds of CPU for an hour worn, frame by frame as they come, and how many findings there were."""
    played = {"rest": pieces, "seated": pieces, "feet": pieces}
    traffic = Traffic(1, Fleet("one", (0.0, 0.0, 1.0)), played, position=position)
    detector = FallConfig().build()
    readings: list[Reading] = []
    while len(readings) < hours * 3600 / FRAME_S:
        readings += traffic.readings(traffic.next())
    gc.collect()
    found = 0
    began = time.process_time()
    for reading in readings:
        found += len(detector.update([worn_frame(reading)]))
    return (time.process_time() - began) / hours, found


def state_bytes(count: int, fleet: Fleet, pieces: Pieces) -> tuple[float, float]:
    """Return bytes of state a wearable: all that a detector of ``count`` holds, and of it the columns."""
    traffic = Traffic(count, fleet, pieces)
    clocks = ClockColumns(count)
    rounds = [traffic.next() for _ in range(WARM + 3)]
    gc.collect()
    tracemalloc.start()
    try:
        gateway = Gateway(traffic)
        for came in rounds:
            gateway.fleet.update(gateway.batch(came))
        gc.collect()
        held = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    del clocks
    return held / count, float(np.mean([table.state_bytes for table in gateway.fleet.tables]))
