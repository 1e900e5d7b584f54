"""Home sensors through the gateway, against the real broker and JetStream."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from ingest.decoders import zigbee2mqtt
from ingest.decoders.memory import Memory
from ingest.decoders.message import RawMessage
from ingest.decoders.told import Told
from schemas import ids, subjects
from schemas.places import Binding, encode_bindings
from schemas.reading import Observation, ReadingKind
from tests.ingest.conftest import Way, now_us
from tests.ingest.waiting import eventually

pytestmark = pytest.mark.servers

IEEE = "0x00158d0001a2b3c4"
DEVICE = f"z2m-{IEEE}"
INVENTORY = json.dumps(
    [
        {
            "friendly_name": "客厅 motion",
            "ieee_address": IEEE,
            "type": "EndDevice",
            "definition": {
                "model": "RTCGQ11LM",
                "description": "Motion sensor",
                "exposes": [
                    {"type": "binary", "property": "occupancy", "access": 1, "value_on": True, "value_off": False},
                    {"type": "numeric", "property": "battery", "access": 1, "unit": "%"},
                ],
            },
        }
    ]
).encode()
TOPIC = "zigbee2mqtt/客厅 motion"


def body(**fields: Any) -> bytes:
    return json.dumps(fields).encode()


async def _heard(way: Way, wanted: int) -> bool:
    return sum(reading.device == DEVICE for reading in await way.readings()) >= wanted


async def _of_device(way: Way) -> list[tuple[ReadingKind, tuple[str, ...]]]:
    return [(reading.kind, reading.events) for reading in await way.readings() if reading.device == DEVICE]


async def test_the_inventory_of_a_large_bridge_passes_the_broker_and_is_kept(way: Way) -> None:
    entries = json.loads(INVENTORY) * 300
    for number, entry in enumerate(entries):
        entry["endpoints"] = {"1": "e" * 6000}
        entries[number] = entry | {"friendly_name": f"room {number}", "ieee_address": f"0x{number:016x}"}
    await way.bind(f"z2m-0x{299:016x}", unit="home-1", resident=None, place="living-room")
    async with way.gateway():
        with way.publisher() as bridge:
            bridge.publish("zigbee2mqtt/bridge/devices", json.dumps(entries).encode())
            bridge.publish("zigbee2mqtt/room 299", body(occupancy=True))
            bridge.settle()

        async def heard() -> bool:
            return any(reading.unit == "home-1" for reading in await way.readings())

        await eventually(heard)
    assert any(reading.device.startswith("z2m-bridge") for reading in await way.readings())


async def test_a_bound_home_sensors_events_become_readings_of_its_unit_and_place(way: Way) -> None:
    await way.bind(DEVICE, unit="home-1", resident=None, place="living-room")
    async with way.gateway():
        with way.publisher() as bridge:
            bridge.publish("zigbee2mqtt/bridge/devices", INVENTORY)
            bridge.publish(TOPIC, body(occupancy=True))
            bridge.publish(TOPIC, body(occupancy=True, battery=88))
            bridge.settle()
        await eventually(lambda: _heard(way, 2))
    assert await _of_device(way) == [(ReadingKind.EVENT, ("motion",)), (ReadingKind.STATE, ())]
    first = next(reading for reading in await way.readings() if reading.device == DEVICE)
    assert (first.unit, first.place, first.resident) == ("home-1", "living-room", None)
    assert (first.topic, first.payload) == (TOPIC, body(occupancy=True)), "the raw message beside it"
    assert first.observations == (Observation("motion", True),)
    wanted = subjects.readings(ids.partition_of("home-1"))
    assert any(subject == wanted and DEVICE.encode() in data for subject, data in await way.messages(subjects.READINGS))


async def test_a_gateway_that_starts_again_takes_no_cached_value_for_news(way: Way) -> None:
    async with way.gateway():
        with way.publisher() as bridge:
            bridge.publish("zigbee2mqtt/bridge/devices", INVENTORY)
            bridge.publish(TOPIC, body(occupancy=True))
            bridge.settle()
        await eventually(lambda: _heard(way, 1))
    async with way.gateway():
        with way.publisher() as bridge:
            bridge.publish(TOPIC, body(occupancy=True, battery=88))
            bridge.settle()
        await eventually(lambda: _heard(way, 2))
    assert await _of_device(way) == [(ReadingKind.EVENT, ("motion",)), (ReadingKind.STATE, ())]


async def test_what_made_an_event_is_saved_at_once_and_not_at_the_next_regular_time(way: Way) -> None:
    async def saved() -> bool:
        return b"sos" in await way.remembered()

    async with way.gateway():
        with way.publisher() as bridge:
            bridge.publish("zigbee2mqtt/panic", body(battery=80))
            bridge.settle()
            bridge.publish("zigbee2mqtt/panic", body(sos=True))
            bridge.settle()
        await eventually(saved)


async def test_an_old_reading_goes_to_whoever_had_the_sensor_then(way: Way) -> None:
    now, hour = now_us(), 3_600_000_000
    bindings = [
        Binding(device=DEVICE, unit="home-1", place="room-1", start_us=0, end_us=now - hour),
        Binding(device=DEVICE, unit="home-2", place="room-2", start_us=now - hour),
    ]
    bucket = await way.js.key_value(subjects.BINDINGS)
    await bucket.put(DEVICE, encode_bindings(bindings))
    async with way.gateway():
        with way.publisher() as bridge:
            bridge.publish("zigbee2mqtt/bridge/devices", INVENTORY)
            bridge.publish(TOPIC, body(occupancy=True, last_seen=(now - 2 * hour) // 1000))
            bridge.publish(TOPIC, body(occupancy=False, last_seen=now // 1000))
            bridge.settle()
        await eventually(lambda: _heard(way, 2))
    units = [reading.unit for reading in await way.readings() if reading.device == DEVICE]
    assert units == ["home-1", "home-2"]


async def test_a_message_that_a_decoder_fails_on_is_kept_apart_and_stops_nobody_else(
    way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = zigbee2mqtt.decode

    def failing(root: zigbee2mqtt.Root, memories: Mapping[str, Memory], message: RawMessage, base: str) -> Told:
        if b"poison" in message.payload:
            raise KeyError("poison")
        return right(root, memories, message, base)

    monkeypatch.setattr(zigbee2mqtt, "decode", failing)
    async with way.gateway():
        with way.publisher() as bridge:
            bridge.publish("zigbee2mqtt/panic", body(poison=1))
            bridge.publish("zigbee2mqtt/panic", body(sos=True))
            bridge.settle()
        await eventually(lambda: _count(way, 1))
    assert [entry.reason for entry in await way.quarantined()] == ["decoder-failed"]
    assert [reading.events for reading in await way.readings()] == [("sos",)]


async def test_a_gateway_that_listens_to_the_whole_broker_hears_a_bridge_that_announces_itself_and_its_own_devices(
    way: Way,
) -> None:
    async with way.gateway(trees=("",)):
        with way.publisher() as bridge:
            bridge.publish("somewhere/nobodys", b"1")
            bridge.publish("upstairs/zb/bridge/state", b'{"state":"online"}')
            bridge.publish("upstairs/zb/panic", body(sos=True))
            bridge.publish("sw/v1/watch-1/event", body(boot=1, seq=1, t_us=9, type="sos"))
            bridge.settle()
        await eventually(lambda: _count(way, 3))
    told = [(reading.topic, reading.events) for reading in await way.readings()]
    assert ("upstairs/zb/panic", ("sos",)) in told
    assert sum(topic.startswith("sw/") for topic, _ in told) == 1, "heard once, though two filters would fit"


async def _count(way: Way, wanted: int) -> bool:
    return len(await way.readings()) >= wanted
