"""What devices claim by themselves, each claim once, and how the residents of each unit are watched over."""

from collections.abc import Collection, Mapping

import msgspec

from detectors import device_events, device_falls
from detectors.device_events import Claim
from detectors.device_falls import DEVICE_MODEL, Episode
from detectors.household import Left, note, overtaken
from detectors.other_snapshot import OtherSnapshot
from schemas import finding as wire
from schemas.config import ResidentConfig
from schemas.finding import Evidence, Finding, Reason
from schemas.ids import finding_id
from schemas.reading import Reading

#: Claims of one unit remembered against repetition; the desk knows repetitions by id anyway.
CLAIMS_KEPT = 64
#: Rises with every change of the state's form.
SCHEMA = 1


class _Unit(msgspec.Struct, array_like=True):
    claims: dict[str, None] = {}  # ids of claims already told, oldest first
    residents: dict[str, ResidentConfig] = {}  # unknown ones are at home
    falls: dict[str, Episode] = {}  # by device
    left: Left = {}


class _State(msgspec.Struct, frozen=True):
    schema: int
    units: dict[str, _Unit]


class _Head(msgspec.Struct, frozen=True):
    schema: int


class UnitClaims:
    """The claims and residents of many units."""

    def __init__(self) -> None:
        self.changed: set[str] = set()  # units whose state may be another one since somebody emptied this
        self._units: dict[str, _Unit] = {}

    def update(self, reading: Reading) -> list[Finding]:
        """Return what a reading's events claim, unless that was told."""
        if not reading.events:  # nearly always: a value that was measured
            return []
        found = [found for claim in device_events.claims(reading) for found in self._claim(reading, claim)]
        return found + self._falls(reading)

    def _falls(self, reading: Reading) -> list[Finding]:
        """Return what a reading tells of a fall that its device found."""
        unit = device_events.subject_of(reading)[0]
        kept = self._units.get(unit, _Unit())
        found = device_falls.told(kept.falls, reading)
        if found:
            self._units[unit] = kept
            self.changed.add(unit)
            # Through its bytes, as a snapshot has it: a restart must change nothing.
            kept.falls[reading.device] = Episode(wire.decode(wire.encode(kept.falls[reading.device].finding)))
        elif device_falls.cancels_anothers(kept.falls, reading):
            return self._claim(reading, device_events.cancel_claim(reading))
        return found

    def configure(self, config: ResidentConfig) -> None:
        """Take over how a resident is watched over; an older version changes nothing."""
        unit = self._units.get(config.unit, _Unit())
        known = unit.residents.get(config.resident)
        if overtaken(config, -1 if known is None else known.version, unit.left) or config == known:
            return
        self.changed.add(config.unit)
        self._units[config.unit] = unit
        note(unit.left, config)
        if config.here:
            unit.residents[config.resident] = config
        else:
            unit.residents.pop(config.resident, None)

    def resident(self, unit: str, resident: str) -> ResidentConfig | None:
        """Return how a resident is watched over, None: as all are."""
        known = self._units.get(unit)
        return None if known is None else known.residents.get(resident)

    def residents(self) -> list[ResidentConfig]:
        """Return all that is known of residents, those too who left, in one order."""
        return [config for name, unit in sorted(self._units.items()) for config in _told(name, unit)]

    def units(self) -> set[str]:
        """Return the units of which something is kept."""
        return set(self._units)

    def states(self, units: Collection[str]) -> dict[str, bytes]:
        """Return these units' state as bytes; none where nothing is kept."""
        return {unit: self._packed({unit: self._units[unit]}) for unit in units if unit in self._units}

    def take_over(self, state: bytes) -> None:
        """Add the units of a state to those there are. Raises OtherSnapshot."""
        try:
            head = msgspec.msgpack.decode(state, type=_Head)
            if head.schema != SCHEMA:
                raise OtherSnapshot(f"The snapshot of claims is of schema {head.schema}; this version has {SCHEMA}.")
            self._units |= msgspec.msgpack.decode(state, type=_State).units
        except msgspec.DecodeError as error:
            raise OtherSnapshot(f"This is no snapshot of claims: {error}.") from None

    @staticmethod
    def _packed(units: Mapping[str, _Unit]) -> bytes:
        return msgspec.msgpack.encode(_State(SCHEMA, dict(units)))

    def _claim(self, reading: Reading, claim: Claim) -> list[Finding]:
        """Return the finding that an event is by itself; none for a repetition."""
        unit, resident, kind = claim.unit, claim.resident, claim.kind
        identity = finding_id(unit, resident, kind, reading.key)
        told = self._units.setdefault(unit, _Unit()).claims
        if identity in told:
            return []
        self.changed.add(unit)
        told[identity] = None
        while len(told) > CLAIMS_KEPT:
            del told[next(iter(told))]
        at = reading.event_us
        return [
            Finding(
                id=identity,
                kind=kind,
                stage=claim.stage,
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
                evidence=Evidence(reasons=(Reason(claim.code),)),
                place=reading.place,
            )
        ]


def _told(name: str, unit: _Unit) -> list[ResidentConfig]:
    left = {
        each: ResidentConfig(resident=each, unit=name, version=version, here=False)
        for each, version in unit.left.items()
    }
    return [config for _, config in sorted((unit.residents | left).items())]
