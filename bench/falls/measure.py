"""Play what was held out, method by method and surrogate by surrogate, and keep what came of it in a folder.

A cell is one method on one held-out part under one surrogate. Its file in the cache carries a fingerprint of the code
and the model it came of, so that a run that was broken off, or repeated after a change of one part, plays only what is
not known yet.
"""

import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from bench.cross_validate_falls import fold_models
from bench.fall_events import Event, events
from bench.falls import sisfall
from bench.falls.forest import Examples, examples, trained
from bench.falls.method import Method
from bench.falls.methods import FIXED, Ours
from bench.falls.outcomes import SHIPPED, Told, told
from bench.falls.splits import Held, person_of
from bench.falls.surrogates import SURROGATES
from bench.play_falls import Played
from bench.recordings import Record
from detectors.fall_model import ANYWHERE, WRIST, FallModel, model_from

#: The records as they are; of ours the trials alone, and DAYS its free living, which takes as long as all the rest.
PLAIN, DAYS = "", "days"
UNKNOWN = "position unknown"
#: What a method is played under, besides the records as they are.
VARIANTS = (*SURROGATES, UNKNOWN)
FIXED_SPLIT = "nothing learned"
_ROOT = Path(__file__).resolve().parents[2]
#: What decides whether our detector alarms, and what decides it for the others. What only tells more of an alarm that
#: was given (evidence, recovery, snapshots) is left out, since it changes often and no figure here depends on it.
_OURS = (
    "detectors/fall_features.py", "detectors/kernels/*.py", "detectors/fall_physics.py", "bench/fall_fitting.py",
    "detectors/fall_model.py", "detectors/fall_moments.py", "detectors/fall_stages.py", "detectors/fall_stretches.py",
    "detectors/fall_window.py", "detectors/fall*.npz", "detectors/impacts.py", "detectors/trees.py",
    "bench/train_falls.py", "bench/fall_events.py", "bench/falls/surrogates.py", "detectors/fall_shapes.py",
    "bench/fall_third.py", "bench/fall_stirring.py",
)  # fmt: skip
_THEIRS = tuple(
    f"bench/falls/{name}.py" for name in ("method", "posture", "published", "sisfall", "forest", "surrogates")
)


@cache
def fingerprint(*patterns: str) -> str:
    """Return what tells the contents of these files of the repository from others."""
    digest = sha256()
    for pattern in patterns:
        for path in sorted(_ROOT.glob(pattern)):
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:10]


@dataclass(frozen=True, slots=True)
class Cell:
    """Outcomes of ``method`` on one part of ``split`` under ``variant`` (PLAIN, DAYS, UNKNOWN, a surrogate)."""

    split: str
    method: str
    variant: str
    told: tuple[Told, ...]


