"""What the console is given: pasted messages read within bounds, and an ear at a real broker."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from ingest import interpreting
from ingest.connections import MqttAddress
from ingest.decoders.message import RawMessage
from ingest.ear import Ear, EarState
from ingest.interpreting import Hearing, Interpreting, shown_payload
from tests.ingest.conftest import Way, now_us

NOWHERE = MqttAddress("127.0.0.1", 1)


def reading(mqtt: MqttAddress = NOWHERE, **options: Any) -> Interpreting:
    return Interpreting(mqtt, clock=now_us, **options)


def test_pasted_messages_share_their_state_and_say_whether_the_gateway_hears_them() -> None:
    door = {"topic": "zigbee2mqtt/door", "payload": {"contact": False}}
    first, again, other = reading(trees=("homes/17",)).read(
        [door, door, {"topic": "flat/zb/bridge/state", "payload": "online"}]
    )
    assert (first["why"]["kind"], again["why"]["kind"]) == ("event", "repeat")
    assert (first["why"]["heard"], other["why"]["heard"]) == (True, False)
    assert other["why"]["family"] == "zigbee2mqtt", "read all the same"


def test_what_is_no_message_is_refused_with_a_sentence() -> None:
    with pytest.raises(ValueError, match="payload_hex"):
        reading().read([{"topic": "a", "payload_hex": "zz"}])


def test_a_request_of_many_large_messages_ends_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    body = {f"k{number}": number for number in range(100)} | {"contact": True}
    monkeypatch.setattr(interpreting, "PARTS_SECONDS", 0.05)
    began = time.thread_time()
    said = reading().read([{"topic": f"zigbee2mqtt/d{number}", "payload": body} for number in range(200)])
    assert "unused" in said[0]
    assert "unused" not in said[-1], "further messages are read without looking at their parts"
    assert time.thread_time() - began < 1.5


@pytest.mark.parametrize(
    ("topic_filter", "trees", "allowed"),
    [
        ("sw/v1/w1/#", (), True),
        ("zigbee2mqtt/#", (), True),
        ("#", (), False),
        ("+/v1/#", (), False),
        ("sw/+/w1/#", (), False),
        ("homes/17/#", ("homes/17",), True),
        ("homes/17/a/+/b", ("homes/17",), True),
        ("homes/18/#", ("homes/17",), False),
        ("homes/+/#", ("homes/17",), False),
        ("homes/17", ("homes/17",), True),
        ("#", ("",), True),
        ("+/state", ("",), True),
        ("$SYS/#", ("",), False),
        ("$share/g/#", ("",), False),
        ("", ("",), False),
        ("a/#/b", ("",), False),
        ("a/b#", ("",), False),
        ("a/+b", ("",), False),
        ("a\nb", ("",), False),
        ("a" * 513, ("",), False),
    ],
)
def test_a_filter_is_well_formed_and_inside_what_the_platform_hears(
    topic_filter: str, trees: tuple[str, ...], allowed: bool
) -> None:
    given = reading(trees=trees)
    if allowed:
        given.check(topic_filter)
        return
    with pytest.raises(ValueError, match=r"\.$"):
        given.check(topic_filter)


def test_a_payload_is_shown_as_text_where_it_is_text() -> None:
    assert shown_payload("门开".encode()) == {"payload_raw": "门开"}
    assert shown_payload(b"\x00\xff") == {"payload_hex": "00ff"}
    assert shown_payload(b"a\x00") == {"payload_hex": "6100"}
    cut = shown_payload(b"a" + "门".encode() * 2000)
    assert cut["payload_raw"] == "a" + "门" * ((interpreting.SHOWN_BYTES - 1) // 3)


@asynccontextmanager
async def heard(given: Interpreting, topic_filter: str) -> AsyncIterator[Hearing]:
    hearing = given.listen(topic_filter)
    try:
        await eventually(lambda: hearing.state == "listening")
        yield hearing
    finally:
        hearing.close()
        await eventually(lambda: not hearing.ear.alive)


async def eventually(holds: Callable[[], bool], seconds: float = 10) -> None:
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def all_of(hearing: Hearing, count: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    async with asyncio.timeout(10):
        while len(found) < count:
            found += await hearing.take(0.5)
    return found


@pytest.mark.servers
async def test_an_ear_hears_what_matches_reads_it_in_order_and_nothing_else(way: Way) -> None:
    given = reading(way.mqtt, trees=("",))
    async with heard(given, f"{way.name}/door") as hearing:
        with way.publisher() as device:
            device.publish(f"{way.name}/window", b'{"contact":false}')
            device.publish(f"{way.name}/bridge/state", b"online", retain=True)
            device.publish(f"{way.name}/door", b'{"contact":false,"x":1}')
            device.publish(f"{way.name}/door", b'{"contact":false,"x":2}')
        first, again = await all_of(hearing, 2)
        assert (first["topic"], first["payload_raw"]) == (f"{way.name}/door", '{"contact":false,"x":1}')
        assert hearing.heard == 2
        assert [one["said"]["index"] for one in (first, again)] == sorted(
            one["said"]["index"] for one in (first, again)
        )
        assert await hearing.take(0.3) == []


@pytest.mark.servers
async def test_an_ear_understands_by_what_was_announced_elsewhere_and_knows_what_is_only_remembered(way: Way) -> None:
    base = f"home-{way.name}"
    device = {"friendly_name": "bed", "ieee_address": "0x00158d0000000001", "type": "EndDevice"}
    exposes = [{"type": "binary", "property": "occupancy", "access": 1, "value_on": True, "value_off": False}]
    device["definition"] = {"model": "M", "description": "Bed sensor", "exposes": exposes}  # type: ignore[assignment]
    given = reading(way.mqtt, trees=("",))
    with way.publisher() as bridge:
        bridge.publish(f"{base}/bridge/devices", json.dumps([device]).encode(), retain=True)
        bridge.publish(f"{base}/bed", b'{"occupancy":true}', retain=True)
        bridge.settle()
        async with heard(given, f"{base}/bed") as hearing:
            [old] = await all_of(hearing, 1)
            assert (old["retain"], old["said"]["why"]["kind"]) == (True, "remembered")
            bridge.publish(f"{base}/bed", b'{"occupancy":false}')
            [new] = await all_of(hearing, 1)
            assert new["said"]["why"]["devices"] == ["z2m-0x00158d0000000001"]
            assert {"type": "occupancy", "value": False, "unit": ""} in new["said"]["observations"]
            assert new["said"]["events"] == [], "a bed's occupancy is no motion"
        bridge.publish(f"{base}/bed", b"", retain=True)
        bridge.publish(f"{base}/bridge/devices", b"", retain=True)


@pytest.mark.servers
async def test_our_own_words_to_a_device_are_not_heard(way: Way) -> None:
    async with heard(reading(way.mqtt), "sw/v1/+/#") as hearing:
        with way.publisher() as device:
            device.publish(f"sw/v1/{way.name}/ack", b"{}", qos=0)
            device.publish(f"sw/v1/{way.name}/status", b'{"online":true}')
        found = await all_of(hearing, 1)
    assert [each["topic"] for each in found] == [f"sw/v1/{way.name}/status"]


@pytest.mark.servers
async def test_what_comes_too_fast_is_counted_and_not_shown(way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interpreting, "MOST_SHOWN", 5)
    async with heard(reading(way.mqtt, trees=("",)), f"{way.name}/#") as hearing:
        with way.publisher() as device:
            for number in range(40):
                device.publish(f"{way.name}/a", b"%d" % number)
        shown: list[dict[str, Any]] = []
        async with asyncio.timeout(10):
            while hearing.heard + hearing.ear.dropped < 40:
                shown += await hearing.take(0.2)
        assert len(shown) + hearing.skipped == 40
        assert hearing.skipped > 0


async def test_a_second_copy_of_what_the_broker_remembers_is_not_shown_and_two_live_ones_are() -> None:
    hearing = reading().listen("zigbee2mqtt/#")
    try:
        for retain, shown in ((True, 1), (False, 2)):
            twice = [RawMessage("zigbee2mqtt/door", b'{"contact":true}', retain, number) for number in (1, 2)]
            assert len(hearing._read(twice, interpreting._Second())) == shown
    finally:
        hearing.close()


async def test_a_flood_ends_the_ear_and_a_moment_of_much_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    hearing = reading().listen("sw/v1/#")
    dropped = 0
    monkeypatch.setattr(Ear, "dropped", property(lambda _: dropped))
    try:
        await hearing.take(0)
        dropped = interpreting.MOST_LOST // 2
        await asyncio.sleep(1.01)
        await hearing.take(0)
        assert not hearing.flooded
        dropped += 4 * interpreting.MOST_LOST
        await asyncio.sleep(1.01)
        await hearing.take(0)
        assert hearing.state == "flooded"
    finally:
        hearing.close()


async def test_a_broker_that_is_away_is_said_and_hanging_up_ends_the_thread() -> None:
    ear = Ear(NOWHERE, "a/#", now_us)
    await eventually(lambda: ear.state is EarState.AWAY)
    ear.close()
    await eventually(lambda: not ear.alive)
