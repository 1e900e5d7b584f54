"""One fall through its stages: possible a second after the impact, then confirmed or dismissed, always under one id."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from detectors.fall import FallConfig, FallDetector
from detectors.fall_features import FEATURES
from detectors.fall_window import POST_S, Window
from detectors.impacts import APART_S
from detectors.wearable import WornFrame
from schemas import finding as wire
from schemas.finding import Finding, Stage
from tests.detectors import signals
from tests.detectors.signals import START_US

SECOND = 1_000_000
HIT_US = START_US + 9_800_000
POST = FEATURES.index("post_s")


class Judge:
    """A model that goes by the seconds after the impact alone: ``early`` below 1.5, else ``late``."""

    threshold = 0.5

    def __init__(self, early: float, late: float) -> None:
        self.by = (early, late)

    def judge(self, features: NDArray[np.float64], window: Window) -> float:
        return self.by[int(features[POST] >= 1.5)]


def detector(early: float, late: float) -> FallDetector:
    return FallDetector(models={"trunk": Judge(early, late)})  # type: ignore[dict-item]


def told(frames: Sequence[WornFrame], watch: FallDetector) -> list[Finding]:
    found = [one for frame in frames for one in watch.update([frame])]
    assert watch.errors == []
    return found


def stages(found: list[Finding]) -> list[Stage]:
    return [one.stage for one in found]


def test_a_fall_is_possible_a_second_after_its_impact_and_then_confirmed_under_one_id() -> None:
    frames = signals.worn(signals.fall_story(), frame_s=0.2)
    watch, heard = FallDetector(), {}
    for frame in frames:
        for one in watch.update([frame]):
            heard[one.stage] = (one, frame.event_us + frame.duration_us)
    assert list(heard) == [Stage.POSSIBLE, Stage.CONFIRMED]
    (possible, possible_us), (confirmed, _) = heard.values()
    assert possible.id == confirmed.id and possible.anchor == confirmed.anchor
    assert possible.decided_us - possible.event_us == SECOND
    assert 0 <= possible_us - possible.decided_us <= 0.2 * SECOND
    assert abs(possible.event_us - HIT_US) <= 0.1 * SECOND


@pytest.mark.parametrize("frame_s", [0.1, 0.5, 1.0, 7.3, 20.0])
@pytest.mark.parametrize(("early", "late"), [(0.9, 0.9), (0.9, 0.1), (0.1, 0.9)])
def test_what_is_told_does_not_depend_on_how_long_the_frames_are(frame_s: float, early: float, late: float) -> None:
    story = np.vstack([signals.fall_story(after_s=3.0), signals.walking(15)])
    usual = told(signals.worn(story), detector(early, late))
    other = told(signals.worn(story, frame_s=frame_s), detector(early, late))
    assert [(f.stage, f.event_us, f.decided_us, f.evidence.reasons) for f in other] == [
        (f.stage, f.event_us, f.decided_us, f.evidence.reasons) for f in usual
    ]


def test_what_the_seconds_after_it_deny_is_dismissed_once_and_says_why() -> None:
    possible, dismissed = told(signals.worn(signals.fall_story()), detector(0.9, 0.1))
    assert stages([possible, dismissed]) == [Stage.POSSIBLE, Stage.DISMISSED]
    assert dismissed.id == possible.id
    assert dismissed.score == 0.1
    assert dismissed.decided_us - dismissed.event_us == (POST_S + APART_S) * SECOND
    assert dismissed.evidence.features["post_s"] == POST_S


def test_what_was_never_possible_may_still_be_confirmed() -> None:
    assert stages(told(signals.worn(signals.fall_story()), detector(0.1, 0.9))) == [Stage.CONFIRMED]


def test_what_is_never_likely_says_nothing() -> None:
    assert told(signals.worn(signals.fall_story()), detector(0.1, 0.1)) == []


def test_where_the_data_stop_a_possible_fall_stays_possible() -> None:
    watch = detector(0.9, 0.1)
    frames = signals.worn(signals.fall_story(after_s=1.4), frame_s=0.2)
    assert stages(told(frames, watch)) == [Stage.POSSIBLE]
    assert watch.tick(START_US + 60 * SECOND) == []
    assert told(signals.worn(signals.walking(20), first_seq=900, t0_us=600 * SECOND), watch) == []


def test_a_dismissed_fall_is_confirmed_by_what_comes_late_under_its_id() -> None:
    """The frame with the first blow comes last: what its neighbours looked like alone was no fall."""
    frames = signals.worn(np.vstack([signals.fall_story(after_s=7), signals.falling(), signals.lying(8)]), frame_s=1.0)
    watch = FallDetector(models={"trunk": Judge(0.9, 0.1)})  # type: ignore[dict-item]
    found = told(frames[:17], watch)
    watch._models = {"trunk": Judge(0.9, 0.9)}  # type: ignore[dict-item]
    found += told(frames[17:], watch)
    assert stages(found) == [Stage.POSSIBLE, Stage.DISMISSED, Stage.CONFIRMED]
    assert len({one.id for one in found}) == 1
    assert found[-1].event_us > found[0].event_us


def test_a_harder_blow_a_moment_later_belongs_to_the_same_fall() -> None:
    """Knees first, then the shoulder 1.1 s later: the first is judged early, the second confirms it."""
    story = signals.fall_story()
    second = round((9.8 + 1.1) * 50)
    story[second : second + 3] *= 6.5
    found = told(signals.worn(story), detector(0.9, 0.9))
    assert stages(found) == [Stage.POSSIBLE, Stage.CONFIRMED]
    assert found[0].id == found[1].id
    assert found[1].event_us - found[0].event_us == pytest.approx(1.1 * SECOND, abs=0.1 * SECOND)


def test_two_devices_on_one_person_give_one_id_through_all_stages() -> None:
    waist = signals.worn(signals.fall_story())
    other = [
        WornFrame(
            unit=f.unit, resident=f.resident, device="other", key=f"other:1:{f.seq}:frame", boot=f.boot, seq=f.seq,
            t0_us=f.t0_us, event_us=f.event_us, period_ns=f.period_ns, acc=f.acc, accel_scale=f.accel_scale,
            position="chest",
        )
        for f in waist
    ]  # fmt: skip
    found = told([frame for pair in zip(waist, other, strict=True) for frame in pair], detector(0.9, 0.9))
    assert stages(found) == [Stage.POSSIBLE, Stage.CONFIRMED]
    assert len({one.id for one in found}) == 1


@pytest.mark.parametrize(("early", "late"), [(0.9, 0.9), (0.9, 0.1)])
def test_a_restart_between_the_stages_and_any_cut_change_nothing(early: float, late: float) -> None:
    frames = signals.worn(np.vstack([signals.fall_story(after_s=4), signals.walking(50)]), frame_s=0.5)
    whole = [wire.encode(one) for one in told(frames, detector(early, late))]
    for cuts in (range(1, len(frames)), range(3, len(frames), 7)):
        found: list[bytes] = []
        state = detector(early, late).snapshot()
        for start, end in pairwise([0, *cuts, len(frames)]):
            watch = detector(early, late)
            watch.restore(state)
            found += [wire.encode(one) for one in watch.update(frames[start:end])]
            state = watch.snapshot()
        assert found == whole


def test_a_threshold_of_its_own_holds_possible_falls_back() -> None:
    frames = signals.worn(signals.fall_story())
    assert stages(told(frames, FallConfig(early_threshold=1.1).build())) == [Stage.CONFIRMED]
    assert stages(told(frames, FallConfig(threshold=1.1).build())) == [Stage.POSSIBLE, Stage.DISMISSED]


def test_a_dismissed_fall_speaks_by_its_full_seconds_though_a_harder_blow_came_a_moment_later() -> None:
    story = signals.fall_story()
    second = round((9.8 + 1.1) * 50)
    story[second : second + 3] *= 6.5
    possible, dismissed = told(signals.worn(story), detector(0.9, 0.1))
    assert (possible.score, dismissed.score) == (0.9, 0.1)
    assert dismissed.stage is Stage.DISMISSED
    assert dismissed.decided_us - dismissed.event_us == (POST_S + APART_S) * SECOND
    assert dismissed.evidence.features["post_s"] == POST_S
