"""Each kind of mistake in a scenario file is told with its line, what is wrong, and what to do; all of them at once."""

from pathlib import Path

import pytest

from device_sim.scenarios import listing, shelf
from device_sim.scenarios.mistakes import BadScenario, Mistake
from device_sim.scenarios.moments import HOUR_US, MINUTE_US, SECOND_US

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
    "a colon in a text": (2, "title: Falls: in the kitchen", "where no name can be", "needs quotes"),
    "a name twice": (3, "id: again", "a second time; the first is in line 1", "remove one"),
    "a list where one value belongs": (2, "title: [x]", "“title” is a list here", "a value on the same line"),
    "a reference within YAML": (2, "title: *x", "refers to another part", "base"),
    "an id with capitals": (1, "id: My Fall", "cannot be an id", "small letters, digits and hyphens"),
    "a base that is not there": (3, "base: live-alone", "no base “live-alone”", "Did you mean “lives-alone”?"),
    "a date that is none": (4, "start: 2026-13-02", "no day 2026-13-02 in the calendar", "2026-03-02"),
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
    "an alert that must be and must not be": (
        17,
        "  - {kind: fall, of: fall}",
        "must be raised, says line 15, and here must not",
        "Remove one of the two",
    ),
    "a time without an end before its usual beginning": (
        17,
        "  - {kind: fall, of: clap, until: '09:20'}",
        "ends before it begins",
        "Say “from” too",
    ),
    "a time that begins behind its usual end": (
        17,
        "  - {kind: inactivity, of: fall, from: '09:40'}",
        "ends before it begins",
        "Say “until” too",
    ),
    "an alert that nothing can raise": (15, "  - {kind: water leak, of: fall}", "raises “water_leak” today", "fall, "),
    "a fault among what happens": (
        11,
        "  - {at: '09:40', what: battery dies, device: watch}",
        "“battery dies” is a fault",
        "Put it under “faults”",
    ),
    "what happens among the faults": (
        13,
        "  - {at: '09:50', what: claps, who: wang}",
        "is no fault",
        "under “happens”",
    ),
    "an id of the library": (1, "id: walks-the-dog", "is the library's", "choose another one"),
    "an id of a life": (1, "id: couple", "is the library's", "choose another one"),
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
    for kind in (
        "a word that is not known",
        "somebody who is not there",
        "a number out of range",
        "a tab",
        "a fault among what happens",
    ):
        line, said, *_ = MISTAKES[kind]
        assert len(mistakes_in(changed(line, said))) == 1, kind


def test_a_device_that_names_nobody_does_not_make_everything_unnoticed() -> None:
    (told,) = mistakes_in(changed(7, "  watch: {kind: wearable, worn by: home}"))
    assert (told.mark.line, told.wrong) == (7, "There is no resident “home”.")


def test_the_moment_offered_to_somebody_who_does_two_things_at_once_is_taken_as_it_is_printed() -> None:
    clashing = changed(11, "  - {at: '09:22', who: wang, what: claps, key: clap}")
    (told,) = mistakes_in(clashing)
    assert "“day 1 09:26:30”" in told.remedy  # on the floor for 5 min, then a minute and a half
    assert shelf.from_text(clashing.replace("'09:22'", "day 1 09:26:30"), "mine.yaml")
    assert mistakes_in(clashing.replace("'09:22'", "day 1 09:26:29"))


def test_where_the_play_leaves_no_time_for_both_a_longer_play_is_offered() -> None:
    short = GOOD.replace("lasts: 1 h", "lasts: 26 min").partition("faults:")[0]
    (told,) = mistakes_in(short.replace("10 min after fall", "'09:24'"))
    assert "let it last longer" in told.remedy


def test_what_is_done_in_the_middle_of_something_long_does_not_end_it() -> None:
    clashing = changed(11, "  - {at: '09:21', who: wang, what: claps}\n  - {at: '09:24', who: wang, what: claps}")
    assert [each.mark.line for each in mistakes_in(clashing)] == [11, 12]


def test_a_never_may_follow_what_must_be_raised_in_a_time_of_its_own() -> None:
    assert shelf.from_text(changed(17, "  - {kind: fall, of: fall, from: '09:30', until: '09:50'}"), "mine.yaml")
    assert shelf.from_text(changed(17, "  - {kind: any, who: wang}"), "mine.yaml")


@pytest.mark.parametrize(
    ("kind", "within"), [("fall", 30 * SECOND_US), ("inactivity", 12 * HOUR_US), ("wandering", 35 * MINUTE_US)]
)
def test_within_may_be_left_out_and_is_then_as_the_page_says_of_the_kind(kind: str, within: int) -> None:
    said = shelf.from_text(changed(15, f"  - {{kind: {kind}, of: fall}}"), "mine.yaml")
    assert listing.within_us(said.expected[0]) == within


@pytest.mark.parametrize(
    ("born", "remedy"),
    [("1941-05-03", "“born: 1941”"), ("3 May 1941", "“born: 1941”"), ("41", "from 1900"), ("1850", "from 1900")],
)
def test_a_birth_is_the_year_alone(born: str, remedy: str) -> None:
    (told,) = mistakes_in(GOOD + f"residents: {{wang: {{born: {born}}}}}\n")
    assert remedy in told.remedy


def test_the_librarys_own_files_keep_their_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(shelf.LIBRARY)
    assert shelf.load("./walks-the-dog.yaml").id == "walks-the-dog"
    assert shelf.load("couple").id == "couple"


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
