"""The methods by name: ours, and the published ones; those that are learned take recordings to learn from."""

from collections.abc import Callable, Mapping

from bench.falls import sisfall
from bench.falls.forest import examples, trained
from bench.falls.method import Method
from bench.falls.published import Bourke, Kangas, Threshold, bourke_2007
from bench.play_falls import Played, play_record
from bench.recordings import Record
from detectors.fall_model import ANYWHERE, TRUNK, WRIST, FallModel


class Ours:
    """The platform's own detector, with the shipped models or others."""

    name = "ours"

    def __init__(self, models: Mapping[str, FallModel] | None = None) -> None:
        self.models = models

    def play(self, record: Record, *, tell_position: bool = True) -> Played:
        """Return what it alarms on, each at the time when it is emitted."""
        return play_record(record, tell_position=tell_position, models=self.models)


#: Methods whose every number is published.
FIXED: dict[str, Callable[[], Method]] = {
    "threshold": Threshold,
    "bourke2007": bourke_2007,
    "bourke": Bourke,
    "kangas": lambda: Kangas(2),
    "kangas1": lambda: Kangas(1),
    "kangas2": lambda: Kangas(2),
    "kangas3": lambda: Kangas(3),
}
#: Methods that are fitted to recordings.
LEARNED = ("sisfall", "forest")
NAMES = ("ours", *FIXED, *LEARNED)


def method_named(name: str, learn_from: list[Record]) -> Method:
    """Return a method; ``learn_from`` is for the learned ones. Raises ValueError when those hold no falls."""
    if name == "ours":
        return Ours()
    if name in FIXED:
        return FIXED[name]()
    if not learn_from:
        raise ValueError(f"{name} is learned: name recordings to learn from with --train.")
    if name == "sisfall":
        return sisfall.fitted((record, sisfall.highest(record)) for record in learn_from if record.kind != "continuous")
    return trained(map(examples, learn_from), (TRUNK, WRIST, ANYWHERE))
