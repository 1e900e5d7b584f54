"""Slides: down without a hard blow, and then lying. Never more than a weak sign, and only where the trunk is felt."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from detectors import reasons
from detectors.fall import FallDetector
from detectors.fall_soft import SOFT_SCORE
from detectors.wearable import WornFrame
from schemas import finding as wire
from schemas.config import ResidentConfig
from schemas.finding import Finding, Stage
from schemas.mobility import Mobility
from tests.detectors import signals
from tests.detectors.signals import RATE, START_US, Floats, lying, slide, standing, walking, worn

SECOND = 1_000_000


def story(*after: Floats, rate: float = RATE, **how: float) -> Floats:
    return np.vstack([standing(14.3, rate), slide(rate, **how), *(after or (lying(20, rate),))])


def told(frames: list[WornFrame], mobility: Mobility = Mobility.UNKNOWN) -> list[Finding]:
    detector = FallDetector()
    detector.configure(ResidentConfig(resident="r1", unit="u1", version=1, mobility=mobility))
    found = [one for frame in frames for one in detector.update([frame])]
    assert detector.errors == []
    return found


@pytest.mark.parametrize("rate", [20.0, 25.0, 50.0, 100.0, 200.0])
def test_a_slide_is_a_possible_fall_with_a_low_score_and_no_alarm(rate: float) -> None:
    found = told(worn(story(rate=rate), rate=rate))
    soft = found[0]
    assert (soft.stage, soft.score, soft.mild) == (Stage.POSSIBLE, SOFT_SCORE, False)
    assert {one.id for one in found} == {soft.id}
    assert {one.stage for one in found} == {Stage.POSSIBLE}
    assert [phase.name for phase in soft.evidence.phases] == [reasons.PHASE_DESCENT, reasons.PHASE_LYING]
    reason = soft.evidence.reasons[0]
    assert reason.code == reasons.SOFT_DESCENT
    assert 75 <= reason.values["deg"] <= 105
    assert abs(soft.event_us - (START_US + 15.4 * SECOND)) <= 0.3 * SECOND
    assert 5 * SECOND <= soft.decided_us - soft.event_us <= 7 * SECOND
    assert soft.start_us <= soft.event_us <= soft.end_us


def test_who_lies_on_there_is_told_of_again() -> None:
    updates = [one for one in told(worn(story(lying(90)))) if one.update]
    seconds = [r.values["s"] for one in updates for r in one.evidence.reasons if r.code == reasons.NO_MOVEMENT]
    assert seconds == [20.0, 60.0]


def test_who_walks_away_from_it_has_recovered() -> None:
    assert told(worn(story(lying(8), walking(45))))[-1].stage is Stage.RECOVERED


@pytest.mark.parametrize(
    "samples",
    [
        pytest.param(story(touch_g=0.0), id="no touch"),
        pytest.param(story(took_s=12.0), id="lies down slowly"),
        pytest.param(story(lightest=1.0), id="never light"),
        pytest.param(story(walking(20)), id="walks on, the strap slipped"),
        pytest.param(signals.day_story(200), id="walks and stands"),
        pytest.param(np.vstack([standing(0.8), slide(), lying(5.8)]), id="too little before it"),
    ],
)
def test_what_is_no_slide_says_nothing(samples: Floats) -> None:
    assert told(worn(samples)) == []


def test_at_the_wrist_and_where_nobody_knows_no_slide_is_looked_for() -> None:
    assert told(worn(story(), position="wrist")) == []
    assert told(worn(story(), position=None)) == []


def test_who_lies_in_bed_anyway_only_turned_over() -> None:
    assert told(worn(story()), Mobility.BEDBOUND) == []
    assert told(worn(story()), Mobility.WHEELCHAIR) != []


def test_after_a_hard_fall_no_slide_is_told_besides() -> None:
    found = told(worn(signals.fall_story(before_s=15.3, after_s=20)))
    assert len({one.id for one in found}) == 1
    assert found[-1].stage is Stage.CONFIRMED


def test_a_gap_in_it_is_never_bridged() -> None:
    frames = worn(story())
    assert told([frame for number, frame in enumerate(frames) if number != 7]) == []


@pytest.mark.parametrize("frame_s", [0.5, 1.0, 2.0, 7.3, 20.0])
def test_the_length_of_frames_and_late_ones_change_nothing_of_it(frame_s: float) -> None:
    usual = told(worn(story(lying(25))))[0]
    other = told(worn(story(lying(25)), frame_s=frame_s))[0]
    assert abs(other.event_us - usual.event_us) <= SECOND
    assert (other.stage, other.score) == (usual.stage, usual.score)
    frames = worn(story())
    late = [*frames[:8], frames[9], frames[8], *frames[10:]]
    assert [one.event_us for one in told(late)] == [one.event_us for one in told(frames)]


def test_a_restart_and_any_batch_change_nothing() -> None:
    frames = [replace(frame, arrival_us=frame.event_us) for frame in worn(story(lying(30), walking(40)))]
    usual = [wire.encode(one) for one in told(frames)]
    found: list[bytes] = []
    state = FallDetector().snapshot()
    for start, end in pairwise([*range(0, len(frames), 3), len(frames)]):
        detector = FallDetector()
        detector.restore(state)
        found += [wire.encode(one) for one in detector.update(frames[start:end])]
        state = detector.snapshot()
    assert found == usual
    assert len(usual) >= 2
