"""Who is watched over meanwhile: steady wearers, people who fall at a chosen moment, and a home sensors' bridge."""

import asyncio
import contextlib
import json
import secrets
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

import aiomqtt
import numpy as np
from numpy.typing import NDArray

from bench.faults.account import Ledger
from device_sim.body import Body
from device_sim.clock import wait
from device_sim.falling import fall
from device_sim.frames import Block, Sensor
from device_sim.mqtt_address import MqttAddress
from device_sim.postures import Posture
from device_sim.wearable import Wearable

RATE_HZ = 50
SENSOR = Sensor(1_000_000_000 // RATE_HZ)
FRAME_S = 1.0
#: A fall that the detector finds surely: what is tried is the way of the data, not the detector.
IMPACT_G = 5.0
#: A faller is on foot this long before, so that the detector has met them.
WALK_S = 6.0
#: Bodies that the steady wearers share, each from another moment on: making them costs time.
BODIES, LOOP_S = 6, 90
#: The bridge's pace: as many sensors of a large flat.
BRIDGE_EVERY_S = 0.5
IEEE = ("0x00158d0000fa0001", "0x00158d0000fa0002")
ZIGBEE = "zigbee2mqtt"
_RECONNECT_S = 1.0

Counts = NDArray[np.int16]
Source = Callable[[int], Block | None]


@dataclass
class Crowd:
    """All simulated devices that are playing, and what they sent and heard."""

    mqtt: MqttAddress
    ledger: Ledger = field(default_factory=Ledger)
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    tasks: set["asyncio.Task[None]"] = field(default_factory=set)

    def wear(self, device: str, source: Source, start_us: int, kind: type[Wearable] = Wearable) -> None:
        """Let a device play ``source`` from ``start_us`` on, noting what is sent and acknowledged."""
        boot = secrets.randbits(32)
        made = kind(
            device=device,
            mqtt=self.mqtt,
            sensor=SENSOR,
            source=source,
            frame_seconds=FRAME_S,
            start_us=start_us,
            boot=boot,
            sent=lambda seq, _end_us, _wall_us: self.ledger.note_sent(device, boot, seq),
            acked=lambda first, seq: self.ledger.note_acknowledged(device, boot, first, seq),
        )
        self.add(made.run(self.stop))

    def add(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something beside; it ends with the crowd."""
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def go_home(self) -> None:
        """End all devices."""
        self.stop.set()
        for task in list(self.tasks):
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)


class Repeating(Wearable):
    """A device that says everything ten times."""

    async def _publish(self, client: aiomqtt.Client, frame: object) -> None:
        for _ in range(10):
            await super()._publish(client, frame)  # type: ignore[arg-type]


def movements(seed: int) -> list[Counts]:
    """Return some minutes of ordinary movement without a fall, for several bodies."""
    made = []
    for number in range(BODIES):
        body, parts, n = Body(np.random.default_rng([seed, number]), RATE_HZ, "waist"), [], 0
        while n < LOOP_S * RATE_HZ:
            parts += [body.rest(15), body.move_to(Posture.STANDING), body.walk(12), body.sit_down()]
            n = sum(len(part) for part in parts)
        made.append(SENSOR.counts(np.concatenate(parts)))
    return made


def looped(samples: Counts, offset: int) -> Source:
    """Return a source that goes round ``samples`` for ever."""
    given = offset

    def source(n: int) -> Block:
        nonlocal given
        rows = np.arange(given, given + n) % len(samples)
        given += n
        return Block(samples[rows], worn=True, battery=80)

    return source


def falling(seed: int, impact_us: int, over: asyncio.Event, before: Counts | None = None) -> tuple[Source, int]:
    """Return the source of somebody who falls at ``impact_us`` and lies until ``over``, and when its samples begin.

    ``before`` is what they did until WALK_S before.
    """
    body = Body(np.random.default_rng(seed), RATE_HZ, "waist", Posture.STANDING)
    walk = body.walk(WALK_S)
    fallen = fall(body, impact_g=IMPACT_G)
    waiting = SENSOR.counts(np.concatenate([walk, fallen.samples]))
    waiting = waiting if before is None else np.concatenate([before, waiting])
    until = len(walk) + fallen.impact + (0 if before is None else len(before))
    start_us = impact_us - until * SENSOR.period_ns // 1000

    def source(n: int) -> Block | None:
        nonlocal waiting
        if len(waiting) < n:
            if over.is_set():
                return None
            waiting = np.concatenate([waiting, SENSOR.counts(body.rest(10.0, restless=0.0))])
        block, waiting = waiting[:n], waiting[n:]
        return Block(block, worn=True, battery=80)

    return source, start_us


async def bridge(mqtt: MqttAddress, stop: asyncio.Event) -> None:
    """Be a Zigbee2MQTT bridge with a motion and a climate sensor until stopped; it keeps nothing for later."""
    turn = 0
    while not stop.is_set():
        with contextlib.suppress(aiomqtt.MqttError):
            async with aiomqtt.Client(
                mqtt.host, mqtt.port, username=mqtt.user, password=mqtt.password, timeout=5, identifier="faults-bridge"
            ) as client:
                await client.publish(f"{ZIGBEE}/bridge/state", b'{"state":"online"}', qos=1, retain=True)
                await client.publish(f"{ZIGBEE}/bridge/devices", _inventory(), qos=1, retain=True)
                while not stop.is_set():
                    turn += 1
                    await client.publish(*_told(turn), qos=1)
                    await wait(stop, BRIDGE_EVERY_S)
        await wait(stop, _RECONNECT_S)


def _told(turn: int) -> tuple[str, bytes]:
    if turn % 2:
        return f"{ZIGBEE}/faults motion", json.dumps({"occupancy": turn % 40 < 20, "linkquality": turn % 255}).encode()
    return f"{ZIGBEE}/faults climate", json.dumps({"temperature": 20 + turn % 50 / 10, "humidity": 40}).encode()


def _inventory() -> bytes:
    def numeric(name: str, unit: str) -> dict[str, object]:
        return {"type": "numeric", "property": name, "access": 1, "unit": unit}

    motion = {"type": "binary", "property": "occupancy", "access": 1, "value_on": True, "value_off": False}
    exposes = {"faults motion": [motion], "faults climate": [numeric("temperature", "°C"), numeric("humidity", "%")]}
    rows = [
        {
            "friendly_name": name,
            "ieee_address": ieee,
            "type": "EndDevice",
            "definition": {"model": "M1", "description": "A sensor", "exposes": exposes[name]},
        }
        for name, ieee in zip(exposes, IEEE, strict=True)
    ]
    return json.dumps(rows).encode()
