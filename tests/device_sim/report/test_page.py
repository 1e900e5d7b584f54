"""The page: whole, in both languages, without anything from elsewhere."""

import re
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest

from device_sim.report import page
from device_sim.report.axis import Axis
from device_sim.report.days import sheet
from device_sim.report.picture import pictures
from device_sim.runner.record import Verdict
from tests.device_sim.report.making import DAY, HOUR, MINUTE, START, judged, occurrence, run, scenario

LONG = scenario(
    judged(event_us=START + 12 * DAY, from_us=START + 12 * DAY, until_us=START + 13 * DAY, kind="inactivity"),
    lasts_us=14 * DAY,
    wrongly=(occurrence("w", at_us=START + 3 * DAY, kind="wandering"),),
    name="long",
)
SHORT = scenario(
    judged(),
    judged(Verdict.MISSED, key="two"),
    judged(Verdict.WRONG, must=False, key="three"),
    mild=(occurrence("m", kind="inactivity"),),
    step_s=5,
    name="short",
)


class Balanced(HTMLParser):
    """Fails on an element that is not closed in its place."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []
        self.ids: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "br", "hr"):
            self.open.append(tag)
        for name, value in attrs:
            if name in ("href", "src"):
                self.links.append(value or "")
            if name == "id":
                self.ids.add(value or "")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def text() -> str:
    return page([run(SHORT, LONG)], run(SHORT, speed="1"))


def test_the_page_is_whole_and_needs_nothing_from_elsewhere(text: str) -> None:
    parser = Balanced()
    parser.feed(text)
    assert parser.open == []
    assert parser.links
    assert {link.removeprefix("#") for link in parser.links} <= parser.ids
    assert not re.search(r"https?://|@import|url\(", text)


def test_it_is_there_in_both_languages_and_names_are_no_markup(text: str) -> None:
    assert text.count('lang="zh"') == text.count('lang="en"') - 1  # the page itself begins in English
    assert "Title of short" in text
    assert "short的标题" in text
    assert "<b>Wang</b>" not in text
    assert "王 &lt;b&gt;Wang&lt;/b&gt;" in text


def test_every_miss_stands_there_with_its_reason(text: str) -> None:
    misses = text[text.index("What did not come as expected") : text.index(">Scenarios<")]
    assert misses.count("Because.") == 2
    assert misses.count("nobody expected it") == 1


def test_seeds_versions_speed_and_notes_are_told(text: str) -> None:
    for said in ("seed 7", "fall-1", "0.1.0", "full", "1x", "1,234", "Acceleration only around scripted events."):
        assert said in text


def test_a_run_in_which_all_went_well_says_so() -> None:
    assert "Everything came as expected." in page([run(scenario(judged()))])


def test_a_run_without_any_scenario_is_a_page_too() -> None:
    assert "0 / 0" in page([run()])


def test_a_short_play_is_drawn_whole_and_close_up_and_a_long_one_by_days_and_around_its_event() -> None:
    whole, close = list(pictures(SHORT))
    assert "09:00" not in close
    assert whole.count("<path") >= 2
    assert "2026-03-02 08:00 – 2026-03-02 09:00" in whole
    around = list(pictures(LONG))
    assert len(around) == 1
    assert "2026-03-14 05:00" in around[0]
    days = sheet(LONG)
    assert days is not None
    assert days.count('class="alarm bad"') == 1
    assert sheet(SHORT) is None


def test_marks_stand_where_their_time_is() -> None:
    found = next(iter(pictures(SHORT)))
    left, right = 190.0, 936.0
    at = left + (right - left) * 10 / 60
    truth = re.search(r'<line x1="([\d.]+)"[^>]*class="truth"', found)
    assert truth is not None
    assert float(truth[1]) == pytest.approx(at, abs=0.1)


def test_an_axis_has_few_lines_at_times_people_think_in() -> None:
    zone = ZoneInfo("Asia/Shanghai")
    for length in (5 * MINUTE, HOUR, 7 * HOUR, 30 * HOUR, 20 * DAY):
        lines = list(Axis(START + 17, START + length, 0.0, 100.0, zone).lines())
        assert 2 <= len(lines) <= 11
        assert [x for x, _ in lines] == sorted({x for x, _ in lines})
    assert [when for _, when in Axis(START, START + HOUR, 0, 60, zone).lines()] == [
        "08:00", "08:10", "08:20", "08:30", "08:40", "08:50", "09:00",
    ]  # fmt: skip


def test_a_broken_never_and_an_unexpected_alarm_say_when_in_the_list() -> None:
    broken = judged(Verdict.WRONG, must=False, raised=(occurrence(at_us=START + DAY, wait_s=60),))
    text = page([run(scenario(broken, wrongly=(occurrence("w", at_us=START + 2 * DAY),)))])
    found = text[text.index("What did not come as expected") : text.index("Scenarios</h2>")]
    assert "day 2, Tue 2026-03-03 08:00, told Tue 2026-03-03 08:01" in found
    assert "day 3, Wed 2026-03-04 08:00" in found
    assert "name it under “expect”" in found


def test_a_moved_play_says_by_how_much_and_one_that_was_left_out_why() -> None:
    moved = scenario(judged(), moved=True, later_us=21 * DAY)
    text = page([run(moved, notes=("late cannot be played from then on: 09:30 is outside.",))])
    assert "3 weeks later than its file says" in text
    assert "(Asia/Shanghai)" in text
    assert "late cannot be played from then on" in text
    assert "Everything came as expected." not in text
