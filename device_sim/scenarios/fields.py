"""Takes the values out of one map of a scenario file, noting every mistake instead of stopping at the first."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from device_sim.scenarios.layers import NONE
from device_sim.scenarios.mistakes import Mark, Mistake, Unclear, instead
from device_sim.scenarios.spelling import unspaced
from device_sim.scenarios.tree import Listed, Map, Node, Text

T = TypeVar("T")

_KINDS = {Text: "a single value", Listed: "a list", Map: "names with values"}
_YES, _NO = ("yes", "true", "on"), ("no", "false", "off")


def plain(word: str) -> str:
    """Return a word as the vocabulary has it: spaces for hyphens and underscores, small letters."""
    return " ".join(word.replace("-", " ").replace("_", " ").lower().split())


def chosen(name: str, said: str, allowed: Iterable[str]) -> str:
    """Return the word among the allowed ones that was said. Raises Unclear."""
    words = tuple(allowed)
    found = next((word for word in words if plain(word) == plain(said)), None)
    if found is None:
        raise Unclear(f"“{said}” is not known as “{name}”.", instead(said, words))
    return found


class Book(list[Mistake]):
    """The mistakes of one file. ``partial``: the base is not known, so nobody can tell what is missing."""

    partial = False


class Fields:
    """One map, read name by name. ``mistakes`` is shared by all of a file; ``close`` tells of unknown names."""

    def __init__(self, node: Map, about: str, mistakes: Book) -> None:
        """``about`` names the record in sentences: “A resident”."""
        self.node, self.about, self.mistakes = node, about, mistakes
        self.asked: list[str] = []
        self.marks: dict[str, Mark] = {name: value.mark for name, value in node.entries.items()}

    @property
    def mark(self) -> Mark:
        """Where the map begins."""
        return self.node.mark

    def wrong(self, mark: Mark, wrong: str, remedy: str) -> None:
        """Note a mistake."""
        self.mistakes.append(Mistake(mark, wrong, remedy))

    def missing(self, name: str, example: str) -> None:
        """Note that a name must be there and is not."""
        if self.mistakes.partial:
            return
        self.wrong(self.mark, f"{self.about} has no “{name}”.", f"Add “{name}: {example}”.")

    def text(self, name: str, *, needed: str | None = None) -> str | None:
        """Return a single value, None when it is not there; ``needed`` is an example for the remedy."""
        node = self._taken(name, Text, needed)
        if not isinstance(node, Text):
            return None
        if not node.value:
            self.wrong(node.mark, f"“{name}” has no value.", f"Write one after the colon, such as “{needed or '...'}”.")
            return None
        return node.value

    def parsed(self, name: str, parse: Callable[[str], T], *, needed: str | None = None) -> T | None:
        """Return what ``parse`` makes of a value; its Unclear is noted where the value stands."""
        said = self.text(name, needed=needed)
        if said is None:
            return None
        try:
            return parse(said)
        except Unclear as unclear:
            self.wrong(self.marks[name], unclear.wrong, unclear.remedy)
            return None

    def choice(self, name: str, allowed: Iterable[str], *, needed: str | None = None) -> str | None:
        """Return one of the allowed words."""
        words = tuple(allowed)
        return self.parsed(name, lambda said: chosen(name, said, words), needed=needed)

    def number(self, name: str, low: float, high: float, unit: str = "") -> float | None:
        """Return a number between two limits, written with or without its unit."""

        limits = f"from {low:g} to {high:g} {unit}".strip()

        def between(said: str) -> float:
            digits = said.removesuffix(unit).strip() if unit else said
            try:
                number = float(digits)
            except ValueError:
                raise Unclear(f"“{said}” is no number.", f"Write one {limits}.") from None
            if not low <= number <= high:
                raise Unclear(f"{name} {said} is out of range.", f"Take one {limits}.")
            return number

        return self.parsed(name, between)

    def yes(self, name: str) -> bool:
        """Return whether a switch is on; off when it is not there."""

        def truth(said: str) -> bool:
            if said.lower() not in _YES + _NO:
                raise Unclear(f"“{said}” is neither yes nor no.", "Write “yes” or “no”.")
            return said.lower() in _YES

        return bool(self.parsed(name, truth))

    def texts(self, name: str) -> tuple[tuple[str, Mark], ...]:
        """Return a list of single values with their places; one value alone is a list of one."""
        node = self.node.entries.get(name)
        if isinstance(node, Text):
            said = self.text(name)
            return () if said is None else ((said, node.mark),)
        found = []
        for item in self.items(name):
            if isinstance(item, Text) and item.value:
                found.append((item.value, item.mark))
            else:
                self.wrong(item.mark, f"“{name}” lists single values.", "Write a word after each “- ”.")
        return tuple(found)

    def items(self, name: str) -> tuple[Node, ...]:
        """Return the items of a list, none when it is not there or empty."""
        node = self._taken(name, Listed, None)
        return node.items if isinstance(node, Listed) else ()

    def maps(self, name: str, about: str, needed: str | None = None) -> "tuple[Fields, ...]":
        """Return the items of a list of maps."""
        node = self._taken(name, Listed, needed)
        found = []
        for item in node.items if isinstance(node, Listed) else ():
            if isinstance(item, Map):
                found.append(Fields(item, about, self.mistakes))
            else:
                run_on = unspaced(item.value) if isinstance(item, Text) else None
                remedy = "Write “- name: value”, names indented alike."
                self.wrong(item.mark, *(run_on or (f"{about} is {_KINDS[type(item)]} here.", remedy)))
        return tuple(found)

    def keyed(self, name: str, about: str, needed: str | None = None) -> "dict[str, Fields]":
        """Return a map of maps: each entry's key and its fields."""
        node = self._taken(name, Map, needed)
        found = {}
        for key, item in node.entries.items() if isinstance(node, Map) else ():
            if isinstance(item, Text) and item.value.lower() == NONE:
                continue  # it takes away what the base has not
            if isinstance(item, Map):
                found[key] = Fields(item, f"{about} “{key}”", self.mistakes)
            else:
                what = "nothing" if isinstance(item, Text) and not item.value else _KINDS[type(item)]
                self.wrong(
                    item.mark, f"{about} “{key}” has {what} under it.", "Indent its “name: value” lines below it."
                )
        return found

    def close(self) -> None:
        """Note every name that nobody asked for."""
        for name, mark in self.node.names.items():
            if name not in self.asked:
                run_on = unspaced(name)
                self.wrong(mark, *(run_on or (f"{self.about} cannot have “{name}”.", instead(name, self.asked))))

    def _taken(self, name: str, kind: type[Text] | type[Listed] | type[Map], needed: str | None) -> Node | None:
        if name not in self.asked:
            self.asked.append(name)
        node = self.node.entries.get(name)
        if node is None:
            if needed is not None:
                self.missing(name, needed)
            return None
        if isinstance(node, Text) and node.value.lower() in ("", NONE) and kind is not Text and needed is None:
            return None  # “happens:” with nothing under it is an empty list
        if not isinstance(node, kind):
            examples = {
                Text: "a value on the same line",
                Listed: "lines that begin with “- ”",
                Map: "indented “name: value” lines",
            }
            names = node.entries if isinstance(node, Map) else (node.value,) if isinstance(node, Text) else ()
            run_on = next((told for told in map(unspaced, names) if told is not None), None)
            plainly = f"“{name}” is {_KINDS[type(node)]} here.", f"It takes {examples[kind]}."
            self.wrong(node.mark, *(run_on or plainly))
            return None
        return node
