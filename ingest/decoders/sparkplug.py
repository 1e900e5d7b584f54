"""Sparkplug B: nurse-call gateways and other industrial nodes, ``spBv1.0/<group>/<kind>/<node>[/<device>]``. Pure.

A node's and a device's BIRTH announce their metrics and say how all stand: a state, no event. DATA is what differs, by
name or, after the birth, by alias alone. DEATH is the last will: everything of a node is stale, told once, and only if
its ``bdSeq`` is that of the last birth. ``is_historical`` is of the past: never news. ``is_null`` is not known.
A metric's name is the maker's own; only a whitelist of last levels is read. One base for each node.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import msgspec

from ingest.decoders.draft import Draft
from ingest.decoders.meaning import ALARMS
from ingest.decoders.memory import MOST_VALUES, Memory
from ingest.decoders.message import RawMessage
from ingest.decoders.sparkplug_wire import Malformed, Metric, Payload, payload_of
from ingest.decoders.sparkplug_words import EVENTS, NUMBERS, kind_of, last_level
from ingest.decoders.told import IGNORED, Telling, Told, bridge_id, device_id, refused, together
from schemas.reading import Reading

NAME = "sparkplug"
OWNS_BASE = False
_LARGEST = 32_768
_NAMESPACE = "spBv1.0"
_KINDS = frozenset({"NBIRTH", "NDEATH", "NDATA", "NCMD", "DBIRTH", "DDEATH", "DDATA", "DCMD"})
#: Aliases and devices of one node that are remembered.
_MOST_ALIASES, _MOST_DEVICES = 1000, 300
#: Moments of the past in one message that become readings of their own.
_MOST_MOMENTS = 24
#: Parts of one message that become readings of their own.
_MOST_PARTS = 40
_SEQUENCE = 256
#: Microseconds: a call that is told so late is still worth a look at whoever made it.
_STILL_OF_USE_US = 86_400_000_000
_BD_SEQ = "bdSeq"


class Root(msgspec.Struct, frozen=True, array_like=True):
    """What one node's births announced: names by ``<device>\\0<alias>``, its devices, and where its numbering is.

    ``parts`` are what is bound apart because a device, or the node, has several of a kind.
    """

    names: dict[str, str] = {}
    devices: tuple[str, ...] = ()
    parts: dict[str, tuple[str, ...]] = {}
    seq: int | None = None
    bd_seq: int | None = None
    online: bool | None = None


NEW_ROOT = Root()


def recognise(topic: str, _payload: bytes) -> str | None:
    """Return ``spBv1.0/<group>/<node>`` for a node's or a device's message."""
    levels = topic.split("/")
    if levels[0] != _NAMESPACE or len(levels) < 3:
        return None
    if levels[1] == "STATE" and len(levels) == 3:
        return f"{_NAMESPACE}/STATE"
    if len(levels) not in (4, 5) or levels[2] not in _KINDS or (levels[2][0] == "D") is not (len(levels) == 5):
        return None
    return f"{_NAMESPACE}/{levels[1]}/{levels[3]}"


def decode(root: Root, memories: Mapping[str, Memory], message: RawMessage, base: str) -> Told:
    """Return what a node's or a device's message came to. Never raises on what a sender wrote."""
    levels = message.local.split("/")
    if base == f"{_NAMESPACE}/STATE" or levels[2].endswith("CMD") or not message.payload:
        return IGNORED  # a host application, a command; or deleted from the broker's memory
    if len(message.payload) > _LARGEST:
        return refused(message, "too-large", f"A message has at most {_LARGEST} bytes.")
    try:
        payload = payload_of(message.payload)
    except Malformed:
        return refused(message, "bad-field", "This is no Sparkplug B payload.")
    said = _Said(root, memories, message, levels)
    match levels[2]:
        case "NDEATH":
            return said.node_died(payload)
        case "DDEATH":
            return said.device_died(payload)
        case _:
            return said.told(payload)


class _Said:
    """One message of a node, or of one of its devices."""

    def __init__(self, root: Root, memories: Mapping[str, Memory], message: RawMessage, levels: list[str]) -> None:
        self._root = root
        self._memories = memories
        self._message = message
        self._kind = levels[2]
        self._sub = levels[4] if len(levels) == 5 else ""
        self._names = (levels[1], *levels[3:])
        self._parts: list[str] = []
        self._device = device_id(message, NAME, *self._names) if self._sub else bridge_id(message, NAME, *self._names)

    def told(self, payload: Payload) -> Told:
        """Take how things stand (a birth) or what has changed (data)."""
        birth = self._kind.endswith("BIRTH")
        root, facts = self._numbered(payload)
        if birth:
            root = self._born(root, payload)
        named = [(self._name(root, metric), metric) for metric in payload.metrics]
        if any(not name for name, _ in named):
            facts["seq_gap"] = True  # announced in a birth that was not heard
        moments: dict[int | None, list[tuple[str, Metric]]] = {None: []}
        for name, metric in named:
            moments.setdefault(metric.time_ms if metric.historical else None, []).append((name, metric))
        past = sorted(moment for moment in moments if moment is not None)[-_MOST_MOMENTS:]
        known, readings, meanings = dict(self._memories), list[Reading](), []
        changed: dict[str, Memory | None] = {}
        note = None
        for moment in [*past, None]:
            if moment is None and not moments[None] and past:
                continue
            told = self._moment(known, payload, moment, moments[moment], birth=birth)
            changed |= told.memories
            known |= {device: memory for device, memory in told.memories.items() if memory is not None}
            readings += told.readings
            meanings.append(told.meaning)
            note = note or told.entry
        root = self._with_parts(root)
        whole = together(meanings)
        meaning = replace(whole, facts={**whole.facts, **facts})
        return Told(meaning, tuple(readings), note, None if root == self._root else root, changed)

    def _moment(
        self,
        memories: Mapping[str, Memory],
        payload: Payload,
        moment: int | None,
        named: list[tuple[str, Metric]],
        *,
        birth: bool,
    ) -> Told:
        telling = Telling(self._message, memories)
        time_ms = payload.time_ms if moment is None else moment
        own = self._draft(telling, self._device, time_ms, birth=birth, past=moment is not None)
        if birth:
            own.reachable(True, bridge=not self._sub)
            if self._sub:  # its aliases are needed to read old messages again: kept with the node's announcements
                telling.of(bridge_id(self._message, NAME, *self._names[:2]), status=True)
        for name, metric in named:
            self._metric(telling, own, name, metric, time_ms, birth=birth)
        return telling.told()

    def _draft(self, telling: Telling, device: str, time_ms: int | None, *, birth: bool, past: bool) -> Draft:
        draft = telling.of(device)
        draft.claimed_us = None if time_ms is None or time_ms >= 2**48 else time_ms * 1000
        draft.history = past
        draft.retain = draft.retain or birth  # how it stands, of unknown age: remembered, and no event
        return draft

    def _metric(
        self,
        telling: Telling,
        own: Draft,
        name: str,
        metric: Metric,
        time_ms: int | None,
        *,
        birth: bool,
    ) -> None:
        found = kind_of(name, metric)
        if found is None:
            return
        if metric.null or metric.value is None:
            own.unknown.append(found)
            return
        draft = own
        owner = own.values.get(f"of:{found}")
        if owner is None and len(own.values) < MOST_VALUES:
            own.values[f"of:{found}"] = name
        elif owner != name:  # a second of its kind is a part of its own
            if len(self._parts) >= _MOST_PARTS:
                return
            part = device_id(self._message, NAME, *self._names, name)
            self._parts.append(part)
            draft = self._draft(telling, part, time_ms, birth=birth, past=own.history)
            if birth:
                draft.see("available", True)
        last = last_level(name)
        if found == "input":
            on = bool(metric.value)
            draft.see("input", on)
            if draft.change(name, on) and on and last == "button":
                draft.press("pressed", button=name)
        elif last in NUMBERS:
            draft.number(found, metric.value)
        elif last in EVENTS:
            draft.event(found, bool(metric.value), key=name)
            if draft.history and metric.value and found in ALARMS and _is_of_today(draft):
                draft.technical = "alarm_while_away"  # history rings nobody, and nobody was rung then
        else:
            draft.state(found, bool(metric.value), key=name)

    def _name(self, root: Root, metric: Metric) -> str:
        return metric.name or root.names.get(f"{self._sub}\0{metric.alias}", "")

    def _numbered(self, payload: Payload) -> tuple[Root, dict[str, Any]]:
        """Return the root with this message's number, and whether messages before it were missed."""
        if payload.seq is None:
            return self._root, {}
        expected = None if self._root.seq is None else (self._root.seq + 1) % _SEQUENCE
        gap = self._kind != "NBIRTH" and payload.seq != expected
        root = msgspec.structs.replace(self._root, seq=payload.seq % _SEQUENCE)
        return root, {"seq_gap": True} if gap else {}

    def _born(self, root: Root, payload: Payload) -> Root:
        prefix = f"{self._sub}\0"
        names = {key: name for key, name in root.names.items() if not key.startswith(prefix)}
        for metric in payload.metrics:
            if metric.alias is not None and metric.name and len(names) < _MOST_ALIASES:
                names[f"{prefix}{metric.alias}"] = metric.name
        if self._sub:
            devices = root.devices
            if self._device not in devices and len(devices) < _MOST_DEVICES:
                devices = (*devices, self._device)
            return msgspec.structs.replace(root, names=names, devices=devices)
        bd_seq = next((m.value for m in payload.metrics if m.name == _BD_SEQ and type(m.value) is int), None)
        return msgspec.structs.replace(root, names=names, bd_seq=bd_seq, online=True)

    def _with_parts(self, root: Root) -> Root:
        known = root.parts.get(self._device, ())
        fresh = [part for part in dict.fromkeys(self._parts) if part not in known]
        if not fresh or len(root.parts) > _MOST_DEVICES or len(known) > _MOST_DEVICES:
            return root
        return msgspec.structs.replace(root, parts={**root.parts, self._device: (*known, *fresh)})

    def node_died(self, payload: Payload) -> Told:
        """Take a node's last will: it and all its devices are not heard any more. That of an older birth is nothing."""
        told = next((metric.value for metric in payload.metrics if metric.name == _BD_SEQ), None)
        if told is not None and self._root.bd_seq is not None and told != self._root.bd_seq:
            return IGNORED
        telling = Telling(self._message, self._memories)
        node = telling.of(self._device, status=True)
        node.see("available", False)
        node.reachable(False, bridge=True)
        if self._root.online is not False:
            parts = [part for each in self._root.parts.values() for part in each]
            for device in dict.fromkeys([*self._root.devices, *parts]):
                telling.of(device, status=True, derived=True).see("available", False)
        return telling.told(root=msgspec.structs.replace(self._root, online=False, seq=None))

    def device_died(self, payload: Payload) -> Told:
        """Take that a device of the node is not heard any more."""
        root, facts = self._numbered(payload)
        telling = Telling(self._message, self._memories)
        telling.of(self._device, status=True).reachable(False)
        for part in self._root.parts.get(self._device, ()):
            telling.of(part, status=True, derived=True).see("available", False)
        said = telling.told(root=None if root == self._root else root)
        return replace(said, meaning=replace(said.meaning, facts={**said.meaning.facts, **facts}))


def _is_of_today(draft: Draft) -> bool:
    return draft.claimed_us is not None and 0 <= draft.arrival_us - draft.claimed_us <= _STILL_OF_USE_US
