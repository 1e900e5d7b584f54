"""One Zigbee2MQTT device's state message: ``(memory, body) -> (memory, meaning)``. Pure.

The central trap: every message repeats *all* cached properties, so a battery report carries yesterday's
``"occupancy": true``. A key that is there means nothing; only a value that differs from the last one is an event.
What is never cached (``action``) is an event when it is there, once for each press: the same word within DEDUPE_US is
the same press, heard again on another topic. A retained message is remembered and never an event.
"""

from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any

import msgspec

from ingest.decoders import event_time, z2m_values
from ingest.decoders.meaning import ALARMS, Happened, Meaning, Seen, named
from ingest.decoders.z2m_schema import Definition, Property, Scalar
from ingest.decoders.z2m_values import EVENTS, FALLS, NUMBERS, STATES, is_unknown, number, truth, word

#: One press comes as JSON, again on ``.../action``, and again when the bridge asks the device anew.
DEDUPE_US = 5_000_000
#: A self-test takes seconds; what still burns after this is no test, whatever the sensor says.
TEST_US = 5 * 60 * 1_000_000
_TESTED = frozenset({"smoke", "gas", "carbon_monoxide"})
_TEST_BEGAN = "test_us"
#: Decoded even where the bridge's schema does not have them: a schema that lags must not swallow a call for help.
_ALWAYS = frozenset({"action", "sos", "smoke", "water_leak", "fall_status", "fall_down_status", "linkquality"})
#: With one of these, ``occupancy`` is a radar's: somebody is there, moving or not.
_RADAR = frozenset({"fall_status", "fall_down_status", "sensor_status", "target_distance"})
#: With one of these, ``status`` says how a person is there, not how a motor is.
_POSTURE = frozenset({"breathing_rate", "location_x", "location_y"})
#: With one of these, ``voltage`` is the mains', and ``state`` a relay's.
_MAINS = frozenset({"power", "current", "energy"})
#: A sensor's ``state`` is meaningless (old firmware says OFF); a relay has none of these.
_SENSOR = frozenset({"occupancy", "contact", "presence", "water_leak", "smoke", "action"})
#: No mains and no battery pack of a sensor: above is millivolts.
_MILLIVOLTS_FROM = 500.0
#: Epoch milliseconds from the year 1973 on, below which it is no time of a message.
_MILLISECONDS_FROM = 100_000_000_000
_MILLISECONDS_YEAR_10000 = 253_402_300_800_000


class Memory(msgspec.Struct, frozen=True, array_like=True):
    """What must be remembered of one device: last values by property, the last press, when it was last heard."""

    values: dict[str, Scalar] = {}
    action: str = ""
    action_us: int = 0
    last_seen_us: int | None = None
    seq: int = -1
    available: bool | None = None


NEW = Memory()


@dataclass(slots=True)
class _Draft:
    """The meaning while it is put together."""

    memory: Memory
    definition: Definition | None
    body: dict[str, Any]
    retain: bool
    arrival_us: int
    claimed_us: int | None
    values: dict[str, Scalar]
    seen: list[Seen] = field(default_factory=list)
    events: list[Happened] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    implausible: list[str] = field(default_factory=list)
    technical: str | None = None
    dedupe_key: str | None = None
    action: tuple[str, int] | None = None

    def expose(self, key: str) -> Property | None:
        return None if self.definition is None else self.definition.properties.get(key)

    def companions(self, names: frozenset[str]) -> bool:
        exposed = self.definition.properties if self.definition is not None else {}
        return any(name in self.body or name in exposed for name in names)

    def happen(self, kind: str, value: float | bool | str) -> None:
        if not any(event.type == kind for event in self.events):
            self.events.append(Happened(kind, value))

    def change(self, key: str, value: bool | str) -> bool:
        """Remember a value; whether it differs from the last one, in a live message."""
        changed = self.values.get(key) != value
        self.values[key] = value
        return changed and not self.retain


def read(
    memory: Memory, definition: Definition | None, body: dict[str, Any], *, retain: bool, arrival_us: int
) -> tuple[Memory, Meaning]:
    """Return the device's memory after a message with this body, and what it means."""
    claimed_us = last_seen(body.get("last_seen"))
    draft = _Draft(memory, definition, body, retain, arrival_us, claimed_us, dict(memory.values))
    exposed = definition.properties if definition is not None else {}
    for key, value in body.items():
        if not exposed or key in exposed or key in _ALWAYS:
            _property(draft, key, value)
    time_us, implausible = _time(draft)
    after = msgspec.structs.replace(
        memory,
        values=draft.values,
        action=draft.action[0] if draft.action else memory.action,
        action_us=draft.action[1] if draft.action else memory.action_us,
        last_seen_us=claimed_us if claimed_us is not None and not retain else memory.last_seen_us,
    )
    return after, Meaning(
        observations=tuple(draft.seen),
        events=tuple(draft.events),
        moved=tuple(draft.moved),
        technical=draft.technical,
        unknown=tuple(draft.unknown),
        implausible=(*draft.implausible, *implausible),
        time_us=time_us,
        claimed_us=claimed_us,
        dedupe_key=draft.dedupe_key,
    )


