"""An explanation as one SVG file: no script, no font, no picture from elsewhere; light or dark as its reader likes."""

from collections.abc import Callable, Iterator
from html import escape

import numpy as np

from stack.explain import day_svg
from stack.explain.day_words import in_one_sentence
from stack.explain.layout import Layout, lay_out
from stack.explain.signal import Floats
from stack.explain.svg_parts import WIDTH, lettering, rect, wide
from stack.explain.terminal import facts, heading, nothing, sure
from stack.explain.told import Explained
from stack.explain.words import Words

#: Sizes, px.
_LEFT, _RIGHT, _TOP = 56, 24, 24
_PLOT, _TURNED, _ROW, _LINE = 260, 56, 20, 24
#: Beyond so many points a pixel holds several; each then keeps its least and most.
_MOST_POINTS = 1_600
#: Characters of a line of text: Chinese ones are as wide as two.
_LINE_CELLS = 116

#: The colours of the console (styles/tokens.css): grey ground, red and yellow kept for severity.
_STYLE = """
svg{--ground:#fff;--text:#12161c;--muted:#545d6b;--line:#d9dde3;--strong:#b4bbc6;--trace:#1d2430;--gap:#eceef2;
--free_fall:#8b7fd6;--impact:#d16ba5;--lying:#7d92b0;--still:#4f8f8b;--recovered:#4d9a63;--other:#8fa08a;--seen:#3f48b5}
@media(prefers-color-scheme:dark){svg{--ground:#151a20;--text:#eceff3;--muted:#a2acb9;--line:#29313b;--strong:#46505e;
--trace:#e8ecf2;--gap:#1e252d;--free_fall:#8f83e6;--impact:#d977b0;--lying:#7f9bc4;--still:#69b5b0;
--recovered:#79cf92;--other:#8fa88a;--seen:#aab2ff}}
text{font:13px system-ui,-apple-system,"Segoe UI",Roboto,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;
fill:var(--muted);font-variant-numeric:tabular-nums}
.head{font-size:20px;font-weight:650;fill:var(--text)}.say{font-size:15px;fill:var(--text)}.strong{fill:var(--text)}
.trace{fill:none;stroke:var(--trace);stroke-width:1.5;stroke-linejoin:round}
.turned{fill:none;stroke:var(--muted);stroke-width:1.5;stroke-linejoin:round}
.grid{stroke:var(--line)}.rest{stroke:var(--strong);stroke-dasharray:3 4}.zero{stroke:var(--text);stroke-dasharray:2 3}
.mark{stroke:var(--text);stroke-width:1.5}.dot{fill:var(--ground);stroke:var(--text);stroke-width:2.5}
.inverse{fill:var(--ground);font-weight:650}.base{stroke:var(--strong)}
.hatch{stroke:var(--strong);stroke-width:1.5}.other{fill:var(--muted)}.full{fill:var(--text)}
.usual,.limit,.rang{stroke:var(--text);stroke-width:1.5}.usual{stroke-dasharray:2 4}.limit{stroke-dasharray:7 4}
.rang{stroke-width:2.5}
.halo{paint-order:stroke;stroke:var(--ground);stroke-width:4px;fill:var(--text);font-weight:650}
.light{font-weight:400}
"""
#: What maps seconds to px.
Scale = Callable[[float], float]
_TINTS = ("free_fall", "impact", "lying", "still", "recovered")


def svg(told: Explained, words: Words) -> str:
    """Return the picture of an explanation as the text of an SVG file."""
    said = [*_said(told, words)]
    layout = lay_out(told)
    y = float(_TOP + _LINE * len(said) + 8)
    body = [*_headline(said)]
    if told.day is not None:
        said.append(("", in_one_sentence(told.day, words)))  # for who does not see it
        drawn, y = day_svg.drawing(told.day, words, y)
        body += drawn
    elif layout is None:
        body.append(lettering(_LEFT, y + _LINE, words.said("data.none")))
        y += 2 * _LINE
    else:
        drawn, y = _drawing(told, layout, words, y)
        body += drawn
    title = said[0][1]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y:.0f}" width="{WIDTH}" height="{y:.0f}"'
            f' role="img" lang="{"zh-Hans" if words.lang == "zh" else "en"}">',
            f"<title>{escape(title)}</title>",
            f"<desc>{escape(' '.join(text for _, text in said[1:]))}</desc>",
            f"<style>{_STYLE}</style>",
            '<rect width="100%" height="100%" style="fill:var(--ground)"/>',
            *body,
            "</svg>\n",
        ]
    )


