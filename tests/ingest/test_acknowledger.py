"""How far a device is told that its messages are on the disk; the rule alone, and through gateway and broker."""

import random

import pytest

from ingest.acknowledger import HOLE_MESSAGES, Acknowledger, Run
from schemas.messages import AckMessage, parse
from schemas.reading import Reading, ReadingKind
from tests.ingest.conftest import Way
from tests.ingest.frames import body, imu, payload
from tests.ingest.waiting import eventually


def stored(seq: int, *, kind: ReadingKind = ReadingKind.FRAME, boot: int = 7, retain: bool = False) -> Reading:
    leaf = {"frame": "imu"}.get(kind, kind)
    return Reading(
        kind=kind, arrival_us=1, event_us=1, end_us=1, device="watch-1", boot=boot, seq=seq, retain=retain,
        topic=f"sw/v1/watch-1/{leaf}",
    )  # fmt: skip


def told(acknowledger: Acknowledger, *readings: Reading) -> list[AckMessage]:
    return [parse(data, AckMessage) for _topic, data in acknowledger.stored(readings)]


def test_a_flush_is_one_message_that_says_how_far_it_came() -> None:
    acknowledger = Acknowledger()
    [(topic, data)] = acknowledger.stored([stored(seq) for seq in range(5, 9)])
    assert (topic, data) == ("sw/v1/watch-1/ack", b'{"boot":7,"seq":8,"first":5}')
    assert acknowledger.stored([stored(0, boot=8)])[0][1] == b'{"boot":8,"seq":0}'


def test_what_comes_behind_a_hole_is_not_acknowledged_until_the_hole_is_filled() -> None:
    acknowledger = Acknowledger()
    assert [ack.seq for ack in told(acknowledger, stored(1), stored(2), stored(5), stored(6))] == [2]
    assert [ack.seq for ack in told(acknowledger, stored(3))] == [3]
    assert [ack.seq for ack in told(acknowledger, stored(4))] == [6]


def test_what_came_before_the_first_that_was_heard_is_not_acknowledged_until_it_comes() -> None:
    acknowledger = Acknowledger()
    assert stretches(acknowledger, stored(8), stored(9)) == [(8, 9)]
    assert stretches(acknowledger, stored(2), stored(3), stored(5)) == [(2, 3), (5, 5), (8, 9)]
    assert stretches(acknowledger, stored(6), stored(7), stored(5)) == [(5, 9)]
    assert stretches(acknowledger, stored(10)) == [(5, 10)]


def stretches(acknowledger: Acknowledger, *readings: Reading) -> list[tuple[int, int]]:
    return [(ack.first, ack.seq) for ack in told(acknowledger, *readings)]


def test_a_repetition_is_told_again_since_the_first_word_may_be_lost() -> None:
    acknowledger = Acknowledger()
    told(acknowledger, stored(1), stored(2))
    assert [ack.seq for ack in told(acknowledger, stored(1))] == [2]


def test_a_hole_that_nobody_fills_is_given_up_after_so_many_later_messages() -> None:
    run = Run(1)
    for seq in range(3, 3 + HOLE_MESSAGES):
        run.take(seq)
        assert run.upto == 1
    run.take(3 + HOLE_MESSAGES)
    assert (run.upto, run.above) == (3 + HOLE_MESSAGES, set())


def test_boots_and_leaves_count_apart_and_frames_are_what_no_leaf_is_said_of() -> None:
    event, state = stored(4, kind=ReadingKind.EVENT), stored(2, kind=ReadingKind.STATE)
    acks = told(Acknowledger(), stored(9), stored(1, boot=8), event, state)
    assert {(ack.boot, ack.seq, ack.leaf) for ack in acks} == {
        (7, 9, "imu"), (8, 1, "imu"), (7, 4, "event"), (7, 2, "state"),
    }  # fmt: skip


def test_retained_messages_statuses_and_other_families_are_told_nothing() -> None:
    other = Reading(
        kind=ReadingKind.EVENT,
        arrival_us=1,
        event_us=1,
        end_us=1,
        device="door",
        boot=1,
        seq=3,
        topic="zigbee2mqtt/door",
    )
    assert told(Acknowledger(), stored(1, retain=True), stored(-1, kind=ReadingKind.STATUS), other) == []


def test_memory_is_bounded_and_a_forgotten_boot_begins_anew() -> None:
    acknowledger = Acknowledger(limit=2)
    for boot in range(5):
        told(acknowledger, stored(3, boot=boot))
    assert len(acknowledger._runs) == 2
    assert [ack.seq for ack in told(acknowledger, stored(9, boot=0))] == [9]


@pytest.mark.parametrize("seed", range(20))
def test_nothing_above_the_first_message_is_ever_acknowledged_that_did_not_come(seed: int) -> None:
    rng = random.Random(seed)
    acknowledger, came = Acknowledger(), {0}
    told(acknowledger, stored(0))
    waiting = list(range(1, 200))
    while waiting:
        # As a network does it: mostly in order, some late by up to HOLE_MESSAGES / 2 places, some twice.
        seq = waiting.pop(min(int(rng.expovariate(0.3)), HOLE_MESSAGES // 2, len(waiting) - 1))
        came.add(seq)
        again = rng.choice(sorted(came))
        for ack in told(acknowledger, stored(seq), stored(again)):
            assert set(range(ack.seq + 1)) <= came
    assert ack.seq == 199


@pytest.mark.servers
async def test_a_device_hears_how_far_it_is_stored_and_the_gateway_does_not_hear_itself(way: Way) -> None:
    heard: list[AckMessage] = []
    with way.publisher() as device:
        device.hear("sw/v1/watch-1/ack", lambda data: heard.append(parse(data, AckMessage)))
        async with way.gateway():
            for seq in range(1, 31):
                device.publish(imu("watch-1"), payload(seq))
            device.publish("sw/v1/watch-1/event", body(boot=7, seq=3, t_us=5, type="button"))
            device.settle()

            async def all_told() -> bool:
                return {("imu", 30), ("event", 3)} <= {(ack.leaf, ack.seq) for ack in heard}

            await eventually(all_told)
            device.publish(imu("watch-1"), payload(7))
            count = len(heard)

            async def told_again() -> bool:
                return len(heard) > count

            await eventually(told_again)
    assert heard[-1] == AckMessage(boot=7, seq=30, first=1)
    frames = [ack.seq for ack in heard if ack.leaf == "imu"]
    assert frames == sorted(frames)
    assert await way.quarantined() == []
    assert len(await way.readings()) == 31
