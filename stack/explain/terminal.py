"""An explanation in a terminal: |a| in braille dots, the phases under it as bars, and the words around them."""

from collections.abc import Iterator

import numpy as np
from rich.cells import cell_len
from rich.text import Text

from detectors.fall_weights import Weight
from detectors.impacts import GATE_G
from stack.explain import day_terminal
from stack.explain.day import KINDS
from stack.explain.features import feature_words
from stack.explain.layout import Layout, Span, lay_out
from stack.explain.signal import Floats, Segment
from stack.explain.told import Explained, Moment
from stack.explain.words import Words, short

#: Rows of the plot; a braille cell has 2 x 4 dots.
_ROWS, _DOTS_X, _DOTS_Y = 10, 2, 4
#: The bit of each dot of a braille cell, by column and row (Unicode 2800).
_BITS = np.array([[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]])
_BRAILLE = 0x2800
#: The plot is at least so wide, however narrow the terminal, and no wider than helps.
_NARROWEST, _WIDEST = 30, 140
_GRAM_STYLE, _QUIET, _STRONG = "dim", "dim", "bold"
_STYLES = {"free_fall": "magenta", "impact": "red", "lying": "blue", "still": "cyan", "recovered": "green"}
_BLOCKS = " ▁▂▃▄▅▆▇█"
_BAR_WIDTH = 24


def lines(told: Explained, words: Words, width: int) -> Iterator[Text]:
    """Yield the explanation line by line for a terminal of ``width`` columns."""
    yield from headline(told, words)
    yield Text()
    layout = lay_out(told)
    if told.day is not None:
        yield from day_terminal.lines(told.day, words, width)
    elif layout is None:
        yield Text(words.said("data.none"), style=_QUIET)
    else:
        yield from _picture(told, layout, words, width)
    yield from _course(told, words)
    yield from _weights(told, words)
    yield from _impacts(told, words)


def headline(told: Explained, words: Words) -> Iterator[Text]:
    """Yield what it is, why, how sure, and where it is from."""
    if told.stage is None:
        yield Text(nothing(told, words), style=_STRONG)
    else:
        yield Text(heading(told, words), style=_STRONG)
        yield Text(words.reasons(told.reasons) or words.said("reason.none"))
    if said := sure(told, words):
        yield Text(said)
    yield Text(" · ".join(facts(told, words)), style=_QUIET)


def heading(told: Explained, words: Words) -> str:
    """Return what an alert is called, and how far it is."""
    return words.heading(told.kind, told.stage or "", [reason.code for reason in told.reasons])


def facts(told: Explained, words: Words) -> list[str]:
    """Return where the explanation is from, in plain facts."""
    return [
        words.said(f"source.{name}", v=f"{value:g}" if isinstance(value, float) else value)
        for name, value in told.source.items()
    ]


def nothing(told: Explained, words: Words) -> str:
    """Return that nothing was found, and how near the likeliest impact came."""
    likeliest = max(told.impacts, key=lambda each: each.probability, default=None)
    if likeliest is None or told.score.threshold is None:
        return f"{words.said('none')}{words.said('reason.join')}{words.said('none.soft', g=GATE_G)}"
    why = words.said(
        "none.why",
        g=likeliest.peak_g,
        percent=words.percent(likeliest.probability),
        threshold=words.percent(told.score.threshold),
    )
    return f"{words.said('none')}{words.said('reason.join')}{why}"


def sure(told: Explained, words: Words) -> str:
    """Return how sure the detector is, from when on it alarms, and which model judged."""
    score = told.score
    parts: list[str] = []
    if score.probability is not None and told.stage is not None:
        percent = words.percent(score.probability)
        parts.append(words.said("sure", words=words.sure(score.probability), percent=percent))
    if score.threshold is not None and told.stage is not None:
        parts.append(words.said("rings", threshold=words.percent(score.threshold)))
    if score.place is not None:
        key = "judged.anywhere" if score.place == "anywhere" else "judged"
        parts.append(words.said(key, place=words.said(f"place.{score.place}"), model=score.model or "?"))
    if score.again is not None and score.probability is not None and abs(score.again - score.probability) > 0.01:
        parts.append(words.said("again", percent=words.percent(score.again)))
    return " · ".join(parts)


