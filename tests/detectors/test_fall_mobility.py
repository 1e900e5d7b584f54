"""What is expected of somebody who walks, who has a frame or a wheelchair, and who stays in bed. Synthetic signals:
there are no recordings of such people, so nothing here says how well falls of theirs are found.
"""

import numpy as np
import pytest

from detectors import reasons
from detectors.fall import FallDetector
from detectors.wearable import WornFrame
from schemas.config import ResidentConfig
from schemas.finding import Finding, Stage
from schemas.mobility import Mobility
from tests.detectors import signals
from tests.detectors.signals import RATE, Floats, lying, standing, walking, worn

ALL = (Mobility.WALKS, Mobility.FRAME, Mobility.WHEELCHAIR, Mobility.BEDBOUND)


def told(frames: list[WornFrame], mobility: Mobility) -> list[Finding]:
    detector = FallDetector()
    detector.configure(ResidentConfig(resident="r1", unit="u1", version=1, mobility=mobility))
    found = [one for frame in frames for one in detector.update([frame])]
    assert detector.errors == []
    return found


def alarms(found: list[Finding]) -> list[Finding]:
    return [one for one in found if one.stage is Stage.CONFIRMED and not one.update]


def knocks(seconds: float, every_s: float, size_g: float, width_s: float, sway_g: float, seed: int) -> Floats:
    """A hard contact again and again: the frame that is set down, a push at the rims, a threshold."""
    rng = np.random.default_rng(seed)
    t = np.arange(round(seconds * RATE)) / RATE
    swing = sway_g * np.sin(2 * np.pi * t / every_s)[:, None] * [0.3, 1, 0.4]
    samples: Floats = np.array([0.2, -0.9, 0.3]) + swing + rng.normal(0, 0.02, (len(t), 3))
    at_s = 0.5
    while at_s < seconds - 0.3:
        first, width = round(at_s * RATE), max(1, round(width_s * RATE))
        samples[first : first + width] += size_g * rng.uniform(0.7, 1.3) * np.array([0.3, -0.8, 0.5])
        at_s += every_s * (1 + rng.normal(0, 0.15))
    return samples


def turning_over() -> Floats:
    """In bed, from one side to the other and back, each in a second and a half, with a flop onto the mattress."""
    sides = [np.array([0.97, -0.1, 0.1]), np.array([-0.97, -0.1, 0.1])]
    parts: list[Floats] = [lying(14)]
    for number in range(6):
        share = np.linspace(0, np.pi, 75)[:, None]
        turn = np.cos(share) * sides[number % 2] + np.sin(share) * np.array([0.0, -0.1, 1.0])
        turn[-10:] += 0.5 * np.sin(np.linspace(0, np.pi, 10))[:, None] * sides[(number + 1) % 2]
        rest = sides[(number + 1) % 2] + np.random.default_rng(number).normal(0, 0.008, (600, 3))
        parts += [turn, rest]
    return np.vstack(parts)


@pytest.mark.parametrize("mobility", ALL)
def test_a_fall_is_an_alarm_however_one_gets_about(mobility: Mobility) -> None:
    (fall,) = alarms(told(worn(signals.fall_story()), mobility))
    assert not fall.mild
    ways = {reason.code for reason in fall.evidence.reasons} & {
        reasons.USES_FRAME, reasons.USES_WHEELCHAIR, reasons.BEDBOUND,
    }  # fmt: skip
    expected = {
        Mobility.FRAME: {reasons.USES_FRAME},
        Mobility.WHEELCHAIR: {reasons.USES_WHEELCHAIR},
        Mobility.BEDBOUND: {reasons.BEDBOUND},
    }
    assert ways == expected.get(mobility, set())


@pytest.mark.parametrize("mobility", ALL)
def test_who_walks_again_has_recovered_if_they_ever_walk(mobility: Mobility) -> None:
    stages = [one.stage for one in told(worn(np.vstack([signals.fall_story(), walking(60)])), mobility)]
    assert (Stage.RECOVERED in stages) == (mobility in (Mobility.WALKS, Mobility.FRAME))


@pytest.mark.parametrize("position", ["wrist", "waist", None])
@pytest.mark.parametrize("size_g", [2.0, 3.5])
def test_a_frame_set_down_hard_at_each_step_is_no_fall(position: str | None, size_g: float) -> None:
    samples = np.vstack([standing(5), knocks(90, 1.2, size_g, 0.04, 0.08, 1), standing(15)])
    assert alarms(told(worn(samples, position=position), Mobility.FRAME)) == []


@pytest.mark.parametrize("position", ["wrist", "waist", None])
@pytest.mark.parametrize("size_g", [1.2, 2.5])
def test_pushing_the_rims_and_driving_over_thresholds_is_no_fall(position: str | None, size_g: float) -> None:
    samples = np.vstack(
        [standing(5), knocks(60, 0.9, size_g, 0.1, 0.35, 2), knocks(60, 9.0, size_g, 0.04, 0.03, 3), standing(15)]
    )
    assert alarms(told(worn(samples, position=position), Mobility.WHEELCHAIR)) == []


def test_a_wheelchair_that_tips_over_is_a_fall_that_no_moving_about_ends() -> None:
    tips = np.vstack([standing(12), signals.falling(), lying(20), walking(40)])
    found = told(worn(tips), Mobility.WHEELCHAIR)
    assert len(alarms(found)) == 1
    assert {one.stage for one in found} <= {Stage.POSSIBLE, Stage.CONFIRMED}


def test_turning_over_in_bed_is_nothing_for_who_stays_in_bed() -> None:
    assert told(worn(turning_over()), Mobility.BEDBOUND) == []
    assert alarms(told(worn(turning_over()), Mobility.WALKS)) == []


def test_who_stays_in_bed_and_falls_out_of_it_has_fallen() -> None:
    """From lying to lying on another side, half a metre down."""
    side = np.array([0.97, -0.1, 0.1]) + np.random.default_rng(8).normal(0, 0.008, (700, 3))
    down = np.linspace(0, 1, 15)[:, None]
    falls = (side[0] * (1 - down) + np.array([0.1, -0.15, 0.98]) * down) * (1 - 0.6 * np.sin(np.pi * down))
    found = told(worn(np.vstack([side, falls, signals.falling()[25:], lying(15)])), Mobility.BEDBOUND)
    assert len(alarms(found)) == 1


def test_what_is_known_of_somebody_counts_from_its_place_in_the_stream_on_and_survives_a_restart() -> None:
    frames = worn(np.vstack([signals.fall_story(), walking(60)]))
    first = FallDetector()
    first.configure(ResidentConfig(resident="r1", unit="u1", version=1, mobility=Mobility.WHEELCHAIR))
    for frame in frames[:8]:
        first.update([frame])
    second = FallDetector()
    second.restore(first.snapshot())
    found = [one for frame in frames[8:] for one in second.update([frame])]
    assert Stage.RECOVERED not in {one.stage for one in found}
