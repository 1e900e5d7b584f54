"""ESPHome without an announcement: what the usual radars and sensors call their entities. Pure.

Source: ESPHome's documentation (MQTT client; components seeed_mr60fda2, seeed_mr60bha2, ld2410, dfrobot_sen0395) and
the configurations that makers publish. A node says ``<node>/<component>/<object>/state`` as plain text, by default
retained, so what the broker remembers of a fall is no fall. A name is only taken as a whole, without the node's own
before it.
"""

import re

from ingest.decoders.draft import Draft
from ingest.decoders.values import is_unknown, truth

_STATE = re.compile(r"(.+?)/(?:(?:binary_sensor|sensor|text_sensor|event)/)?([^/]+)/state")
#: A node's own components, whatever their name is: theirs at least is the topic.
_TYPED = re.compile(r"(.+)/(?:binary_sensor|sensor|text_sensor|event|switch|light|number|select|button)/[^/]+/state")
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


def value(draft: Draft, name: str, text: str) -> bool:
    """Take the state of an object with this name; False: it is not one that is known."""
    on = None if is_unknown(text) else truth(text)
    if name in _NUMBERS:
        draft.number(_NUMBERS[name], None if is_unknown(text) else text)
    elif name in _EVENTS:
        draft.event(_EVENTS[name], on, key=name)
    elif name in _STATES:
        draft.state(_STATES[name], on, key=name)
    elif name in _DISTANCES:
        draft.distance(text, "cm")
    else:
        return False
    return True
