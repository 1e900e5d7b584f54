"""Each kind of mistake in a scenario file is told with its line, what is wrong, and what to do; all of them at once."""

from pathlib import Path

import pytest

from device_sim.scenarios import shelf
from device_sim.scenarios.mistakes import BadScenario, Mistake

#: A file without a mistake; each test changes one line, named by its number.
GOOD = """\
id: my-fall
title: Falls in the kitchen
base: lives-alone
start: 2026-03-02 09:00
lasts: 1 h
devices:
  watch: {kind: wearable, worn by: wang, position: waist}
  phone: {kind: phone, worn by: wang}
happens:
  - {at: "09:20", who: wang, what: falls, how: backwards, for: 5 min, key: fall}
  - {at: 10 min after fall, who: wang, what: claps, key: clap}
faults:
  - {at: "09:50", what: battery dies, device: watch}
expect:
  - {kind: fall, of: fall, within: 30 s}
never:
  - {kind: wandering, who: wang, from: "09:30", until: "09:50"}
"""

#: By kind of mistake: the line that is changed, what it says then, and a part of the complaint and of the remedy.
MISTAKES = {
    "a name that is not known": (5, "last: 1 h", "cannot have “last”", "Did you mean “lasts”?"),
    "a missing name": (11, "  - {at: '09:40', what: claps, key: clap}", "has no “who”", "Add “who: wang”"),
    "a value that is missing": (2, "title:", "“title” has no value", "Write one after the colon"),
    "a tab": (7, "\twatch: {kind: wearable}", "A tab stands here", "Indent with spaces"),
    "a full-width colon": (2, "title：跌倒", "full-width colon", "Type an ordinary colon"),
    "a bracket that is not closed": (7, "  watch: {kind: wearable", "In the bracket opened here", "its “}”"),
    "a colon in a text": (2, "title: Falls: in the kitchen", "This is not YAML", "needs quotes"),
    "a name twice": (3, "id: again", "a second time; the first is in line 1", "remove one"),
    "a list where one value belongs": (2, "title: [x]", "“title” is a list here", "a value on the same line"),
    "a reference within YAML": (2, "title: *x", "refers to another part", "base"),
    "an id with capitals": (1, "id: My Fall", "cannot be an id", "small letters, digits and hyphens"),
    "a base that is not there": (3, "base: live-alone", "no base “live-alone”", "Did you mean “lives-alone”?"),
    "a date that is none": (4, "start: 2026-13-02", "is no date", "2026-03-02"),
    "a length without unit": (5, "lasts: 20", "is no length of time", "20 min"),
    "a time zone that is none": (5, "lasts: 1 h\ntimezone: Peking", "is no time zone", "Asia/Shanghai"),
    "a word that is not known": (10, "  - {at: '09:20', who: wang, what: fals, how: x}", "“fals”", "“falls”"),
    "a way to fall that is not known": (10, "  - {at: '09:20', who: wang, what: falls, how: up}", "“up”", "backwards"),
    "a field that a word lacks": (
        11,
        "  - {at: '09:40', who: wang, what: claps, room: hall}",
        "“claps” cannot have “room”",
        "Allowed here",
    ),
    "a clock time that is none": (
        10,
        "  - {at: '25:10', who: wang, what: claps, key: fall}",
        "no 25:10 on a clock",
        "02:15",
    ),
    "a time outside the play": (
        11,
        "  - {at: day 2 09:40, who: wang, what: claps}",
        "outside the play",
        "It lasts from day 1",
    ),
    "an end after the play": (
        10,
        "  - {at: '09:50', who: wang, what: falls, how: faints, for: 2 h, key: fall}",
        "after the play",
        "Let it end by",
    ),
    "somebody who is not there": (
        10,
        "  - {at: '09:20', who: wong, what: claps, key: fall}",
        "no resident “wong”",
        "Did you mean “wang”?",
    ),
    "a key that nothing has": (15, "  - {kind: fall, of: fal}", "no key of what happens “fal”", "Did you mean “fall”?"),
    "a key taken twice": (
        11,
        "  - {at: '09:40', who: wang, what: claps, key: fall}",
        "The key “fall” is taken",
        "Choose another",
    ),
    "two keys that wait for each other": (
        10,
        "  - {at: 5 min after clap, who: wang, what: claps, key: fall}",
        "waits for itself",
        "a time of its own",
    ),
    "a device that is not there": (
        13,
        "  - {at: '09:50', what: battery dies, device: watsh}",
        "no device “watsh”",
        "Did you mean “watch”?",
    ),
    "a room that the home lacks": (
        11,
        "  - {at: '09:40', who: wang, what: collapses, room: cellar, for: 5 min}",
        "“cellar”",
        "kitchen",
    ),
    "two things at once": (
        11,
        "  - {at: '09:22', who: wang, what: claps, key: clap}",
        "still falls, from line 10",
        "or later",
    ),
    "a time that ends before it begins": (
        17,
        "  - {kind: fall, who: wang, from: '09:50', until: '09:30'}",
        "ends before it begins",
        "earlier moment",
    ),
    "a kind of alert that there is not": (15, "  - {kind: falls, of: fall}", "“falls”", "Did you mean “fall”?"),
    "a number out of range": (
        7,
        "  watch: {kind: wearable, worn by: wang, rate: 5 Hz}",
        "out of range",
        "from 10 to 200",
    ),
}


