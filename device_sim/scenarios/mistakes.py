"""What is wrong in a scenario file: where, in one sentence, and what to do about it. All of a file at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

#: How alike two words must be (0 to 1, difflib's measure) before one is offered for the other.
ALIKE = 0.6


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """A place in a file; line and column count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """One mistake: where it is, what is wrong, and the remedy; whole sentences."""

    mark: Mark
    wrong: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.mark}: {self.wrong} {self.remedy}"


class BadScenario(ValueError):
    """A scenario that cannot be played; ``mistakes`` are all that were found, in the order of the file."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(sorted(set(mistakes)))
        super().__init__("\n".join(str(each) for each in self.mistakes))


class Unclear(ValueError):
    """A value that cannot be understood, before it is known where it stands."""

    def __init__(self, wrong: str, remedy: str) -> None:
        super().__init__(f"{wrong} {remedy}")
        self.wrong, self.remedy = wrong, remedy


def instead(word: str, allowed: Iterable[str]) -> str:
    """Return the remedy for a word that is not among the allowed: the one most like it, and the list of them all."""
    names = list(dict.fromkeys(allowed))
    if not names:
        return "There is none to name here."
    near = get_close_matches(word.lower(), [name.lower() for name in names], n=1, cutoff=ALIKE)
    meant = next((f"Did you mean “{name}”? " for name in names if near and name.lower() == near[0]), "")
    return f"{meant}Allowed here: {', '.join(names)}."
