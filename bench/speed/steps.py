"""Which step takes which share of the time: the detector's own functions with a stop watch around each."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from detectors import fleet, fleet_wire
from detectors.fall import FallDetector
from detectors.fall_model import FallModel
from ingest.decoders.clock_columns import ClockColumns

#: Step -> where its function is. A step that another calls counts for itself alone.
Steps = dict[str, list[tuple[Any, str]]]
STEPS: Steps = {
    "read headers, check sums": [(fleet_wire, "heads_and_crc")],
    "map clocks": [(ClockColumns, "event_us")],
    "find rows": [(fleet.FleetFalls, "_rows_of")],
    "regular or not, keep samples, peaks": [(fleet.FleetFalls, "_take_round")],
    "find impacts": [(fleet, "hits")],
    "cut windows": [(fleet, "windows")],
    "features": [(fleet, "fall_features_of")],
    "model": [(FallModel, "probabilities")],
    "one by one: all that is not regular or may tell": [(FallDetector, "update")],
    "in and out of the columns": [(fleet.FleetFalls, "_keep"), (fleet.FleetFalls, "_release")],
}


@contextmanager
def watched(steps: Steps = STEPS) -> Iterator[dict[str, float]]:
    """Give seconds of CPU by step, filled while the block runs."""
    spent: dict[str, float] = defaultdict(float)
    inside: list[float] = []  # time that steps called from within took, one entry for each step on the stack
    before = [(owner, name, getattr(owner, name)) for places in steps.values() for owner, name in places]
    for step, places in steps.items():
        for owner, name in places:
            setattr(owner, name, _timed(getattr(owner, name), step, spent, inside))
    try:
        yield spent
    finally:
        for owner, name, function in before:
            setattr(owner, name, function)


def _timed(function: Callable[..., Any], step: str, spent: dict[str, float], inside: list[float]) -> Callable[..., Any]:
    def timed(*args: Any, **kwargs: Any) -> Any:
        began = time.process_time()
        inside.append(0.0)
        try:
            return function(*args, **kwargs)
        finally:
            took = time.process_time() - began
            spent[step] += took - inside.pop()
            if inside:
                inside[-1] += took

    return timed
