"""What is kept of many wearables in columns: rings of frames of one length and rate, a row for each wearable.

A row holds just what detectors.trace keeps of a wearable whose frames have come one after another without a gap for as
long as frames are kept, so either can be made from the other. One place more than the frames kept holds the newest
while it is judged, as a trace does.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detectors.fall_model import TRUNK, place_of
from detectors.fall_stages import POST_US
from detectors.impacts import APART_S
from detectors.kernels.rows import FRAME, LATER_US, STATE
from detectors.trace import HOLD_US, SEAM_MAX_US, SEAM_PERIODS, SEAM_SHARE, Trace, WearerKey

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_SECOND = 1_000_000
#: Rates taken, by period: below 16 Hz a window may lack the sample before its first bin, above 500 none is sent.
_PERIODS_NS = (2_000_000, 64_000_000)
#: Lengths of a frame taken: shorter ones make rings of hundreds of frames, longer ones too few to hold a window.
_FRAMES_US = (250_000, 4_000_000)
#: Rows that a table begins with, and by which share of them it grows: what is free is never more than that.
_FIRST_ROWS, _GROWS = 64, 8
#: Time long past on any device's clock: nothing hard has been heard of this one.
NEVER_US = -(2**62)


@dataclass(frozen=True, slots=True)
class Shape:
    """Frames of one kind: ``n`` samples, ``period_ns`` apart."""

    n: int
    period_ns: int

    @property
    def fits(self) -> bool:
        """Whether frames of this shape are kept in columns."""
        in_rate = _PERIODS_NS[0] <= self.period_ns <= _PERIODS_NS[1]
        return in_rate and _FRAMES_US[0] <= self.duration_us <= _FRAMES_US[1]

    @property
    def duration_us(self) -> int:
        """Time from the first sample to the end of the last one's period, microseconds."""
        return self.n * self.period_ns // 1000

    @property
    def span_us(self) -> int:
        """Time from the first sample to the last, microseconds."""
        return (self.n - 1) * self.period_ns // 1000

    @property
    def seam_us(self) -> int:
        """How far off the end of one frame the next one may begin."""
        return min(SEAM_PERIODS * self.period_ns // 1000 + int(SEAM_SHARE * self.duration_us), SEAM_MAX_US)

    @property
    def least_us(self) -> int:
        """How far behind the first sample of one frame that of the next may be at least.

        Within the seam, and not so early that it would be moved: half a period and one behind the last sample.
        """
        return max(self.span_us + self.period_ns // 2000 + 1, self.duration_us - self.seam_us)

    @property
    def most_us(self) -> int:
        """How far behind the first sample of one frame that of the next may be at most."""
        return self.duration_us + self.seam_us

    @property
    def kept(self) -> int:
        """Frames that are kept of one wearable."""
        return HOLD_US // self.duration_us + 1

    @property
    def searched(self) -> int:
        """Newest frames in which impacts are looked for: what one frame makes ripe, and what lies around that."""
        around_us = POST_US + int(APART_S * _SECOND) + self.seam_us
        return min(self.kept + 1, -(-around_us // self.duration_us) + 1)


class _Rows(dict[str, int]):
    """Device -> row, -1 where there is none: looked up for a whole batch without a Python call for each."""

    def __missing__(self, device: str) -> int:
        return -1


class Table:
    """Rows of one Shape. ``head``: where in its ring a row's oldest frame is; the place before it is free.

    ``acc`` (rows, ring, n, 3) holds counts. ``frames`` (rows, ring) holds of a frame what detectors.trace keeps of it.
    ``state`` (rows,) holds what a row's next frame must go on with, ``hot_us``, the last sample of the newest frame
    with a peak worth judging, and ``due_us``, when to stop waiting (LATER_US: nothing waits). Each of their fields
    (detectors.kernels.rows) is also a column here by its name.
    """

    LATER_US = LATER_US

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.ring = shape.kept + 1
        self.used = 0
        self._free: list[int] = []
        self.rows = 0
        self.acc = np.zeros((0, self.ring, shape.n, 3), np.int16)
        self.frames = np.zeros((0, self.ring), FRAME)
        self.state = np.zeros(0, STATE)
        self.unit, self.resident, self.device, self.position = (np.zeros(0, object) for _ in range(4))
        self.row_of: dict[str, int] = _Rows()
        self._name_columns()

    _ARRAYS = ("acc", "frames", "state", "unit", "resident", "device", "position")

    def _name_columns(self) -> None:
        of_frame, of_row = self.frames, self.state
        self.t0_us, self.event_us, self.seq = of_frame["t0_us"], of_frame["event_us"], of_frame["seq"]
        self.heard_us, self.done_us, self.early_us = of_frame["heard_us"], of_frame["done_us"], of_frame["early_us"]
        self.peak, self.sums = of_frame["peak"], of_frame["sums"]
        self.boot, self.head, self.hot_us, self.due_us = (
            of_row["boot"],
            of_row["head"],
            of_row["hot_us"],
            of_row["due_us"],
        )
        self.last_seq, self.last_t0_us = of_row["last_seq"], of_row["last_t0_us"]
        self.scale, self.trunk = of_row["scale"], of_row["trunk"]

    def new_row(self) -> int:
        """Return a free row; its columns hold anything."""
        self.used += 1
        if self._free:
            return self._free.pop()
        if self.rows == len(self.boot):
            self._grow()
        self.rows += 1
        return self.rows - 1

    def wearer_at(self, row: int) -> WearerKey | None:
        """Return whose row this is, None for a free one."""
        return None if self.unit[row] is None else (self.unit[row], self.resident[row])

    def take_in(self, trace: Trace, gate_g: float, due_us: int | None) -> int:
        """Write what is kept of a device into a row of its own, and return that; the trace must be regular."""
        row, frames = self.new_row(), trace.held
        kept = slice(len(frames))
        self.acc[row, kept] = [held.frame.acc for held in frames]
        self.sums[row, kept] = self.acc[row, kept].sum(axis=1, dtype=np.int32)
        self.t0_us[row, kept] = [held.frame.t0_us for held in frames]
        self.event_us[row, kept] = [held.frame.event_us for held in frames]
        self.seq[row, kept] = [held.frame.seq for held in frames]
        self.peak[row, kept] = [held.peak for held in frames]
        self.heard_us[row, kept] = [held.heard_us for held in frames]
        self.done_us[row, kept] = [held.done_us for held in frames]
        self.early_us[row, kept] = [held.early_us for held in frames]
        newest = frames[-1].frame
        self.head[row], self.boot[row], self.scale[row] = 0, newest.boot, newest.accel_scale
        self.last_seq[row], self.last_t0_us[row] = newest.seq, newest.t0_us
        self.unit[row], self.resident[row] = newest.unit, newest.resident
        self.device[row], self.position[row] = newest.device, newest.position
        self.trunk[row] = place_of(newest.position) == TRUNK
        self.row_of[newest.device] = row
        self.hot_us[row] = max((held.last_us for held in frames if held.peak >= gate_g), default=NEVER_US)
        self.due_us[row] = self.LATER_US if due_us is None else due_us
        return row

    def free_row(self, row: int) -> None:
        """Give a row back."""
        self.due_us[row] = self.LATER_US
        del self.row_of[self.device[row]]
        self.unit[row] = self.resident[row] = self.device[row] = self.position[row] = None
        self.used -= 1
        self._free.append(row)

    def order(self, rows: Ints) -> Ints:
        """Return the places in the ring of the rows' frames, oldest first, the free one last: (k, ring)."""
        return (self.head[rows][:, None] + np.arange(self.ring)) % self.ring

    @property
    def state_bytes(self) -> int:
        """Bytes of one row."""
        return sum(
            int(np.prod(getattr(self, name).shape[1:], dtype=np.int64)) * getattr(self, name).itemsize
            for name in self._ARRAYS
        )

    def _grow(self) -> None:
        rows = len(self.boot) + max(_FIRST_ROWS, len(self.boot) // _GROWS)
        for name in self._ARRAYS:
            old = getattr(self, name)
            new = np.zeros((rows, *old.shape[1:]), old.dtype)
            new[: len(old)] = old
            setattr(self, name, new)
        self._name_columns()
        self.due_us[self.rows :] = self.LATER_US
        self.unit[self.rows :] = None
