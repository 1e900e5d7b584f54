"""Which messages are stored already: a broker sends again what it has no acknowledgement for.

Only what this process saw stored counts, so dropping a repetition can never lose it. What is forgotten here (a restart,
too long ago) goes through and is recognised downstream by the same key.
"""

from schemas.reading import Reading, ReadingKind

#: More than a broker has in flight, and a few minutes of 200 wearables; between this and twice as many are remembered,
#: 4 to 10 MB.
REMEMBERED = 25_000

Key = tuple[str, int, int, ReadingKind]


class Stored:
    """The keys of the last readings stored, in two halves of which the older is let go as a whole.

    One ordered dictionary that loses its oldest at each new one takes three times the memory, in steps that look like a
    leak for hours: its holes are cleared away only when its table is made anew.
    """

    def __init__(self, limit: int = REMEMBERED) -> None:
        self._limit = limit
        self._newer: set[Key] = set()
        self._older: set[Key] = set()

    def __contains__(self, reading: Reading) -> bool:
        if reading.seq < 0:
            return False
        key = _key(reading)
        return key in self._newer or key in self._older

    def add(self, reading: Reading) -> None:
        """Remember that this one is on the disk; those without a sequence cannot be told apart and are not."""
        if reading.seq < 0:
            return
        self._newer.add(_key(reading))
        if len(self._newer) >= self._limit:
            self._older, self._newer = self._newer, set()


def _key(reading: Reading) -> Key:
    return reading.device, reading.boot, reading.seq, reading.kind
