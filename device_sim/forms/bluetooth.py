"""Bluetooth sensors that only advertise, and two gateways in the home that hear them: what comes of one advertisement.

A sensor that has something to say advertises it again and again for a second or two, each time with the same packet id;
one gateway is near and hears most of it, the other a part. Nothing is acknowledged and nothing remembered. Packet ids
go round from 0 to 255. Between, a button in beacon mode says every now and then that nobody presses it.
"""

from collections.abc import Iterator, Sequence
from random import Random
from typing import ClassVar, NamedTuple

from device_sim.forms.spoken import Cause, HomeSensor, Said, SensorKind, Speaker, mac
from device_sim.play import Emission

#: How often an event and a report are advertised, and what share of it each gateway hears.
_ADVERTISED, _REPORTED, _HEARD = (5, 12), (1, 3), (0.85, 0.45)
#: Between two advertisements of the same, s.
_EACH_S = (0.08, 0.22)
#: Signal at the near and at the far gateway, dBm.
_RSSI = ((-75, -52), (-96, -80))
PACKETS = 256


class Heard(NamedTuple):
    """One advertisement at one gateway (its number); ``packet`` is the sensor's packet id."""

    at_us: int
    gateway: int
    said: Said
    packet: int
    rssi: int


class Bluetooth(Speaker):
    """The sensors and their two gateways; a subclass says how a gateway publishes what it heard."""

    hold_s: ClassVar[float] = 60.0
    repeat_s: ClassVar[float] = 60.0
    report_h: ClassVar[float] = 1.0
    lacks: ClassVar[frozenset[SensorKind]] = frozenset({SensorKind.PLUG})

    def __init__(self, mark: str, sensors: Sequence[HomeSensor], seed: int) -> None:
        super().__init__(mark, sensors, seed)
        self.random = Random(f"bluetooth {seed}")
        self.packets = {sensor.name: self.random.randrange(PACKETS) for sensor in sensors}
        self.gateways = (f"OMG_{mark}_living", f"OMG_{mark}_hall")

    def device_id(self, sensor: HomeSensor) -> str:
        """Return the id by which the platform knows a sensor."""
        return f"ble-{mac(self.mark, sensor.name)}"

    def hello(self, at_us: int) -> Iterator[Emission]:
        """Yield that both gateways are there."""
        for gateway in self.gateways:
            yield Emission(at_us, f"home/{gateway}/LWT", b"online", retain=True, qos=0)

    def gone(self, at_us: int) -> Iterator[Emission]:
        """Yield both gateways' last wills."""
        for gateway in self.gateways:
            yield Emission(at_us, f"home/{gateway}/LWT", b"offline", retain=True, qos=0)

    def heard(self, said: Said) -> Iterator[Heard]:
        """Yield what each gateway hears of one thing said, in order of time; nothing of what nobody could remember."""
        if said.cause is Cause.REMEMBERED:
            return
        random, name = self.random, said.sensor.name
        self.packets[name] = (self.packets[name] + 1) % PACKETS
        at_us = said.at_us
        for _ in range(random.randint(*(_REPORTED if said.cause is Cause.REPORT else _ADVERTISED))):
            for gateway, share in enumerate(_HEARD):
                if random.random() < share:
                    yield Heard(at_us, gateway, said, self.packets[name], random.randint(*_RSSI[gateway]))
            at_us += round(random.uniform(*_EACH_S) * 1e6)
