"""Wandering and whereabouts over a home's columns: item after item, but for what shows them nothing.

Together, since the first asks the second who walks along. Most of what a home's sensors say is nothing to either: the
end of a motion, a battery, a repeated value. Which is, a class of readings tells once. And at most ticks nothing is
due: of those only the latest counts.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterator
from functools import partial
from math import gcd

import numpy as np

from detectors.home_columns import Columns
from detectors.host import WANDERING, WHEREABOUTS, Host, tells
from detectors.kernels.hours import NEVER_US, TICK
from detectors.wandering import SWEEP_US as WANDERING_SWEEP_US
from detectors.wandering import WanderingDetector
from detectors.wandering_signs import LAT, Sign, signs_of
from detectors.whereabouts import SWEEP_US as WHEREABOUTS_SWEEP_US
from detectors.whereabouts import WhereaboutsDetector
from detectors.whereabouts_signs import anchor_of, shows_inside
from schemas.finding import Finding
from schemas.reading import Reading

#: Whenever a multiple of this is passed, a detector may look for silent homes; both of their own are multiples.
_SWEEP_US = gcd(WANDERING_SWEEP_US, WHEREABOUTS_SWEEP_US)
_Detector = WanderingDetector | WhereaboutsDetector


class _Shows:
    """What a class of readings shows, by its ``example``: of which ``whole``, each reading tells itself.

    ``sign``: makes wandering's sign of an anchor and a time, None: there is none; ``inside``: somebody is inside.
    """

    def __init__(self, example: Reading) -> None:
        told = tells(example)
        self.whole = told and (example.resident is not None or any(seen.type == LAT for seen in example.observations))
        signs = signs_of(example) if told and not self.whole else []
        self.sign = partial(_sign, signs[0]) if signs else None
        self.inside = told and not self.whole and shows_inside(example) is not None

    def __bool__(self) -> bool:
        return self.whole or self.inside or self.sign is not None


def _sign(like: Sign, anchor: str, event_us: int) -> Sign:
    return Sign(like.what, like.unit, like.resident, like.device, like.place, anchor, event_us, like.room)


class Outings:
    """Plays a home's items to the detectors of wandering and whereabouts, as far as ``parts`` has them."""

    def __init__(self, host: Host, columns: Columns, parts: Collection[str]) -> None:
        self._wandering = host.wandering if WANDERING in parts else None
        self._whereabouts = host.whereabouts if WHEREABOUTS in parts else None
        self._detectors: list[_Detector] = [each for each in (self._wandering, self._whereabouts) if each is not None]
        self._columns = columns
        self._shows = [_Shows(each) for each in columns.examples]
        self._shown = np.array([bool(each) for each in self._shows], np.bool_)

    def play(self, first: int, end: int) -> Iterator[tuple[int, list[Finding]]]:
        """Yield what the items ``first..end`` find, with the item, where they find something."""
        if not self._detectors:
            return
        items, at = self._columns.items[first:end], self._columns.at[first:end]
        ticks, said = np.flatnonzero(items == TICK), np.flatnonzero(items >= 0)
        clock = np.maximum.accumulate(at[ticks]).tolist()
        places, shown = (first + ticks).tolist(), (first + said[self._shown[items[said]]]).tolist()
        passed, fresh = 0, False  # so many ticks; whether something waits for the next
        for item in [*shown, end]:
            until = bisect_left(places, item, passed)
            while (due := passed if fresh and passed < until else self._due(clock, passed, until)) < until:
                self._pass(clock, due)
                at_us = int(self._columns.at[places[due]])
                if found := [one for each in self._detectors for one in each.tick(at_us)]:
                    yield places[due], found
                passed, fresh = due + 1, False
            self._pass(clock, until)
            passed = until
            if item < end and (found := self._take(item)):
                yield item, found
            fresh = True

    def _due(self, clock: list[int], first: int, end: int) -> int:
        """Return which of the ticks ``first..end`` is the first at which a detector does more than note it."""
        if first == end:
            return end
        limit_us = NEVER_US
        for each in self._detectors:
            due_us = each.due()
            if due_us is not None and due_us <= each.now_us:
                return first
            swept_us = (each.now_us // _SWEEP_US + 1) * _SWEEP_US
            limit_us = min(limit_us, swept_us, NEVER_US if due_us is None else due_us)
        return bisect_left(clock, limit_us, first, end)

    def _pass(self, clock: list[int], until: int) -> None:
        """Let the clock of the detectors go on by the ticks before ``until``."""
        if until:
            for each in self._detectors:
                each.now_us = max(each.now_us, clock[until - 1])

    def _take(self, item: int) -> list[Finding]:
        reading, shows = self._columns.readings[self._columns.places[item]], self._shows[self._columns.items[item]]
        if shows.whole:
            return [found for each in self._detectors for found in each.update([reading])]
        found: list[Finding] = []
        if self._wandering is not None and shows.sign is not None:
            found = self._wandering.show(reading, [shows.sign(anchor_of(reading), reading.event_us)])
        if self._whereabouts is not None and shows.inside and self._columns.unit in self._whereabouts.homes:
            found += self._whereabouts.update([reading])
        return found
