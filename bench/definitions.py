"""``python -m bench definitions FILE``: of all Zigbee definitions, for how many what matters in care is understood.

FILE is a list of definitions with their ``exposes``, as Zigbee2MQTT's converters have them (gzipped JSON with
``devices``). Each device is announced as its bridge would, then each property that matters says what it can say, and
what the platform understands is judged by the rules here, which are written from the definitions' own descriptions and
not from the decoder.
"""

import argparse
import gzip
import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ingest.decoders.families import Families
from ingest.decoders.meaning import Meaning
from ingest.decoders.message import RawMessage

BASE = "zigbee2mqtt"
_NOW_US = 1_790_000_000_000_000
_STEP_US = 10_000_000
#: Bit of ``access``: published in the state.
_PUBLISHED = 1
#: Names of exposes that matter, and what the platform says for "on": type of event or observation.
_BINARIES = {
    "occupancy": ("motion", "presence", "occupancy"), "presence": ("presence",), "contact": ("door_open",),
    "sos": ("sos",), "vibration": ("vibration",), "water_leak": ("water_leak",), "smoke": ("smoke",), "gas": ("gas",),
    "carbon_monoxide": ("carbon_monoxide",), "tamper": ("tamper",), "moving": ("moving",),
}  # fmt: skip
#: A number in the definition's unit, and what it is in ours.
_NUMBERS = {"battery": (50, 50), "temperature": (21.5, 21.5), "humidity": (45.0, 45.0), "illuminance": (120, 120)}
_FALLS = {"fall_status": ("fall_alarm",), "fall_down_status": ("fall",), "fall_detection": (), "status": ("falling",)}
#: Words of actions that call for help, and that say what happened to a thing.
_HELP, _OBJECT = frozenset({"emergency", "panic", "sos"}), frozenset({"vibration", "tilt", "drop", "fall"})
#: A binary that is on its head: what it says is true when it is shut.
_TRUE_IS_CLOSED = "closed (= true)"


@dataclass(slots=True)
class Counts:
    """Of one property: how many definitions have it, understood, understood wrongly, and why the others are not."""

    there: int = 0
    right: int = 0
    wrong: list[str] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)


def main(arguments: list[str]) -> int:
    """Count; 0, 1 where something is understood wrongly, 2 for a file that cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m bench definitions", description="Zigbee definitions understood.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(arguments)
    try:
        devices = load(given.file)
    except (OSError, ValueError, KeyError) as error:
        print(f"bench definitions: {given.file} cannot be read: {error}", file=sys.stderr)
        return 2
    counts = count(devices)
    if given.json:
        print(json.dumps({name: _plain(each) for name, each in counts.items()}, indent=1))
    else:
        print(f"{len(devices)} definitions\n" + "\n".join(lines(counts)))
    return 1 if any(each.wrong for each in counts.values()) else 0


def load(path: Path) -> list[dict[str, Any]]:
    """Return the definitions of a file. Raises OSError, ValueError, KeyError."""
    data = path.read_bytes()
    told = json.loads(gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data)
    devices: list[dict[str, Any]] = told["devices"] if isinstance(told, dict) else told
    return devices


def count(devices: list[dict[str, Any]]) -> dict[str, Counts]:
    """Return what is understood of each property that matters, by its name."""
    counts: dict[str, Counts] = {}
    for device in devices:
        for concept, expose in _relevant(device):
            told = counts.setdefault(concept, Counts())
            told.there += 1
            reason = _why_not(expose)
            if reason is not None:
                told.reasons[reason] += 1
                continue
            verdict = _judged(concept, device, expose)
            if verdict is None:
                told.right += 1
            elif verdict.startswith("wrong"):
                told.wrong.append(f"{device.get('vendor')} {device.get('model')} {expose.get('property')}: {verdict}")
            else:
                told.reasons[verdict] += 1
    return dict(sorted(counts.items()))


def lines(counts: dict[str, Counts]) -> list[str]:
    """Return the counts as lines to read."""
    found = []
    for name, each in counts.items():
        reasons = "; ".join(f"{reason} {number}" for reason, number in each.reasons.most_common())
        found.append(f"{name:16} {each.there:5} there, {each.right:5} understood, {len(each.wrong)} wrong; {reasons}")
        found += [f"    {line}" for line in each.wrong[:20]]
    return found


def _plain(counts: Counts) -> dict[str, Any]:
    return {
        "there": counts.there, "right": counts.right, "wrong": counts.wrong, "not": dict(counts.reasons)
    }  # fmt: skip


def _flat(exposes: Any) -> Iterator[dict[str, Any]]:
    for expose in exposes if isinstance(exposes, list) else []:
        if isinstance(expose, dict):
            yield expose
            yield from _flat(expose.get("features"))


def _relevant(device: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    furniture = any(word in str(device.get("description")).lower().split() for word in ("bed", "chair", "seat"))
    for expose in _flat(device.get("exposes")):
        name = str(expose.get("name"))
        if name == "occupancy" and furniture:
            yield "bed", expose
        elif name in _BINARIES or name in _NUMBERS:
            yield name, expose
        elif name == "pressure_state":
            yield "bed", expose
        elif name == "action":
            yield "action", expose
            if _HELP & set(expose.get("values") or ()):
                yield "sos", expose
        elif name in _FALLS and (name != "status" or "falling" in (expose.get("values") or ())):
            yield "fall", expose


def _why_not(expose: dict[str, Any]) -> str | None:
    """Return why nothing is expected of an expose, by the definition itself."""
    if not expose.get("property"):
        return "no property"
    if not int(expose.get("access") or 0) & _PUBLISHED:
        return "never published"
    if expose.get("category") == "config":
        return "a setting"
    kind, name = expose.get("type"), str(expose.get("name"))
    if name in _BINARIES and kind != "binary":
        return f"no truth but {kind}"
    if name in _NUMBERS and kind != "numeric":
        return f"no number but {kind}"
    return None


class _Bridge:
    """A bridge with one device, that says one thing after the other."""

    def __init__(self, device: dict[str, Any]) -> None:
        self._families, self._now_us = Families([BASE]), _NOW_US
        definition = {key: device.get(key) for key in ("model", "vendor", "description", "exposes")}
        entry = {
            "type": "EndDevice",
            "friendly_name": "d",
            "ieee_address": "0x00158d0000000001",
            "definition": definition,
        }
        self._hear("bridge/devices", [entry])

    def _hear(self, rest: str, body: Any) -> Meaning:
        self._now_us += _STEP_US
        message = RawMessage(f"{BASE}/{rest}", json.dumps(body).encode(), False, self._now_us)
        (told,) = self._families.decode(message)
        return told.meaning

    def say(self, key: str, value: Any) -> Meaning:
        """Return what the device's saying so means."""
        return self._hear("d", {key: value})


