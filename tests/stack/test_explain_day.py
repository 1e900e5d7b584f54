"""``shouwang explain`` of an alert about a home's rhythm: its day in the terminal, in the picture, and in words."""

import json
from typing import Any
from xml.etree import ElementTree

import pytest

from api.times import iso
from stack.explain.home import Kept, explained
from stack.explain.svg import svg
from stack.explain.terminal import lines
from stack.explain.told import Explained
from stack.explain.words import Words

#: Midnight at the home, UTC+8.
MIDNIGHT_US = 1_795_392_000_000_000 - 8 * 3_600_000_000
LIVELY = [2] * 14 + [90] * 30 + [2] * 4


def at(hour: float) -> str:
    return iso(MIDNIGHT_US + round(hour * 3_600_000_000))


def hours(
    start: float, end: float, rooms: dict[str, list[tuple[float, float]]], until: float = 0, rang: float = 16
) -> Any:
    return {
        "start": at(start),
        "end": at(end),
        "until": at(until or end),
        "rang": at(rang),
        "utc_offset_min": 480,
        "rooms": [
            {"room": room, "stays": [{"start": at(begin), "end": at(over)} for begin, over in stays]}
            for room, stays in rooms.items()
        ],
    }


def alert(code: str, values: dict[str, float], begun: float, rang: float, **fields: Any) -> Any:
    known = {
        "start": at(begun), "rang": at(rang), "utc_offset_min": 480, "usual": 121, "limit": 211, "others": [],
        "lively": LIVELY, "days": 41,
    }  # fmt: skip
    ends = fields.pop("ends", [])
    return {
        "id": "al_1", "kind": "inactivity", "stage": "confirmed", "event_time": at(begun), "decided_time": at(rang),
        "resident": {"name": "陈桂兰"}, "unit_name": "401", "device": "pir-1", "score": 0.97,
        "steps": [{"kind": "raised", "at": at(rang), "actor": "platform", "data": {"stage": "confirmed"}}],
        "evidence": {
            "phases": [{"name": "silence", "start": at(begun), "end": at(fields.pop("over", rang))}],
            "reasons": [{"code": code, "values": values}, *({"code": each, "values": {"h": 9}} for each in ends)],
            "features": {},
            "expected": known | fields.pop("expected", {}) if fields.get("expected", {}) is not None
            else fields.pop("expected"),
        },
    } | fields  # fmt: skip


ROOMS = {"kitchen": [(7.1, 7.6)], "bedroom": [(6.5, 6.9)], "living": [(7.8, 11.0)]}
EMPTY: dict[str, Any] = {"segments": [], "rate_hz": 0}


def told(of: Any, day: Any) -> Explained:
    return explained(Kept(of, EMPTY, None, day))


def silence(**fields: Any) -> Explained:
    return told(alert("silent", {"h": 5.07, "usual_h": 2.02}, 11.0, 16.07, **fields), hours(6, 17, ROOMS, 16.5, 16.07))


def shown(of: Explained, lang: str = "en", width: int = 100) -> list[str]:
    return [line.plain for line in lines(of, Words(lang), width)]


def row(said: list[str], name: str) -> str:
    return next(line for line in said if line.lstrip().startswith(name))


def test_a_silence_is_drawn_room_by_room_beside_other_days_with_its_marks() -> None:
    said = shown(silence())
    assert said[0] == "No movement · still lasting"
    assert said[1].startswith("nothing has moved at home for 5.1 h; at such an hour something usually moves within 2 h")
    living, now, others = row(said, "Living room"), row(said, "This time"), row(said, "Other days")
    assert [line.split()[0] for line in said[5:8]] == ["Bedroom", "Kitchen", "Living"], "in the order of a home"
    first, last = living.index("█"), living.rindex("█")
    assert living[last + 1] == "░", "the silence begins where the last sign was"
    assert "nothing moves: 5 h 30 min" in now
    assert others[first] == "▇", "somebody is usually about then"
    usual, limit, rang = (next(line for line in said if mark in line) for mark in ("over by", "hardly", "alert at"))
    assert (usual.strip(), limit.strip()) == ("usually over by 13:01 ▲", "hardly ever after 14:31 ▲")
    assert rang.strip() == "alert at 16:04 ▲"
    assert last < usual.index("▲") < limit.index("▲") < rang.index("▲")
    assert "       16:04   alert raised" in said, "its course has the home's clock"
    assert not any("acceleration" in line.lower() for line in said)


def test_other_days_stand_at_the_hours_of_the_homes_clock() -> None:
    day = silence().day
    assert day is not None
    columns = [(day.clock(start), day.clock(end), share) for start, end, share in day.lively()]
    assert columns[:3] == [("06:00", "06:30", 0.02), ("06:30", "07:00", 0.02), ("07:00", "07:30", 0.9)]
    assert (len(columns), columns[-1]) == (22, ("16:30", "17:00", 0.9))


def test_a_narrow_terminal_and_chinese_draw_the_same() -> None:
    said = shown(silence(), "zh", 50)
    assert said[0] == "久无活动 · 仍在持续"
    assert any("平时 13:01 前有动静" in line for line in said)
    assert any(line.strip().startswith("客厅") and "█" in line for line in said)


