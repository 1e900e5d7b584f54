"""Samples become frames: counters, clocks and flags as a wearable's firmware keeps them. Pure: time is given."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from schemas.frame import BATTERY_UNKNOWN, MAX_SAMPLES, Frame, FrameFlag

#: g per count of a +-16 g part: a wrist in a fall leaves +-8 g (docs/wire.md advises +-16 g there).
ACCEL_SCALE = 1 / 2048
#: The ``lost`` field has 16 bits.
MAX_LOST = 2**16 - 1
_INT16 = np.iinfo(np.int16)


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """The next samples of a device: int16 counts (n, 3 or 6), and what it knows about being worn (None: nothing)."""

    samples: NDArray[np.int16]
    worn: bool | None = None
    charging: bool = False
    battery: int = BATTERY_UNKNOWN


@dataclass(frozen=True, slots=True)
class Sensor:
    """A device's sensor: period and scales, as its frames tell them. ``gyro_scale`` 0 means no gyroscope."""

    period_ns: int
    accel_scale: float = ACCEL_SCALE
    gyro_scale: float = 0.0

    def counts(self, acceleration: NDArray[np.float64]) -> NDArray[np.int16]:
        """Return acceleration in g as counts, saturated as a real part does."""
        counts = np.rint(acceleration / self.accel_scale)
        return np.clip(counts, _INT16.min, _INT16.max).astype(np.int16)

    def samples_in(self, seconds: float) -> int:
        """Return how many samples a frame of ``seconds`` has: at least one, at most what a frame may hold."""
        return int(min(MAX_SAMPLES, max(1, round(seconds * 1e9 / self.period_ns))))


@dataclass(slots=True)
class FrameMaker:
    """Counts a boot's frames and dates them on both clocks: monotonic since boot, and UTC when ``synced``."""

    sensor: Sensor
    boot: int
    booted_us: int  # the wall time at which the monotonic clock was 0
    synced: bool = True
    seq: int = 0

    def make(self, block: Block, dated_us: int, *, buffered: bool = False, lost: int = 0) -> Frame:
        """Return the next frame: ``block``, whose first sample happened at ``dated_us``."""
        flags = FrameFlag(0)
        if block.samples.shape[1] == 6:
            flags |= FrameFlag.GYRO
        if self.synced:
            flags |= FrameFlag.CLOCK_SYNCED
        if buffered:
            flags |= FrameFlag.BUFFERED
        if block.charging:
            flags |= FrameFlag.CHARGING
        if block.worn is not None:
            flags |= FrameFlag.WEAR_KNOWN if block.worn else FrameFlag.WEAR_KNOWN | FrameFlag.NOT_WORN
        frame = Frame(
            flags=flags,
            boot=self.boot,
            seq=self.seq,
            t0_us=self.uptime_us(dated_us),
            utc_us=dated_us if self.synced else 0,
            period_ns=self.sensor.period_ns,
            battery=block.battery,
            accel_scale=self.sensor.accel_scale,
            gyro_scale=self.sensor.gyro_scale if block.samples.shape[1] == 6 else 0.0,
            lost=min(lost, MAX_LOST),
            samples=block.samples,
        )
        self.seq += 1
        return frame

    def uptime_us(self, wall_us: int) -> int:
        """Return the device's monotonic clock at a wall time."""
        return wall_us - self.booted_us
