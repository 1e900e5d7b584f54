"""ESPHome without an announcement: what the usual radars and sensors call their entities. Pure.

Source: ESPHome's documentation (MQTT client; components seeed_mr60fda2, seeed_mr60bha2, ld2410, dfrobot_sen0395) and
the configurations that makers publish. A node says ``<node>/<component>/<object>/state`` as plain text, by default
retained, so what the broker remembers of a fall is no fall. A name is only taken as a whole, without the node's own
before it.
"""

import re

from ingest.decoders.draft import Draft
from ingest.decoders.values import is_unknown, object_of, truth, word

_STATE = re.compile(r"(.+?)/(?:(?:binary_sensor|sensor|text_sensor|event)/)?([^/]+)/state")
#: A node's own components, whatever their name is: theirs at least is the topic.
_TYPED = re.compile(
    r"(.+)/(binary_sensor|sensor|text_sensor|event|switch|light|number|select|button|fan|cover|lock|climate|siren|valve"
    r"|media_player|text|update|alarm_control_panel)/[^/]+/state"
)
_BARE = re.compile(r"(.+)/(bed_status)")
_STATUS = re.compile(r"(.+)/status")
_NUMBERS = {
    "heart_rate": "heart_rate", "real-time_heart_rate": "heart_rate", "real_time_heart_rate": "heart_rate",
    "respiratory_rate": "respiration_rate", "real-time_respiratory_rate": "respiration_rate",
    "real_time_respiratory_rate": "respiration_rate", "breath_rate": "respiration_rate",
    "breathing_rate": "respiration_rate", "temperature": "temperature", "humidity": "humidity",
    "illuminance": "illuminance", "pressure": "pressure", "co2": "co2", "wifi_signal": "rssi",
    "battery_level": "battery",
}  # fmt: skip
_EVENTS = {
    "fall_detected": "fall", "falling_information": "fall", "fall_information": "fall", "motion": "motion",
    "pir": "motion", "pir_motion": "motion", "door": "door_open", "front_door": "door_open", "window": "door_open",
    "water_leak": "water_leak", "smoke": "smoke", "sos": "sos", "sos_button": "sos", "panic_button": "sos",
}  # fmt: skip
_STATES = {
    "person_information": "presence", "people_exist": "presence", "has_target": "presence", "presence": "presence",
    "occupancy": "presence", "moving_target": "moving", "has_moving_target": "moving", "bed_status": "in_bed",
    "in_bed": "in_bed",
}  # fmt: skip
_DISTANCES = frozenset({"target_distance", "distance_to_detection_object", "moving_distance", "still_distance"})


def recognise(topic: str, payload: bytes) -> str | None:
    """Return the node of a topic that an ESPHome node makes, where its object is one that is known here."""
    if topic.endswith("/status"):
        found = _STATUS.fullmatch(topic)
        return found[1] if found and payload in (b"online", b"offline") else None
    if _TYPED.fullmatch(topic):
        return topic.rsplit("/", 3)[0]
    node, name = split(topic)
    return node if name in _NUMBERS or name in _EVENTS or name in _STATES else None


def split(topic: str) -> tuple[str, str]:
    """Return node and object of a state's topic; empty where it is none."""
    found = _STATE.fullmatch(topic) or _BARE.fullmatch(topic)
    if found is None:
        return "", ""
    node, name = found[1], found[2]
    return node, name.removeprefix(f"{node.rpartition('/')[2]}_")


def component(topic: str) -> str:
    """Return which component a state's topic is of; empty where it does not say."""
    found = _TYPED.fullmatch(topic)
    return found[2] if found else ""


def value(draft: Draft, kind: str, name: str, text: str) -> bool:
    """Take the state of an object of this component and name; False: it is not one that is known.

    A relay that is called ``motion`` is a relay, and a measured ``smoke`` is a number and no alarm.
    """
    if kind == "event":
        return _event(draft, name, text)
    if kind in ("", "binary_sensor") and binary(draft, name, None if is_unknown(text) else truth(text)):
        return True
    return kind in ("", "sensor", "text_sensor") and number(draft, name, text)


def binary(draft: Draft, name: str, on: bool | None) -> bool:
    """Take what a binary sensor with this name says; False: it is not one that is known."""
    if name in _EVENTS:
        draft.event(_EVENTS[name], on, key=name)
    elif name in _STATES:
        draft.state(_STATES[name], on, key=name)
    else:
        return False
    return True


def number(draft: Draft, name: str, text: str) -> bool:
    """Take what a sensor with this name measured; False: it is not one that is known."""
    if name in _NUMBERS:
        draft.number(_NUMBERS[name], None if is_unknown(text) else text)
    elif name in _DISTANCES:
        draft.distance(text, "cm")
    else:
        return False
    return True


def _event(draft: Draft, name: str, text: str) -> bool:
    body = object_of(text.encode())
    pressed = body.get("event_type") if body is not None else None
    if word(pressed) is None:
        return False
    draft.press(pressed, button=name[:64])
    return True
