"""The detectors of one partition's units: readings in, findings out.

Takes the readings in their order; frames between two ticks go to the detectors as one batch. What one wearer's data
breaks is kept in ``errors`` for the watcher to report, and stops nobody else.

The host has parts (PARTS) that know nothing of each other: the detectors, and what devices claim by themselves; and
one, MEETING, that hears what they found. One question goes from part to part: wandering asks whereabouts who walks
along. Each part's state of each unit is bytes of its own, which name their schema and model; a part whose state cannot
be taken over begins anew alone.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

import msgspec

from detectors.everyday import EverydayConfig
from detectors.host_falls import batch_of, falls, no_falls
from detectors.inactivity import InactivityConfig
from detectors.inactivity_signs import sign_of
from detectors.meeting import Meeting, Silence
from detectors.other_snapshot import OtherSnapshot
from detectors.routine import Room
from detectors.unit_claims import UnitClaims
from detectors.wandering import WanderingConfig
from detectors.wandering_signs import PLACING
from detectors.whereabouts import WhereaboutsConfig
from schemas.config import DeviceConfig, ResidentConfig, RoutineConfig, Sensitivity, config_of, config_reading
from schemas.errors import BadPayload
from schemas.finding import Finding
from schemas.reading import Reading, ReadingKind

if TYPE_CHECKING:
    from detectors.fall import FallConfig

#: Errors kept until somebody drains them.
ERRORS_KEPT = 100
#: Rises with every change of the snapshot's form.
SCHEMA = 5
CLAIMS, FALL, INACTIVITY, EVERYDAY = "claims", "fall", "inactivity", "everyday"
WANDERING, WHEREABOUTS, MEETING = "wandering", "whereabouts", "meeting"
PARTS = frozenset({CLAIMS, FALL, INACTIVITY, EVERYDAY, WANDERING, WHEREABOUTS, MEETING})

#: One unit's state: part -> bytes; a part that keeps nothing of it is not there.
UnitState = dict[str, bytes]


class _Part(Protocol):
    """What every part can do with the state of single units."""

    changed: set[str]

    def units(self) -> set[str]: ...
    def states(self, units: Collection[str]) -> dict[str, bytes]: ...
    def take_over(self, state: bytes) -> object: ...


class _Snapshot(msgspec.Struct, frozen=True):
    schema: int
    clocks: dict[str, int]
    units: dict[str, UnitState]


class Host:
    """The detectors of one partition. ``errors`` holds (reading key, what went wrong) until the watcher drains it."""

    def __init__(
        self,
        fall: "FallConfig | None" = None,
        inactivity: InactivityConfig | None = None,
        wandering: WanderingConfig | None = None,
        everyday: EverydayConfig | None = None,
        whereabouts: WhereaboutsConfig | None = None,
        *,
        of_homes: bool = False,
    ) -> None:
        """``of_homes``: one that is never asked for falls, and needs no kernels (detectors.host_falls)."""
        self.fall = no_falls() if of_homes else falls(fall)
        self.inactivity = (inactivity or InactivityConfig()).build()
        self.wandering = (wandering or WanderingConfig()).build()
        self.everyday = (everyday or EverydayConfig()).build()
        self.whereabouts = (whereabouts or WhereaboutsConfig()).build()
        self.wandering.along = self._along
        self.claims = UnitClaims()
        self.meeting = Meeting()
        self.errors: list[tuple[str, str]] = []

    def update(self, readings: Sequence[Reading], parts: Collection[str] = PARTS) -> list[Finding]:
        """Take readings in the order in which they came; return the findings they complete.

        ``parts``: who takes them; the others know them already, from a snapshot that stands further on.
        """
        found: list[Finding] = []
        frames: list[Reading] = []
        for reading in readings:
            if reading.kind is ReadingKind.FRAME:
                frames += self._frame(reading, parts)
            elif tells(reading):
                # so that findings come in the order of readings, however batches are cut
                found += self._flush(frames, parts)
                frames = []
                found += [heard(each, reading.arrival_us) for each in self._other(reading, parts)]
        found += self._flush(frames, parts)
        self._drain()
        return found

    def absent(self, unit: str, resident: str, at_us: int) -> bool:
        """Whether a resident is away at this time of the platform's clock. A fall of somebody away is found as ever."""
        known = self.claims.resident(unit, resident)
        return known is not None and known.absent(at_us)

    def sensitivity(self, unit: str, resident: str) -> Sensitivity:
        """Return how soon to speak for a resident, for detectors that have operating points."""
        known = self.claims.resident(unit, resident)
        return Sensitivity.NORMAL if known is None else known.sensitivity

    def due(self) -> int | None:
        """Return the earliest platform time at which a tick may decide something, None when nothing waits."""
        detectors = (self.fall, self.inactivity, self.everyday, self.wandering, self.whereabouts, self.meeting)
        return min((due for each in detectors if (due := each.due()) is not None), default=None)

    def asks(self) -> dict[str, str]:
        """Return the units whose rhythm is to be asked for, with the token of the asking, since the last call."""
        found, self.inactivity.asks = self.inactivity.asks, {}
        return found

    def asks_of_habits(self) -> dict[str, str]:
        """Return the units whose everyday habits are to be asked for, likewise."""
        found, self.everyday.asks = self.everyday.asks, {}
        return found

    # -- state -------------------------------------------------------------------------------------------------------

    def clocks(self) -> dict[str, int]:
        """Return the platform's clock as each detector heard it last: all state that is of no unit."""
        return {
            FALL: self.fall.now_us,
            INACTIVITY: self.inactivity.now_us,
            EVERYDAY: self.everyday.now_us,
            WANDERING: self.wandering.now_us,
            WHEREABOUTS: self.whereabouts.now_us,
        }

    def changed(self) -> set[str]:
        """Return the units whose state may be another one since the last call."""
        found: set[str] = set()
        for part in self._parts().values():
            found |= part.changed
            part.changed.clear()
        return found

    def units(self) -> set[str]:
        """Return the units of which some part keeps something."""
        return set().union(*(part.units() for part in self._parts().values()))

    def states(self, units: Collection[str]) -> dict[str, UnitState]:
        """Return the state of these units; an empty one where nothing is kept."""
        found: dict[str, UnitState] = {unit: {} for unit in sorted(units)}
        for name, part in self._parts().items():
            for unit, state in part.states(units).items():
                found[unit][name] = state
        return found

    def take_over(self, clocks: Mapping[str, int], units: Mapping[str, UnitState]) -> dict[str, str]:
        """Take over the state of all units; return the parts that could not, which are fresh now, and why not."""
        refused: dict[str, str] = {}
        for name, part in self._parts().items():
            try:
                for unit in sorted(units):
                    if name in units[unit]:
                        part.take_over(units[unit][name])
            except Exception as error:  # of another version or model, whatever way it says so
                refused[name] = str(error)
        self.fall.now_us = clocks.get(FALL, 0)
        self.inactivity.now_us = clocks.get(INACTIVITY, 0)
        self.everyday.now_us = clocks.get(EVERYDAY, 0)
        self.wandering.now_us = clocks.get(WANDERING, 0)
        self.whereabouts.now_us = clocks.get(WHEREABOUTS, 0)
        self._renew(refused)
        return refused

    def begin_anew(self, parts: Collection[str], units: Collection[str], token: str) -> None:
        """Tell parts that begin anew what the others know of ``units``; ``token`` names the place in the stream.

        Nobody may write config again while the database is away.
        """
        if INACTIVITY in parts:
            for unit in sorted(units):
                self.inactivity.expect(unit, token)
        if EVERYDAY in parts:
            for unit in sorted(units):
                self.everyday.expect(unit, token)
        for config in self.claims.residents():
            if FALL in parts:
                self.fall.configure(config)
            if INACTIVITY in parts:
                self.inactivity.configure(config, 0)
            if EVERYDAY in parts:
                self.everyday.configure(config, 0)
            if WANDERING in parts:
                self.wandering.update([config_reading(config, 0, 0)])
            if WHEREABOUTS in parts:
                self.whereabouts.update([config_reading(config, 0, 0)])

    def snapshot(self) -> bytes:
        """Return all parts' state of all units as bytes."""
        return msgspec.msgpack.encode(_Snapshot(SCHEMA, self.clocks(), self.states(self.units())))

    def restore(self, data: bytes) -> None:
        """Take over the state of a snapshot. Raises OtherSnapshot when it is of another version."""
        try:
            snapshot = msgspec.msgpack.decode(data, type=_Snapshot)
        except msgspec.DecodeError as error:
            raise OtherSnapshot(f"This is no snapshot of a host: {error}.") from None
        if snapshot.schema != SCHEMA:
            raise OtherSnapshot(f"The snapshot is of schema {snapshot.schema}; this host has {SCHEMA}.")
        if refused := self.take_over(snapshot.clocks, snapshot.units):
            raise OtherSnapshot(" ".join(refused.values()))

    def _parts(self) -> dict[str, _Part]:
        return {
            CLAIMS: self.claims,
            FALL: self.fall,
            INACTIVITY: self.inactivity,
            EVERYDAY: self.everyday,
            WANDERING: self.wandering,
            WHEREABOUTS: self.whereabouts,
            MEETING: self.meeting,
        }

    def _renew(self, parts: Collection[str]) -> None:
        if CLAIMS in parts:
            self.claims = UnitClaims()
        if FALL in parts:
            self.fall = falls(self.fall.config)
        if INACTIVITY in parts:
            self.inactivity = self.inactivity.config.build()
        if EVERYDAY in parts:
            self.everyday = self.everyday.config.build()
        if WANDERING in parts:
            self.wandering = self.wandering.config.build()
            self.wandering.along = self._along
        if WHEREABOUTS in parts:
            self.whereabouts = self.whereabouts.config.build()
        if MEETING in parts:
            self.meeting = Meeting()

    # -- readings ----------------------------------------------------------------------------------------------------

    def _frame(self, reading: Reading, parts: Collection[str]) -> list[Reading]:
        if reading.unit is None or reading.resident is None or reading.retain:
            return []
        if INACTIVITY in parts:
            self.inactivity.meet(reading.unit, reading.resident)
        if EVERYDAY in parts:
            self.everyday.meet(reading.unit, reading.resident)
        return [reading] if FALL in parts else []

    def _flush(self, frames: list[Reading], parts: Collection[str]) -> list[Finding]:
        if not frames:
            return []
        batch = batch_of(frames)
        found = self._met(self.fall.update(batch), parts)
        if MEETING in parts and self.meeting.waiting:
            for frame in batch.frames():
                self.meeting.wear(frame)
        return found

    def _met(self, found: list[Finding], parts: Collection[str]) -> list[Finding]:
        """Return what was found, and after it what that is together with what was found before."""
        if MEETING not in parts:
            return found
        return [each for told in found for each in (told, *self.meeting.hear(told, self.sensitivity))]

    def _silence(self, unit: str) -> Silence | None:
        home = self.inactivity.homes.get(unit)
        if home is None or home.last_us < 0 or home.empty or home.cut_off(self.inactivity.now_us):
            return None
        if home.routine.room == Room.OUTER_DOOR and not home.routine.stays_in():
            return None  # perhaps nobody is there
        return Silence(home.last_us, home.blind_us, self.inactivity.outlook(unit))

    def _other(self, reading: Reading, parts: Collection[str]) -> list[Finding]:
        if reading.kind is ReadingKind.TICK:
            return self._tick(reading.event_us, parts)
        if reading.kind is ReadingKind.CONFIG:
            return self._met(self._config(reading, parts), parts)
        found: list[Finding] = []
        sign = sign_of(reading)
        if INACTIVITY in parts and sign is not None:
            found += self.inactivity.update([sign])
        if EVERYDAY in parts and sign is not None:
            found += self.everyday.update([sign])
        if WANDERING in parts:
            found += self.wandering.update([reading])
        if WHEREABOUTS in parts:
            found += self.whereabouts.update([reading])
        if CLAIMS in parts:
            found += self.claims.update(reading)
        # A call for help is no sign that somebody is well.
        if MEETING in parts and sign is not None and "sos" not in reading.events:
            found += self.meeting.sign(sign)
        return self._met(found, parts)

    def _tick(self, now_us: int, parts: Collection[str]) -> list[Finding]:
        detectors = (
            (FALL, self.fall),
            (INACTIVITY, self.inactivity),
            (EVERYDAY, self.everyday),
            (WANDERING, self.wandering),
            (WHEREABOUTS, self.whereabouts),
        )
        found = self._met([found for name, each in detectors if name in parts for found in each.tick(now_us)], parts)
        if MEETING in parts:
            found += self.meeting.tick(now_us, self._silence, self.sensitivity)
        return found

    def _config(self, reading: Reading, parts: Collection[str]) -> list[Finding]:
        try:
            config = config_of(reading)
            if isinstance(config, RoutineConfig):
                return self._learn(config, parts)
        except (BadPayload, OtherSnapshot) as error:
            self._report(reading.key, f"{type(error).__name__}: {error}")
            return []
        if isinstance(config, DeviceConfig):
            return self.fall.rebind(config) if FALL in parts else []
        return self._resident(config, reading, parts)

    def _learn(self, config: RoutineConfig, parts: Collection[str]) -> list[Finding]:
        """Give what was read from the database to whoever asked: each knows its own by the model named in it."""
        found = self.inactivity.learn(config) if INACTIVITY in parts else []
        return found + (self.everyday.learn(config) if EVERYDAY in parts else [])

    def _resident(self, config: ResidentConfig, reading: Reading, parts: Collection[str]) -> list[Finding]:
        found: list[Finding] = []
        if CLAIMS in parts:
            self.claims.configure(config)
        if FALL in parts:
            self.fall.configure(config)
        if INACTIVITY in parts:
            found += self.inactivity.configure(config, reading.event_us)
        if EVERYDAY in parts:
            found += self.everyday.configure(config, reading.event_us)
        if WANDERING in parts:
            found += self.wandering.update([reading])
        if WHEREABOUTS in parts:
            found += self.whereabouts.update([reading])
        return found

    def _along(self, unit: str, resident: str, at_us: int) -> bool:
        """Whether somebody walks along with a resident, by whereabouts; wandering asks."""
        return self.whereabouts.along(unit, resident, at_us)

    def _drain(self) -> None:
        for detector in (self.fall, self.inactivity, self.everyday, self.wandering, self.whereabouts, self.meeting):
            self.errors += detector.errors
            detector.errors.clear()
        del self.errors[:-ERRORS_KEPT]

    def _report(self, key: str, text: str) -> None:
        self.errors.append((key, text))


def tells(reading: Reading) -> bool:
    """Whether a reading that is no frame may tell a detector something: what a wearable measures besides does not."""
    if reading.kind in (ReadingKind.STATE, ReadingKind.STATUS):
        if reading.place is not None:
            return True
        for seen in reading.observations:  # noqa: SIM110  # asked of each reading: any() takes twice as long
            if seen.type in PLACING:
                return True
        return False
    return reading.kind in (ReadingKind.EVENT, ReadingKind.TICK, ReadingKind.CONFIG)


def heard(found: Finding, arrival_us: int) -> Finding:
    """Return the finding with when the message that completed it was heard; the same however batches are cut."""
    return found if found.heard_us else msgspec.structs.replace(found, heard_us=arrival_us)
