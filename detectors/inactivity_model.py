"""How long a silence like this one lasts, and from when on it is worth somebody's way.

Two sets of boosted trees: does a silence of more than half an hour begin with this sign of life, and does a silence
that lasts end in its next step. Their product is the chance S(t) that a silence that began so reaches t. Trained over
the homes of TIHM by ``python -m bench.train_inactivity`` and read here from the package's own arrays.

A home whose sensors only count, and tell it hour by hour, has trees of its own: each of its hours is a silence of an
hour, so the first question has no meaning there, and the second another answer.

No two homes are alike, and what is known of one does not tell all: in some every long silence ends later than the
trees expect. So each home has a factor on its hazard, the gamma-Poisson estimate of empirical Bayes: how many of its
long silences ended, over how many were expected to by the time they did.

When to ring: somebody who lies on the floor waits t hours, and a silence that was nothing rings with chance S(t). The
time with the least t + price x S(t) is the best one, whatever the home, where ``price`` is how many hours of
somebody's waiting one false alarm is worth. One number is all that sets calmer from keener.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np

from detectors.routine import DAY_US, MINUTE_US, Routine
from detectors.routine_features import BEGUN, EDGES, LASTING, begun, lasting
from detectors.routine_rests import Floats, rests_of
from detectors.trees import BoostedTrees

#: Name and version; a snapshot of another one is refused.
MODEL = "inactivity-3"
#: Which trees -> the columns they were trained on.
PARTS: dict[str, tuple[str, ...]] = {"begun": BEGUN, "lasting": LASTING, "hourly": LASTING}
#: A home with more of its last pauses whole hours (to the microsecond) than this is told of by the hour: five of a
#: counter's hours are enough, and a sensor that tells what it sees when it sees it never comes near.
HOURLY_SHARE = 0.2
#: There a false alarm counts half: waiting for full hours makes everything later, and so each setting has as many false
#: alarms a week as in a home with sensors.
HOURLY_WORTH = 0.5
#: A silence that all but one in twenty of its like have ended by now is said to be longer than usual.
USUAL_SHARE = 0.05
#: Steps from here on (one of EDGES) count in a home's own factor, and are changed by it; below are gaps between rooms.
LONG_MINUTES = 101
#: So many ended and expected silences the factor begins with: a home is as others are until it shows otherwise.
PRIOR_ENDED = 10.0
#: So many expected, and both counts are halved: what was so a year ago is forgotten.
ENDED_KEPT = 400.0
_LONG = int(np.searchsorted(EDGES, LONG_MINUTES))  # the first of them


@dataclass(frozen=True, slots=True, eq=False)
class Outlook:
    """What is expected of a silence: ``reach``, the chance that it reaches each of EDGES (minutes).

    ``worth``: how much a false alarm counts in such a home, beside one with sensors.
    """

    reach: Floats
    worth: float = 1.0

    def ring_minutes(self, price_h: float) -> float:
        """Return after how many minutes to ring; ``price_h``: hours of waiting that one false alarm is worth."""
        return float(EDGES[np.argmin(EDGES / 60 + price_h * self.worth * self.reach)])

    def chance(self, minutes: float) -> float:
        """Return the chance that a silence that began like this one reaches ``minutes``."""
        return float(self.reach[min(int(np.searchsorted(EDGES, minutes)), len(EDGES) - 1)])

    @property
    def usual_minutes(self) -> float:
        """After how many minutes all but USUAL_SHARE of the silences of half an hour that began so have ended."""
        ended = np.flatnonzero(self.reach <= USUAL_SHARE * self.reach[0])
        return float(EDGES[ended[0]] if len(ended) else EDGES[-1])


@dataclass(frozen=True, slots=True, eq=False)
class InactivityModel:
    """The sets of trees: ``hourly`` stands for ``lasting`` where signs are told by the hour."""

    begun: BoostedTrees
    lasting: BoostedTrees
    hourly: BoostedTrees

    def outlook(self, routine: Routine) -> Outlook:
        """Return what is expected of the silence since the last sign of ``routine``."""
        rests = rests_of(routine)
        head = begun(routine, rests)
        rows = lasting(routine, head, rests)
        return self.outlook_of(head, rows, hourly=by_the_hour(routine), factor=own_factor(routine))

    def outlook_of(self, head: Floats, rows: Floats, *, hourly: bool, factor: float) -> Outlook:
        """Return what is expected of a silence of these features, BEGUN (columns,) and LASTING (steps, columns).

        ``hourly``: signs are told by the hour; ``factor``: of the home's own.
        """
        return self.outlook_by(head, self.ends(rows, hourly=hourly), hourly=hourly, factor=factor)

    def outlook_by(self, head: Floats, ends: Floats, *, hourly: bool, factor: float) -> Outlook:
        """Return the same, where ``ends`` (steps,) of its LASTING is known."""
        reach = self.reach_by(head, ends, hourly=hourly, factor=factor)
        return Outlook(reach, HOURLY_WORTH if hourly else 1.0)

    def reach_by(self, head: Floats, ends: Floats, *, hourly: bool, factor: float) -> Floats:
        """Return the chance that a silence reaches each of EDGES up to the end of the last of ``ends`` (steps,)."""
        begins = 1.0 if hourly else float(_share(self.begun.logits(head[None, :]))[0])
        goes_on = 1.0 - ends
        goes_on[_LONG:] **= factor
        reach = np.ones(len(ends) + 1)
        np.cumprod(goes_on, out=reach[1:])
        reach *= begins
        return reach

    def take(self, routine: Routine, at_us: int, room: int, times: int = 1) -> None:
        """Let a rhythm take a sign of life, and count how much sooner or later than expected its silence ended."""
        minutes = (at_us - routine.last_us) / MINUTE_US
        if routine.last_us >= 0 and LONG_MINUTES <= minutes <= DAY_US / MINUTE_US:
            count_end(routine, minutes, self.ends(lasting(routine), hourly=by_the_hour(routine)))
        routine.take(at_us, room, times)

    def ends(self, rows: Floats, *, hourly: bool) -> Floats:
        """Return the chance that the silence ends in each step, as homes like this one have it."""
        return _share((self.hourly if hourly else self.lasting).over_steps(rows, len(BEGUN)))


def count_end(routine: Routine, minutes: float, ends: Floats) -> None:
    """Count that a long silence ended after ``minutes``; ``ends`` (steps,): the chance that it does, in each step."""
    routine.ended += 1.0
    routine.expected += float(ends[_LONG : np.searchsorted(EDGES[:-1], minutes, side="right")].sum())
    if routine.expected > ENDED_KEPT:
        routine.ended, routine.expected = routine.ended / 2, routine.expected / 2


def by_the_hour(routine: Routine) -> bool:
    """Return whether this home's signs of life are told by the hour: a counter's, not a sensor's own."""
    return routine.hourly > HOURLY_SHARE


