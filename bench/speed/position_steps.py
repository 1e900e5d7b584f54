"""Which step of what a position costs takes which share of the time."""

from collections.abc import Callable, Iterator

from bench.speed import home_steps
from bench.speed.steps import Steps
from detectors import host, wandering, whereabouts
from detectors.host import Host
from detectors.inactivity import InactivityDetector
from detectors.trees import BoostedTrees
from detectors.unit_claims import UnitClaims
from detectors.walk_model import WalkModel
from detectors.wandering import WanderingDetector
from detectors.wandering_indoors import Indoors
from detectors.whereabouts import WhereaboutsDetector

STEPS: Steps = {
    "host: whose it is, and to whom": [(Host, "update")],
    "host: claims": [(UnitClaims, "update")],
    "host: other detectors": [(host, "sign_of"), (InactivityDetector, "tick")],
    "wandering: what a reading shows": [(wandering, "signs_of")],
    "wandering: put in order": [(WanderingDetector, "update"), (WanderingDetector, "_settled")],
    "wandering: which homes are due": [(WanderingDetector, "tick")],
    "wandering: the way": [(wandering, "take")],
    "wandering: looks of the way": [(WalkModel, "looks")],
    "wandering: trees": [(BoostedTrees, "logits")],
    "wandering: judge": [(wandering, "wanders")],
    "wandering: rooms and doors": [(Indoors, "read"), (Indoors, "decide")],
    "whereabouts: read and see that nothing is new": [(WhereaboutsDetector, "update")],
    "whereabouts: what a reading shows": [(whereabouts, "position_of"), (whereabouts, "shows_inside")],
    "whereabouts: follow": [(whereabouts, "follow")],
    "whereabouts: judge": [(WhereaboutsDetector, "_judge")],
    "whereabouts: the clock": [(WhereaboutsDetector, "tick")],
}


def shares(work: Callable[[], Iterator[Callable[[], object]]]) -> dict[str, float]:
    """Return the share of each step in pieces of work, each run as it is yielded."""
    return home_steps.shares(work, STEPS)
