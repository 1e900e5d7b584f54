"""The model of wandering is trained from what is given, and the same gives the same bytes."""

from pathlib import Path

import numpy as np
import pytest

from bench import held_out_wandering, train_wandering
from bench.quality_wandering_rules import RULES, STEPS_M
from bench.strolls import PURPOSEFUL, ROOMS, strolls
from bench.strolls_seen import RECEIVERS, ROOM_RECEIVER
from bench.walks import WANDERING, walks
from bench.wander_seen import ROUNDS, STROLLED, Seen, chained, recorded, see
from detectors.walk_model import LOOKS, OUTSIDE, model_from
from detectors.walk_model import ROOMS as IN_ROOMS


@pytest.fixture
def rounds(tmp_path: Path) -> Path:
    """A dozen straight walks, as recorded."""
    lines = ["track,t_rel_ms,x_m,y_m,label"]
    lines += [f"{n},{5000 * i},{6 * i},{n},OnFoot" for n in range(12) for i in range(72)]
    path = tmp_path / "rounds.csv"
    path.write_text("\n".join(lines))
    return path


def test_the_same_recordings_give_the_same_bytes(rounds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def few(paths: list[Path], model: str, count: int, seed: int) -> list[Seen]:
        made = [(p, walk) for p in ("pacing", "straight") for walk in walks(p, 3, seed)]
        seen = [see(walk, "walks", "gps", degrees=False, model=model) for _, walk in made]
        return [*seen, *(one for path in paths for one in recorded(path, model) if one.origin == ROUNDS)]

    monkeypatch.setattr(train_wandering, "all_of", few)
    monkeypatch.setattr(train_wandering, "TREES", 4)
    monkeypatch.setattr(train_wandering, "LEAST", 5)
    outs = [tmp_path / "one.npz", tmp_path / "two.npz"]
    assert [train_wandering.main([str(rounds), "--out", str(out)]) for out in outs] == [0, 0]
    assert outs[0].read_bytes() == outs[1].read_bytes()
    with np.load(outs[0], allow_pickle=False) as arrays:
        for name in (OUTSIDE, IN_ROOMS):
            model = model_from(arrays, name)
            assert model.threshold == train_wandering.THRESHOLDS[name]
            assert model.columns.max() < len(LOOKS) * len(model.scales_s)


def test_a_model_of_other_looks_is_refused() -> None:
    with pytest.raises(ValueError, match="other looks"):
        model_from({f"{OUTSIDE}_names": np.array([*LOOKS[:-1], "luck"])}, OUTSIDE)


def test_what_is_no_recording_is_refused_with_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert train_wandering.main([str(tmp_path / "absent.csv")]) == 2
    assert "no such file" in capsys.readouterr().err


@pytest.mark.parametrize("receiver", [*RECEIVERS, ROOM_RECEIVER])
def test_strolls_are_the_same_for_the_same_seed_and_of_every_pattern(receiver: str) -> None:
    for pattern in ROOMS if receiver == ROOM_RECEIVER else (*WANDERING, *PURPOSEFUL):
        (one,), (same,), (other,) = (list(strolls(pattern, 1, seed, receiver)) for seed in (3, 3, 4))
        assert np.array_equal(one.xy_m, same.xy_m)
        assert not np.array_equal(one.xy_m[:10], other.xy_m[:10])
        assert (one.onset_s is not None) == (pattern in WANDERING)
        assert np.isfinite(one.xy_m).all()
        assert (np.diff(one.t_s) > 0).all()


def test_real_walks_put_one_after_another_lead_on() -> None:
    parts = list(walks("straight", 12, 5))
    (one,) = chained(parts, 1, 0)
    assert (np.diff(one.t_s) > 0).all()
    assert one.t_s[-1] > 10 * 900
    assert np.hypot(*np.diff(one.xy_m, axis=0).T).max() < 60


def test_the_report_groups_what_was_found_and_what_was_flagged(capsys: pytest.CaptureFixture[str]) -> None:
    class Always:
        def decision_function(self, looks: np.ndarray) -> np.ndarray:
            return np.full(len(looks), 9.0)

    found = [
        see(walk, STROLLED, "gps", degrees=True, model=OUTSIDE)
        for pattern in ("pacing", "straight")
        for walk in strolls(pattern, 1, 5, "gps")
    ]
    held_out_wandering.told(Always(), found, OUTSIDE, "all", "pattern")
    told = capsys.readouterr().out
    assert "strolls straight" in told
    assert "flagged 100 %" in told


@pytest.mark.parametrize("rule", sorted(RULES))
def test_the_rules_beside_find_pacing_and_leave_a_straight_walk_in_peace(rule: str) -> None:
    pacing = [(float(s), 60.0 * abs((s / 60) % 2 - 1), 0.0) for s in range(0, 1800, 5)]
    straight = [(float(s), float(s), 0.0) for s in range(0, 1800, 5)]
    assert RULES[rule](pacing, STEPS_M["outside"]) is not None
    assert RULES[rule](straight, STEPS_M["outside"]) is None


def test_a_walk_in_degrees_looks_as_it_does_in_metres() -> None:
    (walk,) = walks("lapping", 1, 3)
    one, other = (see(walk, "walks", "gps", degrees=degrees, model=OUTSIDE) for degrees in (False, True))
    assert one.at_s.tolist() == other.at_s.tolist()
    assert np.allclose(one.looks, other.looks, atol=0.02)
