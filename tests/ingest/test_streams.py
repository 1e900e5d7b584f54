"""Streams and buckets as the architecture has them, and a janitor that deletes only what everybody has read."""

import pytest
from nats.js.api import DiscardPolicy, RetentionPolicy, StorageType

from ingest.streams import BUCKET_BYTES, READERS, ensure, purge_read
from schemas import subjects
from tests.ingest.conftest import Way, now_us

pytestmark = pytest.mark.servers

HOUR_US = 3_600_000_000


async def test_streams_are_bounded_on_disk_and_refuse_when_full(way: Way) -> None:
    for name in (subjects.READINGS, subjects.FINDINGS, subjects.QUARANTINE):
        config = (await way.js.stream_info(name)).config
        assert (config.retention, config.storage) == (RetentionPolicy.LIMITS, StorageType.FILE)
        assert config.discard == DiscardPolicy.NEW
        assert (config.max_bytes or 0) > 0
    for bucket in BUCKET_BYTES:
        assert ((await way.js.stream_info(f"KV_{bucket}")).config.max_bytes or 0) > 0


async def test_making_them_twice_changes_nothing(way: Way) -> None:
    await way.js.publish(subjects.readings(0), b"kept")
    before = [info.config for info in await way.js.streams_info()]
    await ensure(way.js)
    assert [info.config for info in await way.js.streams_info()] == before
    assert (await way.js.stream_info(subjects.READINGS)).state.messages == 1


async def test_every_reader_is_durable_and_acknowledges_each_message(way: Way) -> None:
    for reader in READERS:
        config = (await way.js.consumer_info(reader.stream, reader.name)).config
        assert (config.durable_name, str(config.ack_policy)) == (reader.name, "explicit")


async def _read(way: Way, stream: str, reader: str, count: int) -> None:
    subscription = await way.js.pull_subscribe_bind(reader, stream)
    for _ in range(count):
        [message] = await subscription.fetch(1, timeout=5)
        await message.ack_sync()


async def _kept(way: Way) -> int:
    return int((await way.js.stream_info(subjects.READINGS)).state.messages)


async def test_the_janitor_deletes_only_what_all_readers_have_acknowledged(way: Way) -> None:
    for _ in range(10):
        await way.js.publish(subjects.readings(0), b"x")
    later = now_us() + 2 * HOUR_US
    assert await purge_read(way.js, later) == {}
    await _read(way, subjects.READINGS, subjects.RECORDER, 10)
    assert await purge_read(way.js, later) == {}
    await _read(way, subjects.READINGS, subjects.WATCHER, 7)
    assert await purge_read(way.js, later) == {subjects.READINGS: 7}
    assert await _kept(way) == 3
    await _read(way, subjects.READINGS, subjects.WATCHER, 3)
    assert await purge_read(way.js, later) == {subjects.READINGS: 3}


async def test_the_janitor_leaves_what_is_younger_than_an_hour(way: Way) -> None:
    for _ in range(5):
        await way.js.publish(subjects.readings(0), b"x")
    await _read(way, subjects.READINGS, subjects.RECORDER, 5)
    await _read(way, subjects.READINGS, subjects.WATCHER, 5)
    assert await purge_read(way.js, now_us()) == {}
    assert await _kept(way) == 5


async def test_what_was_read_makes_room_long_before_the_stream_is_full_and_what_waits_stays(way: Way) -> None:
    config = (await way.js.stream_info(subjects.READINGS)).config
    await way.js.update_stream(config, max_bytes=1 << 20)
    for _ in range(10):
        await way.js.publish(subjects.readings(0), bytes(50_000))
    await _read(way, subjects.READINGS, subjects.RECORDER, 10)
    await _read(way, subjects.READINGS, subjects.WATCHER, 8)
    assert await purge_read(way.js, now_us()) == {subjects.READINGS: 6}  # two of 50 kB are an eighth of 1 MiB
    assert (await way.js.stream_info(subjects.READINGS)).state.first_seq == 7
    assert await purge_read(way.js, now_us()) == {}


async def test_what_a_device_of_nobody_said_is_deleted_after_recorder_and_watcher_read_it(way: Way) -> None:
    for _ in range(5):
        await way.js.publish(subjects.unbound("stranger"), b"x")
    await _read(way, subjects.READINGS, subjects.RECORDER, 5)
    assert await purge_read(way.js, now_us() + 2 * HOUR_US) == {}
    await _read(way, subjects.READINGS, subjects.WATCHER, 5)
    assert await purge_read(way.js, now_us() + 2 * HOUR_US) == {subjects.READINGS: 5}


async def test_with_a_reader_missing_the_janitor_deletes_nothing(way: Way) -> None:
    await way.js.publish(subjects.readings(0), b"x")
    await _read(way, subjects.READINGS, subjects.RECORDER, 1)
    await way.js.delete_consumer(subjects.READINGS, subjects.WATCHER)
    assert await purge_read(way.js, now_us() + 2 * HOUR_US) == {}
