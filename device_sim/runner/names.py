"""Which ids the platform knows a play's people and places by: the keys of the file, marked with the run."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from device_sim.play import Play

#: Longest id that the API takes, and what it may consist of.
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


def mark_of(scenario: str, seed: int, start_us: int, copy: int) -> str:
    """Return the mark of a play: the same scenario from the same moment has the same, so two runs can be compared."""
    text = f"{scenario}\0{seed}\0{start_us}\0{copy}"
    return hashlib.blake2b(text.encode(), digest_size=4).hexdigest()


@dataclass(frozen=True, slots=True)
class Names:
    """Ids by key of the play: ``places``, ``residents``; ``unit_of`` a resident's key is a place's id."""

    mark: str
    places: Mapping[str, str]
    residents: Mapping[str, str]
    unit_of: Mapping[str, str]

    @property
    def units(self) -> frozenset[str]:
        """The ids of all places that are watched as one."""
        return frozenset(self.unit_of.values())

    def resident_key(self, identity: str) -> str | None:
        """Return the key of the resident with this id, None when it is nobody of the play (a unit alone, perhaps)."""
        return next((key for key, known in self.residents.items() if known == identity), None)


def marks_among(ids: Iterable[str]) -> set[str]:
    """Return the marks of plays that these ids of places may belong to."""
    return {identity.partition("-")[0] for identity in ids}


def names_of(play: Play, mark: str) -> Names:
    """Return the ids that a play's places and residents get."""
    places = {place.key: _id(mark, place.key) for place in play.places}
    residents = {person.key: _id(mark, person.key, "r") for person in play.residents}
    return Names(mark, places, residents, {person.key: places[person.unit] for person in play.residents})


def _id(mark: str, key: str, kind: str = "p") -> str:
    whole = f"{mark}-{kind}-{key}"
    if _ID.fullmatch(whole):
        return whole
    return f"{mark}-{kind}-{hashlib.blake2b(key.encode(), digest_size=8).hexdigest()}"
