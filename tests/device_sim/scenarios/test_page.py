"""docs/scenarios.md is all that a tester has: its example is typed here as it stands there, its words are all the
words, its commands run.
"""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from device_sim.play import Staging
from device_sim.scenarios import check, keys, listing, moments, shelf, windows, words
from device_sim.scenarios.compiling import compile_play
from device_sim.scenarios.mistakes import BadScenario
from stack.cli_sim import app
from tests.device_sim.scenarios import rehearsal

PAGE = (Path(__file__).parents[3] / "docs" / "scenarios.md").read_text()


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def first() -> str:
    return "".join(blocks("yaml part"))


def table(after: str) -> list[list[str]]:
    """Return the rows of the first table after a heading, without its head."""
    lines = PAGE.partition(f"\n{after}\n")[2].splitlines()
    begin = next(n for n, line in enumerate(lines) if line.startswith("|"))
    rows = []
    for line in lines[begin + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


def ticked(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def test_the_example_typed_step_by_step_is_fine_and_says_so_in_the_pages_words(tmp_path: Path) -> None:
    (tmp_path / "my-first.yaml").write_text(first())
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path)
        said = CliRunner().invoke(app, ["check", "my-first.yaml"])
    assert (said.exit_code, said.stdout) == (0, blocks("text")[0])


def test_the_example_spoilt_as_the_page_says_is_told_as_the_page_says(tmp_path: Path) -> None:
    (tmp_path / "my-first.yaml").write_text(first().replace("what: falls", "what: fals").replace("30 s", "30"))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path)
        said = CliRunner().invoke(app, ["check", "my-first.yaml"])
    shown = blocks("text")[1].splitlines()
    told = said.stdout.splitlines()
    assert said.exit_code == 1
    assert len(told) == len(shown)
    for line, promised in zip(told, shown, strict=True):
        assert line.startswith(promised.removesuffix("..."))


def test_the_example_comes_out_as_it_expects() -> None:
    play = compile_play(shelf.from_text(first(), "my-first.yaml"), Staging(mark="m"))
    found = rehearsal.loud(rehearsal.findings(play))
    must, never = play.expectations
    (fall,) = found
    assert rehearsal.answers(fall, must)
    assert not rehearsal.answers(fall, never)


def test_the_file_laid_over_the_example_takes_it_over(tmp_path: Path) -> None:
    (tmp_path / "my-first.yaml").write_text(first())
    (whole,) = blocks("yaml whole")
    (tmp_path / "top.yaml").write_text(whole)
    said = shelf.load(str(tmp_path / "top.yaml"))
    watch = said.worn("wang", words.WEARABLE)
    assert watch is not None
    assert (watch.position, len(said.happens), len(said.faults), len(said.expected)) == ("wrist", 2, 1, 2)
    assert said.bases == ("my-first", "lives-alone")


def test_the_example_of_company_is_fine_laid_over_a_life() -> None:
    (company,) = blocks("yaml company")
    said = shelf.from_text(f"id: x\ntitle: x\nbase: lives-alone\n{company}", "x.yaml")
    assert [each.along for each in said.happens] == ["daughter"]


def test_the_page_has_every_word_with_what_it_needs() -> None:
    for heading, vocabulary in (("### happens", words.HAPPENINGS), ("### faults", words.FAULTS)):
        rows = {ticked(row[0])[0]: row for row in table(heading)}
        assert list(rows) == list(vocabulary)
        for what, word in vocabulary.items():
            assert tuple(ticked(rows[what][1])) == word.needs, what
            assert tuple(ticked(rows[what][2])) == word.may, what
            if heading == "### happens":
                assert rows[what][3] == ", ".join(word.seen_by), what
    assert all(f"`{way}`" in PAGE for way in words.FALL_WAYS)


def test_the_page_has_every_name_of_every_record() -> None:
    with pytest.raises(BadScenario) as caught:
        shelf.from_text(
            "nonsense: x\nid: x\ntitle: x\nbase: lives-alone\nplaces: {home: {nonsense: x}}\n"
            "residents: {wang: {nonsense: x}}\ndevices: {w: {kind: wearable, worn by: wang, nonsense: x}}\n"
            "expect: [{kind: fall, of: x, nonsense: x}]\nnever: [{kind: any, who: wang, nonsense: x}]\n",
            "x.yaml",
        )
    told = [each.remedy for each in caught.value.mistakes if "nonsense" in each.wrong]
    assert len(told) == 6
    names = {name.strip() for remedy in told for name in remedy.partition("Allowed here: ")[2].strip(".").split(",")}
    assert len(names) > 30
    assert {name for name in names if f"`{name}`" not in PAGE} == set()


