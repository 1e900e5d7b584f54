"""When each frame of a wearable is due, how it is dated, and when it counts as sent late. Pure: the time is given."""

from dataclasses import dataclass, replace

#: Sent this much after its last sample, a frame says that it was buffered: 2 s frames and a slow network stay below.
BUFFERED_AFTER_US = 10_000_000
#: A small device's flash: about an hour of frames. Older ones are dropped and counted in the next frame's ``lost``.
BACKLOG_US = 3_600_000_000


@dataclass(frozen=True, slots=True)
class Timeline:
    """The samples of one device laid out in time.

    ``start_us`` is the wall time at which playing starts. At ``speed`` 1 sample i happens at ``start_us`` + i periods
    and a frame is due when its last sample is over. Faster, a recording of known length (``total`` samples) is dated so
    that it *ends* when the playing ends: nothing is dated in the future, and all is history that arrives late.
    """

    start_us: int
    period_ns: int
    speed: float = 1.0
    total: int | None = None

    def __post_init__(self) -> None:
        if self.speed < 1 or (self.speed > 1 and self.total is None):
            raise ValueError("A speed is at least 1, and above 1 the number of samples must be known.")

    @property
    def first_us(self) -> int:
        """Date of the first sample, UTC microseconds."""
        if self.total is None or self.speed == 1:
            return self.start_us
        length_us = self._span_us(self.total)
        return self.start_us + round(length_us / self.speed) - length_us

    def dated_us(self, sample: int) -> int:
        """Return the date of a sample, UTC microseconds."""
        return self.first_us + self._span_us(sample)

    def due_us(self, end_sample: int) -> int:
        """Return the wall time at which a frame that ends before ``end_sample`` is sent."""
        return self.start_us + round(self._span_us(end_sample) / self.speed)

    def buffered(self, end_sample: int, now_us: int) -> bool:
        """Whether a frame that ends before ``end_sample``, sent now, is history and must say so."""
        return self.speed > 1 or now_us - self.due_us(end_sample) > BUFFERED_AFTER_US

    def dropped(self, end_sample: int, now_us: int) -> int:
        """Return how many whole samples the device had to drop before this frame because its memory was full."""
        if self.speed > 1:
            return 0
        behind_us = now_us - self.due_us(end_sample) - BACKLOG_US
        return max(0, behind_us * 1000 // self.period_ns)

    def later(self, samples: int) -> "Timeline":
        """Return the timeline with a hole of ``samples`` before what comes next."""
        return replace(self, start_us=self.start_us + self._span_us(samples))

    def _span_us(self, samples: int) -> int:
        return samples * self.period_ns // 1000
