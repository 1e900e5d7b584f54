"""Many wearables at once with ordinary, synthetic movement and no falls: what the platform must carry on a busy day."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from device_sim.body import Body
from device_sim.clock import Clock, wait, wall_clock
from device_sim.frames import Block, Sensor
from device_sim.mqtt_address import MqttAddress
from device_sim.platform import Platform
from device_sim.postures import Posture
from device_sim.replay import BINDING_SETTLE_S, MARGIN_US
from device_sim.wearable import MAX_UPTIME_US, Vitals, Wearable

RATE_HZ = 50
#: So many different bodies; more wearables share their movement, each from another moment on. Making them costs time.
BODIES = 8
LOOP_S = 120
#: New connections a second: a broker and one core take them without a pile-up.
CONNECTIONS_PER_S = 100


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load run did: frames due in real time, acknowledged by the broker, and sent again."""

    wearables: int
    seconds: float
    due: int
    acknowledged: int
    repeated: int
    connections: int

    def as_json(self) -> dict[str, Any]:
        """Return the report, ready for JSON."""
        return {"schema": 1, **{name: getattr(self, name) for name in self.__slots__}}


async def make_people(platform: Platform, wearables: int, clock: Clock = wall_clock) -> None:
    """Make a test resident for each wearable, idempotently, so that the detectors see the load too.

    What is there is asked for once: thousands of questions for whole lists would be a load of their own.
    """
    site = await platform.place("Load", "institution")
    units = {one["name"]: str(one["id"]) for one in await platform.places() if one["parent"] == site}
    people = {one["unit"]: str(one["id"]) for one in await platform.residents()}
    bound = {one["id"]: one["binding"] for one in await platform.devices()}
    for number in range(wearables):
        name, device = f"Load {number:04d}", device_id(number)
        unit = units.get(name) or await platform.new_place(name, "home", site)
        resident = people.get(unit) or await platform.new_resident(name, unit, test=True)
        if device not in bound:
            await platform.new_device(device, "wrist")
        if (bound.get(device) or {}).get("resident") != resident:
            await platform.bind(device, resident, unit, "wrist", clock() - MARGIN_US)
    await asyncio.sleep(BINDING_SETTLE_S)


def device_id(number: int) -> str:
    """Return the id of a load run's wearable."""
    return f"load-{number:04d}"


async def run(
    mqtt: MqttAddress,
    wearables: int,
    seconds: float,
    stop: asyncio.Event,
    *,
    seed: int = 0,
    frame_seconds: float = 2.0,
    clock: Clock = wall_clock,
    log: Callable[[str, int, int], None] | None = None,
) -> LoadReport:
    """Let so many wearables send for so long in real time; ends early when ``stop`` is set."""
    rng = np.random.default_rng(seed)
    sensor = Sensor(round(1e9 / RATE_HZ))
    loops = [_movement(np.random.default_rng([seed, body]), sensor) for body in range(min(BODIES, wearables))]
    limit = round(seconds * RATE_HZ)
    # All connect first, then their frames are spread over one frame's time, as those of real devices are.
    begin_us = clock() + round(wearables / CONNECTIONS_PER_S * 1e6)
    devices = [
        Wearable(
            device=device_id(number),
            mqtt=mqtt,
            sensor=sensor,
            source=_looped(loops[number % len(loops)], int(rng.integers(LOOP_S * RATE_HZ)), limit),
            vitals=lambda: Vitals(battery=80.0, heart_rate=72.0, worn=True),
            frame_seconds=frame_seconds,
            uptime_us=int(rng.integers(MAX_UPTIME_US)),
            start_us=begin_us + round(frame_seconds * 1e6 * number / wearables),
            clock=clock,
            log=log,
        )
        for number in range(wearables)
    ]
    started_us = clock()
    async with asyncio.TaskGroup() as tasks:
        for device in devices:
            tasks.create_task(device.run(stop))
            await wait(stop, 1 / CONNECTIONS_PER_S)
    frames = -(-limit // sensor.samples_in(frame_seconds))
    return LoadReport(
        wearables=wearables,
        seconds=round((clock() - started_us) / 1e6, 1),
        due=frames * wearables,
        acknowledged=sum(device.counts.frames for device in devices),
        repeated=sum(device.counts.repeated for device in devices),
        connections=sum(device.counts.connections for device in devices),
    )


def _movement(rng: np.random.Generator, sensor: Sensor) -> NDArray[np.int16]:
    """Some two minutes of sitting, standing up, walking about and sitting down again, as counts (n, 3)."""
    body, parts, n = Body(rng, RATE_HZ, "wrist"), [], 0
    while n < LOOP_S * RATE_HZ:
        parts += [body.rest(15), body.move_to(Posture.STANDING), body.walk(12), body.sit_down()]
        n = sum(len(part) for part in parts)
    return sensor.counts(np.concatenate(parts))


def _looped(samples: NDArray[np.int16], offset: int, limit: int) -> Callable[[int], Block | None]:
    """A source of ``limit`` samples that goes round ``samples`` from ``offset`` on."""
    given = 0

    def source(n: int) -> Block | None:
        nonlocal given
        n = min(n, limit - given)
        if n <= 0:
            return None
        rows = np.arange(offset + given, offset + given + n) % len(samples)
        given += n
        return Block(samples[rows], worn=True, battery=80)

    return source
