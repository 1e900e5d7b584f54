"""The text report on wandering: by file and label, with intervals, ours beside a published rule."""

from collections.abc import Callable
from statistics import median
from typing import TYPE_CHECKING

from bench.intervals import rate_interval
from device_sim.report.intervals import share as wilson

if TYPE_CHECKING:
    from bench.quality_wandering import PlayedTrack


def wandering_report(played: "list[PlayedTrack]") -> str:
    """Return the report of played tracks: sensitivity by pattern, flags of normal tracks, time to the flag."""
    lines: list[str] = []
    for file in sorted({one.recorded.file for one in played}):
        members = [one for one in played if one.recorded.file == file]
        lines.append(f"{file}  {len(members)} tracks")
        for label in sorted({one.recorded.label for one in members if one.recorded.wandering}):
            group = [one for one in members if one.recorded.label == label]
            lines += _both(f"{label} found", group, _found)
        normal = [one for one in members if not one.recorded.wandering]
        if normal:
            lines += _both("normal flagged", normal, _flagged)
    return "\n".join(lines)


def _both(
    name: str, group: "list[PlayedTrack]", say: "Callable[[list[PlayedTrack], list[float | None]], str]"
) -> list[str]:
    ours, rule = [one.flagged_at_s for one in group], [one.rule_at_s for one in group]
    return [f"    {name:18} ours          {say(group, ours)}", f"    {'':18} sharp points  {say(group, rule)}"]


def _found(group: "list[PlayedTrack]", at_s: list[float | None]) -> str:
    # A flag before the wandering began is no finding of it.
    after = [s - one.recorded.onset_s for one, s in zip(group, at_s, strict=True) if s is not None]
    delays = [s for s in after if s >= 0]
    text = _share(len(delays), len(group))
    if delays:
        text += f"  after {_time(median(delays))} in the middle, {_time(max(delays))} at most"
    return text + (f"  ({len(after) - len(delays)} flagged before)" if len(delays) < len(after) else "")


def _flagged(group: "list[PlayedTrack]", at_s: list[float | None]) -> str:
    flags = sum(s is not None for s in at_s)
    hours = sum(one.recorded.walking_s for one in group) / 3600
    low, high = rate_interval(flags, hours)
    rate = flags / hours if hours else 0.0
    return f"{_share(flags, len(group))}  {rate:.3f} an hour of walking [{low:.3f}, {high:.3f}]  ({hours:.1f} h)"


def _share(hits: int, of: int) -> str:
    low, high = wilson(hits, of)
    return f"{100 * hits / of:5.1f} % [{100 * low:.1f}, {100 * high:.1f}]  ({hits} of {of})"


def _time(seconds: float) -> str:
    return f"{seconds / 60:.1f} min" if seconds >= 120 else f"{seconds:.0f} s"
