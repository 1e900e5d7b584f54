"""MQTT topics of our own devices: ``sw/v1/<device>/<leaf>``."""

import re
from dataclasses import dataclass

ROOT = "sw/v1"
#: What the gateway subscribes to: all of our own devices, all leaves. `ack` is ours to the device, and ignored there.
SUBSCRIPTION = f"{ROOT}/#"
OURS = f"{ROOT}/"

IMU, STATE, EVENT, STATUS, ACK = "imu", "state", "event", "status", "ack"
LEAVES = frozenset({IMU, STATE, EVENT, STATUS, ACK})

#: Only in a simulated home (docs/simulated.md): whoever plays says what time it is, in its place between the messages,
#: and the gateway tells how far all is stored.
CLOCK, REACHED = "sw/sim/clock", "sw/sim/reached"
#: What a simulated home's gateway subscribes to: the order between two subscriptions is the broker's affair (rumqttd
#: keeps a log for each), within one it is the order of sending.
EVERYTHING = "#"

#: One topic level and safe in a file name, a URL and a JetStream subject; 64 holds a UUID or an EUI-64 with a prefix.
_DEVICE = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class DeviceTopic:
    """A parsed topic of one of our own devices."""

    device: str
    leaf: str


def is_device_id(text: str) -> bool:
    """Whether ``text`` can name a device: 1 to 64 letters, digits, ``_`` and ``-``."""
    return _DEVICE.fullmatch(text) is not None


def parse(topic: str) -> DeviceTopic | None:
    """Return the device and leaf of one of our own topics, or None when the topic is foreign."""
    parts = topic.split("/")
    if len(parts) != 4 or parts[0] != "sw" or parts[1] != "v1":
        return None
    device, leaf = parts[2], parts[3]
    if leaf not in LEAVES or not is_device_id(device):
        return None
    return DeviceTopic(device, leaf)


def of(device: str, leaf: str) -> str:
    """Return the topic of a device's leaf."""
    return f"{ROOT}/{device}/{leaf}"
