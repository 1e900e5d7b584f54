"""A Zigbee2MQTT bridge between a home's sensors and the broker: what it announces, and how it fails."""

import heapq
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import count
from operator import attrgetter
from random import Random

from device_sim.living.faults import Fault, FaultKind
from device_sim.living.wiring import Wiring
from device_sim.play import Emission

_SECOND_US = 1_000_000
_HOUR_US = 3600 * _SECOND_US
#: The broker gives a silent bridge up after one and a half of its keep-alive of 60 s, and publishes its last will.
WILL_AFTER_US = 90 * _SECOND_US
#: From the bridge's start until it has told its state, its inventory, and what its sensors said last, s.
STARTS_S = 2.0
#: The bridge says that a battery sensor is not available after so long without a word (its default).
UNAVAILABLE_AFTER_US = 25 * _HOUR_US
#: How much later the same message comes again from a device that repeats, s, and how often in all.
REPEAT_AFTER_S, REPEATED = (0.1, 2.5), (2, 3)


class Bridge:
    """One bridge; ``publish`` takes what its sensors say, and gives what reaches the broker."""

    def __init__(self, wiring: Wiring, start_us: int, end_us: int, faults: Sequence[Fault], seed: int) -> None:
        self.wiring, self.start_us, self.end_us = wiring, start_us, end_us
        self.random = Random(f"bridge {seed}")
        self.outages = _outages(faults)
        self.repeats = [fault for fault in faults if fault.kind is FaultKind.REPEATS]
        self.heard: dict[str, int] = {}
        self.last: dict[str, Emission] = {}
        self.lost: set[str] = set()  # said to be unavailable

    def publish(self, messages: Iterable[tuple[Emission, str]]) -> Iterator[Emission]:
        """Yield what reaches the broker, in order of time."""
        number = count()
        held: list[tuple[int, int, Emission]] = []
        for emission in self._all(messages):
            while held and held[0][0] <= emission.at_us:
                yield heapq.heappop(held)[2]
            for each in self._repeated(emission):
                heapq.heappush(held, (each.at_us, next(number), each))
        while held:
            yield heapq.heappop(held)[2]

    def _repeated(self, emission: Emission) -> Iterator[Emission]:
        yield emission
        name = emission.topic.removeprefix(f"{self.wiring.base}/")
        if any(fault.hits(name, emission.at_us) for fault in self.repeats):
            for _ in range(self.random.randint(*REPEATED) - 1):
                later_us = emission.at_us + round(self.random.uniform(*REPEAT_AFTER_S) * _SECOND_US)
                yield Emission(later_us, emission.topic, emission.payload)

    def _all(self, messages: Iterable[tuple[Emission, str]]) -> Iterator[Emission]:
        yield from self._announced(self.start_us)
        outages = list(self.outages)
        waiting: list[Emission] = []
        for emission, name in messages:
            while outages and outages[0].until_us + round(STARTS_S * _SECOND_US) <= emission.at_us:
                yield from self._back(outages.pop(0), waiting)
            if outages and outages[0].from_us <= emission.at_us:
                if outages[0].kind is FaultKind.NETWORK:
                    waiting.append(emission)
                continue
            yield from self._watch(emission.at_us)
            yield from self._heard(emission, name)
        for outage in outages:
            yield from self._back(outage, waiting)

    def _heard(self, emission: Emission, name: str) -> Iterator[Emission]:
        self.heard[name] = emission.at_us
        self.last[name] = emission
        if name in self.lost:
            self.lost.discard(name)
            yield self._available(name, emission.at_us, online=True)
        yield emission

    def _watch(self, now_us: int) -> Iterator[Emission]:
        """Say which sensors have been silent for too long."""
        for name, at_us in self.heard.items():
            if now_us - at_us > UNAVAILABLE_AFTER_US and name not in self.lost:
                self.lost.add(name)
                yield self._available(name, now_us, online=False)

    def _available(self, name: str, at_us: int, *, online: bool) -> Emission:
        payload = b'{"state":"online"}' if online else b'{"state":"offline"}'
        return Emission(at_us, f"{self.wiring.base}/{name}/availability", payload, retain=True)

    def _announced(self, at_us: int) -> Iterator[Emission]:
        base = self.wiring.base
        yield Emission(at_us, f"{base}/bridge/state", b'{"state":"online"}', retain=True)
        yield Emission(at_us, f"{base}/bridge/devices", self.wiring.inventory(), retain=True)

    def _back(self, outage: Fault, waiting: list[Emission]) -> Iterator[Emission]:
        """Yield what an outage looks like from the broker: the last will, and the bridge when it is back."""
        will_us = outage.from_us + WILL_AFTER_US
        if will_us < min(outage.until_us, self.end_us):
            yield Emission(will_us, f"{self.wiring.base}/bridge/state", b'{"state":"offline"}', retain=True)
        if outage.until_us >= self.end_us:
            return
        yield from self._announced(outage.until_us)
        back_us = outage.until_us + round(STARTS_S * _SECOND_US)
        if outage.kind is FaultKind.BRIDGE_DOWN:  # it tells what it remembers of each sensor
            for emission in self.last.values():
                yield Emission(back_us, emission.topic, emission.payload)
        for name in self.heard:
            self.heard[name] = outage.until_us
        for emission in waiting:
            yield Emission(back_us, emission.topic, emission.payload)
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
