"""A simulated home's gateway: time is what the player says, in its place between the messages."""

import asyncio
import json
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from ingest import driven_clock
from ingest.driven_clock import DrivenClock
from ingest.streams import ensure
from schemas import ids, messages, status, subjects, topics
from schemas.reading import Reading, ReadingKind, decode_batch
from tests.ingest.conftest import Way
from tests.ingest.frames import NOW_US, SECOND_US, body, imu, payload
from tests.ingest.publisher import Publisher
from tests.ingest.waiting import eventually

PARTITIONS = [subjects.readings(partition) for partition in range(ids.PARTITIONS)]


def said(at_us: int, *, tick: bool = False) -> bytes:
    return json.dumps({"at_us": at_us, "tick": tick}).encode()


@asynccontextmanager
async def gateway(way: Way, clock: DrivenClock) -> AsyncIterator[None]:
    await driven_clock.make_bucket(way.js)
    async with way.gateway(clock=clock):
        yield


async def standing(way: Way) -> dict[str, list[Reading]]:
    """Return what every subject holds, in order, however it was cut into messages."""
    found: dict[str, list[Reading]] = {}
    for subject, data in await way.messages(subjects.READINGS):
        found.setdefault(subject, []).extend(decode_batch(data))
    return found


async def at(clock: DrivenClock, at_us: int) -> None:
    async def is_there() -> bool:
        return clock() >= at_us

    await eventually(is_there)


async def ticked(way: Way, at_us: int) -> None:
    """Wait until this tick stands in every partition."""

    async def is_there() -> bool:
        found = await standing(way)
        return all(name in found and found[name][-1].event_us == at_us for name in PARTITIONS)

    await eventually(is_there)


def test_the_clock_only_goes_forward() -> None:
    clock = DrivenClock()
    assert clock() == messages.DRIVEN_FROM_US
    assert clock.advance(NOW_US)
    assert not clock.advance(NOW_US - 1)
    assert not clock.advance(NOW_US)
    assert clock() == NOW_US


@pytest.mark.servers
async def test_a_message_arrives_at_the_time_that_was_said_before_it_and_ticks_stand_between(way: Way) -> None:
    clock = DrivenClock()
    await way.bind("watch-1", unit="home-1")
    async with gateway(way, clock):
        with way.publisher() as player:
            for second in range(1, 4):
                player.publish(topics.CLOCK, said(NOW_US + second * SECOND_US, tick=second != 2))
                player.publish(imu("watch-1"), payload(second))
            player.settle()
        await at(clock, NOW_US + 3 * SECOND_US)
        await asyncio.sleep(1.5)  # a live gateway would tick by itself in this time
    found = await standing(way)
    mine = found[subjects.readings(ids.partition_of("home-1"))]
    assert [(each.kind, each.arrival_us - NOW_US) for each in mine] == [
        (ReadingKind.TICK, 1 * SECOND_US),
        (ReadingKind.FRAME, 1 * SECOND_US),
        (ReadingKind.FRAME, 2 * SECOND_US),
        (ReadingKind.TICK, 3 * SECOND_US),
        (ReadingKind.FRAME, 3 * SECOND_US),
    ]
    assert sorted(found) == PARTITIONS
    ticks = [NOW_US + SECOND_US, NOW_US + 3 * SECOND_US]
    assert all([each.event_us for each in found[name] if not each.device] == ticks for name in PARTITIONS)


@pytest.mark.servers
async def test_what_stands_in_the_stream_depends_on_what_was_sent_and_not_on_how_fast(way: Way) -> None:
    await way.bind("watch-1", unit="home-1")
    await way.bind("watch-2", unit="home-2")
    both = []
    for hurried in (True, False):
        rng, pauses, at_us = random.Random(5), random.Random(6), NOW_US
        await way.js.delete_stream(subjects.READINGS)  # purged, it would still know what comes again
        await ensure(way.js)
        way.name = f"{way.name}x"
        clock = DrivenClock(NOW_US)
        async with gateway(way, clock):
            with way.publisher() as player:
                player.publish("sim-1/bridge/state", b'{"state": "online"}')
                for number in range(600):
                    at_us += rng.randrange(3 * SECOND_US)
                    player.publish(topics.CLOCK, said(at_us, tick=number % 7 == 0))
                    device = rng.choice(("watch-1", "watch-2"))
                    if rng.random() < 0.5:
                        player.publish(imu(device), payload(number, t0_us=number * SECOND_US))
                    else:
                        lit = json.dumps({"occupancy": rng.random() < 0.5, "battery": 90}).encode()
                        player.publish("sim-1/0x00158d0000000001", lit)
                    if not hurried and pauses.random() < 0.03:
                        await asyncio.sleep(pauses.random() * 0.1)
                last_us = at_us + SECOND_US  # a last tick, behind which nothing is under way any more
                player.publish(topics.CLOCK, said(last_us, tick=True))
                player.settle()
            await ticked(way, last_us)
        both.append(await standing(way))
    assert both[0] == both[1]
    assert sum(len(each) for each in both[0].values()) > 600


