"""What a scenario comes to when it is compiled: who is there, what the devices send and when, and what must be raised.

Pure data between three parts that need not know each other: scenario files (device_sim.scenarios), the simulated world
(device_sim.living, walking, body) and the runner that plays it against a platform. All times are microseconds since
1970 UTC, of the simulated world.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Emission:
    """One MQTT message of one device. What a device sends may depend on nothing that the platform answers."""

    at_us: int
    topic: str
    payload: bytes
    retain: bool = False
    qos: int = 1


@dataclass(frozen=True, slots=True)
class Staging:
    """Where a run puts a scenario when it is compiled: ``compile_play(scenario, staging)``.

    ``start_us`` is the play's first moment, the same weekday and local time as the file says (None: the file's own);
    every moment of the file moves with it, dates too, and the life in it stays the one of the file's own days.
    ``mark``, letters and digits, goes into every device id, Zigbee address and user name, so that no run meets the
    devices of another; with the same mark and seed the bytes are the same. ``base`` is where the Zigbee2MQTT bridge of
    the play publishes; no other play of the run has it. Keys of places and residents stay as the file says them: the
    runner marks them itself.
    """

    start_us: int | None = None
    mark: str = ""
    base: str = "zigbee2mqtt"


@dataclass(frozen=True, slots=True)
class PlannedPlace:
    """A place to be made; ``parent`` is the key of another one. Its kind is one of the platform's (``home``, ...)."""

    key: str
    name: str
    kind: str
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class PlannedResident:
    """A resident to be made in the unit (a place's key); always marked as a test."""

    key: str
    name: str
    unit: str
    facts: dict[str, object]  # birth_year, mobility, conditions, ... as the API takes them


@dataclass(frozen=True, slots=True)
class PlannedDevice:
    """A device and who wears it (``resident``) or where it stands (``place``), from ``from_us`` on."""

    device: str
    kind: str
    unit: str
    from_us: int
    resident: str | None = None
    place: str | None = None
    position: str | None = None  # where a wearable is worn


@dataclass(frozen=True, slots=True)
class PlannedConfig:
    """What staff set of a resident while the play runs: ``absent_until`` (microseconds), ``sensitivity``, ``zone``
    (its corners: longitude and latitude, degrees)."""

    at_us: int
    resident: str
    changes: dict[str, object]


@dataclass(frozen=True, slots=True)
class Expectation:
    """A finding that must be raised (``must``) or must not: of this kind, about this resident, its event in this time.

    ``within_s`` is how long after ``event_us`` (of the simulated world) the alert may be raised. Kinds are those of
    schemas.finding.FindingKind. What is raised and is named by nobody counts as raised wrongly.
    """

    key: str
    must: bool
    kind: str
    resident: str
    event_us: int  # when it truly happened or began
    from_us: int  # the alert's event time lies between these two
    until_us: int
    within_s: float | None = None
    why: str = ""  # one sentence for the report


@dataclass(frozen=True, slots=True)
class Happening:
    """What the file lets happen, for the report's picture: who (a resident's key), from when to when, in words."""

    resident: str
    from_us: int
    until_us: int
    said: dict[str, str]  # by language: en, zh; a few words


@dataclass(frozen=True, slots=True)
class Play:
    """A scenario, ready to be played. ``ticks_us`` are the moments at which the platform's clock ticks."""

    id: str
    title: dict[str, str]  # by language: en, zh
    seed: int
    start_us: int
    end_us: int
    timezone: str
    places: tuple[PlannedPlace, ...]
    residents: tuple[PlannedResident, ...]
    devices: tuple[PlannedDevice, ...]
    configs: tuple[PlannedConfig, ...]
    expectations: tuple[Expectation, ...]
    emissions: Iterable[Emission]  # in order of time; may be a generator: a month is long
    ticks_us: Iterable[int]  # in order of time
    story: tuple[Happening, ...] = ()  # for the report; daily life is not told here, its sensors are
    notes: tuple[str, ...] = ()  # what the report must say (acceleration only around scripted events, ...)
