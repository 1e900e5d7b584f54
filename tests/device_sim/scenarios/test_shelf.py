"""Files laid over each other, YAML without its surprises, and the library that is shipped."""

from pathlib import Path

import pytest

from device_sim.forms.families import FAMILIES, PHONES, SENSOR_LOGGERS, USUAL_PHONE
from device_sim.scenarios import listing, shelf, tree, words
from device_sim.scenarios.mistakes import BadScenario
from device_sim.scenarios.moments import DAY_US, HOUR_US
from device_sim.scenarios.tree import Text

LIFE = "id: x\ntitle: x\nbase: lives-alone\n"


def test_scalars_stay_text_whatever_yaml_would_make_of_them() -> None:
    read = tree.parse("a: no\nb: 22:30\nc: 011\nd: 2026-03-02\ne: 1e3\nf: ~\ng: 'on'\n", "x")
    said = [node.value for node in read.entries.values() if isinstance(node, Text)]
    assert said == ["no", "22:30", "011", "2026-03-02", "1e3", "~", "on"]


def test_every_name_and_value_knows_its_line_and_column() -> None:
    read = tree.parse("# a comment\na: 1\nb:\n  - x\n  - y\n", "x")
    assert (read.names["b"].line, read.entries["a"].mark.column) == (3, 4)
    assert read.entries["b"].items[1].mark.line == 5  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "text",
    ["", "[", "{" * 500, "- " * 400 + "x", "a: \x00", "\ufeff\ufeff: [", "--- a\n--- b", "a: !!python/none x: y"],
)
def test_whatever_is_no_scenario_is_refused_and_never_breaks_the_reader(text: str) -> None:
    with pytest.raises(BadScenario):
        shelf.from_text(text, "x.yaml")


def test_a_base_is_taken_over_whole_maps_override_and_lists_are_added_to(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text(
        LIFE + "devices:\n  watch: {kind: wearable, worn by: wang, position: waist}\n"
        "happens:\n  - {at: day 1 09:00, who: wang, what: claps, key: a}\n"
    )
    (tmp_path / "two.yaml").write_text(
        "id: two\ntitle: two\nbase: one.yaml\ndevices:\n  watch: {position: wrist}\n"
        "residents:\n  wang: {wakes: 05:00}\nhappens:\n  - {at: 5 min after a, who: wang, what: claps}\n"
    )
    said = shelf.load(str(tmp_path / "two.yaml"))
    assert said.bases == ("one", "lives-alone")
    assert [each.key for each in said.happens] == ["a", None]
    watch, wang = said.worn("wang", words.WEARABLE), said.resident("wang")
    assert watch is not None
    assert (watch.position, watch.kind) == ("wrist", words.WEARABLE)
    assert wang is not None
    assert (wang.wakes_s, wang.sleeps_s) == (5 * 3600, 21 * 3600 + 40 * 60)
    assert (said.title, said.lasts_us) == ({"en": "two"}, 14 * DAY_US)


def test_none_takes_away_what_the_base_has() -> None:
    said = shelf.from_text(LIFE + "devices:\n  sensors: none\nresidents:\n  wang:\n    outings: none\n", "x.yaml")
    assert said.devices == ()
    assert said.residents[0].outings == ()


def test_bases_that_go_round_in_a_circle_are_told(tmp_path: Path) -> None:
    for name, base in (("a", "b.yaml"), ("b", "a.yaml")):
        (tmp_path / f"{name}.yaml").write_text(f"id: {name}\ntitle: x\nbase: {base}\n")
    with pytest.raises(BadScenario, match="go round in a circle"):
        shelf.load(str(tmp_path / "a.yaml"))


def test_words_may_be_written_with_hyphens_and_capitals() -> None:
    text = LIFE + "devices:\n  watch: {kind: Wearable, worn by: wang}\nhappens:\n"
    said = shelf.from_text(text + "  - {at: day 1 09:00, who: wang, what: Sits-Down-Hard}\n", "x.yaml")
    assert said.happens[0].what == "sits down hard"


def test_a_scenario_that_nobody_has_is_told_with_the_one_most_like_it() -> None:
    with pytest.raises(BadScenario, match="Did you mean “walks-the-dog”"):
        shelf.load("walk-the-dog")


def test_the_library_has_four_falls_to_be_found_and_four_not_and_more_of_the_other_kinds() -> None:
    rows = [listing.row(shelf.load(each)) for each in shelf.ids()]
    spoken = [*FAMILIES, *(family for family in PHONES if family != USUAL_PHONE), *SENSOR_LOGGERS]
    assert len(rows) == 35 + len(spoken)
    assert {row["id"] for row in rows if row["id"].startswith("speaks-")} == {
        f"speaks-{family.replace(' ', '-')}" for family in spoken
    }
    for kind, must, not_ in zip(words.DETECTED, (7, 5, 9), (4, 8, 8), strict=True):
        assert len([row for row in rows if kind in {one["kind"] for one in row["must"]}]) == must, kind
        assert len([row for row in rows if kind in {one["kind"] for one in row["must_not"]}]) == not_, kind


@pytest.mark.parametrize("name", [*shelf.ids(), *shelf.lives()])
def test_each_file_of_the_library_says_what_it_is_in_both_languages(name: str) -> None:
    folder = shelf.LIVES if name in shelf.lives() else shelf.LIBRARY
    said = shelf.load(str(folder / f"{name}.yaml"))
    assert said.id == name
    assert set(said.title) == set(said.says) == {"en", "zh"}


def test_seeds_of_the_library_are_its_own_and_falls_are_short() -> None:
    said = [shelf.load(each) for each in shelf.ids()]
    again = {"leaves-the-zone-with-her-daughter"}  # the same walk as alone
    assert len({each.seed for each in said}) == len(said) - len(again)
    for each in said:
        kinds = {expected.kind for expected in each.expected}
        assert each.lasts_us <= HOUR_US or kinds != {"fall"}, each.id
        assert each.lasts_us >= 12 * DAY_US or kinds != {"inactivity"}, each.id
