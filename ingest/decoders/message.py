"""An MQTT message as it came: what every decoder is given."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RawMessage:
    """One MQTT message. ``arrival_us`` is platform time when we heard it.

    ``tree`` are the levels before the home's own topics, where several homes share a broker (``homes/17``); empty where
    the broker is the home's. A device knows nothing of it: it publishes, and announces, ``local`` topics.
    """

    topic: str
    payload: bytes
    retain: bool
    arrival_us: int
    tree: str = ""

    @property
    def local(self) -> str:
        """The topic as the home itself calls it."""
        return self.topic[len(self.tree) + 1 :] if self.tree else self.topic
