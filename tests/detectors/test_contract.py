"""What every detector keeps to, checked on each that is found in the package."""

import dataclasses
import importlib
import inspect
import pkgutil
from collections.abc import Sequence
from itertools import pairwise

import msgspec
import numpy as np
import pytest

import detectors
from detectors.wearable import WornFrame
from schemas import finding as wire
from schemas.finding import Finding, Stage
from tests.detectors import signals
from tests.detectors.contract import WAYS, Item, Way, story

VERBS = ("update", "due", "snapshot", "restore")
#: State of one wearable at 50 Hz may take this much, bytes.
MOST_STATE = 8_192


def found_detectors() -> list[str]:
    names: set[str] = set()
    for module in pkgutil.iter_modules(detectors.__path__):
        loaded = importlib.import_module(f"detectors.{module.name}")
        names |= {
            name for name, thing in inspect.getmembers(loaded, inspect.isclass) if all(hasattr(thing, v) for v in VERBS)
        }
    return sorted(names)


def run(way: Way, items: Sequence[Item], cuts: Sequence[int] = (), *, restart: bool = False) -> list[bytes]:
    """Feed items in batches cut at ``cuts``; with ``restart`` a new detector takes over at each cut."""
    detector = way.make()
    found: list[Finding] = []
    for start, end in pairwise([0, *cuts, len(items)]):
        if restart:
            state = detector.snapshot()
            detector = way.make()
            detector.restore(state)
            assert detector.snapshot() == state
        found += way.feed(detector, items[start:end])
        assert detector.errors == []
    return [wire.encode(one) for one in found]


@pytest.fixture(params=found_detectors())
def any_way(request: pytest.FixtureRequest) -> Way:
    return WAYS[request.param]


@pytest.fixture(params=[name for name, each in WAYS.items() if each.frames])
def way(request: pytest.FixtureRequest) -> Way:
    """Of the detectors that take frames."""
    return WAYS[request.param]


def test_every_detector_found_is_in_the_suite() -> None:
    assert {"FallDetector", "Host"} <= set(found_detectors())
    assert set(found_detectors()) == set(WAYS)


def test_the_story_has_a_finding_from_frames_and_one_from_the_clock(way: Way) -> None:
    found = [wire.decode(one) for one in run(way, story())]
    assert [one.resident for one in found if one.stage is Stage.CONFIRMED] == ["r1", "r2"]
    assert all(one.id and one.anchor and 0 <= one.score <= 1 for one in found)
    assert all(one.start_us <= one.event_us <= one.decided_us for one in found)


@pytest.mark.parametrize("seed", range(6))
def test_batch_cuts_change_nothing(any_way: Way, seed: int) -> None:
    items = any_way.story()
    cuts = sorted(np.random.default_rng(seed).choice(len(items), 12, replace=False).tolist())
    assert run(any_way, items, cuts) == run(any_way, items)


def test_a_restart_at_any_moment_changes_nothing(any_way: Way) -> None:
    items = any_way.story()
    cuts = range(1, len(items), max(1, len(items) // 200))
    found = run(any_way, items, cuts, restart=True)
    assert found == run(any_way, items)
    assert len(found) >= 2


def test_repeated_frames_are_ignored(way: Way) -> None:
    items = story()
    again = [
        copy for i, item in enumerate(items) for copy in ([item, *_frames(items[max(0, i - 12) : i + 1])])
    ]  # each frame comes up to a dozen times more
    assert run(way, again) == run(way, items)


def test_frames_that_come_late_are_put_in_order(way: Way) -> None:
    items = story()
    swapped = list(items)
    places = [i for i, item in enumerate(items) if isinstance(item, WornFrame) and item.resident == "r1"]
    for a, b in zip(places[0::2], places[1::2], strict=False):
        swapped[a], swapped[b] = items[b], items[a]
    ours = [wire.decode(one) for one in run(way, items)]
    late = [wire.decode(one) for one in run(way, swapped)]
    assert sorted((f.id, f.stage, f.event_us, f.score) for f in late) == sorted(
        (f.id, f.stage, f.event_us, f.score) for f in ours
    )


def test_another_wearer_changes_nothing_for_the_others(way: Way) -> None:
    items = story()
    alone = [item for item in items if isinstance(item, int) or item.resident == "r1"]
    both = [one for one in run(way, items) if wire.decode(one).resident == "r1"]
    assert run(way, alone) == both != []


def test_state_of_a_wearable_is_bounded(way: Way) -> None:
    detector = way.make()
    way.feed(detector, signals.worn(signals.day_story(1200)))
    early = len(detector.snapshot())
    way.feed(detector, signals.worn(signals.day_story(1200), first_seq=600, t0_us=1_200_000_000))
    assert len(detector.snapshot()) <= early + 64
    assert early <= MOST_STATE


def test_a_snapshot_of_another_version_is_refused_with_a_sentence(any_way: Way) -> None:
    way = any_way
    detector = way.make()
    way.feed(detector, way.story())
    other = msgspec.msgpack.decode(detector.snapshot())
    other["schema"] += 1
    with pytest.raises(ValueError, match="schema"):
        way.make().restore(msgspec.msgpack.encode(other))
    for damaged in (b"", b"\xc1", detector.snapshot()[:-10]):
        with pytest.raises(ValueError, match="snapshot"):
            way.make().restore(damaged)


def test_due_is_none_when_nothing_waits_and_a_time_when_a_fall_does(way: Way) -> None:
    detector = way.make()
    assert detector.due() is None
    frames = signals.worn(signals.fall_story(after_s=0.4))
    way.feed(detector, frames)
    due = detector.due()
    assert due is not None
    assert way.feed(detector, [due - 1]) == []
    assert len(way.feed(detector, [due])) == 1
    assert detector.due() is None


def test_frames_are_not_changed(way: Way) -> None:
    items = _frames(story())
    before = [frame.acc.copy() for frame in items]
    way.feed(way.make(), items)
    assert all(np.array_equal(frame.acc, acc) for frame, acc in zip(items, before, strict=True))


def _frames(items: Sequence[Item]) -> list[WornFrame]:
    return [item for item in items if isinstance(item, WornFrame)]


def test_a_gap_is_never_bridged_what_comes_behind_it_changes_nothing_before_it(way: Way) -> None:
    frames = signals.worn(signals.fall_story(before_s=20.0, after_s=30.0), frame_s=1.0)
    before, behind = frames[:22], frames[28:]  # the impact lies in frames[20]
    end_us = signals.START_US + 120_000_000
    alone = [wire.decode(one) for one in run(way, [*before, end_us])]
    both = [wire.decode(one) for one in run(way, [*before, *behind, end_us])]
    # what stopped the waiting, the clock or a frame, is another; and what came behind may add news of the fall
    own = [msgspec.structs.replace(one, heard_us=0) for one in both if not one.update]
    assert [msgspec.structs.replace(one, heard_us=0) for one in alone] == own != []


def test_impossible_numbers_in_a_frame_stop_nobody_else(way: Way) -> None:
    items = story()
    wild = [
        dataclasses.replace(item, resident="r9", device="d-r9", key=f"d-r9:1:{item.seq}:frame", accel_scale=scale)
        for item, scale in zip(_frames(items), [float("nan"), float("inf"), 0.0, -1.0] * 100, strict=False)
    ]
    detector, found = way.make(), []
    for item in items:
        found += way.feed(detector, [item])
    plain = [wire.encode(one) for one in found]
    detector, found = way.make(), []
    for number, item in enumerate(items):
        found += way.feed(detector, [item, *wild[number : number + 1]])
    assert [wire.encode(one) for one in found if one.resident != "r9"] == plain != []
