"""A time axis for pictures: where a moment stands, and which moments are worth a line, in the play's own local time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

#: Steps between lines, minutes; the first with few enough lines is taken.
_STEPS_MIN = (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880)
_MOST_LINES = 9


@dataclass(frozen=True)
class Axis:
    """From ``start_us`` at ``left`` to ``end_us`` at ``right``."""

    start_us: int
    end_us: int
    left: float
    right: float
    zone: ZoneInfo

    def x(self, at_us: int) -> float:
        """Return where a moment stands, within the picture."""
        share = (at_us - self.start_us) / max(1, self.end_us - self.start_us)
        return round(self.left + min(1.0, max(0.0, share)) * (self.right - self.left), 1)

    def inside(self, from_us: int, until_us: int) -> bool:
        """Whether any of this time is in the picture."""
        return until_us >= self.start_us and from_us <= self.end_us

    def lines(self) -> Iterator[tuple[float, str]]:
        """Return where lines stand, and their times."""
        minutes = (self.end_us - self.start_us) / 60e6
        step = next((each for each in _STEPS_MIN if minutes / each <= _MOST_LINES), 7 * 1440)
        first = self.local(self.start_us).replace(minute=0, second=0, microsecond=0)
        at = first.replace(hour=0) if step >= 60 else first
        while (us := round(at.timestamp()) * 1_000_000) <= self.end_us:
            if us >= self.start_us:
                yield self.x(us), f"{at:%d %b}" if step >= 1440 else f"{at:%H:%M}"
            at += timedelta(minutes=step)

    def local(self, at_us: int) -> datetime:
        """Return a moment in local time."""
        return datetime.fromtimestamp(at_us / 1e6, self.zone)