def _said(told: Explained, words: Words) -> Iterator[tuple[str, str]]:
    """Yield the lines above the drawing with their style."""
    if told.stage is None:
        yield "head", words.said("none")
        yield from (("say", line) for line in _wrapped(nothing(told, words)))
    else:
        yield "head", heading(told, words)
        yield from (("say", line) for line in _wrapped(words.reasons(told.reasons) or words.said("reason.none")))
    if line := sure(told, words):
        yield "strong", line
    yield from (("", line) for line in _wrapped(" · ".join(facts(told, words))))


def _wrapped(text: str) -> list[str]:
    """Return the text in lines that fit; broken after commas and blanks."""
    lines, line, cells = [], "", 0
    for char in text:
        wide = 2 if ord(char) > 0x2E80 else 1
        if cells + wide > _LINE_CELLS:
            cut = max(line.rfind(" "), line.rfind("，")) + 1 or len(line)
            lines.append(line[:cut].rstrip())
            line = line[cut:]
            cells = sum(2 if ord(each) > 0x2E80 else 1 for each in line)
        line, cells = line + char, cells + wide
    return [*lines, line]


def _headline(said: list[tuple[str, str]]) -> Iterator[str]:
    for index, (style, text) in enumerate(said):
        yield lettering(_LEFT, _TOP + _LINE * (index + 0.6), text, style)


def _drawing(told: Explained, layout: Layout, words: Words, y: float) -> tuple[list[str], float]:
    """Return the plot, the phases' bars, the turn and the axis from ``y`` down, and where they end."""
    wide = WIDTH - _LEFT - _RIGHT

    def x(t_s: float) -> float:
        return _LEFT + layout.share(t_s) * wide

    first = {each.name: each for each in reversed(layout.phases)}  # of several of one name the first has the label
    named = {each.name: words.said(f"phase.{each.name}") for each in layout.phases}
    rows = _stacked([(x(each.start_s), named[each.name] if first[each.name] is each else "") for each in layout.phases])
    top = y + _ROW * (max(rows, default=0) + 1)
    body: list[str] = []
    for begin, end in layout.gaps:
        body.append(rect(x(begin), top, x(end) - x(begin), _PLOT, "var(--gap)", 1))
        if x(end) - x(begin) > 60:
            body.append(lettering((x(begin) + x(end)) / 2, top + _PLOT / 2, _no_data(words), anchor="middle"))
    for row, each in zip(rows, layout.phases, strict=True):
        tint = f"var(--{each.name if each.name in _TINTS else 'other'})"
        left, right = x(each.start_s), max(x(each.start_s) + 2, x(each.end_s))
        label = y + _ROW * row
        body.append(rect(left, top, right - left, _PLOT, tint, 0.2))
        above = label if first[each.name] is each else top
        body.append(f'<line x1="{left:.1f}" x2="{left:.1f}" y1="{above:.1f}" y2="{top + _PLOT:.1f}" stroke="{tint}"/>')
        if first[each.name] is each:
            body.append(lettering(left + 4, label + 13, named[each.name], "strong"))
    body += _grid(layout, top, wide)
    body.append(f'<line class="zero" x1="{x(0):.1f}" x2="{x(0):.1f}" y1="{top}" y2="{top + _PLOT}"/>')
    for segment in layout.segments:
        body.append(_path("trace", _points(segment.t_s, segment.magnitude), x, top, _PLOT, layout.top_g))
    body += _peak(told, layout, words, x, top)
    y = top + _PLOT
    body += _axis(layout, words, x, y)
    y += 28
    if any(degrees is not None for degrees in layout.turned):
        body += _turn(layout, words, x, y + _LINE)
        y += _LINE + _TURNED + 10
    body += _stages(told, layout, words, x, y)
    y += _ROW * sum(each.is_stage for each in told.course)
    body.append(lettering(_LEFT, y + _LINE, words.said("axis")))
    return body, y + _LINE * 1.7


