"""What a careful reader understands of a definition: the judge's own rules, written apart from the decoder's tables.

By the expose's type, access, category, unit, values and description, and by FORMATS.md (sections 0.5, 0.6, 0.9, 1.3,
1.4). A *candidate* is an expose whose name sounds like a care-relevant property; sounding like one is not enough.
"""

import re
from dataclasses import dataclass
from typing import Any

#: Care-relevant property -> names that sound like it. Generous: what only sounds like it gets a reason.
SOUNDS: dict[str, re.Pattern[str]] = {
    "occupancy": re.compile(r"(.*_)?occupancy(_\w+)?|motion_(status|up|down)|pir_detection"),
    "presence": re.compile(r"presence(_\d+|_state)?|human_motion_state|motion_state|mmwave_area\d_occupancy"),
    "contact": re.compile(
        r"(.*_)?contact(_\w+)?|door_state|opening_state|handle_position|window_open(_\w+)?|out_door_sensor\d"
    ),
    "sos": re.compile(r"(.*_)?(sos|panic|emergency)(_\w+)?|action"),
    "action": re.compile(r"action(_l\d)?"),
    "fall": re.compile(r"fall(_\w+)?|status"),
    "vibration": re.compile(r"vibration(_\w+)?"),
    "bed": re.compile(r"occupancy|contact|pressure_state|status|occupancy_status"),
    "water_leak": re.compile(r"(.*_)?(water_leak|water_leakage|leak_detect)(_\w+)?"),
    "smoke": re.compile(r"smoke(_alarm_\d|_state|_alarm)?|force_smoke_alarm"),
    "gas": re.compile(r"gas(_\d|_alarm_\d|_sensor_state|_value|_density|_state)?"),
    "carbon_monoxide": re.compile(r"carbon_monoxide(_\w+)?|co|co_state"),
    "battery": re.compile(r"(.*_)?battery(\d|_\w+)?"),
    "tamper": re.compile(r"tamper(_\w+)?"),
    "temperature": re.compile(r"(.*_)?temperature(_\w+)?"),
    "humidity": re.compile(r"(.*_)?humidity(_\w+)?"),
    "illuminance": re.compile(r"illuminance(_\w+)?|ambient_light|illumination"),
}
#: Property -> types that may come out of it.
SAYS: dict[str, frozenset[str]] = {
    "occupancy": frozenset({"motion", "presence", "occupancy"}),
    "presence": frozenset({"presence"}),
    "contact": frozenset({"door_open"}),
    "sos": frozenset({"sos"}),
    "action": frozenset({"button", "sos", "vibration", "tilt", "object_drop"}),
    "fall": frozenset({"fall", "fall_suspected", "posture"}),
    "bed": frozenset({"occupancy", "posture", "pressure_state"}),
    "battery": frozenset({"battery", "battery_low"}),
}
NUMBERS = {"temperature": 21.5, "humidity": 48, "illuminance": 120, "battery": 80}
_UNITS = {"temperature": {"°C", "℃"}, "humidity": {"%", ""}, "illuminance": {"lx", "Lx", ""}, "battery": {"%", ""}}
_BED = re.compile(r"\b(bed|chair|seat|sleeping pad|toilet)\b", re.IGNORECASE)
_NO_DOOR = re.compile(r"sleeping pad|water level", re.IGNORECASE)
_HELP_BUTTON = re.compile(r"\b(sos|panic|emergency) (\w+ )?button\b", re.IGNORECASE)
_HELP = frozenset({"emergency", "panic", "sos"})
#: What happened to the thing itself (0.9): the object fell, no person.
_OBJECT = {"vibration": "vibration", "tilt": "tilt", "drop": "object_drop", "fall": "object_drop"}
_YES = {
    "alarm",
    "low",
    "presence",
    "motion",
    "stationary",
    "peaceful",
    "small_movement",
    "large_movement",
    "active",
    "static",
}
_YES |= {"small", "medium", "large", "near", "far", "open", "tilted", "error_forced_open", "water_leakage_yes"}
#: Of a battery, ``medium`` is not low; of a movement, it is one.
_ENOUGH = {"medium", "middle", "high"}
_NO = {"none", "normal", "closed", "water_leakage_no"}
#: Words of a property that is one of several values: yes or no to a fall.
_FALLS = {"fall_alarm": "fall", "fall": "fall", "falling": "fall", "fall_warning": "fall_suspected"}
_FALLS |= {"maybe_fall": "fall_suspected"}

