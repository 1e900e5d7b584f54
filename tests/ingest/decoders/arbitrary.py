"""Whatever a sender writes: arbitrary bytes, and good messages spoiled, through the router of all families."""

import time
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from hypothesis import strategies as st

from ingest.decoders.families import Families
from ingest.decoders.message import RawMessage
from schemas.topics import is_device_id
from tests.ingest.decoders.hearing import NOW, SECOND

#: No payload takes longer, CPU seconds. Measured again when it did: a test machine stalls.
LONGEST_S = 0.005

#: Values that senders really write where something else belongs.
ODD: st.SearchStrategy[Any] = st.sampled_from(
    [
        None,
        True,
        False,
        0,
        -1,
        1,
        255,
        1e308,
        -1e308,
        2**70,
        "",
        "nan",
        "null",
        "ON",
        "0",
        "é\u0000",
        "x" * 3000,
        [],
        {},
    ]
)
SCALARS = ODD | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)
JSON = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner))


def spoiled(messages: Sequence[tuple[str, Any]]) -> st.SearchStrategy[tuple[str, bytes, bool]]:
    """Draw one of these messages with a part of it replaced, cut, or left as it is; and whether it was retained."""

    @st.composite
    def draw(draw: Callable[..., Any]) -> tuple[str, bytes, bool]:
        topic, body = draw(st.sampled_from(list(messages)))
        how = draw(st.sampled_from(["as it is", "part", "cut", "bytes", "json"]))
        if how == "part":
            body = _replaced(body, draw, 4)
        data = (
            body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else msgspec.json.encode(body)
        )
        if how == "cut":
            data = data[: draw(st.integers(0, len(data)))]
        elif how == "bytes":
            data = draw(st.binary(max_size=200))
        elif how == "json":
            data = msgspec.json.encode(draw(JSON))
        return topic, data, draw(st.booleans())

    return draw()


def _replaced(body: Any, draw: Callable[..., Any], depth: int) -> Any:
    if isinstance(body, dict) and body and depth:
        key = draw(st.sampled_from(sorted(body)))
        if draw(st.integers(0, 9)) == 0:
            return {name: value for name, value in body.items() if name != key}
        return {**body, key: _replaced(body[key], draw, depth - 1)}
    if isinstance(body, list) and body and depth:
        at = draw(st.integers(0, len(body) - 1))
        return [*body[:at], _replaced(body[at], draw, depth - 1), *body[at + 1 :]]
    return draw(SCALARS)


def bears(families: Families, messages: Sequence[tuple[str, bytes, bool]]) -> None:
    """Assert that a sequence of messages neither raises, nor takes long, nor makes a device that could not be named."""
    for number, (topic, payload, retain) in enumerate(messages):
        message = RawMessage(topic, payload, retain, NOW + number * SECOND)
        began = time.thread_time()
        told = families.decode(message)
        took = time.thread_time() - began
        if took > LONGEST_S:
            began = time.thread_time()
            families.decode(message)
            took = time.thread_time() - began
        assert took <= LONGEST_S, f"{took * 1000:.1f} ms for {topic} {payload[:200]!r}"
        for reading in (reading for each in told for reading in each.readings):
            assert is_device_id(reading.device), reading.device
            msgspec.msgpack.encode(reading)
