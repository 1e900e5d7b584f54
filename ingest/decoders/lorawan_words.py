"""The names and words of LoRaWAN codecs that are read, with what their makers mean by them. Pure.

Source: the makers' published codecs (Milesight's SensorDecoders; Dragino, ELSYS, Browan, Netvox in
TheThingsNetwork/lorawan-devices), and Cayenne LPP as ChirpStack and The Things Stack decode it. Names are compared in
lower case.
"""

import re

#: name -> quantity and factor to our unit.
NUMBERS: dict[str, tuple[str, float]] = {
    "temperature": ("temperature", 1.0),
    "externaltemperature": ("temperature", 1.0),
    "external_temperature": ("temperature", 1.0),
    "tempc_sht": ("temperature", 1.0),
    "tempc_sht41": ("temperature", 1.0),
    "tempc_ds": ("temperature", 1.0),
    "tempc": ("temperature", 1.0),
    "boardtemp": ("device_temperature", 1.0),
    "temperatureboard": ("device_temperature", 1.0),
    "humidity": ("humidity", 1.0),
    "hum_sht": ("humidity", 1.0),
    "hum_sht41": ("humidity", 1.0),
    "hygrometry": ("humidity", 1.0),
    "co2": ("co2", 1.0),
    "light": ("illuminance", 1.0),
    "illumination": ("illuminance", 1.0),
    "illuminance": ("illuminance", 1.0),
    "pressure": ("pressure", 1.0),
    "barometric_pressure": ("pressure", 1.0),
    "battery_level": ("battery", 1.0),
    "battery_percent": ("battery", 1.0),
    "vdd": ("battery_voltage", 0.001),
    "batv": ("battery_voltage", 1.0),
    "bat_v": ("battery_voltage", 1.0),
    "volt": ("battery_voltage", 1.0),
    "battery_voltage": ("battery_voltage", 1.0),
    "power": ("power", 1.0),
    "current": ("current", 0.001),
}
#: Milesight's sockets (WS52x): beside SOCKET a voltage is the mains'.
SOCKET = "socket_status"
SOCKET_NUMBERS = {
    "voltage": ("voltage", 1.0),
    "active_power": ("power", 1.0),
    "power_consumption": ("energy_total", 0.001),
}
#: Several probes of one device: ``temperature_chn2``, ``temperature_1``, ``TempC3``.
CHANNEL = re.compile(r"(temperature|humidity|tempc)(?:_chn|_)?\d{1,3}")
#: Cayenne LPP with its channel behind (The Things Stack), or as an object of channels (ChirpStack).
LPP = {
    "relative_humidity": "humidity",
    "luminosity": "illuminance",
    "barometric_pressure": "pressure",
    "temperaturesensor": "temperature",
    "humiditysensor": "humidity",
    "illuminancesensor": "illuminance",
    "barometer": "pressure",
}
LPP_CHANNEL = re.compile(r"(relative_humidity|luminosity|barometric_pressure|presence)_\d{1,3}")
LPP_PRESENCE = frozenset({"presencesensor", "presence"})
OPEN = {"open": True, "opened": True, "close": False, "closed": False, "1": True, "0": False}
LEAK = {"leak": True, "leaking": True, "normal": False, "dry": False, "no leak": False}
SEEN = {"trigger": True, "triggered": True, "occupied": True, "night_occupied": True,
        "normal": False, "idle": False, "vacant": False}  # fmt: skip
