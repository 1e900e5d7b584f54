"""Which messages are stored already: a broker sends again what it has no acknowledgement for.

Only what this process saw stored counts, so dropping a repetition can never lose it. What is forgotten here (a restart,
too long ago) goes through and is recognised downstream by the same key.
"""

from collections import OrderedDict

from schemas.reading import Reading, ReadingKind

#: More than a broker has in flight, and a few minutes of 200 wearables; some 10 MB.
REMEMBERED = 50_000

Key = tuple[str, int, int, ReadingKind]


class Stored:
    """The keys of the last readings stored."""

    def __init__(self, limit: int = REMEMBERED) -> None:
        self._limit = limit
        self._keys: OrderedDict[Key, None] = OrderedDict()

    def __contains__(self, reading: Reading) -> bool:
        return reading.seq >= 0 and _key(reading) in self._keys

    def add(self, reading: Reading) -> None:
        """Remember that this one is on the disk; those without a sequence cannot be told apart and are not."""
        if reading.seq < 0:
            return
        self._keys[_key(reading)] = None
        if len(self._keys) > self._limit:
            self._keys.popitem(last=False)


def _key(reading: Reading) -> Key:
    return reading.device, reading.boot, reading.seq, reading.kind
