"""Signs of life: how the supervisor knows that a child not only exists but goes on.

A stage's event loop writes a byte a second into a pipe: a loop that is stopped, deadlocked or spinning writes none,
one that waits for its servers does. A pipe and not a file's time: a slow or full disk must neither block the loop nor
look like its death. What counts is whether something came between two of our looks, never what a clock shows, so a
clock that jumps changes nothing; and silence is counted only while we ourselves were running, so a machine that slept,
or was paused, kills nobody when it wakes.
"""

import asyncio
import contextlib
import os
from dataclasses import dataclass

#: Between a stage's signs of life.
BEAT_S = 1.0
#: A look that comes later than this many usual ones says something about us or the machine, not about the child.
_MOST_LOOKS = 2.0
_READ_BYTES = 4096


@dataclass(slots=True)
class Silence:
    """How long a child has given no sign, in seconds that we have watched. ``every_s``: the time between looks."""

    every_s: float
    seconds: float = 0.0

    def look(self, sign: bool, elapsed_s: float) -> float:
        """Take one look, ``elapsed_s`` after the last one; return the silence."""
        self.seconds = 0.0 if sign else self.seconds + min(elapsed_s, _MOST_LOOKS * self.every_s)
        return self.seconds


class Pipe:
    """A stage's pipe, from the supervisor's side; the same one for all lives of the stage."""

    def __init__(self) -> None:
        self._read, self.write_end = os.pipe()
        for end in (self._read, self.write_end):
            os.set_blocking(end, False)

    def sign(self) -> bool:
        """Whether the stage has beaten since the last call."""
        with contextlib.suppress(BlockingIOError):
            return bool(os.read(self._read, _READ_BYTES))
        return False

    def close(self) -> None:
        """Close both ends."""
        os.close(self._read)
        os.close(self.write_end)


async def beat(write_end: int) -> None:
    """Say that this event loop turns, every BEAT_S, until cancelled; the other end may be slow to listen."""
    while True:
        with contextlib.suppress(BlockingIOError):
            os.write(write_end, b".")
        await asyncio.sleep(BEAT_S)
