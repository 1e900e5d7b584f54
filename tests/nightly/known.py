"""What of the library does not come as expected, each with its reason; docs/simulator.md tells it to people.

By scenario and what came (``fall missed``, ``fall wrong``: raised though it must not be, ``wandering unasked``: raised,
and nobody spoke of it).
"""

KNOWN: dict[tuple[str, str], str] = {}
