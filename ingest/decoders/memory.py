"""What is remembered of one device between its messages, whatever its family. Pure."""

import msgspec

from ingest.decoders.meaning import Scalar

#: Values remembered of one device; the most that a real one has are some forty. Further ones are not remembered.
MOST_VALUES = 256
#: Presses remembered of one device: its buttons, each with the last mark.
MOST_PRESSES = 32


class Memory(msgspec.Struct, frozen=True, array_like=True):
    """Last values by name, the last press, when it was last heard, and which number its last reading had.

    ``press`` and ``press_us`` are the last press and its arrival; ``presses`` the mark of the last one of each button,
    for senders that number them. ``last_seen_us`` is the device's own time of what it said last.
    """

    values: dict[str, Scalar] = {}
    press: str = ""
    press_us: int = 0
    last_seen_us: int | None = None
    seq: int = -1
    available: bool | None = None
    presses: dict[str, str] = {}


NEW = Memory()
