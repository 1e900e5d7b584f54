"""Whose a value is, where one Tasmota device tells of many things: its own, a part's, or another device's. Pure.

- What has an identity of its own is a device of its own, bound apart: a probe on a wire (``DS18B20-1``, by its Id,
  for the number changes when another is plugged in), a Bluetooth, Zigbee or LoRa sensor that is only heard through it.
- Everything else is the device's. Where it has two of a kind (two relays, three phases, a second thermometer), the
  one that was heard first stays the device's own, and each further one is a device ``<topic> <part>``, so that no value
  overwrites another, and none changes places when a sensor fails.
"""

from collections.abc import Mapping

from ingest.decoders.draft import Draft
from ingest.decoders.memory import MOST_VALUES, NEW, Memory
from ingest.decoders.message import RawMessage
from ingest.decoders.told import Telling, device_id
from ingest.decoders.values import MAX_WORD, number

NAME = "tasmota"
#: Devices that one message can speak of; a bridge sends one to four.
MOST_PARTS = 48
#: A battery at or below this share, %, is changed before the sensor falls silent.
LOW_BATTERY = 20
#: In the memory of a device: which part owns a kind of value.
_OWNER = "of:"
_LOW = "battery_is_low"


class Parts:
    """The devices of one message. ``history``: it is the answer to a question, and no news."""

    def __init__(
        self, message: RawMessage, memories: Mapping[str, Memory], main: str, names: tuple[str, ...], *, history: bool
    ) -> None:
        self.message = message
        self.telling = Telling(message, memories)
        self.main = main
        self.names = names
        self.claimed_us: int | None = None
        self.label = "/".join(names)[:MAX_WORD]  # what people call the device that hears
        self.children: list[str] = []
        self.gateway = False
        self._memories = memories
        self._history = history
        self._drafts: dict[str, Draft] = {}

    @property
    def empty(self) -> bool:
        """Whether nothing was told yet."""
        return not self._drafts

    def own(self, *, status: bool = False) -> Draft:
        """Return the draft of the Tasmota device itself."""
        return self._draft(self.main, status=status)

    def part(self, name: str, *kinds: str) -> Draft | None:
        """Return the draft for values of these kinds that the device's part ``name`` tells; None: too many parts."""
        owned = [self._owner(kind) for kind in kinds]
        if any(owner not in (None, name) for owner in owned):
            return self.child(name)
        draft = self.own()
        for kind in kinds:
            if len(draft.values) < MOST_VALUES:
                draft.values.setdefault(f"{_OWNER}{kind}", name)
        return draft

    def child(self, *names: str, alone: bool = False, radio: bool = False) -> Draft | None:
        """Return the draft of another device that this message tells of; None: too many.

        ``alone``: it has an identity whoever hears it. ``radio``: the Tasmota device is its gateway.
        """
        device = device_id(self.message, NAME, *(() if alone else self.names), *names)
        if device not in self._drafts and len(self._drafts) >= MOST_PARTS:
            return None
        if device not in self.children:
            self.children.append(device)
        self.gateway = self.gateway or radio
        return self._draft(device)

    def _owner(self, kind: str) -> object:
        draft = self._drafts.get(self.main)
        values = self._memories.get(self.main, NEW).values if draft is None else draft.values
        return values.get(f"{_OWNER}{kind}")

    def _draft(self, device: str, *, status: bool = False) -> Draft:
        draft = self._drafts.get(device)
        if draft is None:
            draft = self.telling.of(device, status=status)
            draft.claimed_us, draft.history = self.claimed_us, self._history
            self._drafts[device] = draft
        return draft


def battery(draft: Draft, percent: object) -> None:
    """Take a battery's charge; one that is nearly empty is told once."""
    found = draft.number("battery", percent)
    if found is not None:
        low_battery(draft, low=found <= LOW_BATTERY)


def low_battery(draft: Draft, *, low: bool) -> None:
    """Take whether a battery is nearly empty: news once, not with every message."""
    known = draft.values.get(_LOW)
    if low and known is not True:
        draft.technical = "low_battery"
    if low or known is not None:
        draft.values[_LOW] = low


def relay(draft: Draft, key: str, on: bool | None) -> None:
    """Take whether a relay or a light is on; people use appliances, so a change is a sign of somebody."""
    if on is None:
        return
    draft.see("switch", on)
    first_no = key not in draft.values and not on
    if draft.change(key, on) and not first_no:
        draft.moved.append("appliance" if on else "appliance_ended")


def measured(draft: Draft, kind: str, value: object, unit: str, low: float, high: float) -> None:
    """Take a number that only this family tells."""
    found = number(value)
    if found is None:
        draft.unknown.append(kind)
    elif not low <= found <= high:
        draft.implausible.append(kind)
    else:
        draft.see(kind, found, unit)
