"""The gateway against the real broker and JetStream."""

import asyncio
import contextlib
import json
import random
import time

import msgspec
import pytest
from nats.js.api import StreamConfig
from nats.js.errors import KeyNotFoundError

from ingest import gateway
from ingest.overflow import Overflow
from schemas import ids, status, subjects
from schemas.frame import FrameFlag
from schemas.reading import Clock, ReadingKind, decode_batch
from tests.ingest.conftest import Way, now_us
from tests.ingest.frames import SECOND_US, body, imu, payload
from tests.ingest.waiting import eventually

pytestmark = pytest.mark.servers


async def _readings_are(way: Way, wanted: int) -> bool:
    return len(await way.readings()) == wanted


async def test_a_bound_devices_frames_become_readings_of_its_unit_in_order(way: Way) -> None:
    await way.bind("watch-1", position="wrist")
    async with way.gateway():
        with way.publisher() as device:
            for seq in range(1, 51):
                device.publish(imu("watch-1"), payload(seq))
            device.settle()
        await eventually(lambda: _readings_are(way, 50))
    readings = await way.readings()
    assert [reading.seq for reading in readings] == list(range(1, 51))
    assert {(each.kind, each.unit, each.resident, each.position, each.clock) for each in readings} == {
        (ReadingKind.FRAME, "home-1", "res-1", "wrist", Clock.BOOT)
    }
    subject = subjects.readings(ids.partition_of("home-1"))
    carrying = {name for name, data in await way.messages(subjects.READINGS) if decode_batch(data)[0].device}
    assert carrying == {subject}


async def test_a_device_nobody_has_bound_is_kept_apart(way: Way) -> None:
    async with way.gateway():
        with way.publisher() as device:
            device.publish(imu("stranger"), payload(1))
        await eventually(lambda: _readings_are(way, 1))
    [reading] = await way.readings()
    assert reading.unit is None
    assert subjects.unbound("stranger") in {subject for subject, _ in await way.messages(subjects.READINGS)}


async def test_a_binding_made_while_it_runs_counts_at_once(way: Way) -> None:
    async with way.gateway():
        await way.bind("watch-2", unit="home-9")
        await asyncio.sleep(0.3)
        with way.publisher() as device:
            device.publish(imu("watch-2"), payload(1))
        await eventually(lambda: _readings_are(way, 1))
    assert (await way.readings())[0].unit == "home-9"


async def test_each_partition_hears_the_platforms_clock_each_second(way: Way) -> None:
    async with way.gateway():
        await asyncio.sleep(2.5)
    ticks = [(subject, decode_batch(data)) for subject, data in await way.messages(subjects.READINGS)]
    by_subject: dict[str, int] = {}
    for subject, batch in ticks:
        assert all(reading.kind is ReadingKind.TICK and reading.event_us == reading.arrival_us for reading in batch)
        by_subject[subject] = by_subject.get(subject, 0) + len(batch)
    assert set(by_subject) == {subjects.readings(partition) for partition in range(ids.PARTITIONS)}
    assert set(by_subject.values()) <= {3, 4}


async def test_hostile_messages_change_only_the_quarantine_and_the_next_good_one_goes_through(way: Way) -> None:
    rng = random.Random(11)
    await way.bind("watch-1")
    good, bad = payload(1), 0
    async with way.gateway():
        with way.publisher() as device:
            for _ in range(1500):
                topic, data = rng.choice(
                    [
                        (imu("watch-1"), rng.randbytes(rng.randrange(300))),
                        (imu("watch-1"), good[: rng.randrange(len(good))]),
                        (imu("watch-1"), good[:-1] + bytes([good[-1] ^ 1])),
                        ("sw/v1/watch-1/state", b"[" * 9_000),
                        ("sw/v1/watch-1/state", b"\xff\xfe"),
                        ("sw/v1/watch-1/event", json.dumps({"boot": 1, "seq": 1, "t_us": 2**62, "type": "x"}).encode()),
                        ("sw/v1/watch-1/status", b'{"online":"yes"}'),
                        ("sw/v1/watch-1/imu/more", good),
                        ("sw/v1/有 空格/imu", good),
                    ]
                )
                device.publish(topic, data)
                bad += 1
            device.publish(imu("watch-1"), rng.randbytes(900_000))
            device.publish("sw/v1/watch-1/ack", b"\x00")
            device.publish("elsewhere/watch-1/imu", b"\x00")
            device.publish(imu("watch-1"), good)
            device.settle()
        await eventually(lambda: _readings_are(way, 1))
    entries = await way.quarantined()
    assert len(entries) == bad + 1
    assert not any(entry.kept for entry in entries)
    assert {entry.reason for entry in entries} == {
        "too-short", "bad-magic", "bad-crc", "bad-length", "not-json", "bad-clock", "bad-field", "foreign-topic",
    }  # fmt: skip
    assert max(len(entry.payload) for entry in entries) == 4096
    assert max(entry.size for entry in entries) == 900_000


