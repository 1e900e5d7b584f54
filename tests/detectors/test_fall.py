"""The fall detector on synthetic acceleration: what it must find, and what it must never do."""

from dataclasses import replace
from math import sqrt

import numpy as np
import pytest
from numpy.typing import NDArray

from detectors import reasons
from detectors.fall import FallConfig, FallDetector
from detectors.fall_features import FEATURES
from detectors.fall_model import PLACES, WRIST
from detectors.fall_window import POST_S, Window
from detectors.wearable import WornFrame
from schemas.finding import Finding, FindingKind, Stage
from schemas.ids import finding_id
from tests.detectors import signals
from tests.detectors.signals import SCALE, START_US

SECOND = 1_000_000
#: When the body hits the floor in signals.fall_story().
HIT_US = START_US + 9_800_000


def find(frames: list[WornFrame], config: FallConfig | None = None, *, then_silence: bool = False) -> list[Finding]:
    detector = FallDetector(config)
    found = [one for frame in frames for one in detector.update([frame])]
    if then_silence:
        last = max(frame.event_us + frame.duration_us for frame in frames)
        found += detector.tick(last + 15 * SECOND)
    assert detector.errors == []
    return alarms(found)


def alarms(found: list[Finding]) -> list[Finding]:
    """What the desk raises by its defaults."""
    return [one for one in found if one.stage is Stage.CONFIRMED and not one.update]


@pytest.mark.parametrize("rate", [20.0, 25.0, 32.0, 50.0, 100.0, 200.0])
def test_a_fall_is_found_once_at_any_rate(rate: float) -> None:
    found = find(signals.worn(signals.fall_story(rate=rate), rate=rate))
    assert len(found) == 1
    assert abs(found[0].event_us - HIT_US) <= 0.1 * SECOND


@pytest.mark.parametrize("range_g", [2.0, 4.0, 8.0, 16.0])
def test_a_fall_is_found_by_a_sensor_that_clips(range_g: float) -> None:
    turn = np.array([[0.819, -0.574, 0], [0.470, 0.671, -0.574], [0.329, 0.470, 0.819]])  # as nobody straps it on
    assert len(find(signals.worn(signals.fall_story() @ turn.T, scale=range_g / 32768))) == 1


@pytest.mark.parametrize("frame_s", [0.1, 0.5, 1.0, 7.3, 20.0])
def test_the_length_of_frames_does_not_change_the_score(frame_s: float) -> None:
    usual = find(signals.worn(signals.fall_story()))
    other = find(signals.worn(signals.fall_story(), frame_s=frame_s))
    assert [(one.event_us, one.score) for one in other] == [(one.event_us, one.score) for one in usual]


def test_a_sensor_turned_any_way_finds_the_fall() -> None:
    rng = np.random.default_rng(5)
    for _ in range(5):
        turn, _ = np.linalg.qr(rng.normal(size=(3, 3)))
        assert len(find(signals.worn(signals.fall_story() @ turn.T))) == 1


def test_how_the_samples_lie_in_memory_changes_nothing() -> None:
    frames = signals.worn(np.vstack([signals.day_story(60), signals.fall_story()]), position="waist")
    columns = [replace(frame, acc=np.asfortranarray(frame.acc)) for frame in frames]
    beside = [replace(frame, acc=np.hstack([frame.acc, frame.acc])[:, :3]) for frame in frames]  # as with a gyroscope
    found = find(frames)
    assert len(found) == 1
    assert find(columns) == find(beside) == found


def test_the_finding_says_who_when_and_why() -> None:
    frames = signals.worn(signals.fall_story())
    (fall,) = find(frames)
    anchor = next(f for f in frames if f.event_us <= fall.event_us < f.event_us + f.duration_us)
    assert (fall.kind, fall.stage, fall.anchor) == (FindingKind.FALL, Stage.CONFIRMED, anchor.key)
    assert fall.id == finding_id("u1", "r1", FindingKind.FALL, anchor.key)
    assert fall.decided_us - fall.event_us == POST_S * SECOND
    names = [phase.name for phase in fall.evidence.phases]
    assert names == ["free_fall", "impact", "lying", "still"]
    told = {reason.code: reason.values for reason in fall.evidence.reasons}
    assert set(told) <= set(reasons.REASONS)
    assert all(tuple(values) == reasons.REASONS[code] for code, values in told.items())
    assert 4 < told[reasons.IMPACT]["g"] < 6
    assert 0.2 <= told[reasons.FREE_FALL]["s"] <= 0.6
    assert 60 <= told[reasons.POSTURE_CHANGE]["deg"] <= 100


