"""What device messages mean, and why: for ``shouwang decode`` and for the console's page.

The decoders are the gateway's own, so what this says is what the platform would have understood. Messages of a family
that has no decoder yet are said to be unknown (``quarantine``), never guessed at. Beside the keys of the contract
(DESIGN.md) stand ``why``, a short code for each thing, and ``unused``, the parts of the payload that nothing came of.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import msgspec

from ingest import forms, reasons
from ingest.decoders import own, owntracks, zigbee2mqtt
from ingest.decoders.families import Families, Key
from ingest.decoders.memory import Memory
from ingest.decoders.message import RawMessage
from ingest.decoders.own import NEW_DEVICE, Decoded, DeviceState
from ingest.decoders.told import Told
from ingest.given import Given, is_writable
from ingest.reasons import Reasons
from ingest.unused import unused
from schemas import frame, topics
from schemas.reading import Clock, Reading, ReadingKind

#: Bases that people usually choose.
USUAL_BASES = (zigbee2mqtt.DEFAULT_BASE, "zigbee")
#: The whole broker is the home's.
_NO_TREE: tuple[str, ...] = ("",)
#: Kinds of messages of which nothing was to be used.
_NOT_READ = frozenset({"refused", "plumbing", "deleted"})


def _wall_us() -> int:
    return time.time_ns() // 1000


class Interpreter:
    """Decodes messages one after the other, with state between them.

    ``bases``, ``phones`` and ``trees`` as in ``Families``; ``clock`` gives the arrival of what does not say its own,
    microseconds since 1970 UTC.
    """

    def __init__(
        self,
        bases: Iterable[str] = USUAL_BASES,
        *,
        phones: str = owntracks.DEFAULT_BASE,
        trees: Iterable[str] = _NO_TREE,
        clock: Callable[[], int] = _wall_us,
    ) -> None:
        self._own: dict[str, DeviceState] = {}
        self._families = Families(bases, phones=phones, trees=trees)
        self._reasons = Reasons()
        self._clock = clock
        self._index = 0

    def say(self, given: Given, *, parts: bool = True) -> dict[str, Any]:
        """Return what the message means. ``parts``: look which parts of its payload were not used, which costs most."""
        said: dict[str, Any] = {"index": self._index, "observations": [], "events": [], "alarm": None}
        self._index += 1
        said["time"] = "arrival"
        arrival_us = self._clock() if given.arrival_us is None else given.arrival_us
        raw = RawMessage(given.topic, given.payload, given.retain, arrival_us)
        timed = given.arrival_us is not None
        if given.topic.startswith(topics.OURS):
            return said | self._of_own(raw, timed=timed, parts=parts)
        raw = self._families.in_tree(raw)
        key = self._families.claim(raw)
        if key is None:
            self._families.decode(raw)  # the broker's memory may wait for its announcement
            why = {"kind": "waiting" if given.retain else "unknown", "family": None}
            return said | {"quarantine": "unknown-topic", "unknown": ["family"], "why": why}
        return said | self._of_foreign(raw, key, timed=timed, parts=parts)

    def _of_foreign(self, raw: RawMessage, key: Key, *, timed: bool, parts: bool) -> dict[str, Any]:
        known_by = self._families.known_by(raw, key)
        module, known = self._families.modules[key[1]], self._families.roots.get(key)
        root = module.NEW_ROOT if known is None else known.state

        def fresh(payload: bytes, memories: dict[str, Memory], *, retain: bool) -> Told:
            return module.decode(root, memories, replace(raw, payload=payload, retain=retain), key[2])

        told = self._families.decode(raw, as_if_just_arrived=not timed)[0]
        if not timed and told.meaning.claimed_us is not None:
            raw = replace(raw, arrival_us=told.meaning.claimed_us)
        meant = forms.of_foreign(told)
        missed = reasons.not_events(told.meaning, fresh(raw.payload, {}, retain=False).meaning, retain=raw.retain)
        why: dict[str, Any] = {"family": key[1], "recognised": known_by, "base": key[2]}
        why |= self._reasons.of(meant, told.readings, retain=raw.retain) | {"not_events": missed}
        why["alarm"], why["time"] = reasons.alarm(meant, missed), reasons.time_of(told.meaning)
        why["kind"] = reasons.kind_of(told, meant, why, retain=raw.retain, empty=not raw.payload)
        if told.entry is not None:
            why["sentence"] = told.entry.sentence
        parts = parts and why["kind"] not in _NOT_READ
        # Read as if for the first time: a value that only repeats is used all the same.
        left = unused(raw.payload, lambda some: _gist(fresh(some, {}, retain=False))) if parts else None
        return meant | {"why": why} | ({"unused": left} if left else {})

    def _of_own(self, raw: RawMessage, *, timed: bool, parts: bool) -> dict[str, Any]:
        device = own.device_of(raw.topic)
        before = self._own.get(device, NEW_DEVICE)
        after, decoded = own.decode(before, raw)
        if not timed and decoded.reading is not None and decoded.reading.clock is Clock.CLAMPED:
            utc_us = _own_utc_us(decoded.reading)
            if is_writable(utc_us):  # else it is no time that could be written down
                raw = replace(raw, arrival_us=utc_us)
                after, decoded = own.decode(before, raw)
        self._own[device] = after
        meant = {"observations": [], "events": [], "alarm": None} | forms.of_own(decoded, timed=timed)
        readings = [] if decoded.reading is None else [decoded.reading]
        why: dict[str, Any] = {"family": "shouwang", "recognised": "own", "base": topics.ROOT}
        why |= self._reasons.of(meant, readings, retain=raw.retain) | {"not_events": _kept_back(raw)}
        why["alarm"], why["time"] = reasons.alarm(meant, why["not_events"]), reasons.time_of_own(decoded.reading)
        why["events"] = ["told"] * len(meant["events"])
        why["kind"] = _own_kind(decoded, meant, why, raw)
        if decoded.entry is not None:
            why["sentence"] = decoded.entry.sentence
        parts = parts and why["kind"] not in _NOT_READ
        left = unused(raw.payload, lambda some: _own_gist(before, replace(raw, payload=some))) if parts else None
        return meant | {"why": why} | ({"unused": left} if left else {})


def _gist(told: Told) -> Any:
    """Return all that a message came to, but for the payload that its readings carry along."""
    readings = [msgspec.structs.replace(each, payload=b"") for each in told.readings]
    refused = None if told.entry is None else (told.entry.reason, told.entry.kept)
    return told.meaning, readings, refused, told.root, told.memories, told.claims, told.releases


def _own_gist(before: DeviceState, raw: RawMessage) -> Any:
    after, decoded = own.decode(before, raw)
    reading = None if decoded.reading is None else msgspec.structs.replace(decoded.reading, payload=b"")
    return after, reading, None if decoded.entry is None else decoded.entry.reason


def _kept_back(raw: RawMessage) -> list[dict[str, Any]]:
    """Return the events of one of our own devices that the broker remembered: they are not of now."""
    if not raw.retain:
        return []
    reading = own.decode(NEW_DEVICE, replace(raw, retain=False))[1].reading
    events = () if reading is None else reading.events
    return [{"type": event, "value": True, "why": "remembered"} for event in events]


def _own_kind(decoded: Decoded, meant: dict[str, Any], why: dict[str, Any], raw: RawMessage) -> str:
    if "quarantine" in meant:
        return "refused"
    if decoded.reading is None:
        return "plumbing" if raw.payload else "deleted"
    return reasons.kind_of_state(meant, why, retain=raw.retain)


def _own_utc_us(reading: Reading) -> int:
    """Return the UTC that one of our own devices claims, at the end of what it covers."""
    if reading.kind is ReadingKind.FRAME:
        block = frame.decode(reading.payload)
        return block.utc_us + block.duration_us
    body = msgspec.json.decode(reading.payload)
    return int(body["utc_us"])
