"""Lays a scenario file over its base: maps override name by name, lists are added to, ``none`` takes away.

``base`` names another scenario, a life of the library, or a file beside this one; bases may have bases. Every piece
keeps the file and line it came from, so a mistake is told where it was written.
"""

from collections.abc import Callable

from device_sim.scenarios.mistakes import BadScenario, Mistake
from device_sim.scenarios.tree import Listed, Map, Node, Text

#: Takes away what the base has under this name.
NONE = "none"
#: Lists that grow; any other list replaces the base's.
GROWING = ("happens", "faults", "expect", "never")
#: What belongs to one file alone: the base's is not taken over.
OWN = ("base", "id", "title", "says")


def laid(tree: Map, name: str, find: Callable[[Text], tuple[str, Map]]) -> tuple[Map, tuple[str, ...]]:
    """Return the tree laid over all its bases, and their names, nearest first.

    ``find`` returns the name and the tree of the base that a piece of text names, or raises BadScenario.
    """
    chain, names = [tree], [name]
    while (said := chain[-1].entries.get("base")) is not None:
        if not isinstance(said, Text) or not said.value:
            remedy = "Write “base: ” and the id of a scenario, the name of a life, or a file's name."
            raise BadScenario([Mistake(said.mark, "“base” names one other scenario.", remedy)])
        below, under = find(said)
        if below in names:
            way = " → ".join((*names, below))
            wrong = f"The bases go round in a circle: {way}."
            raise BadScenario([Mistake(said.mark, wrong, "Remove this “base”, or name another one.")])
        chain.append(under)
        names.append(below)
    whole = chain[-1]
    for layer in reversed(chain[:-1]):
        taken_over = {each: node for each, node in whole.entries.items() if each not in OWN}
        whole = _over(layer, Map(layer.mark, taken_over, whole.names), top=True)
    return whole, tuple(names[1:])


def _over(upper: Map, lower: Map, *, top: bool = False) -> Map:
    entries, names = dict(lower.entries), {name: lower.names[name] for name in lower.entries}
    for name, node in upper.entries.items():
        below = entries.get(name)
        entries[name], names[name] = node, upper.names[name]
        if isinstance(node, Text) and node.value.lower() == NONE and isinstance(below, Map | Text):
            del entries[name], names[name]  # a list becomes an empty one: “outings: none” is not “as usual”
        elif isinstance(node, Map) and isinstance(below, Map):
            entries[name] = _over(node, below)
        elif top and name in GROWING and below is not None:
            entries[name] = _joined(below, node)
    return Map(upper.mark, entries, names)


def _joined(below: Node, node: Node) -> Node:
    if isinstance(below, Listed) and isinstance(node, Listed):
        return Listed(node.mark, below.items + node.items)
    return below if isinstance(node, Text) and not node.value else node
