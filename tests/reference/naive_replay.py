"""The twin of detectors.inactivity_replay: message after message, as a detector takes them that is there."""

from collections.abc import Iterable, Sequence

from detectors.host import EVERYDAY, INACTIVITY, Host
from detectors.inactivity_replay import STEP_US
from schemas.reading import Reading

_PARTS = frozenset({INACTIVITY, EVERYDAY})


class Relearner:
    """Learns one unit's rhythm and habits from its messages and config, given in the order of arrival."""

    def __init__(self, unit: str) -> None:
        self._unit = unit
        self._host = Host()
        self._now_us = 0

    def update(self, readings: Sequence[Reading]) -> None:
        """Take the next readings."""
        for reading in readings:
            self._pass(reading.arrival_us)
            self._host.update([reading], _PARTS)

    def learnt(self) -> tuple[bytes, int]:
        """Return the memory for schemas.config.RoutineConfig, and the event time of the last sign of life; -1: none."""
        detector = self._host.inactivity
        home = detector.homes.get(self._unit)
        return detector.learnt(self._unit), -1 if home is None else home.last_us

    def habits(self) -> tuple[bytes, int]:
        """Return the same of the everyday watches (detectors.everyday)."""
        return self._host.everyday.learnt(self._unit), self.learnt()[1]

    def errors(self) -> Iterable[tuple[str, str]]:
        """What went wrong, by message key."""
        return self._host.errors

    def _pass(self, until_us: int) -> None:
        """Let the clock go on."""
        detector = self._host.inactivity
        if not self._now_us:
            self._now_us = until_us
        while True:
            due_us = detector.due()
            next_us = self._now_us + STEP_US
            if due_us is not None and self._now_us < due_us < next_us:
                next_us = due_us
            if next_us > until_us:
                break
            self._now_us = next_us
            detector.tick(next_us)
            self._host.everyday.tick(next_us)