def test_walking_and_standing_for_ten_minutes_raise_nothing() -> None:
    assert find(signals.worn(signals.day_story(600))) == []


def test_a_second_blow_within_the_same_fall_raises_nothing() -> None:
    twice = np.vstack([signals.fall_story(after_s=6), signals.falling(), signals.lying(10)])
    assert len(find(signals.worn(twice))) == 1


@pytest.mark.parametrize(("position", "judged"), [("waist", 2), ("wrist", 1), (None, 1)])
def test_at_the_trunk_the_ground_is_judged_beside_the_harder_step_before_it(position: str | None, judged: int) -> None:
    tripped = signals.fall_story()
    tripped[round(8.9 * signals.RATE)] = [0.0, -9.0, 0.0]
    models = dict.fromkeys(PLACES, Counting())
    detector = FallDetector(models=models)  # type: ignore[arg-type]
    detector.update(signals.worn(tripped, position=position))
    assert detector.errors == []
    assert len({tuple(seen) for seen in models[WRIST].seen}) == 2 * judged  # each early and in full


class Counting:
    """A model that finds nothing and remembers what it was asked."""

    threshold = 1.0

    def __init__(self) -> None:
        self.seen: list[list[float]] = []

    def judge(self, features: NDArray[np.float64], window: Window) -> float:
        self.seen.append(features.tolist())
        return 0.0


def test_two_falls_far_apart_are_two() -> None:
    later = np.vstack([signals.fall_story(after_s=75), signals.fall_story()])
    found = find(signals.worn(later))
    assert len(found) == 2
    assert found[0].id != found[1].id


def test_data_that_end_after_the_impact_are_judged_on_what_is_there() -> None:
    frames = signals.worn(signals.fall_story(after_s=0.7))
    assert find(frames) == []
    (fall,) = find(frames, then_silence=True)
    told = {reason.code: reason.values for reason in fall.evidence.reasons}
    assert 1.0 <= told[reasons.NO_DATA_AFTER]["s"] <= 1.3


def test_a_gap_after_the_impact_is_not_bridged() -> None:
    frames = signals.worn(signals.fall_story())
    broken = [frame for frame in frames if not 10 * SECOND <= frame.event_us - START_US < 12 * SECOND]
    detector = FallDetector()
    assert [one for frame in broken for one in detector.update([frame])] == []
    found = detector.tick(START_US + 60 * SECOND)
    assert all(one.end_us - START_US <= 10 * SECOND for one in found)
    assert all(any(r.code == reasons.NO_DATA_AFTER for r in one.evidence.reasons) for one in found)


def test_lost_samples_are_a_gap_though_the_clock_goes_on() -> None:
    frames = signals.worn(signals.fall_story())
    broken = [replace(frame, lost=100) if frame.seq == 5 else frame for frame in frames]
    (judged,) = find(broken)
    assert judged.evidence.features["post_s"] == pytest.approx(0.18)  # on what was before the gap, and no more


def test_a_reboot_in_the_middle_is_a_gap() -> None:
    frames = signals.worn(signals.fall_story())
    rebooted = [replace(f, boot=2, seq=f.seq - 5, t0_us=f.t0_us - 10 * SECOND) if f.seq >= 5 else f for f in frames]
    assert all(one.end_us <= START_US + 10 * SECOND for one in find(rebooted, then_silence=True))


def test_a_gap_that_closes_late_gives_the_finding_of_whole_data() -> None:
    frames = signals.worn(signals.fall_story())
    late = [frame for frame in frames if frame.seq != 5] + [frames[5]]
    assert [(f.id, f.score) for f in find(late)] == [(f.id, f.score) for f in find(frames)]


