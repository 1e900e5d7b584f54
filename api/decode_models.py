"""Messages of devices as somebody gives them, and what they mean, as the API says it."""

from typing import Any

from pydantic import ConfigDict, Field

from api.models import Heard, Said
from api.times import Time

#: Of one request: an evening's messages of a room; more is read in parts.
MOST_MESSAGES = 200


class MessagesGiven(Heard):
    """Messages in the order in which they came: what each means depends on those before."""

    messages: list[dict[str, Any]] = Field(
        min_length=1,
        max_length=MOST_MESSAGES,
        description="`{topic, payload | payload_raw | payload_hex, retain, arrival}`; "
        "as lines of `shouwang decode --sequence`",
        examples=[[{"topic": "zigbee2mqtt/door", "payload": {"contact": False}}]],
    )


class Understood(Said):
    """What one message means: the keys of `shouwang decode`, where they apply; `why` and `unused` beside them."""

    model_config = ConfigDict(extra="allow")

    index: int
    observations: list[dict[str, Any]]
    events: list[dict[str, Any]]
    alarm: str | None
    time: str
    why: dict[str, Any]
    unused: list[str] | None = None


class MessagesUnderstood(Said):
    """In the order given."""

    messages: list[Understood]


class StoredMessage(Said):
    """A message as it came; ``payload_hex`` of a large one is its beginning."""

    topic: str
    payload_hex: str
    size: int
    retain: bool
    time: Time
