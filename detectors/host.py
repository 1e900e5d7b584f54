"""The detectors of one partition's units: readings in, findings out.

Takes the readings in their order; frames between two ticks go to the detectors as one batch. What one wearer's data
breaks is kept in ``errors`` for the watcher to report, and stops nobody else.
"""

from collections.abc import Sequence

import msgspec

from detectors import reasons
from detectors.fall import FallConfig
from detectors.fall_snapshot import OtherSnapshot
from detectors.wearable import WornFrame, worn_frame
from schemas.errors import BadPayload
from schemas.finding import Evidence, Finding, FindingKind, Phase, Reason, Stage
from schemas.ids import finding_id
from schemas.reading import Reading, ReadingKind

#: Names of device events that are findings by themselves.
SOS, DEVICE_FALL = "sos", "fall"
#: Model of what a device found by itself.
DEVICE_MODEL = "device"
#: How far a device's own fall detection is believed: more likely a fall than not, no more. A watch on the market found
#: 4.7 % of staged wheelchair falls (Assist Technol 2022), an app 77 % of induced falls (JMIR Form Res 2022 e30121).
DEVICE_FALL_SCORE = 0.7
#: Events remembered against repetition; the desk knows repetitions by id anyway.
EVENTS_KEPT = 512
#: Errors kept until somebody drains them.
ERRORS_KEPT = 100
#: Rises with every change of the snapshot's form.
SCHEMA = 1


class _Snapshot(msgspec.Struct, frozen=True):
    schema: int
    events: list[str]
    fall: bytes


class Host:
    """The detectors of one partition. ``errors`` holds (reading key, what went wrong) until the watcher drains it."""

    def __init__(self, fall: FallConfig | None = None) -> None:
        self.fall = (fall or FallConfig()).build()
        self.errors: list[tuple[str, str]] = []
        self._events: dict[str, None] = {}  # ids of events already told, oldest first

    def update(self, readings: Sequence[Reading]) -> list[Finding]:
        """Take readings in the order in which they came; return the findings they complete."""
        found: list[Finding] = []
        frames: list[WornFrame] = []
        for reading in readings:
            if reading.kind is ReadingKind.FRAME:
                frames += self._frame(reading)
            elif reading.kind in (ReadingKind.EVENT, ReadingKind.TICK):
                found += self._flush(frames)  # so that findings come in the order of readings, however batches are cut
                frames = []
                tick = reading.kind is ReadingKind.TICK
                found += self.fall.tick(reading.event_us) if tick else self._event(reading)
        found += self._flush(frames)
        self._drain()
        return found

    def due(self) -> int | None:
        """Return the earliest platform time at which a tick may decide something, None when nothing waits."""
        return self.fall.due()

    def snapshot(self) -> bytes:
        """Return all detectors' state as bytes."""
        return msgspec.msgpack.encode(_Snapshot(SCHEMA, list(self._events), self.fall.snapshot()))

    def restore(self, data: bytes) -> None:
        """Take over the state of a snapshot. Raises OtherSnapshot when it is of another version."""
        try:
            snapshot = msgspec.msgpack.decode(data, type=_Snapshot)
        except msgspec.DecodeError as error:
            raise OtherSnapshot(f"This is no snapshot of a host: {error}.") from None
        if snapshot.schema != SCHEMA:
            raise OtherSnapshot(f"The snapshot is of schema {snapshot.schema}; this host has {SCHEMA}.")
        self.fall.restore(snapshot.fall)
        self._events = dict.fromkeys(snapshot.events)

    def _frame(self, reading: Reading) -> list[WornFrame]:
        if reading.unit is None or reading.resident is None or reading.retain:
            return []
        try:
            return [worn_frame(reading)]
        except BadPayload as error:
            self._report(reading.key, f"{error.reason}: {error}")
            return []

    def _flush(self, frames: list[WornFrame]) -> list[Finding]:
        return self.fall.update(frames) if frames else []

    def _event(self, reading: Reading) -> list[Finding]:
        if reading.unit is None or reading.resident is None or reading.retain:
            return []
        found: list[Finding] = []
        if SOS in reading.events:
            found += self._claim(reading, FindingKind.SOS, 1.0, reasons.SOS_PRESSED)
        if DEVICE_FALL in reading.events:
            found += self._claim(reading, FindingKind.FALL, DEVICE_FALL_SCORE, reasons.DEVICE_SAYS_FALL)
        return found

    def _claim(self, reading: Reading, kind: FindingKind, score: float, code: str) -> list[Finding]:
        """Return the finding that an event is by itself; none for a repetition."""
        unit, resident = reading.unit or "", reading.resident or ""
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
                score=score,
                anchor=reading.key,
                model=DEVICE_MODEL,
                evidence=Evidence(phases=phases, reasons=(Reason(code),)),
                place=reading.place,
            )
        ]

    def _drain(self) -> None:
        self.errors += self.fall.errors
        self.fall.errors.clear()
        del self.errors[:-ERRORS_KEPT]

    def _report(self, key: str, text: str) -> None:
        self.errors.append((key, text))
