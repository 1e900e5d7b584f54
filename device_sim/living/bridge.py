"""What stands between a home's sensors and the broker, of whatever family they are, and how it fails."""

import heapq
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import count
from operator import attrgetter
from random import Random

from device_sim.forms.spoken import HomeSensor, Said, Speaker
from device_sim.living.faults import Fault, FaultKind
from device_sim.play import Emission

_SECOND_US = 1_000_000
#: The broker gives a silent bridge up after one and a half of its keep-alive of 60 s, and publishes its last will.
WILL_AFTER_US = 90 * _SECOND_US
#: From the bridge's start until it has told its state, its inventory, and what its sensors said last, s.
STARTS_S = 2.0
#: How much later the same message comes again from a device that repeats, s, and how often in all.
REPEAT_AFTER_S, REPEATED = (0.1, 2.5), (2, 3)


class Bridge:
    """One home's gateway; ``publish`` takes what its sensors say, and gives what reaches the broker."""

    def __init__(self, speaker: Speaker, start_us: int, end_us: int, faults: Sequence[Fault], seed: int) -> None:
        self.speaker, self.start_us, self.end_us = speaker, start_us, end_us
        self.random = Random(f"bridge {seed}")
        self.outages = _outages(faults)
        self.repeats = [fault for fault in faults if fault.kind is FaultKind.REPEATS]
        self.heard: dict[HomeSensor, int] = {}
        self.last: dict[HomeSensor, tuple[Emission, ...]] = {}
        self.lost: set[HomeSensor] = set()  # said to be unavailable

    def publish(self, all_said: Iterable[Said]) -> Iterator[Emission]:
        """Yield what reaches the broker, in order of time."""
        number = count()
        held: list[tuple[int, int, Emission]] = []
        for from_us, emission, sensor in self._all(all_said):
            while held and held[0][0] <= from_us:
                yield heapq.heappop(held)[2]
            for each in self._repeated(emission, sensor):
                heapq.heappush(held, (each.at_us, next(number), each))
        while held:
            yield heapq.heappop(held)[2]

    def is_out(self, at_us: int) -> bool:
        """Whether nothing reaches the broker at this time."""
        return any(outage.from_us <= at_us < outage.until_us for outage in self.outages)

    def _repeated(self, emission: Emission, sensor: HomeSensor | None) -> Iterator[Emission]:
        yield emission
        if sensor is not None and any(fault.hits(sensor.name, emission.at_us) for fault in self.repeats):
            for _ in range(self.random.randint(*REPEATED) - 1):
                later_us = emission.at_us + round(self.random.uniform(*REPEAT_AFTER_S) * _SECOND_US)
                yield replace(emission, at_us=later_us)

    def _all(self, all_said: Iterable[Said]) -> Iterator[tuple[int, Emission, HomeSensor | None]]:
        """Yield each message with the time before which none will follow, and whose it is."""
        for emission in self.speaker.hello(self.start_us):
            yield self.start_us, emission, None
        outages = list(self.outages)
        waiting: list[Said] = []
        for said in all_said:
            while outages and outages[0].until_us + round(STARTS_S * _SECOND_US) <= said.at_us:
                yield from self._back(outages.pop(0), waiting)
            if outages and outages[0].from_us <= said.at_us:
                self.speaker.missed(said)
                if outages[0].kind is FaultKind.NETWORK and self.speaker.keeps:
                    waiting.append(said)
                continue
            for emission in self._watch(said.at_us):
                yield said.at_us, emission, None
            for emission in self._heard(said):
                yield said.at_us, emission, said.sensor
        for outage in outages:
            yield from self._back(outage, waiting)

    def _heard(self, said: Said) -> Iterator[Emission]:
        self.heard[said.sensor] = said.at_us
        if said.sensor in self.lost:
            self.lost.discard(said.sensor)
            yield from self.speaker.available(said.sensor, said.at_us, online=True)
        self.last[said.sensor] = tuple(self.speaker.say(said))
        yield from self.last[said.sensor]

    def _watch(self, now_us: int) -> Iterator[Emission]:
        """Say which sensors have been silent for too long."""
        longest_us = self.speaker.unavailable_after_us
        if longest_us is None:
            return
        for sensor, at_us in self.heard.items():
            if now_us - at_us > longest_us and sensor not in self.lost:
                self.lost.add(sensor)
                yield from self.speaker.available(sensor, now_us, online=False)

    def _back(self, outage: Fault, waiting: list[Said]) -> Iterator[tuple[int, Emission, HomeSensor | None]]:
        """Yield what an outage looks like from the broker: the last will, and the gateway when it is back."""
        will_us = outage.from_us + WILL_AFTER_US
        if will_us < min(outage.until_us, self.end_us):
            for emission in self.speaker.gone(will_us):
                yield will_us, emission, None
        if outage.until_us >= self.end_us:
            return
        for emission in self.speaker.hello(outage.until_us):
            yield outage.until_us, emission, None
        back_us = outage.until_us + round(STARTS_S * _SECOND_US)
        if outage.kind is FaultKind.BRIDGE_DOWN and self.speaker.retells:
            for sensor, remembered in self.last.items():
                for emission in remembered:
                    yield back_us, replace(emission, at_us=back_us), sensor
        for sensor in self.heard:
            self.heard[sensor] = outage.until_us
        for said in waiting:
            for emission in self.speaker.late(said, back_us):
                yield back_us, emission, said.sensor
        waiting.clear()


def _outages(faults: Sequence[Fault]) -> list[Fault]:
    """Return the times in which nothing reaches the broker, in order; those that touch are one.

    A bridge that was down in any part of it has nothing to hand in.
    """
    found: list[Fault] = []
    for fault in sorted(faults, key=attrgetter("from_us")):
        if fault.kind not in (FaultKind.BRIDGE_DOWN, FaultKind.NETWORK):
            continue
        if not found or fault.from_us > found[-1].until_us:
            found.append(fault)
            continue
        down = FaultKind.BRIDGE_DOWN in (fault.kind, found[-1].kind)
        kind = FaultKind.BRIDGE_DOWN if down else FaultKind.NETWORK
        found[-1] = replace(found[-1], kind=kind, until_us=max(fault.until_us, found[-1].until_us))
    return found
