"""When a home was rightly empty: everybody who lives there was known to be away. Pure."""

from collections.abc import Iterable
from itertools import pairwise

from schemas.config import ResidentConfig


def absences(told: Iterable[tuple[int, ResidentConfig]], end_us: int) -> list[tuple[int, int]]:
    """Return the stretches of time, UTC, until ``end_us`` in which every resident who lived in the unit was away.

    ``told``: since when each config held, in any order; a later one of a resident replaces the one before.
    """
    changes = sorted(told, key=lambda each: (each[0], each[1].version))
    until = [config.absent_until_us for _, config in changes if config.absent_until_us is not None]
    moments = sorted({min(at_us, end_us) for at_us in (*(at_us for at_us, _ in changes), *until)} | {end_us})
    found: list[tuple[int, int]] = []
    for start_us, next_us in pairwise(moments):
        known = {config.resident: config for at_us, config in changes if at_us <= start_us}
        here = [config for config in known.values() if config.here]
        if not here or not all(config.absent(start_us) for config in here):
            continue
        if found and found[-1][1] == start_us:
            found[-1] = (found[-1][0], next_us)
        else:
            found.append((start_us, next_us))
    return found
