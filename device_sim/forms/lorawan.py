"""What sensors by LoRaWAN say, whichever network server hears them: the objects of their makers' codecs, and counters.

Motion: Milesight WS202. Doors and fridges: WS301. A press: Dragino TrackerD, whose alarm stays true for as long as it
calls. Bed: Milesight VS373, a radar, without records. Leak: EM300-ZLD. Plug: WS523. Class A: what they say goes up at
once and is confirmed, so a confirmation that is lost makes the device say it again, with the same counter; batteries
and states come each six hours. A counter begins again when a device joins anew.
"""

import base64
import hashlib
from collections.abc import Iterator, Sequence
from random import Random
from typing import Any, ClassVar, NamedTuple

from device_sim.forms.spoken import Cause, HomeSensor, Said, SensorKind, Speaker, digest

#: Share of confirmed uplinks whose confirmation is lost, and after how long they are sent again, s (LoRaWAN: RETRANSMIT
#: of 1 to 3 s behind the windows).
_LOST_SHARE, _AGAIN_S = 0.12, (4.0, 9.0)
#: Signal at each of the two gateways, dBm and dB.
_RSSI, _SNR = (-112, -70), (-6.0, 10.5)
#: A press calls for so long, s: the tracker says so again each minute until its alarm times out.
_CALLS_S, _CALL_EACH_S = 170.0, 60.0
_VOLTS = (3.2, 4.1)
_PORTS = {SensorKind.BUTTON: 2}
_USUAL_PORT = 85
_PROFILES = {
    SensorKind.MOTION: "Milesight WS202",
    SensorKind.CONTACT: "Milesight WS301",
    SensorKind.BED: "Milesight VS373",
    SensorKind.LEAK: "Milesight EM300-ZLD",
    SensorKind.PLUG: "Milesight WS523",
    SensorKind.BUTTON: "Dragino TrackerD",
}


class Uplink(NamedTuple):
    """One transmission of a device as the network server got it; ``copy`` counts its repetitions."""

    at_us: int
    sensor: HomeSensor
    counter: int
    port: int
    confirmed: bool
    object: dict[str, Any]
    rssi: tuple[int, int]
    snr: tuple[float, float]
    copy: int

    @property
    def data(self) -> str:
        """The device's bytes in base64: not real ones, which only its codec reads, but the same for a repetition."""
        told = hashlib.blake2b(f"{self.counter}{self.object}".encode(), digest_size=8).digest()
        return base64.b64encode(told).decode()


class Lorawan(Speaker):
    """The devices; a network server's class says what they say in its own form."""

    hold_s: ClassVar[float] = 60.0
    repeat_s: ClassVar[float] = 60.0
    report_h: ClassVar[float] = 6.0

    def __init__(self, mark: str, sensors: Sequence[HomeSensor], seed: int) -> None:
        super().__init__(mark, sensors, seed)
        self.random = Random(f"lorawan {seed}")
        self.counters = {sensor.name: self.random.randrange(5, 60_000) for sensor in sensors}

    def eui(self, sensor: HomeSensor) -> str:
        """Return a device's EUI-64: locally administered, small hexadecimal digits."""
        return f"02{digest(self.mark, sensor.name, 7)}"

    def device_id(self, sensor: HomeSensor) -> str:
        """Return the id by which the platform knows a sensor."""
        return f"lora-{self.eui(sensor)}"

    def profile(self, sensor: HomeSensor) -> str:
        """Return which product it is."""
        return _PROFILES[sensor.kind]

    def uplinks(self, said: Said) -> Iterator[Uplink]:
        """Yield what goes up, repetitions included; nothing of what a gateway would have to remember."""
        if said.cause is Cause.REMEMBERED:
            return
        yield from self._transmitted(said, 0.0, _object(said))
        if said.sensor.kind is SensorKind.BUTTON and said.cause is Cause.BEGINS:
            late_s = _CALL_EACH_S
            while late_s < _CALLS_S:
                yield from self._transmitted(said, late_s, _object(said))
                late_s += _CALL_EACH_S

    def _transmitted(self, said: Said, late_s: float, told: dict[str, Any]) -> Iterator[Uplink]:
        random, name = self.random, said.sensor.name
        confirmed = said.cause is not Cause.REPORT
        self.counters[name] += 1
        at_us = said.at_us + round((late_s + random.uniform(0.4, 1.6)) * 1e6)  # its time on the air, and the server's
        for copy in range(2 if confirmed and random.random() < _LOST_SHARE else 1):
            rssi = (random.randint(*_RSSI), random.randint(*_RSSI))
            snr = (round(random.uniform(*_SNR), 1), round(random.uniform(*_SNR), 1))
            port = _PORTS.get(said.sensor.kind, _USUAL_PORT)
            yield Uplink(at_us, said.sensor, self.counters[name], port, confirmed, told, rssi, snr, copy)
            at_us += round(random.uniform(*_AGAIN_S) * 1e6)


def _object(said: Said) -> dict[str, Any]:
    """Return what the maker's codec makes of a device's bytes."""
    kind, on = said.sensor.kind, said.on
    if kind is SensorKind.PLUG:
        told = {"socket_status": "on", "voltage": 230.4, "active_power": said.watts, "power_factor": 98}
        return told | {"current": said.watts * 1000 // 230, "power_consumption": round(said.kwh * 1000)}
    if kind is SensorKind.BUTTON:
        volts = round(_VOLTS[0] + (_VOLTS[1] - _VOLTS[0]) * said.battery / 100, 3)
        alarm = "TRUE" if said.cause is Cause.BEGINS else "FALSE"
        return {
            "BatV": volts,
            "ALARM_status": alarm,
            "FW": "1.4.7",
            "Lon": "ON",
            "MD": "Move",
            "Hum": 44.1,
            "Tem": 23.5,
        }
    if kind is SensorKind.BED:
        return {"detection_status": "occupied" if on else "vacant", "target_status": "normal", "use_time_now": 0}
    told = {"battery": said.battery}
    if kind is SensorKind.MOTION:
        return told | {"pir": "trigger" if on else "normal", "daylight": "dark"}
    if kind is SensorKind.CONTACT:
        return told | {"magnet_status": "open" if on else "close", "tamper_status": "installed"}
    return told | {"water_leak": "leak" if on else "normal", "temperature": 21.4, "humidity": 52.5}
