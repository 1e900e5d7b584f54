"""When each home is to be looked at next: a tick costs what is due, not what there is.

A heap of times with at most one that counts for each unit. Nearly every sign of life puts its home's time off; then the
entry stays where it is, too early, and is put to the right time when it comes up. So a sign costs a look-up, and an
entry is never later than its unit's time: what is due is always found. The time itself stays in the home's own state;
this is made anew of it, and stands in no snapshot.
"""

from collections.abc import Callable
from heapq import heappop, heappush, heapreplace


class DueTimes:
    """The due times of many units. ``due_of``: the time at which a unit is due now, below 0 when it waits for nothing.

    Whoever makes a unit due sooner than it was must ``note`` it.
    """

    def __init__(self, due_of: Callable[[str], int]) -> None:
        self._due_of = due_of
        self._heap: list[tuple[int, str]] = []
        self._at: dict[str, int] = {}  # unit -> the entry that counts; others of it are left over

    def note(self, unit: str, due_us: int) -> None:
        """Note that a unit is due at ``due_us``; below 0: it waits for nothing."""
        if due_us < 0:
            return
        known_us = self._at.get(unit)
        if known_us is None or due_us < known_us:
            self._at[unit] = due_us
            heappush(self._heap, (due_us, unit))

    def first(self) -> int | None:
        """Return the earliest time at which a unit is due, None when none waits."""
        heap, at = self._heap, self._at
        while heap:
            noted_us, unit = heap[0]
            if at.get(unit) != noted_us:
                heappop(heap)  # left over: the unit was due sooner, and was looked at
                continue
            due_us = self._due_of(unit)
            if due_us == noted_us:
                return due_us
            if due_us < 0:
                heappop(heap)
                del at[unit]
            else:  # put off since
                at[unit] = due_us
                heapreplace(heap, (due_us, unit))
        return None

    def take(self, now_us: int) -> list[str]:
        """Return the units that are due by ``now_us``, sorted; whoever looks at them must note them again."""
        found: list[str] = []
        while (due_us := self.first()) is not None and due_us <= now_us:
            found.append(heappop(self._heap)[1])
            del self._at[found[-1]]
        return sorted(found)
