"""LoRaWAN sensors on a ChirpStack 4: its JSON events, with the answers and logs that come between.

``application/<id>/device/<EUI>/event/<kind>``, not remembered by the broker. What is 0 or false in a message of the
server itself is left out (protobuf's JSON); the codec's object is written as the codec made it. Two gateways hear each
device; what both hear is one event with one ``deduplicationId``. Sources: ChirpStack's documentation (integrations,
event types) and its ``integration.proto``.
"""

import json
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from device_sim.forms.lorawan import Lorawan, Uplink
from device_sim.forms.spoken import HomeSensor, Said, digest
from device_sim.play import Emission

#: Between an uplink and the server's note that its confirmation went out, s.
_ACK_S = 0.3
#: The server asks a device for its battery and link so often: each so many uplinks.
_STATUS_EACH = 25


class ChirpStack(Lorawan):
    """One application; each home has its own."""

    def hello(self, at_us: int) -> Iterator[Emission]:
        """Yield that each device joins, and that one tried it with a wrong key before."""
        for number, sensor in enumerate(self.sensors):
            info = self._info(sensor)
            later_us = at_us + number * 20_000
            if number == 0:
                log = {"level": "ERROR", "code": "UPLINK_MIC", "description": "MIC of join-request is invalid"}
                yield self._event(later_us, sensor, "log", {"time": _time(later_us), "deviceInfo": info, **log})
            body = {"deduplicationId": self._id(sensor, "join", at_us), "time": _time(later_us), "deviceInfo": info}
            yield self._event(later_us, sensor, "join", body | {"devAddr": digest(self.mark, sensor.name, 4)})

    def say(self, said: Said) -> Iterator[Emission]:
        """Yield the event of each uplink, and what the server says besides."""
        for uplink in self.uplinks(said):
            yield self._event(uplink.at_us, uplink.sensor, "up", self._up(uplink))
            if uplink.confirmed:
                sent = {"deduplicationId": self._id(uplink.sensor, "ack", uplink.at_us), "acknowledged": True}
                later_us = uplink.at_us + round(_ACK_S * 1e6)
                body = sent | {"time": _time(later_us), "deviceInfo": self._info(uplink.sensor)}
                yield self._event(later_us, uplink.sensor, "ack", body)
            if uplink.counter % _STATUS_EACH == 0:
                status = {"deduplicationId": self._id(uplink.sensor, "status", uplink.at_us), "margin": 10}
                body = status | {"time": _time(uplink.at_us), "deviceInfo": self._info(uplink.sensor)}
                yield self._event(uplink.at_us, uplink.sensor, "status", body | {"batteryLevelUnavailable": True})

    def _up(self, uplink: Uplink) -> dict[str, Any]:
        body: dict[str, Any] = {
            "deduplicationId": self._id(uplink.sensor, f"up {uplink.copy}", uplink.at_us),
            "time": _time(uplink.at_us),
            "deviceInfo": self._info(uplink.sensor),
            "devAddr": digest(self.mark, uplink.sensor.name, 4),
            "adr": True,
            "dr": 5,
            "fCnt": uplink.counter,
            "fPort": uplink.port,
            "confirmed": uplink.confirmed,
            "data": uplink.data,
            "object": uplink.object,
            "rxInfo": [
                {
                    "gatewayId": f"0016c001{digest(self.mark, f'gateway {number}', 4)}",
                    "uplinkId": self.random.randrange(2**32),
                    "rssi": uplink.rssi[number],
                    "snr": uplink.snr[number],
                    "context": "EFwMtA==",
                    "metadata": {"region_config_id": "cn470_10"},
                }
                for number in range(2)
            ],
            "txInfo": {"frequency": 471_500_000},
        }
        return {key: value for key, value in body.items() if value not in (0, False)}

    def _info(self, sensor: HomeSensor) -> dict[str, Any]:
        return {
            "tenantId": str(uuid.UUID(digest(self.mark, "tenant", 16))),
            "tenantName": "ChirpStack",
            "applicationId": self._application(),
            "applicationName": "home",
            "deviceProfileId": str(uuid.UUID(digest("", self.profile(sensor), 16))),
            "deviceProfileName": self.profile(sensor),
            "deviceName": sensor.name,
            "devEui": self.eui(sensor),
            "deviceClassEnabled": "CLASS_A",
            "tags": {},
        }

    def _application(self) -> str:
        return str(uuid.UUID(digest(self.mark, "application", 16)))

    def _id(self, sensor: HomeSensor, what: str, at_us: int) -> str:
        return str(uuid.UUID(digest(f"{self.mark} {what}", f"{sensor.name} {at_us}", 16)))

    def _event(self, at_us: int, sensor: HomeSensor, kind: str, body: dict[str, Any]) -> Emission:
        topic = f"application/{self._application()}/device/{self.eui(sensor)}/event/{kind}"
        return Emission(at_us, topic, json.dumps(body, ensure_ascii=False).encode(), qos=0)


def _time(at_us: int) -> str:
    """Return RFC 3339 with nanoseconds, as the server writes it."""
    whole, part = divmod(at_us, 1_000_000)
    return f"{datetime.fromtimestamp(whole, UTC):%Y-%m-%dT%H:%M:%S}.{part:06d}417+00:00"
