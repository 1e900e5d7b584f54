"""What a sensor of a home has to tell, in physical words, and what a family of devices must be able to say of it."""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import ClassVar, NamedTuple

from device_sim.play import Emission

SECOND_US = 1_000_000
HOUR_US = 3600 * SECOND_US


class SensorKind(StrEnum):
    """What a sensor is."""

    MOTION = "motion"
    CONTACT = "contact"
    BED = "bed"
    PLUG = "plug"
    LEAK = "leak"
    BUTTON = "button"


@dataclass(frozen=True, slots=True)
class HomeSensor:
    """One sensor. ``name`` is what the family calls it; by its words the platform knows the room. ``room``: where."""

    name: str
    kind: SensorKind
    room: str


class Cause(StrEnum):
    """Why a sensor speaks."""

    REMEMBERED = "remembered"  # its gateway has started, and tells what it knows
    REPORT = "report"  # it is time to report, nothing has happened
    BEGINS = "begins"  # motion, a door opened, somebody lies down, water, an appliance runs; a button is pressed
    AGAIN = "again"  # motion goes on
    ENDS = "ends"  # a door was shut, somebody got up, an appliance stopped
    TIMER = "timer"  # nothing was seen for so long that motion is taken to have ended


@dataclass(frozen=True, slots=True)
class Said:
    """What one sensor has to tell at a moment (microseconds UTC).

    ``on`` is its state: motion, open, somebody lies there, water. ``battery`` in %, of a plug 0. ``link``: 1 to 255, as
    Zigbee counts it. ``watts`` and ``kwh``: of a plug. ``heard_us``: when the sensor itself last spoke; what its
    gateway makes of a timer comes later. ``dated``: its gateway adds that time.
    """

    at_us: int
    sensor: HomeSensor
    cause: Cause
    on: bool
    battery: int
    link: int
    watts: int = 0
    kwh: float = 0.0
    heard_us: int = 0
    dated: bool = False


class Speaker(ABC):
    """The sensors of one home, all of one family, and whatever stands between them and the broker.

    Made anew for each time that a play is gone through; everything it draws comes from its seed. ``mark`` is a word of
    letters, digits, - and _ that no other home has: it goes into whatever tells homes apart (addresses, base topics).
    """

    #: A motion sensor of this family says that nobody moves after so long without motion, and repeats so often while
    #: somebody moves, s; each sensor reports so often by itself, h.
    hold_s: ClassVar[float]
    repeat_s: ClassVar[float]
    report_h: ClassVar[float]
    #: Kinds of sensors that nobody makes for this family: a home of it has none.
    lacks: ClassVar[frozenset[SensorKind]] = frozenset()
    #: Whether a gateway that was down tells what it remembers of each sensor when it is back.
    retells: ClassVar[bool] = False
    #: Whether what was said while the network was away is handed in when it is back.
    keeps: ClassVar[bool] = False
    #: A sensor is said to be unavailable after so long without a word, microseconds; None: never.
    unavailable_after_us: ClassVar[int | None] = None

    def __init__(self, mark: str, sensors: Sequence[HomeSensor], seed: int) -> None:
        self.mark, self.sensors, self.seed = mark, sensors, seed

    @abstractmethod
    def device_id(self, sensor: HomeSensor) -> str:
        """Return the id by which the platform knows a sensor (docs/devices.md)."""

    @abstractmethod
    def say(self, said: Said) -> Iterator[Emission]:
        """Yield one thing said as this family does, in order of time; repetitions may come some seconds later."""

    def hello(self, at_us: int) -> Iterator[Emission]:  # noqa: ARG002
        """Yield what is announced, or stands in the broker from then on, when all of it starts."""
        return iter(())

    def gone(self, at_us: int) -> Iterator[Emission]:  # noqa: ARG002
        """Yield what the broker publishes when the connection is given up: last wills."""
        return iter(())

    def missed(self, said: Said) -> None:  # noqa: B027
        """Take note of what happens while nothing can be sent; a device that comes back may say how it stands now."""

    def late(self, said: Said, at_us: int) -> Iterator[Emission]:
        """Yield what was said while the network was away, handed in at ``at_us`` (``keeps``)."""
        for emission in self.say(said):
            yield replace(emission, at_us=at_us)

    def available(self, sensor: HomeSensor, at_us: int, *, online: bool) -> Iterator[Emission]:  # noqa: ARG002
        """Yield that a sensor has not been heard for long, or is heard again."""
        return iter(())

    def worn_id(self, person: str) -> str | None:  # noqa: ARG002
        """Return the id of what a person carries for the family to hear; None: nothing."""
        return None

    def carried(self, stays: "Iterable[Stay]") -> Iterator[Emission]:  # noqa: ARG002
        """Yield what is heard of that while people are where ``stays`` says (by their beginning), in order of time."""
        return iter(())


class Stay(NamedTuple):
    """Somebody is in a room, from when to when (microseconds UTC)."""

    who: str
    room: str
    from_us: int
    to_us: int


def base_of(mark: str) -> str:
    """Return the topic below which a home publishes in families that let people choose it."""
    return f"sim/{mark}"


def digest(mark: str, name: str, size: int) -> str:
    """Return hexadecimal digits (two a byte) that a home's device has and no other: for addresses that nobody owns."""
    return hashlib.blake2b(f"{mark}\0{name}".encode(), digest_size=size).hexdigest()


def mac(mark: str, name: str) -> str:
    """Return a MAC address, twelve small hexadecimal digits: locally administered, so no maker's device can have it."""
    return f"02{digest(mark, name, 5)}"
