"""Nodes with ESPresense, one in each room: each has a motion sensor, and hears the beacon that a resident carries.

``espresense/rooms/<node>/...``: whether a node is there, and its motion, all remembered by the broker.
``espresense/devices/<beacon>/<node>``: how far the beacon seems to be, not remembered. Walls and bodies make distances
stray; neighbours hear it too, rooms farther off now and then; now and then nobody does for minutes. The beacon is an
iBeacon, known by its three numbers. Source: ESPresense's documentation (MQTT), and the JSON that its firmware writes.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from random import Random
from typing import Any, ClassVar

from device_sim.forms.spoken import SECOND_US, Cause, HomeSensor, Said, SensorKind, Speaker, Stay, digest, mac
from device_sim.play import Emission
from schemas import ids

#: A node publishes a beacon again after 5 s, or when it seems to have moved by half a metre; the beacon sends each 10 s
#: to save its battery, so that is what comes.
_EACH_S = 10.0
#: Distances, m: middle and spread (of the logarithm) in the room, in the next one, and farther off; and the share of
#: its advertisements that are heard there.
_IN_ROOM, _NEXT_DOOR, _FAR = (1.8, 0.35, 0.92), (5.5, 0.3, 0.55), (9.0, 0.25, 0.15)
#: It is lost after so long, s, for so long: a hand, a body, a blanket.
_HEARD_FOR_S, _LOST_FOR_S = (3000.0, 9000.0), (40.0, 320.0)
_RSSI_AT_1M = -59


class ESPresense(Speaker):
    """The nodes of a home. Doors, leaks, beds, plugs and buttons they have none."""

    hold_s: ClassVar[float] = 30.0
    repeat_s: ClassVar[float] = 600.0  # a node says motion once, until it ends
    report_h: ClassVar[float] = 1.0
    lacks: ClassVar[frozenset[SensorKind]] = frozenset(set(SensorKind) - {SensorKind.MOTION})

    def __init__(self, mark: str, sensors: Sequence[HomeSensor], seed: int) -> None:
        super().__init__(mark, sensors, seed)
        self.random = Random(f"espresense {seed}")
        self.rooms = [sensor.room for sensor in sensors]

    def device_id(self, sensor: HomeSensor) -> str:
        """Return the id by which the platform knows a node."""
        return ids.foreign_device("espresense", "espresense", "rooms", self._node(sensor.room))

    def worn_id(self, person: str) -> str:
        """Return the id by which the platform knows the beacon that a person carries."""
        return ids.foreign_device("espresense", "espresense", self._beacon(person))

    def hello(self, at_us: int) -> Iterator[Emission]:
        """Yield that each node is there."""
        for room in self.rooms:
            yield Emission(at_us, f"espresense/rooms/{self._node(room)}/status", b"online", retain=True)

    def say(self, said: Said) -> Iterator[Emission]:
        """Yield a node's motion, or its telemetry."""
        node = self._node(said.sensor.room)
        if said.cause is Cause.REPORT:
            told = {"ip": "192.168.1.40", "uptime": said.at_us // SECOND_US % 10**6, "firm": "esp32", "rssi": -58,
                    "ver": "v3.3.5", "count": 3, "adverts": 812, "seen": 340, "reported": 120}  # fmt: skip
            yield Emission(said.at_us, f"espresense/rooms/{node}/telemetry", json.dumps(told).encode(), qos=0)
            return
        word = b"ON" if said.on else b"OFF"
        yield Emission(said.at_us, f"espresense/rooms/{node}/motion", word, retain=True)

    def gone(self, at_us: int) -> Iterator[Emission]:
        """Yield each node's last will."""
        for room in self.rooms:
            yield Emission(at_us, f"espresense/rooms/{self._node(room)}/status", b"offline", retain=True)

    def carried(self, stays: Iterable[Stay]) -> Iterator[Emission]:
        """Yield what the nodes hear of the beacons; who is out is in no room."""
        lost_us: dict[str, int] = {}
        for who, room, from_us, to_us in stays:
            at_us = lost_us.setdefault(who, from_us + self._seconds(_HEARD_FOR_S))
            now_us = from_us + round(self.random.uniform(0, _EACH_S) * SECOND_US)
            while now_us < to_us:
                if now_us >= at_us:
                    now_us = at_us + self._seconds(_LOST_FOR_S)
                    at_us = lost_us[who] = now_us + self._seconds(_HEARD_FOR_S)
                    continue
                yield from self._heard(who, room, now_us)
                now_us += round(_EACH_S * SECOND_US)

    def _heard(self, who: str, room: str, at_us: int) -> Iterator[Emission]:
        here = self.rooms.index(room) if room in self.rooms else None
        for number, each in enumerate(self.rooms):
            near = here == number
            next_door = here is not None and abs(here - number) == 1
            middle, spread, share = _IN_ROOM if near else _NEXT_DOOR if next_door else _FAR
            if here is None or self.random.random() >= share:
                continue
            distance = self.random.lognormvariate(0.0, spread) * middle
            rssi = _RSSI_AT_1M - 25.0 * (distance / middle - 1.0) - 8.0
            told: dict[str, Any] = {
                "mac": mac(self.mark, who), "id": self._beacon(who), "name": who, "disc": "ibeacon", "idType": 3,
                "rssi@1m": _RSSI_AT_1M, "rssi": round(rssi, 2), "raw": round(distance * 1.1, 2),
                "distance": round(distance, 2), "var": round(spread, 2), "int": round(_EACH_S * 1000),
            }  # fmt: skip
            topic = f"espresense/devices/{self._beacon(who)}/{self._node(each)}"
            yield Emission(at_us + number * 20_000, topic, json.dumps(told).encode(), qos=0)

    def _node(self, room: str) -> str:
        return f"{self.mark}-{room.replace(' ', '_')}"

    def _beacon(self, who: str) -> str:
        return f"iBeacon:{self._numbers(who)}"

    def _numbers(self, who: str) -> str:
        told = digest(self.mark, f"beacon {who}", 16)
        parts = (told[:8], told[8:12], told[12:16], told[16:20], told[20:])
        return f"{'-'.join(parts)}-{int(told[:3], 16)}-{int(told[3:6], 16)}"

    def _seconds(self, span: tuple[float, float]) -> int:
        return round(self.random.uniform(*span) * SECOND_US)
