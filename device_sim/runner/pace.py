"""How fast a play goes: by the wall clock times a factor, or as fast as the platform follows."""

import asyncio
from dataclasses import dataclass

from device_sim.clock import Clock, wait

FULL = "full"


@dataclass(frozen=True, slots=True)
class Speed:
    """``times`` real time; None: as fast as the platform follows."""

    times: float | None

    @classmethod
    def parse(cls, text: str) -> "Speed":
        """Return the speed in ``1``, ``60``, ``full``. Raises ValueError with a sentence."""
        if text == FULL:
            return cls(None)
        try:
            times = float(text)
        except ValueError:
            times = 0.0
        if not 1 <= times < float("inf"):
            raise ValueError(f"A speed is 1 or more times real time, or “{FULL}”, not {text!r}.")
        return cls(times)

    def __str__(self) -> str:
        return FULL if self.times is None else f"{self.times:g}"


class Pace:
    """Holds a play back to its speed; ``start_us`` of the play is at ``wall_us`` on the wall."""

    def __init__(self, speed: Speed, start_us: int, wall_us: int, clock: Clock) -> None:
        self._times, self._start_us, self._wall_us, self._clock = speed.times, start_us, wall_us, clock

    async def until(self, at_us: int, stop: asyncio.Event) -> None:
        """Wait until it is time for ``at_us``, or ``stop``."""
        if self._times is None:
            return
        due_us = self._wall_us + (at_us - self._start_us) / self._times
        while (left_us := due_us - self._clock()) > 0 and not stop.is_set():
            await wait(stop, left_us / 1e6)
