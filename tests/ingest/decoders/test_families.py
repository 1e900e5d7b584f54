"""Whose a message is: by what was announced, by a known base, by structure; and never outside its own home."""

import json
from collections.abc import Mapping
from typing import Any

import msgspec
import pytest

from ingest.decoders.families import MOST_DEVICES, Families
from ingest.decoders.family import Family
from ingest.decoders.memory import Memory
from ingest.decoders.message import RawMessage
from ingest.decoders.told import IGNORED, Telling, Told, device_id
from tests.ingest.decoders.hearing import NOW


class Doors(msgspec.Struct, frozen=True, array_like=True):
    doors: dict[str, str] = {}


class Hub:
    """A family whose hub announces, on ``<base>/announce``, on which topics its doors speak."""

    NAME = "hub"
    OWNS_BASE = False
    NEW_ROOT = Doors()
    Root = Doors

    def recognise(self, topic: str, _payload: bytes) -> str | None:
        return topic.removesuffix("/announce") if topic.endswith("/announce") else None

    def decode(self, root: Doors, memories: Mapping[str, Memory], message: RawMessage, base: str) -> Told:
        if message.local == f"{base}/announce":
            found = Doors(msgspec.json.decode(message.payload))
            gone = tuple(topic for topic in root.doors if topic not in found.doors)
            return Told(root=found, claims=tuple(found.doors), releases=gone)
        if message.local not in root.doors:
            return IGNORED
        telling = Telling(message, memories)
        telling.of(device_id(message, "hub", root.doors[message.local])).event("door_open", message.payload == b"open")
        return telling.told()


HUB: Family = Hub()


def families(*trees: str) -> Families:
    return Families(trees=trees, modules=(HUB,))


def hear(families: Families, topic: str, payload: Any, *, retain: bool = False) -> list[Told]:
    data = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return families.decode(RawMessage(topic, data, retain, NOW))


def test_what_was_announced_is_its_announcers_and_nothing_else_is_anybodys() -> None:
    home = families("")
    assert hear(home, "garden/gate", b"open") == []
    hear(home, "hub1/announce", {"garden/gate": "gate"})
    (told,) = hear(home, "garden/gate", b"open")
    assert [(event.type, event.value) for event in told.meaning.events] == [("door_open", True)]
    assert hear(home, "garden/shed", b"open") == []


def test_what_the_broker_remembered_before_the_announcement_came_is_read_with_it_and_is_no_event() -> None:
    home = families("")
    assert hear(home, "garden/gate", b"open", retain=True) == []
    _, waited = hear(home, "hub1/announce", {"garden/gate": "gate"}, retain=True)
    assert [seen.value for seen in waited.meaning.observations] == [True]
    assert waited.meaning.events == () and waited.readings[0].retain
    assert hear(home, "garden/gate", b"open")[0].meaning.events == (), "it was open before"


@pytest.mark.parametrize("topic", ["#", "garden/+", "$SYS/broker", "sw/v1/watch/state", "", "x" * 600, "zero\0"])
def test_an_announcement_cannot_claim_what_is_no_plain_topic_of_a_foreign_device(topic: str) -> None:
    home = families("")
    hear(home, "hub1/announce", {topic: "gate"})
    assert next(iter(home.roots.values())).topics == {}


def test_an_announcement_claims_nothing_in_another_home_on_the_same_broker() -> None:
    city = families("homes/1", "homes/2")
    hear(city, "homes/1/hub/announce", {"homes/2/gate": "spy", "gate": "gate", "../2/gate": "spy"})
    assert hear(city, "homes/2/gate", b"open") == []
    (told,) = hear(city, "homes/1/gate", b"open")
    assert told.meaning.events
    assert hear(city, "elsewhere/hub/announce", {"gate": "gate"}) == [], "outside all trees nobody is listened to"
    hear(city, "homes/2/hub/announce", {"gate": "gate"})
    (other,) = hear(city, "homes/2/gate", b"open")
    assert other.readings[0].device != told.readings[0].device, "the same names, and two devices"


def test_nobody_takes_a_topic_that_is_anothers() -> None:
    home = Families(["zigbee2mqtt"], trees=[""], modules=(*Families().modules.values(), HUB))
    hear(home, "hub1/announce", {"garden/gate": "gate"})
    hear(home, "hub2/announce", {"garden/gate": "spy", "zigbee2mqtt/door": "spy"})
    assert hear(home, "garden/gate", b"open")[0].readings[0].device.startswith("hub-gate")
    assert hear(home, "zigbee2mqtt/door", {"contact": False})[0].readings[0].device.startswith("z2m-door")


def test_an_announcement_that_is_withdrawn_claims_nothing_any_more() -> None:
    home = families("")
    hear(home, "hub1/announce", {"garden/gate": "gate"})
    assert hear(home, "garden/gate", b"open")
    hear(home, "hub1/announce", {})
    assert hear(home, "garden/gate", b"open") == []


def test_memory_is_bounded() -> None:
    home = families("")
    doors = {f"door/{number}": f"d{number}" for number in range(MOST_DEVICES + 50)}
    hear(home, "hub1/announce", doors)
    for topic in doors:
        hear(home, topic, b"open")
    (known,) = home.roots.values()
    assert len(known.memories) == MOST_DEVICES


def test_subscriptions_do_not_overlap() -> None:
    assert Families(["zigbee2mqtt", "zigbee2mqtt/up"], phones="owntracks").subscriptions == (
        "zigbee2mqtt/#",
        "owntracks/#",
    )
    assert Families(["zigbee2mqtt"], phones="owntracks", trees=["", "homes/1"]).subscriptions == ("#",)
