"""Further names under which Zigbee2MQTT's definitions say what a plain name says too, and names that lie. Pure.

A whitelist: each entry was read in the list of all definitions (zigbee-herdsman-converters 26.112.0, MIT) with its
description, and in the converter's source where the description was not enough. What ends in an endpoint
(``occupancy_2``, ``water_leak_wire_1``) is no entry here: the announcement itself says its plain name and endpoint.
"""

#: Property (without its endpoint) -> the plain one that means the same.
SAME = {
    "sos_alarm": "sos",
    "tamper_alarm": "tamper",
    "active_water_leak": "water_leak",
    "water_leak_alarm_1": "water_leak",
    "water_leak_alarm_2": "water_leak",
    "water_leakage_state": "water_leak",
    "smoke_alarm_1": "smoke",
    "smoke_alarm_2": "smoke",
    "smoke_state": "smoke",
    "gas_alarm_1": "gas",
    "gas_alarm_2": "gas",
    "gas_sensor_state": "gas",
    "carbon_monoxide_alarm_1": "carbon_monoxide",
    "carbon_monoxide_alarm_2": "carbon_monoxide",
    "co_state": "carbon_monoxide",
    "occupancy_alarm_1": "occupancy",
    "occupancy_alarm_2": "occupancy",
    "occupancy_in": "occupancy",
    "occupancy_out": "occupancy",
    "motion_status": "pir_detection",
    "motion_up": "pir_detection",
    "motion_down": "pir_detection",
    "presence_state": "presence",
    "human_motion_state": "presence",
    "motion_state": "presence",
    "contact_alarm_1": "contact",
    "contact_alarm_2": "contact",
    "garage_door_contact": "contact",
    "opening_state": "contact",
    "handle_position": "contact",
    "door_state": "contact",
    "room_temperature": "temperature",
    "ambient_light": "illuminance",
    "battery_value": "battery",
    "battery_life": "battery",
    "battery_state": "battery_low",
    "battery_level": "battery_low",
    "battery_status": "battery_low",
    "testing": "test",
    "test_in_progress": "test",
}
SAME |= {f"mmwave_area{area}_occupancy": "presence" for area in range(1, 5)}
#: A leak controller's wires and wireless sensors (Ensystec), each on an endpoint of its own.
SAME |= {f"{kind}_{line}_leak_detect": "water_leak" for kind in ("input", "channel") for line in range(1, 11)}
SAME |= {f"channel_{line}_battery_low": "battery_low" for line in range(1, 11)}

_THERE = ("presence", "peaceful", "small_movement", "large_movement", "motion", "stationary", "active", "static")
_NEAR = ("small", "medium", "large", "near", "far")
_SOMEBODY = {"none": False, **dict.fromkeys((*_THERE, *_NEAR), True)}
_LOW = {"low": True, "medium": False, "middle": False, "high": False}
#: Words that say yes or no; any other (``detecting``, ``unknown``, ``charging``) says neither.
WORDS: dict[str, dict[str, bool]] = {
    "presence_state": {**_SOMEBODY, "NONE": False, "PRESENCE": True},
    "human_motion_state": _SOMEBODY,
    "motion_state": _SOMEBODY,
    "smoke_state": {"alarm": True, "none": False, "normal": False},
    "gas_sensor_state": {"alarm": True, "normal": False},
    "co_state": {"alarm": True, "normal": False},
    "water_leakage_state": {"water_leakage_yes": True, "water_leakage_no": False},
    "opening_state": {"open": True, "tilted": True, "closed": False},
    "handle_position": {"open": True, "tilted": True, "closed": False},
    "door_state": {"open": True, "error_forced_open": True, "closed": False},
    "battery_state": _LOW,
    "battery_level": _LOW,
}
#: False is open, whatever the announcement calls "on": the converter turns the alarm bit round and announces
#: ``value_on: true`` (modernExtend's ``iasZoneAlarm``); of garage doors by description and Zigbee2MQTT's own discovery.
FALSE_IS_OPEN = frozenset({"contact_alarm_1", "contact_alarm_2", "garage_door_contact"})
#: Announced as "closed (= true)", and open at true: its converter gave ``presentValue == 0`` as closed until it was
#: written anew and hands the bit on as it is (terncy.ts).
TRUE_IS_OPEN = frozenset({"TERNCY-DC01"})
#: Models whose ``contact`` is no door: a pad under a mattress (its polarity is nowhere written), floats in a tank.
NO_DOORS = frozenset({"SPM915", "POK003", "POK010"})
#: Buttons that are sold for nothing but calling for help, and say only how they were pressed.
SOS_BUTTONS = frozenset({"HS1EB/HS1EB-E", "SE20-O", "SE21", "MIR-SO100"})
#: How one presses them; ``off`` is the release.
PRESSES = frozenset({"single", "double", "hold"})
#: Radars that call presence ``occupancy``: it stays while somebody sits still, and its end is no motion's.
RADARS = frozenset(
    {
        "Presence_Sensor_v2", "Presence_Sensor_v2.6", "ZB-24GMS02", "TS0225_EKAZA", "MG3-5RZ", "MG1_5RZ", "VZM32-SN",
        "HS8OS-EF1-3.0", "eMotion Air", "ES1ZZ(TY)", "HE300_ZB", "OPS305", "S4SN-0U61X", "SR-ZG9030F-PS", "3RPL01084Z",
        "3RPS01083Z", "TS0601_motion_sensor", "NAS-PS09B2", "ZY_HPS01", "ZPIR-10", "PJ3201A", "ZIS-01P",
    }
)  # fmt: skip
#: With one of these, ``occupancy`` is a radar's too.
RADAR_SIGNS = frozenset({"fall_status", "fall_down_status", "sensor_status", "target_distance"})
#: A unit that is ours in other letters.
SAME_UNITS = {"℃": "°C", "lux": "lx", "Lx": "lx", "breaths/min": "1/min", "bpm": "1/min"}