def test_the_picture_is_whole_names_everything_and_has_no_script() -> None:
    picture = svg(silence(), Words("en"))
    root = ElementTree.fromstring(picture)
    texts = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    for words in ("Bedroom", "Kitchen", "Living room", "This time", "Other days", "nothing moves: 5 h 30 min",
                  "usually over by 13:01", "hardly ever after 14:31", "alert at 16:04", "08:00"):  # fmt: skip
        assert words in texts
    described = root.find("{http://www.w3.org/2000/svg}desc")
    assert described is not None and described.text is not None
    assert "last sign of life at 11:00 (Living room), nothing moves: 5 h 30 min" in described.text
    assert "<script" not in picture
    assert "http" not in picture.replace("http://www.w3.org/2000/svg", "")
    bounds = [float(element.get("x") or 0) for element in root.iter("{http://www.w3.org/2000/svg}rect")]
    assert all(0 <= x <= 960 for x in bounds)


def test_other_days_of_a_watch_are_dots_and_a_night_has_its_minutes() -> None:
    up = alert(
        "not_up", {"usual_at": 7.2, "late_at": 10.25, "now_at": 10.25}, 7.2, 10.25,
        expected={"start": at(5), "usual": 132, "limit": 315, "others": [130, 131, 140, 90], "lively": []},
    )  # fmt: skip
    late = told(up, hours(0, 11, {"bedroom": [(7.5, 10.1)]}))
    said = shown(late)
    assert said[0] == "Not up yet · still lasting"
    assert row(said, "Other days").split("days ")[1].strip() == "▄    █ ▄"
    assert svg(late, Words("zh")).count('class="other"') == 4
    assert "每个点：近 4 天中的一天。" in svg(late, Words("zh"))

    nights = {"start": at(-1), "usual": 9, "limit": None, "others": [0, 8, 16], "lively": []}
    values = {"min": 41.0, "usual_min": 9.0, "most_min": 16.0}
    night = told(
        alert("restless_night", values, -1, 8, over=5, kind="routine", expected=nights),
        hours(-2, 8.5, {"living": [(2.0, 2.6)]}),
    )
    said = shown(night)
    assert said[0] == "Restless night · last night"
    assert row(said, "Night by night").split("  ")[-1] == "usually 9 min, this night 41 min"
    assert "▁▂▃█" in row(said, "Night by night")
    assert "up for 41 min" in row(said, "This time")


def test_an_alert_of_before_says_what_is_not_known_and_what_is_over_says_how() -> None:
    old = told(alert("silent", {"h": 5, "usual_h": 2}, 11, 16, expected=None), hours(6, 17, {}))
    said = shown(old)
    assert "What was expected was not yet kept with alerts when this one rang." in said
    assert "No readings of these hours are kept any more, so the rooms cannot be shown." in said
    assert any("alert at 16:00" in line for line in said)
    assert svg(old, Words("zh")).startswith("<svg")
    over = silence(stage="recovered", over=20.0, ends=["active_again"])
    assert shown(over)[0] == "No movement · moving again"
    assert "nothing moves: 9 h" in row(shown(over), "This time")
    values = {"h": 5.5, "usual_h": 2.7}
    meal = told(
        alert("no_meal", values, 18, 36.5, kind="routine", stage="recovered", ends=["as_usual_again"]),
        hours(10, 37, {"living": [(12.0, 17.0)]}),
    )  # fmt: skip
    assert shown(meal)[0] == "No meal seen · in the kitchen since"
    assert "█" not in row(shown(meal), "Kitchen"), "the room that was missed is there, and empty"


def test_a_home_that_should_be_empty_expects_nobody() -> None:
    away = told(alert("stirs_while_away", {}, 11, 11, expected=None), hours(9, 17, {"hall": [(11.0, 11.2)]}, 16, 11))
    said = shown(away)
    assert said[0] == "Signs of life while away · still lasting"
    assert "nobody expected" in row(said, "This time")
    assert "Nobody is expected at home: an absence is set." in said
    assert not any("not yet kept" in line for line in said)


def test_a_home_that_is_hardly_known_says_so() -> None:
    young = silence(expected={"lively": [], "days": 3})
    assert any("known for 3 days only" in line for line in shown(young))
    assert not any(line.lstrip().startswith("Other days") for line in shown(young)[:-3])


def test_a_platform_that_knows_no_day_is_told_in_words_alone() -> None:
    bare = told(alert("silent", {"h": 5, "usual_h": 2}, 11, 16), None)
    assert "No acceleration was kept around this moment." in shown(bare)
    assert bare.as_json()["expected"] is None
    assert json.loads(json.dumps(silence().as_json()))["expected"]["usual"] == 121


@pytest.mark.parametrize(
    ("minutes", "en", "zh"), [(52, "52 min", "52 分钟"), (60, "1 h", "1 小时"), (65, "1 h 5 min", "1 小时 5 分")]
)
def test_lengths_are_said_as_in_the_console(minutes: int, en: str, zh: str) -> None:
    assert (Words("en").length(minutes), Words("zh").length(minutes)) == (en, zh)
