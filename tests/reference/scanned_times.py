"""Slow twin of detectors.due_times, and the detectors of homes with it: each tick asks every home there is."""

from collections.abc import Callable, Collection

from detectors.due_times import DueTimes
from detectors.everyday import EverydayConfig, EverydayDetector
from detectors.host import Host
from detectors.inactivity import InactivityConfig, InactivityDetector
from detectors.wandering import WanderingConfig, WanderingDetector


class ScannedTimes(DueTimes):
    """Asks all units each time, and needs to be told of none."""

    def __init__(self, due_of: Callable[[str], int], units: Callable[[], Collection[str]]) -> None:
        super().__init__(due_of)
        self._units = units

    def note(self, unit: str, due_us: int) -> None:
        """Nothing to note."""

    def first(self) -> int | None:
        """Return the earliest time at which a unit is due."""
        return min((due for unit in self._units() if (due := self._due_of(unit)) >= 0), default=None)

    def take(self, now_us: int) -> list[str]:
        """Return the units that are due by ``now_us``, sorted."""
        return sorted(unit for unit in self._units() if 0 <= self._due_of(unit) <= now_us)


class ScannedInactivity(InactivityDetector):
    """The inactivity detector, home by home at every tick."""

    def _due_times(self) -> DueTimes:
        return ScannedTimes(super()._due_times()._due_of, self.units)


class ScannedEveryday(EverydayDetector):
    """The everyday watches likewise."""

    def _due_times(self) -> DueTimes:
        return ScannedTimes(super()._due_times()._due_of, self.units)


class ScannedWandering(WanderingDetector):
    """The wandering detector likewise."""

    def _due_times(self) -> DueTimes:
        return ScannedTimes(super()._due_times()._due_of, self.units)


def scanned_host() -> Host:
    """Return a host whose detectors of homes ask every home at every tick."""
    host = Host()
    host.inactivity = ScannedInactivity(InactivityConfig())
    host.everyday = ScannedEveryday(EverydayConfig())
    host.wandering = ScannedWandering(WanderingConfig())
    return host
