"""Random fleets: many wearers' days with falls and blows, and frames that come as they come in life. Seeded."""

from dataclasses import dataclass, replace

import numpy as np

from detectors.wearable import WornFrame
from tests.detectors import signals


@dataclass(frozen=True, slots=True)
class Trouble:
    """How often a frame is missing, repeated, with samples lost, not worn, of another boot, in the wrong order."""

    missing: float = 0.003
    repeated: float = 0.003
    lossy: float = 0.002
    off: float = 0.002
    reboot: float = 0.002
    swapped: float = 0.003


PLACES = ("waist", "wrist", "pocket", None)


def fleet(seed: int, wearers: int, trouble: Trouble | None = None, parts: tuple[int, int] = (6, 14)) -> list[WornFrame]:
    """Return the frames of ``wearers`` people in the order in which they come."""
    rng = np.random.default_rng(seed)
    streams = [_stream(rng, f"r{number}", trouble or Trouble(), parts) for number in range(wearers)]
    longest = max(len(stream) for stream in streams)
    return [stream[turn] for turn in range(longest) for stream in streams if turn < len(stream)]


def _stream(rng: np.random.Generator, resident: str, trouble: Trouble, parts: tuple[int, int]) -> list[WornFrame]:
    rate = float(rng.choice([20.0, 32.0, 50.0, 50.0, 50.0, 100.0]))
    frame_s = float(rng.choice([0.5, 1.0, 2.0, 2.0, 2.0]))
    signal = np.vstack([_part(rng, rate) for _ in range(rng.integers(*parts))])
    frames = signals.worn(
        signal,
        resident,
        rate=rate,
        frame_s=frame_s,
        t0_us=int(rng.integers(0, 10**9)),
        position=PLACES[rng.integers(len(PLACES))],
    )
    if rng.random() < 0.5:  # a clock that trembles and runs a little fast or slow
        off_us = np.cumsum(rng.integers(-200, 201, len(frames)) + rng.integers(-40, 41))
        frames = [replace(frame, t0_us=frame.t0_us + int(us)) for frame, us in zip(frames, off_us, strict=True)]
    return _in_trouble(rng, frames, trouble)


def _part(rng: np.random.Generator, rate: float) -> signals.Floats:
    seed, seconds = int(rng.integers(10**6)), float(rng.uniform(2, 20))
    match int(rng.integers(6)):
        case 0:
            return signals.standing(seconds, rate, seed)
        case 1:
            return signals.walking(seconds, rate, seed)
        case 2:
            return np.vstack([signals.falling(rate), signals.lying(8, rate)])
        case 3:
            return np.vstack([signals.standing(9, rate, seed), signals.slide(rate), signals.lying(9, rate)])
    busy = signals.walking(seconds, rate, seed)
    for blow in rng.integers(0, len(busy), rng.integers(1, 8)):
        busy[blow : blow + 3] *= rng.uniform(1.3, 3.5)
    return busy


def _in_trouble(rng: np.random.Generator, frames: list[WornFrame], trouble: Trouble) -> list[WornFrame]:
    came: list[WornFrame] = []
    boot = 1
    for given in frames:
        boot += bool(rng.random() < trouble.reboot)
        frame = replace(given, boot=boot, key=f"{given.device}:{boot}:{given.seq}:frame")
        if rng.random() < trouble.missing:
            continue
        if rng.random() < trouble.lossy:
            frame = replace(frame, lost=int(rng.integers(1, 100)))
        if rng.random() < trouble.off:
            frame = replace(frame, worn=False)
        came.append(frame)
        if rng.random() < trouble.repeated:
            came.append(came[rng.integers(max(0, len(came) - 12), len(came))])
        if len(came) > 1 and rng.random() < trouble.swapped:
            came[-1], came[-2] = came[-2], came[-1]
    return came
