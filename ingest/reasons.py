"""Why a message means what it means: a short code for each thing, which the console has words for. Pure but for order.

Compared with what the same reader was told before, and with what the message would mean if nothing had been told
before: what it then would be and is not, is a repetition or is only remembered.
"""

from collections import OrderedDict
from collections.abc import Iterable
from typing import Any

from ingest.decoders.meaning import ALARMS, Meaning
from ingest.decoders.told import Told
from schemas.reading import Clock, Reading

#: Values remembered for comparing, and readings by their keys: a home of 300 sensors has some 3,000 values.
MOST_VALUES, MOST_KEYS = 20_000, 5_000
#: Radio and nothing else: a message in which only these differ says nothing new.
_NOISE = frozenset({"link_quality", "rssi"})

Code = dict[str, Any]


class Reasons:
    """What was told before, as far as it says why. One for each reader of messages."""

    def __init__(self) -> None:
        self._values: OrderedDict[tuple[Any, ...], Any] = OrderedDict()
        self._keys: OrderedDict[str, None] = OrderedDict()

    def of(self, said: Code, readings: Iterable[Reading], *, retain: bool) -> Code:
        """Return the codes of what was observed and of what happened, each in the order of ``said``."""
        readings = tuple(readings)
        devices = tuple(dict.fromkeys(each.device for each in readings))
        again = [self._again(each.key) for each in readings]
        # All are compared before any is remembered: a state and its event are often told together.
        seen = {(*devices, each["type"], nth): each["value"] for nth, each in _numbered(said["observations"])}
        happened = {(*devices, each["type"], 0): each["value"] for each in said["events"]}
        changes = {key: self._change(key, value) for key, value in (happened | seen).items()}
        events = [self._event(changes[(*devices, each["type"], 0)], each, said) for each in said["events"]]
        self._remember(happened | seen)
        return {
            "devices": list(devices),
            "observations": ["remembered" if retain else changes[key] for key in seen],
            "events": events,
            "signs": _signs(said, readings),
            "duplicate": bool(again) and all(again),
        }

    def _again(self, key: str) -> bool:
        known = key in self._keys
        self._keys[key] = None
        if len(self._keys) > MOST_KEYS:
            self._keys.popitem(last=False)
        return known

    def _event(self, change: str, event: Code, said: Code) -> str:
        if _is_press(event["type"], str(said.get("dedupe_key", "")).partition(":")[2]):
            return "press"
        # A word is what the sender says has happened: a zone was entered.
        return "told" if change == "repeat" or isinstance(event["value"], str) else change

    def _change(self, key: tuple[Any, ...], value: Any) -> str:
        if key not in self._values:
            return "first"
        return "repeat" if self._values[key] == value else "change"

    def _remember(self, told: dict[tuple[Any, ...], Any]) -> None:
        for key, value in told.items():
            self._values[key] = value
            self._values.move_to_end(key)
        while len(self._values) > MOST_VALUES:
            self._values.popitem(last=False)


def _numbered(seen: list[Code]) -> list[tuple[int, Code]]:
    """Return each with how many of its type stood before it: a message of a gateway can have several of a kind."""
    counts: dict[str, int] = {}
    found = []
    for each in seen:
        nth = counts.get(each["type"], 0)
        counts[each["type"]] = nth + 1
        found.append((nth, each))
    return found


def _is_press(kind: str, dedupe_key: str) -> bool:
    """Whether an event is a press, which needs no value that changes; ``dedupe_key`` begins with what it numbers."""
    return kind == "button" or (kind == "sos" and dedupe_key.partition(":")[0] in ("sos", "action"))


def _signs(said: Code, readings: tuple[Reading, ...]) -> list[str]:
    """Return the readings' further events: states that changed just now and show somebody."""
    told = {each["type"] for each in said["events"]}
    names = (name for each in readings for name in each.events)
    return [name for name in dict.fromkeys(names) if _kind(name) not in told]


def _kind(name: str) -> str:
    return "door_open" if name == "door_closed" else name.removesuffix("_ended")


def not_events(actual: Meaning, fresh: Meaning, *, retain: bool) -> list[Code]:
    """Return what would be an event had nothing been told before and were it live, and is none, each with why."""
    found = []
    for event in fresh.events:
        if event in actual.events:
            continue
        pressed = _is_press(event.type, fresh.dedupe_key or "")
        code = "remembered" if retain else "duplicate" if pressed else "repeat"
        found.append({"type": event.type, "value": event.value, "why": code})
    return found


def alarm(said: Code, missed: list[Code]) -> str:
    """Return why it rings (``happened``, ``by_rule``), or why not: ``none``, or what kept a danger from being news."""
    if said["alarm"] is not None:
        return "by_rule" if said["alarm"] == "by_rule" else "happened"
    held = (each["why"] for each in missed if each["type"] in ALARMS and each["value"] is True)
    return next(held, "none")


def time_of(meaning: Meaning) -> str:
    """Return where the time comes from: ``device``, or arrival because of something."""
    if meaning.time_us is not None:
        return "device"
    if meaning.claimed_us is None:
        return "no_time"
    return "not_believed" if {"time", "last_seen"} & set(meaning.implausible) else "made_by_gateway"


_CLOCKS = {Clock.DEVICE: "device", Clock.BOOT: "boot_clock", Clock.CLAMPED: "not_believed", Clock.ARRIVAL: "no_time"}


def time_of_own(reading: Reading | None) -> str:
    """Return where the time of one of our own devices comes from."""
    return "no_time" if reading is None else _CLOCKS[reading.clock]


def kind_of(told: Told, said: Code, why: Code, *, retain: bool, empty: bool) -> str:
    """Return which kind of message it is (FORMATS.md, 0.1): what may ring, what only stands, and what is neither."""
    if "quarantine" in said:
        return "refused"
    if told.claims or told.releases or told.meaning.entities is not None:
        return "announcement"
    if said.get("ignore"):
        return "deleted" if empty else "plumbing"
    if told.root is not None and not told.readings:
        return "announcement"
    return kind_of_state(said, why, retain=retain)


def kind_of_state(said: Code, why: Code, *, retain: bool) -> str:
    """Return the kind of a message that says how something is or what happened."""
    if not (said["observations"] or said["events"] or why["signs"] or why["not_events"]):
        return "unread" if {"unknown", "implausible"} & set(said) else "plumbing"
    if retain:
        return "remembered"
    if "stream" in said:
        return "stream"
    if said["events"]:
        return "event" if not why["duplicate"] else "duplicate"
    if why["duplicate"] or any(each["why"] == "duplicate" for each in why["not_events"]):
        return "duplicate"
    told = zip(said["observations"], why["observations"], strict=True)
    news = any(code == "first" or (code == "change" and each["type"] not in _NOISE) for each, code in told)
    return "change" if news or why["signs"] else "repeat"
