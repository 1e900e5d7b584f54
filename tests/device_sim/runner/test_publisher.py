"""The connection that publishes by the bunch, against a broker that a test can make behave badly."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from device_sim.mqtt_address import MqttAddress
from device_sim.runner import publisher as module
from device_sim.runner.publisher import Publisher
from schemas.errors import Unavailable
from tests.conftest import PlatformServers
from tests.device_sim.wire import listening

_DUP = 0x08


@dataclass
class BadBroker:
    """Takes packets apart; acknowledges while ``acknowledges``, and refuses with ``code``."""

    code: int = 0
    acknowledges: bool = True
    packets: list[bytes] = field(default_factory=list)
    connections: list[asyncio.StreamWriter] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections.append(writer)
        try:
            while True:
                head = await reader.readexactly(1)
                size = shift = 0
                while True:
                    byte = (await reader.readexactly(1))[0]
                    size |= (byte & 0x7F) << shift
                    shift += 7
                    if not byte & 0x80:
                        break
                body = await reader.readexactly(size)
                if head[0] >> 4 == 1:
                    writer.write(bytes((0x20, 2, 0, self.code)))
                elif head[0] >> 4 == 3:
                    self.packets.append(head + body)
                    if self.acknowledges and head[0] & 0x06:
                        topic = int.from_bytes(body[:2], "big")
                        writer.write(bytes((0x40, 2)) + body[2 + topic : 4 + topic])
        except (asyncio.IncompleteReadError, OSError):
            return


@asynccontextmanager
async def bad_broker() -> AsyncIterator[tuple[BadBroker, MqttAddress]]:
    broker = BadBroker()
    server = await asyncio.start_server(broker.serve, "127.0.0.1", 0)
    try:
        yield broker, MqttAddress("127.0.0.1", server.sockets[0].getsockname()[1], "u", "p")
    finally:
        server.close()
        for each in broker.connections:
            each.close()


async def until(done: object) -> None:
    assert callable(done)
    async with asyncio.timeout(5):
        while not done():  # noqa: ASYNC110 - whatever it is, it is elsewhere
            await asyncio.sleep(0.01)


async def test_what_was_not_acknowledged_is_sent_again_in_order_when_the_connection_is_back() -> None:
    async with bad_broker() as (broker, address):
        publisher = Publisher(address, "p", None, lambda *_: None)
        await publisher.open()
        for n in range(3):
            publisher.publish("t", b"%d" % n, qos=1, retain=False)
        await until(lambda: publisher.unacknowledged == 0)
        broker.acknowledges = False
        for n in range(3, 6):
            publisher.publish("t", b"%d" % n, qos=1, retain=False)
        await until(lambda: len(broker.packets) == 6)
        broker.connections[0].close()
        broker.acknowledges = True
        await until(lambda: len(broker.connections) == 2 and len(broker.packets) == 9)
        again = broker.packets[6:]
        assert [packet[-1:] for packet in again] == [b"3", b"4", b"5"]
        assert all(packet[0] & _DUP for packet in again)
        assert [bytes((packet[0] & ~_DUP,)) + packet[1:] for packet in again] == broker.packets[3:6]
        await until(lambda: publisher.unacknowledged == 0)
        publisher.publish("t", b"6", qos=1, retain=False)
        await publisher.close()
        assert broker.packets[-1][-1:] == b"6"


async def test_what_is_published_while_the_connection_is_cut_goes_out_behind_it() -> None:
    async with bad_broker() as (broker, address):
        publisher = Publisher(address, "p", None, lambda *_: None)
        await publisher.open()
        broker.acknowledges = False
        publisher.publish("t", b"0", qos=1, retain=False)
        await until(lambda: len(broker.packets) == 1)
        broker.code = 3  # it is there again, and not ready yet
        broker.connections[0].close()
        await until(lambda: len(broker.connections) == 2)
        publisher.publish("t", b"1", qos=1, retain=False)
        publisher.publish("t", b"gone", qos=0, retain=False)
        broker.code, broker.acknowledges = 0, True
        await publisher.turn()
        await publisher.close()
        assert [packet[-1:] for packet in broker.packets] == [b"0", b"0", b"1"]


async def test_a_broker_that_stays_away_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BACK_S", 0.0)
    monkeypatch.setattr(module, "RETRY_S", 0.01)
    async with bad_broker() as (broker, address):
        publisher = Publisher(address, "p", None, lambda *_: None)
        await publisher.open()
        broker.code = 5
        broker.connections[0].close()
        with pytest.raises(Unavailable, match="not authorized"):
            await asyncio.wait_for(_turn_for_ever(publisher), 5)
        with pytest.raises(Unavailable, match="not authorized"):
            publisher.publish("t", b"", qos=1, retain=False)
        await publisher.close()


async def _turn_for_ever(publisher: Publisher) -> None:
    while True:
        await publisher.turn()


async def test_a_refusal_is_a_sentence() -> None:
    async with bad_broker() as (broker, address):
        broker.code = 4
        with pytest.raises(Unavailable, match="bad user name or password"):
            await Publisher(address, "p", None, lambda *_: None).open()


@pytest.mark.servers
async def test_a_real_broker_hears_all_of_it_long_ones_too(platform_servers: PlatformServers) -> None:
    where = platform_servers.mqtt
    address = MqttAddress(where.host, where.port, where.user, where.password)
    heard: list[tuple[str, bytes]] = []
    publisher = Publisher(address, "listener", "back/+", lambda *message: heard.append(message))
    await publisher.open()
    sent = [("sim/卧室", bytes(size)) for size in (0, 1, 127, 128, 16_383, 16_384, 300_000)]
    async with listening(address, "sim/#") as there:
        for topic, payload in sent:
            publisher.publish(topic, payload, qos=1, retain=False)
        publisher.publish("back/1", b"x" * 100_000, qos=1, retain=False)
        await until(lambda: publisher.unacknowledged == 0 and heard)
    assert [(topic, payload) for topic, payload, _ in there.messages] == sent
    assert heard == [("back/1", b"x" * 100_000)]
    await publisher.close()
