"""Times to the alert as dots on a line, a row for each kind; by the logarithm, since they go from seconds to hours."""

from collections.abc import Sequence
from math import log10

from device_sim.report import words
from device_sim.report.figures import Kind
from device_sim.report.markup import Markup, both, inside, tag
from device_sim.runner.saying import duration

WIDTH, NAMES, ROW = 960, 110, 26
#: From a second to two days, with a line at each length people think in.
SHORTEST_S, LONGEST_S = 1.0, 172_800.0
LINES = (
    (1, "1 s", "1 秒"),
    (10, "10 s", "10 秒"),
    (60, "1 min", "1 分钟"),
    (600, "10 min", "10 分钟"),
    (3600, "1 h", "1 小时"),
    (6 * 3600, "6 h", "6 小时"),
    (86_400, "1 day", "1 天"),
)


def dots(kinds: Sequence[Kind]) -> Markup | None:
    """Return the picture, None when nothing was raised."""
    shown = [kind for kind in kinds if kind.waits_s]
    if not shown:
        return None
    height = 18 + ROW * len(shown)
    grid = [
        inside(
            tag("line", x1=_x(at), x2=_x(at), y1=16, y2=height, class_="grid"),
            both(en, zh, "text", x=_x(at), y=11, class_="when"),
        )
        for at, en, zh in LINES
    ]
    rows = [_row(kind, 18 + n * ROW) for n, kind in enumerate(shown)]
    drawn = tag("svg", *grid, *rows, viewBox=f"0 0 {WIDTH} {height}", role="img")
    caption = both("Time from what happened to the alert, each a dot.", "从事件发生到报警的时间，一点一次。")
    return tag("figure", drawn, tag("figcaption", caption))


def _row(kind: Kind, y: int) -> Markup:
    en, zh = words.KINDS.get(kind.name, (kind.name, kind.name))
    marks = (
        tag("circle", tag("title", duration(wait)), cx=_x(wait), cy=y + ROW / 2, r=5, class_="dot")
        for wait in kind.waits_s
    )
    return inside(both(en, zh, "text", x=NAMES - 8, y=y + ROW / 2 + 4, class_="name"), *marks)


def _x(seconds: float) -> float:
    share = log10(min(LONGEST_S, max(SHORTEST_S, seconds)) / SHORTEST_S) / log10(LONGEST_S / SHORTEST_S)
    return round(NAMES + share * (WIDTH - NAMES - 30), 1)