@pytest.mark.servers
async def test_a_clock_set_back_is_ignored_counted_and_said_and_what_is_no_clock_is_quarantined(way: Way) -> None:
    clock = DrivenClock()
    async with gateway(way, clock):
        with way.publisher() as player:
            for data in (
                said(NOW_US, tick=True),
                said(NOW_US - SECOND_US, tick=True),
                b"noon",
                said(2**62),
                said(0),
                b'{"at_us": 1795392000000000, "speed": 9}',
                said(NOW_US + 1),
            ):
                player.publish(topics.CLOCK, data)
            player.settle()
        await at(clock, NOW_US + 1)
        report = await eventually(lambda: _report(way))
    assert report is not None
    assert report.counts["clock_backwards"] == 1
    assert not report.ok
    assert "set back by 1 s" in report.note
    assert {tuple(each.event_us for each in found) for found in (await standing(way)).values()} == {(NOW_US,)}
    assert [(each.reason, each.topic) for each in await way.quarantined()] == [
        (reason, topics.CLOCK) for reason in ("not-json", "bad-field", "bad-field", "bad-field")
    ]


async def _report(way: Way) -> status.StageStatus | None:
    bucket = await way.js.key_value(subjects.STATUS)
    found = status.decode((await bucket.get(way.name)).value or b"")
    return found if found.counts.get("clock_backwards") else None


@pytest.mark.servers
async def test_a_remembered_clock_message_turns_nothing(way: Way) -> None:
    clock = DrivenClock()
    with way.publisher() as player:
        player.publish(topics.CLOCK, said(NOW_US + 3600 * SECOND_US), retain=True)
        player.settle()
        async with gateway(way, clock):
            player.publish(topics.CLOCK, said(NOW_US))
            await at(clock, NOW_US)
            assert clock() == NOW_US
        player.publish(topics.CLOCK, b"", retain=True)
        player.settle()


@pytest.mark.servers
async def test_the_player_is_told_how_far_all_is_stored_and_again_when_it_asks(way: Way) -> None:
    clock, heard = DrivenClock(), list[int]()
    await way.bind("watch-1", unit="home-1")
    async with gateway(way, clock):
        with way.publisher() as player:
            player.hear(topics.REACHED, lambda data: heard.append(json.loads(data)["at_us"]))
            await asyncio.sleep(0.3)
            player.publish(imu("watch-1"), payload(1))
            player.publish(topics.CLOCK, said(NOW_US))
            player.settle()

            async def told(times: int) -> bool:
                return heard.count(NOW_US) >= times

            await eventually(lambda: told(1))
            assert [each.kind for each in await way.readings()] == [ReadingKind.FRAME]
            player.publish(topics.CLOCK, said(NOW_US))
            await eventually(lambda: told(2))


@pytest.mark.servers
async def test_another_stage_hears_the_time_at_once_and_a_later_one_reads_it(way: Way) -> None:
    clock, other, stop = DrivenClock(), DrivenClock(), asyncio.Event()
    following = asyncio.ensure_future(driven_clock.follow(way.nc, other, stop))
    async with gateway(way, clock):
        with way.publisher() as player:
            _drive(player, NOW_US)
            await at(other, NOW_US)
            _drive(player, NOW_US + 60 * SECOND_US)
            await at(other, NOW_US + 60 * SECOND_US)
    stop.set()
    await following
    late = DrivenClock()
    await driven_clock.kept(way.js, late)
    assert late() == NOW_US + 60 * SECOND_US


@pytest.mark.servers
async def test_a_gateway_that_starts_again_goes_on_from_the_time_it_had(way: Way) -> None:
    clock = DrivenClock()
    async with gateway(way, clock):
        with way.publisher() as player:
            _drive(player, NOW_US)
            await at(clock, NOW_US)
    again = DrivenClock()
    await driven_clock.kept(way.js, again)
    await way.bind("watch-1", unit="home-1")
    async with gateway(way, again):
        with way.publisher() as player:
            player.publish("sw/v1/watch-1/event", body(boot=1, seq=1, t_us=9, type="sos"))
            player.settle()

        async def stored() -> bool:
            return len(await way.readings()) == 1

        await eventually(stored)
    assert [each.arrival_us for each in await way.readings()] == [NOW_US]


def _drive(player: Publisher, at_us: int) -> None:
    player.publish(topics.CLOCK, said(at_us))
    player.settle()