def test_the_table_of_the_library_is_the_library() -> None:
    rows = {
        ticked(row[0])[0]: row for row in table("<!-- library: kept by tests/device_sim/scenarios/test_page.py -->")
    }
    assert sorted(rows) == list(shelf.ids())
    for name, row in rows.items():
        said = listing.row(shelf.load(name))
        assert all(title in row[1] for title in said["title"].values()), name
        assert all(f"{one['kind']} within {one['within']}" in row[2] for one in said["must"]), name
        assert all(f"no {one['kind']}" in row[2] for one in said["must_not"]), name


def test_the_table_of_the_lives_has_the_keys_and_the_habits_of_each() -> None:
    rows = {ticked(row[0])[0]: row for row in table("<!-- lives: kept by tests/device_sim/scenarios/test_page.py -->")}
    assert sorted(rows) == list(shelf.lives())
    for name, row in rows.items():
        said = keys.keys(shelf.load(name))
        assert [ticked(cell) for cell in row[2:5]] == [list(said[one]) for one in ("places", "people", "devices")], name
        for one in said["people"].values():
            habits = [f"wakes {one['wakes']}, sleeps {one['sleeps']}", *one["outings"], *one["carers"]]
            assert [habit for habit in habits if habit != "none" and habit not in row[5]] == [], name


def test_the_page_says_within_what_time_somebody_must_know_by_kind() -> None:
    (row,) = [row for row in table("### expect and never") if "within" in row[0]]
    said = dict(re.findall(r"(\w+) (\d+ \w+)", row[1].partition("Not said: ")[2]))
    assert {kind: moments.duration(length) for kind, length in said.items()} == {
        **listing.WITHIN_US,
        "others": listing.AT_ONCE_US,
    }


def test_the_page_says_how_much_before_what_it_is_about_a_never_begins() -> None:
    (row,) = [
        row
        for row in table("“and nothing else”. The time, where `from` or `until` is not said:")
        if "happens" in row[0]
    ]
    said = dict(re.findall(r"(others|\w+) (\d+ \w+)", row[1]))
    assert {kind: moments.duration(said[kind]) for kind in ("inactivity", "wandering", "others")} == {
        "inactivity": windows.EARLIER_US["inactivity"],
        "wandering": windows.EARLIER_US["wandering"],
        "others": windows.EARLIER_US["fall"],
    }
    assert windows.EARLIER_US["fall"] == windows.EARLIER_OTHERS_US


def test_the_page_says_what_must_lie_between_two_things_and_how_long_each_is() -> None:
    assert f"must be {check.APART_US // moments.SECOND_US} s" in " ".join(PAGE.split())
    rows = {ticked(row[0])[0]: row for row in table("### happens")}
    for what, word in words.HAPPENINGS.items():
        if word.lasts_us and "for" in word.may:
            assert f"`for` ({listing.lasting(word.lasts_us)})" in rows[what][4], what
        else:
            assert word.lasts_us in (0, 10 * moments.SECOND_US), what


def test_the_units_on_the_page_are_all_there_are() -> None:
    (row,) = [row for row in table("### Times") if row[0].startswith("a length")]
    units = [unit for unit in ticked(row[1].partition("Units")[2]) if unit]
    assert sorted(units) == sorted(moments.UNITS)


def test_the_commands_that_need_no_platform_run_as_written(tmp_path: Path) -> None:
    (tmp_path / "my-first.yaml").write_text(first())
    lines = [line.partition("#")[0].split() for block in blocks("sh") for line in block.splitlines()]
    alone = [line[2:] for line in lines if line[:2] == ["shouwang", "sim"] and line[2] in ("list", "check")]
    assert len(alone) == 4
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path)
        for line in alone:
            assert CliRunner().invoke(app, line).exit_code == 0, line
