"""What a home's sensors tell of people and dangers: what is an event, what a state, and what looks like one. Pure.

Each function takes one property of a message into the draft of its meaning.
"""

from typing import Any

from ingest.decoders import z2m_values
from ingest.decoders.meaning import ALARMS, Seen, named
from ingest.decoders.values import is_unknown, number, truth
from ingest.decoders.z2m_memory import Draft
from ingest.decoders.z2m_names import RADAR_SIGNS, SAME, WORDS
from ingest.decoders.z2m_values import FALLS

#: A self-test takes seconds; what still burns after this is no test, whatever the sensor says.
TEST_US = 5 * 60 * 1_000_000
_TESTED = frozenset({"smoke", "gas", "carbon_monoxide"})
_TEST_BEGAN = "test_us"
#: The names of a self-test that runs.
_TESTS = ("test", *(name for name, same in SAME.items() if same == "test"))
#: With one of these, ``status`` says how a person is there, not how a motor is.
_POSTURE = frozenset({"breathing_rate", "location_x", "location_y"})
#: A sensor's ``state`` is meaningless (old firmware says OFF); a relay has none of these.
_SENSOR = frozenset({"occupancy", "contact", "presence", "water_leak", "smoke", "action"})


def event(draft: Draft, key: str, kind: str, value: Any) -> None:
    """Take what is true or false and an event when it changes."""
    expose = draft.expose(key)
    if expose is not None and expose.form not in ("binary", "") and key not in WORDS:
        return  # ``vibration`` can be the setting of a sensitivity
    on = draft.binary(key, value)
    if on is None:
        draft.unknown.append(kind)
        return
    if on and _testing(draft, key):
        draft.seen.append(Seen(kind, on))  # not remembered: smoke that outlasts the test is an event then
        return
    known, elsewhere = draft.values.get(key), draft.elsewhere(key)
    if draft.change(key, on):
        if on or not elsewhere:  # the second of two doors is still open
            draft.happen(kind, on)
    elif draft.retain:
        _as_it_stands(draft, kind, on or elsewhere, new=on and known is not True)


def _testing(draft: Draft, key: str) -> bool:
    """Whether this is somebody's finger on the test button; one that never ends does not mute the sensor for ever."""
    if SAME.get(key, key) not in _TESTED:
        return False
    test = next((name for name in _TESTS if truth(draft.body.get(name)) is True), None)
    if test is None:
        return False
    began_us = draft.values.get(_TEST_BEGAN) if draft.values.get(test) is True else None
    return not isinstance(began_us, int | float) or draft.arrival_us - began_us < TEST_US


def _as_it_stands(draft: Draft, kind: str, on: bool, *, new: bool) -> None:
    """Take what the broker remembered: a state of unknown age. An alarm that we never heard of is worth a look."""
    draft.seen.append(Seen(kind, on))
    if on and new and kind in ALARMS:
        draft.technical = "state_at_start_unclear"


def state(draft: Draft, key: str, kind: str, value: Any) -> None:
    """Take what is true or false and holds until it is told otherwise."""
    expose = draft.expose(key)
    if expose is not None and expose.form not in ("binary", "") and key not in WORDS:
        return
    on = draft.binary(key, value)
    if on is None:
        draft.unknown.append(kind)
        return
    elsewhere = draft.elsewhere(key)
    stands = Seen(kind, on or elsewhere)
    if stands not in draft.seen:  # zones that are joined say the same
        draft.seen.append(stands)
    first_no = key not in draft.values and not on  # nothing ended that we know of
    if draft.change(key, on) and kind not in z2m_values.UPKEEP and not first_no and (on or not elsewhere):
        draft.moved.append(named(kind, on))


def occupancy(draft: Draft, key: str, value: Any) -> None:
    """``occupancy`` is motion seen by a motion sensor, presence seen by a radar, or a bed that is taken."""
    definition = draft.definition
    if draft.companions(RADAR_SIGNS) or (definition is not None and definition.radar):
        state(draft, key, "presence", value)
    elif definition is not None and definition.furniture:
        state(draft, key, "occupancy", value)
    else:
        event(draft, key, "motion", value)
        on = draft.binary(key, value)
        if draft.definition is None and on is not None:  # it may be a bed's: nobody has told us
            draft.seen.append(Seen("occupancy", on))


def fall(draft: Draft, key: str, value: Any) -> None:
    """Take a radar's word for a fall."""
    claim = FALLS[key].get(value) if isinstance(value, str) else None
    if claim is None:
        draft.unknown.append("fall")
        return
    known = draft.values.get(key)
    if draft.change(key, value):
        draft.happen(*claim)
    elif draft.retain:
        _as_it_stands(draft, *claim, new=known != value)


def posture(draft: Draft, key: str, value: Any) -> None:
    """Take how somebody is there, in a radar's words."""
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


def position(draft: Draft, _key: str, value: Any) -> None:
    """Take where somebody is, in centimetres from the radar."""
    x, y = number(value), number(draft.body.get("location_y"))
    if x is not None and y is not None:
        draft.seen.append(Seen("position_cm", (x, y)))


def presence_event(draft: Draft, key: str, value: Any) -> None:
    """Take that somebody came, left or passed."""
    if is_unknown(value):
        return
    if not isinstance(value, str) or value not in z2m_values.PRESENCE_EVENTS:
        draft.unknown.append(key)
    elif draft.change(key, value):
        draft.happen("presence_event", value)


def pressure(draft: Draft, key: str, value: Any) -> None:
    """Take whether a seat or bed is taken."""
    if not isinstance(value, str) or value not in z2m_values.PRESSURE_STATES:
        draft.unknown.append(key)
        return
    draft.seen.append(Seen(key, value))
    taken, was_taken = value != "none", draft.values.get(key, "none") != "none"
    if draft.change(key, value) and taken is not was_taken:
        draft.moved.append(named("chair", taken))


def self_test(draft: Draft, key: str, value: Any) -> None:
    """Take that somebody presses the test button."""
    on = truth(value)
    if on is None:
        return
    if on and draft.values.get(key) is not True:
        draft.values[_TEST_BEGAN] = draft.arrival_us
    if draft.change(key, on) and on:
        draft.happen("self_test", True)


def relay(draft: Draft, key: str, value: Any) -> None:
    """Take whether a plug is on."""
    if draft.expose(key) is None and any(name in draft.body for name in _SENSOR):
        return
    on = draft.binary(key, value)
    if on is not None:  # a cover's or a lock's words are none
        draft.seen.append(Seen("switch", on))
        first_no = key not in draft.values and not on
        if draft.change(key, on) and not first_no:
            draft.moved.append(named("appliance", on))


#: Properties with a way of their own.
OTHERS = {
    "status": posture,
    "location_x": position,
    "presence_event": presence_event,
    "pressure_state": pressure,
    "test": self_test,
    "state": relay,
}
