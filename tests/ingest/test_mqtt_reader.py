"""The inbox and the reader: bounds, waiting, and acknowledgements that never outlive their connection."""

import asyncio
import logging
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from ingest.connections import MqttAddress
from ingest.decoders.message import RawMessage
from ingest.inbox import Delivery, Inbox
from ingest.mqtt_reader import MqttReader
from schemas import mqtt
from tests.ingest.conftest import Way, now_us
from tests.ingest.frames import imu, payload
from tests.ingest.waiting import eventually

log = logging.getLogger("test")


def delivery(number: int, *, qos: int = 1, size: int = 1, connection: int = 0) -> Delivery:
    return Delivery(RawMessage("sw/v1/a/imu", bytes(size), False, number), number, qos, connection)


async def test_messages_come_out_in_order_and_no_more_than_asked_for() -> None:
    inbox = Inbox(asyncio.get_running_loop())
    for number in range(10):
        inbox.put(delivery(number))
    first, rest = await inbox.take(4, 10**6, 0), await inbox.take(100, 10**6, 0)
    assert [each.packet for each in (*first, *rest)] == list(range(10))
    assert (len(first), len(inbox)) == (4, 0)


async def test_a_flush_is_bounded_in_bytes_and_always_moves() -> None:
    inbox = Inbox(asyncio.get_running_loop())
    for number in range(3):
        inbox.put(delivery(number, size=100))
    assert len(await inbox.take(10, 150, 0)) == 2
    assert len(await inbox.take(10, 1, 0)) == 1


async def test_taking_waits_for_the_first_message_from_the_other_thread() -> None:
    inbox = Inbox(asyncio.get_running_loop())
    taking = asyncio.ensure_future(inbox.take(10, 10**6, 10))
    await asyncio.sleep(0)
    threading.Thread(target=inbox.put, args=(delivery(1),)).start()
    assert [each.packet for each in await taking] == [1]


async def test_gathering_ends_with_enough_or_in_time() -> None:
    inbox = Inbox(asyncio.get_running_loop())
    inbox.extend([delivery(1)])
    await asyncio.wait_for(inbox.gather(2, 0.01), 5)
    waiting = asyncio.ensure_future(inbox.gather(3, 60))
    await asyncio.sleep(0.01)
    assert not waiting.done(), "one is not enough"
    inbox.extend([delivery(2), delivery(3)])
    await asyncio.wait_for(waiting, 5)
    await asyncio.wait_for(inbox.gather(3, 60), 5)
    assert len(inbox) == 3


async def test_with_nothing_to_take_it_gives_up_in_time() -> None:
    assert await Inbox(asyncio.get_running_loop()).take(1, 1, 0.01) == []


async def test_a_full_inbox_makes_the_reader_wait_and_drops_only_what_was_promised_to_nobody() -> None:
    inbox = Inbox(asyncio.get_running_loop(), limit=2)
    inbox.put(delivery(1))
    inbox.put(delivery(2))
    inbox.put(delivery(3, qos=0))
    assert inbox.dropped == 1
    waiting = threading.Thread(target=inbox.put, args=(delivery(4),))
    waiting.start()
    waiting.join(0.05)
    assert waiting.is_alive()
    await inbox.take(1, 10**6, 0)
    await asyncio.to_thread(waiting.join, 5)
    assert [each.packet for each in await inbox.take(9, 10**6, 0)] == [2, 4]


async def test_closing_lets_a_waiting_reader_go() -> None:
    inbox = Inbox(asyncio.get_running_loop(), limit=1)
    inbox.put(delivery(1))
    waiting = threading.Thread(target=inbox.put, args=(delivery(2),))
    waiting.start()
    inbox.close()
    await asyncio.to_thread(waiting.join, 5)
    assert not waiting.is_alive()
    assert len(inbox) == 1


class Broker:
    """A broker of the test's own on a port: it answers what it is told to, and keeps what it hears."""

    def __init__(self, *answers: bytes) -> None:
        self.answers, self.heard, self.connections = list(answers), bytearray(), 0
        self.writers: list[asyncio.StreamWriter] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.writers.append(writer)
        while data := await reader.read(65536):
            self.heard += data
            if self.answers:
                writer.write(self.answers.pop(0))
        writer.close()