NOT_PUBLISHED = "not published"
#: What a name that sounds like one really is, by its description: (property, name) -> reason.
LIES: tuple[tuple[str, str, str], ...] = (
    ("contact", r"window_open\w*", "a thermostat's guess from a falling temperature"),
    ("contact", r"out_door_sensor\d", "which value is open is nowhere written"),
    ("contact", r"dry_contact|boiler_dry_contact_output", "a terminal: what is wired to it nobody knows"),
    ("occupancy", r"thermostat_occupancy|external_occupancy", "a setting"),
    ("occupancy", r"occupancy_(and|or)", "said by another property of the device"),
    ("occupancy", r"occupancy_status", "a toilet's seat: what its values mean is nowhere written"),
    ("bed", r"occupancy_status", "a toilet's seat: what its values mean is nowhere written"),
    ("smoke", r"force_smoke_alarm", "a setting"),
    ("sos", r"emergency_\w+", "a mains fault, no person"),
    ("gas", r"gas_value|gas_density", "a concentration: the detector's own alarm is what counts"),
    ("carbon_monoxide", r"co", "a concentration: the detector's own alarm is what counts"),
    ("battery", r"battery_(voltage|defect|level_at_\w+)|battery_state", "not how full it is"),
    ("battery", r"smoke_battery|battery2", "of another part of the device"),
    ("temperature", r"(device|cpu|internal|display|raw)\w*_temp\w*|internalTemperature", "of the device, not the room"),
    (
        "temperature",
        r"local_temperature\w*|current_temperature",
        "a thermostat's own: at a radiator, a floor or a tank",
    ),
    ("temperature", r"color_temperature\w*|action_color\w*", "of light"),
    ("temperature", r"\w*_f(ahrenheit)?", "said by another property of the device"),
    ("temperature", r"\w+_temperature\w*|temperature_\w+", "of a probe or a pipe, a limit or an alarm: not the room's"),
    ("humidity", r"\w+_humidity\w*|humidity_\w+|soil\w+", "a limit, an alarm or a probe: not the room's"),
    ("illuminance", r"illuminance_\w+", "a limit or a raw count"),
    ("vibration", r"vibration_\w+", "a setting or a count"),
    ("water_leak", r"\w+", "a setting of a leak alarm"),
)


@dataclass(frozen=True, slots=True)
class Try:
    """One value to send, and what must come of it: ``(type, value)``; ``None``: nothing that sounds like it."""

    value: Any
    expected: tuple[str, Any] | None


def tries(care: str, expose: dict[str, Any], device: dict[str, Any]) -> list[Try] | str:
    """Return the values to send and what each means, or the reason why the expose does not say it."""
    if _another(care, expose, device):
        return ""
    kept = _not_told(expose, device)
    if kept:
        return kept
    kind, lie = expose.get("type"), _lie(care, expose)
    if care in _UNITS and (kind == "numeric" or care != "battery"):
        return _number(care, expose, lie)
    if kind == "binary":
        return _binary(care, expose)
    return _words(care, expose, device, lie) if kind == "enum" else lie or f"{kind}, where yes or no is expected"


def _another(care: str, expose: dict[str, Any], device: dict[str, Any]) -> bool:
    """Whether the name is that of something else altogether: a valve's ``status``, a hall's ``occupancy`` for a bed."""
    if care == "bed":
        return not _BED.search(device["description"])
    if care == "fall":
        return expose["property"] == "status" and "falling" not in expose.get("values", ())
    return care == "sos" and expose["property"] == "action" and not _calls(expose, device)


