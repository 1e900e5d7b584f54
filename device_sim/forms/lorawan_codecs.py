"""What makers' codecs make of the bytes of LoRaWAN devices: the objects that a network server hands on.

Two sets of words for the same bytes: the maker's own present codecs, which people paste into ChirpStack, and those of
The Things Stack's device repository. Sources: Milesight-IoT/SensorDecoders; TheThingsNetwork/lorawan-devices. A word of
a moment (a press) is there when it happens; nothing says that a button is released.
"""

from typing import Any

from device_sim.forms.spoken import HOUR_US, SECOND_US, Cause, HomeSensor, Said, SensorKind

#: The fitter tried the alarms so long before a device tells what it kept.
_TRIED_BEFORE_US = 20 * HOUR_US
_VOLTS, _MILLI = 230.4, 1000


def maker(said: Said) -> dict[str, Any]:
    """Return what Milesight's own codec says (WS202, WS301, WS101, VS373, EM300-ZLD, WS523)."""
    kind, on, told = said.sensor.kind, said.on, {"battery": said.battery}
    if kind is SensorKind.PLUG:
        return _plug(said)
    if kind is SensorKind.BED:
        return _radar(said)
    if kind is SensorKind.BUTTON:
        return {"button_event": {"status": "short press"}} if said.cause is Cause.BEGINS else told
    if kind is SensorKind.MOTION:
        return told | {"pir": "trigger" if on else "normal", "daylight": "dim"}
    if kind is SensorKind.CONTACT:
        return told | {"magnet_status": "open" if on else "close", "tamper_status": "installed"}
    return told | {"temperature": 21.4, "humidity": 52.5, "leakage_status": "leak" if on else "normal"}


def repository(said: Said) -> dict[str, Any]:
    """Return what the device repository's codecs say: older words, and Dragino's TrackerD for the button.

    Indoors the tracker has no position and says 0, 0; its alarm is "FALSE" in what it reports by itself.
    """
    kind, on = said.sensor.kind, said.on
    if kind is SensorKind.BUTTON:
        told: dict[str, Any] = {"Location": 0, "Latitude": 0, "Longitud": 0, "Hum": 44.1, "Tem": 23.5}
        alarm = "TRUE" if said.cause is Cause.BEGINS else "FALSE"
        return told | {"ALARM_status": alarm, "MD": 0, "LON": "ON", "Transport": "STILL"}
    if kind is SensorKind.LEAK:
        return {
            "battery": said.battery,
            "temperature": 21.4,
            "humidity": 52.5,
            "water_leak": "leak" if on else "normal",
        }
    if kind is SensorKind.MOTION:
        return {"battery": said.battery, "pir": "trigger" if on else "normal", "light": "dark"}
    if kind is SensorKind.CONTACT:
        return {"battery": said.battery, "door": "open" if on else "close", "install": "yes"}
    return maker(said)


def kept(sensor: HomeSensor, at_us: int) -> dict[str, Any]:
    """Return what a device stored and hands in later: the fitter's tests, true then; {}: it stores nothing."""
    tried_s = (at_us - _TRIED_BEFORE_US) // SECOND_US
    if sensor.kind is SensorKind.LEAK:
        past = [(tried_s, "leak"), (tried_s + 600, "normal")]
        return {
            "history": [
                {"timestamp": when, "temperature": 21.0, "humidity": 50.0, "leakage_status": word}
                for when, word in past
            ]
        }
    if sensor.kind is SensorKind.BED:
        fell = [(tried_s, "alarm_triggered"), (tried_s + 60, "alarm_deactivated")]
        return {
            "history": [
                {"timestamp": when, "alarm_id": 1, "alarm_type": "fall", "alarm_status": word} for when, word in fell
            ]
        }
    return {}


def _plug(said: Said) -> dict[str, Any]:
    """Return volts, watts, %, watt hours since ever, and milliamperes."""
    told = {"voltage": _VOLTS, "active_power": said.watts, "power_factor": 98, "socket_status": "on"}
    return told | {"power_consumption": round(said.kwh * _MILLI), "current": round(said.watts * _MILLI / _VOLTS)}


def _radar(said: Said) -> dict[str, Any]:
    """Return where somebody is; with the alarm of somebody who got up, which ends when they lie down again.

    Of a region, 0 is occupied (written out by the codec). Out of bed, the radar still sees somebody in the room.
    """
    on = said.on
    told: dict[str, Any] = {
        "detection_status": "in_bed" if on else "out_of_bed",
        "target_status": "normal",
        "use_time_now": 0,
        "use_time_today": 120,
        "region_1_occupancy": "occupied" if on else "vacant",
        "region_2_occupancy": "vacant",
        "region_3_occupancy": "vacant",
        "region_4_occupancy": "vacant",
    }
    if said.cause is Cause.ENDS:
        out = {"alarm_id": 7, "alarm_type": "out_of_bed", "alarm_status": "alarm_triggered", "region_id": 1}
        return told | {"events": [out]}
    if said.cause is Cause.BEGINS:
        back = {"alarm_id": 7, "alarm_type": "out_of_bed", "alarm_status": "alarm_deactivated", "region_id": 1}
        return told | {"events": [back]}
    return told