def own_factor(routine: Routine) -> float:
    """Return by how much sooner (above 1) or later this home's long silences end than the trees expect."""
    return (PRIOR_ENDED + routine.ended) / (PRIOR_ENDED + routine.expected)


def _share(logits: Floats) -> Floats:
    share: Floats = 1.0 / (1.0 + np.exp(-logits))
    return share


@cache
def inactivity_model() -> InactivityModel:
    """Return the shipped model. Raises ValueError when the file does not fit this code's features."""
    data = resources.files("detectors").joinpath(f"{MODEL}.npz").read_bytes()
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        return model_from(arrays)


def model_from(arrays: Mapping[str, Any]) -> InactivityModel:
    """Return the model in the arrays of a file. Raises ValueError when it was trained on other features."""
    trees = {}
    for part, columns in PARTS.items():
        if tuple(arrays[f"{part}_names"].tolist()) != columns:
            raise ValueError(f"{MODEL} was trained on features that this version does not have ({part}).")
        trees[part] = BoostedTrees(
            feature=arrays[f"{part}_feature"],
            threshold=arrays[f"{part}_split"],
            left=arrays[f"{part}_left"],
            right=arrays[f"{part}_right"],
            value=arrays[f"{part}_value"],
            depth=int(arrays[f"{part}_depth"]),
            base=float(arrays[f"{part}_base"]),
        )
    return InactivityModel(**trees)
