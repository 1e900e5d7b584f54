"""What reading a message of QoS 1 costs, by the client that reads it: ours, paho, aiomqtt, gmqtt, on the same broker.

Each reads in a process of its own and acknowledges by the bunch, as the gateway does: what came is "stored" for some
milliseconds, then acknowledged in the order of arrival. aiomqtt and gmqtt acknowledge by themselves before anything is
stored, which is no promise; they are measured as they are. What is not installed is left out.
"""

import asyncio
import logging
import multiprocessing
import resource
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from importlib.util import find_spec
from multiprocessing.connection import Connection
from typing import Any

from bench.speed import sender
from device_sim.clock import wall_clock
from ingest.connections import MqttAddress
from ingest.inbox import Inbox
from ingest.mqtt_reader import MqttReader
from schemas import topics

#: A store takes so long, s: what JetStream needs for a batch on a disk.
STORE_S = 0.003
#: As the gateway gathers under load.
LINGER_S, MOST = 0.02, 512
_READY, _PATIENCE_S = "ready", 60.0
_PAYLOAD = bytes(664)
_TOPIC = "sw/v1/#"


@dataclass(frozen=True, slots=True)
class ReaderSpeed:
    """CPU microseconds a message, messages read, and messages a second over the time that it took."""

    us_a_message: float
    read: int
    a_second: float


def measure(name: str, address: MqttAddress, count: int, rate: float) -> ReaderSpeed | None:
    """Let one client read ``count`` frames, ``rate`` a second (0: as they are taken). None: it is not installed."""
    if name != "ours" and find_spec(name) is None:
        return None
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_main, args=(name, address, count, theirs))
    process.start()
    try:
        assert ours.recv() == _READY  # noqa: S101  # the protocol of two processes
        load = sender.Burst(address.host, address.port, address.user or "", address.password or "", count, rate)
        sender.send_burst(load, topics.of("bench-reader", topics.IMU), _PAYLOAD)
        told: ReaderSpeed = ours.recv()
    finally:
        process.join(_PATIENCE_S)
        process.kill()
    return told


def _main(name: str, address: MqttAddress, count: int, pipe: Connection) -> None:
    logging.disable(logging.CRITICAL)
    asyncio.run(CLIENTS[name](address, count, pipe))


class _Count:
    """Counts what is read, from the first message on."""

    def __init__(self, count: int, pipe: Connection) -> None:
        self._left, self._count, self._pipe = count, count, pipe
        self._cpu, self._at = 0.0, 0.0

    def read(self, number: int) -> bool:
        """Note that so many came; whether that is all."""
        if self._left == self._count:
            self._cpu, self._at = _cpu(), time.monotonic()
        self._left -= number
        if self._left > 0:
            return False
        cpu, took = _cpu() - self._cpu, time.monotonic() - self._at
        self._pipe.send(ReaderSpeed(cpu * 1e6 / self._count, self._count, self._count / max(took, 1e-9)))
        return True


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


async def _ours(address: MqttAddress, count: int, pipe: Connection) -> None:
    inbox = Inbox(asyncio.get_running_loop())
    reader = MqttReader(address, "bench-ours", inbox, wall_clock, logging.getLogger("bench"), (_TOPIC,))
    reader.start()
    await reader.subscribed.wait()
    pipe.send(_READY)
    counted = _Count(count, pipe)
    while True:
        taken = await inbox.take(MOST, 1 << 22, 1.0)
        await asyncio.sleep(STORE_S)
        reader.acknowledge(taken)
        if taken and counted.read(len(taken)):
            break
        await asyncio.sleep(LINGER_S)
    await reader.stop()


async def _paho(address: MqttAddress, count: int, pipe: Connection) -> None:
    """As the gateway read until December 2026: a thread, an inbox, acknowledgements by hand."""
    import paho.mqtt.client as mqtt  # noqa: PLC0415  # one of several
    from paho.mqtt.enums import CallbackAPIVersion  # noqa: PLC0415

    loop = asyncio.get_running_loop()
    came: list[int] = []
    subscribed = asyncio.Event()
    client = mqtt.Client(CallbackAPIVersion.VERSION2, "bench-paho", clean_session=False, manual_ack=True)
    client.username_pw_set(address.user, address.password)

    def on_connect(*_: Any) -> None:
        client.subscribe(_TOPIC, 1)

    def on_subscribe(*_: Any) -> None:
        loop.call_soon_threadsafe(subscribed.set)

    client.on_message = lambda _client, _user, message: came.append(message.mid)
    client.on_connect, client.on_subscribe = on_connect, on_subscribe
    client.loop(timeout=0)
    client.connect(address.host, address.port)
    client.loop_start()
    await subscribed.wait()
    pipe.send(_READY)
    counted = _Count(count, pipe)
    while True:
        taken, came[:] = came[:MOST], came[MOST:]
        await asyncio.sleep(STORE_S)
        for packet in taken:
            client.ack(packet, 1)
        if taken and counted.read(len(taken)):
            break
        await asyncio.sleep(LINGER_S)
    client.disconnect()


async def _aiomqtt(address: MqttAddress, count: int, pipe: Connection) -> None:
    import aiomqtt  # noqa: PLC0415  # one of several

    async with aiomqtt.Client(
        address.host, address.port, username=address.user, password=address.password, identifier="bench-aiomqtt"
    ) as client:
        await client.subscribe(_TOPIC, 1)
        pipe.send(_READY)
        counted = _Count(count, pipe)
        async for _ in client.messages:
            if counted.read(1):
                return


async def _gmqtt(address: MqttAddress, count: int, pipe: Connection) -> None:
    from importlib import import_module  # noqa: PLC0415  # not among what we install

    gmqtt: Any = import_module("gmqtt")
    client = gmqtt.Client("bench-gmqtt")
    client.set_auth_credentials(address.user, address.password)
    counted, done, subscribed = _Count(count, pipe), asyncio.Event(), asyncio.Event()

    def on_message(*_: Any) -> int:
        if counted.read(1):
            done.set()
        return 0

    client.on_message = on_message
    client.on_subscribe = lambda *_: subscribed.set()
    client.on_connect = lambda *_: client.subscribe(_TOPIC, qos=1)
    await client.connect(address.host, address.port, version=4)
    await subscribed.wait()
    pipe.send(_READY)
    await done.wait()
    await client.disconnect()


CLIENTS: dict[str, Callable[[MqttAddress, int, Connection], Coroutine[Any, Any, None]]] = {
    "ours": _ours,
    "paho": _paho,
    "aiomqtt": _aiomqtt,
    "gmqtt": _gmqtt,
}
