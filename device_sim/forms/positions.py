"""What a phone or tracker knows of where it is, and what a family of them must be able to say of it."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from device_sim.play import Emission


@dataclass(frozen=True, slots=True)
class Fix:
    """One fix: when (microseconds UTC), where (degrees), how sure (radius of 68 %, m), how fast (km/h).

    ``moving``: on the way, by the mobile network; else it lies at home, on the Wi-Fi there. ``roofed``: no satellite is
    seen, the place is guessed. ``battery`` in %.
    """

    at_us: int
    lat: float
    lon: float
    accuracy_m: float
    speed_kmh: float
    moving: bool
    roofed: bool
    battery: int


class Tracker(ABC):
    """One phone or tracker, by the names of its owner (``user``) and its own (``device``), which no other has.

    Made anew for each time that a play is gone through; everything it draws comes from its seed.
    """

    #: A fix on the way, and at home, each so many seconds.
    moving_s: ClassVar[float]
    home_s: ClassVar[float]
    #: Whether its owner can call for help with it.
    calls: ClassVar[bool] = False

    def __init__(self, user: str, device: str, seed: int) -> None:
        self.user, self.device, self.seed = user, device, seed

    @property
    @abstractmethod
    def id(self) -> str:
        """The id by which the platform knows it (docs/devices.md)."""

    @abstractmethod
    def say(self, fix: Fix) -> Iterator[Emission]:
        """Yield a fix as this family says it, in order of time, not before it."""

    def press(self, at_us: int, last: Fix | None) -> Iterator[Emission]:  # noqa: ARG002
        """Yield a call for help, with the last fix that is known."""
        return iter(())
