"""LoRaWAN sensors on The Things Stack 3: uplinks as JSON, and what its console and the network send between.

``v3/<application>@<tenant>/devices/<device>/<kind>``, not remembered by the broker. Fields that are 0, false or empty
are left out, in the server's own part. Somebody tries the integration now and then with the console's test message
(``simulated``): nothing of it happened. Source: The Things Stack's documentation (MQTT server, data formats).
"""

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, ClassVar

from device_sim.forms.lorawan import Lorawan, Uplink
from device_sim.forms.lorawan_codecs import repository
from device_sim.forms.spoken import Cause, HomeSensor, Said, SensorKind, digest
from device_sim.play import Emission

#: A test from the console beside each so many reports.
_TEST_EACH = 4


class ThingsStack(Lorawan):
    """One application of one tenant; each home has its own. The button is Dragino's TrackerD.

    A repetition never gets to an application, whatever the profile says: the network server keeps it to itself.
    """

    products: ClassVar[dict[SensorKind, str]] = {
        SensorKind.MOTION: "Milesight WS202",
        SensorKind.CONTACT: "Milesight WS301",
        SensorKind.BED: "Milesight VS373",
        SensorKind.LEAK: "Milesight EM300-ZLD",
        SensorKind.PLUG: "Milesight WS523",
        SensorKind.BUTTON: "Dragino TrackerD",
    }
    calls_on: ClassVar[frozenset[SensorKind]] = frozenset({SensorKind.BUTTON})

    def decoded(self, said: Said) -> dict[str, Any]:
        """Return the device repository's words."""
        return repository(said)

    def about(self, sensor: HomeSensor) -> dict[str, Any]:
        """Return nothing: of the repository's codecs only the radar's knows the announcement, the others give up."""
        return super().about(sensor) if sensor.kind is SensorKind.BED else {}

    def past(self, sensor: HomeSensor, at_us: int) -> dict[str, Any]:
        """Return the radar's records: the leak sensor's codec knows none."""
        return super().past(sensor, at_us) if sensor.kind is SensorKind.BED else {}

    def hello(self, at_us: int) -> Iterator[Emission]:
        """Yield that each device joins: its counter begins anew."""
        for later_us, sensor in self.joins(at_us):
            accept = {"session_key_id": self._session(sensor), "received_at": _time(later_us)}
            body = {"end_device_ids": self._ids(sensor), "received_at": _time(later_us), "join_accept": accept}
            yield self._event(later_us, sensor, "join", body)
            for uplink in self.announced(later_us, sensor):
                yield self._event(uplink.at_us, sensor, "up", self._up(uplink))

    def say(self, said: Said) -> Iterator[Emission]:
        """Yield each uplink, and the console's tests."""
        for uplink in self.uplinks(said):
            yield self._event(uplink.at_us, uplink.sensor, "up", self._up(uplink))
        if said.cause is Cause.REPORT and self.counters[said.sensor.name] % _TEST_EACH == 0:
            yield self._event(said.at_us + 2_000_000, said.sensor, "up", self._test(said))

    def _up(self, uplink: Uplink) -> dict[str, Any]:
        message: dict[str, Any] = {
            "session_key_id": self._session(uplink.sensor),
            "f_port": uplink.port,
            "f_cnt": uplink.counter,
            "frm_payload": uplink.data,
            "decoded_payload": uplink.object,
            "decoded_payload_warnings": ["unknown channel"] if uplink.sensor.kind is SensorKind.LEAK else [],
            "rx_metadata": [
                {
                    "gateway_ids": {
                        "gateway_id": f"gateway-{number}",
                        "eui": f"AC1F09{digest(self.mark, f'gw {number}', 5)}",
                    },
                    "time": _time(uplink.at_us - 90_000),
                    "timestamp": self.random.randrange(2**32),
                    "rssi": uplink.rssi[number],
                    "channel_rssi": uplink.rssi[number],
                    "snr": uplink.snr[number],
                    "received_at": _time(uplink.at_us - 40_000),
                }
                for number in range(len(uplink.rssi))
            ],
            "settings": {
                "data_rate": {"lora": {"bandwidth": 125_000, "spreading_factor": 9, "coding_rate": "4/5"}},
                "frequency": "470300000",
            },
            "received_at": _time(uplink.at_us - 30_000),
            "confirmed": uplink.confirmed,
            "consumed_airtime": "0.205824s",
            "network_ids": {"net_id": "000013", "tenant_id": "tenant", "cluster_id": "eu1"},
        }
        if uplink.sensor.kind is SensorKind.CONTACT and uplink.object:  # its codec hands its percentage on as volts
            message["normalized_payload"] = [{"battery": uplink.object["battery"]}]
            message["normalized_payload_warnings"] = ["measurement 1: action.contactState: unexpected value"]
        left = {key: value for key, value in message.items() if value not in (0, False, [])}
        return {"end_device_ids": self._ids(uplink.sensor), "received_at": _time(uplink.at_us), "uplink_message": left}

    def _test(self, said: Said) -> dict[str, Any]:
        """Return what somebody typed into the console: everything at once."""
        alarm = {"ALARM_status": "TRUE", "pir": "trigger", "water_leak": "leak", "magnet_status": "open"}
        message = {"f_port": 1, "frm_payload": "AQ==", "decoded_payload": alarm}
        told = {"end_device_ids": self._ids(said.sensor), "received_at": _time(said.at_us), "simulated": True}
        return told | {"uplink_message": message}

    def _ids(self, sensor: HomeSensor) -> dict[str, Any]:
        return {
            "device_id": f"eui-{self.eui(sensor)}",
            "application_ids": {"application_id": f"home-{self.mark}"},
            "dev_eui": self.eui(sensor).upper(),
            "join_eui": "0000000000000000",
            "dev_addr": self.address(sensor).upper(),
        }

    def _session(self, sensor: HomeSensor) -> str:
        joined = self.joined[sensor.name]
        return base64.b64encode(bytes.fromhex(digest(f"{self.mark} session {joined}", sensor.name, 16))).decode()

    def _event(self, at_us: int, sensor: HomeSensor, kind: str, body: dict[str, Any]) -> Emission:
        topic = f"v3/home-{self.mark}@tenant/devices/eui-{self.eui(sensor)}/{kind}"
        return Emission(at_us, topic, json.dumps(body, ensure_ascii=False).encode(), qos=0)


def _time(at_us: int) -> str:
    whole, part = divmod(at_us, 1_000_000)
    return f"{datetime.fromtimestamp(whole, UTC):%Y-%m-%dT%H:%M:%S}.{part:06d}291Z"
