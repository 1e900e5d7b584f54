"""LoRaWAN sensors on a ChirpStack 4: its JSON events, and what the server says of itself between.

``application/<id>/device/<EUI>/event/<kind>``, not remembered by the broker. What is 0 or false in a message of the
server itself is left out (protobuf's JSON), so the first uplink after a join has no ``fCnt``; in the codec's object all
is written, and each number has a decimal point. Two gateways hear a device; what both hear is one event with one
``deduplicationId``. A repetition is no event but a warning in the log, unless the device's profile does not check
counters: then it is another event with the same ``fCnt``. ``time`` is the clock of the gateway, which after a power cut
is wrong until it finds its time server; ``nsTime`` is the server's. Sources: ChirpStack's documentation (event types),
``integration.proto``, and its ``uplink/data.rs`` and ``uplink/helpers.rs``.
"""

import json
import uuid
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar

from device_sim.forms.lorawan import Lorawan, Uplink
from device_sim.forms.lorawan_codecs import maker
from device_sim.forms.spoken import HOUR_US, SECOND_US, HomeSensor, Said, SensorKind, digest
from device_sim.play import Emission

#: The server asks a device so often for its battery and link (device profile: once a day).
_STATUS_EACH_US = 24 * HOUR_US
#: What a device answers: its battery in 254 steps, the link's margin in dB.
_STEPS, _MARGIN_DB = 254, 10
#: One device in so many has a profile that does not check counters.
_UNCHECKED_EACH = 3
#: A gateway without a clock of its own starts with the hour of its last shutdown, and is right after so long.
_CLOCK_BEHIND_US, _CLOCK_WRONG_US = 3 * HOUR_US, 90 * SECOND_US
_REPEATED = "Uplink was flagged as re-transmission / frame-counter did not increment"


