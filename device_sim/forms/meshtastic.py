"""A Meshtastic node that somebody carries, and two nodes at the island's masts that forward it to MQTT as JSON.

``msh/<region>/2/json/<channel>/<gateway>``, QoS 0: each packet by both gateways with the same id. Positions are whole
numbers of 1e-7 degrees, at the precision of the channel; a number that is 0 is left out. ``timestamp`` is when the
gateway received it. Between come the node's own name and its battery, which says 101 on a charger. Source: Meshtastic's
documentation (MQTT, JSON) and ``meshtastic/mesh.proto``.
"""

import json
from collections.abc import Iterator
from random import Random
from typing import Any, ClassVar

from device_sim.forms.positions import Fix, Tracker
from device_sim.forms.spoken import digest
from device_sim.play import Emission

_SECOND_US = 1_000_000
_BROADCAST = 0xFFFFFFFF
#: A private channel tells positions exactly.
_PRECISION = 32
#: The second gateway hears it so much later, s; each hears so much of it.
_LATER_S, _HEARD = 0.35, (0.95, 0.6)
#: Its battery is told each so many packets, its name each so many.
_TELEMETRY_EACH, _NAME_EACH = 6, 20
_ON_MAINS = 101


class Meshtastic(Tracker):
    """One node."""

    moving_s: ClassVar[float] = 30.0  # smart broadcast: at least so long between two positions
    home_s: ClassVar[float] = 900.0

    def __init__(self, user: str, device: str, seed: int) -> None:
        super().__init__(user, device, seed)
        self.random = Random(f"meshtastic {seed}")
        self.packet, self.said = self.random.randrange(2**31), 0

    @property
    def node(self) -> str:
        """Its number, eight hexadecimal digits."""
        return digest(self.user, self.device, 4)

    @property
    def id(self) -> str:
        """The id by which the platform knows it."""
        return f"meshtastic-{self.node}"

    def say(self, fix: Fix) -> Iterator[Emission]:
        """Yield a position through whichever gateways hear it, and now and then the battery and the name."""
        self.said += 1
        where = {
            "latitude_i": round(fix.lat * 1e7), "longitude_i": round(fix.lon * 1e7), "altitude": 0,
            "time": fix.at_us // _SECOND_US, "precision_bits": _PRECISION, "PDOP": 180 if not fix.roofed else 900,
            "ground_speed": round(fix.speed_kmh / 3.6), "sats_in_view": 0 if fix.roofed else 9,
        }  # fmt: skip
        yield from self._packet(fix.at_us, "position", {key: value for key, value in where.items() if value})
        if self.said % _TELEMETRY_EACH == 1:
            battery = _ON_MAINS if not fix.moving and fix.battery > 95 else fix.battery
            told = {"battery_level": battery, "voltage": round(3.3 + fix.battery / 110, 3), "channel_utilization": 4.2,
                    "air_util_tx": 0.3, "uptime_seconds": 600 * self.said}  # fmt: skip
            yield from self._packet(fix.at_us + _SECOND_US, "telemetry", told)
        if self.said % _NAME_EACH == 2:
            name = {"id": f"!{self.node}", "longname": f"{self.user} {self.device}", "shortname": self.user[-4:],
                    "hardware": 43, "role": 5}  # fmt: skip
            yield from self._packet(fix.at_us + 2 * _SECOND_US, "nodeinfo", name)

    def _packet(self, at_us: int, kind: str, payload: dict[str, Any]) -> Iterator[Emission]:
        self.packet = (self.packet + 1) % 2**32
        for number, share in enumerate(_HEARD):
            if self.random.random() >= share:
                continue
            gateway = f"!{digest('mast', str(number), 4)}"
            heard_us = at_us + round((0.6 + number * _LATER_S) * _SECOND_US)
            body = {
                "channel": 0, "from": int(self.node, 16), "hop_start": 3, "hops_away": number, "id": self.packet,
                "payload": payload, "rssi": self.random.randint(-118, -80), "sender": gateway,
                "snr": round(self.random.uniform(-8, 9), 2), "timestamp": heard_us // _SECOND_US, "to": _BROADCAST,
                "type": kind,
            }  # fmt: skip
            payload_bytes = json.dumps(body, ensure_ascii=False).encode()
            yield Emission(heard_us, f"msh/CN/2/json/watch/{gateway}", payload_bytes, qos=0)
