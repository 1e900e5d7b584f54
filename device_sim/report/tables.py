"""The tables of the page: by kind, what did not come as expected, one play's expectations, two runs side by side."""

from collections.abc import Sequence
from datetime import datetime
from math import isinf
from zoneinfo import ZoneInfo

from device_sim.report import intervals, words
from device_sim.report.comparing import Change, Pair
from device_sim.report.figures import Failure, Kind
from device_sim.report.markup import Content, Markup, both, inside, said, tag
from device_sim.runner.judging import ANY
from device_sim.runner.record import GOOD, Judged, Occurrence, Scenario, Verdict
from device_sim.runner.saying import duration, moment

_UNEXPECTED = (
    "If it is right, name it under “expect” of the file; else it is a false alarm of the detector.",
    "若警报属实，请写入文件的 expect；否则即为检测器误报。",
)
_CHANGES = {
    Change.BETTER: ("better", "变好", "good"),
    Change.FASTER: ("faster", "更快", "good"),
    Change.WORSE: ("worse", "变差", "bad"),
    Change.SLOWER: ("slower", "更慢", "late"),
    Change.SAME: ("same", "不变", "same"),
    Change.NEW: ("new", "新增", "same"),
    Change.GONE: ("gone", "已无", "same"),
}


def table(head: Sequence[Content], rows: Sequence[Sequence[Content]], numbers: frozenset[int] = frozenset()) -> Markup:
    """Return a table; ``numbers`` are the columns that are aligned as such."""

    def cells(name: str, row: Sequence[Content]) -> list[Markup]:
        return [tag(name, cell, class_="number" if n in numbers else None) for n, cell in enumerate(row)]

    body = [tag("tr", *cells("td", row)) for row in rows]
    return tag("div", tag("table", tag("thead", tag("tr", *cells("th", head))), tag("tbody", *body)), class_="scroll")


def kinds(found: Sequence[Kind], whole: Kind, weeks: float) -> Markup:
    """Return the figures by kind, with their intervals."""
    head = (
        both("kind", "类别"),
        both("found, of what must be", "应报并报出"),
        both("time to alert: median, longest", "报警用时：中位、最长"),
        both("quiet, of what must not be", "不应报且未报"),
        both("false alarms, a resident and week", "误报（每人每周）"),
        both("mild, a resident and week", "轻微提示（每人每周）"),
    )
    rows = [_kind(each, weeks) for each in found if each.must or each.must_not or each.wrongly or each.mild]
    return table(head, [*rows, _kind(whole, weeks, both("all", "合计"))], frozenset(range(1, 6)))


def _kind(kind: Kind, weeks: float, name: Markup | None = None) -> list[Content]:
    waits: Content = "–"
    if kind.median_s is not None:
        waits = inside(_lasting(kind.median_s), ", ", _lasting(max(kind.waits_s)))
    return [
        name or words.kind(kind.name),
        _share(kind.raised, kind.must),
        "–" if kind.name == ANY else waits,
        _share(kind.quiet, kind.must_not),
        _rate(kind.wrongly + kind.doubles, weeks),
        _rate(kind.mild, weeks),
    ]


def _share(hits: int, of: int) -> Content:
    if of == 0:
        return "–"
    low, high = intervals.share(hits, of)
    return inside(f"{hits} / {of} ", tag("span", f"[{low:.0%}, {high:.0%}]", class_="quiet"))


def _rate(count: int, weeks: float) -> Content:
    low, high = intervals.rate(count, weeks)
    if isinf(high):
        return "–"
    return inside(f"{count / weeks:.2g} ", tag("span", f"[{low:.2g}, {high:.2g}]", class_="quiet"))


def badge(verdict: Verdict) -> Markup:
    """Return a verdict as a coloured word."""
    how = "good" if verdict in GOOD else "late" if verdict in (Verdict.LATE, Verdict.OPEN) else "bad"
    return tag("span", words.verdict(verdict), class_=f"badge {how}")


def failures(found: Sequence[Failure], left_out: Sequence[str] = ()) -> Markup:
    """Return what did not come as expected, each with its reason; ``left_out``: what could not be played at all."""
    if not found and not left_out:
        return tag("p", both("Everything came as expected.", "一切符合预期。"))
    missing = tag("span", both("not played", "未运行"), class_="badge bad")
    lines = [inside(missing, " ", each) for each in left_out] + [_failure(each) for each in found]
    return tag("ul", *(tag("li", line) for line in lines), class_="plain")


