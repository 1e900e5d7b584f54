"""Scenarios by the whole way: the same findings at every speed and each time, and status and report say what came."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.system import scenarios
from tests.system.platform import Platform

pytestmark = [pytest.mark.servers, pytest.mark.timeout(240)]

#: Short ones of each kind, and of both signs; all are played by `make nightly`.
FAST = (
    "fall-backwards-bathroom",
    "fall-from-bed-at-night",
    "lies-down-quickly",
    "wander-leaves-at-night",
    "walks-the-dog",
    "wander-leaves-the-zone",
    "leaves-the-zone-with-her-daughter",
)
#: Short enough to be waited for at 1x.
QUICK_FALL = """\
id: quick-fall
title: {en: A quick fall, zh: 一次跌倒}
says: {en: "Falls after some seconds, and lies.", zh: 几秒后跌倒不起}
seed: 5
start: 2026-03-02 09:00
lasts: 18 s
places:
  home: {name: Home, rooms: [hall, bathroom]}
residents:
  wang: {name: Wang, home: home, outings: none}
devices:
  watch: {kind: wearable, worn by: wang, position: waist}
happens:
  - {at: "5 s after start", who: wang, what: falls, how: forwards, for: 12 s, key: the-fall}
expect:
  - {kind: fall, of: the-fall, within: 12 s}
"""


@pytest.fixture(scope="module")
def simulated() -> Iterator[Platform]:
    folder = Path(tempfile.mkdtemp(prefix="shouwang-scenarios-"))
    platform = Platform(folder / "home", kind="--simulated")
    try:
        yield platform
    finally:
        assert not platform.stop()
        shutil.rmtree(folder)


def test_a_fast_set_comes_as_expected_and_the_same_seeds_find_the_same_again(
    simulated: Platform, tmp_path: Path
) -> None:
    status, first = scenarios.run(simulated, *FAST, out=tmp_path / "first.json")
    assert scenarios.verdicts(first) == {
        "fall-backwards-bathroom": ["raised"],
        "fall-from-bed-at-night": ["raised"],
        "lies-down-quickly": ["quiet"],
        "wander-leaves-at-night": ["raised"],
        "walks-the-dog": ["quiet"],
        "wander-leaves-the-zone": ["raised"],
        "leaves-the-zone-with-her-daughter": ["quiet"],
    }
    assert status == 0
    assert first.models == ("fall-3", "wandering-2", "whereabouts-1")
    status, second = scenarios.run(simulated, *FAST, out=tmp_path / "second.json")
    assert status == 0
    assert [scenarios.found(each) for each in second.scenarios] == [scenarios.found(each) for each in first.scenarios]
    assert all(each.moved for each in second.scenarios)
    assert not [each for each in simulated.get("/alerts", status="open")["alerts"] if each["kind"] != "platform"]
    page = tmp_path / "report.html"
    shouwang = str(Path(sys.executable).with_name("shouwang"))
    files = [str(tmp_path / "second.json"), "--compare", str(tmp_path / "first.json"), "-o", str(page)]
    assert subprocess.run([shouwang, "sim", "report", *files], check=False, timeout=60).returncode == 0
    assert "0 better, 0 worse, 7 the same" in page.read_text()


def test_at_1x_and_at_full_speed_the_same_is_found_at_the_same_times_and_a_miss_is_status_1(
    simulated: Platform, tmp_path: Path
) -> None:
    fall, claps = tmp_path / "quick-fall.yaml", tmp_path / "claps.yaml"
    fall.write_text(QUICK_FALL, encoding="utf-8")
    no_fall = QUICK_FALL.replace("what: falls, how: forwards, for: 12 s", "what: claps").replace("quick-fall", "claps")
    claps.write_text(no_fall, encoding="utf-8")
    status, full = scenarios.run(simulated, str(fall), str(claps), out=tmp_path / "full.json")
    assert status == 1
    assert scenarios.verdicts(full) == {"quick-fall": ["raised"], "claps": ["missed"]}
    status, slow = scenarios.run(simulated, str(fall), "--speed", "1", out=tmp_path / "slow.json")
    assert status == 0
    assert slow.wall_s >= 18
    assert scenarios.found(slow.scenarios[0]) == scenarios.found(full.scenarios[0])


def test_what_cannot_be_run_is_status_2_and_a_sentence(simulated: Platform, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(QUICK_FALL.replace("at: ", "att: "), encoding="utf-8")
    done = scenarios.command(simulated, str(wrong))
    assert done.returncode == 2
    assert f"{wrong}:" in done.stderr
