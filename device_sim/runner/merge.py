"""Several plays in one order of time: clock, changes by staff, messages of devices. Pure; nothing depends on speed."""

import heapq
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from device_sim.play import Emission, PlannedConfig, PlannedDevice, Play

#: At the same microsecond: the clock first, so that all else happens at the time it says; a play ends last.
_TICK, _CHANGE, _MESSAGE, _END = range(4)


@dataclass(frozen=True, slots=True)
class Clock:
    """It is ``at_us`` now; with ``tick`` the detectors hear of it."""

    at_us: int
    tick: bool


@dataclass(frozen=True, slots=True)
class Message:
    """A device of play ``play`` (its place in the list) sends something."""

    at_us: int
    play: int
    emission: Emission


@dataclass(frozen=True, slots=True)
class Change:
    """Staff do something while the play runs: set something of a resident, or hand a device over."""

    at_us: int
    play: int
    what: PlannedConfig | PlannedDevice


@dataclass(frozen=True, slots=True)
class End:
    """Play ``play`` is over."""

    at_us: int
    play: int


Step = Clock | Message | Change | End
_Keyed = tuple[int, int, int, int, Step]


def steps(plays: Sequence[Play]) -> Iterator[Step]:
    """Return what happens in all plays, in order of time, with a clock step wherever the time is another.

    A month is long: nothing is kept but the next of each.
    """
    sources = [source for n, play in enumerate(plays) for source in _sources(n, play)]
    now_us = -1
    for _, rank, _, _, step in heapq.merge(*sources):
        if rank == _TICK and step.at_us <= now_us:
            continue  # another play ticked at the same moment
        if rank not in (_TICK, _END) and step.at_us > now_us:
            yield Clock(step.at_us, tick=False)
        yield step
        if rank != _END:
            now_us = step.at_us


def at_the_start(play: Play) -> list[PlannedDevice]:
    """Return the devices that are somebody's before the play begins."""
    return [device for device in play.devices if device.from_us <= play.start_us]


def _sources(n: int, play: Play) -> list[Iterator[_Keyed]]:
    changes = sorted(_changes(play), key=lambda each: each[0])
    return [
        _keyed(n, _TICK, (Clock(at_us, tick=True) for at_us in play.ticks_us)),
        _keyed(n, _CHANGE, (Change(at_us, n, what) for at_us, what in changes)),
        _keyed(n, _MESSAGE, (Message(each.at_us, n, each) for each in play.emissions)),
        _keyed(n, _END, [End(play.end_us, n)]),
    ]


def _changes(play: Play) -> Iterator[tuple[int, PlannedConfig | PlannedDevice]]:
    yield from ((config.at_us, config) for config in play.configs if config.at_us > play.start_us)
    yield from ((device.from_us, device) for device in play.devices if device.from_us > play.start_us)


def _keyed(n: int, rank: int, found: Iterable[Step]) -> Iterator[_Keyed]:
    for count, step in enumerate(found):
        yield step.at_us, rank, n, count, step
