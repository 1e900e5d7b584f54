"""Which step of a tick over homes takes which share of its time."""

import time
from collections.abc import Callable, Iterator

from bench.speed.steps import Steps, watched
from detectors import inactivity_model
from detectors.everyday import EverydayDetector
from detectors.fleet import FleetFalls
from detectors.host import Host
from detectors.inactivity import InactivityDetector
from detectors.inactivity_model import InactivityModel
from detectors.meeting import Meeting
from detectors.trees import BoostedTrees
from detectors.wandering import WanderingDetector
from detectors.wandering_indoors import Indoors

STEPS: Steps = {
    "which silences are due": [(InactivityDetector, "tick")],
    "outlook of a silence: all but features and trees": [(InactivityModel, "outlook")],
    "outlook: features": [(inactivity_model, "begun"), (inactivity_model, "lasting")],
    "outlook: trees": [(BoostedTrees, "logits")],
    "what else a due silence needs": [(InactivityDetector, "_look")],
    "everyday: which homes are due": [(EverydayDetector, "tick")],
    "everyday: look": [(EverydayDetector, "_look")],
    "wandering: which homes are due": [(WanderingDetector, "tick")],
    "wandering: read what has waited": [(WanderingDetector, "_settled")],
    "wandering: rooms and doors": [(Indoors, "decide")],
    "falls": [(FleetFalls, "tick")],
    "what meets": [(Meeting, "tick")],
    "host": [(Host, "_tick")],
}


def shares(work: Callable[[], Iterator[Callable[[], object]]], steps: Steps = STEPS) -> dict[str, float]:
    """Return the share of each step in pieces of work, each run as it is yielded."""
    rest, before = 0.0, dict[str, float]()
    found: dict[str, float] = {}
    pieces = work()
    with watched(steps) as spent:
        while True:
            before = dict(spent)
            piece = next(pieces, None)
            for step, seconds in spent.items():  # what was done between the pieces is not of them
                spent[step] -= seconds - before.get(step, 0.0)
            if piece is None:
                break
            began = time.process_time()
            piece()
            rest += time.process_time() - began
        found = dict(spent)
    found["all else"] = rest - sum(found.values())
    return {step: found[step] / rest for step in sorted(found, key=lambda step: -found[step]) if rest}
