"""Train the model of wandering: ``python -m bench.train_wandering PATH... [--out FILE]``.

Learns from both generators (bench.walks, bench.strolls; seed 0) and from walks with a purpose in the recordings; the
same recordings give the same bytes. What it does on walks that it did not see is measured by
bench.held_out_wandering.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from bench import tree_arrays
from bench.recordings import NotARecording
from bench.tracks_read import track_files
from bench.wander_seen import Seen, all_of
from detectors.walk_model import LOOKS, MODEL, OUTSIDE, ROOMS, columns_of
from device_sim.walking.paces import Floats

#: Log odds from which on a way is wandering, chosen on what both generators and real rounds give (the card shows it).
THRESHOLDS = {OUTSIDE: 2.0, ROOMS: 0.3}
#: Walks of each pattern that are learnt from, and their seed.
COUNT, SEED = 60, 0
#: Trees, leaves of each, learning rate, regularisation, least points of a leaf. With half as many again, of eight
#: leaves, more walks of the generator that was left out were flagged, and no more of its wandering found.
TREES, LEAVES, RATE, REGULAR, LEAST = 80, 6, 0.08, 10.0, 60
#: Points of a walk that are learnt from, and, of walks with a purpose, so many more that look most like wandering.
POINTS, HARDEST = 20, 8
#: The first points after the onset look like what was before, seconds; those soon after teach more than later ones.
UNSEEN_S, SOON_S = {OUTSIDE: 60.0, ROOMS: 20.0}, 900.0
#: How much what comes before the onset counts, real rounds, and the hardest points.
BEFORE, REAL, HARD = 0.3, 3.0, 2.0


def fit(found: Sequence[Seen], model: str) -> Any:
    """Return trees that tell wandering from walking with a purpose, fitted twice: then with the hardest points too."""
    columns, hardest = columns_of(model), None
    trees: Any = None
    for _ in range(2):
        looks, wandering, weight = _sample(found, hardest, UNSEEN_S[model])
        for each in (wandering, ~wandering):  # as much of one as of the other
            weight[each] *= len(weight) / 2 / weight[each].sum()
        with threadpool_limits(limits=1):
            trees = HistGradientBoostingClassifier(
                max_iter=TREES, max_leaf_nodes=LEAVES, learning_rate=RATE, l2_regularization=REGULAR,
                min_samples_leaf=LEAST, early_stopping=False, random_state=0,
            ).fit(looks[:, columns], wandering, weight)  # fmt: skip
            hardest = [odds_of(trees, one, model) if one.onset_s is None else None for one in found]
    return trees


def odds_of(trees: Any, one: Seen, model: str) -> Floats:
    """Return the log odds of wandering at each point of a walk."""
    if not len(one.at_s):
        return np.zeros(0)
    odds: Floats = trees.decision_function(one.looks[:, columns_of(model)])
    return odds


def _sample(found: Sequence[Seen], hardest: Sequence[Floats | None] | None, unseen_s: float) -> Any:
    rng = np.random.default_rng(SEED)
    rows: list[Any] = []
    told: list[bool] = []
    weight: list[float] = []

    def add(one: Seen, at: Any, wandering: bool, counts: float) -> None:
        if len(at):
            rows.append(one.looks[at])
            told.extend([wandering] * len(at))
            weight.extend([counts / len(at)] * len(at))

    for n, one in enumerate(found):
        if one.onset_s is None:
            counts = REAL if one.name else 1.0
            add(one, rng.permutation(len(one.at_s))[:POINTS], False, counts)
            odds = None if hardest is None else hardest[n]
            if odds is not None:
                add(one, np.argsort(-odds, kind="stable")[:HARDEST], False, HARD * counts)
            continue
        after = np.flatnonzero(one.at_s > one.onset_s + unseen_s)
        if len(after):
            soon = np.exp(-(one.at_s[after] - one.onset_s) / SOON_S)
            drawn = rng.choice(after, min(POINTS, len(after)), replace=False, p=soon / soon.sum())
            add(one, drawn, True, 1.0)
        add(one, rng.permutation(np.flatnonzero(one.at_s <= one.onset_s))[: POINTS // 2], False, BEFORE)
    return np.vstack(rows), np.array(told), np.array(weight)


def arrays_of(trees: Any, model: str) -> dict[str, Any]:
    """Return the arrays that detectors.walk_model reads."""
    return tree_arrays.arrays_of(trees, model, LOOKS) | {f"{model}_threshold": np.float64(THRESHOLDS[model])}


def main(argv: list[str] | None = None) -> int:
    """Train and write; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bench.train_wandering", description="Train the walk model.")
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="tracks walked with a purpose")
    default = Path(__file__).parent.parent / "detectors" / f"{MODEL}.npz"
    parser.add_argument("--out", type=Path, default=default)
    given = parser.parse_args(argv)
    arrays: dict[str, Any] = {}
    for model in (OUTSIDE, ROOMS):
        try:
            real = track_files(given.paths) if model == OUTSIDE else []
            found = [one for one in all_of(real, model, COUNT, SEED) if not (one.name and one.onset_s is not None)]
        except NotARecording as error:
            print(f"train_wandering: {error}", file=sys.stderr)
            return 2
        arrays |= arrays_of(fit(found, model), model)
        print(f"{model}: {len(found)} walks, {sum(one.onset_s is not None for one in found)} of them wandering")
    np.savez_compressed(given.out, **arrays)
    return 0


if __name__ == "__main__":
    sys.exit(main())
