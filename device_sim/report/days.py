"""A long play as a sheet of days: a row a day, midnight to midnight, darker where more sensors told of something."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from device_sim.report.markup import Markup, both, inside, tag
from device_sim.runner.lanes import on
from device_sim.runner.record import GOOD, Occurrence, Scenario

WIDTH, NAMES, ROW = 960, 110, 13
#: Minutes of a day in one cell.
CELL_MIN = 10
#: Only plays of several days are drawn so, and of many days only the last: what is expected comes late.
LEAST_US, MOST_DAYS = 60 * 3_600_000_000, 42
_DAY_MIN = 1440


def sheet(scenario: Scenario) -> Markup | None:
    """Return the sheet, None for a short play."""
    if scenario.end_us - scenario.start_us < LEAST_US:
        return None
    zone = ZoneInfo(scenario.timezone)
    last = _local(scenario.end_us, zone).date()
    first = max(_local(scenario.start_us, zone).date(), last - timedelta(days=MOST_DAYS - 1))
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    top = {day: 18 + n * ROW for n, day in enumerate(days)}
    height = 18 + len(days) * ROW + 2
    parts = [
        *_hours(height),
        *(_day(day, top[day]) for day in days),
        *_cells(scenario, zone, top),
        *_marks(scenario, zone, top),
    ]
    caption = both(
        "A row is a day; darker: more sensors told of something in ten minutes. | what truly happened, ◆ alarm",
        "每行一天；颜色越深，十分钟内有动静的传感器越多。| 实际发生，◆ 警报",
    )
    drawn = tag("svg", *parts, viewBox=f"0 0 {WIDTH} {height}", role="img", class_="days")
    return tag("figure", drawn, tag("figcaption", caption))


def _local(at_us: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(at_us / 1e6, zone)


def _day(day: date, y: int) -> Markup:
    zh = f"{day.month}月{day.day}日 周{'一二三四五六日'[day.weekday()]}"
    return both(f"{day:%a %d %b}", zh, "text", x=NAMES - 8, y=y + 10, class_="name")


def _x(minutes: float) -> float:
    return round(NAMES + minutes / _DAY_MIN * (WIDTH - NAMES - 10), 1)


def _hours(height: int) -> Iterator[Markup]:
    for hour in range(0, 25, 3):
        x = _x(hour * 60)
        yield tag("line", x1=x, x2=x, y1=14, y2=height, class_="grid")
        yield tag("text", f"{hour:02d}", x=x, y=11, class_="when")


def _cells(scenario: Scenario, zone: ZoneInfo, top: dict[date, int]) -> Iterator[Markup]:
    counts: dict[tuple[date, int], set[int]] = {}
    for n, lane in enumerate(scenario.lanes):
        for at in on(lane):
            when = _local(scenario.start_us + at * scenario.step_s * 1_000_000, zone)
            if when.date() in top:
                counts.setdefault((when.date(), (when.hour * 60 + when.minute) // CELL_MIN), set()).add(n)
    width = round((WIDTH - NAMES - 10) / (_DAY_MIN / CELL_MIN), 2)
    shades: dict[int, list[str]] = {}
    for (day, cell), those in counts.items():
        x, y = _x(cell * CELL_MIN), top[day]
        shades.setdefault(min(4, len(those)), []).append(f"M{x:g} {y + 1}h{width:g}v{ROW - 2}h-{width:g}Z")
    for shade, paths in sorted(shades.items()):
        yield tag("path", d="".join(paths), class_=f"shade{shade}")


def _marks(scenario: Scenario, zone: ZoneInfo, top: dict[date, int]) -> Iterator[Markup]:
    for each in scenario.judged:
        if each.must:
            yield from _mark(each.event_us, zone, top, "truth")
    good = {each.raised[0].finding for each in scenario.judged if each.raised and each.must and each.verdict in GOOD}
    told: dict[str, Occurrence] = {one.finding: one for each in scenario.judged for one in each.raised}
    told |= {one.finding: one for one in (*scenario.wrongly, *scenario.doubles, *scenario.mild)}
    for one in told.values():
        how = "good" if one.finding in good else "mild" if one.mild else "bad"
        yield from _mark(one.told_us, zone, top, how)


def _mark(at_us: int, zone: ZoneInfo, top: dict[date, int], how: str) -> Iterator[Markup]:
    when = _local(at_us, zone)
    y = top.get(when.date())
    if y is None:
        return
    x = _x(when.hour * 60 + when.minute)
    if how == "truth":
        yield tag("line", x1=x, x2=x, y1=y - 1, y2=y + ROW, class_="truth")
        return
    middle = y + ROW / 2
    yield inside(
        tag(
            "path",
            tag("title", f"{when:%Y-%m-%d %H:%M}"),
            d=f"M{x:g} {middle - 6:g}l6 6l-6 6l-6 -6Z",
            class_=f"alarm {how}",
        )
    )
