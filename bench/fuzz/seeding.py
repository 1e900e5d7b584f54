"""How seeds are written: a topic, and a text, bytes or JSON."""

import json
from typing import Any


def of(*messages: tuple[str, Any]) -> list[tuple[str, bytes]]:
    """Return messages as bytes."""
    return [(topic, _bytes(body)) for topic, body in messages]


def _bytes(body: Any) -> bytes:
    if isinstance(body, bytes):
        return body
    return body.encode() if isinstance(body, str) else json.dumps(body).encode()
