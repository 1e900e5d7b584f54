"""Guessing passwords is made slow: after a few failures a name at an address waits, and so does the address.

By name *and* address, so that a stranger who knows a nurse's name cannot lock her out from her own ward; by address
alone with more room, so that trying many names does not help. Kept in memory: a restart forgives, which costs a
guesser nothing worth having and needs no table.
"""

from collections import OrderedDict
from dataclasses import dataclass

from api.times import MINUTE_US, SECOND_US

#: A tired person mistypes a few times; OWASP's Authentication Cheat Sheet calls three to five usual.
FREE_FAILURES = 5
#: One ward sits behind one address: room for everybody's mistakes at a change of shift.
FREE_FAILURES_OF_ADDRESS = 50
#: The first wait, doubled with each further failure up to the longest.
FIRST_WAIT_US = 2 * SECOND_US
LONGEST_WAIT_US = 5 * MINUTE_US
#: Shorter for an address: whoever guesses from inside a ward must not keep its nurses out for minutes.
LONGEST_WAIT_OF_ADDRESS_US = 10 * SECOND_US
#: Failures are forgotten after this long without another.
MEMORY_US = 15 * MINUTE_US
#: Bounds the memory a flood of made-up names can take: about 200 bytes each.
MAX_KEYS = 10_000


@dataclass(slots=True)
class _Failures:
    count: int
    last_us: int


class Throttle:
    """Failures by key, oldest forgotten first. Not for several threads."""

    def __init__(self) -> None:
        self._failures: OrderedDict[tuple[str, ...], _Failures] = OrderedDict()

    def wait_us(self, user: str, address: str, now_us: int) -> int:
        """Return how long this name at this address must wait before its next try, 0 when it may try now."""
        named = self._wait(("name", user, address), FREE_FAILURES, LONGEST_WAIT_US, now_us)
        there = self._wait(("address", address), FREE_FAILURES_OF_ADDRESS, LONGEST_WAIT_OF_ADDRESS_US, now_us)
        return max(named, there)

    def failed(self, user: str, address: str, now_us: int) -> None:
        """Count a try, before its password is checked: tries sent at once must not all count as the first."""
        for key in (("name", user, address), ("address", address)):
            known = self._failures.pop(key, None)
            count = known.count if known and now_us - known.last_us < MEMORY_US else 0
            self._failures[key] = _Failures(count + 1, now_us)
        while len(self._failures) > MAX_KEYS:
            self._failures.popitem(last=False)

    def succeeded(self, user: str, address: str) -> None:
        """Forget this name's failures, and take back the one try counted against the address."""
        self._failures.pop(("name", user, address), None)
        known = self._failures.get(("address", address))
        if known:
            known.count -= 1

    def _wait(self, key: tuple[str, ...], free: int, longest_us: int, now_us: int) -> int:
        known = self._failures.get(key)
        if known is None or known.count < free or now_us - known.last_us >= MEMORY_US:
            return 0
        # 2 s doubled 8 times is beyond the longest wait; a larger exponent only makes a large number.
        wait_us = min(FIRST_WAIT_US << min(known.count - free, 8), longest_us)
        return max(0, known.last_us + wait_us - now_us)
