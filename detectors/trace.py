"""The last seconds of one device: its frames in the order of the device's own clock, and which of them join up.

Frames come late, twice, out of order, after gaps and after reboots. They are kept whole and in order, so a late frame
closes its gap by itself, and a gap that stays open is never bridged. Memory is bounded by seconds, in order of arrival:
a live stream and a stream that catches up each keep what they need.
"""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache

import msgspec
import numpy as np
from numpy.typing import NDArray

from detectors.fall_window import Floats
from detectors.wearable import WornFrame
from schemas.finding import Stage

#: Seconds kept beside the newest frame: the window judged (5.5 s) for a live stream and one that catches up.
HOLD_US = 16_000_000
#: Frames kept at most, however short they are: each one in a run costs time at every arrival.
MAX_FRAMES = 256
#: How far back within a boot a repeated frame is known; older ones are judged again, to findings with the same id.
SEEN_SEQS = 1024
#: Boots remembered of one device: this one, and the one whose end is still on its way.
SEEN_BOOTS = 3
#: A seam may be off by this many periods (a sample lost or doubled) plus the share that a device's rate is off by.
SEAM_PERIODS, SEAM_SHARE, SEAM_MAX_US = 2, 0.01, 200_000


@dataclass(slots=True, eq=False)
class Held:
    """A frame that is kept. ``peak`` is its largest |a|, g; ``heard_us`` the platform's clock when it came.

    Impacts up to ``done_us`` (device clock) are judged, and up to ``early_us`` judged early; ``forced`` says that the
    rest was judged without the seconds after it because they did not come.
    """

    frame: WornFrame
    peak: float
    heard_us: int
    done_us: int
    early_us: int
    forced: bool = False
    #: The device's clock at the last sample, and the frame's length: asked for at every frame that comes later.
    last_us: int = field(init=False)
    duration_us: int = field(init=False)
    #: The frame before this one when it was last asked whether the two join up, and the answer.
    before: "Held | None" = field(init=False, default=None, repr=False)
    joined: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        frame = self.frame
        self.last_us = frame.t0_us + (frame.n - 1) * frame.period_ns // 1000
        self.duration_us = frame.duration_us

    @property
    def is_open(self) -> bool:
        """Whether some of its time is not judged, early or in full."""
        return self.done_us < self.last_us or self.early_us < self.last_us

    def joins(self, before: "Held") -> bool:
        """Whether this frame goes on where the one ``before`` it ends, without a gap."""
        if self.before is not before:
            self.before, self.joined = before, joins(before.frame, self.frame)
        return self.joined


def joins(a: WornFrame, b: WornFrame) -> bool:
    """Whether ``b`` goes on where ``a`` ends, without a gap."""
    seam = SEAM_PERIODS * b.period_ns // 1000 + int(SEAM_SHARE * a.duration_us)
    seam = min(seam, SEAM_MAX_US)
    if a.boot != b.boot or b.lost * b.period_ns // 1000 > seam:
        return False
    return abs(b.t0_us - a.end_us) <= seam


def losing(frames: Iterable[Held], gone: list[Held], reach_us: int) -> list[Held]:
    """Return those of ``frames`` that are ``gone``, or lose some of the ``reach_us`` before them with these."""
    ends = [(held.frame.boot, held.last_us) for held in gone]
    return [
        held
        for held in frames
        if held in gone or any(boot == held.frame.boot and 0 < held.frame.t0_us - us <= reach_us for boot, us in ends)
    ]