class NeedsSeconds:
    """A model that says fall only of an impact with all its seconds."""

    threshold = 0.5

    def judge(self, features: NDArray[np.float64], window: Window) -> float:
        return float(features[FEATURES.index("post_s")] >= POST_S)


def test_an_outage_right_after_the_impact_does_not_lose_the_fall(monkeypatch: pytest.MonkeyPatch) -> None:
    frames = signals.worn(signals.fall_story())
    detector = FallDetector()
    monkeypatch.setattr(detector, "_models", {"trunk": NeedsSeconds()})
    assert detector.update(frames[:5]) == []
    assert detector.tick(START_US + 600 * SECOND) == []
    assert len(detector.update(frames[5:])) == 1
    assert detector.errors == []


def test_what_comes_after_an_outage_adds_no_second_finding() -> None:
    frames = signals.worn(signals.fall_story())
    detector = FallDetector()
    found = detector.update(frames[:5])
    found += detector.tick(START_US + 600 * SECOND)
    assert len(found) == 1
    assert detector.update(frames[5:]) == []


def test_an_old_stretch_that_is_sent_beside_the_live_one_is_judged_too() -> None:
    old = signals.worn(signals.fall_story(), first_seq=0)
    live = signals.worn(signals.day_story(20), first_seq=5000, t0_us=3600 * SECOND, start_us=START_US + 3600 * SECOND)
    mixed = [frame for pair in zip(old, live, strict=False) for frame in pair]
    assert [f.event_us for f in find(mixed)] == [f.event_us for f in find(old)]


@pytest.mark.parametrize("state", [{"worn": False}, {"charging": True}])
def test_a_device_not_worn_or_charging_raises_nothing(state: dict[str, bool]) -> None:
    frames = [replace(frame, **state) for frame in signals.worn(signals.fall_story())]  # type: ignore[arg-type]
    assert find(frames, then_silence=True) == []


def test_a_device_that_cannot_know_whether_it_is_worn_is_judged() -> None:
    frames = [replace(frame, worn=None) for frame in signals.worn(signals.fall_story())]
    assert len(find(frames)) == 1


class Breaks:
    """A model that cannot judge."""

    threshold = 0.5

    def judge(self, features: NDArray[np.float64], window: Window) -> float:
        raise ArithmeticError("no number")


def test_trouble_with_one_wearers_data_is_reported_and_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    good = signals.worn(signals.fall_story(), "good")
    bad = signals.worn(signals.fall_story(), "bad", position="wrist")
    detector = FallDetector()
    monkeypatch.setitem(detector._models, "wrist", Breaks())
    found = [one for pair in zip(bad, good, strict=True) for one in detector.update(pair)]
    assert [one.resident for one in alarms(found)] == ["good"]
    assert [text for _, text in detector.errors] == ["ArithmeticError: no number"]
    assert all(key.startswith("d-bad") for key, _ in detector.errors)


def test_full_scale_on_all_axes_does_not_overflow() -> None:
    acc = np.full((100, 3), -32768, dtype=np.int16)
    frame = replace(signals.worn(signals.standing(2))[0], acc=acc)
    detector = FallDetector()
    detector.update([frame])
    held = detector.wearers["u1", "r1"].traces["d-r1"].held[0]
    assert held.peak == pytest.approx(sqrt(3) * 32768 * SCALE)


def test_two_devices_on_one_person_raise_one_finding() -> None:
    waist = signals.worn(signals.fall_story())
    second = [replace(f, device="other", key=f"other:1:{f.seq}:frame") for f in waist]
    assert len(find([frame for pair in zip(waist, second, strict=True) for frame in pair])) == 1


def test_many_tiny_frames_do_not_grow_the_state() -> None:
    detector = FallDetector()
    detector.update(signals.worn(signals.day_story(60), frame_s=0.02))
    assert len(detector.wearers["u1", "r1"].traces["d-r1"].held) <= 256


def test_a_device_silent_for_a_day_is_forgotten() -> None:
    detector = FallDetector()
    detector.update(signals.worn(signals.standing(10)))
    detector.tick(START_US + 23 * 3600 * SECOND)
    assert detector.wearers != {}
    detector.tick(START_US + 25 * 3600 * SECOND)
    assert detector.wearers == {}