@pytest.mark.parametrize("year_us", [86_400 * SECOND_US, 4_070_908_800 * SECOND_US, 2**64 - 1])
async def test_an_unbelievable_clock_is_noted_and_the_reading_kept_near_its_arrival(way: Way, year_us: int) -> None:
    async with way.gateway():
        with way.publisher() as device:
            device.publish(imu("watch-1"), payload(1, utc_us=year_us, flags=FrameFlag.CLOCK_SYNCED))
        await eventually(lambda: _readings_are(way, 1))
    [reading], [entry] = await way.readings(), await way.quarantined()
    assert reading.clock is Clock.CLAMPED
    assert abs(reading.event_us - now_us()) < 30 * SECOND_US
    assert (entry.reason, entry.kept) == ("clock-implausible", True)


async def test_a_retained_event_raises_nothing_as_if_now(way: Way) -> None:
    name = f"sos-{time.time_ns()}"
    press = body(boot=7, seq=1, t_us=5, type="sos")
    with way.publisher() as device:
        device.publish(f"sw/v1/{name}/event", press, retain=True)
        device.settle()
        async with way.gateway():
            await eventually(lambda: _heard(way, name, 1))
            device.publish(f"sw/v1/{name}/event", body(boot=7, seq=2, t_us=9, type="sos"))
            await eventually(lambda: _heard(way, name, 2))
        device.publish(f"sw/v1/{name}/event", b"", retain=True)
        device.settle()
    first, second = [reading for reading in await way.readings() if reading.device == name]
    assert (first.retain, first.events) == (True, ())
    assert (second.retain, second.events) == (False, ("sos",))


async def _heard(way: Way, device: str, wanted: int) -> bool:
    return len([reading for reading in await way.readings() if reading.device == device]) == wanted


async def test_with_the_stream_full_it_holds_back_says_so_once_and_goes_on_when_there_is_room(
    way: Way, caplog: pytest.LogCaptureFixture
) -> None:
    config = (await way.js.stream_info(subjects.READINGS)).config
    async with way.gateway():
        await _limit(way, config, max_bytes=20_000)
        with way.publisher() as device:
            for seq in range(1, 201):
                device.publish(imu("watch-1"), payload(seq))
            device.settle()
        await asyncio.sleep(2.0)
        held = len(await way.readings())
        assert held < 200
        assert len([record for record in caplog.records if "does not take messages" in record.message]) == 1
        await _limit(way, config, max_bytes=config.max_bytes or 0)
        await eventually(lambda: _readings_are(way, 200))
    assert [reading.seq for reading in await way.readings()] == list(range(1, 201))


