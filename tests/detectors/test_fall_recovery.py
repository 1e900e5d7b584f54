"""Who walks again after a fall is said to: from frames alone, once, and nobody who lies, trembles or sits up."""

import numpy as np
import pytest

from detectors import reasons
from detectors.fall import FallDetector
from detectors.gait import walks
from detectors.wearable import WornFrame
from schemas.finding import Finding, Stage
from tests.detectors import signals
from tests.detectors.signals import RATE, Floats, lying, standing, walking, worn

SECOND = 1_000_000
UPRIGHT = np.array([0.05, -1.0, 0.1])


def story(*after: Floats) -> list[WornFrame]:
    return worn(np.vstack([signals.fall_story(), *after]))


def told(frames: list[WornFrame], detector: FallDetector | None = None) -> list[Finding]:
    """From the first alarm on, and each stage once: what is possible, and further news, are tried elsewhere."""
    detector = detector or FallDetector()
    found = [finding for frame in frames for finding in detector.update([frame])]
    begun = [finding for finding in found if finding.stage not in (Stage.POSSIBLE, Stage.DISMISSED)]
    return [finding for finding in begun if not finding.update]


def test_who_walks_again_gives_the_fall_its_last_stage_under_the_same_id() -> None:
    fell, again = told(story(walking(40)))
    assert (fell.stage, again.stage) == (Stage.CONFIRMED, Stage.RECOVERED)
    assert (again.id, again.event_us, again.score, again.anchor) == (fell.id, fell.event_us, fell.score, fell.anchor)
    assert fell.decided_us < again.decided_us == again.end_us
    # 10 s of lying, then four windows of walking; a window is 5 s, and one can lie across the beginning.
    assert 28 <= (again.decided_us - fell.event_us) / SECOND <= 36
    assert [phase.name for phase in again.evidence.phases][-1] == reasons.PHASE_RECOVERED
    assert {reason.code for reason in again.evidence.reasons} >= {reasons.IMPACT, reasons.WALKS_AGAIN}


def test_it_is_said_once_however_long_the_walk() -> None:
    assert len(told(story(walking(200)))) == 2


@pytest.mark.parametrize("rate", [25.0, 50.0, 104.0])
def test_it_is_seen_at_any_rate(rate: float) -> None:
    samples = np.vstack([signals.fall_story(rate=rate), walking(40, rate)])
    assert [finding.stage for finding in told(worn(samples, rate=rate))] == [Stage.CONFIRMED, Stage.RECOVERED]


def trembling(seconds: float, hz: float, size: float, posture: Floats) -> Floats:
    t = np.arange(round(seconds * RATE)) / RATE
    swing = size * np.sin(2 * np.pi * hz * t)
    return posture + np.column_stack([swing * 0.3, swing, swing * 0.5]) + 0.01 * np.sin(7 * t)[:, None]


LYING = np.array([0.1, -0.15, 0.98])


@pytest.mark.parametrize(
    "after",
    [
        pytest.param(lying(120), id="lies"),
        pytest.param(standing(120), id="stands or sits"),
        pytest.param(np.vstack([walking(12), standing(40), walking(12), standing(40)]), id="a few steps"),
        pytest.param(trembling(120, 5.0, 0.2, LYING), id="trembles lying"),
        pytest.param(trembling(120, 2.0, 0.5, LYING), id="a seizure on the floor"),
        pytest.param(trembling(120, 5.0, 0.2, UPRIGHT), id="trembles sitting"),
        pytest.param(trembling(120, 7.5, 0.2, UPRIGHT), id="trembles faster"),
        pytest.param(trembling(120, 10.0, 0.2, UPRIGHT), id="trembles fastest"),
        pytest.param(np.random.default_rng(4).normal(LYING, 0.4, (6000, 3)), id="struggles"),
    ],
)
def test_who_does_not_walk_stays_fallen(after: Floats) -> None:
    assert [finding.stage for finding in told(story(after))] == [Stage.CONFIRMED]


def test_walking_after_more_than_ten_minutes_says_nothing_any_more() -> None:
    detector = FallDetector()
    found = told(story(lying(11 * 60), walking(60)), detector)
    assert [finding.stage for finding in found] == [Stage.CONFIRMED]
    assert detector._fallen == {}


def test_somebody_elses_walking_and_another_boot_say_nothing() -> None:
    detector = FallDetector()
    fell = told(story(), detector)
    others = worn(walking(60), "r2", start_us=signals.START_US + 25 * SECOND)
    rebooted = worn(walking(60), boot=2, start_us=signals.START_US + 25 * SECOND)
    assert told(others + rebooted, detector) == []
    assert [finding.stage for finding in fell] == [Stage.CONFIRMED]


def test_a_fall_of_a_boot_that_is_long_over_is_followed_no_more() -> None:
    detector = FallDetector()
    told(story(), detector)
    told(worn(standing(4), boot=2, start_us=signals.START_US + 9 * 60 * SECOND), detector)
    assert detector._fallen != {}
    told(worn(standing(4), boot=2, first_seq=9, start_us=signals.START_US + 11 * 60 * SECOND), detector)
    assert detector._fallen == {}


def test_a_window_with_a_gap_tells_nothing_and_walking_behind_it_is_seen() -> None:
    frames = story(walking(90))
    gap = [frame for number, frame in enumerate(frames) if number not in range(14, 20)]
    _, again = told(gap)
    assert again.stage is Stage.RECOVERED
    assert again.decided_us > told(frames)[1].decided_us


def test_a_restart_in_the_middle_of_the_walk_changes_nothing() -> None:
    frames = story(walking(40))
    whole = told(frames)
    for cut in range(5, len(frames), 3):
        before, after = FallDetector(), FallDetector()
        first = told(frames[:cut], before)
        after.restore(before.snapshot())
        assert after.snapshot() == before.snapshot()
        assert first + told(frames[cut:], after) == whole


def test_steps_are_walking_only_while_the_sensor_hangs_as_before() -> None:
    samples = walking(5.0)
    t_us = (np.arange(len(samples)) * 1_000_000 / RATE).astype(np.int64)
    assert walks(t_us, samples, UPRIGHT)
    assert not walks(t_us, samples, LYING)
    assert not walks(t_us, standing(5.0), UPRIGHT)
