"""A device that floods: ``python -m bench.faults.flood HOST PORT USER PASSWORD DEVICE RATE SECONDS``.

Whole, small frames at QoS 1, made before the first is sent, so that the rate is kept. It prints how many went out and
how many the broker took. A process of its own: it must not slow down who measures.
"""

import secrets
import sys
import threading
import time

import numpy as np
import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from device_sim.clock import wall_clock
from device_sim.frames import Block, FrameMaker, Sensor
from schemas import topics
from schemas.frame import encode

#: Samples in a frame: the device lies about being that fast, its frames cover a tenth of a second each.
SAMPLES, RATE_HZ = 5, 50
#: Sent in bursts of this length, seconds: finer than what the platform could tell apart.
TICK_S = 0.02
_PATIENCE_S = 60.0


def frames(rate: int, seconds: float) -> list[bytes]:
    """Return so many seconds' frames of one boot, dated as they will be sent."""
    sensor = Sensor(1_000_000_000 // RATE_HZ)
    now_us = wall_clock()
    maker = FrameMaker(sensor, secrets.randbits(32), now_us - 1_000_000_000)
    still = np.zeros((SAMPLES, 3), dtype=np.int16)
    still[:, 2] = round(1 / sensor.accel_scale)
    count = round(rate * seconds)
    return [encode(maker.make(Block(still, worn=True), now_us + n * 1_000_000 // rate)) for n in range(count)]


def main(arguments: list[str]) -> int:
    """Flood, and wait until the broker has taken what it takes."""
    host, port, user, password, device, rate, seconds = arguments
    made = frames(int(rate), float(seconds))
    taken = threading.Semaphore(0)
    client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=device)
    client.username_pw_set(user, password)
    client.max_queued_messages_set(0)
    client.max_inflight_messages_set(20_000)
    client.on_publish = lambda *_: taken.release()
    client.connect(host, int(port))
    client.loop_start()
    topic, burst = topics.of(device, topics.IMU), max(1, round(int(rate) * TICK_S))
    begin = time.monotonic()
    for first in range(0, len(made), burst):
        for payload in made[first : first + burst]:
            client.publish(topic, payload, qos=1)
        time.sleep(max(0.0, begin + (first + burst) / int(rate) - time.monotonic()))
    lasted = time.monotonic() - begin
    got = sum(taken.acquire(timeout=_PATIENCE_S) for _ in made)
    client.disconnect()
    print(f"sent {len(made)} in {lasted:.1f} s, the broker took {got}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
