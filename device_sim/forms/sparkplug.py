"""Sensors wired to a nurse-call gateway that speaks Sparkplug B 3.0: one edge node a home, protobuf of our own.

``NBIRTH`` and a ``DBIRTH`` a device name each metric once with its alias; after that only aliases are said (``DDATA``).
``seq`` counts over all of the node's messages and wraps behind 255; ``NDEATH`` is the will (QoS 1), made when the node
connected, so its time is old, with the ``bdSeq`` of that birth. Births say how all stands now; what happened while the
network was away follows as historical. A metric that was not measured yet is null. Source: ``sparkplug_b.proto`` of
Eclipse Tahu and the specification's chapters 5 and 6. Nothing is remembered by the broker.
"""

from collections.abc import Iterator, Sequence
from random import Random
from typing import ClassVar

from device_sim.forms.sparkplug_wire import BOOLEAN, DOUBLE, FLOAT, INT32, STRING, UINT64, Metric, Value, payload
from device_sim.forms.spoken import SECOND_US, Cause, HomeSensor, Said, SensorKind, Speaker
from device_sim.play import Emission
from schemas import ids

_GROUP = "care"
#: A call lamp is told again after so long at the earliest, and is reset by somebody after so long, s.
_CALL_EACH_S, _RESET_S = 15.0, 45.0
_NUMBERS = 256
#: What tells a kind's state.
STATES = {
    SensorKind.MOTION: "Inputs/Motion",
    SensorKind.CONTACT: "Inputs/DoorOpen",
    SensorKind.BED: "Bed/Occupied",
    SensorKind.LEAK: "Inputs/Leak",
    SensorKind.BUTTON: "Inputs/NurseCall",
}
_BATTERY, _TEMPERATURE, _POWER, _ENERGY = "Status/Battery", "Room/Temperature", "Meter/Power", "Meter/Energy"


