"""Sensors by LoRaWAN, whichever network server hears them: which products they are, counters, repetitions, joins.

Class A: what a device says goes up at once and is confirmed; where the confirmation is lost it says it again, with the
same counter. A counter begins at 0 when a device joins, and a device that got no answer for long joins anew by itself,
with another address. Sources: LoRaWAN 1.0.4; Milesight's user guides (WS101, WS202, WS301, EM300-ZLD, WS523, VS373);
Dragino's manual of TrackerD.
"""

import base64
import hashlib
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from random import Random
from typing import Any, ClassVar, NamedTuple

from device_sim.forms.lorawan_codecs import kept
from device_sim.forms.spoken import HOUR_US, SECOND_US, Cause, HomeSensor, Said, SensorKind, Speaker, digest

#: Share of confirmed uplinks whose confirmation is lost, how often a device then says it again, and after how long, s
#: (ACK_TIMEOUT of 1 to 3 s behind its two windows).
_LOST_SHARE, _AGAIN, _AGAIN_S = 0.12, (1, 2), (4.0, 9.0)
#: On the air, and on its way through the server, s.
_WAY_S = (0.4, 1.6)
#: Signal at each of the two gateways, dBm and dB; the second one hears so much of it.
_RSSI, _SNR, _SECOND_HEARS = (-112, -70), (-6.0, 10.5), 0.6
#: An alarm that goes on is said again so often, and for so long, s (TrackerD, set to three alarm packets).
_CALL_EACH_S, _CALLS = 60.0, 2
#: What says nothing new reports so often, h; the others each time.
_SELDOM, _SELDOM_H = frozenset({SensorKind.MOTION, SensorKind.CONTACT, SensorKind.BUTTON}), 6.0
#: Share of devices that heard no answer while the server was away and join anew when it is back.
_JOIN_AGAIN_SHARE = 0.4
#: Between two devices that join, s, and from the join to the device's first uplink.
_JOINS_EACH_S, _FIRST_S = 0.02, 1.0
_USUAL_PORT = 85


class Uplink(NamedTuple):
    """What a device says once; ``again`` has the times at which the server got it again, with the same counter."""

    at_us: int
    sensor: HomeSensor
    counter: int
    port: int
    confirmed: bool
    object: dict[str, Any]
    rssi: tuple[int, ...]
    snr: tuple[float, ...]
    again: tuple[int, ...] = ()

    @property
    def data(self) -> str:
        """The device's bytes in base64: not real ones, which only its codec reads, but the same for a repetition."""
        told = hashlib.blake2b(f"{self.counter}{self.object}".encode(), digest_size=8).digest()
        return base64.b64encode(told).decode()