def mistakes_in(text: str) -> tuple[Mistake, ...]:
    with pytest.raises(BadScenario) as caught:
        shelf.from_text(text, "mine.yaml")
    return caught.value.mistakes


def changed(line: int, said: str) -> str:
    lines = GOOD.splitlines()
    lines[line - 1] = said
    return "\n".join(lines) + "\n"


def test_the_file_that_the_mistakes_are_put_into_has_none() -> None:
    assert shelf.from_text(GOOD, "mine.yaml").id == "my-fall"


@pytest.mark.parametrize("kind", list(MISTAKES))
def test_a_mistake_is_told_with_its_line_and_its_remedy(kind: str) -> None:
    line, said, wrong, remedy = MISTAKES[kind]
    found = mistakes_in(changed(line, said))
    told = [each for each in found if each.mark.line == line + said.count("\n")]
    assert any(wrong in each.wrong and remedy in each.remedy for each in told), "\n".join(map(str, found))


def test_what_no_device_can_notice_is_told_where_it_happens_with_the_device_to_add() -> None:
    found = mistakes_in(changed(7, "  watch: none").replace(", device: watch", ", device: phone"))
    assert [each.mark.line for each in found] == [10, 11, 15]
    assert "watch: {kind: wearable, worn by: wang}" in found[0].remedy


def test_a_mistake_does_not_bring_others_that_are_none() -> None:
    for kind in ("a word that is not known", "somebody who is not there", "a number out of range", "a tab"):
        line, said, *_ = MISTAKES[kind]
        assert len(mistakes_in(changed(line, said))) == 1, kind


def test_all_mistakes_of_a_file_are_told_at_once_in_its_order() -> None:
    text = GOOD.replace("kind: wearable", "kind: wearabel").replace("who: wang, what: falls", "who: wong, what: falls")
    found = mistakes_in(text.replace("30 s", "soon"))
    assert [each.mark.line for each in found] == [7, 10, 15]


def test_with_a_base_that_is_not_there_the_files_own_mistakes_are_told_too() -> None:
    found = mistakes_in(GOOD.replace("lives-alone", "lives-alon").replace("30 s", "soon"))
    assert [each.mark.line for each in found] == [3, 15]


def test_a_mistake_in_a_base_is_told_where_it_stands(tmp_path: Path) -> None:
    (tmp_path / "under.yaml").write_text(GOOD.replace("position: waist", "position: nose"))
    top = tmp_path / "top.yaml"
    top.write_text("id: top\ntitle: x\nbase: under.yaml\n")
    with pytest.raises(BadScenario) as caught:
        shelf.load(str(top))
    (told,) = caught.value.mistakes
    assert (told.mark.file.endswith("under.yaml"), told.mark.line) == (True, 7)


def test_a_mistake_is_said_as_file_line_column_and_two_sentences() -> None:
    (told,) = mistakes_in(GOOD.replace("within: 30 s", "within: soon"))
    assert str(told).startswith("mine.yaml:15:36: “soon” is no length of time. Write a number with s, min")
