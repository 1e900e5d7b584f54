"""Sensors behind a Zigbee bridge with Tasmota (a Sonoff ZBBridge), and a plug with Tasmota of its own.

The bridge publishes one message for what each sensor says (``ZbReceived``), with the name that people gave it
(SetOption83), and only what the sensor said: it has no memory of it. A PIR tells that somebody moves and never that
nobody does; the bridge's timer ends it after 90 s (``ZbOccupancy``), in a message without endpoint and link. A contact
is 1 when it is *open*; a zone's second alarm is a name of its own (``PersonalAlarm2``), its first then 0. All times are
local and without an offset. Each device announces itself with what it measured when it last started, both remembered
by the broker. The plug tells a change of its power at once (``PowerDelta``) and repeats its telemetry with each report
here, in truth every five minutes. Names as in Tasmota's ``xdrv_23_zigbee``.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, ClassVar

from device_sim.forms.spoken import Cause, HomeSensor, Said, SensorKind, Speaker, digest, mac
from device_sim.play import Emission
from schemas import ids

#: The devices' clock is set to the zone of their home and does not say so.
_OFFSET = timedelta(hours=8)
#: Millivolts of a coin cell: empty and full.
_VOLTS = (2.5, 3.1)
#: A press is sent by the button itself this often, and how long after each other, s: nobody acknowledged it in time.
_PRESSES, _PRESS_AGAIN_S = 3, 0.4
#: What each kind of zone is called when its status changes (IAS zone types 0x0015, 0x002a, 0x002c).
_ZONES = {SensorKind.CONTACT: "Contact", SensorKind.LEAK: "Water", SensorKind.BUTTON: "PersonalAlarm"}
#: Bits of a zone's status that a battery sensor sets beside its alarms: it reports by itself, 0x10, also the end, 0x20.
_REPORTS = 0x30
#: The second alarm of a zone: what a button for help raises when it is pressed.
_ALARM_2 = 0x02
_MODELS = {False: "Sonoff ZbBridge", True: "NOUS A1T"}
_LAST_YEAR = "2025-11-30T06:11:09"


class Tasmota(Speaker):
    """One bridge, and a plug beside it.

    A bed is a pressure pad on a zone of motion (0x000d) whose time-out was switched off (``ZbOccupancy <name>,0``):
    without that the bridge says after 90 s that nobody lies there.
    """

    hold_s: ClassVar[float] = 90.0
    repeat_s: ClassVar[float] = 60.0
    report_h: ClassVar[float] = 0.9  # Aqara's sensors tell their battery each 50 to 60 minutes

    def __init__(self, mark: str, sensors: Sequence[HomeSensor], seed: int) -> None:
        super().__init__(mark, sensors, seed)
        self.bridge = f"zbbridge_{mark}"
        self.short = {sensor.name: f"0x{digest(mark, sensor.name, 2).upper()}" for sensor in sensors}
        self.plugs = [sensor for sensor in sensors if sensor.kind is SensorKind.PLUG]

    def device_id(self, sensor: HomeSensor) -> str:
        """Return the id by which the platform knows a sensor."""
        if sensor.kind is SensorKind.PLUG:
            return ids.foreign_device("tasmota", self._mac(self._topic(sensor)).lower())
        return ids.foreign_device("tasmota", self._mac(self.bridge).lower(), "zigbee", sensor.name)

    def hello(self, at_us: int) -> Iterator[Emission]:
        """Yield each device's announcement with its stale values, and that it is there."""
        for topic, name, sensed in [
            (self.bridge, "Zigbee bridge", {}),
            *(
                (self._topic(plug), plug.name, _energy(Random(f"{plug.name} before").uniform(1, 9), 1500))
                for plug in self.plugs
            ),
        ]:
            where = f"tasmota/discovery/{self._mac(topic)}"
            yield _said(at_us, f"{where}/config", self._config(topic, name), retain=True)
            yield _said(at_us, f"{where}/sensors", {"sn": {"Time": _LAST_YEAR, **sensed}, "ver": 1}, retain=True)
            yield Emission(at_us, f"tele/{topic}/LWT", b"Online", retain=True)

    def say(self, said: Said) -> Iterator[Emission]:
        """Yield what the bridge received, or the plug's telemetry and relay."""
        sensor, at_us = said.sensor, said.at_us
        if sensor.kind is SensorKind.PLUG:
            yield from self._plug(said)
            return
        if said.cause is Cause.REMEMBERED:
            return  # the bridge knows nothing of its sensors until they speak
        told = self._told(said)
        body = {"Device": self.short[sensor.name], "Name": sensor.name, **told}
        if said.cause is not Cause.TIMER:  # the timer is the bridge's own, nothing was received
            body |= {"Endpoint": 1, "LinkQuality": said.link}
        times = _PRESSES if sensor.kind is SensorKind.BUTTON and said.cause is Cause.BEGINS else 1
        for number in range(times):
            later_us = at_us + round(number * _PRESS_AGAIN_S * 1e6)
            yield _said(later_us, f"tele/{self.bridge}/SENSOR", {"ZbReceived": {sensor.name: body}})

    def gone(self, at_us: int) -> Iterator[Emission]:
        """Yield the last will of each device that has a connection of its own."""
        for topic in (self.bridge, *map(self._topic, self.plugs)):
            yield Emission(at_us, f"tele/{topic}/LWT", b"Offline", retain=True)

    def _told(self, said: Said) -> dict[str, Any]:
        kind, cause = said.sensor.kind, said.cause
        if cause is Cause.REPORT:
            volts = _VOLTS[0] + (_VOLTS[1] - _VOLTS[0]) * said.battery / 100
            return {"BatteryVoltage": round(volts, 2), "BatteryPercentage": said.battery}
        if kind is SensorKind.MOTION:
            return {"Occupancy": int(said.on)}
        status = _REPORTS | (_ALARM_2 if kind is SensorKind.BUTTON else int(said.on))
        return _zone(status, "Occupancy" if kind is SensorKind.BED else _ZONES[kind])

    def _plug(self, said: Said) -> Iterator[Emission]:
        topic, at_us = self._topic(said.sensor), said.at_us
        if said.cause is Cause.REMEMBERED:
            yield _said(at_us, f"stat/{topic}/RESULT", {"POWER": "ON"})
            yield Emission(at_us, f"stat/{topic}/POWER", b"ON")
        if said.cause in (Cause.REMEMBERED, Cause.REPORT):
            yield _said(at_us, f"tele/{topic}/STATE", {
                "Time": _local(at_us), "Uptime": "0T01:10:05", "Heap": 25, "POWER": "ON",
                "Wifi": {"AP": 1, "RSSI": min(100, said.link), "Signal": -50 - said.link // 8},
            })  # fmt: skip
        yield _said(at_us, f"tele/{topic}/SENSOR", {"Time": _local(at_us), **_energy(said.kwh, said.watts)})

    def _config(self, topic: str, name: str) -> dict[str, Any]:
        return {
            "ip": "192.168.1.20", "dn": name, "fn": [name, None, None, None, None, None, None, None],
            "hn": topic, "mac": self._mac(topic), "md": _MODELS[topic != self.bridge], "ty": 0, "if": 0,
            "ofln": "Offline", "onln": "Online", "state": ["OFF", "ON", "TOGGLE", "HOLD"], "sw": "14.3.0", "t": topic,
            "ft": "%prefix%/%topic%/", "tp": ["cmnd", "stat", "tele"],
            "rl": [0 if topic == self.bridge else 1, *[0] * 7], "swc": [-1] * 8, "swn": [None] * 8, "btn": [0] * 8,
            "so": {"4": 0, "11": 0, "13": 0, "17": 0, "20": 0, "30": 0, "68": 0, "73": 0, "82": 0, "114": 0, "117": 0},
            "lk": 0, "lt_st": 0, "sho": [0] * 4, "ver": 1,
        }  # fmt: skip

    def _topic(self, plug: HomeSensor) -> str:
        return f"tasmota_{self.mark}_{digest(self.mark, plug.name, 3).upper()}"

    def _mac(self, topic: str) -> str:
        return mac(self.mark, topic).upper()


def _zone(status: int, name: str) -> dict[str, Any]:
    """Return a zone's notification: raw (status, extension, zone, delay, low byte first), and what it says."""
    told = {"0500<00": f"{status.to_bytes(2, 'little').hex().upper()}00010000", "ZoneStatusChange": status}
    told |= {"ZoneStatusChangeZone": 1, name: status & 1}
    return told | ({f"{name}2": 1} if status & _ALARM_2 else {})


def _energy(kwh: float, watts: int) -> dict[str, Any]:
    current = round(watts / 230, 3)
    return {
        "ENERGY": {
            "TotalStartTime": _LAST_YEAR, "Total": round(kwh, 3), "Yesterday": 0.412, "Today": 0.105, "Period": 0,
            "Power": watts, "ApparentPower": watts, "ReactivePower": 0, "Factor": 1.0 if watts else 0.0, "Voltage": 230,
            "Current": current,
        }
    }  # fmt: skip


def _local(at_us: int) -> str:
    return (datetime.fromtimestamp(at_us / 1e6, UTC) + _OFFSET).strftime("%Y-%m-%dT%H:%M:%S")


def _said(at_us: int, topic: str, body: Any, *, retain: bool = False) -> Emission:
    payload = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Emission(at_us, topic, payload.encode(), retain=retain)
