"""A GPS pendant on a Traccar server that forwards to MQTT: positions and events, as JSON.

``positions`` and ``events`` are Traccar's default topics, the same for every device. Speed is in knots, an accuracy of
0 is not told. Under a roof the pendant repeats its last fix as not valid. Out of cover it keeps what it measures and
hands it in afterwards, newest first; some positions are forwarded twice. A press is an event beside its position, whose
fix may be old. Source: Traccar's ``model/Position.java``, ``forward/EventData.java``.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from random import Random
from typing import Any, ClassVar

from device_sim.forms.positions import Fix, Tracker
from device_sim.forms.spoken import digest
from device_sim.play import Emission
from schemas import ids

_SECOND_US = 1_000_000
_KMH_A_KNOT = 1.852
#: From the pendant to the server, and from there to the broker, s.
_SERVER_S, _BROKER_S = 1.2, 0.3
#: Share of positions that are forwarded twice, and how much later the second comes, s.
_TWICE, _AGAIN_S = 0.03, 0.4
#: On the way the pendant is out of cover after so many fixes, for so many.
_COVER, _OUT_OF_COVER = (60, 120), (4, 9)


class Traccar(Tracker):
    """One pendant."""

    moving_s: ClassVar[float] = 15.0
    home_s: ClassVar[float] = 600.0
    calls: ClassVar[bool] = True

    def __init__(self, user: str, device: str, seed: int) -> None:
        super().__init__(user, device, seed)
        self.random = Random(f"traccar {seed}")
        self.kept: list[Fix] = []
        self.until_out = self.random.randint(*_COVER)
        self.outside: Fix | None = None
        self.number = int(digest(user, device, 3), 16)
        self.positions = 0

    @property
    def unique(self) -> str:
        """Its IMEI: of a test allocation (00 1...), so that no pendant has it."""
        return f"001{int(digest(self.user, self.device, 6), 16) % 10**12:012d}"

    @property
    def id(self) -> str:
        """The id by which the platform knows it."""
        return ids.foreign_device("traccar", self.unique)

    def say(self, fix: Fix) -> Iterator[Emission]:
        """Yield a position, or nothing while the pendant is out of cover."""
        self.until_out -= fix.moving
        if fix.moving and self.until_out <= 0:
            self.kept.append(fix)
            if len(self.kept) < self.random.randint(*_OUT_OF_COVER):
                return
            self.until_out = self.random.randint(*_COVER)
            kept, self.kept = self.kept, []
            for number, each in enumerate(reversed(kept)):
                yield self._position(each, fix.at_us + number * 50_000, {"archive": True} if each is not fix else {})
            return
        yield self._position(fix, fix.at_us)
        if self.random.random() < _TWICE:
            yield self._position(fix, fix.at_us + round(_AGAIN_S * _SECOND_US))

    def press(self, at_us: int, last: Fix | None) -> Iterator[Emission]:
        """Yield the alarm twice, as Traccar tells it: an event with its position, and the position with the alarm."""
        self.positions += 1
        attributes = {"alarm": "sos", "batteryLevel": 70 if last is None else last.battery}
        position = self._body(last, at_us, attributes)
        event = {
            "id": 0, "attributes": {"alarm": "sos"}, "deviceId": self.number, "type": "alarm",
            "eventTime": _time(at_us), "positionId": self.positions, "geofenceId": 0, "maintenanceId": 0,
        }  # fmt: skip
        heard_us = at_us + round((_SERVER_S + _BROKER_S) * _SECOND_US)
        yield self._said(heard_us, "positions", {"position": position, "device": self._device()})
        yield self._said(heard_us + 20_000, "events", {"event": event, "position": position, "device": self._device()})

    def _position(self, fix: Fix, sent_us: int, more: dict[str, Any] | None = None) -> Emission:
        if not fix.roofed:
            self.outside = fix
        self.positions += 1
        attributes = {"batteryLevel": fix.battery, "distance": 0.0, "motion": fix.moving, **(more or {})}
        body = self._body(fix, fix.at_us, attributes)
        heard_us = sent_us + round((_SERVER_S + _BROKER_S) * _SECOND_US)
        return self._said(heard_us, "positions", {"position": body, "device": self._device()})

    def _body(self, fix: Fix | None, at_us: int, attributes: dict[str, Any]) -> dict[str, Any]:
        """Return a position measured at ``at_us``; under a roof it is where the last satellite was seen."""
        known = fix if fix is not None and not fix.roofed else self.outside
        return {
            "id": self.positions, "attributes": attributes, "deviceId": self.number, "protocol": "gt06",
            "serverTime": _time(at_us + round(_SERVER_S * _SECOND_US)), "deviceTime": _time(at_us),
            "fixTime": _time(at_us if known is None else known.at_us), "outdated": False,
            "valid": fix is not None and not fix.roofed, "latitude": 0.0 if known is None else round(known.lat, 6),
            "longitude": 0.0 if known is None else round(known.lon, 6), "altitude": 0.0,
            "speed": 0.0 if fix is None else round(fix.speed_kmh / _KMH_A_KNOT, 4), "course": 0.0, "address": None,
            "accuracy": 0.0, "network": None, "geofenceIds": None,
        }  # fmt: skip

    def _device(self) -> dict[str, Any]:
        return {"id": self.number, "attributes": {}, "groupId": 0, "name": f"{self.user} {self.device}",
                "uniqueId": self.unique, "status": "online", "category": "person"}  # fmt: skip

    def _said(self, at_us: int, topic: str, body: dict[str, Any]) -> Emission:
        return Emission(at_us, topic, json.dumps(body, ensure_ascii=False).encode())


def _time(at_us: int) -> str:
    whole, part = divmod(at_us, _SECOND_US)
    return f"{datetime.fromtimestamp(whole, UTC):%Y-%m-%dT%H:%M:%S}.{part // 1000:03d}+00:00"
