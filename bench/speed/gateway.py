"""CPU of each process of a real platform for a message of a home sensor: a thousand devices of one bridge, QoS 1.

The devices stand in homes of twenty each, as most do; what nobody has bound yet goes the slower way of its own subject.
"""

import asyncio
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from bench.speed.decoders import BASE, START_US, address, bridge
from bench.speed.processes import cpu_seconds
from bench.spine import running
from device_sim.platform import Platform

IN_ONE_HOME = 20
#: Seconds that the platform has to take all of it after the last was sent, before what is missing counts as lost.
DRAIN_S = 30.0
_LOOK_S = 0.2


@dataclass(frozen=True, slots=True)
class GatewaySpeed:
    """CPU microseconds a message by process, how many were sent and stored, and the rate that was asked for."""

    us_a_message: dict[str, float]
    sent: int
    stored: int
    rate: int
    seconds: float


def measure(devices: int, rate: int, seconds: float) -> GatewaySpeed:
    """Start a platform of its own, publish, and look at each process's CPU before and after."""
    return asyncio.run(_measure(devices, rate, seconds))


async def _measure(devices: int, rate: int, seconds: float) -> GatewaySpeed:
    count = round(rate * seconds)
    inventory, reports = bridge(devices, devices + count, 1)
    with tempfile.TemporaryDirectory(prefix="shouwang-speed-") as folder:
        async with running(Path(folder) / "home", "up", "--demo") as state:
            await _put(state, devices)
            client = await asyncio.to_thread(_client, state["mqtt"])
            try:
                announced = [(f"{BASE}/bridge/devices", inventory), *reports[:devices]]
                await asyncio.to_thread(_publish, client, announced, 0)
                before_rows = await _settled(state["dsn"], devices)
                before = cpu_seconds(state["pid"])
                began = time.monotonic()
                await asyncio.to_thread(_publish, client, reports[devices:], rate)
                took = time.monotonic() - began
                rows = await _settled(state["dsn"], before_rows + count)
                after = cpu_seconds(state["pid"])
            finally:
                client.disconnect()
                client.loop_stop()
    spent = {name: (after[name] - before.get(name, 0.0)) * 1e6 / count for name in after}
    return GatewaySpeed(dict(sorted(spent.items())), count, rows - before_rows, rate, took)


async def _put(state: dict[str, Any], devices: int) -> None:
    """Let the devices stand in homes, as an administrator would."""
    account = next(each for each in state["accounts"] if each["role"] == "administrator")
    async with Platform(state["api"], account["user"], account["password"]) as platform:
        home = ""
        for number in range(devices):
            if number % IN_ONE_HOME == 0:
                home = await platform.new_place(f"home {number // IN_ONE_HOME}", "home")
            await platform.stand(f"z2m-{address(number)}", home, home, START_US)


def _client(at: dict[str, Any]) -> mqtt.Client:
    client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id="bench-bridge")
    client.username_pw_set(at["user"], at["password"])
    client.max_inflight_messages_set(200)
    client.max_queued_messages_set(0)
    client.connect(at["host"], at["port"])
    client.loop_start()
    return client


def _publish(client: mqtt.Client, messages: list[tuple[str, bytes]], rate: int) -> None:
    """Publish evenly (0: as fast as they are taken) and wait until the broker has them all."""
    began, told = time.monotonic(), []
    for number, (topic, payload) in enumerate(messages):
        if rate and (wait := began + number / rate - time.monotonic()) > 0:
            time.sleep(wait)
        told.append(client.publish(topic, payload, qos=1))
    for each in told:
        each.wait_for_publish(DRAIN_S)


async def _settled(dsn: str, wanted: int) -> int:
    """Return how many messages the database has, as soon as they are all there or DRAIN_S have gone."""
    import asyncpg  # noqa: PLC0415  # only where there is a platform

    connection = await asyncpg.connect(dsn)
    try:
        deadline = time.monotonic() + DRAIN_S
        while True:
            rows: int = await connection.fetchval("select count(*) from message where device like 'z2m-0x%'")
            if rows >= wanted or time.monotonic() > deadline:
                return rows
            await asyncio.sleep(_LOOK_S)
    finally:
        await connection.close()
