"""The fall detector of a host, or none. Its kernels bring numba, which is a third of a process's memory: so it is
imported where a host is to find falls, and the desk, which reads the stored months of homes again, goes without.
"""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, cast

from detectors import routine_rests, trees
from schemas.reading import Reading

if TYPE_CHECKING:
    from detectors.fall import FallConfig
    from detectors.fleet import FleetFalls
    from detectors.fleet_frames import FrameBatch


class _NoFalls:
    """Stands where a host has no fall detector: what is asked of every detector, and nothing to say."""

    def __init__(self) -> None:
        self.changed: set[str] = set()
        self.errors: list[tuple[str, str]] = []
        self.now_us = 0

    def due(self) -> None:
        """Nothing waits."""

    def units(self) -> set[str]:
        return set()

    def states(self, units: Collection[str]) -> dict[str, bytes]:  # noqa: ARG002  # nothing is kept of any
        return {}


def load() -> None:
    """Load all kernels now, a second or two: whoever finds falls calls it first, and is never held up by it later."""
    falls(None)


def falls(config: "FallConfig | None") -> "FleetFalls":
    """Return the fall detector of a fleet."""
    from detectors.fall import FallConfig  # noqa: PLC0415  # numba
    from detectors.fleet import FleetFalls  # noqa: PLC0415  # numba

    trees.kernels()
    routine_rests.kernel()
    return FleetFalls(config or FallConfig())


def no_falls() -> "FleetFalls":
    """Return what stands for it in a host that is never asked for falls (``parts`` of Host.update without FALL)."""
    return cast("FleetFalls", _NoFalls())


def batch_of(frames: Sequence[Reading]) -> "FrameBatch":
    """Return frames as the fall detector takes them."""
    from detectors.fleet_frames import batch_of_readings  # noqa: PLC0415  # numba

    return batch_of_readings(frames)
