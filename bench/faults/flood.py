"""A device that floods: ``python -m bench.faults.flood HOST PORT USER PASSWORD DEVICE RATE SECONDS``.

Whole, small frames at QoS 1, made before the first is sent and written to the socket as they are: a client library in
Python would not reach the rate. It prints how long it took to get rid of them and how many the broker acknowledged. A
process of its own: it must not slow down who measures.
"""

import json
import secrets
import socket
import struct
import sys
import threading
import time

import numpy as np

from device_sim.clock import wall_clock
from device_sim.frames import Block, FrameMaker, Sensor
from schemas import topics
from schemas.frame import encode

#: Samples in a frame: the device's frames overlap in time, as those of one whose counter has run wild.
SAMPLES, RATE_HZ = 5, 50
#: Sent in bursts of this length, seconds: finer than what the platform could tell apart.
TICK_S = 0.02
#: For the last acknowledgements.
PATIENCE_S = 20.0
_CONNECT, _PUBLISH_QOS_1, _DISCONNECT = 0x10, 0x32, b"\xe0\x00"
_PUBACK_BYTES = 4


def frames(rate: int, seconds: float) -> list[bytes]:
    """Return so many seconds' frames of one boot, dated as they will be sent."""
    sensor = Sensor(1_000_000_000 // RATE_HZ)
    now_us = wall_clock()
    maker = FrameMaker(sensor, secrets.randbits(32), now_us - 1_000_000_000)
    still = np.zeros((SAMPLES, 3), dtype=np.int16)
    still[:, 2] = round(1 / sensor.accel_scale)
    count = round(rate * seconds)
    return [encode(maker.make(Block(still, worn=True), now_us + n * 1_000_000 // rate)) for n in range(count)]


def packet(kind: int, body: bytes) -> bytes:
    """Return an MQTT packet."""
    length, size = b"", len(body)
    while True:
        size, low = divmod(size, 128)
        length += bytes([low | (0x80 if size else 0)])
        if not size:
            return bytes([kind]) + length + body


def text(value: str) -> bytes:
    """Return a string as MQTT writes it."""
    data = value.encode()
    return struct.pack(">H", len(data)) + data


def main(arguments: list[str]) -> int:
    """Flood, and wait for the broker's acknowledgements."""
    host, port, user, password, device, rate, seconds = arguments
    topic = text(topics.of(device, topics.IMU))
    made = [
        packet(_PUBLISH_QOS_1, topic + struct.pack(">H", n % 65_535 + 1) + payload)
        for n, payload in enumerate(frames(int(rate), float(seconds)))
    ]
    burst = max(1, round(int(rate) * TICK_S))
    with socket.create_connection((host, int(port)), timeout=PATIENCE_S) as connection:
        clean_with_account = 0xC2
        body = text("MQTT") + bytes([4, clean_with_account, 0, 60]) + text(device) + text(user) + text(password)
        connection.sendall(packet(_CONNECT, body))
        connection.recv(_PUBACK_BYTES)
        heard = [0]
        listener = threading.Thread(target=_listen, args=(connection, heard, len(made)))
        listener.start()
        begin = time.monotonic()
        for first in range(0, len(made), burst):
            connection.sendall(b"".join(made[first : first + burst]))
            time.sleep(max(0.0, begin + (first + burst) / int(rate) - time.monotonic()))
        lasted = time.monotonic() - begin
        listener.join()
        connection.sendall(_DISCONNECT)
    print(json.dumps({"sent": len(made), "seconds": round(lasted, 1), "acknowledged": heard[0] // _PUBACK_BYTES}))
    return 0


def _listen(connection: socket.socket, heard: list[int], wanted: int) -> None:
    """Count acknowledgements by their bytes until all have come, or none for PATIENCE_S."""
    try:
        while heard[0] < wanted * _PUBACK_BYTES and (data := connection.recv(65_536)):
            heard[0] += len(data)
    except OSError:
        return


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
