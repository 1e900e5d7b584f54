"""The day of an alert in a terminal: a line a room, what lasted, other days, and the moments that matter."""

from collections.abc import Iterator

from rich.cells import cell_len
from rich.text import Text

from stack.explain.day import Day
from stack.explain.day_words import keys, lasts_words, mark_words, night_words, room_words
from stack.explain.words import Words

#: The drawing is at least so wide, however narrow the terminal, and no wider than helps.
_NARROWEST, _WIDEST = 30, 96
#: Columns of a mark of the clock.
_TICK = 9
_SEEN, _LASTS, _NOTHING = "█", "░", "·"
_BLOCKS = " ▁▂▃▄▅▆▇█"
_QUIET, _STRONG = "dim", "bold"


def lines(day: Day, words: Words, width: int) -> Iterator[Text]:
    """Yield the day line by line for a terminal of ``width`` columns."""
    rows = [words.said(f"usual.row.{name}") for name in ("now", "others", "night")]
    gutter = max(cell_len(name) for name in [*rows, *(room_words(lane.room, words) for lane in day.lanes)]) + 1
    columns = max(_NARROWEST, min(_WIDEST, width - gutter - 1))
    begun, over = (_column(day, at_us, columns) for at_us in day.lasted)
    for lane in day.lanes:
        cells = [_LASTS if begun <= column < over else _NOTHING for column in range(columns)]
        for start_us, end_us in lane.stays:
            first, last = _column(day, start_us, columns), _column(day, end_us, columns)
            cells[first : last + 1] = _SEEN * (last + 1 - first)
        yield _named(room_words(lane.room, words), gutter) + Text("".join(cells))
    yield _named(rows[0], gutter, _STRONG) + _lasts(day, words, begun, over)
    if bars := _others(day, columns):
        yield _named(rows[1], gutter) + Text(bars)
    yield Text(" " * gutter) + _axis(day, columns)
    for mark in reversed(day.marks):
        at, said = _column(day, mark.at_us, columns), mark_words(mark, day, words)
        before = f"{said} ▲"
        line = " " * (at + 1 - cell_len(before)) + before if cell_len(before) <= at + 1 else f"{' ' * at}▲ {said}"
        yield Text(" " * gutter + line, style=_STRONG if mark.name == "rang" else "")
    if nights := day.nights():
        yield _named(rows[2], gutter) + Text(_blocks(nights)) + Text(f"  {night_words(day, words)}", style=_STRONG)
    yield from (Text(each, style=_QUIET) for each in keys(day, words))


def _column(day: Day, at_us: int, columns: int) -> int:
    return min(columns - 1, int(day.share(at_us) * columns))


def _lasts(day: Day, words: Words, begun: int, over: int) -> Text:
    """Return the bar of what lasted with its words in it, or beside it where it is short."""
    size = max(1, over - begun)
    said = f" {lasts_words(day, words)} "
    wide = cell_len(said)
    if wide + 2 <= size:
        left = (size - wide) // 2
        return Text(" " * begun + "▓" * left + said + "▓" * (size - wide - left), style=_STRONG)
    if wide <= begun:
        return Text(" " * (begun - wide) + said + "▓" * size, style=_STRONG)
    return Text(" " * begun + "▓" * size + said, style=_STRONG)


def _others(day: Day, columns: int) -> str:
    """Return other days as bars: how often one is about at this hour, or how many days ended here."""
    if lively := day.lively():
        shares = [0.0] * columns
        for start_us, end_us, share in lively:
            for column in range(_column(day, start_us, columns), _column(day, end_us - 1, columns) + 1):
                shares[column] = share
        return "".join(_BLOCKS[max(1, round(share * 8))] for share in shares)
    piles = day.others(columns)
    most = max(piles.values(), default=0)
    return "".join(_BLOCKS[-(-8 * piles[column] // most)] for column in range(columns)).rstrip() if most else ""


def _blocks(values: tuple[int, ...]) -> str:
    most = max(1, *values)
    return "".join(_BLOCKS[max(1, round(8 * value / most))] for value in values)


def _axis(day: Day, columns: int) -> Text:
    line = [" "] * columns
    for tick in day.ticks(columns // _TICK):
        text, at = day.clock(tick), _column(day, tick, columns)
        if at + len(text) <= columns:
            line[at : at + len(text)] = list(text)
    return Text("".join(line).rstrip(), style=_QUIET)


def _named(name: str, gutter: int, style: str = "") -> Text:
    return Text(" " * (gutter - 1 - cell_len(name)) + name + " ", style=style)
