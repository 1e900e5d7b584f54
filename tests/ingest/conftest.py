"""Real servers with empty streams, and the stages as tasks of the test."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import nats
import pytest
from nats.aio.client import Client as Nats
from nats.js import JetStreamContext
from nats.js.errors import NoKeysError

from ingest import gateway, recorder, watcher
from ingest.connections import MqttAddress
from ingest.streams import ensure
from schemas import quarantine, subjects
from schemas.places import Binding, encode_bindings
from schemas.quarantine import QuarantineEntry
from schemas.reading import Reading, ReadingKind, decode_batch
from tests.conftest import PlatformServers
from tests.ingest.publisher import Publisher


def now_us() -> int:
    """Return wall time; these tests run against real servers in real time."""
    return time.time_ns() // 1000


class Way:
    """The servers' ends that a test needs: JetStream emptied, an MQTT publisher, and the stages to start."""

    def __init__(self, servers: PlatformServers, nc: Nats, name: str) -> None:
        self.nats_url = servers.nats_url
        self.mqtt = MqttAddress(servers.mqtt.host, servers.mqtt.port, servers.mqtt.user, servers.mqtt.password)
        self.nc, self.name = nc, name
        self.js: JetStreamContext = nc.jetstream()

    def publisher(self) -> Publisher:
        """Return a connected device end."""
        return Publisher(self.mqtt)

    async def bind(self, device: str, unit: str = "home-1", resident: str | None = "res-1", **fields: Any) -> None:
        """Write a device's binding to the bucket, as the mirror does."""
        binding = Binding(device=device, unit=unit, resident=resident, start_us=0, **fields)
        bucket = await self.js.key_value(subjects.BINDINGS)
        await bucket.put(device, encode_bindings([binding]))

    @asynccontextmanager
    async def gateway(self, *, clock: Callable[[], int] = now_us, trees: Sequence[str] = ()) -> AsyncIterator[None]:
        """Run a gateway for the length of the block. ``trees``: what it listens to beside the usual bases."""
        async with _running(
            lambda stop, ready: gateway.run(
                mqtt=self.mqtt,
                nats_url=self.nats_url,
                clock=clock,
                stop=stop,
                ready=ready,
                name=self.name,
                trees=trees,
            )
        ):
            yield

    @asynccontextmanager
    async def recorder(self, dsn: str) -> AsyncIterator[None]:
        """Run a recorder for the length of the block."""
        async with _running(
            lambda stop, ready: recorder.run(nats_url=self.nats_url, dsn=dsn, clock=now_us, stop=stop, ready=ready)
        ):
            yield

    @asynccontextmanager
    async def watcher(self) -> AsyncIterator[None]:
        """Run a watcher for the length of the block."""
        async with _running(
            lambda stop, ready: watcher.run(nats_url=self.nats_url, clock=now_us, stop=stop, ready=ready)
        ):
            yield

    async def messages(self, stream: str) -> list[tuple[str, bytes]]:
        """Return subject and data of all that a stream holds, in order."""
        state = (await self.js.stream_info(stream)).state
        found = []
        for seq in range(max(state.first_seq, 1), state.last_seq + 1):
            message = await self.js.get_msg(stream, seq=seq)
            found.append((message.subject or "", message.data or b""))
        return found

    async def remembered(self) -> bytes:
        """Return all that the decoders of foreign devices have kept."""
        bucket = await self.js.key_value(subjects.DECODERS)
        try:
            keys = [key for key in await bucket.keys() if key.startswith(f"{self.name}.families.")]
        except NoKeysError:
            return b""
        return b"".join([(await bucket.get(key)).value or b"" for key in keys])

    async def readings(self) -> list[Reading]:
        """Return all readings of the stream in order, without ticks."""
        batches = [decode_batch(data) for _, data in await self.messages(subjects.READINGS)]
        return [reading for batch in batches for reading in batch if reading.kind is not ReadingKind.TICK]

    async def quarantined(self) -> list[QuarantineEntry]:
        """Return all quarantine entries of the stream in order."""
        batches = [quarantine.decode_batch(data) for _, data in await self.messages(subjects.QUARANTINE)]
        return [entry for batch in batches for entry in batch]


@asynccontextmanager
async def _running(
    start: Callable[[asyncio.Event, Callable[[], None]], Awaitable[None]],
) -> AsyncIterator[None]:
    stop, is_ready = asyncio.Event(), asyncio.Event()
    task = asyncio.ensure_future(start(stop, is_ready.set))
    waiting = asyncio.ensure_future(is_ready.wait())
    await asyncio.wait({task, waiting}, timeout=20, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    try:
        if task.done():
            task.result()
        assert is_ready.is_set(), "the stage did not become ready"
        yield
    finally:
        stop.set()
        await asyncio.wait_for(task, 20)


@pytest.fixture
async def way(platform_servers: PlatformServers, request: pytest.FixtureRequest) -> AsyncIterator[Way]:
    """The way of the data with empty streams; the gateway's name, and so its MQTT session, is the test's own."""
    nc = await nats.connect(platform_servers.nats_url)
    js = nc.jetstream()
    for info in await js.streams_info():
        await js.delete_stream(info.config.name or "")
    await ensure(js)
    try:
        yield Way(platform_servers, nc, f"gw-{abs(hash(request.node.nodeid)) % 10**8}-{time.time_ns() % 10**6}")
    finally:
        await nc.close()
