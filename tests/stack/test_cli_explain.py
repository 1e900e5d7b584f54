"""``shouwang explain``: a recording played, told and drawn; what cannot be explained is said in one sentence."""

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from detectors.fall_window import POST_S
from schemas.finding import Reason
from stack.cli import app
from stack.explain.layout import lay_out
from stack.explain.recording import explain_record
from stack.explain.signal import Segment, gaps, turned_deg
from stack.explain.terminal import lines
from stack.explain.words import _OWN, Words, usual_language
from tests.bench import recorded


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["explain", *arguments])


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file whose record 0 holds a fall at 9.8 s and whose record 1 holds none."""
    return recorded.write(tmp_path_factory.mktemp("recorded") / "synthetic.npz")


def told(file: Path, record: int, *more: str) -> dict[str, Any]:
    result = run("--recording", str(file), "--record", str(record), "--json", *more)
    assert result.exit_code == 0, result.output
    said: dict[str, Any] = json.loads(result.stdout)
    return said


def test_a_fall_in_a_recording_is_told_with_its_stages_and_numbers(file: Path) -> None:
    said = told(file, 0)
    assert (said["schema"], said["kind"], said["stage"]) == (1, "fall", "confirmed")
    assert said["source"]["impact_at_s"] == pytest.approx(9.8, abs=0.05)
    confirmed = next(each for each in said["course"] if each["stage"] == "confirmed")
    assert confirmed["upto_s"] == pytest.approx(POST_S, abs=0.1)
    assert 0 <= confirmed["after_s"] - confirmed["upto_s"] <= 2.05  # what was decided came with its frame of 2 s
    assert said["probability"] >= said["threshold"] > 0
    assert said["probability_again"] == pytest.approx(said["probability"], abs=0.01)
    assert {"impact"} <= {each["name"] for each in said["phases"]}
    assert {"impact"} <= {each["code"] for each in said["reasons"]}


def test_the_words_are_the_consoles_in_both_languages(file: Path) -> None:
    english = run("--recording", str(file), "--lang", "en").stdout
    assert "Fall · confirmed" in english
    assert " g impact" in english
    chinese = run("--recording", str(file), "--lang", "zh").stdout
    assert "跌倒 · 已确认" in chinese
    assert "冲击" in chinese
    assert "⡀" in chinese or "⣿" in chinese or "⡇" in chinese  # the trace, in braille


def test_a_record_without_a_fall_says_how_near_it_came(file: Path) -> None:
    said = told(file, 1)
    assert (said["stage"], said["course"]) == (None, [])
    if said["impacts"]:
        assert max(each["probability"] for each in said["impacts"]) < said["threshold"]
    assert "No fall found" in run("--recording", str(file), "--record", "1", "--lang", "en").stdout


def test_the_position_can_be_told_otherwise(file: Path) -> None:
    assert told(file, 0)["judged_as"] == "trunk"
    assert told(file, 0, "--position", "left wrist")["judged_as"] == "wrist"
    assert told(file, 0, "--position", "unknown")["judged_as"] == "anywhere"


def test_the_picture_is_one_file_that_asks_for_nothing_from_elsewhere(file: Path, tmp_path: Path) -> None:
    picture = tmp_path / "fall.svg"
    assert run("--recording", str(file), "--svg", str(picture), "--lang", "en").exit_code == 0
    text = picture.read_text()
    root = ElementTree.fromstring(text)
    assert root.tag.endswith("svg")
    assert "prefers-color-scheme:dark" in text
    assert "impact" in text
    assert "href" not in text
    assert "url(" not in text
    assert text.count("http") == 1  # the name space


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        ((), 2, "give the id of an alert"),
        (("al_1", "--recording", "x.npz"), 2, "give the id of an alert"),
        (("--recording", "/no/such.npz"), 2, "There is no file"),
        (("--recording", __file__), 2, "is not a file of recordings"),
        (("al_1", "--lang", "fr"), 2, "--lang is one of zh, en"),
        (("al_1", "--api", "http://127.0.0.1:1"), 2, "needs --user and --password"),
        (("al_1", "--api", "http://127.0.0.1:1", "--user", "a", "--password", "b"), 1, "127.0.0.1"),
    ],
)
def test_what_cannot_be_explained_is_said_in_one_sentence(
    arguments: tuple[str, ...], status: int, sentence: str
) -> None:
    result = run(*arguments)
    assert result.exit_code == status, result.output
    assert sentence in result.stderr
    assert result.stdout == ""
    assert len(result.stderr.strip().splitlines()) == 1


def test_a_record_or_a_finding_that_is_not_there_is_wrong_usage(file: Path, tmp_path: Path) -> None:
    assert "it holds 0 to 2" in run("--recording", str(file), "--record", "3").stderr
    assert run("--recording", str(file), "--record", "-1").exit_code == 2
    assert "not a number 9" in run("--recording", str(file), "--finding", "9").stderr
    missing = tmp_path / "no" / "folder.svg"
    assert run("--recording", str(file), "--svg", str(missing)).exit_code == 2


def test_a_home_in_which_nothing_runs_is_said_and_left_empty(tmp_path: Path) -> None:
    result = run("al_1", "--home", str(tmp_path / "none"))
    assert (result.exit_code, (tmp_path / "none").exists()) == (1, False)
    assert "does not run in this home" in result.stderr


def test_the_drawing_fits_the_terminal_and_shows_the_impact(file: Path) -> None:
    explained = explain_record(file, 0)
    for width in (60, 80, 120):
        plot = [line.plain for line in lines(explained, Words("en"), width) if "│" in line.plain]
        assert max(len(line) for line in plot) <= width
        column = next(index for index, char in enumerate(plot[-1]) if index > plot[-1].index("│") and char != "⠀")
        assert column < width
        # the impact is the only thing in the upper half
        high = {index for line in plot[:4] for index, char in enumerate(line) if "⠀" < char <= "⣿"}
        assert high
        assert max(high) - min(high) <= width // 10


def test_the_layout_holds_all_phases_and_confirms_within_the_picture(file: Path) -> None:
    layout = lay_out(explain_record(file, 0))
    assert layout is not None
    assert layout.start_s == -5
    assert all(layout.start_s <= phase.start_s < phase.end_s <= layout.end_s for phase in layout.phases)
    assert layout.share(0.0) == pytest.approx(5 / (layout.end_s + 5))


def test_the_turn_is_measured_from_how_the_sensor_hung_before() -> None:
    t_s = np.arange(-400, 400) / 100
    acc = np.where((t_s < 0)[:, None], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0])
    degrees = turned_deg(Segment(t_s, acc))
    assert degrees is not None
    assert degrees[200] == pytest.approx(0.0, abs=0.1)
    assert degrees[-1] == pytest.approx(90.0, abs=0.1)
    assert turned_deg(Segment(t_s[350:], acc[350:])) is None  # nothing before the fall to compare with


def test_a_gap_is_told_and_a_seam_is_not() -> None:
    def piece(start: float, end: float) -> Segment:
        t_s = np.arange(round(start * 50), round(end * 50)) / 50
        return Segment(t_s, np.ones((len(t_s), 3)))

    parts = [piece(-5, -1), piece(-1, 2), piece(4, 6)]
    assert np.allclose(gaps(parts, -5, 6), [(2.0, 4.0)])


def test_both_languages_have_the_same_words_and_places() -> None:
    assert list(_OWN["en"]) == list(_OWN["zh"])
    for key, text in _OWN["en"].items():
        assert sorted(part.split("}")[0] for part in text.split("{")[1:]) == sorted(
            part.split("}")[0] for part in _OWN["zh"][key].split("{")[1:]
        ), key


def test_the_language_is_the_terminals(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert usual_language() == "zh"
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    assert usual_language() == "en"


def test_how_sure_is_said_in_bands_and_never_as_certain() -> None:
    words = Words("en")
    assert [words.sure(p) for p in (1.0, 0.95, 0.94, 0.5, 0.2, 0.0)] == [
        "almost certain",
        "almost certain",
        "very likely",
        "likely",
        "uncertain",
        "unlikely",
    ]
    assert (words.percent(1.0), words.percent(0.0004)) == ("99", "0.04")


def test_the_words_are_joined_as_in_the_console() -> None:
    first = (Reason("impact", {"g": 3.14}), Reason("free_fall", {"s": 0.41}), Reason("still", {"s": 1.2}))
    words = Words("en")
    assert words.reasons(first) == "3.1 g impact after 0.41 s of free fall, then still for 1.2 s"
    minutes = (*first, Reason("no_movement", {"s": 60.0}))
    assert words.reasons(minutes) == "3.1 g impact after 0.41 s of free fall, no movement for 60 s"
    assert words.reasons((Reason("not_yet_known", {"m": 2.0}),)) == "not yet known 2 m"
