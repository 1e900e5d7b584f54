"""Which parts of a payload were not used: found by leaving each out and reading again, so it holds for every family.

A decoder is pure, so this asks it and guesses at nothing. It costs a decode for each part, so it is only done for
whoever asks what a message means, never by the gateway; and it stops in time.
"""

import time
from collections.abc import Callable
from typing import Any

import msgspec

#: Parts tried of one message; the largest state of a real device has some 80 values.
MOST_PARTS = 150
#: Objects in objects that are looked into: Tasmota and Shelly have values three deep.
DEEPEST = 4
#: A larger payload is an inventory or a picture, whose parts nobody wants to read one by one.
LARGEST_BYTES = 16_384
#: CPU seconds for one message: some hundred decodes.
MOST_SECONDS = 0.01


def unused(payload: bytes, means: Callable[[bytes], Any]) -> list[str] | None:
    """Return the parts of a JSON object that change nothing of what ``means`` says, as paths (``ENERGY.Factor``).

    None where it cannot be said: no object, too large. What is null says nothing and is not named; of what is said
    twice the first is named. Where time ends, what was found until then.
    """
    if len(payload) > LARGEST_BYTES or not payload.lstrip().startswith(b"{"):
        return None
    try:
        body = msgspec.json.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return _Leaving(body, means).found() if isinstance(body, dict) else None


class _Leaving:
    """Leaves out one part after the other; what was not used stays out."""

    def __init__(self, body: dict[str, Any], means: Callable[[bytes], Any]) -> None:
        self._body, self._means = body, means
        self._whole = self._said(body)
        self._until = time.thread_time() + MOST_SECONDS
        self._left = MOST_PARTS
        self._found: list[str] = []

    def found(self) -> list[str]:
        self._walk(self._body, ())
        return self._found

    def _walk(self, part: dict[str, Any], way: tuple[str, ...]) -> None:
        for key, value in part.items():
            if self._left <= 0 or time.thread_time() > self._until:
                return
            if value is None:
                continue  # the sender says that it does not know: nothing is lost
            self._left -= 1
            rest = _without(self._body, (*way, key))
            if self._said(rest) == self._whole:
                self._body = rest
                self._found.append(".".join((*way, key)))
            elif isinstance(value, dict) and len(way) + 1 < DEEPEST:
                self._walk(value, (*way, key))

    def _said(self, body: dict[str, Any]) -> Any:
        return self._means(msgspec.json.encode(body))


def _without(body: dict[str, Any], way: tuple[str, ...]) -> dict[str, Any]:
    key, *rest = way
    if not rest:
        return {name: value for name, value in body.items() if name != key}
    return {name: _without(value, tuple(rest)) if name == key else value for name, value in body.items()}
