"""Zigbee2MQTT's properties in the platform's vocabulary: what each is called, its unit, and what it can be. Pure.

A whitelist: thousands of device definitions share some 2,000 property names, and most are settings. A name that is not
here is not data (``radar_sensitivity``, ``linkage_alarm``).
"""

from ingest.decoders.quantities import QUANTITIES as Q

NUMBERS = {
    "temperature": Q["temperature"],
    "device_temperature": Q["device_temperature"],  # of the chip, never of a room
    "humidity": Q["humidity"],
    "pressure": Q["pressure"],
    "illuminance": Q["illuminance"],
    "co2": Q["co2"],
    "battery": Q["battery"],
    "power": Q["power"],
    "energy": Q["energy_total"],
    "current": Q["current"],
    "linkquality": Q["link_quality"],
    "target_distance": Q["target_distance"],
    "strength": Q["vibration_strength"],
    "breathing_rate": Q["respiration_rate"],
    "heart_rate": Q["heart_rate"],
    "voltage": Q["voltage"],
}
#: Of a unit that a schema may say: factor to ours.
UNIT_FACTORS = {
    ("pressure", "kPa"): 10.0,
    ("target_distance", "cm"): 0.01,
    ("voltage", "mV"): 0.001,
    ("current", "mA"): 0.001,
}

#: True or false, and a change of it is an event. ``contact`` is inverted: false is an open door.
EVENTS = {
    "contact": "door_open",
    "water_leak": "water_leak",
    "smoke": "smoke",
    "gas": "gas",
    "carbon_monoxide": "carbon_monoxide",
    "sos": "sos",
    "vibration": "vibration",
    "pir_detection": "motion",  # of a radar that has a motion sensor too
}
INVERTED = frozenset({"contact"})
#: True or false, a state that holds until it is told otherwise.
STATES = {"presence": "presence", "tamper": "tamper", "battery_low": "battery_low", "moving": "moving"}

#: States of the device itself: no sign of a person.
UPKEEP = frozenset({"tamper", "battery_low"})

#: Words that are claims of a fall, by property: word -> (event, value).
FALLS: dict[str, dict[str, tuple[str, bool]]] = {
    "fall_status": {
        "normal": ("fall", False),
        "fall_warning": ("fall_suspected", True),
        "fall_alarm": ("fall", True),
    },
    "fall_down_status": {
        "none": ("fall", False),
        "maybe_fall": ("fall_suspected", True),
        "fall": ("fall", True),
    },
}
#: Words that say how somebody is there.
POSTURES = frozenset({"unoccupied", "occupied", "sitting", "on_the_bed", "low_posture", "falling"})
PRESSURE_STATES = frozenset({"none", "sit", "sedentary"})
PRESENCE_EVENTS = frozenset(
    {"enter", "leave", "left_enter", "right_leave", "right_enter", "left_leave", "approach", "away"}
)
#: Actions that call for help, in the words of all definitions known (panic, emergency and SOS buttons, keypads).
SOS_ACTIONS = frozenset({"emergency", "panic", "sos"})
#: Actions of a thing that was moved; ``fall`` and ``drop`` say that the object fell, never a person.
OBJECT_ACTIONS = {"vibration": "vibration", "tilt": "tilt", "drop": "object_drop", "fall": "object_drop"}

#: Every property that is data for us; what a schema says of any other need not be remembered.
KNOWN = frozenset(
    {*NUMBERS, *EVENTS, *STATES, *FALLS, "occupancy", "presence_event", "pressure_state", "status", "action", "state"}
    | {"test", "illuminance_lux", "location_x", "location_y", "no_occupancy_since", "last_seen", "sensor_status"}
)
