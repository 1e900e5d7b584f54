"""The day of an alert as the body of an SVG; the console draws the same."""

from collections.abc import Iterator

from stack.explain.day import Day
from stack.explain.day_words import keys, lasts_words, mark_words, night_words, room_words
from stack.explain.svg_parts import WIDTH, lettering, rect, wide
from stack.explain.words import Words

#: Sizes, px.
_LEFT, _RIGHT, _FLAG, _LANE, _STAY, _NOW, _OTHERS, _AXIS, _GAP, _LINE = 56, 24, 20, 22, 11, 28, 56, 24, 8, 22
#: The least that can be seen of a stay, and the size of a dot.
_LEAST, _DOT = 3.0, 7.0
#: Room for one hour's words.
_TICK = 64

HATCH = (
    '<defs><pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<line class="hatch" x1="0" x2="0" y1="0" y2="7"/></pattern></defs>'
)


def drawing(day: Day, words: Words, y: float) -> tuple[list[str], float]:
    """Return the drawing from ``y`` down, and where it ends."""
    names = [words.said(f"usual.row.{name}") for name in ("now", "others", "night")]
    gutter = _LEFT + max(wide(name) for name in [*names, *(room_words(lane.room, words) for lane in day.lanes)]) + 10
    size = WIDTH - _RIGHT - gutter

    def x(at_us: int) -> float:
        return gutter + day.share(at_us) * size

    top = y + _FLAG * len(day.marks)
    now = top + _LANE * len(day.lanes) + _GAP
    others = now + _NOW + _GAP
    columns, piles = day.lively(), day.others(int(size // _DOT))
    axis = others + (_OTHERS if columns or piles else 0)
    left, right = (x(at_us) for at_us in day.lasted)
    body = [HATCH]
    for tick in day.ticks(int(size // _TICK)):
        body.append(f'<line class="grid" x1="{x(tick):.1f}" x2="{x(tick):.1f}" y1="{top}" y2="{axis}"/>')
        body.append(lettering(x(tick), axis + 17, day.clock(tick), anchor="middle"))
    if day.lanes:
        body.append(rect(left, top, max(2.0, right - left), now - top, "var(--gap)", 1))
        body.append(rect(left, top, max(2.0, right - left), now - top, "url(#hatch)", 1))
    for row, lane in enumerate(day.lanes):
        middle = top + _LANE * (row + 0.5)
        body.append(lettering(_LEFT, middle + 4, room_words(lane.room, words)))
        body.append(f'<line class="grid" x1="{gutter:.1f}" x2="{gutter + size:.1f}" y1="{middle}" y2="{middle}"/>')
        for start_us, end_us in lane.stays:
            length = max(_LEAST, x(end_us) - x(start_us))
            body.append(rect(x(start_us), middle - _STAY / 2, length, _STAY, "var(--seen)", 1))
    if columns or piles:
        body.append(lettering(_LEFT, axis - _OTHERS / 2 + 8, names[1]))
    for start_us, end_us, share in columns:
        height, tint = max(1.0, share * (_OTHERS - 4)), "muted" if _within(day, start_us, end_us) else "strong"
        body.append(rect(x(start_us) + 0.5, axis - height, x(end_us) - x(start_us) - 1, height, f"var(--{tint})", 1))
    step = min(_DOT, (_OTHERS - _DOT) / max([1, *(count - 1 for count in piles.values())]))
    for place, count in sorted(piles.items()):
        for level in range(count):
            at, height = gutter + (place + 0.5) * _DOT, axis - _DOT / 2 - 1 - level * step
            body.append(f'<circle class="other" cx="{at:.1f}" cy="{height:.1f}" r="3"/>')
    body.append(f'<line class="base" x1="{gutter:.1f}" x2="{gutter + size:.1f}" y1="{axis}" y2="{axis}"/>')
    for row, mark in enumerate(day.marks):
        body += _flag(mark.name, mark_words(mark, day, words), x(mark.at_us), (y + _FLAG * row, axis))
    body.append(lettering(_LEFT, now + _NOW / 2 + 5, names[0], "strong"))
    body += _lasts(lasts_words(day, words), left, right, now, gutter)
    end = axis + _AXIS
    if nights := day.nights():
        body += _nights(nights, names[2], night_words(day, words), (gutter, size), end + _GAP)
        end += _GAP + _OTHERS
    for row, said in enumerate(keys(day, words)):
        body.append(lettering(_LEFT, end + _LINE * (row + 0.8), said))
    return body, end + _LINE * (len(keys(day, words)) + 0.5)


def _within(day: Day, start_us: int, end_us: int) -> bool:
    return end_us > day.lasted[0] and start_us < day.lasted[1]


def _flag(name: str, said: str, x: float, y: tuple[float, float]) -> Iterator[str]:
    """Yield a mark's line down to the axis, and its words before it, or after it where they do not fit."""
    top, axis = y
    yield f'<line class="{name}" x1="{x:.1f}" x2="{x:.1f}" y1="{top + 3}" y2="{axis}"/>'
    if name == "rang":
        yield f'<circle class="full" cx="{x:.1f}" cy="{top + 10}" r="4.5"/>'
    before = x - 6 - wide(said) >= _LEFT
    style = "halo" if name == "rang" else "halo light"
    yield lettering(x - 6 if before else x + 6, top + 14, said, style, anchor="end" if before else "start")


def _lasts(said: str, left: float, right: float, y: float, gutter: float) -> Iterator[str]:
    """Yield what lasts as a bar with its words in it, before it, or after it."""
    yield rect(left, y, max(3.0, right - left), _NOW, "var(--text)", 1)
    if right - left >= wide(said) + 12:
        yield lettering((left + right) / 2, y + _NOW / 2 + 5, said, "inverse", anchor="middle")
    elif left - 6 - wide(said) >= gutter:
        yield lettering(left - 6, y + _NOW / 2 + 5, said, "halo", anchor="end")
    else:
        yield lettering(right + 6, y + _NOW / 2 + 5, said, "halo")


def _nights(nights: tuple[int, ...], name: str, said: str, place: tuple[float, float], y: float) -> Iterator[str]:
    """Yield the minutes of each night as a bar, this one as the last."""
    (left, size), bottom, most = place, y + _OTHERS, max(1, *nights)
    step = min(22.0, size / len(nights))
    yield lettering(_LEFT, bottom - _OTHERS / 2 + 8, name)
    for index, minutes in enumerate(nights):
        height = max(1.0, minutes / most * (_OTHERS - 6))
        tint = "text" if index == len(nights) - 1 else "strong"
        yield rect(left + index * step + 1, bottom - height, max(1.0, step - 3), height, f"var(--{tint})", 1)
    yield lettering(left + (len(nights) - 1) * step - 6, y + 14, said, "halo", anchor="end")
    yield f'<line class="base" x1="{left:.1f}" x2="{left + size:.1f}" y1="{bottom}" y2="{bottom}"/>'
