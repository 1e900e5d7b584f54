"""A bucket is read whole even where the client's own listing ends before it began."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
import pytest
from nats.js.kv import KeyValue

from ingest import buckets
from ingest.binder import Binder
from ingest.connections import open_jetstream
from schemas import subjects
from schemas.places import Binding, encode_bindings
from tests.ingest.conftest import Way
from tests.ingest.waiting import eventually
from tests.store.making import NOW, state

pytestmark = pytest.mark.servers


async def test_what_was_written_over_taken_away_and_written_again_is_read_as_it_stands(way: Way) -> None:
    assert await buckets.read(way.js, subjects.CASES) == {}
    bucket = await way.js.key_value(subjects.CASES)
    for key, value in (("a", b"1"), ("b", b"1"), ("c", b"1"), ("d", b""), ("a", b"2")):
        await bucket.put(key, value)
    await bucket.delete("b")
    await bucket.purge("c")
    await bucket.create("c", b"3")
    held = await buckets.read(way.js, subjects.CASES)
    assert {key: value for key, (value, _) in held.items()} == {"a": b"2", "c": b"3", "d": b""}
    for key, (_, revision) in held.items():
        assert revision == (await bucket.get(key)).revision


@asynccontextmanager
async def binder(way: Way) -> AsyncIterator[Binder]:
    """Run a binder for the length of the block."""
    stop, log = asyncio.Event(), logging.getLogger("test")
    link = await open_jetstream(way.nats_url, name="binder", log=log, stop=stop)
    binder = Binder(link, link.nc.jetstream(), log)
    following = asyncio.create_task(binder.follow(stop))
    try:
        yield binder
    finally:
        stop.set()
        await following
        await link.close()


def holder(binder: Binder) -> str | None:
    """Return whose a reading of the wearable of just now would be."""
    return binder.bind(msgspec.structs.replace(state("w1", 1, NOW), unit=None)).unit


async def test_bindings_are_known_whole_before_anything_is_bound_by_them(
    way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    def binding(unit: str) -> bytes:
        return encode_bindings([Binding(device="w1", unit=unit, start_us=0)])

    bucket = await way.js.key_value(subjects.BINDINGS)
    await bucket.put("w1", binding("pl_1"))
    asked = KeyValue.watchall

    async def ended_before_it_began(self: KeyValue) -> KeyValue.KeyWatcher:
        watcher = await asked(self)
        answers, too_early = watcher.updates, [None]

        async def updates(timeout: float = 5.0) -> KeyValue.Entry | None:  # noqa: ASYNC109  # as the client has it
            return too_early.pop() if too_early else await answers(timeout)  # type: ignore[no-untyped-call]

        monkeypatch.setattr(watcher, "updates", updates)
        return watcher

    monkeypatch.setattr(KeyValue, "watchall", ended_before_it_began)
    async with binder(way) as bound:
        await asyncio.wait_for(bound.loaded.wait(), 10)
        assert holder(bound) == "pl_1"
        await bucket.put("w1", binding("pl_2"))

        async def moved() -> bool:
            return holder(bound) == "pl_2"

        await eventually(moved)


async def test_without_a_single_binding_nobody_waits_and_the_first_is_taken(way: Way) -> None:
    async with binder(way) as bound:
        await asyncio.wait_for(bound.loaded.wait(), 3)
        bucket = await way.js.key_value(subjects.BINDINGS)
        await bucket.put("w1", encode_bindings([Binding(device="w1", unit="pl_1", start_us=0)]))

        async def taken() -> bool:
            return holder(bound) == "pl_1"

        await eventually(taken)
