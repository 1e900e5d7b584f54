"""What the model of wandering does unseen: ``python -m bench.held_out_wandering PATH... [--folds]``.

Learnt from one generator and told of the other (of which another seed), each in turn, and learnt from both and told of
the other seed. ``--folds`` learns without a fifth of the real rounds at a time and counts flags in that fifth.
All at the threshold of bench.train_wandering.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from bench.intervals import rate_interval
from bench.tracks_read import track_files
from bench.train_wandering import COUNT, SEED, THRESHOLDS, fit, odds_of
from bench.wander_seen import CHAINED, ROUNDS, STROLLED, WALKS, Seen, all_of
from detectors.walk_model import OUTSIDE, ROOMS
from device_sim.report.intervals import share as wilson

FOLDS = 5
By = Callable[[Seen], tuple[str, ...]]
#: How wandering is told apart in the report: by pattern, receiver and seconds between fixes.
BY: dict[str, By] = {
    "pattern": lambda one: (one.origin, one.pattern),
    "receiver": lambda one: (one.origin, one.receiver, one.pattern),
    "period": lambda one: (one.origin, _period(one.period_s), one.pattern),
}


#: Seconds between fixes up to which a group goes, and its name.
_PERIODS = ((2.0, "1-2 s"), (5.0, "3-5 s"), (15.0, "10-15 s"))


def _period(period_s: float) -> str:
    return next((name for most_s, name in _PERIODS if period_s <= most_s), "20-60 s")


def _share(hits: int, of: int) -> str:
    low, high = wilson(hits, of)
    return f"{100 * hits / of:.0f} % [{100 * low:.0f}, {100 * high:.0f}]"


def flagged(trees: Any, one: Seen, model: str, threshold: float) -> float | None:
    """Return when a walk is flagged, seconds from its beginning, or None."""
    at = np.flatnonzero(odds_of(trees, one, model) >= threshold)
    return float(one.at_s[at[0]]) if len(at) else None


def lines(found: Sequence[Seen], at_s: Sequence[float | None], by: By) -> Iterator[str]:
    """Yield how much wandering was found and when, and how many walks with a purpose were flagged, in groups."""
    pairs = list(zip(found, at_s, strict=True))
    for key in sorted({by(one) for one in found}):
        own = [(one, at) for one, at in pairs if by(one) == key]
        wandered = [(at, one.onset_s) for one, at in own if one.onset_s is not None]
        if wandered:
            delays = [at - onset for at, onset in wandered if at is not None and at >= onset]
            after = f", {median(delays) / 60:.1f} min" if delays else ""
            yield f"    {' '.join(key):32} found {_share(len(delays), len(wandered))}{after}"
        calm = [(one.seconds, at) for one, at in own if one.onset_s is None]
        if calm:
            flags, hours = sum(at is not None for _, at in calm), sum(seconds for seconds, _ in calm) / 3600
            low, high = rate_interval(flags, hours)
            rate = f"{flags / hours:.3f} an hour [{low:.3f}, {high:.3f}]"
            yield f"    {' '.join(key):32} flagged {_share(flags, len(calm))}  {rate}  ({hours:.0f} h)"


def told(trees: Any, found: Sequence[Seen], model: str, title: str, *groups: str) -> None:
    """Print what trees do on walks."""
    at_s = [flagged(trees, one, model, THRESHOLDS[model]) for one in found]
    print(f"{model}: {title}")
    for group in groups:
        print("\n".join(lines(found, at_s, BY[group])))
    sys.stdout.flush()


def swapped(seen: Sequence[Seen], other: Sequence[Seen], model: str) -> None:
    """Learn from ``seen`` without each generator, and tell of that generator in ``other``."""
    for left in (WALKS, STROLLED):
        trees = fit([one for one in seen if one.origin != left], model)
        unseen = [one for one in other if one.origin == left]
        told(trees, unseen, model, f"learnt without {left}", "pattern", "receiver")


def in_folds(seen: Sequence[Seen]) -> None:
    """Learn without a fifth of the real rounds, and without their chains, and count flags in the fifth."""
    rounds = [one for one in seen if one.origin == ROUNDS]
    made = [one for one in seen if one.origin not in (ROUNDS, CHAINED)]
    at_s: list[float | None] = []
    found: list[Seen] = []
    for fold in range(FOLDS):
        trees = fit([*made, *(one for n, one in enumerate(rounds) if n % FOLDS != fold)], OUTSIDE)
        mine = rounds[fold::FOLDS]
        found += mine
        at_s += [flagged(trees, one, OUTSIDE, THRESHOLDS[OUTSIDE]) for one in mine]
    print(f"{OUTSIDE}: real rounds, each told by trees that did not see it")
    print("\n".join(lines(found, at_s, lambda one: (one.origin,))))


def main(argv: list[str] | None = None) -> int:
    """Print all that is held out; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bench.held_out_wandering", description="What was not learnt from.")
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="tracks walked with a purpose")
    parser.add_argument("--folds", action="store_true", help="real rounds alone, in five folds")
    given = parser.parse_args(argv)
    for model in (OUTSIDE,) if given.folds else (OUTSIDE, ROOMS):
        real = track_files(given.paths) if model == OUTSIDE else []
        seen = [one for one in all_of(real, model, COUNT, SEED) if not (one.name and one.onset_s is not None)]
        if given.folds:
            in_folds(seen)
            continue
        other = all_of([], model, COUNT, SEED + 1)
        told(fit(seen, model), other, model, "learnt from both, another seed", *BY)
        swapped(seen, other, model)
    return 0


if __name__ == "__main__":
    sys.exit(main())