@dataclass(slots=True, eq=False)
class Trace:
    """What is kept of one device. ``seen`` maps a boot to its highest sequence and a bit for each of the last ones."""

    held: list[Held] = field(default_factory=list)
    arrived: list[Held] = field(default_factory=list)
    seen: dict[int, tuple[int, int]] = field(default_factory=dict)
    #: Length of all frames in ``arrived``, microseconds.
    total_us: int = field(init=False)

    def __post_init__(self) -> None:
        self.total_us = sum(held.duration_us for held in self.arrived)

    def is_new(self, boot: int, seq: int) -> bool:
        """Whether this frame was not seen before; marks it as seen."""
        highest, bits = self.seen.pop(boot, (seq, 0))
        if seq > highest:
            shift = seq - highest
            bits = (bits << shift) & ((1 << SEEN_SEQS) - 1) if shift < SEEN_SEQS else 0
            highest = seq
        back = highest - seq
        known = back < SEEN_SEQS and bool(bits >> back & 1)
        if back < SEEN_SEQS:
            bits |= 1 << back
        self.seen[boot] = (highest, bits)
        while len(self.seen) > SEEN_BOOTS:
            del self.seen[next(iter(self.seen))]
        return not known

    def add(self, frame: WornFrame, peak: float, heard_us: int) -> int:
        """Keep a frame and return its index in ``held``, without the gyroscope's samples.

        The others are copied, unless nobody can write into them: they lie in the message that came.
        """
        slim = frame
        if frame.gyr is not None or frame.acc.flags.writeable or not frame.acc.flags.c_contiguous:
            slim = replace(frame, acc=np.array(frame.acc, dtype=np.int16), gyr=None)
        kept = Held(slim, peak, heard_us, frame.t0_us - 1, frame.t0_us - 1)
        order, index = _order(slim), len(self.held)
        if self.held and order <= _order(self.held[-1].frame):  # late, or of an earlier boot
            index = bisect_left(self.held, order, key=lambda held: _order(held.frame))
        self.held.insert(index, kept)
        self.arrived.append(kept)
        self.total_us += kept.duration_us
        return index

    def surplus(self) -> list[Held]:
        """Return the frames to be let go, oldest arrival first: beyond HOLD_US and MAX_FRAMES beside the newest."""
        total = self.total_us - self.arrived[-1].duration_us
        gone: list[Held] = []
        while len(gone) + 1 < len(self.arrived):
            if total <= HOLD_US and len(self.arrived) - len(gone) <= MAX_FRAMES:
                break
            held = self.arrived[len(gone)]
            total -= held.duration_us
            gone.append(held)
        return gone

    def drop(self, gone: Iterable[Held]) -> None:
        """Let frames go."""
        for held in gone:
            self.held.remove(held)
            self.arrived.remove(held)
            self.total_us -= held.duration_us
            held.before = None  # or what was let go before it would be kept alive
        if self.held:
            self.held[0].before = None

    def run_around(self, index: int) -> tuple[int, int]:
        """Return the first and last index of the frames that join up with the one at ``index``."""
        low = high = index
        held, last = self.held, len(self.held) - 1
        # asked at every frame of all that are kept: whether two join up is looked up here without a call
        while low > 0 and (held[low].joined if held[low].before is held[low - 1] else held[low].joins(held[low - 1])):
            low -= 1
        while high < last and held[high + 1].joins(held[high]):
            high += 1
        return low, high

    def firsts(self, low: int, high: int) -> list[int]:
        """Return the device's clock at the first sample of each frame of a run: behind the last one of that before."""
        found: list[int] = []
        begin = self.held[low].frame.t0_us
        for held in self.held[low : high + 1]:
            frame = held.frame
            first = max(frame.t0_us, begin)
            found.append(first)
            begin = first + held.last_us - frame.t0_us + frame.period_ns // 2000 + 1
        return found

    def samples(self, low: int, high: int, start_us: int, end_us: int) -> tuple[NDArray[np.int64], Floats]:
        """Return times (n,) on the device's clock, strictly rising, and g (n, 3) of a run between two times."""
        frames: list[WornFrame] = []
        times: list[NDArray[np.int64]] = []
        for held, first in zip(self.held[low : high + 1], self.firsts(low, high), strict=True):
            if first + held.last_us - held.frame.t0_us >= start_us and first <= end_us:
                frames.append(held.frame)
                times.append(first + offsets_us(held.frame.n, held.frame.period_ns))
        t_us = np.concatenate(times)
        counts = np.concatenate([frame.acc for frame in frames]).astype(np.float64, order="C")
        scales = {frame.accel_scale for frame in frames}
        if len(scales) == 1:
            acc_g = counts * scales.pop()
        else:
            of_each = np.repeat([frame.accel_scale for frame in frames], [frame.n for frame in frames])
            acc_g = counts * of_each[:, None]
        if t_us[0] < start_us or t_us[-1] > end_us:
            part = slice(*t_us.searchsorted([start_us, end_us + 1]).tolist())
            return t_us[part], acc_g[part]
        return t_us, acc_g


@lru_cache(maxsize=64)
def offsets_us(n: int, period_ns: int) -> NDArray[np.int64]:
    """Return the times of a frame's samples from its first one; not to be written into."""
    found = np.arange(n, dtype=np.int64) * period_ns // 1000
    found.flags.writeable = False
    return found


class Event(msgspec.Struct, array_like=True):
    """What was told of one fall: when its impact was, the key of the message its id hangs on, and its last stage.

    ``over_us``: since when the person is up again, event clock; None: as far as is known they are not.
    """

    event_us: int
    anchor: str
    stage: Stage
    over_us: int | None = None


@dataclass(slots=True, eq=False)
class Wearer:
    """What is kept of one wearer: a trace for each device, the last heard at the end, and what was told of falls."""

    traces: dict[str, Trace] = field(default_factory=dict)
    falls: list[Event] = field(default_factory=list)


WearerKey = tuple[str, str]  # unit, resident


def _order(frame: WornFrame) -> tuple[int, int, int]:
    return frame.boot, frame.t0_us, frame.seq