WELCOME, GRANTED = b"\x20\x02\x00\x00", b"\x90\x03\x00\x01\x01"


@asynccontextmanager
async def reading(broker: Broker, inbox: Inbox | None = None, **how: Any) -> AsyncIterator[tuple[MqttReader, Inbox]]:
    server = await asyncio.start_server(broker.serve, "127.0.0.1", 0)
    box = Inbox(asyncio.get_running_loop()) if inbox is None else inbox
    address = MqttAddress("127.0.0.1", server.sockets[0].getsockname()[1])
    reader = MqttReader(address, "test", box, now_us, log, **how)
    reader.start()
    try:
        yield reader, box
    finally:
        await reader.stop()
        server.close()


async def test_packets_cut_anywhere_come_out_whole_and_in_order() -> None:
    packets = [mqtt.publish(f"sw/v1/w{n}/imu", bytes([n]) * n * 40, n + 1) for n in range(20)]
    broker = Broker(WELCOME, GRANTED)
    async with reading(broker) as (reader, inbox):
        await asyncio.wait_for(reader.subscribed.wait(), 5)
        whole = b"".join(packets)
        for at in range(0, len(whole), 97):
            broker.writers[0].write(whole[at : at + 97])
            await broker.writers[0].drain()
            await asyncio.sleep(0)

        async def all_came() -> bool:
            return len(inbox) == 20

        await eventually(all_came)
        taken = await inbox.take(100, 10**6, 0)
    assert [(each.packet, each.message.topic) for each in taken] == [(n + 1, f"sw/v1/w{n}/imu") for n in range(20)]
    assert [each.message.payload for each in taken] == [bytes([n]) * n * 40 for n in range(20)]


async def test_acknowledgements_of_an_earlier_connection_are_not_sent() -> None:
    broker = Broker(WELCOME, GRANTED)
    async with reading(broker) as (reader, _):
        await asyncio.wait_for(reader.subscribed.wait(), 5)
        broker.heard.clear()
        reader.acknowledge([delivery(1), delivery(2, qos=0), delivery(3)])
        await asyncio.sleep(0.1)
        assert bytes(broker.heard) == mqtt.puback(1) + mqtt.puback(3)
        broker.answers += [WELCOME, GRANTED]
        broker.writers[0].close()

        async def back() -> bool:
            return broker.connections == 2 and reader.connected

        await eventually(back)
        broker.heard.clear()
        reader.acknowledge([delivery(4), delivery(5, connection=1)])
        await asyncio.sleep(0.1)
        assert bytes(broker.heard) == mqtt.puback(5)


async def test_a_full_inbox_stops_the_broker_and_a_taken_message_lets_it_go_on() -> None:
    broker = Broker(WELCOME, GRANTED)
    small = Inbox(asyncio.get_running_loop(), limit=5)
    async with reading(broker, small) as (reader, inbox):
        await asyncio.wait_for(reader.subscribed.wait(), 5)
        got: list[int] = []
        big = bytes(200_000)
        for n in range(60):
            broker.writers[0].write(mqtt.publish("sw/v1/w/imu", big, n + 1))
        await asyncio.sleep(0.3)
        assert 5 <= len(inbox) < 40, "what one read brought, no more"
        async with asyncio.timeout(10):
            while len(got) < 60:
                got += [each.packet for each in await inbox.take(3, 10**9, 1)]
    assert got == list(range(1, 61)) and inbox.dropped == 0


@pytest.mark.parametrize("nonsense", [b"\x30\xff\xff\xff\xff\xff", b"\x30\x04\x00\x09ab", b"\x20\x00", b"\x90\x01\x00"])
async def test_a_broker_that_says_what_is_no_mqtt_is_left_and_asked_again(nonsense: bytes) -> None:
    broker = Broker(nonsense, WELCOME, GRANTED)
    async with reading(broker) as (reader, inbox):
        await asyncio.wait_for(reader.subscribed.wait(), 10)
        assert broker.connections >= 2 and reader.alive and len(inbox) == 0


