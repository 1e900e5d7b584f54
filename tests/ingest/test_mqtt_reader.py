"""The inbox and the reader: bounds, waiting, and acknowledgements that never outlive their connection."""

import asyncio
import logging
import threading

import pytest
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.reasoncodes import ReasonCode

from ingest.connections import MqttAddress
from ingest.decoders.message import RawMessage
from ingest.mqtt_reader import Delivery, Inbox, MqttReader
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


async def test_acknowledgements_of_an_earlier_connection_are_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    address = MqttAddress("127.0.0.1", 1)
    reader = MqttReader(address, "test", Inbox(asyncio.get_running_loop()), now_us, log)
    sent: list[int] = []
    monkeypatch.setattr(reader._client, "ack", lambda packet, _qos: sent.append(packet))
    reader.acknowledge([delivery(1), delivery(2, qos=0), delivery(3)])
    reader._on_disconnect(reader._client, None, None, None, None)
    reader.acknowledge([delivery(4), delivery(5, connection=1)])
    assert sent == [1, 3, 5]


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
        await asyncio.to_thread(reader.stop)


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
    await asyncio.to_thread(reader.stop)
    again = MqttReader(way.mqtt, way.name, second, now_us, log)
    again.start()

    async def rest_came() -> bool:
        return len(second) >= 20

    await eventually(rest_came)
    await asyncio.sleep(0.5)
    resent = await second.take(100, 10**6, 0)
    again.acknowledge(resent)
    await asyncio.to_thread(again.stop)
    assert [each.message.payload for each in resent] == [each.message.payload for each in deliveries[10:]]


@pytest.mark.parametrize(("granted", "ready", "refused"), [((1, 1), True, ()), ((1, 128), True, ("zigbee2mqtt/#",)),
                                                           ((128, 1), False, ("sw/v1/#",))])  # fmt: skip
async def test_a_bridge_that_the_broker_forbids_does_not_cost_the_wearables(
    granted: tuple[int, int], ready: bool, refused: tuple[str, ...]
) -> None:
    loop = asyncio.get_running_loop()
    wanted = ("sw/v1/#", "zigbee2mqtt/#")
    reader = MqttReader(MqttAddress("nowhere", 1), "reader", Inbox(loop), now_us, log, wanted)
    reasons = [ReasonCode(PacketTypes.SUBACK, identifier=code) for code in granted]
    reader._on_subscribe(reader._client, None, 1, reasons, None)
    await asyncio.sleep(0)
    assert (reader.subscribed.is_set(), reader.refused) == (ready, refused)


async def test_a_password_is_not_shown() -> None:
    assert "geheim" not in repr(MqttAddress("h", 1, "u", "geheim"))
