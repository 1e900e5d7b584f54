"""What a decoder of foreign devices is: a module of this form (docs/devices-recipe.md).

``(root, memories, message) -> told``: the *root* is what the family knows below one base (what a bridge announced,
whether it is up), the *memories* are its devices', of which a decoder returns only the changed ones. Pure: all state
comes in and goes out, so that a message can be read again years later.
"""

from collections.abc import Mapping
from typing import Any, Protocol

from ingest.decoders.memory import Memory
from ingest.decoders.message import RawMessage
from ingest.decoders.told import Told


class Family(Protocol):
    """A decoder module. ``Root`` is a msgspec.Struct (frozen, array_like), ``NEW_ROOT`` one that knows nothing yet.

    ``OWNS_BASE``: all topics below a base that is known are this family's, whatever they look like.
    """

    NAME: str
    OWNS_BASE: bool
    NEW_ROOT: Any

    @property
    def Root(self) -> type:  # noqa: N802  # the module's class
        """What is remembered below one base."""

    def recognise(self, topic: str, payload: bytes, /) -> str | None:
        """Return the base below which ``topic`` (local to its home) is this family's, None: it is not sure.

        By structure and content, never by a fixed first level alone. Called for each message of a topic that nobody has
        claimed, so it must be quick to say no: look at the topic first.
        """

    def decode(self, root: Any, memories: Mapping[str, Memory], message: RawMessage, base: str, /) -> Told:
        """Return what the message came to. Never raises on what a sender wrote; at most 5 ms for any payload."""
