"""Plays a scenario in one process, without servers: the gateway's decoders, the bindings, the detectors, in the order
of time. What the whole way adds (brokers, streams, the desk) is tried in tests/system; here a wrong scenario shows in
seconds."""

import heapq
from collections.abc import Iterable, Iterator

import msgspec

from alerts.intake import intake
from alerts.joining import alert_for
from alerts.policy import severity
from detectors.host import Host
from device_sim.play import Emission, Expectation, PlannedConfig, Play
from device_sim.runner.judging import TOLD_AGAIN_US
from ingest.decoders import own, owntracks
from ingest.decoders.families import Families
from ingest.decoders.message import RawMessage
from schemas import topics
from schemas.alert import Alert, Severity, StepKind
from schemas.config import ResidentConfig, Sensitivity, config_reading
from schemas.finding import Finding
from schemas.places import Binding, holder
from schemas.reading import Reading, ReadingKind


def findings(play: Play) -> list[Finding]:
    """Return what the detectors find in a play, all stages, in order.

    As on the platform, the stream says nothing of a resident of whom nothing is out of the ordinary.
    """
    host, gateway = Host(), _Gateway(play)
    found: list[Finding] = []
    for reading in gateway.readings():
        found += host.update([reading])
    assert host.errors == []
    assert gateway.refused == []
    return found


def heard(play: Play) -> list[Reading]:
    """Return what the gateway understands of a play; asserts that nothing is refused."""
    gateway = _Gateway(play)
    readings = list(gateway.readings())
    assert gateway.refused == []
    return readings


def loud(found: Iterable[Finding]) -> list[Finding]:
    """Return the findings that somebody would be sent for: they raise an alert, or it recurs with them, and not mildly.

    By the desk's own rules, with nobody who resolves anything; and what recurs so soon after the last that nobody is
    told anew is left out, as by device_sim.runner.judging.
    """
    alerts: dict[str, Alert] = {}
    last_us: dict[str, int] = {}
    told: dict[str, Finding] = {}
    for each in found:
        now_us = max(each.heard_us, each.decided_us)
        own = next((alert for alert in alerts.values() if each.id in alert.findings), None)
        change = intake(each, own or alert_for(each, list(alerts.values())), now_us)
        if change is None:
            continue
        alerts[change.alert.id] = change.alert
        if not any(step.kind in (StepKind.RAISED, StepKind.RECURRED) for step in change.steps):
            continue
        before_us = last_us.get(change.alert.id)
        last_us[change.alert.id] = max(before_us or 0, each.event_us)
        rings = before_us is None or each.event_us - before_us > TOLD_AGAIN_US
        if rings and severity(each, now_us) is not Severity.LOW:
            told[each.id] = each
    return list(told.values())


def answers(finding: Finding, expected: Expectation) -> bool:
    """Whether a finding is the one that an expectation speaks of (of whom, is not looked at: one home, one cause)."""
    return finding.kind == expected.kind and expected.from_us <= finding.event_us <= expected.until_us


class _Gateway:
    def __init__(self, play: Play) -> None:
        self.play = play
        self.families = Families(phones=owntracks.DEFAULT_BASE, trees=("",))
        self.devices: dict[str, own.DeviceState] = {}
        self.bindings = {
            each.device: [
                Binding(
                    device=each.device, unit=each.unit, start_us=each.from_us, resident=each.resident,
                    place=each.place, position=each.position,
                )
            ]
            for each in play.devices
        }  # fmt: skip
        self.refused: list[str] = []  # what nobody understood
        self.noted: list[str] = []  # what was understood, and tells of something that is wrong
        self.set: dict[str, dict[str, object]] = {}  # by resident: what staff set of them

    def readings(self) -> Iterator[Reading]:
        """Yield ticks, configs and what the messages mean, in order of time; at one moment the clock comes first."""
        ticks = ((at_us, 0, n, None) for n, at_us in enumerate(self.play.ticks_us))
        configs = ((each.at_us, 1, n, each) for n, each in enumerate(self.play.configs))
        sent = ((each.at_us, 2, n, each) for n, each in enumerate(self.play.emissions))
        merged: Iterable[tuple[int, int, int, PlannedConfig | Emission | None]] = heapq.merge(ticks, configs, sent)
        for at_us, _, number, what in merged:
            if what is None:
                yield Reading(kind=ReadingKind.TICK, arrival_us=at_us, event_us=at_us, end_us=at_us)
            elif isinstance(what, PlannedConfig):
                yield config_reading(self._config(what, number + 2), at_us, at_us)
            else:
                yield from map(self._bound, self._decoded(what))

    def _decoded(self, sent: Emission) -> list[Reading]:
        message = RawMessage(sent.topic, sent.payload, False, sent.at_us)
        if topics.parse(sent.topic) is None:
            told = self.families.decode(message)
            entries = [each.entry for each in told]
            readings = [reading for each in told for reading in each.readings]
        else:
            device = own.device_of(sent.topic)
            self.devices[device], decoded = own.decode(self.devices.get(device, own.NEW_DEVICE), message)
            entries, readings = [decoded.entry], [] if decoded.reading is None else [decoded.reading]
        for entry in entries:
            if entry is not None:
                refused = self.noted if entry.kept else self.refused
                refused.append(f"{entry.topic}: {entry.reason} {entry.sentence}")
        return readings

    def _bound(self, reading: Reading) -> Reading:
        found = holder(self.bindings.get(reading.device, []), reading.event_us, reading.end_us)
        if found is None:
            return reading
        return msgspec.structs.replace(
            reading, unit=found.unit, resident=found.resident, place=found.place, position=found.position
        )

    def _config(self, planned: PlannedConfig, version: int) -> ResidentConfig:
        unit = next(each.unit for each in self.play.residents if each.key == planned.resident)
        known = self.set.setdefault(planned.resident, {})
        known |= planned.changes
        until, zone = known.get("absent_until"), known.get("zone")
        return ResidentConfig(
            resident=planned.resident,
            unit=unit,
            version=version,
            absent_until_us=until if isinstance(until, int) else None,
            sensitivity=Sensitivity(str(known.get("sensitivity", Sensitivity.NORMAL))),
            corners=zone if isinstance(zone, tuple) else msgspec.UNSET,
        )
