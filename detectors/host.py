"""The detectors of one partition's units: readings in, findings out.

Takes the readings in their order; frames between two ticks go to the detectors as one batch. What one wearer's data
breaks is kept in ``errors`` for the watcher to report, and stops nobody else.
"""

from collections.abc import Sequence

import msgspec

from detectors import device_events, reasons
from detectors.device_events import Claim
from detectors.fall import FallConfig
from detectors.fall_snapshot import OtherSnapshot
from detectors.inactivity import InactivityConfig
from detectors.inactivity_signs import sign_of
from detectors.wandering import WanderingConfig
from detectors.wandering_signs import PLACING
from detectors.wearable import WornFrame, worn_frame
from schemas.config import DeviceConfig, ResidentConfig, Sensitivity, config_of
from schemas.errors import BadPayload
from schemas.finding import Evidence, Finding, FindingKind, Phase, Reason, Stage
from schemas.ids import finding_id
from schemas.reading import Reading, ReadingKind

#: Model of what a device found by itself.
DEVICE_MODEL = "device"
#: Events remembered against repetition; the desk knows repetitions by id anyway.
EVENTS_KEPT = 512
#: Errors kept until somebody drains them.
ERRORS_KEPT = 100
#: Rises with every change of the snapshot's form.
SCHEMA = 4


class _Snapshot(msgspec.Struct, frozen=True):
    schema: int
    events: list[str]
    fall: bytes
    inactivity: bytes
    wandering: bytes
    residents: list[ResidentConfig]


