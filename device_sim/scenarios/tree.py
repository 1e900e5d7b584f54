"""YAML as a tree of maps, lists and texts in which every piece knows its file, line and column.

All scalars stay text: what ``no``, ``22:30`` or ``011`` mean is decided where they are expected, so none of YAML's own
guesses (a Norwegian false, a number to base 60, an octal) can surprise a tester. Anchors, tags and second documents
are refused: ``base`` is how one file takes over from another.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from device_sim.scenarios.mistakes import BadScenario, Mark, Mistake
from device_sim.scenarios.spelling import unreadable

#: What a name that comes twice in one item of a list may mean.
FORGOTTEN_DASH = "or a dash is missing before it: each thing that happens begins with a dash and a space."
#: A scenario has three or four levels; more is an accident, or meant to break the reader.
MAX_DEPTH = 12
#: The longest of the library has some 2 kB.
MAX_CHARS = 200_000


@dataclass(frozen=True, slots=True)
class Text:
    """A scalar; empty where nothing was written."""

    mark: Mark
    value: str


@dataclass(frozen=True, slots=True)
class Map:
    """Names and what stands under them, in the order of the file; ``names`` says where each name stands."""

    mark: Mark
    entries: "dict[str, Node]" = field(default_factory=dict)
    names: dict[str, Mark] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Listed:
    """Items in their order."""

    mark: Mark
    items: "tuple[Node, ...]" = ()


Node = Text | Map | Listed


def parse(text: str, file: str) -> Map:
    """Return what a file says. Raises BadScenario when it is not YAML, or not names with values."""
    top = Mark(file, 1, 1)
    if len(text) > MAX_CHARS:
        raise BadScenario([Mistake(top, f"The file has more than {MAX_CHARS} characters.", "Take it apart.")])
    builder = _Builder(file, yaml.parse(text, Loader=yaml.BaseLoader))
    try:
        node = builder.document()
    except yaml.MarkedYAMLError as error:
        raise BadScenario([*builder.mistakes, unreadable(error, text, file)]) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        wrong = "A character stands here that a text file cannot have."
        raise BadScenario([Mistake(Mark(file, line, 1), wrong, "Remove it, and save the file as UTF-8.")]) from None
    if not isinstance(node, Map):
        remedy = "Begin with lines such as “id: my-first-fall” and “start: 2026-03-02 09:00”."
        builder.mistakes.append(Mistake(top, "The file has no names with values.", remedy))
    if builder.mistakes or not isinstance(node, Map):
        raise BadScenario(builder.mistakes)
    return node


class _Builder:
    """Makes a tree of YAML's events, and notes what is wrong but can be passed over."""

    def __init__(self, file: str, events: Iterator[yaml.Event]) -> None:
        self.file, self.events = file, events
        self.mistakes: list[Mistake] = []

    def document(self) -> Node | None:
        node: Node | None = None
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                if node is not None:
                    self._wrong(
                        event, "A second document begins here.", "Remove the line “---”: one file, one scenario."
                    )
                    return node
                node = self._node(next(self.events), 0)
        return node

    def _node(self, event: yaml.Event, depth: int, *, item: bool = False) -> Node:
        mark = self._mark(event)
        if depth > MAX_DEPTH:
            raise BadScenario([Mistake(mark, "Too many levels one inside the other.", "Close a bracket before this.")])
        if isinstance(event, yaml.AliasEvent):
            self._wrong(event, "“*” refers to another part of the file.", "Write it out, or put it into a “base”.")
            return Text(mark, "")
        if isinstance(event, yaml.MappingStartEvent):
            return self._map(mark, depth, item=item)
        if isinstance(event, yaml.SequenceStartEvent):
            items = []
            while not isinstance(inner := next(self.events), yaml.SequenceEndEvent):
                items.append(self._node(inner, depth + 1, item=True))
            return Listed(mark, tuple(items))
        return Text(mark, event.value.strip() if isinstance(event, yaml.ScalarEvent) else "")

    def _map(self, mark: Mark, depth: int, *, item: bool) -> Map:
        made, told = Map(mark), False
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            name, where = self._node(event, depth + 1), self._mark(event)
            value = self._node(next(self.events), depth + 1)
            if not isinstance(name, Text):
                self._wrong(event, "A list or map cannot be a name.", "Write a word, a colon and a space.")
            elif name.value in made.entries:
                first = made.names[name.value].line
                wrong = f"“{name.value}” stands here a second time; the first is in line {first}."
                remedy = "Put both together, or remove one"
                if item and not told:  # where a dash is forgotten, all that follows stands there twice
                    self._wrong(event, wrong, f"{remedy}; {FORGOTTEN_DASH}")
                elif not item:
                    self._wrong(event, wrong, f"{remedy}.")
                told = True
            else:
                made.entries[name.value], made.names[name.value] = value, where
        return made

    def _mark(self, event: yaml.Event) -> Mark:
        at = event.start_mark
        return Mark(self.file, at.line + 1, at.column + 1) if at else Mark(self.file, 1, 1)

    def _wrong(self, event: yaml.Event, wrong: str, remedy: str) -> None:
        self.mistakes.append(Mistake(self._mark(event), wrong, remedy))
