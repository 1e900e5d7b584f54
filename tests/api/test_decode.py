"""Reading messages of devices: pasted, stored, and live at the broker; who may, of whom, and what is written down."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
import pytest

from api import listeners
from api.decode_models import MOST_MESSAGES
from api.listeners import own_device
from api.routes import decode
from ingest.connections import MqttAddress
from ingest.interpreting import Interpreting
from schemas.places import PlaceKind
from schemas.quarantine import entry
from schemas.reading import Clock, Reading, ReadingKind
from store import accounts, audit, people, quarantine, readings
from store.accounts import Grant, Role
from tests.api.centres import account, signed_in
from tests.api.conftest import Ward
from tests.api.listening import Heard, serving, token_of
from tests.conftest import PlatformServers
from tests.ingest.publisher import Publisher

pytestmark = pytest.mark.servers

DOOR = {"topic": "zigbee2mqtt/door", "payload": {"contact": False, "x": 1}}


def with_decoders(ward: Ward, mqtt: MqttAddress | None = None) -> None:
    runtime = ward.app.state.runtime
    reader = Interpreting(mqtt or MqttAddress("127.0.0.1", 1), clock=ward.clock, trees=("",))
    runtime.settings = replace(runtime.settings, interpreting=reader)


@dataclass
class FakeHearing:
    """An ear that a test speaks into."""

    heard: int = 0
    state: str = "listening"
    skipped: int = 0
    closed: bool = False
    said: asyncio.Queue[dict[str, Any]] = field(default_factory=asyncio.Queue)

    async def take(self, wait: float) -> list[dict[str, Any]]:
        try:
            async with asyncio.timeout(wait):
                return [await self.said.get()]
        except TimeoutError:
            return []

    def close(self) -> None:
        self.closed = True

    def hear(self, device: str) -> None:
        self.heard += 1
        why = {"devices": [device], "kind": "change"}
        self.said.put_nowait({"topic": f"x/{device}", "payload_raw": "1", "said": {"why": why}})


@dataclass
class Fake:
    """Decoders whose ears a test has in its hand."""

    ears: list[FakeHearing] = field(default_factory=list)

    def read(self, messages: Any) -> list[dict[str, Any]]:
        raise ValueError("Not today.")

    def check(self, topic_filter: str) -> None:
        if "#" in topic_filter[:-1]:
            raise ValueError("No filter.")

    def listen(self, topic_filter: str) -> FakeHearing:
        self.ears.append(FakeHearing())
        return self.ears[-1]


@pytest.fixture
def fake(ward: Ward) -> Fake:
    made = Fake()
    ward.app.state.runtime.settings = replace(ward.app.state.runtime.settings, interpreting=made)
    return made


@asynccontextmanager
async def hearing(url: str, token: str, topic: str) -> AsyncIterator[asyncio.Queue[Heard]]:
    """Follow one stream until the block ends; what ends it by itself is the event ``closed``."""
    found: asyncio.Queue[Heard] = asyncio.Queue()

    async def follow() -> None:
        headers = {"Authorization": f"Bearer {token}"}
        async with (
            httpx.AsyncClient(base_url=url, timeout=None) as client,
            client.stream("GET", "/api/v1/decode/listen", params={"topic": topic}, headers=headers) as response,
        ):
            if response.status_code != 200:
                found.put_nowait(Heard("refused", json.loads(await response.aread()), str(response.status_code)))
                return
            name = ""
            async for line in response.aiter_lines():
                key, _, value = line.partition(": ")
                if key == "event":
                    name = value
                elif key == "data":
                    found.put_nowait(Heard(name, json.loads(value), None))
        found.put_nowait(Heard("closed", {}, None))

    task = asyncio.create_task(follow())
    try:
        yield found
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(found: asyncio.Queue[Heard], name: str) -> Heard:
    async with asyncio.timeout(10):
        while True:
            event = await found.get()
            if event.name == name:
                return event


async def test_pasted_messages_come_back_with_what_they_mean_and_why(ward: Ward) -> None:
    with_decoders(ward)
    async with ward.signed_in("admin") as admin:
        answer = await admin.post("/api/v1/decode", json={"messages": [DOOR, DOOR]})
        first, again = answer.json()["messages"]
        assert (first["events"], first["unused"]) == ([{"type": "door_open", "value": True}], ["x"])
        assert (first["why"]["kind"], again["why"]["kind"]) == ("event", "repeat")
        assert "quarantine" not in first, "what does not apply is not there"
        lines = await audit.entries(ward.pool)
        assert [each.act for each in lines] == ["sign_in"], "what was sent itself is nobody's data of ours"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"messages": []}, 422, "malformed"),
        ({"messages": [DOOR] * (MOST_MESSAGES + 1)}, 422, "malformed"),
        ({"messages": ["x"]}, 422, "malformed"),
        ({"messages": [{"topic": "a"}]}, 422, "no_message"),
        ({"messages": [{"topic": "a", "payload_hex": "0"}]}, 422, "no_message"),
        ({"messages": [{"topic": "\ud800", "payload": 1}]}, 422, "no_message"),
        ({"messages": [{"topic": "a", "payload_raw": "x" * 300_000}]}, 413, "too_large"),
    ],
)
async def test_what_is_no_message_or_too_much_is_refused(ward: Ward, body: Any, status: int, code: str) -> None:
    with_decoders(ward)
    async with ward.signed_in("admin") as admin:
        content = json.dumps(body).encode()
        answer = await admin.post("/api/v1/decode", content=content, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


async def test_two_hundred_messages_of_two_hundred_kilobytes_are_read(ward: Ward) -> None:
    with_decoders(ward)
    given = [
        {"topic": f"zigbee2mqtt/d{n}", "payload": {"contact": True, "x": "y" * 1000}} for n in range(MOST_MESSAGES)
    ]
    async with ward.signed_in("admin") as admin:
        answer = await admin.post("/api/v1/decode", json={"messages": given})
    assert (answer.status_code, len(answer.json()["messages"])) == (200, MOST_MESSAGES)


async def test_an_api_without_decoders_says_so(ward: Ward) -> None:
    async with ward.signed_in("admin") as admin:
        for answer in (
            await admin.post("/api/v1/decode", json={"messages": [DOOR]}),
            await admin.get("/api/v1/decode/listen", params={"topic": "#"}),
        ):
            assert (answer.status_code, answer.json()["error"]["code"]) == (503, "no_decoders")


@pytest.mark.parametrize(
    ("topic_filter", "device"),
    [
        ("sw/v1/w1/#", "w1"),
        ("sw/v1/w1/event", "w1"),
        ("sw/v1/+/event", None),
        ("sw/v1/#", None),
        ("sw/v1/w1", None),
        ("zigbee2mqtt/w1/#", None),
        ("#", None),
    ],
)
def test_only_the_topics_of_our_own_devices_say_whose_they_are(topic_filter: str, device: str | None) -> None:
    assert own_device(topic_filter) == device


async def test_whoever_has_rights_at_a_place_hears_its_wearables_and_nothing_else(ward: Ward, fake: Fake) -> None:
    elsewhere = await people.add_place(ward.pool, name="三楼", kind=PlaceKind.FLOOR, now_us=1)
    await account(ward, "tech", Grant(role=Role.TECHNICIAN, place=ward.unit))
    await account(ward, "other", Grant(role=Role.TECHNICIAN, place=elsewhere.id))
    token = (await accounts.open_session(ward.pool, "tech", ward.clock())).token
    other = (await accounts.open_session(ward.pool, "other", ward.clock())).token
    async with serving(ward.app) as url:
        for who, topic in ((token, "#"), (token, "zigbee2mqtt/door"), (token, "sw/v1/w9/#"), (other, "sw/v1/w1/#")):
            async with hearing(url, who, topic) as found:
                refused = await until(found, "refused")
                assert (refused.id, refused.data["error"]["code"]) == ("403", "listen_everywhere"), topic
        async with hearing(url, token, "sw/v1/w1/#") as found:
            assert (await until(found, "hello")).data["topic"] == "sw/v1/w1/#"
    assert len(fake.ears) == 1


async def test_who_listens_and_of_whom_they_hear_is_written_down_once(ward: Ward, fake: Fake) -> None:
    async with serving(ward.app) as url:
        async with hearing(url, await token_of(url, "admin"), "#") as found:
            await until(found, "hello")
            for device in ("w1", "w1", "nobodys"):
                fake.ears[0].hear(device)
            for _ in range(3):
                await until(found, "message")
            lines = [(each.act, each.look, each.resident, each.object) for each in await audit.entries(ward.pool)]
        assert lines == [
            ("heard", True, ward.resident, None),
            ("listen", True, None, "#"),
            ("sign_in", False, None, None),
        ]
    async with asyncio.timeout(5):
        while not fake.ears[0].closed:  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def test_the_stream_says_how_it_is_and_ends_with_its_time_its_session_and_a_flood(
    ward: Ward, fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decode, "PING_SECONDS", 0.1)
    async with serving(ward.app) as url:
        token = await token_of(url, "admin")
        async with hearing(url, token, "#") as found:
            assert (await until(found, "ping")).data["state"] == "listening"
            fake.ears[0].state = "away"
            fake.ears[0].skipped = 7
            told = await until(found, "ping")
            while told.data["state"] != "away":
                told = await until(found, "ping")
            assert (told.data["heard"], told.data["skipped"]) == (0, 7)
            fake.ears[0].state = "flooded"
            assert (await until(found, "end")).data["reason"] == "flooded"
            await until(found, "closed")
        async with hearing(url, token, "#") as found:
            await until(found, "ping")
            await ward.pool.execute("delete from session")
            assert (await until(found, "end")).data["reason"] == "signed_out"
        monkeypatch.setattr(decode, "LISTEN_SECONDS", 0.2)
        async with hearing(url, await token_of(url, "admin"), "#") as found:
            assert (await until(found, "end")).data["reason"] == "time"


async def test_only_a_few_listen_at_once_and_who_leaves_makes_room(
    ward: Ward, fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listeners, "MOST_AT_ONCE", 1)
    async with serving(ward.app) as url:
        token = await token_of(url, "admin")
        async with hearing(url, token, "#") as first:
            await until(first, "hello")
            async with hearing(url, token, "a/#") as second:
                assert (await until(second, "refused")).id == "429"
        async with asyncio.timeout(5):
            while not fake.ears[0].closed:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        async with hearing(url, token, "#") as third:
            await until(third, "hello")


async def test_a_filter_outside_is_refused_with_its_sentence(ward: Ward, fake: Fake) -> None:
    async with ward.signed_in("admin") as admin:
        answer = await admin.get("/api/v1/decode/listen", params={"topic": "a/#/b"})
    assert (answer.status_code, answer.json()["error"]) == (422, {"code": "bad_topic", "message": "No filter."})


async def test_what_arrives_at_a_real_broker_is_heard_with_its_meaning(
    ward: Ward, platform_servers: PlatformServers
) -> None:
    where = platform_servers.mqtt
    mqtt = MqttAddress(where.host, where.port, where.user, where.password)
    with_decoders(ward, mqtt)
    async with serving(ward.app) as url, hearing(url, await token_of(url, "admin"), "zigbee2mqtt/#") as found:
        while (await until(found, "ping")).data["state"] != "listening":
            pass
        with Publisher(mqtt) as door:
            door.publish("zigbee2mqtt/listened", b'{"contact":false}')
        message = (await until(found, "message")).data
        while message["topic"] != "zigbee2mqtt/listened":
            message = (await until(found, "message")).data
        assert message["said"]["events"] == [{"type": "door_open", "value": True}]
        assert message["payload_raw"] == '{"contact":false}'


async def test_a_quarantined_message_is_read_whole_by_those_who_see_its_device(ward: Ward) -> None:
    now = ward.clock()
    await quarantine.write(
        ward.pool,
        [entry(now, "sw/v1/w1/state", "not-json", "No.", b"x" * 100, retain=True), entry(now, "a", "b", "c", b"")],
    )
    await account(ward, "tech", Grant(role=Role.TECHNICIAN, place=ward.unit))
    async with ward.signed_in("admin") as admin, signed_in(ward, "tech") as tech, ward.signed_in() as nurse:
        ids = {each["topic"]: each["id"] for each in (await admin.get("/api/v1/quarantine")).json()["entries"]}
        whole = (await tech.get(f"/api/v1/quarantine/{ids['sw/v1/w1/state']}")).json()
        assert (whole["payload_hex"], whole["retain"], whole["topic"]) == (b"x".hex() * 100, True, "sw/v1/w1/state")
        assert (await admin.get(f"/api/v1/quarantine/{ids['a']}")).status_code == 200
        assert (await tech.get(f"/api/v1/quarantine/{ids['a']}")).status_code == 404
        assert (await admin.get(f"/api/v1/quarantine/{max(ids.values()) + 1}")).status_code == 404
        assert (await nurse.get(f"/api/v1/quarantine/{ids['a']}")).status_code == 403


async def test_a_devices_last_message_is_read_as_it_came_and_is_a_look_at_its_wearer(ward: Ward) -> None:
    now = ward.clock()
    last = [
        Reading(
            kind=ReadingKind.STATE, arrival_us=at, event_us=at, end_us=at, device="w1", unit=ward.unit, boot=1, seq=at,
            clock=Clock.ARRIVAL, topic="sw/v1/w1/state", payload=b"%d" % n, resident=ward.resident,
        )
        for n, at in enumerate((now - 20_000_000, now - 10_000_000))
    ]  # fmt: skip
    async with ward.signed_in("admin") as admin:
        assert (await admin.get("/api/v1/devices/w1/message")).status_code == 404
        await readings.write(ward.pool, last)
        found = (await admin.get("/api/v1/devices/w1/message")).json()
        assert (found["payload_hex"], found["topic"], found["size"]) == (b"1".hex(), "sw/v1/w1/state", 1)
    ward.clock.forward(8 * 86_400)
    async with ward.signed_in("admin") as admin:
        assert (await admin.get("/api/v1/devices/w1/message")).status_code == 404, "of another week"
    looks = [(each.act, each.resident) for each in await audit.entries(ward.pool) if each.look]
    assert ("message", ward.resident) in looks
