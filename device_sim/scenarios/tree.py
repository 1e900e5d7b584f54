"""YAML as a tree of maps, lists and texts in which every piece knows its file, line and column.

All scalars stay text: what ``no``, ``22:30`` or ``011`` mean is decided where they are expected, so none of YAML's own
guesses (a Norwegian false, a number to base 60, an octal) can surprise a tester. Anchors, tags and second documents
are refused: ``base`` is how one file takes over from another.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from device_sim.scenarios.mistakes import BadScenario, Mark, Mistake

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
        raise BadScenario([*builder.mistakes, _syntax(error, text, file)]) from None
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

    def _node(self, event: yaml.Event, depth: int) -> Node:
        mark = self._mark(event)
        if depth > MAX_DEPTH:
            raise BadScenario([Mistake(mark, "Too many levels one inside the other.", "Close a bracket before this.")])
        if isinstance(event, yaml.AliasEvent):
            self._wrong(event, "“*” refers to another part of the file.", "Write it out, or put it into a “base”.")
            return Text(mark, "")
        if isinstance(event, yaml.MappingStartEvent):
            return self._map(mark, depth)
        if isinstance(event, yaml.SequenceStartEvent):
            items = []
            while not isinstance(item := next(self.events), yaml.SequenceEndEvent):
                items.append(self._node(item, depth + 1))
            return Listed(mark, tuple(items))
        return Text(mark, event.value.strip() if isinstance(event, yaml.ScalarEvent) else "")

    def _map(self, mark: Mark, depth: int) -> Map:
        made = Map(mark)
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            name, where = self._node(event, depth + 1), self._mark(event)
            value = self._node(next(self.events), depth + 1)
            if not isinstance(name, Text):
                self._wrong(event, "A list or map cannot be a name.", "Write a word, a colon and a space.")
            elif name.value in made.entries:
                first = made.names[name.value].line
                wrong = f"“{name.value}” stands here a second time; the first is in line {first}."
                self._wrong(event, wrong, "Put both together, or remove one.")
            else:
                made.entries[name.value], made.names[name.value] = value, where
        return made

    def _mark(self, event: yaml.Event) -> Mark:
        at = event.start_mark
        return Mark(self.file, at.line + 1, at.column + 1) if at else Mark(self.file, 1, 1)

    def _wrong(self, event: yaml.Event, wrong: str, remedy: str) -> None:
        self.mistakes.append(Mistake(self._mark(event), wrong, remedy))


def _syntax(error: yaml.MarkedYAMLError, text: str, file: str) -> Mistake:
    """Return YAML's complaint with a remedy for what people really do wrong."""
    found = error.problem_mark or error.context_mark
    line, column = (found.line + 1, found.column + 1) if found else (1, 1)
    lines = text.splitlines()
    around = [(number, lines[number - 1]) for number in (line, line - 1) if 0 < number <= len(lines)]
    for number, said in around:
        if "\t" in said:
            place = Mark(file, number, said.index("\t") + 1)
            return Mistake(place, "A tab stands here.", "Indent with spaces; two for each level.")
        if "：" in said:
            place = Mark(file, number, said.index("：") + 1)
            return Mistake(place, "A full-width colon “：” stands here.", "Type an ordinary colon “:” and a space.")
    said = (error.problem or "it cannot be read").replace("\n", " ")
    opened, within = error.context_mark, str(error.context)
    if opened and ("flow" in within or "quoted scalar" in within):  # where it began is what has to be mended
        line, column = opened.line + 1, opened.column + 1
        if "quoted" in within:
            return Mistake(Mark(file, line, column), "Quotes are opened here and not closed.", "Close the quotes.")
        remedy = "Each “[” needs its “]”, each “{” its “}”, with commas between, and quotes around a text with “: ”."
        return Mistake(Mark(file, line, column), f"In the bracket opened here: {said}.", remedy)
    remedy = "Look at the indentation here and in the line before; a text with “: ” or “#” in it needs quotes."
    return Mistake(Mark(file, line, column), f"This is not YAML: {said}.", remedy)
