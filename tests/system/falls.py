"""Synthetic falls worn by test residents, in real time: walking, a fall, lying still."""

import asyncio
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from device_sim.body import Body
from device_sim.falling import fall
from device_sim.frames import Block, Sensor
from device_sim.mqtt_address import MqttAddress
from device_sim.postures import Posture
from device_sim.wearable import Wearable
from tests.system.platform import Platform

RATE_HZ = 50
SENSOR = Sensor(period_ns=1_000_000_000 // RATE_HZ)
WALK_S, LIE_S = 5.0, 14.0


def samples(seed: int, walk_s: float = WALK_S) -> NDArray[np.int16]:
    """Return counts (n, 3) of somebody who walks, falls hard and lies still; a waist-worn sensor at 50 Hz."""
    body = Body(np.random.default_rng(seed), RATE_HZ, "waist", Posture.STANDING)
    parts = [body.walk(walk_s), fall(body, impact_g=5.0).samples, body.rest(LIE_S, restless=0.0)]
    return SENSOR.counts(np.concatenate(parts))


def source(counts: NDArray[np.int16]) -> Callable[[int], Block | None]:
    """Return what a Wearable asks for its next samples."""
    place = 0

    def give(n: int) -> Block | None:
        nonlocal place
        block = counts[place : place + n]
        place += n
        return Block(block, worn=True) if len(block) else None

    return give


def wearable(platform: Platform, device: str, seed: int, walk_s: float = WALK_S) -> Wearable:
    """Return a device whose wearer falls after ``walk_s``."""
    mqtt = platform.state["mqtt"]
    address = MqttAddress(mqtt["host"], mqtt["port"], mqtt["user"], mqtt["password"])
    return Wearable(device=device, mqtt=address, sensor=SENSOR, source=source(samples(seed, walk_s)))


def play(*wearables: Wearable) -> None:
    """Play all of them at once, to their ends."""

    async def together() -> None:
        never = asyncio.Event()
        await asyncio.gather(*(each.run(never) for each in wearables))

    asyncio.run(together())