def _property(draft: _Draft, key: str, value: Any) -> None:
    if key == "action":
        _action(draft, value)
    elif key in NUMBERS or key == "illuminance_lux":
        _number(draft, key, value)
    elif key in EVENTS:
        _event(draft, key, EVENTS[key], value)
    elif key in STATES:
        _state(draft, key, STATES[key], value)
    elif key == "occupancy":
        _occupancy(draft, value)
    elif key in FALLS:
        _fall(draft, key, value)
    elif key in _OTHERS:
        _OTHERS[key](draft, key, value)


def _binary(draft: _Draft, key: str, value: Any) -> bool | None:
    """Return whether a binary is "on": by the schema's value and JSON type, or by any usual spelling without one."""
    expose = draft.expose(key)
    if expose is not None and expose.form == "binary" and expose.on is not None:
        if _same(value, expose.on):
            return True
        return False if _same(value, expose.off) else None
    if key in z2m_values.INVERTED:
        told = {"open": False, "closed": True, "close": True}.get(value) if isinstance(value, str) else None
        told = truth(value) if told is None else told
        return None if told is None else not told
    return truth(value)


def _same(value: Any, other: Any) -> bool:
    return isinstance(value, bool) == isinstance(other, bool) and value == other


def _event(draft: _Draft, key: str, kind: str, value: Any) -> None:
    expose = draft.expose(key)
    if expose is not None and expose.form not in ("binary", ""):
        return  # ``vibration`` can be the setting of a sensitivity
    on = _binary(draft, key, value)
    if on is None:
        draft.unknown.append(kind)
        return
    if on and _testing(draft, key):
        draft.seen.append(Seen(kind, on))  # not remembered: smoke that outlasts the test is an event then
        return
    known = draft.values.get(key)
    if draft.change(key, on):
        draft.happen(kind, on)
    elif draft.retain:
        _as_it_stands(draft, kind, on, new=known is not True)


def _testing(draft: _Draft, key: str) -> bool:
    """Whether this is somebody's finger on the test button; one that never ends does not mute the sensor for ever."""
    if key not in _TESTED or truth(draft.body.get("test")) is not True:
        return False
    began_us = draft.values.get(_TEST_BEGAN) if draft.values.get("test") is True else None
    return not isinstance(began_us, int | float) or draft.arrival_us - began_us < TEST_US


def _as_it_stands(draft: _Draft, kind: str, on: bool, *, new: bool) -> None:
    """Take what the broker remembered: a state of unknown age. An alarm that we never heard of is worth a look."""
    draft.seen.append(Seen(kind, on))
    if on and new and kind in ALARMS:
        draft.technical = "state_at_start_unclear"


def _state(draft: _Draft, key: str, kind: str, value: Any) -> None:
    expose = draft.expose(key)
    if expose is not None and expose.form not in ("binary", ""):
        return
    on = _binary(draft, key, value)
    if on is None:
        draft.unknown.append(kind)
        return
    draft.seen.append(Seen(kind, on))
    first_no = key not in draft.values and not on  # nothing ended that we know of
    if draft.change(key, on) and kind not in z2m_values.UPKEEP and not first_no:
        draft.moved.append(named(kind, on))


def _occupancy(draft: _Draft, value: Any) -> None:
    """``occupancy`` is motion seen by a motion sensor, presence seen by a radar, or a bed that is taken."""
    if draft.companions(_RADAR):
        _state(draft, "occupancy", "presence", value)
    elif draft.definition is not None and draft.definition.furniture:
        _state(draft, "occupancy", "occupancy", value)
    else:
        _event(draft, "occupancy", "motion", value)
        on = _binary(draft, "occupancy", value)
        if draft.definition is None and on is not None:  # it may be a bed's: nobody has told us
            draft.seen.append(Seen("occupancy", on))


def _fall(draft: _Draft, key: str, value: Any) -> None:
    claim = FALLS[key].get(value) if isinstance(value, str) else None
    if claim is None:
        draft.unknown.append("fall")
        return
    known = draft.values.get(key)
    if draft.change(key, value):
        draft.happen(*claim)
    elif draft.retain:
        _as_it_stands(draft, *claim, new=known != value)


def _posture(draft: _Draft, key: str, value: Any) -> None:
    if not draft.companions(_POSTURE) or is_unknown(value):
        return
    if not isinstance(value, str) or value not in z2m_values.POSTURES:
        draft.unknown.append("posture")
        return
    before = draft.values.get(key)
    changed = draft.change(key, value)
    draft.seen.append(Seen("posture", value))
    if changed and "falling" in (value, before):
        draft.happen("fall", value == "falling")
    elif draft.retain and value == "falling":
        _as_it_stands(draft, "fall", True, new=before != value)


def _position(draft: _Draft, _key: str, value: Any) -> None:
    x, y = number(value), number(draft.body.get("location_y"))
    if x is not None and y is not None:
        draft.seen.append(Seen("position_cm", (x, y)))