class Host:
    """The detectors of one partition. ``errors`` holds (reading key, what went wrong) until the watcher drains it."""

    def __init__(
        self,
        fall: FallConfig | None = None,
        inactivity: InactivityConfig | None = None,
        wandering: WanderingConfig | None = None,
    ) -> None:
        self.fall = (fall or FallConfig()).build()
        self.inactivity = (inactivity or InactivityConfig()).build()
        self.wandering = (wandering or WanderingConfig()).build()
        self.errors: list[tuple[str, str]] = []
        self._residents: dict[tuple[str, str], ResidentConfig] = {}  # by unit and resident; unknown ones are at home
        self._events: dict[str, None] = {}  # ids of events already told, oldest first

    def update(self, readings: Sequence[Reading]) -> list[Finding]:
        """Take readings in the order in which they came; return the findings they complete."""
        found: list[Finding] = []
        frames: list[WornFrame] = []
        for reading in readings:
            if reading.kind is ReadingKind.FRAME:
                frames += self._frame(reading)
            elif _tells(reading):
                found += self._flush(frames)  # so that findings come in the order of readings, however batches are cut
                frames = []
                found += [_heard(each, reading.arrival_us) for each in self._other(reading)]
        found += self._flush(frames)
        self._drain()
        return found

    def absent(self, unit: str, resident: str, at_us: int) -> bool:
        """Whether a resident is away at this time of the platform's clock. A fall of somebody away is found as ever."""
        known = self._residents.get((unit, resident))
        return known is not None and known.absent(at_us)

    def sensitivity(self, unit: str, resident: str) -> Sensitivity:
        """Return how soon to speak for a resident, for detectors that have operating points."""
        known = self._residents.get((unit, resident))
        return Sensitivity.NORMAL if known is None else known.sensitivity

    def due(self) -> int | None:
        """Return the earliest platform time at which a tick may decide something, None when nothing waits."""
        detectors = (self.fall, self.inactivity, self.wandering)
        return min((due for each in detectors if (due := each.due()) is not None), default=None)

    def snapshot(self) -> bytes:
        """Return all detectors' state as bytes."""
        residents = [config for _, config in sorted(self._residents.items())]
        fall, inactivity, wandering = self.fall.snapshot(), self.inactivity.snapshot(), self.wandering.snapshot()
        return msgspec.msgpack.encode(_Snapshot(SCHEMA, list(self._events), fall, inactivity, wandering, residents))

    def restore(self, data: bytes) -> None:
        """Take over the state of a snapshot. Raises OtherSnapshot when it is of another version."""
        try:
            snapshot = msgspec.msgpack.decode(data, type=_Snapshot)
        except msgspec.DecodeError as error:
            raise OtherSnapshot(f"This is no snapshot of a host: {error}.") from None
        if snapshot.schema != SCHEMA:
            raise OtherSnapshot(f"The snapshot is of schema {snapshot.schema}; this host has {SCHEMA}.")
        self.fall.restore(snapshot.fall)
        self.inactivity.restore(snapshot.inactivity)
        self.wandering.restore(snapshot.wandering)
        self._events = dict.fromkeys(snapshot.events)
        self._residents = {(config.unit, config.resident): config for config in snapshot.residents}

    def _frame(self, reading: Reading) -> list[WornFrame]:
        if reading.unit is None or reading.resident is None or reading.retain:
            return []
        self.inactivity.meet(reading.unit, reading.resident)
        try:
            return [worn_frame(reading)]
        except BadPayload as error:
            self._report(reading.key, f"{error.reason}: {error}")
            return []

    def _flush(self, frames: list[WornFrame]) -> list[Finding]:
        return self.fall.update(frames) if frames else []

    def _other(self, reading: Reading) -> list[Finding]:
        if reading.kind is ReadingKind.TICK:
            detectors = (self.fall, self.inactivity, self.wandering)
            return [found for each in detectors for found in each.tick(reading.event_us)]
        if reading.kind is ReadingKind.CONFIG:
            return self._config(reading)
        sign = sign_of(reading)
        moved = [] if sign is None else self.inactivity.update([sign])
        return moved + self.wandering.update([reading]) + self._event(reading)

    def _config(self, reading: Reading) -> list[Finding]:
        try:
            config = config_of(reading)
        except BadPayload as error:
            self._report(reading.key, f"{error.reason}: {error}")
            return []
        if isinstance(config, DeviceConfig):
            return self.fall.rebind(config)
        key = (config.unit, config.resident)
        known = self._residents.get(key)
        if known is not None and (config.version < known.version or config == known):
            return []  # said again, or overtaken
        if config.here:
            self._residents[key] = config
        else:
            self._residents.pop(key, None)
        return self.inactivity.configure(config, reading.event_us) + self.wandering.update([reading])

    def _event(self, reading: Reading) -> list[Finding]:
        return [found for claim in device_events.claims(reading) for found in self._claim(reading, claim)]

    def _claim(self, reading: Reading, claim: Claim) -> list[Finding]:
        """Return the finding that an event is by itself; none for a repetition."""
        unit, resident, kind = claim.unit, claim.resident, claim.kind
        identity = finding_id(unit, resident, kind, reading.key)
        if identity in self._events:
            return []
        self._events[identity] = None
        while len(self._events) > EVENTS_KEPT:
            del self._events[next(iter(self._events))]
        at = reading.event_us
        phases = (Phase(reasons.PHASE_IMPACT, at, at),) if kind is FindingKind.FALL else ()
        return [
            Finding(
                id=identity,
                kind=kind,
                stage=Stage.CONFIRMED,
                unit=unit,
                resident=resident,
                device=reading.device,
                event_us=at,
                start_us=at,
                end_us=max(at, reading.end_us),
                decided_us=at,
                score=claim.score,
                anchor=reading.key,
                model=DEVICE_MODEL,
                evidence=Evidence(phases=phases, reasons=(Reason(claim.code),)),
                place=reading.place,
            )
        ]

    def _drain(self) -> None:
        for detector in (self.fall, self.inactivity, self.wandering):
            self.errors += detector.errors
            detector.errors.clear()
        del self.errors[:-ERRORS_KEPT]

    def _report(self, key: str, text: str) -> None:
        self.errors.append((key, text))


def _tells(reading: Reading) -> bool:
    """Whether a reading that is no frame may tell a detector something: what a wearable measures besides does not."""
    if reading.kind in (ReadingKind.STATE, ReadingKind.STATUS):
        return reading.place is not None or any(seen.type in PLACING for seen in reading.observations)
    return reading.kind in (ReadingKind.EVENT, ReadingKind.TICK, ReadingKind.CONFIG)


def _heard(found: Finding, arrival_us: int) -> Finding:
    """Return the finding with when the message that completed it was heard; the same however batches are cut."""
    return found if found.heard_us else msgspec.structs.replace(found, heard_us=arrival_us)