async def test_a_refused_password_is_said_once_and_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    refused = b"\x20\x02\x00\x05"
    broker = Broker(refused, refused, WELCOME, GRANTED)
    with caplog.at_level("WARNING"):
        async with reading(broker) as (reader, _):
            await asyncio.wait_for(reader.subscribed.wait(), 10)
    said = [record.getMessage() for record in caplog.records]
    assert said == ["The MQTT broker refuses us: not authorized.", "The MQTT broker is back."]


async def test_words_to_devices_go_out_in_one_write_and_are_let_go_where_nobody_takes_them() -> None:
    reader = MqttReader(MqttAddress("127.0.0.1", 1), "test", Inbox(asyncio.get_running_loop()), now_us, log)
    reader.tell([("sw/v1/w1/ack", b"{}")])  # no connection: nothing happens
    broker = Broker(WELCOME, GRANTED)
    async with reading(broker) as (other, _):
        await asyncio.wait_for(other.subscribed.wait(), 5)
        broker.heard.clear()
        other.tell([("sw/v1/w1/ack", b"{}"), ("sw/v1/w2/ack", b"{}")])
        await asyncio.sleep(0.1)
    told = mqtt.publish("sw/v1/w1/ack", b"{}") + mqtt.publish("sw/v1/w2/ack", b"{}")
    assert bytes(broker.heard) == told + mqtt.DISCONNECT


@pytest.mark.servers
async def test_acknowledgements_go_out_at_once_and_many_windows_of_messages_come_in_a_second(way: Way) -> None:
    """rumqttd has 100 in flight: 5,000 messages take far longer if each window waits for paho's second."""
    inbox = Inbox(asyncio.get_running_loop())
    reader = MqttReader(way.mqtt, "windows", inbox, now_us, log)
    reader.start()
    try:
        await asyncio.wait_for(reader.subscribed.wait(), 20)
        with way.publisher() as device:
            for number in range(5_000):
                device.publish(imu("windows"), payload(number))
        got = 0
        async with asyncio.timeout(7):
            while got < 5_000:
                taken = await inbox.take(512, 10**7, 1)
                reader.acknowledge(taken)
                got += len(taken)
    finally:
        await reader.stop()


@pytest.mark.servers
async def test_after_a_cut_the_broker_sends_again_exactly_what_was_not_acknowledged(way: Way) -> None:
    first, second = Inbox(asyncio.get_running_loop()), Inbox(asyncio.get_running_loop())
    reader = MqttReader(way.mqtt, way.name, first, now_us, log)
    reader.start()
    await asyncio.wait_for(reader.subscribed.wait(), 10)
    with way.publisher() as device:
        for seq in range(30):
            device.publish(imu("watch-1"), payload(seq))

    async def all_came() -> bool:
        return len(first) == 30

    await eventually(all_came)
    deliveries = await first.take(30, 10**6, 0)
    reader.acknowledge(deliveries[:10])
    await asyncio.sleep(0.5)
    await reader.stop()
    again = MqttReader(way.mqtt, way.name, second, now_us, log)
    again.start()

    async def rest_came() -> bool:
        return len(second) >= 20

    await eventually(rest_came)
    await asyncio.sleep(0.5)
    resent = await second.take(100, 10**6, 0)
    again.acknowledge(resent)
    await again.stop()
    assert [each.message.payload for each in resent] == [each.message.payload for each in deliveries[10:]]


@pytest.mark.parametrize(("granted", "ready", "refused"), [((1, 1), True, ()), ((1, 128), True, ("zigbee2mqtt/#",)),
                                                           ((128, 1), False, ("sw/v1/#",))])  # fmt: skip
async def test_a_bridge_that_the_broker_forbids_does_not_cost_the_wearables(
    granted: tuple[int, int], ready: bool, refused: tuple[str, ...]
) -> None:
    broker = Broker(WELCOME, b"\x90\x04\x00\x01" + bytes(granted))
    async with reading(broker, wanted=("sw/v1/#", "zigbee2mqtt/#")) as (reader, _):

        async def answered() -> bool:
            return reader.refused == refused and reader.connected

        await eventually(answered)
        await asyncio.sleep(0.05)
        assert (reader.subscribed.is_set(), reader.refused) == (ready, refused)


async def test_a_password_is_not_shown() -> None:
    assert "geheim" not in repr(MqttAddress("h", 1, "u", "geheim"))
