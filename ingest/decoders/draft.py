"""One device's part of a message's meaning, while it is put together: what is news, what only looks like it. Pure.

The rules that hold for every family (docs/devices.md): only a value that *differs* from the last, in a live message,
is an event; what the broker remembered is a state of unknown age; one press is one event however often it arrives;
what the sender does not know is no value, and what cannot be is none either.
"""

from dataclasses import dataclass, field
from typing import Any

import msgspec

from ingest.decoders import event_time
from ingest.decoders.meaning import ALARMS, Happened, Meaning, Scalar, Seen, named
from ingest.decoders.memory import MOST_PRESSES, MOST_VALUES, Memory
from ingest.decoders.quantities import DISTANCES, QUANTITIES, Quantity
from ingest.decoders.values import is_unknown, number, word

#: States of the device itself: no sign of a person.
UPKEEP = frozenset({"tamper", "battery_low", "available", "bridge_available", "charging"})
#: A press without a number of its own that comes again within this is the same press.
PRESS_AGAIN_US = 5_000_000
#: Degrees, 110 m: nobody lives so near to where the equator meets Greenwich's meridian; a buoy floats there.
NO_FIX = 0.001
#: Worse than the Earth's girth is no accuracy, metres.
WORST_M = 40_000_000.0


@dataclass(slots=True)
class Draft:
    """``claimed_us`` is the device's own time of the message, microseconds since 1970 UTC; None: it does not say."""

    memory: Memory
    retain: bool
    arrival_us: int
    claimed_us: int | None = None
    values: dict[str, Scalar] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)
    events: list[Happened] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    implausible: list[str] = field(default_factory=list)
    technical: str | None = None
    dedupe_key: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    pressed: tuple[str, str, str] | None = None  # its name, its button, and the mark that numbers it
    available: bool | None = None
    history: bool = False  # the sender itself says that this is of the past: never an event
    again: bool = False  # told before in the same words (another gateway heard it too): no reading is made of it

    @classmethod
    def of(cls, memory: Memory, *, retain: bool, arrival_us: int) -> "Draft":
        """Return an empty draft of what a message says of the device with this memory."""
        return cls(memory, retain, arrival_us, values=dict(memory.values))

    @property
    def live(self) -> bool:
        """Whether what this message says can have happened just now."""
        return not self.retain and not self.history

    def see(self, kind: str, value: float | bool | str | tuple[float, ...], unit: str = "") -> None:
        """Note a value as it stands."""
        self.seen.append(Seen(kind, value, unit))

    def happen(self, kind: str, value: float | bool | str) -> None:
        """Note an event, once for each type and value."""
        if Happened(kind, value) not in self.events:
            self.events.append(Happened(kind, value))

    def change(self, key: str, value: bool | float | str) -> bool:
        """Remember a value; whether it differs from the last one, in a live message."""
        changed = self.values.get(key) != value
        if self.history:  # of the past: what is known of now stays
            return False
        if key in self.values or len(self.values) < MOST_VALUES:
            self.values[key] = value
        return changed and not self.retain

    def number(self, kind: str, value: Any, *, factor: float = 1.0) -> float | None:
        """Take a measured number of ``quantities`` (``factor`` makes it our unit); return it where it is one."""
        return self._measured(QUANTITIES[kind], value, factor)

    def distance(self, value: Any, unit: str) -> float | None:
        """Take a distance in ``m`` or ``cm``."""
        return self._measured(DISTANCES[unit], value, 1.0)

    def _measured(self, quantity: Quantity, value: Any, factor: float) -> float | None:
        found = number(value)
        if found is None:
            self.unknown.append(quantity.type)
            return None
        if factor != 1.0:
            found = round(found * factor, 6)
        if not quantity.low <= found <= quantity.high:
            self.implausible.append(quantity.type)
            return None
        self.see(quantity.type, found, quantity.unit)
        return found

    def place(self, lat: Any, lon: Any, accuracy: Any = None) -> bool:
        """Take a position in degrees; whether it is one. ``accuracy``: metres, the radius of 68 %; 0: not told.

        0, 0 is what a receiver without a fix says, also rounded.
        """
        north, east, radius = number(lat), number(lon), number(accuracy)
        if north is None or east is None:
            self.unknown.append("location")
            return False
        if abs(north) > 90 or abs(east) > 180 or (abs(north) < NO_FIX and abs(east) < NO_FIX):
            self.implausible.append("location")
            return False
        self.see("lat", north, "°")
        self.see("lon", east, "°")
        if radius is not None and 0 < radius <= WORST_M:
            self.see("accuracy", radius, "m")
        return True

    def event(self, kind: str, on: bool | None, *, key: str = "") -> None:
        """Take what is true or false and an event when it changes: motion, a door, smoke. None: it is not known.

        ``key`` is the name in the device's memory, where it has several of a kind.
        """
        if on is None:
            self.unknown.append(kind)
            return
        key = key or kind
        known = self.values.get(key)
        self.see(kind, on)
        if self.change(key, on):
            self.happen(kind, on)
        elif self.retain and not self.history and on and known is not True and kind in ALARMS:
            self.technical = "state_at_start_unclear"  # an alarm that we never heard of is worth a look

    def state(self, kind: str, on: bool | None, *, key: str = "") -> None:
        """Take what is true or false and holds until it is told otherwise: presence, a relay, tamper."""
        if on is None:
            self.unknown.append(kind)
            return
        key = key or kind
        self.see(kind, on)
        first_no = key not in self.values and not on  # nothing ended that we know of
        if self.change(key, on) and kind not in UPKEEP and not first_no:
            self.moved.append(named(kind, on))

    def press(self, pressed: Any, *, kind: str = "button", button: str = "", mark: str = "") -> None:
        """Take a press: ``kind`` is ``button`` with the word, or ``sos`` (any alarm) when it calls for help.

        ``mark`` is what numbers it (a counter, a packet id, its own time): the same one is never told twice. Without
        one, the same press again within 5 s is the same. What is null or empty is no press, and what the broker
        remembered is none either.
        """
        if is_unknown(pressed):
            return
        told = word(pressed)
        if told is None:
            self.unknown.append(kind)
            return
        self.dedupe_key = f"{kind}:{button}:{told}:{mark}" if mark or button else f"{kind}:{told}"
        if self._again(f"{button}:{told}", button, mark):
            return
        self.happen(kind, True if kind in ALARMS else told)

    def _again(self, name: str, button: str, mark: str) -> bool:
        """Whether this press was told before, or is not of now; remembers it."""
        if mark:
            again = self.memory.presses.get(button) == mark
        else:
            again = self.memory.press == name and abs(self.arrival_us - self.memory.press_us) < PRESS_AGAIN_US
        if not again:
            self.pressed = (name, button, mark)
        return again or not self.live

    def reachable(self, online: bool, *, bridge: bool = False) -> None:
        """Take whether the device, or the bridge it is, can be heard."""
        self.see("bridge_available" if bridge else "available", online)
        self.available = online
        if not online:
            self.technical = "bridge_offline" if bridge else "sensor_offline"

    def noted(self, technical: str) -> int:
        """Return when somebody was last told this of the device, 0: never."""
        told = self.memory.values.get(f"noted:{technical}")
        return int(told) if isinstance(told, int | float) else 0

    def note(self, technical: str) -> None:
        """Remember that somebody is told this now."""
        self.values[f"noted:{technical}"] = self.arrival_us

    def believed_us(self) -> int | None:
        """Return the device's own time where it can be true: 7 days before to 5 minutes after arrival."""
        if self.claimed_us is None:
            return None
        return self.claimed_us if event_time.believable(self.claimed_us, self.arrival_us) else None

    def meaning(self) -> Meaning:
        """Return what the device said."""
        time_us = self.believed_us()
        not_believed = ("time",) if self.claimed_us is not None and time_us is None else ()
        return Meaning(
            observations=tuple(self.seen),
            events=tuple(self.events),
            moved=tuple(self.moved),
            technical=self.technical,
            unknown=tuple(dict.fromkeys(self.unknown)),
            implausible=(*dict.fromkeys(self.implausible), *not_believed),
            time_us=time_us,
            claimed_us=self.claimed_us,
            dedupe_key=self.dedupe_key,
            facts=self.facts,
        )

    def remembered(self) -> Memory:
        """Return the device's memory after this message."""
        memory, presses = self.memory, self.memory.presses
        press, press_us = memory.press, memory.press_us
        if self.pressed is not None:
            name, button, mark = self.pressed
            if mark:
                presses = dict(list({**presses, button: mark}.items())[-MOST_PRESSES:])
            else:
                press, press_us = name, self.arrival_us
        seen_us = memory.last_seen_us if self.claimed_us is None or self.retain else self.claimed_us
        return msgspec.structs.replace(
            memory,
            values=self.values if self.values != memory.values else memory.values,
            press=press,
            press_us=press_us,
            presses=presses,
            last_seen_us=seen_us,
            available=memory.available if self.available is None else self.available,
        )
