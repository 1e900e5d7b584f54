"""Which looks are already written down: one line for a page that stays open, not one for each time it asks."""

from collections import deque
from typing import Any

#: One look at one resident: what a person reads before going, and the page that then stays open.
FOLD_US = 10 * 60 * 1_000_000
#: So many sessions times things are remembered; beyond it looks are written once more.
_REMEMBERED = 20_000


#: Lines that wait for room: an hour of fifty consoles.
_OWED = 5_000

#: What store.audit.write takes.
Line = dict[str, Any]


class Looks:
    """Which looks are already written down, by (session, part, kind, id)."""

    def __init__(self) -> None:
        self.owed: deque[Line] = deque(maxlen=_OWED)
        self._written: dict[tuple[str, ...], int] = {}

    def is_new(self, key: tuple[str, ...], now_us: int) -> bool:
        """Whether this look needs a line of its own."""
        written = self._written.get(key)
        return written is None or not 0 <= now_us - written < FOLD_US

    def note(self, key: tuple[str, ...], now_us: int) -> None:
        """Remember that a look was written down."""
        if len(self._written) >= _REMEMBERED:
            self._written = {key: at for key, at in self._written.items() if 0 <= now_us - at < FOLD_US}
            if len(self._written) >= _REMEMBERED:
                self._written.clear()
        self._written[key] = now_us