class ChirpStack(Lorawan):
    """One application; each home has its own. The button is a WS101; the bed is watched by a radar, VS373."""

    products: ClassVar[dict[SensorKind, str]] = {
        SensorKind.MOTION: "Milesight WS202",
        SensorKind.CONTACT: "Milesight WS301",
        SensorKind.BED: "Milesight VS373",
        SensorKind.LEAK: "Milesight EM300-ZLD",
        SensorKind.PLUG: "Milesight WS523",
        SensorKind.BUTTON: "Milesight WS101",
    }

    def __init__(self, mark: str, sensors: Sequence[HomeSensor], seed: int) -> None:
        super().__init__(mark, sensors, seed)
        self.clock_right_us = 0  # until then the gateway's clock is behind
        self.asked_us: dict[str, int] = {}  # when each was asked for its battery

    def decoded(self, said: Said) -> dict[str, Any]:
        """Return the maker's words."""
        return maker(said)

    def hello(self, at_us: int) -> Iterator[Emission]:
        """Yield that devices join: first one tries a wrong key; after an outage a gateway's clock is behind."""
        if self.started:
            self.clock_right_us = at_us + _CLOCK_WRONG_US
        else:
            wrong = {"level": "ERROR", "code": "UPLINK_MIC", "description": "MIC of join-request is invalid"}
            yield self._event(at_us, self.sensors[0], "log", wrong)
        for later_us, sensor in self.joins(at_us):
            body = {"deduplicationId": self._id(sensor, "join", later_us), "devAddr": self.address(sensor)}
            yield self._event(later_us, sensor, "join", body)
            for uplink in self.announced(later_us, sensor):
                yield self._up(uplink)

    def say(self, said: Said) -> Iterator[Emission]:
        """Yield the event of each uplink, of its repetitions what the profile makes of them, and a status a day."""
        for uplink in self.uplinks(said):
            sensor = uplink.sensor
            yield self._up(uplink)
            for again_us in uplink.again:
                if self._unchecked(sensor):
                    yield self._up(uplink._replace(at_us=again_us))
                else:
                    context = {"context": {"deduplication_id": self._id(sensor, "up", again_us)}}
                    warning = {"level": "WARNING", "code": "UPLINK_F_CNT_RETRANSMISSION", "description": _REPEATED}
                    yield self._event(again_us, sensor, "log", warning | context)
            if uplink.at_us - self.asked_us.get(sensor.name, 0) > _STATUS_EACH_US:
                self.asked_us[sensor.name] = uplink.at_us
                yield self._event(uplink.at_us, sensor, "status", self._status(uplink, said))

    def _status(self, uplink: Uplink, said: Said) -> dict[str, Any]:
        told = {"deduplicationId": self._id(uplink.sensor, "status", uplink.at_us), "margin": _MARGIN_DB}
        if uplink.sensor.kind in (SensorKind.PLUG, SensorKind.BED):
            return told | {"externalPowerSource": True}
        return told | {"batteryLevel": round(round(said.battery * _STEPS / 100) * 100 / _STEPS, 2)}

    def _unchecked(self, sensor: HomeSensor) -> bool:
        return int(digest(self.mark, f"{sensor.name} profile", 2), 16) % _UNCHECKED_EACH == 0

    def _up(self, uplink: Uplink) -> Emission:
        clock_us = uplink.at_us - (_CLOCK_BEHIND_US if uplink.at_us < self.clock_right_us else 0)
        body: dict[str, Any] = {
            "deduplicationId": self._id(uplink.sensor, "up", uplink.at_us),
            "time": _time(clock_us),
            "devAddr": self.address(uplink.sensor),
            "adr": True,
            "dr": 5,
            "fCnt": uplink.counter,
            "fPort": uplink.port,
            "confirmed": uplink.confirmed,
            "data": uplink.data,
            "object": _struct(uplink.object),
            "rxInfo": [self._heard(number, uplink, clock_us) for number in range(len(uplink.rssi))],
            "txInfo": {
                "frequency": 471_500_000,
                "modulation": {"lora": {"bandwidth": 125_000, "spreadingFactor": 7, "codeRate": "CR_4_5"}},
            },
        }
        left = {key: value for key, value in body.items() if value not in (0, False)}
        return self._event(uplink.at_us, uplink.sensor, "up", left)

    def _heard(self, number: int, uplink: Uplink, clock_us: int) -> dict[str, Any]:
        return {
            "gatewayId": f"0016c001{digest(self.mark, f'gateway {number}', 4)}",
            "uplinkId": self.random.randrange(2**32),
            "gwTime": _time(clock_us),
            "nsTime": _time(uplink.at_us),
            "rssi": uplink.rssi[number],
            "snr": uplink.snr[number],
            "channel": 2,
            "location": {"latitude": 31.2, "longitude": 121.4},
            "context": "EFwMtA==",
            "metadata": {"region_config_id": "cn470_10", "region_common_name": "CN470"},
            "crcStatus": "CRC_OK",
        }

    def _info(self, sensor: HomeSensor) -> dict[str, Any]:
        return {
            "tenantId": str(uuid.UUID(digest(self.mark, "tenant", 16))),
            "tenantName": "ChirpStack",
            "applicationId": self._application(),
            "applicationName": "守望 家庭",
            "deviceProfileId": str(uuid.UUID(digest("", self.products[sensor.kind], 16))),
            "deviceProfileName": self.products[sensor.kind],
            "deviceName": sensor.name,
            "devEui": self.eui(sensor),
            "deviceClassEnabled": "CLASS_A",
            "tags": {"房间": sensor.room},
        }

    def _application(self) -> str:
        return str(uuid.UUID(digest(self.mark, "application", 16)))

    def _id(self, sensor: HomeSensor, what: str, at_us: int) -> str:
        return str(uuid.UUID(digest(f"{self.mark} {what}", f"{sensor.name} {at_us}", 16)))

    def _event(self, at_us: int, sensor: HomeSensor, kind: str, body: dict[str, Any]) -> Emission:
        told = {"time": _time(at_us), "deviceInfo": self._info(sensor)} | body
        topic = f"application/{self._application()}/device/{self.eui(sensor)}/event/{kind}"
        return Emission(at_us, topic, json.dumps(told, ensure_ascii=False).encode(), qos=0)


def _time(at_us: int) -> str:
    """Return RFC 3339 with nanoseconds, as the server writes it."""
    whole, part = divmod(at_us, 1_000_000)
    return f"{datetime.fromtimestamp(whole, UTC):%Y-%m-%dT%H:%M:%S}.{part:06d}417+00:00"


def _struct(value: Any) -> Any:
    """Return a codec's value as the server writes it: names in order, each number as one with a decimal point."""
    if isinstance(value, dict):
        return {key: _struct(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return [_struct(each) for each in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value
