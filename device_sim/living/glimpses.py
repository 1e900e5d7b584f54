"""What sensors could notice of the deeds in a home: somebody moved in a room, a door opened, a button was pressed.

A motion sensor sees whoever comes into its room, and from then on now and then, as often as what they do lets it
(``Deed.stir``, a Poisson process). One sequence of random numbers in order of time: what is changed late in a life
changes nothing of what was seen before.
"""

import heapq
from collections.abc import Iterable, Iterator
from random import Random
from typing import NamedTuple

from device_sim.living.deeds import Deed, What

#: Seconds from coming into a room until its sensor sees it.
SEEN_AFTER_S = (0.3, 2.5)
#: An appliance draws so much, watts (a kettle).
APPLIANCE_W = 1800
_SECOND_US = 1_000_000
#: Deeds that are done to a thing: no movement that a motion sensor is asked about.
THINGS = frozenset({What.DOOR, What.FRIDGE, What.APPLIANCE, What.BUTTON})


class Glimpse(NamedTuple):
    """Something that a sensor in or at ``where`` could notice. ``on``: it begins (opened), or ends (shut).

    ``lying``: somebody lies down there, or gets up; else it is a movement, or a thing that is used.
    """

    at_us: int
    what: What
    where: str
    on: bool = True
    lying: bool = False


def glimpses(deeds: Iterable[Deed], seed: int) -> Iterator[Glimpse]:
    """Yield what could be noticed of deeds (by their beginning), in order of time."""
    random = Random(f"glimpses {seed}")
    waiting: list[tuple[int, int, Glimpse, Deed | None]] = []
    number = 0
    rooms: dict[str, str] = {}
    for deed in deeds:
        while waiting and waiting[0][0] <= deed.from_us:
            yield from _next(waiting, random)
        for glimpse, again in _begun(deed, rooms, random):
            number += 1
            heapq.heappush(waiting, (glimpse.at_us, number, glimpse, again))
    while waiting:
        yield from _next(waiting, random)


def _next(waiting: list[tuple[int, int, Glimpse, Deed | None]], random: Random) -> Iterator[Glimpse]:
    """Yield the earliest glimpse; the deed that it was of may be noticed again."""
    at_us, number, glimpse, deed = heapq.heappop(waiting)
    if deed is not None:
        next_us = at_us + round(random.expovariate(deed.stir / 60) * _SECOND_US)
        if next_us < deed.to_us:
            heapq.heappush(waiting, (next_us, number, Glimpse(next_us, deed.what, deed.where), deed))
    yield glimpse


def _begun(deed: Deed, rooms: dict[str, str], random: Random) -> Iterator[tuple[Glimpse, Deed | None]]:
    """Yield what is noticed of a deed that begins; a deed with it is noticed again and again."""
    if deed.what in (What.DOOR, What.FRIDGE, What.APPLIANCE):
        yield Glimpse(deed.from_us, deed.what, deed.where, True), None
        yield Glimpse(deed.to_us, deed.what, deed.where, False), None
        return
    if deed.what is What.BUTTON:
        yield Glimpse(deed.from_us, deed.what, deed.where, True), None
        return
    if deed.what is What.OUT:
        rooms[deed.who] = ""
        return
    arrives = rooms.get(deed.who) != deed.where
    rooms[deed.who] = deed.where
    if deed.what in (What.SLEEP, What.NAP):
        yield Glimpse(deed.from_us, deed.what, deed.where, True, lying=True), None
        yield Glimpse(deed.to_us, deed.what, deed.where, False, lying=True), None
    first_us = deed.from_us + round(random.uniform(*SEEN_AFTER_S) * _SECOND_US)
    if not arrives and deed.stir > 0:
        first_us = deed.from_us + round(random.expovariate(deed.stir / 60) * _SECOND_US)
    elif not arrives:
        return
    if first_us < deed.to_us:
        yield Glimpse(first_us, deed.what, deed.where), deed if deed.stir > 0 else None
