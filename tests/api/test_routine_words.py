"""A week's facts in words: the same in both languages, numbers as people say them, nothing told of nothing."""

import re
from typing import Any

import numpy as np
import pytest

from api import routine
from api.routine import KEPT, KEPT_US, Routines, Told, local, week_asked
from api.routine_words import LANGUAGES, number, sentences, state_of, words
from detectors.routine_days import MEASURES
from detectors.routine_week import Change, Lively, WeekReport

MONDAY = 20_458
QUIET = WeekReport(first=MONDAY, known=True, known_days=7, usual_weeks=8)


def english(facts: WeekReport, people: int = 1, *, heard: bool = True) -> list[str]:
    return [one["en"] for one in sentences(Told(facts, heard), people)]


def test_both_languages_have_the_same_words_with_the_same_places() -> None:
    chinese, plain = (words(lang) for lang in LANGUAGES)
    assert list(chinese) == list(plain)
    for code, text in plain.items():
        assert sorted(re.findall(r"\{\w+\}", chinese[code])) == sorted(re.findall(r"\{\w+\}", text)), code
        assert re.search(r"[一-鿿]", chinese[code]), code
    assert {f"{span}.{name}" for span in ("week", "month", "measure") for name in MEASURES} <= set(plain)


def test_a_week_as_usual_is_one_sentence() -> None:
    assert english(QUIET) == ["Nothing unusual."]
    assert state_of(Told(QUIET, heard=True), 1) == "usual"


def test_what_changed_is_said_with_what_is_usual() -> None:
    changes = (
        Change(measure="night_ups", span="week", now=5.0, usual=2.04, days=7),
        Change(measure="out", span="week", now=2 / 7, usual=0.7, days=7),
        Change(measure="up_minute", span="week", now=521.4, usual=423.0, days=6),
        Change(measure="kitchen", span="month", now=3.26, usual=6.0, days=26),
        Change(measure="out", span="month", now=0.3, usual=0.8, days=26),
    )
    lively = (Lively(day=MONDAY + 1, part=1, deviation=2.6),)
    facts = WeekReport(first=MONDAY, known=True, known_days=6, usual_weeks=8, changes=changes, lively=lively,
                       unknown_days={"gap": 1}, silent=("bathroom",))  # fmt: skip
    assert english(facts, people=2) == [
        "Up at night 5 times a night, usually 2.",
        "Went out on 2 of 7 days, usually 5.",
        "Up in the morning at about 8:41, usually 7:03.",
        "Slowly, over four weeks: in the kitchen 3.3 times a day, 6 before.",
        "Slowly, over four weeks: went out on 2 days a week, 6 before.",
        "Tuesday: much more moving about than usual in the morning.",
        "The bathroom’s sensor said nothing all week. Is it alive?",
        "Days without data, which are not counted: 1.",
        "2 people live here: this tells of them together.",
    ]
    assert sentences(Told(facts, heard=True), 1)[5]["zh"] == "周二上午活动比平时多得多。"


def test_what_is_not_known_is_said() -> None:
    young = WeekReport(first=MONDAY, known=False, known_days=3, usual_weeks=0, unknown_days={"begins": 4})
    assert english(young)[0] == "Not known yet. Days known of this week so far: 3; needed: 4."
    first = WeekReport(first=MONDAY, known=False, known_days=7, usual_weeks=1)
    assert english(first) == ["Not known yet what is usual here. Earlier weeks known: 1; needed: 2."]
    assert english(young)[1] == "Days before the sensors were heard, which are not counted: 4."
    assert state_of(Told(young, heard=False), 1) == "unwatched"
    assert len(english(young, heard=False)) == 1
    assert english(QUIET, people=12)[0].startswith("12 people live here.")


def test_every_sentence_can_be_said() -> None:
    for span in ("week", "month"):
        for name in MEASURES:
            facts = WeekReport(first=MONDAY, known=True, known_days=7, usual_weeks=8,
                               changes=(Change(measure=name, span=span, now=3.0, usual=1.0, days=7),))  # fmt: skip
            (one,) = sentences(Told(facts, heard=True), 1)
            assert (one["code"], "{" in one["zh"] + one["en"]) == (f"{span}.{name}", False)


@pytest.mark.parametrize(
    ("measure", "value", "told"),
    [("night_ups", 2.0, "2"), ("kitchen", 9.96, "10.0"), ("changes", 214.6, "215"), ("up_minute", 60.4, "1:00"),
     ("night_minutes", 4.4, "4"), ("step_s", 7.25, "7.2")],
)  # fmt: skip
def test_numbers_are_said_as_people_say_them(measure: str, value: float, told: str) -> None:
    assert number(measure, value).removesuffix(".0") == told.removesuffix(".0")


def test_a_week_is_the_residents_own_and_the_last_that_is_over() -> None:
    sunday_evening_utc = (MONDAY - 1) * 86_400_000_000 + 17 * 3_600_000_000
    assert week_asked(None, sunday_evening_utc, "Asia/Shanghai") == MONDAY - 7  # there it is Monday already
    assert week_asked(None, sunday_evening_utc, "Europe/London") == MONDAY - 14


def test_local_time_follows_clocks_that_change() -> None:
    hour = 3_600_000_000
    change = 1_774_746_000_000_000  # 2026-03-29 01:00 UTC: Europe/London goes to summer time
    times = np.array([change - hour, change, change + hour])
    assert (local(times, "Europe/London") - times).tolist() == [0, hour, hour]
    assert (local(times, "Asia/Shanghai") - times).tolist() == [8 * hour] * 3
    assert len(local(times[:0], "Asia/Shanghai")) == 0


async def test_an_answer_is_kept_for_some_minutes_and_not_all_of_them_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    async def compute(_pool: Any, _unit: str, _zone: str, first: int, _now_us: int) -> Told:
        asked.append(first)
        return Told(QUIET, heard=True)

    monkeypatch.setattr(routine, "_compute", compute)
    now = [10**15]
    kept = Routines(lambda: now[0])
    pool: Any = None
    for first in (1, 1, 2, 1):
        await kept.told(pool, "u", "Asia/Shanghai", first)
    assert asked == [1, 2]
    now[0] += KEPT_US
    await kept.told(pool, "u", "Asia/Shanghai", 1)
    assert asked == [1, 2, 1]
    for first in range(10, 10 + KEPT):
        await kept.told(pool, "u", "Asia/Shanghai", first)
    await kept.told(pool, "u", "Asia/Shanghai", 1)
    assert asked[-1] == 1
