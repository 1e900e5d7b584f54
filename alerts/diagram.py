"""The life cycle as a picture (Mermaid), drawn from the table; docs/alerts.md holds it, a test keeps them equal."""

from alerts.life import LIFE


def mermaid() -> str:
    """Return the table as a Mermaid state diagram; events between the same two states share an arrow."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for (state, event), target in LIFE.items():
        arrows.setdefault((state or "[*]", target), []).append(event.__name__)
    lines = [f"    {start} --> {end}: {', '.join(events)}" for (start, end), events in arrows.items()]
    return "\n".join(["stateDiagram-v2", *lines])