def _picture(told: Explained, layout: Layout, words: Words, width: int) -> Iterator[Text]:
    marks = [each for each in told.course if each.is_stage and layout.start_s <= each.at_s <= layout.end_s]
    names = [words.said(f"phase.{each.name}") for each in layout.phases]
    names += [words.said(f"stage.{each.stage}") for each in marks]
    gutter = max([6, *(cell_len(name) for name in [*names, words.said("turned")])]) + 1
    columns = max(_NARROWEST, min(_WIDEST, width - gutter - 1))
    cells = _braille(layout, columns)
    # where two marks fall on one row the last one counts: 0 g stays, and 1 g goes where the scale is coarse
    labels = {_row(g / layout.top_g): f"{g} g" for g in reversed(layout.grams())}
    zero = round(layout.share(0.0) * (columns - 1))
    for row in range(_ROWS):
        line = Text(_right(labels.get(row, ""), gutter - 1) + "│", style=_GRAM_STYLE)
        dots = "".join(chr(_BRAILLE + int(cell)) for cell in cells[row])
        body = Text(dots)
        if cells[row][zero] == 0:
            body = Text(dots[:zero]) + Text("┊", style=_QUIET) + Text(dots[zero + 1 :])
        yield line + body
    yield Text(" " * (gutter - 1) + "└" + "─" * columns, style=_QUIET)
    yield _axis(layout, words, gutter, columns)
    turned = _turned(layout, columns)
    if turned is not None:
        yield Text(_right(words.said("turned"), gutter - 1) + " ", style=_QUIET) + Text(turned)
    for name in dict.fromkeys(phase.name for phase in layout.phases):
        bar = _bar([phase for phase in layout.phases if phase.name == name], layout, columns)
        yield Text(_right(words.said(f"phase.{name}"), gutter - 1) + " ") + Text(bar, _STYLES.get(name, ""))
    for each in marks:
        at = round(layout.share(each.at_s) * (columns - 1))
        yield Text(_right(words.said(f"stage.{each.stage}"), gutter - 1) + " ", style=_QUIET) + Text(" " * at + "▲")
    for begin, end in layout.gaps:
        yield Text(words.said("data.gap", start=_signed(round(begin, 1)), end=_signed(round(end, 1))), style=_QUIET)


def _bar(spans: list[Span], layout: Layout, columns: int) -> str:
    """Return a line with a bar where each span of one phase lies."""
    bar = [" "] * columns
    for span in spans:
        first, last = (round(layout.share(at) * (columns - 1)) for at in (span.start_s, span.end_s))
        bar[first : max(first + 1, last)] = "━" * max(1, last - first)
    return "".join(bar).rstrip()


def _row(share: float) -> int:
    return min(_ROWS - 1, int((1 - share) * _ROWS))


