"""`python -m bench quality wandering`: what it reads, what it prints, by which rules; and walks that are made up."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from bench.__main__ import main
from bench.quality_wandering import flagged_at, play_track, readings_of
from bench.quality_wandering_report import wandering_report
from bench.quality_wandering_rule import sharp_points
from bench.tracks_read import RecordedTrack, Row, read_tracks
from bench.walks import INDOOR, PURPOSEFUL, RECEIVERS, WANDERING, Walk, walks, write_walks

RECORDINGS = Path(__file__).resolve().parents[3] / "shared" / "data" / "wander"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A track of pacing after an approach, one of a straight walk, one of a ride."""
    lines = ["track,t_ms,lat,lon,accuracy_m,label"]
    for s in range(0, 1500, 10):
        along = s if s < 300 else 300 + 40 * abs(((s - 300) / 40 + 1) % 2 - 1)
        label = "approach" if s < 300 else "pacing"
        lines.append(f"a,{s * 1000},{30 + along / 111_195:.7f},122.2,5,{label}")
        lines.append(f"b,{1_600_000_000_000 + s * 1000},{30 + s / 111_195:.7f},122.2,,straight")
        lines.append(f"c,{s * 1000},{30 + 12 * s / 111_195:.7f},122.2,5,Driving")
    path = tmp_path / "made.csv"
    path.write_text("\n".join(lines))
    return path


def test_the_json_has_an_object_a_track_and_these_keys(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["quality", "wandering", str(file), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert list(told) == ["schema", "tracks"]
    assert told["schema"] == 1
    assert [list(track) for track in told["tracks"]] == [["file", "track", "label", "seconds", "flagged_at_s"]] * 3
    assert [(t["track"], t["label"]) for t in told["tracks"]] == [("a", "pacing"), ("b", "straight"), ("c", "Driving")]
    pacing, straight, ride = told["tracks"]
    assert 300 < pacing["flagged_at_s"] < 1000
    assert (straight["flagged_at_s"], ride["flagged_at_s"], straight["seconds"]) == (None, None, 1490.0)


def test_the_report_says_each_pattern_with_intervals_and_the_time_from_where_it_began(file: Path) -> None:
    played = [play_track(track) for track in read_tracks(file)]
    report = wandering_report(played)
    assert "pacing found       ours          100.0 % [20.7, 100.0]  (1 of 1)  after" in report
    assert "normal flagged     ours            0.0 % [0.0, 65.8]  (0 of 2)  0.000 an hour of walking" in report
    assert "(0.4 h)" in report  # the ride is no walking
    assert "sharp points" in report


def test_the_detector_is_told_positions_and_nothing_else(file: Path) -> None:
    track = next(iter(read_tracks(file)))
    told = list(readings_of(track))
    assert {seen.type for reading in told for seen in reading.observations} == {"lat", "lon", "accuracy"}
    assert {(reading.device, reading.resident, reading.topic) for reading in told} == {("tracker", "person", "")}
    straight = list(read_tracks(file))[1]
    assert {seen.type for reading in readings_of(straight) for seen in reading.observations} == {"lat", "lon"}


def test_metres_relative_times_and_gzip_are_read_and_rows_put_in_order(tmp_path: Path) -> None:
    path = tmp_path / "metres.csv.gz"
    with gzip.open(path, "wt") as lines:
        lines.write(
            "subject,track,t_rel_ms,x_m,y_m,label\nx,k,2000,3.5,4,a\nx,k,0,1,2,b\nx,k,1000,2,nan,a\nx,k,3000,3,4,a\n"
        )
    (track,) = read_tracks(path)
    assert [(row.t_ms, row.x, row.y, row.accuracy_m) for row in track.rows] == [
        (0, 1, 2, None),
        (2000, 3.5, 4, None),
        (3000, 3, 4, None),
    ]
    assert (track.label, track.degrees, track.onset_s, track.walking_s) == ("a", False, 2.0, 3.0)


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("absent.csv", None, "no such file"),
        ("other.txt", "track", "is a .csv"),
        ("form.csv", "track,t_ms,lat,label\n1,2,3,4\n", "needs track"),
        ("broken.csv", "track,t_ms,x_m,y_m,label\n1,two,3,4,a\n", "not readable"),
        ("broken.csv.gz", "not gzip", "not readable"),
    ],
)
def test_what_is_no_recording_is_refused_with_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, text: str | None, sentence: str
) -> None:
    path = tmp_path / name
    if text is not None:
        path.write_text(text)
    assert main(["quality", "wandering", str(path)]) == 2
    assert sentence in capsys.readouterr().err


def test_the_rule_beside_counts_sharp_turns(file: Path) -> None:
    pacing, straight, ride = read_tracks(file)
    assert sharp_points(pacing) is not None
    assert sharp_points(straight) is None
    assert sharp_points(ride) is None


@pytest.mark.parametrize("receiver", RECEIVERS)
def test_made_up_walks_are_the_same_for_the_same_seed_and_of_every_pattern(receiver: str) -> None:
    for pattern in INDOOR if receiver == "uwb" else (*WANDERING, *PURPOSEFUL):
        (one,), (same,), (other,) = (list(walks(pattern, 1, seed, receiver)) for seed in (3, 3, 4))
        assert np.array_equal(one.xy_m, same.xy_m)
        assert not np.array_equal(one.xy_m[:10], other.xy_m[:10])
        assert (one.onset_s is not None) == (pattern in WANDERING)
        assert np.isfinite(one.xy_m).all()


def test_made_up_wandering_is_found_and_made_up_purpose_is_left_in_peace(tmp_path: Path) -> None:
    path = tmp_path / "walks.csv.gz"
    write_walks(
        path, (walk for pattern in ("lapping", "pacing", "straight", "errand") for walk in walks(pattern, 4, 11))
    )
    played = [play_track(track) for track in read_tracks(path)]
    wandering = [one for one in played if one.recorded.wandering]
    assert len(wandering) == 8
    assert sum(one.flagged_at_s is not None and one.flagged_at_s > one.recorded.onset_s for one in wandering) >= 6
    assert [one.recorded.track for one in played if not one.recorded.wandering and one.flagged_at_s is not None] == []


def test_a_phone_that_lies_and_jumps_about_is_not_believed() -> None:
    stays = list(walks("standing", 12, 1, "phone"))
    assert [flagged_at(_untold(number, walk)) for number, walk in enumerate(stays)] == [None] * 12


def _untold(number: int, walk: Walk) -> RecordedTrack:
    """The walk as GPS in degrees that tells no accuracy."""
    rows = [
        Row(1000 * t_s, 122.2 + x / 96_300, 30 + y / 111_195, None, walk.pattern)
        for t_s, (x, y) in zip(walk.t_s.tolist(), walk.xy_m.tolist(), strict=True)
    ]
    return RecordedTrack("made", str(number), True, rows)


@pytest.mark.recordings
@pytest.mark.skipif(not RECORDINGS.is_dir(), reason="../shared/data/wander is not there")
def test_real_pacing_and_circling_in_a_building_is_found() -> None:
    played = [play_track(track) for track in read_tracks(RECORDINGS / "uwb_dev.csv.gz")]
    assert all(one.flagged_at_s is not None for one in played)
    assert {one.recorded.label for one in played} == {"pacing", "lapping"}
