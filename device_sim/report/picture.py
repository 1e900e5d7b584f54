"""A play as a picture: what happened to whom, when sensors told of something, what was expected, what was raised."""

from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

from device_sim.report import words
from device_sim.report.axis import Axis
from device_sim.report.markup import Markup, both, inside, said, tag
from device_sim.runner.lanes import on
from device_sim.runner.record import GOOD, Judged, Lane, Occurrence, Scenario

WIDTH, NAMES, MARGIN, ROW, BAR = 960, 190, 24, 20, 11
#: A mark of a sensor is at least as wide as an eye can see.
THIN = 1.5
MINUTE_US, HOUR_US = 60_000_000, 3_600_000_000
#: A play that is longer is shown around what was expected, this much before and after, but no more than MOST_US.
WHOLE_US, BEFORE_US, AFTER_US, MOST_US = 30 * HOUR_US, 3 * HOUR_US, HOUR_US, 36 * HOUR_US
#: A short event in a longer play is looked at closely: this much on either side.
CLOSE_US = 3 * MINUTE_US
#: Sensors in one picture; a run of many homes has more than a page can hold.
MOST_LANES = 14


def pictures(scenario: Scenario) -> Iterator[Markup]:
    """Return the pictures of a play by its clock."""
    length_us = scenario.end_us - scenario.start_us
    if length_us <= WHOLE_US:
        yield lanes(scenario, scenario.start_us, scenario.end_us)
    for from_us, until_us in _joined(_around(scenario, length_us)):
        yield lanes(scenario, from_us, until_us)


def _around(scenario: Scenario, length_us: int) -> Iterator[tuple[int, int]]:
    """Return the times worth a picture of their own, at most two."""
    moments = [each for each in scenario.judged if each.must] or [
        each for each in scenario.judged if each.until_us - each.from_us < length_us // 2
    ]
    close = length_us <= WHOLE_US
    for each in moments[:2]:
        told_us = each.raised[0].told_us if each.raised else each.until_us
        last_us = max(told_us, each.event_us)
        if close:
            begin_us, end_us = each.event_us - CLOSE_US, last_us + CLOSE_US
            if (end_us - begin_us) * 4 > length_us:
                continue  # the whole shows it well enough
        else:
            begin_us = min(each.event_us, each.from_us) - BEFORE_US
            end_us = min(last_us + AFTER_US, begin_us + MOST_US)
        yield max(begin_us, scenario.start_us), min(end_us, scenario.end_us)


