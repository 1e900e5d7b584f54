"""On whom a detector is measured: which records it learns from, and which it is then played.

``Held`` is one such pair. By person: five folds, nobody in two; each nurse is in a fold of her own, so for free living
this is leave-one-nurse-out. By data set and by position: all of one set, or of one place, is never learned from.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bench.fall_fitting import FOLDS
from bench.recordings import Record
from bench.train_falls import fold_people
from detectors.fall_model import ANYWHERE, TRUNK, WRIST, place_of

PERSON, DATA_SET, POSITION = "five folds by person", "one data set left out", "one position left out"
#: The five nurses are one data set in five files.
NURSES = "nurse"
_TRUNK_POSITIONS = ("hip", "waist", "pocket")


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """What one measurement leaves out: ``name`` it, ``played`` it, and learn from what is ``learned``.

    ``places``: whose models it needs. ``judged_as``: the place whose model judges, where the own place's was never
    learned.
    """

    split: str
    name: str
    learned: Callable[[Record], bool]
    played: Callable[[Record], bool]
    places: tuple[str, ...]
    judged_as: str | None = None


def person_of(record: Record) -> str:
    """Return the name of a record's person, the same in no other data set."""
    return f"{record.file}/{record.subject}"


def set_of(record: Record) -> str:
    """Return the name of a record's data set."""
    return NURSES if record.file.startswith(NURSES) else record.file.removesuffix(".npz")


def position_of(record: Record) -> str:
    """Return where a record was worn, left and right alike."""
    return record.position.split()[-1]


def by_person(records: list[Record]) -> Iterator[Held]:
    """Yield the five folds."""
    folds = fold_people(map(person_of, records))
    for fold in range(FOLDS):

        def is_mine(record: Record, fold: int = fold) -> bool:
            return folds[person_of(record)] == fold

        yield Held(PERSON, f"person-{fold}", _not(is_mine), is_mine, (TRUNK, WRIST, ANYWHERE))


def by_data_set(records: list[Record]) -> Iterator[Held]:
    """Yield each data set left out."""
    for name in sorted({set_of(record) for record in records}):

        def is_mine(record: Record, name: str = name) -> bool:
            return set_of(record) == name

        places = sorted({place_of(record.position) for record in records if is_mine(record)})
        yield Held(DATA_SET, f"set-{name}", _not(is_mine), is_mine, tuple(places))


def by_position(records: list[Record]) -> Iterator[Held]:
    """Yield each position left out. The wrist is a place of its own: without it, the trunk's model judges the wrist."""
    there = {position_of(record) for record in records}
    for name in _TRUNK_POSITIONS:

        def is_mine(record: Record, name: str = name) -> bool:
            return position_of(record) == name

        if name in there:
            yield Held(POSITION, f"position-{name}", _not(is_mine), is_mine, (TRUNK,))
    if "wrist" in there:

        def is_wrist(record: Record) -> bool:
            return position_of(record) == "wrist"

        yield Held(POSITION, "position-wrist", _not(is_wrist), is_wrist, (TRUNK,), judged_as=TRUNK)


def _not(is_mine: Callable[[Record], bool]) -> Callable[[Record], bool]:
    return lambda record: not is_mine(record)
