"""The day of an alert as the body of an SVG; the console draws the same."""

from collections.abc import Iterator
from dataclasses import dataclass

from stack.explain.day import Day, Lane
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


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where the hours of a day lie, px."""

    day: Day
    left: float
    size: float

    @property
    def right(self) -> float:
        return self.left + self.size

    def x(self, at_us: int) -> float:
        return self.left + self.day.share(at_us) * self.size

    def across(self, style: str, y: float) -> str:
        return f'<line class="{style}" x1="{self.left:.1f}" x2="{self.right:.1f}" y1="{y}" y2="{y}"/>'


def drawing(day: Day, words: Words, y: float) -> tuple[list[str], float]:
    """Return the drawing from ``y`` down, and where it ends."""
    names = [words.said(f"usual.row.{name}") for name in ("now", "others", "night")]
    left = _LEFT + max(wide(name) for name in [*names, *(room_words(lane.room, words) for lane in day.lanes)]) + 10
    frame = _Frame(day, left, WIDTH - _RIGHT - left)
    top = y + _FLAG * len(day.marks)
    now = top + _LANE * len(day.lanes) + _GAP
    compared = [*_others(frame, now + _NOW + _GAP + _OTHERS)]
    axis = now + _NOW + _GAP + (_OTHERS if compared else 0)
    begun, over = (frame.x(at_us) for at_us in day.lasted)
    body = [HATCH, *_hours(frame, top, axis)]
    if day.lanes:
        body += [rect(begun, top, max(2.0, over - begun), now - top, fill, 1) for fill in ("var(--gap)", "url(#hatch)")]
    for row, lane in enumerate(day.lanes):
        body += _stays(frame, lane, room_words(lane.room, words), top + _LANE * (row + 0.5))
    if compared:
        body += [lettering(_LEFT, axis - _OTHERS / 2 + 8, names[1]), *compared]
    body.append(frame.across("base", axis))
    for row, mark in enumerate(day.marks):
        body += _flag(mark.name, mark_words(mark, day, words), frame.x(mark.at_us), (y + _FLAG * row, axis))
    body.append(lettering(_LEFT, now + _NOW / 2 + 5, names[0], "strong"))
    body += _lasts(lasts_words(day, words), begun, over, now, left)
    end = axis + _AXIS
    if nights := day.nights():
        body += _nights(nights, names[2], night_words(day, words), frame, end + _GAP)
        end += _GAP + _OTHERS
    for row, said in enumerate(keys(day, words)):
        body.append(lettering(_LEFT, end + _LINE * (row + 0.8), said))
    return body, end + _LINE * (len(keys(day, words)) + 0.5)


def _hours(frame: _Frame, top: float, bottom: float) -> Iterator[str]:
    for tick in frame.day.ticks(int(frame.size // _TICK)):
        x = frame.x(tick)
        yield f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{top}" y2="{bottom}"/>'
        yield lettering(x, bottom + 17, frame.day.clock(tick), anchor="middle")


def _stays(frame: _Frame, lane: Lane, name: str, y: float) -> Iterator[str]:
    yield lettering(_LEFT, y + 4, name)
    yield frame.across("grid", y)
    for start_us, end_us in lane.stays:
        length = max(_LEAST, frame.x(end_us) - frame.x(start_us))
        yield rect(frame.x(start_us), y - _STAY / 2, length, _STAY, "var(--seen)", 1)


def _others(frame: _Frame, bottom: float) -> Iterator[str]:
    """Yield other days: how often somebody is about each half hour, or a dot for each day."""
    for start_us, end_us, share in frame.day.lively():
        left, right = frame.x(start_us), frame.x(end_us)
        height, tint = max(1.0, share * (_OTHERS - 4)), "muted" if _within(frame.day, start_us, end_us) else "strong"
        yield rect(left + 0.5, bottom - height, max(0.5, right - left - 1), height, f"var(--{tint})", 1)
    piles = frame.day.others(int(frame.size // _DOT))
    step = min(_DOT, (_OTHERS - _DOT) / max([1, *(count - 1 for count in piles.values())]))
    for place, count in sorted(piles.items()):
        for level in range(count):
            x, y = frame.left + (place + 0.5) * _DOT, bottom - _DOT / 2 - 1 - level * step
            yield f'<circle class="other" cx="{x:.1f}" cy="{y:.1f}" r="3"/>'


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


def _nights(nights: tuple[int, ...], name: str, said: str, frame: _Frame, y: float) -> Iterator[str]:
    """Yield the minutes of each night as a bar, this one as the last."""
    bottom, most = y + _OTHERS, max(1, *nights)
    step = min(22.0, frame.size / len(nights))
    yield lettering(_LEFT, bottom - _OTHERS / 2 + 8, name)
    for index, minutes in enumerate(nights):
        height = max(1.0, minutes / most * (_OTHERS - 6))
        tint = "text" if index == len(nights) - 1 else "strong"
        yield rect(frame.left + index * step + 1, bottom - height, max(1.0, step - 3), height, f"var(--{tint})", 1)
    last = frame.left + (len(nights) - 1) * step
    before = last - 6 - wide(said) >= _LEFT
    yield lettering(last - 6 if before else last + step + 6, y + 14, said, "halo", anchor="end" if before else "start")
    yield frame.across("base", bottom)