def _failure(failure: Failure) -> Markup:
    link = tag("a", failure.scenario.id, href=f"#{failure.scenario.mark}")
    if failure.judged is not None:
        each = failure.judged
        what = words.expected(each.kind, must=each.must)
        why = tag("span", each.why, class_="quiet") if each.why else None
        when = _occurred(each.raised[0], failure.scenario) if each.verdict is Verdict.WRONG else None
        return inside(badge(each.verdict), " ", link, ": ", what, when, ". ", said(each.reason), " ", why)
    one = failure.wrongly
    assert one is not None  # noqa: S101 - a failure is one of the two
    again = (
        both("raised once more", "重复报警") if failure.double else both("raised, and nobody expected it", "意外报警")
    )
    name = tag("span", again, class_="badge bad")
    todo = None if failure.double else inside(" ", tag("span", both(*_UNEXPECTED), class_="quiet"))
    return inside(name, " ", link, ": ", words.kind(one.kind), _occurred(one, failure.scenario), _late(one), ". ", todo)


def _occurred(one: Occurrence, scenario: Scenario) -> Markup:
    """Return of when a finding is, and when it was told."""
    said_us = moment(one.event_us, scenario.timezone, scenario.start_us)
    told = moment(one.told_us, scenario.timezone)
    return both(f", {said_us}, told {told}", f"，{_when(one.event_us, scenario)}，报出 {_when(one.told_us, scenario)}")


def _late(one: Occurrence) -> Markup | None:
    return inside(" ", both("(told late)", "（迟到）")) if one.late else None


def _when(at_us: int, scenario: Scenario) -> str:
    return f"{datetime.fromtimestamp(at_us / 1e6, ZoneInfo(scenario.timezone)):%Y-%m-%d %H:%M:%S}"


def expectations(scenario: Scenario) -> Markup:
    """Return one play's expectations and what came of each."""
    head = (
        both("expected", "预期"),
        both("about", "对象"),
        both("happened", "实际发生"),
        both("came", "结果"),
        both("after", "用时"),
        both("must come within", "应在…之内"),
    )
    names = {person.key: person.name for person in scenario.residents}
    return table(head, [_expectation(each, names, scenario) for each in scenario.judged], frozenset({4, 5}))


def _expectation(each: Judged, names: dict[str, str], scenario: Scenario) -> list[Content]:
    span = f"{_when(each.from_us, scenario)} – {_when(each.until_us, scenario)}"
    mild = both(" (mild)", "（轻微）") if each.must and each.raised and each.raised[0].mild else None
    reason = tag("div", said(each.reason), class_="quiet") if each.reason else None
    return [
        words.expected(each.kind, must=each.must),
        names.get(each.resident, each.resident),
        _when(each.event_us, scenario) if each.must else tag("span", span, class_="quiet"),
        inside(badge(each.verdict), mild, reason),
        "" if each.wait_s is None or not each.must else _lasting(each.wait_s),
        "" if each.within_s is None else _lasting(each.within_s),
    ]


def _lasting(seconds: float) -> Markup:
    return both(duration(seconds), duration(seconds, "zh"))


def compared(pairs: Sequence[Pair]) -> Markup:
    """Return two runs side by side: what changed first."""
    order = list(Change)
    sort = sorted(pairs, key=lambda pair: (pair.change is Change.SAME, order.index(pair.change), pair.scenario))
    head = (both("scenario", "情景"), both("expected", "预期"), both("before", "以前"), both("now", "现在"), "")
    rows = []
    for pair in sort:
        either = pair.new or pair.old
        assert either is not None  # noqa: S101 - a pair has at least one
        en, zh, how = _CHANGES[pair.change]
        change = tag("span", both(en, zh), class_=f"badge {how}")
        rows.append(
            [pair.scenario, words.expected(either.kind, must=either.must), _side(pair.old), _side(pair.new), change]
        )
    return table(head, rows)


def _side(each: Judged | None) -> Content:
    if each is None:
        return "–"
    wait = _lasting(each.wait_s) if each.must and each.wait_s is not None else None
    return inside(words.verdict(each.verdict), " ", wait)
