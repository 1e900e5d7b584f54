"""Shelly's sensors as a family may have bought them over the years, old and new in one home.

First generation, one value a topic below ``shellies/<id>``: Motion, Door/Window 2, Flood, Button 1. Doors, floods and
buttons sleep on a battery: they connect, say all they know, and are given up by the broker, so ``online`` is false most
of the day. A press has a count, and is said again with it whenever the device says anything. Second generation, below a
prefix that is the id: Plus Plug S (meter), Plus Uni with a pressure mat on its input (bed); each change is told twice,
by ``events/rpc`` (what changed alone) and by ``status/<component>``. Its clock counts from its start until it is set.
Motion's ``timestamp`` is when it last saw somebody, hours old in what it reports in an empty room.
Sources: Shelly's API documentation of both generations.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from device_sim.forms.spoken import Cause, HomeSensor, Said, SensorKind, Speaker, mac
from device_sim.play import Emission

#: Words before the address in a device's id: the product's name there.
_PRODUCTS = {
    SensorKind.MOTION: "shellymotionsensor",
    SensorKind.CONTACT: "shellydw2",
    SensorKind.LEAK: "shellyflood",
    SensorKind.BUTTON: "shellybutton1",
    SensorKind.PLUG: "shellyplusplugs",
    SensorKind.BED: "shellyplusuni",
}
#: What the first generation calls its products when they announce themselves.
_MODELS = {
    SensorKind.MOTION: "SHMOS-01",
    SensorKind.CONTACT: "SHDW-2",
    SensorKind.LEAK: "SHWT-1",
    SensorKind.BUTTON: "SHBTN-2",
}
#: Digits of the address in an id: of the oldest products the last three bytes alone.
_OLDEST, _OLDEST_DIGITS = frozenset({SensorKind.LEAK}), 6
#: Those that sleep, and how long they stay awake, s; the broker notices a minute and a half later.
_SLEEPERS = frozenset({SensorKind.CONTACT, SensorKind.LEAK, SensorKind.BUTTON})
_GIVEN_UP_S = 92.0
#: What the clock of the second generation says when it connects, before it is told the time: s since its start.
_STARTED_S = 1.61
_FIRST_GENERATION = frozenset({SensorKind.MOTION, *_SLEEPERS})


class Shelly(Speaker):
    """Each device has a connection of its own."""

    hold_s: ClassVar[float] = 60.0  # Motion's blind time of a minute
    repeat_s: ClassVar[float] = 60.0
    report_h: ClassVar[float] = 6.0

    def __init__(self, mark: str, sensors: Sequence[HomeSensor], seed: int) -> None:
        super().__init__(mark, sensors, seed)
        self.presses = dict.fromkeys((sensor.name for sensor in sensors), 0)
        self.moved_s = dict.fromkeys((sensor.name for sensor in sensors), 0)  # when motion was last seen; 0: never

    def device_id(self, sensor: HomeSensor) -> str:
        """Return the id by which the platform knows a sensor: its own in small letters."""
        return self._own_id(sensor).lower()

    def _own_id(self, sensor: HomeSensor) -> str:
        address = mac(self.mark, sensor.name)
        if sensor.kind in _OLDEST:
            address = address[-_OLDEST_DIGITS:]
        return f"{_PRODUCTS[sensor.kind]}-{address.upper() if sensor.kind in _FIRST_GENERATION else address}"

    def hello(self, at_us: int) -> Iterator[Emission]:
        """Yield what those that are always on say when they connect."""
        for sensor in self.sensors:
            if sensor.kind in _SLEEPERS:
                continue
            online = Emission(at_us, f"{self._root(sensor)}/online", b"true", retain=True, qos=0)
            if sensor.kind in _FIRST_GENERATION:
                yield online
                yield from self._announce(sensor, at_us)
                continue
            connected = {"connected": True}
            yield self._rpc(sensor, at_us, "NotifyStatus", {"ts": _STARTED_S, "mqtt": connected})
            yield online
            yield self._json(at_us, f"{self._root(sensor)}/status/mqtt", connected)

    def say(self, said: Said) -> Iterator[Emission]:
        """Yield what the device says, as its generation does."""
        sensor, at_us = said.sensor, said.at_us
        if said.cause is Cause.REMEMBERED and sensor.kind in _SLEEPERS:
            return  # asleep: nobody remembers for it
        if sensor.kind not in _FIRST_GENERATION:
            yield from self._second(said)
            return
        if sensor.kind in _SLEEPERS:
            yield Emission(at_us, f"{self._root(sensor)}/online", b"true", retain=True, qos=0)
            yield from self._announce(sensor, at_us)
        for leaf, value in self._values(said):
            payload = value if isinstance(value, str) else json.dumps(value)
            yield Emission(at_us, f"{self._root(sensor)}/{leaf}", payload.encode(), qos=0)
        if sensor.kind in _SLEEPERS:
            yield Emission(at_us + round(_GIVEN_UP_S * 1e6), f"{self._root(sensor)}/online", b"false", retain=True)

    def missed(self, said: Said) -> None:
        """Remember when motion was seen while nothing could be sent: the next report has it."""
        if said.sensor.kind is SensorKind.MOTION:
            self._notice(said)

    def gone(self, at_us: int) -> Iterator[Emission]:
        """Yield the last will of each device that was connected."""
        for sensor in self.sensors:
            if sensor.kind not in _SLEEPERS:
                yield Emission(at_us, f"{self._root(sensor)}/online", b"false", retain=True)

    def _notice(self, said: Said) -> None:
        if said.sensor.kind is SensorKind.BUTTON and said.cause is Cause.BEGINS:
            self.presses[said.sensor.name] += 1
        if said.sensor.kind is SensorKind.MOTION and said.cause in (Cause.BEGINS, Cause.AGAIN):
            self.moved_s[said.sensor.name] = said.heard_us // 1_000_000

    def _values(self, said: Said) -> list[tuple[str, Any]]:
        kind = said.sensor.kind
        self._notice(said)
        if kind is SensorKind.MOTION:
            told = {
                "motion": said.on,
                "timestamp": self.moved_s[said.sensor.name],
                "active": True,
                "vibration": False,
                "lux": 40,
            }
            return [("status", told | {"bat": said.battery})]
        battery = ("sensor/battery", str(said.battery))
        if kind is SensorKind.BUTTON:
            count = self.presses[said.sensor.name]
            return [("input_event/0", {"event": "S" if count else "", "event_cnt": count}), battery]
        reason = "periodic" if said.cause is Cause.REPORT else "sensor"
        if kind is SensorKind.LEAK:
            told_flood = "true" if said.on else "false"
            return [("sensor/temperature", "21.50"), ("sensor/flood", told_flood), battery,
                    ("sensor/act_reasons", [reason])]  # fmt: skip
        return [("sensor/state", "open" if said.on else "close"), ("sensor/tilt", "-1"), ("sensor/vibration", "0"),
                ("sensor/lux", "34"), ("sensor/illumination", "dark"), ("sensor/temperature", "21.50"), battery,
                ("sensor/error", "0"), ("sensor/act_reasons", [reason])]  # fmt: skip

    def _second(self, said: Said) -> Iterator[Emission]:
        ts, sensor = round(said.at_us / 1e6, 2), said.sensor
        if sensor.kind is SensorKind.BED:
            yield from self._component(sensor, said.at_us, ts, "input:0", {"id": 0, "state": said.on}, {})
            return
        power = {"apower": float(said.watts), "current": round(said.watts / 230, 3)}
        minutes = [round(said.watts * 1000 / 60, 3)] * 3  # milliwatt-hours of each of the last minutes
        energy = {"total": round(said.kwh * 1000, 3), "by_minute": minutes, "minute_ts": int(ts)}
        rest = {"source": "init", "output": True, "voltage": 229.8, "temperature": {"tC": 41.2, "tF": 106.2}}
        if said.cause in (Cause.BEGINS, Cause.ENDS):
            yield from self._component(
                sensor, said.at_us, ts, "switch:0", {"id": 0, **power}, rest | {"aenergy": energy}
            )
        else:  # each minute, the energy alone
            yield from self._component(sensor, said.at_us, ts, "switch:0", {"id": 0, "aenergy": energy}, rest | power)

    def _component(
        self, sensor: HomeSensor, at_us: int, ts: float, name: str, changed: dict[str, Any], rest: dict[str, Any]
    ) -> Iterator[Emission]:
        """Yield what changed, as a notice, and the whole component, as its status."""
        yield self._rpc(sensor, at_us, "NotifyStatus", {"ts": ts, name: changed})
        yield self._json(at_us, f"{self._root(sensor)}/status/{name}", changed | rest)

    def _announce(self, sensor: HomeSensor, at_us: int) -> Iterator[Emission]:
        told = {"id": self._own_id(sensor), "model": _MODELS[sensor.kind], "mac": mac(self.mark, sensor.name).upper(),
                "ip": "192.168.1.31", "new_fw": False, "fw_ver": "20230913-114008/v1.14.0-gcb84623"}  # fmt: skip
        yield self._json(at_us, "shellies/announce", told)
        yield self._json(at_us, f"{self._root(sensor)}/announce", told)

    def _root(self, sensor: HomeSensor) -> str:
        known = self._own_id(sensor)
        return f"shellies/{known}" if sensor.kind in _FIRST_GENERATION else known

    def _rpc(self, sensor: HomeSensor, at_us: int, method: str, params: dict[str, Any]) -> Emission:
        root = self._root(sensor)
        told = {"src": self._own_id(sensor), "dst": f"{root}/events", "method": method, "params": params}
        return self._json(at_us, f"{root}/events/rpc", told)

    def _json(self, at_us: int, topic: str, body: Any) -> Emission:
        return Emission(at_us, topic, json.dumps(body).encode(), qos=0)