class Sparkplug(Speaker):
    """A ward gateway's inputs: PIR, door contact, bed mat, leak probe, pull cord, meter. Values come by exception."""

    hold_s: ClassVar[float] = 60.0
    repeat_s: ClassVar[float] = 120.0
    report_h: ClassVar[float] = 1.0
    keeps: ClassVar[bool] = True

    def __init__(self, mark: str, sensors: Sequence[HomeSensor], seed: int) -> None:
        super().__init__(mark, sensors, seed)
        self.random = Random(f"sparkplug {seed}")
        self.seq, self.born, self.born_us = 0, self.random.randrange(_NUMBERS), 0
        self.calls: dict[HomeSensor, tuple[int, int]] = {}  # pressed and last told
        self.now: dict[tuple[HomeSensor, str], Value] = {}
        self.aliases: dict[tuple[HomeSensor, str], int] = {}
        for sensor in sensors:
            for name, _ in _metrics(sensor.kind):
                self.aliases[sensor, name] = len(self.aliases) + 1

    def device_id(self, sensor: HomeSensor) -> str:
        """Return the id by which the platform knows a sensor."""
        return ids.foreign_device("sparkplug", _GROUP, self.mark, sensor.name)

    def hello(self, at_us: int) -> Iterator[Emission]:
        """Yield the births of the node and of each device, with what is known."""
        self.seq, self.born, self.born_us = _NUMBERS - 1, (self.born + 1) % _NUMBERS, at_us
        yield self._told("NBIRTH", None, at_us, [
            self._birth_number(),
            Metric("Node Control/Rebirth", None, at_us, BOOLEAN, False),
            Metric("Properties/Hardware Make", None, at_us, STRING, "Ward gateway 病房网关"),
        ])  # fmt: skip
        for sensor in self.sensors:
            yield self._told("DBIRTH", sensor, at_us, [
                Metric(name, self.aliases[sensor, name], at_us, kind, self.now.get((sensor, name)))
                for name, kind in _metrics(sensor.kind)
            ])  # fmt: skip

    def say(self, said: Said) -> Iterator[Emission]:
        """Yield what changed, by alias; and a call again, with the gateway's next message, until it is reset."""
        yield from self._still_calling(said.at_us)
        yield self._data(said.sensor, said.at_us, said.at_us, self._values(said))
        if said.sensor.kind is SensorKind.BUTTON and said.cause is Cause.BEGINS:
            self.calls[said.sensor] = (said.at_us, said.at_us)

    def _still_calling(self, at_us: int) -> Iterator[Emission]:
        for sensor, (called_us, told_us) in list(self.calls.items()):
            on = at_us - called_us < _RESET_S * SECOND_US
            if on and at_us - told_us < _CALL_EACH_S * SECOND_US:
                continue
            self.calls[sensor] = (called_us, at_us)
            if not on:
                del self.calls[sensor]
            yield self._data(sensor, at_us, at_us, {STATES[SensorKind.BUTTON]: on})

    def missed(self, said: Said) -> None:
        """Take note of how it stands: the next birth says so."""
        self.now |= {(said.sensor, name): value for name, value in self._values(said).items()}
        for sensor in self.sensors:
            if sensor.kind is SensorKind.BUTTON:
                self.calls.pop(sensor, None)
                self.now[sensor, STATES[SensorKind.BUTTON]] = False  # reset by the time the network is back

    def late(self, said: Said, at_us: int) -> Iterator[Emission]:
        """Yield what was said meanwhile as historical, with its own time."""
        yield self._data(said.sensor, at_us, said.at_us, self._values(said), historical=True)

    def gone(self, at_us: int) -> Iterator[Emission]:
        """Yield the node's will."""
        death = payload(self.born_us, [self._birth_number()], None)
        yield Emission(at_us, f"spBv1.0/{_GROUP}/NDEATH/{self.mark}", death)

    def _values(self, said: Said) -> dict[str, Value]:
        """Return what one thing said changes, by metric."""
        sensor, kind = said.sensor, said.sensor.kind
        if kind is SensorKind.PLUG:
            return {_POWER: float(said.watts), _ENERGY: said.kwh}
        values: dict[str, Value] = {}
        if said.cause is not Cause.REPORT:
            values[STATES[kind]] = said.cause is Cause.BEGINS if kind is SensorKind.BUTTON else said.on
        if said.cause in (Cause.REPORT, Cause.REMEMBERED):
            values[_BATTERY] = said.battery
            if (sensor, _TEMPERATURE) in self.aliases:
                values[_TEMPERATURE] = round(self.random.uniform(19, 24), 2)
        return values

    def _data(
        self, sensor: HomeSensor, at_us: int, time_us: int, values: dict[str, Value], *, historical: bool = False
    ) -> Emission:
        kinds = dict(_metrics(sensor.kind))
        metrics = [
            Metric(None, self.aliases[sensor, name], time_us, kinds[name], value, historical=historical)
            for name, value in values.items()
        ]
        if not historical:
            self.now |= {(sensor, name): value for name, value in values.items()}
        return self._told("DDATA", sensor, at_us, metrics)

    def _told(self, kind: str, sensor: HomeSensor | None, at_us: int, metrics: list[Metric]) -> Emission:
        self.seq = (self.seq + 1) % _NUMBERS
        topic = f"spBv1.0/{_GROUP}/{kind}/{self.mark}" + ("" if sensor is None else f"/{sensor.name}")
        return Emission(at_us, topic, payload(at_us, metrics, self.seq), qos=0)

    def _birth_number(self) -> Metric:
        return Metric("bdSeq", None, self.born_us, UINT64, self.born)


def _metrics(kind: SensorKind) -> list[tuple[str, int]]:
    """Return each metric of a device, with its data type."""
    if kind is SensorKind.PLUG:
        return [(_POWER, FLOAT), (_ENERGY, DOUBLE)]
    told = [(STATES[kind], BOOLEAN), (_BATTERY, INT32)]
    return [*told, (_TEMPERATURE, FLOAT)] if kind is SensorKind.MOTION else told