def _stages(told: Explained, layout: Layout, words: Words, x: Scale, y: float) -> Iterator[str]:
    shown = [each for each in told.course if each.is_stage]
    for index, each in enumerate(shown):
        at, line = min(x(layout.end_s), x(each.at_s)), y + _ROW * (index + 0.7)
        late = "→ " if each.at_s > layout.end_s else ""
        stage, sign = words.said(f"stage.{each.stage}"), "+" if each.at_s >= 0 else "−"
        text = f"{late}{stage} {sign}{abs(each.at_s):.1f} {words.said('s')}"
        right = at + 14 + wide(text) > WIDTH - _RIGHT
        yield f'<path d="M{at:.1f} {line - 9:.1f}l5 9h-10z" style="fill:var(--text)"/>'
        yield lettering(at - 10 if right else at + 10, line, text, "strong", "end" if right else "start")


def _turn(layout: Layout, words: Words, x: Scale, y: float) -> Iterator[str]:
    yield lettering(_LEFT, y - 6, words.said("turned.long"))
    for degrees in (0, 90, 180):
        at = y + _TURNED * (1 - degrees / 180)
        yield f'<line class="grid" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{at:.1f}" y2="{at:.1f}"/>'
        yield lettering(_LEFT - 8, at + 4, f"{degrees}°", anchor="end")
    for segment, degrees_each in zip(layout.segments, layout.turned, strict=True):
        if degrees_each is not None:
            yield _path("turned", _points(segment.t_s, degrees_each), x, y, _TURNED, 180.0)


def _grid(layout: Layout, top: float, wide: float) -> Iterator[str]:
    for g in layout.grams():
        at = top + _PLOT * (1 - g / layout.top_g)
        style = "rest" if g == 1 else "grid"
        yield f'<line class="{style}" x1="{_LEFT}" x2="{_LEFT + wide}" y1="{at:.1f}" y2="{at:.1f}"/>'
        if g != 1 or layout.top_g <= 12:
            yield lettering(_LEFT - 8, at + 4, f"{g} g", anchor="end")


def _peak(told: Explained, layout: Layout, words: Words, x: Scale, top: float) -> Iterator[str]:
    near = [part for each in layout.segments if (part := each.within(-0.1, 0.1)) is not None]
    if not near:
        return
    magnitude = max(float(part.magnitude.max()) for part in near)
    y = top + _PLOT * (1 - min(magnitude, layout.top_g) / layout.top_g)
    yield f'<circle class="dot" cx="{x(0):.1f}" cy="{y:.1f}" r="4"/>'
    said = words.said("impact.mark", g=float(told.peak_g or magnitude))
    yield lettering(x(0) + 10, max(top + 12, y + 4), said, "halo")


def _axis(layout: Layout, words: Words, x: Scale, y: float) -> Iterator[str]:
    for tick in layout.ticks(16):
        text = f"0 {words.said('s')}" if tick == 0 else f"{'+' if tick > 0 else '−'}{abs(tick)}"
        yield f'<line class="grid" x1="{x(tick):.1f}" x2="{x(tick):.1f}" y1="{y}" y2="{y + 4}"/>'
        yield lettering(x(tick), y + 18, text, anchor="middle")


def _points(t_s: Floats, values: Floats) -> list[tuple[float, float]]:
    """Return (time, value) of a line; a dense one keeps each block's least and most, in their order."""
    block = max(1, -(-2 * len(t_s) // _MOST_POINTS))
    if block == 1:
        return list(zip(t_s.tolist(), values.tolist(), strict=True))
    points: list[tuple[float, float]] = []
    for first in range(0, len(t_s), block):
        part = values[first : first + block]
        ends = sorted({int(np.argmin(part)), int(np.argmax(part))})
        points += [(float(t_s[first + index]), float(part[index])) for index in ends]
    return points


def _path(style: str, points: list[tuple[float, float]], x: Scale, top: float, height: float, most: float) -> str:
    told = (f"{x(t):.1f} {top + height * (1 - min(value, most) / most):.1f}" for t, value in points)
    return f'<path class="{style}" d="M{"L".join(told)}"/>'


def _stacked(labels: list[tuple[float, str]]) -> list[int]:
    """Return for each label the first row on which it touches none before it."""
    ends: list[float] = []
    rows: list[int] = []
    for left, text in labels:
        row = next((row for row, end in enumerate(ends) if end + 6 <= left), len(ends))
        ends[row : row + 1] = [left + 4 + wide(text)]
        rows.append(row)
    return rows


def _no_data(words: Words) -> str:
    return "无数据" if words.lang == "zh" else "no data"
