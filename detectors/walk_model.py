"""The learnt model of wandering: what a way looks like over five times, and boosted trees that judge it.

Two: ``outside``, and ``rooms`` for positions from a system in a building. Trained by ``python -m
bench.train_wandering`` on walks that are made up and real walks with a purpose, and read here from plain arrays; the
card is docs/detectors/wandering.md.
"""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detectors.kernels import way_rows as ways
from detectors.trees import BoostedTrees

#: Name and version of the rules, the model and their numbers; a snapshot of another one is refused.
MODEL = "wandering-2"

OUTSIDE, ROOMS = "outside", "rooms"
#: The times looked back over, seconds: pacing a corridor shows in a minute, circling a block not in ten.
SCALES_S = {OUTSIDE: (120.0, 240.0, 480.0, 960.0, 1920.0), ROOMS: (30.0, 60.0, 120.0, 240.0, 480.0)}
#: What is told of a way over each time, in the order of kernels.way_rows: logarithms of the way over its extent
#: and of how often a place was passed; the share of the way that leads over places passed before the same way, and the
#: opposite way; the net way over the way; the logarithm of the speed; the share of the time that was walked; logarithms
#: of extent and error; the share of steps that lead back; how straight a step follows on another; the share of the time
#: that is known; the share that is passed a third time; how much the pace varies.
LOOKS = (
    "ratio", "passed", "same", "opposite", "straight", "speed", "moving", "extent", "wrong", "turned", "ahead",
    "covered", "third", "varies",
)  # fmt: skip
#: Size and error say little in a building: corridors and rooms are of any size, and the systems are alike.
UNUSED = {OUTSIDE: (), ROOMS: ("extent", "wrong")}


@dataclass(frozen=True, slots=True, eq=False)
class WalkModel:
    """Trees over ``columns`` of LOOKS at ``scales_s``, and the log odds from which on a way is wandering."""

    scales_s: NDArray[np.float64]
    columns: NDArray[np.int64]
    trees: BoostedTrees
    threshold: float

    def looks(self, rows: ways.Rows) -> NDArray[np.float64]:
        """Return what a way of points (n, WIDE), n at least 1, looks like: (scales, LOOKS)."""
        return looks_of(rows, self.scales_s)

    def excess(self, rows: ways.Rows, floor: float) -> float:
        """Return by how much the log odds of wandering exceed the threshold; ``rows`` (n, WIDE), n at least 1.

        -inf where way over extent times passes comes at no time to ``floor``, given by its logarithm.
        """
        said = said_of()(rows, floor, self.scales_s, self.columns, *self.trees.laid, self.trees.depth)
        return self.trees.base + said - self.threshold


@cache
def said_of() -> Callable[..., float]:
    """Return the kernel that judges a way; loaded, with numba, when the first way is judged."""
    from detectors.kernels.walks import said_of as kernel  # noqa: PLC0415  # numba

    return kernel


def looks_of(rows: ways.Rows, scales_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what a way of points (n, WIDE), n at least 1, looks like over each of the rising ``scales_s``."""
    told = np.empty(len(scales_s) * ways.TOLD)
    ways.looks()(rows, scales_s, told)
    return told.reshape(-1, ways.TOLD)


def columns_of(name: str) -> NDArray[np.int64]:
    """Return which columns of all looks at all times a model's trees see."""
    used = [n for n, look in enumerate(LOOKS) if look not in UNUSED[name]]
    return np.array([s * ways.TOLD + n for s in range(len(SCALES_S[name])) for n in used], np.int64)


@cache
def walk_models() -> dict[str, WalkModel]:
    """Return both models of MODEL. Raises ValueError when the file does not fit this code."""
    data = resources.files("detectors").joinpath(f"{MODEL}.npz").read_bytes()
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        return {name: model_from(arrays, name) for name in SCALES_S}


def model_from(arrays: Mapping[str, Any], name: str) -> WalkModel:
    """Return the model ``name`` from the arrays of a file. Raises ValueError when they need other looks."""
    if list(arrays[f"{name}_names"]) != list(LOOKS):
        raise ValueError(f"The model {name} was trained on other looks than this code takes.")
    trees = BoostedTrees(
        feature=arrays[f"{name}_feature"], threshold=arrays[f"{name}_split"], left=arrays[f"{name}_left"],
        right=arrays[f"{name}_right"], value=arrays[f"{name}_value"], depth=int(arrays[f"{name}_depth"]),
        base=float(arrays[f"{name}_base"]),
    )  # fmt: skip
    columns = columns_of(name)
    if trees.columns > len(columns):
        raise ValueError(f"The model {name} asks for more looks than there are.")
    return WalkModel(np.array(SCALES_S[name]), columns, trees, float(arrays[f"{name}_threshold"]))
