"""Who lives in a home by what the stream says of them: how each is watched over, and whose clock is on the wall.

Who left is remembered by the version that said so: two desks that overlap may say an older word after a newer one, and
it must bring nobody back. A resident who is here is said again each minute, so there a late word mends by itself; that
somebody left is said once.
"""

from collections.abc import Mapping

import msgspec

from schemas.config import ResidentConfig, Sensitivity, config_of
from schemas.errors import BadPayload
from schemas.local_time import LocalTime
from schemas.reading import Reading

#: Residents of a home that are remembered.
PEOPLE_KEPT = 8
#: Those who left a home that are remembered, the latest: a word that is overtaken comes within minutes, if at all.
LEFT_KEPT = 8

#: Who left -> the version that said so, the latest last.
Left = dict[str, int]


class Person(msgspec.Struct, array_like=True, frozen=True):
    """What is known of one who lives in the home; ``absent_until_us`` -1: they are here.

    ``version`` is of the config that said so, -1: none did, they were only heard (a wearable). ``off``: what they are
    not watched for, by code. ``clock``: the one on their wall, None: the one that the detectors have for all.
    """

    absent_until_us: int = -1
    sensitivity: Sensitivity = Sensitivity.NORMAL
    version: int = -1
    off: tuple[str, ...] = ()
    clock: LocalTime | None = None

    def but_for_the_clock(self, other: "Person") -> bool:
        """Whether nothing but the clock is otherwise: its table is made anew each year, and says nothing new."""
        return msgspec.structs.replace(self, clock=other.clock) == other


def person(config: ResidentConfig) -> Person:
    """Return who a config tells of."""
    until_us = -1 if config.absent_until_us is None else config.absent_until_us
    return Person(until_us, config.sensitivity, config.version, config.off, config.local_time)


def overtaken(config: ResidentConfig, known: int, left: Mapping[str, int]) -> bool:
    """Whether a config is older than what is known; ``known``: the version of one who is here, -1: they are not."""
    return config.version < max(known, left.get(config.resident, -1))


def note(left: Left, config: ResidentConfig) -> None:
    """Remember who left, and forget that whoever is here ever did."""
    left.pop(config.resident, None)
    if not config.here:
        left[config.resident] = config.version
        while len(left) > LEFT_KEPT:
            del left[next(iter(left))]


def told_by(reading: Reading) -> ResidentConfig | None:
    """Return what a reading tells of a resident; None of any other, and of one that nobody can read (the host says)."""
    try:
        config = config_of(reading)
    except BadPayload:
        return None
    return config if isinstance(config, ResidentConfig) else None


def first(people: Mapping[str, Person]) -> Person | None:
    """Return by whose clock a home lives: the first by id of those of whom config told; None: it told of nobody.

    Who was only heard counts not: their clock is not known. Who share a unit are all told of (store.people).
    """
    told = [name for name, each in people.items() if each.version >= 0]
    return people[min(told)] if told else None


def left_off(people: Mapping[str, Person], code: str) -> bool:
    """Whether all who live in a home chose not to be watched for this: one who did not is watched all the same."""
    return bool(people) and all(code in each.off for each in people.values())
