"""One definition through the decoder: announced by a bridge, then its values one after the other."""

import json
from typing import Any

from bench.definitions.rules import NOT_PUBLISHED, SAYS, SOUNDS, Try, reason_of, tries
from ingest.decoders.families import Families
from ingest.decoders.meaning import ALARMS, event_names
from ingest.decoders.message import RawMessage

_BASE, _NAME = "zigbee2mqtt", "device"
#: Long enough apart that the same press is another one, and no self-test lasts.
_STEP_US = 600_000_000
_NOW_US = 1_790_000_000_000_000
#: Verdicts; of what is not understood at all it is empty.
_RIGHT, _WRONG = "right", "wrong"


def flat(exposes: Any) -> list[dict[str, Any]]:
    """Return all exposes with a property, those inside others too."""
    found: list[dict[str, Any]] = []
    for expose in exposes if isinstance(exposes, list) else []:
        found += flat(expose.get("features"))
        if isinstance(expose.get("property"), str):
            found.append(expose)
    return found


class Bridge:
    """The adapter to the decoder: a fresh bridge that knows this one device."""

    def __init__(self, device: dict[str, Any]) -> None:
        self._families = Families([_BASE])
        self._now_us = _NOW_US
        definition = {key: device.get(key) for key in ("model", "vendor", "description", "exposes")}
        entry = {"type": "EndDevice", "friendly_name": _NAME, "ieee_address": "0x00158d0000000001"}
        self._hear("bridge/devices", [entry | {"definition": definition}], retain=True)

    def say(self, body: dict[str, Any]) -> tuple[dict[str, Any], frozenset[str]]:
        """Return what the platform says of one state message: values by type, and the names of its events."""
        meaning = self._hear(_NAME, body)
        values = {each.type: each.value for each in (*meaning.observations, *meaning.events)}
        return values, frozenset(event_names(meaning))

    def _hear(self, rest: str, body: Any, *, retain: bool = False) -> Any:
        self._now_us += _STEP_US
        told = self._families.decode(RawMessage(f"{_BASE}/{rest}", json.dumps(body).encode(), retain, self._now_us))
        return told[0].meaning


def judged(device: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    """Return ``(care property, name, verdict, reason)`` of each expose that sounds like one; ``""``: unmapped."""
    exposes = device["flat"] = flat(device["exposes"])
    found = []
    for care, pattern in SOUNDS.items():
        for expose in exposes:
            if not pattern.fullmatch(expose["property"]):
                continue
            asked = tries(care, expose, device)
            if not asked:
                continue
            verdict, reason = _judge(care, expose, device, asked)
            found.append((care, expose["property"], verdict, reason))
    return found


def _judge(care: str, expose: dict[str, Any], device: dict[str, Any], asked: list[Try] | str) -> tuple[str, str]:
    bridge, name, says = Bridge(device), expose["property"], SAYS.get(care, frozenset({care}))
    if isinstance(asked, str):
        return _must_be_silent(bridge, expose, asked)
    silent, wrong = 0, []
    for step, each in enumerate(asked):
        values, _ = bridge.say({name: each.value})
        heard = {kind: value for kind, value in values.items() if kind in says}
        if each.expected is None:
            wrong += [f"{each.value!r} -> {kind}" for kind in heard if kind in ALARMS and heard[kind] is True]
        elif not heard:
            silent += 1
        elif not _agrees(care, each.expected, heard):
            wrong.append(f"step {step}: {each.value!r} -> {heard}")
    expected = sum(each.expected is not None for each in asked)
    if wrong or 0 < silent < expected:
        return _WRONG, "; ".join(wrong) or f"{silent} of {expected} values say nothing"
    if silent:
        return "", reason_of(care, expose, device)
    return _RIGHT, ""


def _agrees(care: str, expected: tuple[str, Any], heard: dict[str, Any]) -> bool:
    kind, value = expected
    if care in ("occupancy", "bed") and kind == care:  # motion, presence or a bed that is taken: true is somebody
        return all(told is value for told in heard.values())
    return heard.get(kind) is value if isinstance(value, bool) else heard.get(kind) == value


def _must_be_silent(bridge: Bridge, expose: dict[str, Any], reason: str) -> tuple[str, str]:
    """Whether what is no sensor's word says nothing, whatever is sent."""
    if reason == NOT_PUBLISHED:
        return "", reason
    values = [expose.get("value_on"), expose.get("value_off"), *expose.get("values", ())]
    for value in [each for each in values if each is not None] or [1]:
        said, events = bridge.say({expose["property"]: value})
        if said or events:
            return _WRONG, f"{reason}, and yet {value!r} -> {sorted(said)}"
    return "", reason