def _presence_event(draft: _Draft, key: str, value: Any) -> None:
    if is_unknown(value):
        return
    if not isinstance(value, str) or value not in z2m_values.PRESENCE_EVENTS:
        draft.unknown.append(key)
    elif draft.change(key, value):
        draft.happen("presence_event", value)


def _pressure(draft: _Draft, key: str, value: Any) -> None:
    if not isinstance(value, str) or value not in z2m_values.PRESSURE_STATES:
        draft.unknown.append(key)
        return
    draft.seen.append(Seen(key, value))
    taken, was_taken = value != "none", draft.values.get(key, "none") != "none"
    if draft.change(key, value) and taken is not was_taken:
        draft.moved.append(named("chair", taken))


def _self_test(draft: _Draft, key: str, value: Any) -> None:
    on = truth(value)
    if on is None:
        return
    if on and draft.values.get(key) is not True:
        draft.values[_TEST_BEGAN] = draft.arrival_us
    if draft.change(key, on) and on:
        draft.happen("self_test", True)


def _relay(draft: _Draft, key: str, value: Any) -> None:
    if draft.expose(key) is None and any(name in draft.body for name in _SENSOR):
        return
    on = _binary(draft, key, value)
    if on is not None:  # a cover's or a lock's words are none
        draft.seen.append(Seen("switch", on))
        first_no = key not in draft.values and not on
        if draft.change(key, on) and not first_no:
            draft.moved.append(named("appliance", on))


def _number(draft: _Draft, key: str, value: Any) -> None:
    if key == "illuminance" and number(draft.body.get("illuminance_lux")) is not None:
        return  # of the two, ``illuminance`` was a raw count once
    kind = NUMBERS["illuminance" if key == "illuminance_lux" else key]
    found = number(value)
    if found is None:
        draft.unknown.append(kind.type)
        return
    expose = draft.expose(key)
    factor = z2m_values.UNIT_FACTORS.get((key, expose.unit)) if expose is not None else None
    name = kind.type
    if key == "voltage":
        if factor is None and found >= _MILLIVOLTS_FROM:
            factor = 0.001
        name = "voltage" if draft.companions(_MAINS) else "battery_voltage"
    if factor is not None:
        found = round(found * factor, 6)
    if kind.low <= found <= kind.high:
        draft.seen.append(Seen(name, found, kind.unit))
    else:
        draft.implausible.append(name)


def _action(draft: _Draft, value: Any) -> None:
    if value is None or value == "" or draft.retain:  # null and empty are the end of a press, not one
        return
    pressed = word(value)
    expose = draft.expose("action")
    allowed = expose.words if expose is not None else ()
    help_wanted = pressed in z2m_values.SOS_ACTIONS
    if pressed is None or (
        allowed and not help_wanted and not any(fnmatchcase(pressed, pattern) for pattern in allowed)
    ):
        draft.unknown.append("action")
        return
    draft.dedupe_key = f"action:{pressed}"
    if _pressed_already(draft, pressed):
        return
    draft.action = (pressed, draft.arrival_us)
    if help_wanted:
        draft.happen("sos", True)
    elif pressed in z2m_values.OBJECT_ACTIONS:
        draft.happen(z2m_values.OBJECT_ACTIONS[pressed], True)
    else:
        draft.happen("button", pressed)


def _pressed_already(draft: _Draft, pressed: str) -> bool:
    memory = draft.memory
    if memory.action != pressed:
        return False
    if draft.claimed_us is not None and draft.claimed_us == memory.last_seen_us:
        return True  # the very same message of the device, told again
    return abs(draft.arrival_us - memory.action_us) < DEDUPE_US


def last_seen(value: Any) -> int | None:
    """Return ``last_seen`` in microseconds since 1970 UTC: ISO with an offset or epoch milliseconds; else None."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        found = number(value)
        believed = found is not None and _MILLISECONDS_FROM <= found < _MILLISECONDS_YEAR_10000
        return round(found * 1000) if found is not None and believed else None
    if not isinstance(value, str):
        return None
    try:
        told = datetime.fromisoformat(value)
        return None if told.tzinfo is None else round(told.timestamp() * 1e6)
    except (ValueError, OverflowError):
        return None


def _time(draft: _Draft) -> tuple[int | None, tuple[str, ...]]:
    """Return when it happened by the device (None: arrival), and what of its time cannot be."""
    if draft.claimed_us is None:
        return None, ()
    if not event_time.believable(draft.claimed_us, draft.arrival_us):
        return None, ("last_seen",)
    # The bridge made this one by itself (its timer ends motion): the device was last heard before it happened.
    if draft.claimed_us == draft.memory.last_seen_us and draft.events:
        return None, ()
    return draft.claimed_us, ()


_OTHERS = {
    "status": _posture,
    "location_x": _position,
    "presence_event": _presence_event,
    "pressure_state": _pressure,
    "test": _self_test,
    "state": _relay,
}