def _joined(times: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return times of which none touches another."""
    found: list[tuple[int, int]] = []
    for begin_us, end_us in sorted(times):
        if found and begin_us <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end_us))
        else:
            found.append((begin_us, end_us))
    return found


def lanes(scenario: Scenario, from_us: int, until_us: int) -> Markup:
    """Return one picture of a stretch of time: a row for each person's story, each sensor, the alarms."""
    axis = Axis(from_us, until_us, NAMES, WIDTH - MARGIN, ZoneInfo(scenario.timezone))
    rows: list[Markup] = []
    y = 20
    told = [each for each in scenario.story if axis.inside(each.from_us, each.until_us)]
    for person in scenario.residents:
        mine = [each for each in told if each.resident == person.key]
        if mine:
            rows += [_name(y, person.name), *(_told(axis, y, each.from_us, each.until_us, each.said) for each in mine)]
            y += ROW
    shown = scenario.lanes[:MOST_LANES]
    for lane in shown:
        rows += [_name(y, _short(lane.name, scenario.mark)), _lane(axis, y, lane, scenario)]
        y += ROW
    if left := len(scenario.lanes) - len(shown):
        rows.append(
            tag("text", both(f"and {left} more", f"另有 {left} 个", "tspan"), x=NAMES - 8, y=y + 12, class_="name")
        )
        y += ROW
    rows += [_name(y, both("alarms", "警报", "tspan")), *_alarms(axis, y, scenario)]
    y += ROW
    grid = [_line(x, y, when) for x, when in axis.lines()]
    behind = [
        _expected(axis, y, each) for each in scenario.judged if each.must and axis.inside(each.from_us, each.until_us)
    ]
    title = f"{axis.local(from_us):%Y-%m-%d %H:%M} – {axis.local(until_us):%Y-%m-%d %H:%M}"
    drawn = tag(
        "svg", tag("title", title), *behind, *grid, *rows, viewBox=f"0 0 {WIDTH} {y + 4}", role="img", class_="lanes"
    )
    return tag("figure", drawn, tag("figcaption", title, " ", scenario.timezone))


def _name(y: int, text: Markup | str) -> Markup:
    return tag("text", text, x=NAMES - 8, y=y + 12, class_="name")


def _line(x: float, bottom: int, when: str) -> Markup:
    return inside(tag("line", x1=x, x2=x, y1=16, y2=bottom, class_="grid"), tag("text", when, x=x, y=11, class_="when"))


def _told(axis: Axis, y: int, from_us: int, until_us: int, what: dict[str, str]) -> Markup:
    left, right = axis.x(from_us), axis.x(until_us)
    room = WIDTH - left
    # Near the right edge the words stand before their bar.
    anchor, at = ("start", left + 4) if room > 150 else ("end", left - 4)
    label = said(what, "text", x=at, y=y + 12, class_="told", text_anchor=anchor)
    return inside(
        tag("rect", x=left, y=y + 2, width=max(2.0, right - left), height=ROW - 5, rx=2, class_="deed"), label
    )


def _lane(axis: Axis, y: int, lane: Lane, scenario: Scenario) -> Markup:
    """Return a lane as one path: neighbouring steps are one mark, marks closer than a pixel too."""
    step_us = scenario.step_s * 1_000_000
    marks: list[list[float]] = []
    for at in on(lane):
        from_us = scenario.start_us + at * step_us
        if not axis.inside(from_us, from_us + step_us):
            continue
        left, right = axis.x(from_us), max(axis.x(from_us + step_us), axis.x(from_us) + THIN)
        if marks and left - marks[-1][1] < 0.6:
            marks[-1][1] = max(marks[-1][1], right)
        else:
            marks.append([left, right])
    top = y + (ROW - BAR) / 2 - 1
    path = "".join(f"M{left:g} {top:g}H{right:.1f}V{top + BAR:g}H{left:g}Z" for left, right in marks)
    return inside(
        tag("line", x1=NAMES, x2=WIDTH - MARGIN, y1=y + ROW / 2 - 1, y2=y + ROW / 2 - 1, class_="thread"),
        tag("path", d=path, class_="seen") if path else None,
    )


def _expected(axis: Axis, bottom: int, each: Judged) -> Markup:
    """Return when it truly happened, and until when it must be raised."""
    at = axis.x(each.event_us)
    due_us = each.event_us + round((each.within_s or 0) * 1e6)
    return inside(
        tag("rect", x=at, y=16, width=max(0.0, axis.x(due_us) - at), height=bottom - 16, class_="due"),
        tag("line", x1=at, x2=at, y1=16, y2=bottom, class_="truth"),
    )


def _alarms(axis: Axis, y: int, scenario: Scenario) -> Iterator[Markup]:
    good = {each.raised[0].finding for each in scenario.judged if each.must and each.raised and each.verdict in GOOD}
    late = {
        each.raised[0].finding for each in scenario.judged if each.must and each.raised and each.verdict not in GOOD
    }
    told = [
        *(one for each in scenario.judged for one in each.raised),
        *scenario.wrongly,
        *scenario.doubles,
        *scenario.mild,
    ]
    for one in {each.finding: each for each in told}.values():
        if axis.inside(one.told_us, one.told_us):
            yield _alarm(axis, y, one, _class(one, good, late))


def _class(one: Occurrence, good: set[str], late: set[str]) -> str:
    if one.finding in good:
        return "good"
    if one.mild:
        return "mild"
    return "late" if one.finding in late else "bad"


def _alarm(axis: Axis, y: int, one: Occurrence, how: str) -> Markup:
    x, middle = axis.x(one.told_us), y + ROW / 2 - 1
    title = tag("title", f"{one.kind} {axis.local(one.told_us):%Y-%m-%d %H:%M:%S}")
    name = words.KINDS.get(one.kind, (one.kind, one.kind))
    anchor, at = ("start", x + 8) if WIDTH - x > 90 else ("end", x - 8)
    return inside(
        tag("path", title, d=f"M{x:g} {middle - 6:g}l6 6l-6 6l-6 -6Z", class_=f"alarm {how}"),
        both(*name, "text", x=at, y=y + 12, text_anchor=anchor, class_=f"told {how}"),
    )


def _short(name: str, mark: str) -> str:
    """Return a sensor's name without what the run put before it."""
    return name.replace(f"sim-{mark}-", "").replace(f"{mark}-", "")
