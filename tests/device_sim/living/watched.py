"""A home watched without servers: what the world emits goes through the gateway's decoders to the detectors."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import msgspec

from detectors.host import Host
from device_sim.play import Emission
from ingest.decoders import own
from ingest.decoders.families import Families
from ingest.decoders.message import RawMessage
from schemas.finding import Finding, FindingKind
from schemas.reading import Clock, Reading, ReadingKind

SECOND, DAY = 1_000_000, 86_400_000_000
UNIT, RESIDENT = "home", "wang"


@dataclass
class Watched:
    """One home with one resident. ``worn`` are devices worn by them with their position; all others stand in it."""

    base: str = ""
    worn: Mapping[str, str] = field(default_factory=dict)
    tick_s: int = 60
    findings: list[Finding] = field(default_factory=list)
    entries: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.host, self.families = Host(), Families([self.base] if self.base else [])
        self.devices: dict[str, own.DeviceState] = {}

    def watch(self, emissions: Iterable[Emission], until_us: int = 0) -> list[Finding]:
        """Take all emissions, with a tick of the platform's clock each ``tick_s``; return what is found."""
        batch: list[Reading] = []
        next_us = 0
        for emission in emissions:
            next_us = next_us or emission.at_us
            while next_us <= emission.at_us:
                batch.append(_tick(next_us))
                next_us += self.tick_s * SECOND
            batch += self.decode(emission)
            if len(batch) > 2000:
                self.findings += self.host.update(batch)
                batch = []
        while next_us and next_us <= until_us:
            batch.append(_tick(next_us))
            next_us += self.tick_s * SECOND
        self.findings += self.host.update(batch)
        return self.findings

    def decode(self, emission: Emission) -> list[Reading]:
        """Return the readings that the gateway would make of an emission, bound to the home."""
        message = RawMessage(emission.topic, emission.payload, False, emission.at_us)
        told = self.families.decode(message)
        if told:
            readings, entry = list(told[0].readings), told[0].entry
        else:
            device = own.device_of(emission.topic)
            self.devices[device], single = own.decode(self.devices.get(device, own.NEW_DEVICE), message)
            readings, entry = [single.reading] if single.reading else [], single.entry
        if entry is not None:
            self.entries.append(entry.reason)
        return [self._bound(reading) for reading in readings]

    def _bound(self, reading: Reading) -> Reading:
        if reading.device in self.worn:
            return msgspec.structs.replace(
                reading, unit=UNIT, resident=RESIDENT, position=self.worn[reading.device] or None
            )
        return msgspec.structs.replace(reading, unit=UNIT, place=f"place-of-{reading.device[-4:]}")

    def found(self, kind: FindingKind) -> list[Finding]:
        """Return the first stages of findings of a kind, one a finding."""
        return list({f.id: f for f in reversed(self.findings) if f.kind is kind}.values())[::-1]


def _tick(at_us: int) -> Reading:
    return Reading(kind=ReadingKind.TICK, arrival_us=at_us, event_us=at_us, end_us=at_us, clock=Clock.ARRIVAL)
