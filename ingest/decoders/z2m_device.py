"""One Zigbee2MQTT device's state message: ``(memory, body) -> (memory, meaning)``. Pure.

The central trap: every message repeats *all* cached properties, so a battery report carries yesterday's
``"occupancy": true``. A key that is there means nothing; only a value that differs from the last one is an event.
What is never cached (``action``) is an event when it is there, once for each press (z2m_press). A retained message is
remembered and never an event.
"""

from typing import Any

from ingest.decoders import event_time, z2m_names, z2m_press, z2m_signs, z2m_values
from ingest.decoders.meaning import Meaning, Seen
from ingest.decoders.memory import Memory
from ingest.decoders.values import number, time_of
from ingest.decoders.z2m_memory import Draft
from ingest.decoders.z2m_schema import Definition
from ingest.decoders.z2m_values import EVENTS, FALLS, NUMBERS, STATES

#: Decoded even where the bridge's schema does not have them: a schema that lags must not swallow a call for help.
_ALWAYS = frozenset(
    {
        "action",
        "sos",
        "sos_alarm",
        "smoke",
        "gas",
        "carbon_monoxide",
        "test",
        "water_leak",
        "fall_status",
        "fall_down_status",
    }
)
#: With one of these, ``voltage`` is the mains', and ``state`` a relay's.
_MAINS = frozenset({"power", "current", "energy"})
#: No mains and no battery pack of a sensor: above is millivolts.
_MILLIVOLTS_FROM = 500.0


def read(
    memory: Memory, definition: Definition | None, body: dict[str, Any], *, retain: bool, arrival_us: int
) -> tuple[Memory, Meaning]:
    """Return the device's memory after a message with this body, and what it means."""
    claimed_us = time_of(body.get("last_seen"))
    draft = Draft(memory, retain, arrival_us, claimed_us, dict(memory.values), definition=definition, body=body)
    exposed = definition.properties if definition is not None else {}
    anything = not exposed and (definition is None or not definition.announced)
    for key, value in body.items():
        if anything or key in exposed or key in _ALWAYS:
            _property(draft, key, value)
    time_us, implausible = _time(draft)
    return draft.remembered(), Meaning(
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


def _property(draft: Draft, key: str, value: Any) -> None:
    expose = draft.expose(key)
    name = (expose.of or key) if expose is not None else z2m_names.SAME.get(key, key)
    if name == "action":
        z2m_press.action(draft, value)
    elif name in NUMBERS or name == "illuminance_lux":
        _number(draft, key, name, value)
    elif name in EVENTS:
        z2m_signs.event(draft, key, EVENTS[name], value)
    elif name in STATES:
        z2m_signs.state(draft, key, STATES[name], value)
    elif name == "occupancy":
        z2m_signs.occupancy(draft, key, value)
    elif name in FALLS:
        z2m_signs.fall(draft, key, value)
    elif name in z2m_signs.OTHERS:
        z2m_signs.OTHERS[name](draft, key, value)


def _number(draft: Draft, key: str, name: str, value: Any) -> None:
    if name == "illuminance" and number(draft.body.get("illuminance_lux")) is not None:
        return  # of the two, ``illuminance`` was a raw count once
    kind = NUMBERS["illuminance" if name == "illuminance_lux" else name]
    found = number(value)
    if found is None:
        draft.unknown.append(kind.type)
        return
    expose = draft.expose(key)
    factor = z2m_values.UNIT_FACTORS.get((name, expose.unit)) if expose is not None else None
    type_ = kind.type
    if name == "voltage":
        if factor is None and found >= _MILLIVOLTS_FROM:
            factor = 0.001
        type_ = "voltage" if draft.companions(_MAINS) else "battery_voltage"
    if factor is not None:
        found = round(found * factor, 6)
    if kind.low <= found <= kind.high:
        draft.seen.append(Seen(type_, found, kind.unit))
    else:
        draft.implausible.append(type_)


def _time(draft: Draft) -> tuple[int | None, tuple[str, ...]]:
    """Return when it happened by the device (None: arrival), and what of its time cannot be."""
    if draft.claimed_us is None:
        return None, ()
    if not event_time.believable(draft.claimed_us, draft.arrival_us):
        return None, ("last_seen",)
    # The bridge made this one by itself (its timer ends motion): the device was last heard before it happened.
    if draft.claimed_us == draft.memory.last_seen_us and draft.events:
        return None, ()
    return draft.claimed_us, ()
