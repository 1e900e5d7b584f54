"""Slips of the keyboard are told at their line, in sentences; a YAML reader's own words never reach a tester."""

import re

import pytest

from device_sim.scenarios import shelf
from device_sim.scenarios.mistakes import BadScenario, Mistake

GOOD = """\
id: a-fall-at-home
title: A fall
base: lives-alone
start: 2026-03-02 09:00
lasts: 1 h
devices:
  watch:
    kind: wearable
    worn by: wang
happens:
  - at: 09:10
    who: wang
    what: claps
    key: clap
  - at: 09:20
    who: wang
    what: falls
    how: backwards
    key: fall
expect:
  - kind: fall
    of: fall
"""
#: What a YAML reader says and nobody else does.
JARGON = re.compile(r"YAML|expected [<'a-z]|could not find|<block|mapping|sequence|scalar|token|flow|but found|but got")


def mistakes_in(text: str) -> tuple[Mistake, ...]:
    with pytest.raises(BadScenario) as caught:
        shelf.from_text(text, "mine.yaml")
    return caught.value.mistakes


def spoilt(line: int, said: str) -> str:
    lines = GOOD.splitlines()
    lines[line - 1] = said
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("line", "said", "remedy"),
    [
        (12, "    who:wang", "“who: wang”, with a space after the colon"),
        (11, "  - at:09:10", "“at: 09:10”, with a space after the colon"),
        (9, "    worn by:wang", "“worn by: wang”, with a space after the colon"),
        (2, "title:A fall", "“title: A fall”, with a space after the colon"),
        (5, "lasts:1 h", "“lasts: 1 h”, with a space after the colon"),
        (22, "    of:fall", "“of: fall”, with a space after the colon"),
        (11, "  -at: 09:10", "“- at: 09:10”: a dash, then a space after the dash"),
        (15, "  -at: 09:20", "“- at: 09:20”: a dash, then a space after the dash"),
        (21, "  -kind: fall", "“- kind: fall”: a dash, then a space after the dash"),
    ],
)
def test_a_space_that_is_missing_is_told_at_its_own_line(line: int, said: str, remedy: str) -> None:
    found = mistakes_in(spoilt(line, said))
    assert [each.mark.line for each in found if remedy in each.remedy] == [line], "\n".join(map(str, found))


def test_a_space_missing_within_a_bracket_is_told_too() -> None:
    found = mistakes_in(GOOD + "never:\n  - {kind: any, who:wang}\n")
    assert any("“who: wang”" in each.remedy and each.mark.line == 24 for each in found), "\n".join(map(str, found))


def test_a_list_item_that_is_only_a_run_on_name_is_told_so() -> None:
    found = mistakes_in(GOOD + "never:\n  - kind:any\n")
    assert [(each.mark.line, "“kind: any”" in each.remedy) for each in found] == [(24, True)]


def test_a_forgotten_dash_is_told_once_and_where() -> None:
    (told,) = mistakes_in(spoilt(15, "    at: 09:20"))
    assert told.mark.line == 15
    assert "a dash is missing before it: each thing that happens begins with a dash" in told.remedy


def test_a_name_twice_outside_of_a_list_says_nothing_of_dashes() -> None:
    (told,) = mistakes_in(GOOD + "lasts: 2 h\n")
    assert "dash" not in told.remedy


@pytest.mark.parametrize(
    ("line", "said", "at", "wrong"),
    [
        (16, "     who: wang", 16, "no name can be"),
        (17, "   what: falls", 17, "not indented as those it belongs to"),
        (12, "    who", 12, "no colon after its name"),
        (2, "title: @home", 2, "begin with this sign"),
        (2, 'title: "a \\fall\\z"', 2, "a backslash"),
        (2, 'title: "A fall', 2, "not closed"),
        (8, "    kind: [wearable", 8, "In the bracket opened here something is missing"),
    ],
)
def test_what_cannot_be_read_is_said_plainly(line: int, said: str, at: int, wrong: str) -> None:
    found = mistakes_in(spoilt(line, said))
    assert [each.mark.line for each in found if wrong in each.wrong] == [at], "\n".join(map(str, found))


def test_no_word_of_the_reader_reaches_a_tester_whatever_is_spoilt() -> None:
    told = []
    signs = (
        "",
        "-",
        ":",
        " ",
        "[",
        "{",
        "}",
        "]",
        "'",
        '"',
        "!",
        "&x ",
        "*x ",
        "@",
        "|",
        ">",
        "%",
        "? ",
        "- ",
        "\\",
        "#",
        ",",
    )
    for number, line in enumerate(GOOD.splitlines(), 1):
        begin = len(line) - len(line.lstrip())
        for sign in signs:
            for place in {0, begin, line.index(":") + 1, len(line)}:
                try:
                    shelf.from_text(spoilt(number, line[:place] + sign + line[place:]), "mine.yaml")
                except BadScenario as bad:
                    told += [str(each) for each in bad.mistakes]
    assert len(told) > 1000
    assert {said for said in told if JARGON.search(said)} == set()
