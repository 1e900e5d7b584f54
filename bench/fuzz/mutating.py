"""Sequences of messages as the fuzzer keeps and changes them: JSON of [topic, payload as latin-1, retain, seconds]."""

import json
import random
from collections.abc import Callable, Sequence
from typing import Any

NOW_US = 1_790_000_000_000_000
#: Messages of one sequence.
MOST_MESSAGES = 12

#: Topic, payload, retain, seconds after the one before.
Message = tuple[str, bytes, bool, float]

#: What senders really write where something else belongs, and what breaks parsers.
ODD: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 255, 2**31, 2**63, 2**70, 1e308, -1e308, 0.1, "", "nan", "null", "ON", "OFF", "0", "1",
    "offline", "x" * 300, "é\u0000☃", [], {}, [[]], {"a": {}}, "2026-09-21T14:13:20Z", 1_790_000_000, "{{ value }}",
    "{{ value_json.a | float }}", "#", "+/x", "sw/v1/a/state",
)  # fmt: skip


def dumped(messages: Sequence[Message]) -> bytes:
    """Return a sequence as bytes."""
    return json.dumps([[topic, payload.decode("latin-1"), retain, after] for topic, payload, retain, after in messages],
                      ensure_ascii=False).encode("utf-8", "surrogatepass")  # fmt: skip


def loaded(data: bytes) -> list[Message]:
    """Return the sequence in ``data``; empty where it is none (cut, or bytes of the fuzzer's own)."""
    try:
        told = json.loads(data.decode("utf-8", "surrogatepass"))
        return [
            (str(topic), str(payload).encode("latin-1", "replace"), bool(retain), min(max(float(after), 0.0), 1e6))
            for topic, payload, retain, after in told[:MOST_MESSAGES]
        ]
    except (ValueError, TypeError, RecursionError, KeyError):
        return []


def sequences(given: Sequence[tuple[str, bytes]]) -> list[list[Message]]:
    """Return what the fuzzer begins with: all seeds of a family in a row, and each pair of neighbours."""
    seeds = [(topic, payload, False, 60.0) for topic, payload in given]
    rows = [seeds[first : first + MOST_MESSAGES] for first in range(0, len(seeds), MOST_MESSAGES)]
    return rows + [seeds[first : first + 2] for first in range(len(seeds))]


def mutated(
    messages: list[Message],
    rng: random.Random,
    seeds: Sequence[tuple[str, bytes]],
    bytewise: Callable[[bytes, int], bytes],
) -> list[Message]:
    """Return the sequence with one to three changes."""
    changed = list(messages)
    for _ in range(rng.randint(1, 3)):
        if not changed or (len(changed) < MOST_MESSAGES and rng.random() < 0.15):
            topic, payload = rng.choice(seeds)
            changed.insert(rng.randint(0, len(changed)), (topic, payload, rng.random() < 0.3, 60.0))
            continue
        at = rng.randrange(len(changed))
        topic, payload, retain, after = changed[at]
        how = rng.random()
        if how < 0.5:
            payload = _body(payload, rng, seeds)
        elif how < 0.6:
            payload = bytewise(payload, len(payload) + 40)
        elif how < 0.68:
            topic = _topic(topic, rng, seeds)
        elif how < 0.75:
            retain = not retain
        elif how < 0.82:
            after = rng.choice((0.0, 0.5, 4.9, 60.0, 3600.0, 90_000.0))
        elif how < 0.9:
            changed.insert(at, changed[at])
            changed = changed[:MOST_MESSAGES]
            continue
        else:
            del changed[at]
            continue
        changed[at] = (topic, payload, retain, after)
    return changed


def _topic(topic: str, rng: random.Random, seeds: Sequence[tuple[str, bytes]]) -> str:
    levels = topic.split("/")
    how = rng.randrange(4)
    if how == 0:
        return rng.choice(seeds)[0]
    at = rng.randrange(len(levels))
    if how == 1:
        levels[at] = rng.choice(("", "+", "#", "状态", "a b", "x" * 600, "bridge", "status", rng.choice(levels)))
    elif how == 2:
        del levels[at]
    else:
        levels.insert(at, rng.choice(rng.choice(seeds)[0].split("/")))
    return "/".join(levels)


def _body(payload: bytes, rng: random.Random, seeds: Sequence[tuple[str, bytes]]) -> bytes:
    try:
        body = json.loads(payload)
    except (ValueError, RecursionError):
        return rng.choice((b"", b"ON", b"1", b"nan", b"online", b"{", rng.choice(seeds)[1]))
    return json.dumps(_part(body, rng, 5), ensure_ascii=False).encode("utf-8", "surrogatepass")


def _part(body: Any, rng: random.Random, depth: int) -> Any:
    if not depth or rng.random() < 0.1:
        return rng.choice(ODD)
    if isinstance(body, dict) and body:
        return _entry(body, rng, depth)
    if isinstance(body, list) and body:
        at = rng.randrange(len(body))
        changed = [] if rng.random() < 0.1 else [_part(body[at], rng, depth - 1)]
        return [*body[:at], *changed, *body[at + 1 :]]
    if isinstance(body, int | float) and not isinstance(body, bool) and rng.random() < 0.5:
        return rng.choice((body + 1, -body, body * 1000, body / 7, str(body)))
    return rng.choice(ODD)


def _entry(body: dict[str, Any], rng: random.Random, depth: int) -> dict[str, Any]:
    key, how = rng.choice(list(body)), rng.random()
    if how < 0.1:
        return {name: value for name, value in body.items() if name != key}
    if how < 0.2:
        return {**body, rng.choice(list(body)) + rng.choice(("", "_1", "x", "é")): body[key]}
    return {**body, key: _part(body[key], rng, depth - 1)}
