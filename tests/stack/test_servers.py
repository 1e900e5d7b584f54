"""The embedded servers run, keep what they were given, and recover from a power cut."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import asyncpg
import nats
import nats.errors
import paho.mqtt.client as mqtt
import psutil
import pytest
from nats.js.api import KeyValueConfig, StreamConfig
from paho.mqtt.enums import CallbackAPIVersion

from bench.faults import disk
from stack.credentials import ACCOUNT, load
from stack.home import Home
from stack.ports import LOOPBACK, any_free
from stack.servers import Server
from stack.servers.broker import Broker
from stack.servers.nats import Nats
from tests.conftest import PlatformServers

pytestmark = pytest.mark.servers

#: What the broker may take with nothing to hold: its log (300 MB) is not allocated ahead.
IDLE_BROKER_BYTES = 100_000_000


@contextmanager
def running(server: Server) -> Iterator[int]:
    """Run a server and kill it at the end, as a power cut does."""
    process = server.start()
    try:
        deadline = time.monotonic() + 30
        while not server.ready():
            assert process.poll() is None, "it ended"
            assert time.monotonic() < deadline, "not ready in time"
            time.sleep(0.05)
        yield process.pid
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        if process.stdin is not None:
            process.stdin.close()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home")
    made.make()
    return made


async def test_postgres_takes_our_password_and_no_other(platform_servers: PlatformServers) -> None:
    connection = await asyncpg.connect(platform_servers.dsn)
    assert await connection.fetchval("SELECT 'ç 守望'") == "ç 守望"
    assert (await connection.fetchval("SHOW server_version")).startswith("18")
    await connection.close()
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(platform_servers.dsn, password="wrong")


async def test_jetstream_stores_a_large_batch(platform_servers: PlatformServers) -> None:
    connection = await nats.connect(platform_servers.nats_url)
    stream = connection.jetstream()
    await stream.add_stream(name="T", subjects=["t.>"])
    answer = await stream.publish("t.one", b"x" * 2_000_000)
    assert answer.seq == 1
    await stream.delete_stream("T")
    await connection.close()


async def test_a_power_cut_costs_jetstream_nothing_that_it_acknowledged(home: Home) -> None:
    password = load(home).nats
    server = Nats(home, any_free(), password)
    url = f"nats://shouwang:{password}@{LOOPBACK}:{server.port}"
    with running(server):
        connection = await nats.connect(url)
        await connection.jetstream().add_stream(StreamConfig(name="T", subjects=["t"]))
        for number in range(200):
            await connection.jetstream().publish("t", b"%d" % number)
        await connection.close()
    folder = next(home.root.glob("nats/jetstream/**/T/msgs"))
    with sorted(folder.glob("*.blk"))[-1].open("ab") as block:
        block.write(b"\x99" * 57)  # a record whose writing was cut off
    for index in folder.glob("index.db"):
        index.write_bytes(index.read_bytes()[:7])
    with running(server):
        connection = await nats.connect(url)
        state = (await connection.jetstream().stream_info("T")).state
        assert (state.messages, state.last_seq) == (200, 200)
        assert (await connection.jetstream().get_msg("T", 200)).data == b"199"
        assert (await connection.jetstream().publish("t", b"next")).seq == 201
        await connection.close()


@pytest.mark.skipif(disk.refusal() is not None, reason=f"a disk of our own {disk.refusal()}")
@pytest.mark.parametrize("subject", ["$KV.STATUS.gateway", "readings.1"], ids=["where stages report", "elsewhere"])
async def test_jetstream_that_stays_stuck_after_a_full_disk_counts_as_hanging_and_a_new_start_mends_it(
    home: Home, tmp_path: Path, subject: str
) -> None:
    small = disk.Disk(tmp_path / "disk.img", home.root / "nats")
    small.make(200)
    server = Nats(home, any_free(), load(home).nats)
    try:
        with running(server):
            assert server.alive(), "no bucket yet"
            connection = await nats.connect(f"nats://shouwang:{server.password}@{LOOPBACK}:{server.port}")
            js = connection.jetstream()
            await js.create_key_value(KeyValueConfig(bucket="STATUS"))
            await js.add_stream(StreamConfig(name="READINGS", subjects=["readings.>"]))
            assert server.alive()
            small.fill()
            for _ in range(3):  # until the room that is left in its open block is used up
                with suppress(nats.errors.Error):
                    await js.publish(subject, bytes(10_000), timeout=1)
            assert server.alive(), "a full disk is no reason to kill it"
            small.free()
            assert not server.alive()
            await connection.close()
        with running(server):
            assert server.alive()
    finally:
        small.remove()


def test_the_broker_refuses_a_wrong_password_and_takes_little_memory(home: Home) -> None:
    broker = Broker(home, any_free(), load(home).mqtt)
    with running(broker) as pid:
        assert not Broker(home, broker.port, "wrong").ready()
        assert broker.ready()
        assert psutil.Process(pid).memory_info().rss < IDLE_BROKER_BYTES


def test_the_broker_forgets_acknowledgements_and_keeps_a_gateways_frames(home: Home) -> None:
    broker = Broker(home, any_free(), load(home).mqtt)

    def client(name: str) -> mqtt.Client:
        made = mqtt.Client(CallbackAPIVersion.VERSION2, name, clean_session=name != "gateway")
        made.username_pw_set(ACCOUNT, load(home).mqtt)
        made.connect(LOOPBACK, broker.port)
        return made

    def publish(topic: str, payload: bytes, messages: int) -> None:
        for number in range(messages):
            sent = sender.publish(topic, payload % number, 1)
            if number % 100 == 99:  # so that the client's own queue stays short
                sent.wait_for_publish(10)

    with running(broker) as pid:
        device, gateway, sender = client("device"), client("gateway"), client("sender")
        device.subscribe("sw/v1/d1/ack")
        device.loop_start()
        sender.loop_start()
        bare = psutil.Process(pid).memory_info().rss
        publish("sw/v1/d1/ack", b'{"boot":123456789,"seq":%d,"first":1}', 20_000)
        assert psutil.Process(pid).memory_info().rss - bare < 3_000_000  # kept, they would take 6 MB and more
        gateway.subscribe("sw/v1/#", 1)
        gateway.loop_start()
        time.sleep(0.5)
        gateway.disconnect()
        gateway.loop_stop()
        publish("sw/v1/d1/imu", b"%08d" + b"x" * 1000, 2_000)
        came: list[int] = []
        gateway.on_message = lambda _client, _user, message: came.append(int(message.payload[:8]))
        gateway.reconnect()
        gateway.loop_start()
        deadline = time.monotonic() + 20
        while len(came) < 2_000 and time.monotonic() < deadline:
            time.sleep(0.05)
        assert came == list(range(2_000))
        for each in (device, gateway, sender):
            each.disconnect()
            each.loop_stop()


def test_a_topic_that_begins_beyond_ascii_kills_the_broker_and_it_is_known_to_be_dead(home: Home) -> None:
    """A defect of rumqttd that we cannot mend. When this fails it is mended: take back stack.settings' refusal."""
    server = Broker(home, any_free(), load(home).mqtt)
    with running(server):
        watcher, sender = (mqtt.Client(CallbackAPIVersion.VERSION2, name) for name in ("watcher", "sender"))
        for client in (watcher, sender):
            client.username_pw_set(ACCOUNT, load(home).mqtt)
            client.connect("127.0.0.1", server.port)
            client.loop_start()
        watcher.subscribe("sw/v1/#", 1)
        sender.publish("home/卧室", b"x", 1).wait_for_publish(5)
        assert server.alive()
        sender.publish("卧室/motion", b"x", 1)
        deadline = time.monotonic() + 10
        while server.alive():
            assert time.monotonic() < deadline, "it lives"
        for client in (watcher, sender):
            client.disconnect()
            client.loop_stop()
