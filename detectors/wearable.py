"""A wearable's frame in the eyes of a detector: the samples, whose they are, and both clocks.

The watcher and the bench make it from a Reading, so that a detector never sees a wire format. A detector measures time
within a boot by the device's own monotonic clock, which does not jump, and says when something happened by the event
clock of the frame that holds it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from schemas import frame as wire
from schemas.reading import Reading

_GYRO, _CHARGING = int(wire.FrameFlag.GYRO), int(wire.FrameFlag.CHARGING)


@dataclass(frozen=True, slots=True, eq=False)
class WornFrame:
    """One block of samples of one wearer; ``acc`` and ``gyr`` are int16 of shape (n, 3), in counts.

    ``key`` is the Reading's, the anchor of what is found in it. ``t0_us`` is the device's monotonic clock at the first
    sample, ``event_us`` the same moment in UTC. ``accel_scale`` is g per count, ``gyro_scale`` deg/s per count.
    ``worn`` None: the device cannot know. ``lost``: samples that the device lost since its frame before. ``arrival_us``
    is when the platform heard it.
    """

    unit: str
    resident: str
    device: str
    key: str
    boot: int
    seq: int
    t0_us: int
    event_us: int
    period_ns: int
    acc: NDArray[np.int16]
    accel_scale: float
    gyr: NDArray[np.int16] | None = None
    gyro_scale: float = 0.0
    worn: bool | None = None
    charging: bool = False
    position: str | None = None
    lost: int = 0
    arrival_us: int = 0

    @property
    def n(self) -> int:
        """Number of samples."""
        return len(self.acc)

    @property
    def duration_us(self) -> int:
        """Time from the first sample to the end of the last one's period, microseconds."""
        return self.n * self.period_ns // 1000

    @property
    def end_us(self) -> int:
        """The device's clock at the end of the last sample's period."""
        return self.t0_us + self.duration_us


def worn_frame(reading: Reading) -> WornFrame:
    """Return the frame that a FRAME reading of a resident carries.

    Raises BadPayload when the payload is no frame, ValueError when the reading belongs to no resident.
    """
    if reading.unit is None or reading.resident is None:
        raise ValueError(f"The frame {reading.key} belongs to no resident.")
    flags, boot, seq, t0_us, _, period_ns, _, accel_scale, gyro_scale, lost, samples = wire.fields(reading.payload)
    return WornFrame(
        unit=reading.unit,
        resident=reading.resident,
        device=reading.device,
        key=reading.key,
        boot=boot,
        seq=seq,
        t0_us=t0_us,
        event_us=reading.event_us,
        period_ns=period_ns,
        acc=samples[:, :3],
        accel_scale=accel_scale,
        gyr=samples[:, 3:] if flags & _GYRO else None,
        gyro_scale=gyro_scale,
        worn=wire.worn_by(flags),
        charging=bool(flags & _CHARGING),
        position=reading.position,
        lost=lost,
        arrival_us=reading.arrival_us,
    )
