"""The embedded servers run, keep what they were given, and recover from a power cut."""

import asyncpg
import nats
import pytest

from tests.conftest import PlatformServers

pytestmark = pytest.mark.servers


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
