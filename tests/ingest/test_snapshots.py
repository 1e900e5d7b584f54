"""The watcher's snapshots in the real bucket: what they cost, that they are of one moment, and whose they are."""

import random

import pytest

from detectors.host import UnitState
from ingest import snapshots
from ingest.snapshots import LEAST_LIVE, SLOT_BYTES, SLOTS_MOST, Head, Loaded, Shelf, TakenOverError
from schemas import subjects
from tests.ingest.conftest import Way

pytestmark = pytest.mark.servers
PARTITION = 3


class Partition:
    """Units whose state is some bytes, saved by one writer and read by another."""

    def __init__(self, way: Way, writer: str = "a") -> None:
        self._way = way
        self.shelf = Shelf(way.js, PARTITION, writer)
        self.units: dict[str, UnitState] = {}
        self.seq = 0

    async def save(self, *changed: str) -> int:
        self.seq += 1
        return await self.shelf.save(
            self.seq, {}, {"fall": self.seq}, changed, lambda units: {u: self.units.get(u, {}) for u in sorted(units)}
        )

    async def loaded(self) -> Loaded:
        return await Shelf(self._way.js, PARTITION, "reader").load(2**60)


async def test_what_was_saved_is_there_and_a_unit_that_is_gone_is_not(way: Way) -> None:
    ours = Partition(way)
    assert (await ours.loaded()).head is None
    ours.units = {"u1": {"fall": b"f", "claims": b"c"}, "u2": {"fall": b"g"}}
    await ours.save("u1", "u2")
    ours.units["u1"] = {"fall": b"h"}
    del ours.units["u2"]
    await ours.save("u1", "u2")
    loaded = await ours.loaded()
    assert loaded.units == {"u1": {"fall": b"h"}}
    assert loaded.head is not None
    assert (loaded.head.seq, loaded.head.clocks) == (2, {"fall": 2})


