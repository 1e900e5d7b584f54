"""A device that is dropped, taken off or loose: what is said of it, and that no person's fall is silenced for it."""

from dataclasses import replace

import numpy as np
import pytest

from detectors import reasons
from detectors.fall import FallDetector
from detectors.fall_model import fall_models
from detectors.wearable import WornFrame
from schemas.finding import Finding, Stage
from tests.detectors import signals
from tests.detectors.signals import RATE, START_US, Floats, lying, standing, walking, worn

SECOND = 1_000_000


def watch() -> FallDetector:
    """Judged by the trunk's model wherever it is worn, so that all of these are found."""
    by_trunk = fall_models()["trunk"]
    return FallDetector(models={"trunk": by_trunk, "wrist": by_trunk})


def told(frames: list[WornFrame], detector: FallDetector | None = None) -> list[Finding]:
    detector = detector or watch()
    found = [one for frame in frames for one in detector.update([frame])]
    assert detector.errors == []
    return found


def alarm(found: list[Finding]) -> Finding:
    return next(one for one in found if one.stage is Stage.CONFIRMED)


def said(finding: Finding, code: str) -> dict[str, float] | None:
    return next((reason.values for reason in finding.evidence.reasons if reason.code == code), None)


def dropped(flies_s: float = 0.4, after: Floats | None = None, flight_g: float = 0.1, rate: float = RATE) -> Floats:
    """Held, let go, in free flight with some spin, a hard knock and two small ones, then on the floor."""
    rng = np.random.default_rng(6)
    flight = np.array([0.6, 0.5, 0.62]) * flight_g + rng.normal(0, 0.01, (round(flies_s * rate), 3))
    lies = lying(12, rate) if after is None else after
    knocks = np.zeros(lies.shape)
    for at_s, size in ((0.0, 7.0), (0.28, 2.0), (0.42, 1.0)):
        first = round(at_s * rate)
        knocks[first : first + max(1, round(0.02 * rate))] += size * np.array([0.4, 0.5, 0.77])
    return np.vstack([standing(8, rate), walking(6, rate), flight, lies + knocks])


@pytest.mark.parametrize("rate", [25.0, 50.0, 100.0, 200.0])
def test_a_device_that_flew_and_lies_like_a_thing_may_have_been_dropped_and_still_raises_an_alarm(rate: float) -> None:
    fall = alarm(told(worn(dropped(rate=rate), position="wrist", rate=rate)))
    assert fall.mild
    reason = said(fall, reasons.MAYBE_DROPPED)
    assert reason is not None and 0.3 <= reason["s"] <= 0.5


@pytest.mark.parametrize(
    "samples",
    [
        pytest.param(signals.fall_story(), id="a fall"),
        pytest.param(dropped(flies_s=0.2), id="a short flight"),
        pytest.param(dropped(flight_g=0.3), id="light, not weightless"),
        pytest.param(
            dropped(after=lying(12) + np.random.default_rng(1).normal(0, 0.03, (600, 3))), id="and somebody moves then"
        ),
    ],
)
def test_what_a_body_may_do_is_an_alarm_like_any(samples: Floats) -> None:
    fall = alarm(told(worn(samples)))
    assert not fall.mild
    assert said(fall, reasons.MAYBE_DROPPED) is None


def test_where_the_seconds_after_it_are_missing_nothing_is_said_of_dropping() -> None:
    detector = watch()
    told(worn(dropped(after=lying(1.5))), detector)
    fall = alarm(detector.tick(START_US + 60 * SECOND))
    assert not fall.mild


@pytest.mark.parametrize("state", [{"worn": False}, {"charging": True}])
def test_a_fall_whose_device_says_a_moment_later_that_nobody_wears_it_is_told_at_once(state: dict[str, bool]) -> None:
    frames = worn(signals.fall_story(after_s=20))
    hit = 5  # 9.8 s is in frame 4; frame 5 begins 0.2 s after it
    off = [*frames[: hit + 1], *(replace(frame, **state) for frame in frames[hit + 1 :])]  # type: ignore[arg-type]
    found = told(off)
    fall = alarm(found)
    assert not fall.mild
    assert said(fall, reasons.NO_DATA_AFTER) is not None
    (news,) = [one for one in found if one.update]
    assert news.id == fall.id and said(news, reasons.TAKEN_OFF) == {}
    assert not news.mild


def test_a_device_taken_off_long_after_is_no_news_of_an_old_fall_of_another_boot() -> None:
    frames = worn(signals.fall_story(after_s=10))
    off = [replace(frame, worn=False) for frame in worn(lying(4), boot=2, t0_us=60 * SECOND)]
    assert [one for one in told([*frames, *off]) if said(one, reasons.TAKEN_OFF)] == []


def test_a_strap_that_turns_the_sensor_slowly_says_nothing() -> None:
    """90 degrees in a minute while walking: the body is as upright as before."""
    parts = np.vstack([walking(60), standing(30)])
    angle = np.minimum(1, np.arange(len(parts)) / (60 * RATE)) * np.pi / 2
    turned = np.column_stack(
        [
            parts[:, 0],
            np.cos(angle) * parts[:, 1] - np.sin(angle) * parts[:, 2],
            np.sin(angle) * parts[:, 1] + np.cos(angle) * parts[:, 2],
        ]
    )
    assert told(worn(turned)) == []


def test_a_strap_that_slaps_while_walking_says_nothing() -> None:
    slapped = walking(120)
    slapped[40::50, 0] += 2.5  # once a step, for one sample
    assert [one for one in told(worn(slapped)) if one.stage is Stage.CONFIRMED] == []
