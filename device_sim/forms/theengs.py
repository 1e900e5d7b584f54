"""Bluetooth sensors decoded by Theengs or OpenMQTTGateway: Shelly's BLU Motion, Door/Window and Button 1.

``home/<gateway>/BTtoMQTT/<MAC>``, a JSON of what the gateway understood, not remembered by the broker. Source: Theengs
decoder (SBMO-003Z, SBDW-002C, SBBT-002C) and OpenMQTTGateway's documentation.
"""

import json
from collections.abc import Iterator
from typing import Any, ClassVar

from device_sim.forms.bluetooth import Bluetooth, Heard
from device_sim.forms.spoken import Cause, Said, SensorKind, mac
from device_sim.play import Emission

_BRAND = {"brand": "Shelly", "acts": True, "cont": True, "mac_type": 0}
_MODELS = {
    SensorKind.MOTION: {"model": "ShellyBLU Motion", "model_id": "SBMO-003Z", "type": "CTMO"},
    SensorKind.CONTACT: {"model": "ShellyBLU Door/Window", "model_id": "SBDW-002C", "type": "CTMO"},
    SensorKind.BUTTON: {"model": "ShellyBLU Button1", "model_id": "SBBT-002C", "type": "BTN"},
}


class Theengs(Bluetooth):
    """The sensors that the decoder knows; of a bed, a leak and a plug it knows none that care."""

    lacks: ClassVar[frozenset[SensorKind]] = frozenset({SensorKind.PLUG, SensorKind.BED, SensorKind.LEAK})

    def say(self, said: Said) -> Iterator[Emission]:
        """Yield what each gateway publishes of each advertisement."""
        for heard in self.heard(said):
            address = mac(self.mark, said.sensor.name).upper()
            topic = f"home/{self.gateways[heard.gateway]}/BTtoMQTT/{address}"
            yield Emission(heard.at_us, topic, json.dumps(_body(heard, address), ensure_ascii=False).encode(), qos=0)


def _body(heard: Heard, address: str) -> dict[str, Any]:
    said, kind = heard.said, heard.said.sensor.kind
    told: dict[str, Any] = {"id": ":".join(address[at : at + 2] for at in range(0, 12, 2)), "rssi": heard.rssi}
    told |= {"distance": round(10 ** ((-59 - heard.rssi) / 25), 3), **_BRAND, **_MODELS[kind]}
    told |= {"name": said.sensor.name, "packet": heard.packet, "batt": said.battery}
    if kind is SensorKind.MOTION:
        return told | {"lux": 40, "motion": said.on}
    if kind is SensorKind.CONTACT:
        return told | {"lux": 12, "open": said.on, "rot": 31.5 if said.on else 0.0}
    return told | {"button": 1 if said.cause is Cause.BEGINS else 0}