@dataclass(eq=False)
class Bench:
    """The records, what is learned of them once, and the folder of cells.

    ``fold_folder``: models trained before, one file a held-out part. ``known``: cells that are not there stay empty.
    """

    records: list[Record]
    folder: Path
    fold_folder: Path | None = None
    known: bool = False
    _events: list[Event] = field(default_factory=list)
    _examples: list[Examples] = field(default_factory=list)
    _highs: list[tuple[Record, float]] = field(default_factory=list)
    _methods: dict[tuple[str, str, bool], Method] = field(default_factory=dict)

    def cell(self, split: str, part: str, method: str, variant: str, make: Callable[[], Method],
             records: Iterable[Record]) -> Cell:  # fmt: skip
        """Return a cell, from the folder when it is there."""
        print_of = fingerprint(*(_OURS if method == "ours" else _THEIRS))
        path = self.folder / f"{'-'.join([method, part, variant, print_of]).replace(' ', '_').replace(',', '')}.json"
        if path.is_file():
            return Cell(split, method, variant, tuple(map(_told, json.loads(path.read_text()))))
        if self.known or not (records := list(records)):
            return Cell(split, method, variant, ())
        began = time.process_time()
        outcomes = tuple(told(played) for played in played_under(make(), variant, records))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.with_suffix(".part").write_text(json.dumps([asdict(one) for one in outcomes]))
        path.with_suffix(".part").replace(path)
        print(
            f"{part} {method} {variant or 'as they are'}: {time.process_time() - began:.0f} s of CPU", file=sys.stderr
        )
        return Cell(split, method, variant, outcomes)

    def shipped(self, variants: Iterable[str]) -> Iterator[Cell]:
        """Yield the cells of the shipped model on everything: in-sample."""
        for variant in variants:
            yield self.cell(SHIPPED, "shipped", "ours", variant, Ours, _ours_of(self.records, variant))

    def fixed(self, names: Iterable[str], variants: Iterable[str]) -> Iterator[Cell]:
        """Yield the cells of the methods that learn nothing. None of them heeds the position."""
        for name in names:
            for variant in variants:
                yield self.cell(FIXED_SPLIT, "fixed", name, variant, FIXED[name], self.records)

    def held(self, held: Held, methods: Iterable[str], variants: Iterable[str]) -> Iterator[Cell]:
        """Yield the cells of one held-out part, each method learned without it, at most once."""
        mine = [record for record in self.records if held.played(record)]
        for method in methods:
            for variant in variants:
                make = partial(self._learned, method, held, variant == UNKNOWN)
                chosen = _ours_of(mine, variant) if method == "ours" else mine
                yield self.cell(held.split, held.name, method, variant, make, chosen)

    def _learned(self, method: str, held: Held, unknown: bool) -> Method:
        """Return the method learned without what is held out. Ours are small and kept; of the others the last."""
        key = (method, held.name, unknown and method == "ours")
        if key not in self._methods:
            learn = {"ours": self._ours, "forest": self._forest, "sisfall": self._sisfall}[method]
            self._methods = {other: made for other, made in self._methods.items() if other[0] == "ours"}
            self._methods[key] = learn(held, unknown)
        return self._methods[key]

    def _ours(self, held: Held, unknown: bool) -> Method:
        places = [place for place in held.places if (place == ANYWHERE) == unknown]
        saved = self.fold_folder / f"{held.name}.npz" if self.fold_folder else None
        if saved is not None and saved.is_file():
            with np.load(saved, allow_pickle=False) as arrays:
                models: Mapping[str, FallModel] = {place: model_from(arrays, place) for place in places}
        else:
            self._events = self._events or list(events(self.records))
            learned = [event for event in self._events if held.learned(event.record)]
            models = fold_models(learned, dict.fromkeys(map(person_of, self.records), 1), 0, places)
        return Ours({WRIST: models[held.judged_as]} if held.judged_as else models)

    def _forest(self, held: Held, _unknown: bool) -> Method:
        self._examples = self._examples or [examples(record) for record in self.records]
        chosen = [one for one in self._examples if held.learned(one.record)]
        return trained(chosen, held.places if held.judged_as is None else (held.judged_as,))

    def _sisfall(self, held: Held, _unknown: bool) -> Method:
        if not self._highs:
            trials = [record for record in self.records if record.kind != "continuous"]
            self._highs = [(record, sisfall.highest(record)) for record in trials]
        return sisfall.fitted((record, high) for record, high in self._highs if held.learned(record))


def played_under(method: Method, variant: str, records: Iterable[Record]) -> Iterator[Played]:
    """Yield the records played under a variant; surrogates are of trials only."""
    for record in records:
        if variant in SURROGATES:
            if record.kind != "continuous":
                yield method.play(SURROGATES[variant](record))
        else:
            yield method.play(record, tell_position=variant != UNKNOWN)


def _ours_of(records: list[Record], variant: str) -> list[Record]:
    """Return which records our detector plays under a variant."""
    return [record for record in records if (record.kind == "continuous") == (variant == DAYS)]


def _told(one: dict[str, Any]) -> Told:
    return Told(**one | {"findings": tuple(one["findings"])})
