"""One home's messages of days or months, played through the detectors of homes at once: a year in seconds.

What a host finds and knows after it is to the byte what it would find and know had it been given item after item
(Host.update, which stays the measure: tests.detectors.test_home_replay). Each part goes over the whole stretch by
itself, since parts know nothing of each other but falls; where a fall waits to meet a silence, and where the host has
other homes too, item goes after item as ever.
"""

from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from typing import Protocol

import numpy as np

from detectors.everyday_columns import Days
from detectors.home_columns import WHOLE, Columns, Ints, columns_of
from detectors.host import EVERYDAY, FALL, INACTIVITY, PARTS, Host, heard
from detectors.inactivity_columns import Silences
from detectors.kernels.hours import TICK
from detectors.outing_columns import Outings
from schemas.finding import Finding
from schemas.reading import Reading

NO_TICKS = np.zeros(0, np.int64)


def replay(
    host: Host, readings: Sequence[Reading], ticks: Ints = NO_TICKS, after: Ints = NO_TICKS,
    parts: Collection[str] = PARTS,
) -> list[Finding]:  # fmt: skip
    """Play readings through a host, with the platform's clock at ``ticks``, each after so many of them (``after``).

    Return the findings in their order. ``readings``: of one unit, in the order in which they came, without ticks;
    ``parts``: who takes them.
    """
    unit = next((reading.unit for reading in readings if reading.unit is not None), "")
    columns = columns_of(readings, unit).with_ticks(ticks, after)
    found: list[Finding] = []
    whole = np.flatnonzero(columns.items == WHOLE).tolist()
    for before, place in pairwise([-1, *whole, len(columns.items)]):
        found += _stretch(host, columns, before + 1, place, parts)
        if place < len(columns.items):
            found += host.update([columns.told(place)], parts)
    host.update((), parts)  # what went wrong is the host's
    return found


def alone(host: Host, unit: str) -> bool:
    """Whether a host knows no other home, and no fall in it waits."""
    detectors = (host.inactivity, host.everyday, host.wandering, host.whereabouts)
    homes = {unit for each in detectors for unit in each.homes}
    return homes <= {unit} and not host.meeting.waiting


def _stretch(host: Host, columns: Columns, first: int, end: int, parts: Collection[str]) -> list[Finding]:
    """Play items that are of no concern to the host itself."""
    found: list[Finding] = []
    while first < end and not alone(host, columns.unit):
        found += host.update([columns.told(first)], parts)
        first += 1
    told: list[tuple[int, int, int, Finding]] = []
    for rank, player in enumerate(_players(host, columns, parts)):
        for item, findings in player.play(first, end):
            told += [(item, rank, len(told) + k, each) for k, each in enumerate(findings)]
    return found + [heard(each, int(columns.arrived[item])) for item, _, _, each in sorted(told, key=_place)]


def _place(told: tuple[int, int, int, Finding]) -> tuple[int, int, int]:
    return told[:3]


class _Player(Protocol):
    def play(self, first: int, end: int) -> Iterator[tuple[int, list[Finding]]]: ...


class _Clock:
    """The clock of the detector of falls; where nobody wears anything, its latest tick says all."""

    def __init__(self, host: Host, columns: Columns) -> None:
        self._falls, self._columns = host.fall, columns

    def play(self, first: int, end: int) -> Iterator[tuple[int, list[Finding]]]:
        """Yield what each tick finds, with the item."""
        ticks = first + np.flatnonzero(self._columns.items[first:end] == TICK)
        if len(ticks) and not self._falls.units():
            ticks = ticks[[np.argmax(self._columns.at[ticks])]]
        for item in ticks.tolist():
            yield item, self._falls.tick(int(self._columns.at[item]))


def _players(host: Host, columns: Columns, parts: Collection[str]) -> list[_Player]:
    players: list[tuple[str, _Player]] = [
        (FALL, _Clock(host, columns)),
        (INACTIVITY, Silences(host.inactivity, columns)),
        (EVERYDAY, Days(host.everyday, columns)),
    ]
    return [*(player for name, player in players if name in parts), Outings(host, columns, parts)]
