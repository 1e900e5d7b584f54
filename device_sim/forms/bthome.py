"""Sensors that speak BTHome 2, whose bytes a gateway passes on undecoded.

``home/<gateway>/BTtoMQTT/<MAC>`` with ``servicedata`` as hexadecimal digits of service 0xFCD2: the device's
information, then objects in rising order of their ids, little endian, the packet id first. Nothing is encrypted.
Source: bthome.io, format version 2.
"""

import json
import struct
from collections.abc import Iterator

from device_sim.forms.bluetooth import Bluetooth, Heard
from device_sim.forms.spoken import Cause, Said, SensorKind, mac
from device_sim.play import Emission

#: Version 2, not encrypted; with the bit of a device that speaks only when something happens.
_REGULAR, _TRIGGERED = 0x40, 0x44
_PACKET, _BATTERY, _TEMPERATURE = 0x00, 0x01, 0x02
#: Moisture, motion, opening, occupancy, button: the objects' ids.
_LEAK, _MOTION, _OPENING, _OCCUPANCY, _BUTTON = 0x20, 0x21, 0x11, 0x23, 0x3A
_OBJECTS = {
    SensorKind.MOTION: _MOTION,
    SensorKind.CONTACT: _OPENING,
    SensorKind.LEAK: _LEAK,
    SensorKind.BED: _OCCUPANCY,
}
_PRESSED, _NOT_PRESSED = 0x01, 0x00


class BTHome(Bluetooth):
    """Motion, opening, moisture, occupancy (a bed) and buttons, as people build and buy them."""

    def say(self, said: Said) -> Iterator[Emission]:
        """Yield what each gateway passes on."""
        for heard in self.heard(said):
            address = mac(self.mark, said.sensor.name).upper()
            told = {
                "id": ":".join(address[at : at + 2] for at in range(0, 12, 2)),
                "mac_type": 0,
                "rssi": heard.rssi,
                "name": said.sensor.name,
                "servicedatauuid": "0xfcd2",
                "servicedata": _data(heard).hex(),
            }
            topic = f"home/{self.gateways[heard.gateway]}/BTtoMQTT/{address}"
            yield Emission(heard.at_us, topic, json.dumps(told, ensure_ascii=False).encode(), qos=0)


def _data(heard: Heard) -> bytes:
    said, kind = heard.said, heard.said.sensor.kind
    head = bytes((_PACKET, heard.packet, _BATTERY, said.battery))
    if kind is SensorKind.BUTTON:
        pressed = _PRESSED if said.cause is Cause.BEGINS else _NOT_PRESSED
        return bytes((_TRIGGERED,)) + head + bytes((_BUTTON, pressed))
    info = bytes((_REGULAR,))
    if kind is SensorKind.LEAK:
        return info + head + struct.pack("<Bh", _TEMPERATURE, 2150) + bytes((_LEAK, said.on))
    return info + head + bytes((_OBJECTS[kind], said.on))
