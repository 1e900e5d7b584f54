"""Every line between stages and servers swallows everything for a while; then all go on, and nothing is lost."""

import asyncio
import dataclasses
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from urllib.parse import urlsplit

import pytest

from ingest import connections, desk, mqtt_reader
from schemas import subjects, topics
from stack import notify_stage
from store import alerts, contacts, notices, people, pool
from store.pool import Pool, open_pool
from tests.conftest import Database, PlatformServers
from tests.half_open import Line, line
from tests.ingest.conftest import Way, _running, now_us
from tests.ingest.frames import body, imu, payload
from tests.ingest.waiting import eventually
from tests.notify.conftest import ladder
from tests.notify.receiver import Receiver
from tests.store.making import a_home, worn

pytestmark = pytest.mark.servers

#: Instead of 5, 10, 15 and 10 s.
PING_S, KEEPALIVE_S, COMMAND_S, ASK_S = 0.2, 1, 0.6, 0.3
CUT_S = 3.0
#: From the mending on: a broker connection that was begun meanwhile waits for two keepalives, then up to 5 s until the
#: next attempt, and paho looks once a second. All else takes less. For a machine that does other things too, 3 s more.
BACK_S = 2 * KEEPALIVE_S + mqtt_reader.RECONNECT_MAX + 1 + 3


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name, value in (
        (connections, "PING_SECONDS", PING_S),
        (mqtt_reader, "KEEPALIVE_SECONDS", KEEPALIVE_S),
        (pool, "COMMAND_SECONDS", COMMAND_S),
        (pool, "PROBE_SECONDS", 0.3),
        (pool, "TRUSTED_SECONDS", 0.2),
        (pool, "CLOSE_SECONDS", 0.2),
        (pool, "CONNECT_SECONDS", 0.5),
        (notices, "ASK_SECONDS", ASK_S),
    ):
        monkeypatch.setattr(module, name, value)


@asynccontextmanager
async def behind_lines(servers: PlatformServers, way: Way, dsn: str) -> AsyncIterator[list[Line]]:
    """Run all stages but the API, each behind the same three lines to broker, JetStream and database."""
    async with AsyncExitStack() as stack:
        broker, stream, database = [
            await stack.enter_async_context(line(port))
            for port in (servers.mqtt.port, urlsplit(servers.nats_url).port, urlsplit(dsn).port)
        ]
        mqtt = dataclasses.replace(servers.mqtt, port=broker.port)
        nats_url, dsn = stream.url(servers.nats_url), database.url(dsn)
        behind = Way(PlatformServers(mqtt, nats_url, dsn), way.nc, way.name)
        settings = notify_stage.NotifySettings(dsn=dsn, clock=now_us, claim_url="", loopback_only=True, poll_s=0.1)
        for stage in (
            behind.gateway(),
            behind.recorder(dsn),
            behind.watcher(),
            _running(lambda stop, ready: desk.run(nats_url=nats_url, dsn=dsn, clock=now_us, stop=stop, ready=ready)),
            _running(
                lambda stop, ready: notify_stage.run(
                    nats_url=nats_url, settings=settings, host="127.0.0.1", port=0, stop=stop, ready=ready
                )
            ),
        ):
            await stack.enter_async_context(stage)
        yield [broker, stream, database]


async def test_what_is_sent_while_all_lines_are_silent_is_stored_alarms_and_rings_once_they_are_mended(
    platform_servers: PlatformServers, way: Way, database: Database
) -> None:
    direct = await open_pool(database.dsn)
    await a_home(direct)
    await people.bind(direct, worn(0), now_us())
    try:
        async with (
            Receiver().listening() as phones,
            behind_lines(platform_servers, way, database.dsn) as lines,
        ):
            await contacts.set_ladder(direct, "pl_1", ladder(phones, after_s=60), now_us())
            bucket = await way.js.key_value(subjects.CONTACTS)
            await eventually(lambda: _has(bucket.get("pl_1")))
            with way.publisher() as device:
                device.publish(imu("w1"), payload(1))
                await eventually(lambda: _stored(direct, 1))
                for each in lines:
                    each.cut()
                for seq in range(2, 10):
                    device.publish(imu("w1"), payload(seq))
                    await asyncio.sleep(CUT_S / 10)
                device.publish(topics.of("w1", topics.EVENT), body(boot=7, seq=1, t_us=70_000_000, type="sos"))
                device.settle()
                await asyncio.sleep(CUT_S / 5)
                for each in lines:
                    each.mend()
                began = time.monotonic()
                await eventually(lambda: _stored(direct, 9), seconds=BACK_S)
                await eventually(lambda: _rung(phones), seconds=BACK_S)
                assert time.monotonic() - began < BACK_S
            [alert] = await alerts.listed(direct, status="all")
            assert (alert.resident, alert.kind, alert.occurrences) == ("re_1", "sos", 1)
            assert phones.told() == [(1, "li")]
    finally:
        direct.terminate()


async def _has(asked: object) -> bool:
    try:
        await asked  # type: ignore[misc]
    except Exception:
        return False
    return True


async def _stored(direct: Pool, count: int) -> bool:
    seqs = [row["seq"] for row in await direct.fetch("select seq from frame where device = 'w1'")]
    assert len(seqs) == len(set(seqs)), "a frame stands twice"
    return len(seqs) == count


async def _rung(phones: Receiver) -> bool:
    return bool(phones.calls)
