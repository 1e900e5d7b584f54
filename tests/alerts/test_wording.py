"""What messages say: only known fields, nothing computed, and a first line that fits one SMS."""

import pytest

from alerts.wording import DEFAULTS, FIELDS, FIRST_LINE, Problem, fill, key_of, keys, problem, rings, say, written
from schemas.alert import Severity
from schemas.finding import FindingKind

GIVEN = {"what": "跌倒", "who": "陈桂兰", "where": "安康院 二楼 204", "time": "21:05", "recipient": "王丽"}


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("{what}:{who}", None),
        ("请马上去", None),
        ("   ", Problem("empty")),
        ("{who.__class__}", Problem("unknown_field", "who.__class__")),
        ("{what} {room}", Problem("unknown_field", "room")),
        ("{}", Problem("unknown_field", "")),
        ("{who!r}", Problem("unknown_field", "who!r")),
        ("{who", Problem("stray_brace")),
        ("{{who}}", Problem("stray_brace")),
        ("x" * 401, Problem("too_long")),
    ],
)
def test_a_template_has_known_fields_and_nothing_else(text: str, wrong: Problem | None) -> None:
    assert problem(text) == wrong


def test_what_a_field_holds_is_text_and_never_a_template() -> None:
    assert fill("{who} {where}", {"who": "{where}", "where": "x"}) == "{where} x"
    assert fill("{who}!{waiting}", {"who": "a"}) == "a!"


def test_the_defaults_are_templates_and_say_what_who_where_and_since_when() -> None:
    for text in DEFAULTS.values():
        assert problem(text) is None
        assert all(f"{{{name}}}" in text for name in ("what", "who", "where", "time"))
    assert say(DEFAULTS["zh"], GIVEN, "zh") == "跌倒:陈桂兰,安康院 二楼 204,21:05 起。"


def test_the_first_line_fits_one_sms_and_keeps_the_room() -> None:
    long = GIVEN | {
        "where": "浙江省 温州市 乐清市 柳市镇 安康养老服务中心 东区 二号楼 三楼 护理单元 丙 房间 312 床 2" * 2
    }
    said = say(DEFAULTS["zh"], long, "zh", "[TEST] 【重发】第 2 轮呼叫,仍无人接警。")
    assert len(said) <= FIRST_LINE["zh"]
    assert "陈桂兰" in said and said.endswith("床 2,21:05 起。")
    two = say("{what}\n{where}", long, "zh")
    assert two.startswith("跌倒\n") and long["where"] in two
    assert len(say("字" * 200 + "{who}", GIVEN, "zh")) == FIRST_LINE["zh"]


def test_an_own_template_counts_for_its_kind_severity_and_language_alone() -> None:
    own = {key_of(FindingKind.FALL, Severity.HIGH, "zh"): "{who} 摔了"}
    assert written(own, FindingKind.FALL, Severity.HIGH, "zh") == "{who} 摔了"
    assert written(own, FindingKind.FALL, Severity.HIGH, "en") == DEFAULTS["en"]
    assert written(own, FindingKind.SOS, Severity.HIGH, "zh") == DEFAULTS["zh"]


def test_every_kind_that_rings_has_a_template_and_what_is_low_has_none() -> None:
    assert len(keys()) == 2 * len(rings()) == len(set(keys()))
    assert (FindingKind.ROUTINE, Severity.LOW) not in rings()
    assert set(FIELDS) >= {"what", "who", "where", "time"}
