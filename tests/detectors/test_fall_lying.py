"""News of somebody who fell and does not get up: a few times, under the fall's id, and the same in any cut."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from detectors import reasons
from detectors.fall import FallDetector
from detectors.fall_model import fall_models
from detectors.wearable import WornFrame
from schemas import finding as wire
from schemas.config import ResidentConfig
from schemas.finding import Finding, Stage
from schemas.mobility import Mobility
from tests.detectors import signals
from tests.detectors.signals import RATE, Floats, lying, standing, walking, worn

SECOND = 1_000_000


def story(*after: Floats) -> list[WornFrame]:
    return worn(np.vstack([signals.fall_story(), *after]))


def news(frames: list[WornFrame], mobility: Mobility = Mobility.UNKNOWN) -> list[Finding]:
    """What is told after the alarm."""
    by_trunk = fall_models()["trunk"]  # whatever the place: this is not about being found
    detector = FallDetector(models={"trunk": by_trunk, "wrist": by_trunk})
    detector.configure(ResidentConfig(resident="r1", unit="u1", version=1, mobility=mobility))
    found = [finding for frame in frames for finding in detector.update([frame])]
    assert detector.errors == []
    alarm = next(number for number, one in enumerate(found) if one.stage is Stage.CONFIRMED)
    assert {one.id for one in found} == {found[alarm].id}
    return found[alarm + 1 :]


def said(finding: Finding, code: str) -> dict[str, float] | None:
    return next((reason.values for reason in finding.evidence.reasons if reason.code == code), None)


def restless(seconds: float, posture: Floats, size: float = 0.08, seed: int = 9) -> Floats:
    """Moves slowly and never rests; no steps."""
    rng = np.random.default_rng(seed)
    steps = rng.normal(0, size, (int(seconds) + 2, 3))
    t = np.arange(round(seconds * RATE)) / RATE
    way = np.column_stack([np.interp(t, np.arange(len(steps)), steps[:, axis]) for axis in range(3)])
    return posture + way + rng.normal(0, 0.01, way.shape)


def test_no_movement_is_told_after_20_s_a_minute_and_five_minutes_and_never_again() -> None:
    told = news(story(lying(400)))
    assert [(one.stage, one.update) for one in told] == [(Stage.CONFIRMED, n) for n in (1, 2, 3)]
    assert [said(one, reasons.NO_MOVEMENT) for one in told] == [{"s": s} for s in (20.0, 60.0, 300.0)]
    for one, seconds in zip(told, (25, 65, 305), strict=True):
        assert one.decided_us - one.event_us == seconds * SECOND
        assert said(one, reasons.IMPACT) is not None
        assert one.evidence.phases[-1].name == reasons.PHASE_STILL
        assert one.evidence.phases[-1].end_us == one.end_us
    assert len([phase for phase in told[-1].evidence.phases if phase.name == reasons.PHASE_STILL]) <= 2


def test_who_moves_and_lies_is_told_of_once() -> None:
    (told,) = news(story(restless(200, np.array([0.1, -0.15, 0.98]))))
    assert said(told, reasons.MOVES_LYING) == {"s": 60.0}
    assert said(told, reasons.NO_MOVEMENT) is None


def test_a_wrist_says_nothing_of_how_the_body_lies() -> None:
    frames = [replace(f, position="wrist") for f in story(restless(200, np.array([0.1, -0.15, 0.98])))]
    assert news(frames) == []


def test_stillness_begins_anew_after_a_movement() -> None:
    stirs = np.vstack([lying(30), restless(8, np.array([0.1, -0.15, 0.98]), 0.3), lying(80)])
    told = [said(one, reasons.NO_MOVEMENT) for one in news(story(stirs))]
    assert [each for each in told if each is not None] == [{"s": 20.0}, {"s": 60.0}]


def test_a_gap_is_not_stillness() -> None:
    frames = [frame for number, frame in enumerate(story(lying(45))) if number not in (13, 18, 22, 27)]
    assert news(frames) == []


def test_as_still_as_a_thing_for_five_minutes_is_said_to_be_perhaps_not_worn() -> None:
    told = news(story(lying(340)))
    assert [said(one, reasons.MAYBE_NOT_WORN) for one in told] == [None, None, {"s": 300.0}]
    assert not any(one.mild for one in told)
    breathing = lying(340) + 0.028 * np.sin(2 * np.pi * 0.25 * np.arange(17000) / RATE)[:, None] * [0, 1, 0.2]
    told = news(story(breathing))
    assert [said(one, reasons.NO_MOVEMENT) for one in told] == [{"s": s} for s in (20.0, 60.0, 300.0)]
    assert [said(one, reasons.MAYBE_NOT_WORN) for one in told] == [None, None, None]


def test_who_gets_up_and_potters_about_has_recovered_without_a_long_walk() -> None:
    potters = np.vstack([part for n in range(8) for part in (walking(6, seed=n), restless(9, UPRIGHT, 0.1, seed=n))])
    told = news(story(potters))
    assert told[-1].stage is Stage.RECOVERED
    assert told[-1].update == 0
    assert said(told[-1], reasons.UPRIGHT_AGAIN) or said(told[-1], reasons.WALKS_AGAIN)


UPRIGHT = np.array([0.05, -1.0, 0.1])


def test_who_sits_up_and_moves_has_not_recovered() -> None:
    assert all(one.stage is Stage.CONFIRMED for one in news(story(restless(120, UPRIGHT, 0.1), standing(40))))


@pytest.mark.parametrize("mobility", [Mobility.WHEELCHAIR, Mobility.BEDBOUND])
def test_who_never_walks_is_not_said_to_have_recovered_by_anything_a_wearable_feels(mobility: Mobility) -> None:
    after = (lying(10), walking(120))
    assert news(story(*after))[-1].stage is Stage.RECOVERED
    told = news(story(*after), mobility)
    assert [(one.stage, one.update) for one in told] == [(Stage.CONFIRMED, 1)]
    assert said(told[0], reasons.UPRIGHT_AGAIN) is not None


@pytest.mark.parametrize("mobility", [Mobility.FRAME, Mobility.WALKS])
def test_who_walks_however_recovers_by_walking(mobility: Mobility) -> None:
    assert news(story(walking(60)), mobility)[-1].stage is Stage.RECOVERED


def test_a_restart_in_the_middle_changes_none_of_it() -> None:
    frames = story(lying(75), restless(30, UPRIGHT), walking(40))
    whole = FallDetector()
    usual = [wire.encode(one) for frame in frames for one in whole.update([frame])]
    found: list[bytes] = []
    state = FallDetector().snapshot()
    for start, end in pairwise([*range(0, len(frames), 3), len(frames)]):
        detector = FallDetector()
        detector.restore(state)
        found += [wire.encode(one) for one in detector.update(frames[start:end])]
        state = detector.snapshot()
    assert found == usual
    assert len(usual) >= 4


def test_a_second_blow_within_a_minute_is_no_second_alarm_and_after_getting_up_it_is() -> None:
    def ids(*between: Floats) -> int:
        detector = FallDetector()
        frames = worn(np.vstack([signals.fall_story(after_s=5), *between, signals.falling(), lying(10)]))
        found = [one for frame in frames for one in detector.update([frame])]
        return len({one.id for one in found if one.stage is Stage.CONFIRMED})

    assert ids(lying(30)) == 1
    assert ids(standing(40)) == 1
    assert ids(walking(45)) == 2
