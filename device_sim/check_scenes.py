"""What happens to the test residents of ``shouwang check``, as their devices tell it.

The fall happens in real time. Pacing takes minutes and a silence hours, so their sensors' messages are what a bridge
that was out of reach hands in late: each says by its ``last_seen`` when it happened, and the platform judges it as it
would any day (docs/devices.md).
"""

import asyncio
import json

import aiomqtt
import numpy as np

from device_sim.body import Body
from device_sim.falling import fall
from device_sim.frames import Block, Sensor
from device_sim.mqtt_address import MqttAddress
from device_sim.platform import iso
from device_sim.postures import Posture
from device_sim.wearable import Wearable

_SECOND_US = 1_000_000
#: No silence is let pass for more than a day (docs/detectors/inactivity.md).
SILENT_US = 26 * 3600 * _SECOND_US
#: Two rooms, to and fro: 18 changes in 12 minutes are pacing at any hour (docs/detectors/wandering.md).
CHANGES, BETWEEN_US = 18, 40 * _SECOND_US
#: A motion sensor's timer, shorter than BETWEEN_US.
MOTION_US = 20 * _SECOND_US
#: A fall that the detector finds surely; what is tested is the way of the data, not the detector.
FALL_SEED, RATE_HZ, WALK_S, LIE_S, IMPACT_G = 5, 50, 5.0, 14.0, 5.0
#: How a gateway of Zigbee2MQTT devices names them: by this and their address.
ZIGBEE = "z2m-"


async def fall_down(mqtt: MqttAddress, device: str) -> None:
    """Let the wearer of ``device`` (at the waist) walk, fall hard and lie still; takes 21 s."""
    body = Body(np.random.default_rng(FALL_SEED), RATE_HZ, "waist", Posture.STANDING)
    parts = [body.walk(WALK_S), fall(body, impact_g=IMPACT_G).samples, body.rest(LIE_S, restless=0.0)]
    sensor = Sensor(round(1e9 / RATE_HZ))
    counts, given = sensor.counts(np.concatenate(parts)), 0

    def source(n: int) -> Block | None:
        nonlocal given
        block = counts[given : given + n]
        given += len(block)
        return Block(block, worn=True) if len(block) else None

    await Wearable(device=device, mqtt=mqtt, sensor=sensor, source=source).run(asyncio.Event())


async def pace(mqtt: MqttAddress, base: str, devices: list[str], now_us: int) -> None:
    """Let somebody have walked to and fro between the motion sensors until ``now_us``."""
    begin_us = now_us - CHANGES * BETWEEN_US
    seen = [(devices[n % len(devices)], begin_us + n * BETWEEN_US) for n in range(CHANGES)]
    await _motions(mqtt, base, seen)


async def fall_silent(mqtt: MqttAddress, base: str, devices: list[str], now_us: int) -> None:
    """Let the last motion in a home be SILENT_US ago."""
    await _motions(mqtt, base, [(device, now_us - SILENT_US) for device in devices])


async def _motions(mqtt: MqttAddress, base: str, seen: list[tuple[str, int]]) -> None:
    """Send what a bridge sends of motion sensors: each sees somebody, and after a while nobody any more."""
    async with aiomqtt.Client(
        mqtt.host, mqtt.port, username=mqtt.user or None, password=mqtt.password or None
    ) as client:
        for device, at_us in seen:
            for occupied, when_us in ((True, at_us), (False, at_us + MOTION_US)):
                body = json.dumps({"occupancy": occupied, "last_seen": iso(when_us)})
                await client.publish(f"{base}/{device.removeprefix(ZIGBEE)}", body, qos=1)
