"""How long a silence like this one lasts, and from when on it is worth somebody's way.

Two sets of boosted trees: does a silence of more than half an hour begin with this sign of life, and does a silence
that lasts end in its next step. Their product is the chance S(t) that a silence that began so reaches t. Trained over
the homes of TIHM by ``python -m bench.train_inactivity`` and read here from the package's own arrays.

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

from detectors.routine import Routine
from detectors.routine_features import BEGUN, EDGES, LASTING, Floats, begun, lasting
from detectors.trees import BoostedTrees

#: Name and version; a snapshot of another one is refused.
MODEL = "inactivity-1"
#: Which trees -> the columns they were trained on.
PARTS: dict[str, tuple[str, ...]] = {"begun": BEGUN, "lasting": LASTING}
#: A silence that all but one in twenty of its like have ended by now is said to be longer than usual.
USUAL_SHARE = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class Outlook:
    """What is expected of a silence: ``reach``, the chance that it reaches each of EDGES (minutes)."""

    reach: Floats

    def ring_minutes(self, price_h: float) -> float:
        """Return after how many minutes to ring; ``price_h``: hours of waiting that one false alarm is worth."""
        return float(EDGES[np.argmin(EDGES / 60 + price_h * self.reach)])

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
    """The two sets of trees."""

    begun: BoostedTrees
    lasting: BoostedTrees

    def outlook(self, routine: Routine) -> Outlook:
        """Return what is expected of the silence since the last sign of ``routine``."""
        head = begun(routine)
        begins = _share(self.begun.logits(head[None, :]))
        ends = _share(self.lasting.logits(lasting(routine, head)))
        return Outlook(begins * np.concatenate([[1.0], np.cumprod(1.0 - ends)]))


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
    return InactivityModel(trees["begun"], trees["lasting"])