def _judged(concept: str, device: dict[str, Any], expose: dict[str, Any]) -> str | None:
    """Return None where it is understood, else a reason; one that begins with ``wrong`` is a defect."""
    key, name = expose["property"], str(expose.get("name"))
    if concept == "action":
        return _action(device, expose)
    if concept == "sos" and name == "action":
        return _help(device, expose)
    if concept == "fall":
        return _fall(device, expose)
    if name == "pressure_state":
        meaning = _Bridge(device).say(key, "sit")
        return None if any(seen.type == "pressure_state" for seen in meaning.observations) else "not understood"
    if name in _NUMBERS:
        value, ours = _NUMBERS[name]
        seen = {each.type: each.value for each in _Bridge(device).say(key, value).observations}
        return None if seen.get(name) == ours else "wrong value" if name in seen else "not understood"
    return _binary(device, expose, _BINARIES[name])


def _binary(device: dict[str, Any], expose: dict[str, Any], types: tuple[str, ...]) -> str | None:
    key, on, off = expose["property"], expose.get("value_on"), expose.get("value_off")
    wanted = True
    if expose.get("name") == "contact" and isinstance(on, bool) and _TRUE_IS_CLOSED in str(expose.get("description")):
        wanted = on is False
    bridge = _Bridge(device)
    bridge.say(key, off)
    meaning = bridge.say(key, on)
    told: dict[str, object] = {seen.type: seen.value for seen in meaning.observations}
    told |= {event.type: event.value for event in meaning.events}
    found = [told[each] for each in types if each in told]
    if not found:
        return "not understood"
    return None if found[0] is wanted else f"wrong: {on!r} is {found[0]}"


def _action(device: dict[str, Any], expose: dict[str, Any]) -> str | None:
    """Each word of an action is a press, a call, or what happened to a thing; none is a person's fall."""
    understood = 0
    for word in expose.get("values") or ():
        if "*" in str(word):
            continue
        events = {event.type for event in _Bridge(device).say(expose["property"], word).events}
        if "fall" in events or (word not in _HELP and "sos" in events):
            return f"wrong: {word} is {sorted(events)}"
        understood += bool(events)
    words = sum("*" not in str(word) for word in expose.get("values") or ())
    return None if understood == words else "not understood" if not understood else "some words not understood"


def _help(device: dict[str, Any], expose: dict[str, Any]) -> str | None:
    for word in sorted(_HELP & set(expose.get("values") or ())):
        if _Bridge(device).say(expose["property"], word).alarm != "sos":
            return "not understood"
    return None


def _fall(device: dict[str, Any], expose: dict[str, Any]) -> str | None:
    words = _FALLS[str(expose.get("name"))]
    for word in words:
        if word in (expose.get("values") or ()):
            return None if _Bridge(device).say(expose["property"], word).alarm == "fall" else "not understood"
    return "no word for a fall"