def _braille(layout: Layout, columns: int) -> "np.ndarray[tuple[int, int], np.dtype[np.int64]]":
    """Return the bits of each cell, shape (_ROWS, columns): |a| with its least and most in each column of dots."""
    cells = np.zeros((_ROWS, columns), dtype=np.int64)
    edges = np.linspace(layout.start_s, layout.end_s, columns * _DOTS_X + 1)
    dots = _ROWS * _DOTS_Y
    for segment in layout.segments:
        for column, low, high in _courses(segment, edges):
            top, bottom = (int((1 - min(value / layout.top_g, 1.0)) * (dots - 1)) for value in (high, low))
            for dot in range(top, bottom + 1):
                cells[dot // _DOTS_Y, column // _DOTS_X] |= _BITS[column % _DOTS_X, dot % _DOTS_Y]
    return cells


def _courses(segment: Segment, edges: Floats) -> Iterator[tuple[int, float, float]]:
    """Yield (column, least, most) of |a| for each column of dots that the segment covers."""
    magnitude = segment.magnitude
    at = np.interp(edges, segment.t_s, magnitude)
    first = np.searchsorted(segment.t_s, edges)
    for column in range(len(edges) - 1):
        if edges[column + 1] < segment.t_s[0] or edges[column] > segment.end_s:
            continue
        inside = magnitude[first[column] : first[column + 1]]
        values = np.concatenate([inside, at[column : column + 2]])
        yield column, float(values.min()), float(values.max())


def _turned(layout: Layout, columns: int) -> str | None:
    """Return how far the sensor is turned, a block of 1/8 for 22.5 degrees, or None where it cannot be told."""
    line = [" "] * columns
    told = False
    for segment, degrees in zip(layout.segments, layout.turned, strict=True):
        if degrees is None:
            continue
        told = True
        where = np.round([layout.share(t) * (columns - 1) for t in segment.t_s]).astype(int)
        for column in np.unique(where).tolist():
            level = float(degrees[where == column].mean()) / 180
            line[column] = _BLOCKS[min(8, max(1, round(level * 8)))]
    return "".join(line) if told else None


def _axis(layout: Layout, words: Words, gutter: int, columns: int) -> Text:
    line = [" "] * (columns + 6)
    for tick in layout.ticks(columns // 8):
        text = f"0 {words.said('s')}" if tick == 0 else _signed(tick)
        at = round(layout.share(tick) * (columns - 1))
        start = max(0, min(at - (len(text) - 1) // 2, columns - len(text)))
        line[start : start + len(text)] = list(text)
    return Text(" " * gutter + "".join(line).rstrip(), style=_QUIET)


def _course(told: Explained, words: Words) -> Iterator[Text]:
    if not told.course:
        return
    yield Text()
    if told.day is not None:  # hours lie between its steps: they have the home's clock
        yield Text(words.said("course.clock"), style=_STRONG)
        for each in told.course:
            at_us = told.event_us + round(each.at_s * 1e6)
            yield Text(_right(told.day.clock(at_us), 12) + "   " + moment_words(each, words, told.kind))
        return
    yield Text(words.said("course" if told.kind == "fall" else "course.event"), style=_STRONG)
    for each in told.course:
        upto = "" if each.upto_s is None else words.said("upto", at=_signed(round(each.upto_s, 1)))
        line = Text(
            _right(f"{_signed(round(each.at_s, 1))} {words.said('s')}", 12)
            + "   "
            + moment_words(each, words, told.kind)
        )
        yield line + Text(f"  {upto}" if upto else "", style=_QUIET)


def moment_words(moment: Moment, words: Words, kind: str) -> str:
    """Return one line of the course of an alert of this kind in words."""
    stage = words.stage(moment.stage, kind) if moment.stage else ""
    if moment.what == "stage":
        return stage
    text = words.said(f"step.{moment.what}", stage=stage, actor=moment.actor)
    # A home's rhythm is told of when it is sure: only its end is another stage.
    return text if not stage or stage in text or kind in KINDS else f"{text} ({stage})"


def _weights(told: Explained, words: Words) -> Iterator[Text]:
    if told.weights is None:
        if told.score.place is not None:
            yield Text()
            yield Text(words.said("weights.none"), style=_QUIET)
        return
    yield Text()
    yield Text(words.said("weights"), style=_STRONG)
    names = [words.said(f"group.{each.name}") for each in told.weights.groups]
    width = max(cell_len(name) for name in names)
    most = max(1.0, *(abs(each.log_odds) for each in told.weights.groups))
    for name, each in zip(names, told.weights.groups, strict=True):
        bar = "█" * round(abs(each.log_odds) / most * _BAR_WIDTH)
        style = "" if each.log_odds > 0 else "dim"
        yield Text(f"  {_left(name, width)} {each.log_odds:+6.1f} ") + Text(bar, style=style)
    yield Text()
    yield Text(f"{words.said('features')} ({words.said('feature.head')})", style=_STRONG)
    rows = [_feature(each, words) for each in told.weights.features]
    width = max((cell_len(name) for name, _ in rows), default=0)
    for name, numbers in rows:
        yield Text(f"  {_left(name, width)}  {numbers}")


def _feature(weight: Weight, words: Words) -> tuple[str, str]:
    name, unit = feature_words(weight.name, words)
    value, ordinary = (short(number or 0.0) for number in (weight.value, weight.ordinary))
    return (
        name,
        f"{_right(f'{value} {unit}'.strip(), 9)} {_right(f'{ordinary} {unit}'.strip(), 9)} {weight.log_odds:+6.1f}",
    )


def _impacts(told: Explained, words: Words) -> Iterator[Text]:
    if len(told.impacts) < 2 and told.stage is not None:
        return
    if not told.impacts:
        return
    yield Text()
    yield Text(words.said("impacts.most"), style=_STRONG)
    for each in told.impacts:
        percent = words.percent(each.probability)
        yield Text(f"  {words.said('impact', at=f'{each.at_s:.1f}', g=each.peak_g, percent=percent)}")


def _signed(value: float) -> str:
    return f"+{value:g}" if value > 0 else f"−{-value:g}" if value < 0 else "0"


def _right(text: str, width: int) -> str:
    return " " * max(0, width - cell_len(text)) + text


def _left(text: str, width: int) -> str:
    return text + " " * max(0, width - cell_len(text))
