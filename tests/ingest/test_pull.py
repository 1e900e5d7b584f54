"""Reading a durable consumer: at once, in order, with back-pressure, and with a word when it is gone."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from ingest.connections import open_jetstream
from ingest.pull import PullReader, ReaderGoneError
from schemas import subjects
from tests.ingest.conftest import Way

pytestmark = pytest.mark.servers


@asynccontextmanager
async def reader(way: Way, *, batch: int = 10) -> AsyncIterator[PullReader]:
    link = await open_jetstream(way.nats_url, name="test", log=logging.getLogger("test"))
    opened = await PullReader.open(link, subjects.READINGS, subjects.RECORDER, batch=batch)
    try:
        yield opened
    finally:
        await opened.close()
        await link.close()


async def publish(way: Way, first: int, count: int) -> None:
    for number in range(first, first + count):
        await way.js.publish(subjects.readings(0), str(number).encode())


async def test_one_message_is_handed_over_at_once_and_does_not_wait_for_a_batch(way: Way) -> None:
    stop = asyncio.Event()
    async with reader(way, batch=100) as pull:
        taking = asyncio.ensure_future(pull.take(stop))
        await asyncio.sleep(0.2)
        began = time.monotonic()
        await publish(way, 1, 1)
        [message] = await taking
        assert message.data == b"1"
        assert time.monotonic() - began < 0.5


async def test_everything_comes_in_order_over_many_requests(way: Way) -> None:
    await publish(way, 0, 57)
    taken: list[int] = []
    async with reader(way, batch=10) as pull:
        while len(taken) < 57:
            messages = await asyncio.wait_for(pull.take(asyncio.Event()), 10)
            assert len(messages) <= 10
            taken.extend(int(message.data) for message in messages)
    assert taken == list(range(57))


async def test_nothing_more_is_asked_for_than_was_taken(way: Way) -> None:
    await publish(way, 0, 30)
    async with reader(way, batch=10) as pull:
        await pull.take(asyncio.Event())
        await asyncio.sleep(0.3)
        info = await way.js.consumer_info(subjects.READINGS, subjects.RECORDER)
        assert (info.num_ack_pending or 0) <= 10


async def test_a_stop_ends_the_waiting(way: Way) -> None:
    stop = asyncio.Event()
    async with reader(way) as pull:
        taking = asyncio.ensure_future(pull.take(stop))
        await asyncio.sleep(0.1)
        stop.set()
        assert await asyncio.wait_for(taking, 1) == []


async def test_a_reader_that_was_deleted_says_so(way: Way) -> None:
    async with reader(way) as pull:
        taking = asyncio.ensure_future(pull.take(asyncio.Event()))
        await asyncio.sleep(0.2)
        await way.js.delete_consumer(subjects.READINGS, subjects.RECORDER)
        with pytest.raises(ReaderGoneError, match="recorder is gone"):
            await asyncio.wait_for(taking, 10)
