"""The MQTT broker: rumqttd from the ``iotcore`` wheel, on loopback, with one account.

It has no rules about who may use which topic, so it never listens beyond loopback: on a network Mosquitto with our
access list takes its place (setting ``mqtt_url``). It keeps sessions in memory: what it holds for an offline gateway
is gone when it dies, which is why a device keeps a frame until the platform's own ``ack`` (docs/wire.md), not the
broker's.
"""

import importlib.util
import json
import os
import signal
import socket
import struct
import subprocess
import sys
from dataclasses import dataclass

import psutil

from schemas import topics
from schemas.errors import Unavailable
from stack.children import Command, spawn
from stack.credentials import ACCOUNT
from stack.home import PRIVATE_DIR, Home, write_private
from stack.ports import LOOPBACK

USUAL_PORT = 1883
#: Larger than anything that devices send: a frame has 12 kB, a JSON message 16 kB, the device list of a Zigbee2MQTT
#: bridge with 300 devices one to two megabytes. Whoever sends more is disconnected, and does it again.
MAX_PAYLOAD_BYTES = 4 * 1024 * 1024
#: rumqttd keeps the latest messages of a subscription, read or not, in segments. An hour of 200 wearables at one
#: 400-byte frame a second is 288 MB: so long the gateway may be away, where the machine is large enough.
SEGMENT_BYTES, MOST_SEGMENTS, FEWEST_SEGMENTS = 10 * 1024 * 1024, 30, 3
#: A small machine (a Raspberry Pi at home) must not fill up with what has long been read: this share of its memory, in
#: messages; they take up to twice their length (measured: ADR 0002). On 1 GB it is 50 MB, a day of two wearables.
SHARE_OF_MEMORY = 0.05
#: rumqttd keeps as much of *every* subscription, and frees none of it: with each wearable's acknowledgements, some 300
#: bytes each, 450 wearables cost 280 MB an hour (docs/soak.md). Nobody needs an old one, since the next says the same
#: and more, so these are cut short: to some 80 of a wearable, 50 kB of memory.
ACKS, ACK_BYTES, ACK_SEGMENTS = f"{topics.ROOT}/+/{topics.ACK}", 4 * 1024, 2
#: Other subscribers may come, each with a log of its own: the broker begins anew when it has grown by this share of the
#: machine's memory beyond the gateway's log. Its clients come back within a second, as they do when it is killed.
GROWS_BY_SHARE = 0.10
#: What a message takes beyond its length (measured: ADR 0002), and the broker with no message at all, bytes.
OVERHEAD, BARE_BYTES = 2.5, 64_000_000
#: Unacknowledged messages to one client. The gateway acknowledges after JetStream has synced, so this bounds its
#: throughput. rumqttd's router stops at 100 whatever is set here (seen: 100 / 23 ms from arrival to durable are the
#: 3,900/s that a reader got); other brokers heed it.
IN_FLIGHT = 1000
#: Wearables of a centre, the tools of an engineer, and load tests.
MAX_CONNECTIONS = 10_010

_PROBE_PATIENCE_S = 1.0
_CONNACK_ACCEPTED = b"\x20\x02\x00\x00"
#: `-c` puts the working folder on the path, where a folder named iotcore would take the wheel's place.
_BOOTSTRAP = (
    "import sys; sys.path[:] = [p for p in sys.path if p not in ('', '.')]; from iotcore._serve import main; main()"
)


@dataclass(frozen=True, slots=True)
class Broker:
    """One embedded broker."""

    home: Home
    port: int
    password: str
    name: str = "broker"
    stop_signal: signal.Signals = signal.SIGTERM

    def start(self) -> "subprocess.Popen[bytes]":
        """Write its configuration and start it."""
        if importlib.util.find_spec("iotcore") is None:
            raise Unavailable("The MQTT broker is missing: run `make install`, or set mqtt_url to one that you have.")
        folder = self.home.root / "broker"
        folder.mkdir(mode=PRIVATE_DIR, exist_ok=True)
        config = folder / "rumqttd.toml"
        write_private(config, self._config().encode())
        options = json.dumps({"config_path": str(config)})
        argv = (sys.executable, "-c", _BOOTSTRAP, options)
        return spawn(Command(argv, death_signal=signal.SIGKILL, keep_stdin=True), self.home.logs / f"{self.name}.log")

    def _config(self) -> str:
        return f"""\
id = 0

[router]
id = 0
max_connections = {MAX_CONNECTIONS}
max_outgoing_packet_count = 200
max_segment_size = {SEGMENT_BYTES}
max_segment_count = {segments(psutil.virtual_memory().total)}

[router.custom_segment."{ACKS}"]
max_segment_size = {ACK_BYTES}
max_segment_count = {ACK_SEGMENTS}

[v4.1]
name = "mqtt-3.1.1"
listen = "{LOOPBACK}:{self.port}"
next_connection_delay_ms = 1

[v4.1.connections]
connection_timeout_ms = 60000
max_payload_size = {MAX_PAYLOAD_BYTES}
max_inflight_count = {IN_FLIGHT}
dynamic_filters = true

[v4.1.connections.auth]
{ACCOUNT} = "{self.password}"
"""

    def ready(self) -> bool:
        """Whether it accepts our sign-in."""
        try:
            with socket.create_connection((LOOPBACK, self.port), timeout=_PROBE_PATIENCE_S) as connection:
                connection.sendall(connect_packet(f"probe-{os.getpid()}", ACCOUNT, self.password))
                answered = connection.recv(4) == _CONNACK_ACCEPTED
                connection.sendall(b"\xe0\x00")  # DISCONNECT
                return answered
        except OSError:
            return False

    def alive(self) -> bool:
        """Whether it answers; it knows nothing between that and hanging."""
        return self.ready()

    def describe(self) -> str:
        """Return one line for a person."""
        return f"MQTT broker (rumqttd) on {LOOPBACK}:{self.port}"


def segments(memory_bytes: int) -> int:
    """Return how many segments a machine of so much memory can afford."""
    affordable = int(memory_bytes * SHARE_OF_MEMORY) // SEGMENT_BYTES
    return min(max(affordable, FEWEST_SEGMENTS), MOST_SEGMENTS)


def most_bytes(memory_bytes: int) -> float:
    """Return how much memory the broker may take on a machine of so much, before it begins anew."""
    return BARE_BYTES + OVERHEAD * segments(memory_bytes) * SEGMENT_BYTES + GROWS_BY_SHARE * memory_bytes


def connect_packet(client: str, user: str, password: str) -> bytes:
    """Return an MQTT 3.1.1 CONNECT with a clean session; all three texts together under 100 bytes (one length byte)."""

    def text(value: str) -> bytes:
        data = value.encode()
        return struct.pack(">H", len(data)) + data

    clean_with_account = 0xC2
    body = text("MQTT") + bytes([4, clean_with_account, 0, 10]) + text(client) + text(user) + text(password)
    return bytes([0x10, len(body)]) + body
