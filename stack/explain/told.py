"""What there is to explain, wherever it comes from: one finding with its stages, its reasons and its signal."""

import datetime
from dataclasses import dataclass, field
from typing import Any

import msgspec

from detectors.fall_weights import Weights
from schemas.finding import Phase, Reason
from stack.explain.day import Day
from stack.explain.signal import Segment

_SECOND = 1_000_000


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of the course: ``at_s`` seconds after the event, what happened, and who did it ('' for the detector).

    ``upto_s``: the last second of the signal that a stage was decided on; it came later with its frame.
    """

    at_s: float
    what: str  # a stage's name, or the kind of an alert's step
    stage: str | None = None
    actor: str = ""
    upto_s: float | None = None

    @property
    def is_stage(self) -> bool:
        """Whether the detector came to another stage then; more news within one are none."""
        return self.stage is not None and self.what != "updated"


@dataclass(frozen=True, slots=True)
class Judged:
    """One impact of a recording with what the model makes of it; ``at_s`` from the record's first sample."""

    at_s: float
    peak_g: float
    probability: float


@dataclass(frozen=True, slots=True)
class Score:
    """A probability with what it was measured against. ``place``: which model judged; ``again``: computed again now."""

    probability: float | None
    threshold: float | None = None
    place: str | None = None
    model: str | None = None
    again: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Explained:
    """One finding, or the hardest impact of a record in which nothing was found (``stage`` None).

    ``event_us`` is the moment that all seconds are counted from. ``source`` says where it is from in plain facts, in
    the order in which they are shown. ``day``: what is drawn of an alert about a home's rhythm, in place of the signal.
    """

    source: dict[str, str | int | float]
    kind: str
    stage: str | None
    event_us: int
    score: Score
    course: tuple[Moment, ...] = ()
    phases: tuple[Phase, ...] = ()
    reasons: tuple[Reason, ...] = ()
    features: dict[str, float] = field(default_factory=dict)
    weights: Weights | None = None
    segments: list[Segment] = field(default_factory=list)
    impacts: tuple[Judged, ...] = ()
    day: Day | None = None

    def seconds(self, us: int) -> float:
        """Return a time on the event clock as seconds from the event."""
        return (us - self.event_us) / _SECOND

    @property
    def peak_g(self) -> float | None:
        """The impact as the detector tells it."""
        return next((reason.values.get("g") for reason in self.reasons if reason.code == "impact"), None)

    def as_json(self) -> dict[str, Any]:
        """Return everything but the samples, for programs."""
        weights = self.weights
        return {
            "schema": 1,
            "source": self.source,
            "kind": self.kind,
            "stage": self.stage,
            "event_time": iso(self.event_us),
            "probability": self.score.probability,
            "probability_again": self.score.again,
            "threshold": self.score.threshold,
            "judged_as": self.score.place,
            "model": self.score.model,
            "course": [
                {
                    "after_s": each.at_s,
                    "what": each.what,
                    "stage": each.stage,
                    "upto_s": each.upto_s,
                    "actor": each.actor or None,
                }
                for each in self.course
            ],
            "phases": [
                {
                    "name": each.name,
                    "start_s": round(self.seconds(each.start_us), 3),
                    "end_s": round(self.seconds(each.end_us), 3),
                }
                for each in self.phases
            ],
            "reasons": [{"code": each.code, "values": each.values} for each in self.reasons],
            "features": self.features,
            "weights": None
            if weights is None
            else {
                "groups": [{"name": each.name, "log_odds": round(each.log_odds, 3)} for each in weights.groups],
                "features": [
                    {
                        "name": each.name,
                        "group": each.group,
                        "log_odds": round(each.log_odds, 3),
                        "value": each.value,
                        "ordinary": each.ordinary,
                    }
                    for each in weights.features
                ],
            },
            "impacts": [
                {"at_s": each.at_s, "g": each.peak_g, "probability": each.probability} for each in self.impacts
            ],
            "expected": msgspec.to_builtins(self.day.expected) if self.day else None,
            "data": [[round(float(each.t_s[0]), 3), round(each.end_s, 3)] for each in self.segments],
        }


def iso(us: int) -> str:
    """Return microseconds since 1970 as ISO 8601 UTC to the millisecond."""
    when = datetime.datetime.fromtimestamp(us / _SECOND, datetime.UTC)
    return when.isoformat(timespec="milliseconds").replace("+00:00", "Z")