class Lorawan(Speaker):
    """The devices; a network server's class says what they say in its own form."""

    hold_s: ClassVar[float] = 60.0
    repeat_s: ClassVar[float] = 60.0
    report_h: ClassVar[float] = 1.0
    #: What is used, by kind: the device profile's name.
    products: ClassVar[dict[SensorKind, str]]
    #: Kinds whose alarm is said again while it goes on.
    calls_on: ClassVar[frozenset[SensorKind]] = frozenset()

    def __init__(self, mark: str, sensors: Sequence[HomeSensor], seed: int) -> None:
        super().__init__(mark, sensors, seed)
        self.random = Random(f"lorawan {seed}")
        self.counters = {sensor.name: -1 for sensor in sensors}
        self.joined = {sensor.name: 0 for sensor in sensors}  # how often
        self.spoke_us: dict[str, int] = {}
        self.started = False

    @abstractmethod
    def decoded(self, said: Said) -> dict[str, Any]:
        """Return what the server's codec makes of the device's bytes."""

    def about(self, sensor: HomeSensor) -> dict[str, Any]:
        """Return what the codec makes of a device's announcement of itself."""
        about = {"ipso_version": "v0.1", "device_status": "on", "hardware_version": "v1.0", "firmware_version": "v1.3"}
        return about | {"lorawan_class": "Class A", "sn": self.eui(sensor)}

    def past(self, sensor: HomeSensor, at_us: int) -> dict[str, Any]:
        """Return what the codec makes of what a device kept; {}: it kept nothing."""
        return kept(sensor, at_us)

    def eui(self, sensor: HomeSensor) -> str:
        """Return a device's EUI-64: locally administered, small hexadecimal digits."""
        return f"02{digest(self.mark, sensor.name, 7)}"

    def address(self, sensor: HomeSensor) -> str:
        """Return the address that it got when it joined, small hexadecimal digits."""
        return digest(f"{self.mark} {self.joined[sensor.name]}", sensor.name, 4)

    def device_id(self, sensor: HomeSensor) -> str:
        """Return the id by which the platform knows a sensor."""
        return f"lora-{self.eui(sensor)}"

    def joins(self, at_us: int) -> list[tuple[int, HomeSensor]]:
        """Return which devices join, and when: all in the beginning, some when the server is back; counters are 0."""
        chosen = [each for each in self.sensors if not self.started or self.random.random() < _JOIN_AGAIN_SHARE]
        self.started = True
        for sensor in chosen:
            self.counters[sensor.name] = -1
            self.joined[sensor.name] += 1
        return [(at_us + round(number * _JOINS_EACH_S * SECOND_US), sensor) for number, sensor in enumerate(chosen)]

    def announced(self, at_us: int, sensor: HomeSensor) -> Iterator[Uplink]:
        """Yield what a device says of itself when it has joined, and what it kept of the past."""
        if sensor.kind is not SensorKind.BUTTON or self.products[sensor.kind].startswith("Milesight"):
            about = self.about(sensor)
            yield self._uplink(at_us + round(_FIRST_S * SECOND_US), sensor, about, confirmed=False)
        if self.joined[sensor.name] > 1 and (past := self.past(sensor, at_us)):
            yield self._uplink(at_us + round(2 * _FIRST_S * SECOND_US), sensor, past, confirmed=False)

    def uplinks(self, said: Said) -> Iterator[Uplink]:
        """Yield what goes up; nothing of what a gateway would have to remember."""
        name, kind = said.sensor.name, said.sensor.kind
        if said.cause is Cause.REMEMBERED or said.at_us < self.spoke_us.get(name, 0):  # it is still calling
            return
        silent_us = said.at_us - self.spoke_us.get(name, 0)
        if said.cause is Cause.REPORT and kind in _SELDOM and silent_us < _SELDOM_H * HOUR_US:
            return
        self.spoke_us[name] = said.at_us
        told = self.decoded(said)
        yield self._uplink(self._heard_us(said.at_us), said.sensor, told, confirmed=said.cause is not Cause.REPORT)
        if kind in self.calls_on and said.cause is Cause.BEGINS:
            for number in range(1, _CALLS + 1):
                self.spoke_us[name] = said.at_us + round(number * _CALL_EACH_S * SECOND_US)
                yield self._uplink(self._heard_us(self.spoke_us[name]), said.sensor, told, confirmed=True)

    def _heard_us(self, at_us: int) -> int:
        return at_us + round(self.random.uniform(*_WAY_S) * SECOND_US)

    def _uplink(self, at_us: int, sensor: HomeSensor, told: dict[str, Any], *, confirmed: bool) -> Uplink:
        random = self.random
        self.counters[sensor.name] += 1
        gateways = 2 if random.random() < _SECOND_HEARS else 1
        rssi = tuple(random.randint(*_RSSI) for _ in range(gateways))
        snr = tuple(round(random.uniform(*_SNR), 1) for _ in range(gateways))
        again, again_us = [], at_us
        if confirmed and random.random() < _LOST_SHARE:
            for _ in range(random.randint(*_AGAIN)):
                again_us += round(random.uniform(*_AGAIN_S) * SECOND_US)
                again.append(again_us)
        port = _USUAL_PORT if self.products[sensor.kind].startswith("Milesight") else 2
        return Uplink(at_us, sensor, self.counters[sensor.name], port, confirmed, told, rssi, snr, tuple(again))
