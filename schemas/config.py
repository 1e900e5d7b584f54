"""Settings that detectors depend on, as they travel in a unit's own stream: in place, so that a replay sees them change
where they changed.

A config reading says how things stand, never what to add to it: read twice, nothing more happens. It counts from its
place in the stream on. One writer (the desk's configurer) makes them from the database.
"""

from enum import StrEnum

import msgspec

from schemas.decoding import decoded
from schemas.errors import BadPayload
from schemas.local_time import LocalTime
from schemas.mobility import Mobility
from schemas.places import Binding, holder
from schemas.reading import Observation, Reading, ReadingKind

#: Observation on a resident's config: whether the person is away, for whoever does not need to know until when.
ABSENCE = "absence"
#: Stands for "away, nobody knows until when": 9999-12-31, the last day that every language here can say.
OPEN_END_US = 253_402_214_400_000_000

#: A zone is an area, and no more than a hand draws: what a detector must look through at each position.
MIN_CORNERS, MAX_CORNERS = 3, 32


class Sensitivity(StrEnum):
    """How soon the detectors of a resident speak, where a detector has such operating points."""

    CALMER = "calmer"
    NORMAL = "normal"
    KEENER = "keener"


class ResidentConfig(msgspec.Struct, frozen=True, kw_only=True, tag="resident"):
    """How a resident is watched over in a unit. ``version`` rises with each change: an older one changes nothing.

    ``here`` is False in the unit that they left. ``absent_until_us`` is when they are expected back, None: they are
    here; from then on they count as here whatever is known. ``off``: what people chose not to be watched for, by the
    codes of schemas.watch.Watchable; a code that a detector does not know switches nothing off.
    ``clock``: the one on their wall, where it is not the one that detectors have for all.
    ``corners``: of the area, drawn on a map, that they are not to leave unnoticed: longitude and latitude in degrees
    (WGS 84), MIN_CORNERS to MAX_CORNERS, not closed; not set where none was drawn.
    """

    resident: str
    unit: str
    version: int
    here: bool = True
    absent_until_us: int | None = None
    sensitivity: Sensitivity = Sensitivity.NORMAL
    mobility: Mobility = Mobility.UNKNOWN
    off: tuple[str, ...] = ()
    clock: LocalTime | msgspec.UnsetType = msgspec.UNSET  # not written where it is not set
    corners: tuple[tuple[float, float], ...] | msgspec.UnsetType = msgspec.UNSET  # the same

    @property
    def local_time(self) -> LocalTime | None:
        """The home's own clock; None: the one that detectors have for all."""
        return None if isinstance(self.clock, msgspec.UnsetType) else self.clock

    @property
    def zone(self) -> tuple[tuple[float, float], ...]:
        """The corners of the drawn area; none: none was drawn."""
        return () if isinstance(self.corners, msgspec.UnsetType) else self.corners

    def absent(self, at_us: int) -> bool:
        """Whether the person is away at this time of the stream's clock."""
        return self.absent_until_us is not None and at_us < self.absent_until_us


def with_clock(config: ResidentConfig, clock: LocalTime | None) -> ResidentConfig:
    """Return the config with this clock on the wall; None: with the one that detectors have for all."""
    return msgspec.structs.replace(config, clock=msgspec.UNSET if clock is None else clock)


class DeviceConfig(msgspec.Struct, frozen=True, kw_only=True, tag="device"):
    """Who in this unit has or had a device, by event time: all its bindings in the unit, oldest first."""

    device: str
    unit: str
    bindings: tuple[Binding, ...] = ()

    def worn_by(self, resident: str, position: str | None, start_us: int, end_us: int) -> bool:
        """Whether what the device covers from ``start_us`` to ``end_us`` is this resident's, worn at this position."""
        found = holder(list(self.bindings), start_us, end_us)
        return found is not None and found.resident == resident and found.position == position


class RoutineConfig(msgspec.Struct, frozen=True, kw_only=True, tag="routine"):
    """What was learnt of a unit's rhythm over months, read from the database for a detector that asked for it.

    ``asked`` is the token of the asking, ``model`` names the detector's kind of memory: for any other it means nothing.
    ``state`` is that memory as bytes, a few kilobytes; ``through_us`` the event time of the last sign in it, -1: none.
    """

    unit: str
    model: str
    asked: str
    through_us: int = -1
    state: bytes = b""


class RoutineAsk(msgspec.Struct, frozen=True, kw_only=True):
    """A detector asks for the rhythm of a unit; the value of one key of the bucket ROUTINES, until it is answered.

    ``model`` and ``token`` go back in the RoutineConfig that answers it.
    """

    unit: str
    model: str
    token: str


Config = ResidentConfig | DeviceConfig | RoutineConfig

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Config)


def config_reading(config: Config, event_us: int, arrival_us: int) -> Reading:
    """Return the record for the unit's partition: changed at ``event_us``, written at ``arrival_us``."""
    of_resident = config if isinstance(config, ResidentConfig) else None
    return Reading(
        kind=ReadingKind.CONFIG,
        arrival_us=arrival_us,
        event_us=event_us,
        end_us=event_us,
        unit=config.unit,
        resident=None if of_resident is None else of_resident.resident,
        seq=-1 if of_resident is None else of_resident.version,
        payload=_encoder.encode(config),
        observations=() if of_resident is None else (Observation(ABSENCE, of_resident.absent(arrival_us)),),
    )


def config_of(reading: Reading) -> Config:
    """Return what a config reading says. Raises BadPayload when it is none that this version knows."""
    try:
        config: Config = decoded(_decoder, reading.payload)
    except msgspec.DecodeError as error:  # ValidationError is one of these
        raise BadPayload("bad-config", f"Not a config that is known here: {error}.") from None
    return config
