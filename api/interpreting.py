"""What reads messages of devices for a person: given by the composition root, since decoders live in ``ingest``."""

from collections.abc import Sequence
from typing import Any, Protocol


class Hearing(Protocol):
    """One person's ear at the broker. ``heard`` counts messages, those too fast to be shown too."""

    heard: int

    @property
    def state(self) -> str:
        """``connecting``, ``listening``, ``away``, ``refused`` or ``flooded``."""

    @property
    def skipped(self) -> int:
        """How many were heard and not shown."""

    async def take(self, wait: float, /) -> list[dict[str, Any]]:
        """Return what has come and is to be shown, waiting up to ``wait`` seconds for the first.

        Each is ``{topic, payload_raw | payload_hex, size, retain, arrival, said}``.
        """

    def close(self) -> None:
        """Hang up."""


class Interpreting(Protocol):
    """Says what messages mean."""

    def read(self, messages: Sequence[Any], /) -> list[dict[str, Any]]:
        """Return what each ``{topic, payload | payload_raw | payload_hex, retain, arrival}`` means, state in between.

        Takes CPU, so it is called in a thread. Raises ValueError, whose text is a sentence for a person.
        """

    def check(self, topic_filter: str, /) -> None:
        """Raise ValueError, with a sentence, where nobody may listen to this."""

    def listen(self, topic_filter: str, /) -> Hearing:
        """Return an ear for what matches; in the event loop. Raises ValueError as ``check``."""
