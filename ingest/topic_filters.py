"""MQTT topic filters that a person may give: well formed, and inside what the platform listens to anyway. Pure."""

from collections.abc import Iterable

from ingest.given import Wrong

#: MQTT allows 65,535; ours and a device's are far shorter.
LONGEST = 512


def check(topic_filter: str, within: Iterable[str]) -> None:
    """Raise Wrong, with a sentence, for what is no filter or can match what is in none of the filters ``within``.

    ``within`` are the gateway's own subscriptions: ``#``, or ``some/levels/#``.
    """
    levels = topic_filter.split("/")
    if not topic_filter or len(topic_filter) > LONGEST or not topic_filter.isprintable():
        raise Wrong(f"A topic has 1 to {LONGEST} printable signs.")
    if topic_filter.startswith("$"):
        raise Wrong("Topics that begin with $ are the broker's own.")
    if any("#" in level for level in levels[:-1]) or any(
        len(level) > 1 and set(level) & {"+", "#"} for level in levels
    ):
        raise Wrong("+ stands for one whole level, # for all that follows, at the end.")
    allowed = list(within)
    if not any(_inside(levels, each.split("/")) for each in allowed):
        raise Wrong(f"The platform does not listen there; it listens to {', '.join(allowed)}.")


def _inside(levels: list[str], outer: list[str]) -> bool:
    """Whether all that matches ``levels`` is below ``outer``, whose last level is ``#``."""
    return levels[: len(outer) - 1] == outer[:-1]


def covers(outer: str, inner: str) -> bool:
    """Whether what matches ``inner`` matches ``outer`` too, for an ``outer`` that ends in ``#``; else whether equal."""
    if not outer.endswith("#"):
        return outer == inner
    return _inside(inner.split("/"), outer.split("/"))
