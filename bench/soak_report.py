"""What a soak showed, as a page: memory and lag by time, their slopes, and whether they are flat."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any

import numpy as np

#: Behind this share of the run memory is judged: caches fill and learn at first.
WARM_UP = 0.25
#: The broker keeps up to 300 MB of what passed through it (stack/servers/broker.py) and fills that first: it is judged
#: by the end of the run.
FILLS_FIRST = {"broker": 0.7}
#: Growth that would fill a machine of 1 GB in a month is 1.4 MB/h; an hour's noise is larger. What grows faster than
#: this, or than GROWS_SHARE of itself an hour, grows.
GROWS_MB_H, GROWS_SHARE_H = 8.0, 0.10
#: Lag is flat when the last quarter's median is not above the second quarter's by more than so many messages.
LAG_GROWS = 50
#: Rows of the table in the page.
ROWS = 13


@dataclass(frozen=True, slots=True)
class Sample:
    """One look. Memory in MB and CPU in seconds since the start, by process; lag in messages, by stage."""

    at_s: float
    memory_mb: dict[str, float]
    cpu_s: dict[str, float]
    pids: dict[str, int]
    lag: dict[str, int]
    unwell: list[str]
    disk_mb: float

    def line(self) -> str:
        """Return it as one line for a terminal."""
        memory = " ".join(f"{name} {mb:.0f}" for name, mb in self.memory_mb.items())
        return f"{self.at_s / 60:5.1f} min | MB: {memory} | lag {max(self.lag.values(), default=0)} {self.unwell or ''}"


def slope_per_hour(at_s: Sequence[float], values: Sequence[float]) -> float:
    """Return the median of all pairs' slopes (Theil-Sen), per hour; 0 for fewer than two points."""
    at, v = np.asarray(at_s, float), np.asarray(values, float)
    first, second = np.triu_indices(len(at), k=1)
    if not len(first):
        return 0.0
    return float(np.median((v[second] - v[first]) / (at[second] - at[first])) * 3600)


def render(facts: dict[str, Any], samples: Sequence[Sample]) -> tuple[str, bool]:
    """Return the page in Markdown, and whether nothing grew, lagged, restarted or got lost."""
    grown = _memory_rows(samples)
    lag = _lag(samples)
    restarts = [name for a, b in pairwise(samples) for name in b.pids if a.pids.get(name, b.pids[name]) != b.pids[name]]
    load, kept = facts["load"], facts["stored"]
    lost = load["acknowledged"] - kept["load_frames"]
    ok = not any(row[-1] for row in grown) and not lag[-1] and not restarts and lost == 0
    lines = [
        f"# Soak: {facts['minutes']:g} minutes",
        "",
        f"{facts['machine']}. {facts['wearables']} wearables at 50 Hz"
        + (f" (half of {facts['full_load']}, the most that a ramp saw followed)" if facts["full_load"] else "")
        + " beside the demo's twelve residents, who fall every few minutes; simulator on the same machine.",
        "",
        f"Frames due {load['due']}, acknowledged {load['acknowledged']}, in the database {kept['load_frames']}: "
        f"lost {lost}. Fall alerts {kept['fall_alerts']}, alerts of the platform itself {kept['platform_alerts']}. "
        f"Restarts {len(restarts)}.",
        "",
        f"**Memory and lag flat: {'yes' if ok else 'NO'}.** Lag, messages: median {lag[0]:g}, p99 {lag[1]:g}, "
        f"largest {lag[2]:g}; median of the second quarter {lag[3]:g}, of the last {lag[4]:g}.",
        "",
        "| process | own MB when warm | at the end | slope MB/h | CPU % of a core | |",
        "|---|---|---|---|---|---|",
        *(
            f"| {n} | {a:.1f} | {b:.1f} | {s:+.1f} | {c:.0f} | {'GROWS' if g else 'flat'} |"
            for n, a, b, s, c, g in grown
        ),
        "",
        "| min | lag | disk MB | " + " | ".join(samples[0].memory_mb) + " |",
        "|---" * (3 + len(samples[0].memory_mb)) + "|",
        *(_row(samples[round(i)]) for i in np.linspace(0, len(samples) - 1, min(ROWS, len(samples)))),
    ]
    return "\n".join(lines) + "\n", ok


def _memory_rows(samples: Sequence[Sample]) -> list[tuple[str, float, float, float, float, bool]]:
    return [_memory_row(name, samples) for name in samples[0].memory_mb]


def _memory_row(name: str, samples: Sequence[Sample]) -> tuple[str, float, float, float, float, bool]:
    begin_s = FILLS_FIRST.get(name, WARM_UP) * samples[-1].at_s
    warm = [each for each in samples if each.at_s >= begin_s and name in each.memory_mb]
    at, mb = [each.at_s for each in warm], [each.memory_mb[name] for each in warm]
    slope, edge = slope_per_hour(at, mb), len(mb) // 5 + 1
    cpu = 100 * (warm[-1].cpu_s[name] - warm[0].cpu_s[name]) / max(at[-1] - at[0], 1.0)
    grows = slope > max(GROWS_MB_H, GROWS_SHARE_H * median(mb))
    return name, median(mb[:edge]), median(mb[-edge:]), slope, cpu, grows


def _lag(samples: Sequence[Sample]) -> tuple[float, float, float, float, float, bool]:
    most = np.array([max(each.lag.values(), default=0) for each in samples], float)
    quarters = np.array_split(most, 4)
    second, last = float(np.median(quarters[1])), float(np.median(quarters[3]))
    numbers = float(np.median(most)), float(np.quantile(most, 0.99)), float(most.max())
    return *numbers, second, last, last > second + LAG_GROWS


def _row(sample: Sample) -> str:
    memory = " | ".join(f"{mb:.0f}" for mb in sample.memory_mb.values())
    return f"| {sample.at_s / 60:.0f} | {max(sample.lag.values(), default=0)} | {sample.disk_mb:.0f} | {memory} |"
