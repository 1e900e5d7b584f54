"""What of an explanation is drawn, and on what scale: the same for the terminal and for the SVG. Pure."""

from dataclasses import dataclass

import numpy as np

from schemas.finding import Phase
from stack.explain.signal import Floats, Segment, cut, gaps, turned_deg
from stack.explain.told import Explained

#: Seconds drawn before the impact, and after it at least and at most. A recovery minutes later is told in words.
BEFORE_S, AFTER_LEAST_S, AFTER_MOST_S = 5.0, 6.0, 30.0
#: Beyond the last thing that is told, so that it does not end at the edge.
_MARGIN_S = 1.0
#: Tops of the scale that divide well, g; the console has the same.
_TOPS = (2, 3, 4, 6, 8, 12, 16, 24, 32)
_AIR = 1.08
#: Steps of the time axis, s.
_STEPS = (1, 2, 5, 10, 15, 30)


@dataclass(frozen=True, slots=True)
class Span:
    """A phase in seconds from the impact, cut to what is drawn."""

    name: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """The window of time, the scale, and what lies in them."""

    start_s: float
    end_s: float
    top_g: float
    segments: tuple[Segment, ...]
    turned: tuple[Floats | None, ...]
    phases: tuple[Span, ...]
    gaps: tuple[tuple[float, float], ...]

    def share(self, t_s: float) -> float:
        """Return where a moment lies between the edges, 0 to 1."""
        return (t_s - self.start_s) / (self.end_s - self.start_s)

    def ticks(self, most: int) -> list[int]:
        """Return the whole seconds that are marked, at most about ``most`` of them."""
        span = self.end_s - self.start_s
        step = next((step for step in _STEPS if span / step <= most), 60)
        first = int(np.ceil(self.start_s / step)) * step
        return list(range(first, int(np.floor(self.end_s)) + 1, step))

    def grams(self) -> list[int]:
        """Return the whole g that are marked: few, and always 0 and 1."""
        top = int(self.top_g)
        step = 1 if top <= 4 else 2 if top <= 8 else 4
        return sorted({0, 1, *range(0, top + 1, step)})


def lay_out(told: Explained) -> Layout | None:
    """Return the layout of an explanation's drawing, None when there is no signal to draw."""
    ends = [told.seconds(phase.end_us) for phase in told.phases]
    ends += [each.at_s for each in told.course if each.is_stage]
    wanted = max([AFTER_LEAST_S, *(end + _MARGIN_S for end in ends if end <= AFTER_MOST_S - _MARGIN_S)])
    whole = told.segments
    if not cut(whole, -BEFORE_S, wanted):
        return None
    parts: list[Segment] = []
    turned: list[Floats | None] = []
    for segment in whole:
        part = segment.within(-BEFORE_S, wanted)
        if part is None:
            continue
        # Smoothed before it is cut, so that the edges of the drawing are no edges of the signal.
        wide = segment.within(-BEFORE_S - 1, wanted + 1) or part
        degrees = turned_deg(wide)
        first = int(np.searchsorted(wide.t_s, part.t_s[0]))
        parts.append(part)
        turned.append(None if degrees is None else degrees[first : first + len(part.t_s)])
    highest = max(float(part.magnitude.max()) for part in parts)
    top = next((top for top in _TOPS if top >= highest * _AIR), int(np.ceil(highest)))
    spans = tuple(_span(told, phase, wanted) for phase in told.phases)
    return Layout(
        start_s=-BEFORE_S,
        end_s=wanted,
        top_g=float(top),
        segments=tuple(parts),
        turned=tuple(turned),
        phases=tuple(span for span in spans if span.end_s > span.start_s),
        gaps=tuple(gaps(parts, -BEFORE_S, wanted)),
    )


def _span(told: Explained, phase: Phase, end_s: float) -> Span:
    return Span(
        phase.name,
        max(-BEFORE_S, told.seconds(phase.start_us)),
        min(end_s, told.seconds(phase.end_us)),
    )