def _not_told(expose: dict[str, Any], device: dict[str, Any]) -> str:
    access = expose.get("access", 0)
    if not access & 1:
        return NOT_PUBLISHED
    if expose.get("category") == "config" or (access & 2 and expose["property"] != "contact"):
        return "a setting"
    if expose["property"] == "contact" and _NO_DOOR.search(device["description"]):
        return "no door: a float in a tank, or a bed whose polarity is nowhere written"
    return ""


def _lie(care: str, expose: dict[str, Any]) -> str:
    return next((why for of, name, why in LIES if of == care and re.fullmatch(name, expose["property"])), "")


def _number(care: str, expose: dict[str, Any], lie: str) -> list[Try] | str:
    if expose.get("type") != "numeric":
        return lie or f"{expose.get('type')}, where a number is expected"
    if str(expose.get("unit") or "") not in _UNITS[care]:
        return lie or "in another unit"
    return [Try(NUMBERS[care], (care, NUMBERS[care]))]


def reason_of(care: str, expose: dict[str, Any], device: dict[str, Any]) -> str:
    """Return why nothing came of an expose that could have said it."""
    lie = _lie(care, expose)
    if lie:
        return lie
    names = {each["property"] for each in device["flat"]}
    said = care in names or (care == "presence" and "occupancy" in names)
    return "said by another property of the device" if said else "not understood"


def _calls(expose: dict[str, Any], device: dict[str, Any]) -> bool:
    return bool(_HELP & set(expose.get("values", ())) or _HELP_BUTTON.search(device["description"]))


def _binary(care: str, expose: dict[str, Any]) -> list[Try]:
    on, off = expose.get("value_on"), expose.get("value_off")
    if care == "contact" and re.fullmatch(r"contact_alarm_\d|garage_door_contact", expose["property"]):
        on, off = False, True  # 0.5: true is closed, whatever the announcement calls on
    kind = _yes_type(care)
    return [Try(off, (kind, False)), *_told(kind, on, off)]


def _yes_type(care: str) -> str:
    return {"contact": "door_open", "battery": "battery_low", "bed": "occupancy"}.get(care, care)


def _words(care: str, expose: dict[str, Any], device: dict[str, Any], lie: str) -> list[Try] | str:
    words = [word.replace("*", "1") for word in expose.get("values", ())]
    if care in ("action", "sos"):
        return [found for word in words if (found := _pressed(care, word, device)) is not None]
    if care == "fall":
        return _fallen(words)
    if care == "bed":
        return _in_bed(expose, words)
    yes = [word for word in words if word.lower() in (_YES - _ENOUGH if care == "battery" else _YES)]
    no = [word for word in words if word.lower() in (_ENOUGH if care == "battery" else _NO)]
    if not yes or not no:
        return lie or "words that say neither yes nor no"
    kind = _yes_type(care)
    return [Try(no[0], (kind, False)), *(each for word in yes for each in _told(kind, word, no[-1]))]


def _told(kind: str, yes: Any, no: Any) -> tuple[Try, Try]:
    return Try(yes, (kind, True)), Try(no, (kind, False))


def _fallen(words: list[str]) -> list[Try] | str:
    if not _FALLS.keys() & set(words):
        return "a setting or another status"
    return [Try(word, (_FALLS[word], True) if word in _FALLS else None) for word in words if word != "none"]


def _in_bed(expose: dict[str, Any], words: list[str]) -> list[Try] | str:
    kind = "pressure_state" if expose["property"] == "pressure_state" else "posture"
    if kind == "posture" and "on_the_bed" not in words:
        return "another status"
    return [Try(word, (kind, word)) for word in words]


def _pressed(care: str, word: str, device: dict[str, Any]) -> Try | None:
    helps = word in _HELP or (_HELP_BUTTON.search(device["description"]) and word in ("single", "double", "hold"))
    if care == "sos":
        return Try(word, ("sos", True)) if helps else None
    if helps:
        return Try(word, ("sos", True))
    return Try(word, (_OBJECT[word], True) if word in _OBJECT else ("button", word))
