"""How the streams in which everything happens to homes are played: whole, cut anywhere, taken over at each cut."""

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from detectors.host import Host, UnitState
from schemas import finding as wire
from schemas.finding import Finding, Stage
from schemas.reading import Reading
from tests.detectors.hard_homes import UNITS

Stream = Sequence[Reading]


def as_bytes(found: Sequence[Finding]) -> tuple[bytes, ...]:
    return tuple(wire.encode(one) for one in found)


def at_once(items: Stream) -> tuple[tuple[bytes, ...], bytes]:
    """Return all findings of a stream in one batch, and the state at its end."""
    host = Host()
    found = host.update(items)
    assert host.errors == []
    return as_bytes(found), host.snapshot()


def cut(items: Stream, seed: int, count: int, places: Iterable[int]) -> list[Stream]:
    """Return a stream cut at random, and at these places."""
    cuts = set(np.random.default_rng(seed).choice(len(items), count, replace=False).tolist())
    return [items[start:end] for start, end in pairwise(sorted({0, *cuts, *places, len(items)}))]


def taken_over(parts: Iterable[Stream]) -> tuple[tuple[bytes, ...], bytes]:
    """Return the same as ``at_once`` of a host that dies at each cut, with what was saved of changed homes alone."""
    host, found, shelf = Host(), list[Finding](), dict[str, UnitState]()
    for part in parts:
        found += host.update(part)
        shelf |= host.states(host.changed())
        clocks, host = host.clocks(), Host()
        assert host.take_over(clocks, shelf) == {}
    return as_bytes(found), host.snapshot()


def assert_changes_are_said(parts: Iterable[Stream], of: Callable[[Host], list[Any]]) -> None:
    """Assert that each of these detectors of a host says by itself which homes have changed."""
    host = Host()
    detectors = of(host)
    before = [each.states(UNITS) for each in detectors]
    for part in parts:
        host.update(part)
        after = [each.states(UNITS) for each in detectors]
        for detector, was, now in zip(detectors, before, after, strict=True):
            assert {unit for unit in UNITS if was.get(unit) != now.get(unit)} <= detector.changed, detector
            detector.changed.clear()
        before = after


def told_of(found: Iterable[Finding]) -> set[tuple[str, Stage]]:
    """Return which detectors told of what stage."""
    return {(one.model.split("-")[0], one.stage) for one in found}
