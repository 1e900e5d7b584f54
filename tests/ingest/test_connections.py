"""Connecting to JetStream: patient when it is away, one sentence when it refuses us, no longer than a stop."""

import asyncio
import logging
import socket

import pytest

from ingest.connections import open_jetstream
from schemas.errors import Unavailable
from tests.conftest import PlatformServers

log = logging.getLogger("test")


def unused_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


async def test_a_server_that_is_away_is_waited_for_and_said_once(caplog: pytest.LogCaptureFixture) -> None:
    stop = asyncio.Event()
    url = f"nats://127.0.0.1:{unused_port()}"
    opening = asyncio.ensure_future(open_jetstream(url, name="watcher", log=log, stop=stop))
    await asyncio.sleep(1.2)
    assert not opening.done()
    assert [record.message for record in caplog.records] == ["JetStream cannot be reached yet; waiting for it."]
    stop.set()
    with pytest.raises(Unavailable, match="stopped"):
        await asyncio.wait_for(opening, 5)


@pytest.mark.servers
async def test_a_wrong_password_is_one_sentence_at_once_and_shows_no_password(
    platform_servers: PlatformServers,
) -> None:
    wrong = "nats://shouwang:geheim@" + platform_servers.nats_url.rpartition("@")[2]
    with pytest.raises(Unavailable, match="refuses the user or password of watcher") as refused:
        await asyncio.wait_for(open_jetstream(wrong, name="watcher", log=log), 5)
    assert "geheim" not in str(refused.value)
