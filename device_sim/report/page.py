"""The page."""

from collections.abc import Sequence

from device_sim.runner.record import Run


def page(runs: Sequence[Run], older: Run | None = None) -> str:
    """Return the page as one text."""
    return f"{len(runs)} {older is None}"