SMOKE = {"alarm": True, "smoke": True, "smoke alarm": True, "normal": False}
#: name -> event and its words; a truth or 0 and 1 means what the event's name says.
EVENTS: dict[str, tuple[str, dict[str, bool]]] = {
    "door": ("door_open", OPEN),
    "magnet_status": ("door_open", OPEN),
    "magnet": ("door_open", OPEN),
    "door_open_status": ("door_open", OPEN),
    "door_status": ("door_open", OPEN),
    "open": ("door_open", OPEN),
    "contact_open": ("door_open", OPEN),
    "water_leak": ("water_leak", LEAK),
    "leakage_status": ("water_leak", LEAK),
    "water_leak_status": ("water_leak", LEAK),
    "waterleak": ("water_leak", LEAK),
    "leak": ("water_leak", LEAK),
    "pir": ("motion", SEEN),
    "pir_status": ("motion", SEEN),
    "pir_trigger": ("motion", SEEN),
    "occupied": ("motion", SEEN),
    "smoke": ("smoke", SMOKE),
    "smoke_status": ("smoke", SMOKE),
    "gas_status": ("gas", SMOKE),
}
#: Calls for help, as long as they are true. ``alarm_status`` is the red button of Dragino's trackers.
CALLS = frozenset({"sos", "sos_event", "panic", "emergency", "alarm_status"})
#: Beside one of these ``alarm_status`` is a door's or a leak's time-out, or a radar's.
NO_CALL = frozenset({"door_status", "door_open_status", "water_leak_status", "alarm_type", "alarm_id"})
#: Dragino's push button PB01: its ``Alarm`` is the press, and this name shows that it is one.
PUSH_BUTTON = "sound_key"
STATES: dict[str, tuple[str, dict[str, bool]]] = {
    "tamper_status": ("tamper", {"uninstalled": True, "uninstall": True, "installed": False, "install": False,
                                 "tamper": True, "normal": False}),
    "tamper": ("tamper", {}),
    "install": ("tamper", {"uninstalled": True, "installed": False, "no": True, "yes": False}),
    "presence": ("presence", {}),
    "moving": ("moving", {}),
    "motion_status": ("moving", {"start": True, "moving": True, "stop": False}),
}  # fmt: skip
PRESSES = {"short": "single", "single": "single", "double": "double", "long": "long", "triple": "triple"}
BUTTONS = frozenset({"button", "press", "button_event", "button_status", "button_msg"})
#: Milesight's switches of several keys: ``button_3``, beside ``button_3_d2d`` and ``button_3_msgid``.
KEY = re.compile(r"button_(\d{1,2})")
#: Milesight's radar VS373: where it sees whom -> (somebody is there, in bed).
SEEN_BY_RADAR: dict[str, tuple[bool, bool | None]] = {
    "normal": (True, None),
    "occupied": (True, None),
    "vacant": (False, None),
    "in_bed": (True, True),
    "out_of_bed": (True, False),
    "fall": (True, None),
}
#: The same as the device's numbers: a release of the codec (2024) handed those on.
RADAR_NUMBERS = ("normal", "vacant", "in_bed", "out_of_bed", "fall")
ALARM_TYPE_NUMBERS = ("fall", "motionless", "dwell", "out_of_bed", "occupied", "vacant")
ALARM_STATE_NUMBERS = ("", "triggered", "deactivated", "ignored")
ALARM_TYPES = {"fall": "fall", "occupied": "presence", "vacant": "presence", "out_of_bed": "in_bed"}
#: An alarm's record; releases of the codec before 2025 wrote the words without ``alarm_``.
ALARM_STATES = {"triggered": True, "deactivated": False, "ignored": False}
#: Browan's tabs tell one bit, and by the port which sensor it is of.
BROWAN = {100: "door_open", 102: "motion", 106: "water_leak"}
BROWAN_BUTTON, BROWAN_MARK = 147, "temperatureboard"
#: Milesight's smoke detector GS524N: what its ``event`` says. A test, or that it was silenced, is no fire.
SMOKE_EVENTS = {"alarm": True, "normal": False, "silent": None}
#: Names by which codecs tell a position (one of Dragino's misspells it).
PLACES = (("latitude", "longitude"), ("latitude", "longitud"), ("lat", "lon"), ("lat", "lng"), ("lat", "long"))
#: Objects in which codecs put what they decoded. What else is nested is a device's settings: the centre of a tracker's
#: fence is not where it is.
HOLDERS = frozenset({"data", "decoded", "payload", "gps", "position", "location"})
LPP_PLACE = re.compile(r"gps_\d{1,3}")