async def test_what_did_not_change_is_not_written(way: Way) -> None:
    ours = Partition(way)
    ours.units = {f"u{n}": {"fall": bytes(1000)} for n in range(1000)}
    assert await ours.save(*ours.units) == 1 + -(-1000 * 1005 // SLOT_BYTES)
    before = (await way.js.stream_info(f"KV_{subjects.SNAPSHOTS}")).state.last_seq
    assert await ours.save("u7") == 2
    assert await ours.save() == 1
    state = (await way.js.stream_info(f"KV_{subjects.SNAPSHOTS}")).state
    assert state.last_seq == before + 3
    head, slot = await _size(way, "03"), await _size(way, f"03.a.{1000 * 1005 // SLOT_BYTES + 1}")
    assert head < 1000
    assert slot < 1100


async def _size(way: Way, key: str) -> int:
    return len((await (await way.js.key_value(subjects.SNAPSHOTS)).get(key)).value or b"")


@pytest.mark.parametrize("seed", range(3))
async def test_after_any_saves_what_is_read_is_the_last_of_each_unit_and_little_is_kept_twice(
    way: Way, seed: int
) -> None:
    rng = random.Random(seed)
    ours = Partition(way)
    for step in range(150):
        count = rng.choice((0, 1, 3, 10, 60))
        changed = {f"u{rng.randrange(100)}" for _ in range(count)}
        for unit in changed:
            ours.units[unit] = {"fall": rng.randbytes(rng.randrange(3000))}
            if rng.random() < 0.1:
                del ours.units[unit]
        await ours.save(*changed)
        if step % 30 == 29:
            loaded = await ours.loaded()
            assert loaded.units == ours.units
            assert loaded.head is not None
            assert len(loaded.head.slots) <= SLOTS_MOST + 1
    held = (await way.js.stream_info(f"KV_{subjects.SNAPSHOTS}")).state.messages
    assert held <= 3 * SLOTS_MOST  # names that are free are used again
    live = sum(len(unit) + sum(map(len, state.values())) for unit, state in ours.units.items())
    counted = [await _size(way, name) for name in ours.shelf.slots]
    assert sum(counted) <= live / LEAST_LIVE + 10_000


async def test_no_message_is_larger_than_a_server_takes_by_default_however_many_homes_there_are(way: Way) -> None:
    ours = Partition(way)
    ours.units = {f"u{n}": {"fall": bytes(9000)} for n in range(500)}
    await ours.save(*ours.units)
    assert max([await _size(way, name) for name in ours.shelf.slots]) < SLOT_BYTES + 10_000 < 1_000_000
    assert (await ours.loaded()).units == ours.units


async def test_a_paused_old_writer_is_refused_and_what_it_wrote_is_read_by_nobody(way: Way) -> None:
    old = Partition(way, "old")
    old.units = {"u1": {"fall": b"1"}}
    await old.save("u1")
    new = Partition(way, "new")
    assert (await new.shelf.load(2**60)).units == old.units
    await new.shelf.claim(0)
    old.units["u1"] = {"fall": b"too late"}
    with pytest.raises(TakenOverError, match="partition 03"):
        await old.save("u1")
    assert (await new.loaded()).units == {"u1": {"fall": b"1"}}
    await new.shelf.sweep(await snapshots.keys(way.js))
    assert sorted(await snapshots.keys(way.js)) == ["03", "03.old.0"]


async def test_slots_of_a_killed_writer_go_when_nothing_of_them_counts(way: Way) -> None:
    old = Partition(way, "old")
    old.units = {"u1": {"fall": b"1"}}
    await old.save("u1")
    new = Partition(way, "new")
    await new.shelf.load(2**60)
    new.units = {"u1": {"fall": b"2"}}
    await new.save("u1")
    assert sorted(await snapshots.keys(way.js)) == ["03", "03.new.0"]
    assert (await new.loaded()).units == new.units


async def test_a_save_whose_answer_was_lost_is_recognised_as_our_own(way: Way) -> None:
    ours = Partition(way)
    ours.units = {"u1": {"fall": b"1"}}
    await ours.shelf.load(2**60)
    again = Shelf(way.js, PARTITION, "a")
    await ours.save("u1")
    await again.save(1, {}, {"fall": 1}, ["u1"], lambda units: {unit: ours.units[unit] for unit in units})
    assert (await ours.loaded()).units == ours.units


async def test_a_crash_between_the_slots_and_the_head_leaves_the_snapshot_as_it_was(way: Way) -> None:
    ours = Partition(way)
    ours.units = {"u1": {"fall": b"1"}, "u2": {"fall": b"1"}}
    await ours.save("u1", "u2")
    await ours.save("u1")
    before = await ours.loaded()
    bucket = await way.js.key_value(subjects.SNAPSHOTS)
    for name in ours.shelf._free():  # where the next save would write
        await bucket.put(name, b"half a save")
        break
    assert await ours.loaded() == before


@pytest.mark.parametrize("damage", ["slot gone", "slot broken"])
async def test_a_snapshot_with_a_slot_that_cannot_be_read_is_none_but_says_where_it_stood(
    way: Way, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    ours = Partition(way)
    ours.units = {"u1": {"fall": b"1"}}
    await ours.save("u1")
    bucket = await way.js.key_value(subjects.SNAPSHOTS)
    if damage == "slot gone":
        await bucket.delete("03.a.0")
    else:
        await bucket.put("03.a.0", b"\xc1")
    loaded = await ours.loaded()
    assert loaded.head is not None
    assert (loaded.head.seq, loaded.units) == (1, None)
    assert "damaged" in caplog.text


async def test_a_snapshot_ahead_of_a_stream_made_anew_is_none(way: Way) -> None:
    ours = Partition(way)
    await ours.save()
    await ours.save()
    assert await Shelf(way.js, PARTITION, "reader").load(1) == Loaded(None)


async def test_what_is_no_head_is_none_and_an_older_version_says_where_it_stood(way: Way) -> None:
    bucket = await way.js.key_value(subjects.SNAPSHOTS)
    await bucket.put("03", b"\xc1")
    assert await Shelf(way.js, PARTITION, "reader").load(9) == Loaded(None)
    await bucket.put("03", snapshots._encoder.encode({"version": 1, "seq": 7, "writer": "w", "state": b"s"}))
    assert await Shelf(way.js, PARTITION, "reader").load(9) == Loaded(Head(seq=7, writer=""))