async def test_a_device_that_floods_is_not_read_beyond_its_store_and_the_others_are(
    way: Way, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(gateway, "Overflow", lambda: Overflow(rate=1.0, burst=20))
    async with way.gateway():
        with way.publisher() as device:
            for seq in range(1, 301):
                device.publish(imu("wild-1"), payload(seq))
            device.publish(imu("watch-1"), payload(1))
            device.settle()
        await eventually(lambda: _heard_of(way, "watch-1"))
    wild = [reading.seq for reading in await way.readings() if reading.device == "wild-1"]
    assert wild == list(range(1, len(wild) + 1))
    assert 20 <= len(wild) < 40
    assert len([record for record in caplog.records if "wild-1 sends more" in record.message]) == 1


async def _heard_of(way: Way, device: str) -> bool:
    return any(reading.device == device for reading in await way.readings())


async def test_with_the_quarantine_full_a_flood_of_bad_messages_does_not_stop_the_good_ones(way: Way) -> None:
    config = (await way.js.stream_info(subjects.QUARANTINE)).config
    await _limit(way, config, max_bytes=1_000)  # below one entry: how they are batched must not matter
    async with way.gateway():
        with way.publisher() as device:
            for _ in range(100):
                device.publish(imu("watch-1"), bytes(2_000))
            device.publish(imu("watch-1"), payload(1))
        await eventually(lambda: _readings_are(way, 1))

        async def all_counted() -> bool:
            entry = await (await way.js.key_value(subjects.STATUS)).get(way.name)
            told = status.decode(entry.value or b"")
            return told.counts.get("quarantined_bad-magic") == 100 and "quarantine is full" in told.note

        await eventually(lambda: _or_false(all_counted), seconds=12)
    assert await way.quarantined() == []


async def _limit(way: Way, config: StreamConfig, *, max_bytes: int) -> None:
    await way.js.update_stream(config.evolve(max_bytes=max_bytes))


async def test_what_it_learnt_of_a_devices_clock_survives_a_restart(way: Way) -> None:
    first, later = payload(1, t0_us=10**9), payload(2, t0_us=10**9 + SECOND_US, flags=FrameFlag.BUFFERED)
    async with way.gateway():
        with way.publisher() as device:
            device.publish(imu("watch-1"), first)
        await eventually(lambda: _readings_are(way, 1))
    await asyncio.sleep(1.5)
    async with way.gateway():
        with way.publisher() as device:
            device.publish(imu("watch-1"), later)
        await eventually(lambda: _readings_are(way, 2))
    one, two = await way.readings()
    assert two.clock is Clock.BOOT
    assert two.event_us - one.event_us == SECOND_US


async def test_it_says_how_it_is_doing(way: Way) -> None:
    async with way.gateway():
        with way.publisher() as device:
            device.publish(imu("watch-1"), payload(1))

        async def said() -> bool:
            entry = await (await way.js.key_value(subjects.STATUS)).get(way.name)
            return status.decode(entry.value or b"").counts.get("readings", 0) == 1

        await eventually(lambda: _or_false(said), seconds=12)


async def _or_false(ask) -> bool:  # type: ignore[no-untyped-def]
    try:
        return bool(await ask())
    except Exception:
        return False


def test_the_batch_of_one_flush_is_cut_below_a_default_servers_limit() -> None:
    from ingest.publishing import BATCH_BYTES, batches  # noqa: PLC0415
    from schemas.reading import Reading  # noqa: PLC0415

    big = [
        Reading(kind=ReadingKind.FRAME, arrival_us=1, event_us=1, end_us=1, device=f"d{n}", payload=b"x" * 12_000)
        for n in range(512)
    ]
    cut = batches(big)
    assert max(map(len, cut)) < BATCH_BYTES + 20_000 < 2**20
    assert [reading for part in cut for reading in msgspec.msgpack.decode(part, type=list[Reading])] == big


async def test_the_decoders_memory_is_saved_when_a_device_counts_anew_and_not_each_time_a_clock_is_known_better(
    way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway, "SAVE_SECONDS", 0.05)
    bucket = await way.js.key_value(subjects.DECODERS)

    async def revision() -> int:
        with contextlib.suppress(KeyNotFoundError):
            return (await bucket.get(way.name)).revision or 0
        return 0

    async with way.gateway():
        with way.publisher() as device:
            device.publish(imu("w"), payload(1))
            first = await eventually(revision)
            for seq in range(2, 22):  # each nearer to its arrival than the one before
                device.publish(imu("w"), payload(seq, t0_us=60 * SECOND_US + seq * 3 * SECOND_US))
            device.settle()
            await eventually(lambda: _readings_are(way, 21))
            await asyncio.sleep(0.5)
            assert await revision() == first
            device.publish(imu("w"), payload(1, boot=8))

            async def saved_again() -> bool:
                return await revision() > first

            await eventually(saved_again)
        anew = await revision()
        with way.publisher() as device:
            device.publish(imu("w"), payload(2, boot=8, t0_us=90 * SECOND_US))
            device.settle()
            await eventually(lambda: _readings_are(way, 23))
    assert await revision() > anew, "what is known at the end is kept"
