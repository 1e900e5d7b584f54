"""The text report on falls: by data set and position, with intervals, never pooled only."""

from statistics import quantiles

from bench.intervals import rate_interval
from bench.play_falls import Played
from device_sim.report.intervals import share as wilson

_DAY_S = 86_400.0


def fall_report(played: list[Played]) -> str:
    """Return the report of played records."""
    groups: dict[tuple[str, str], list[Played]] = {}
    for one in played:
        groups.setdefault((one.record.file, one.record.position), []).append(one)
    lines: list[str] = []
    for (file, position), members in sorted(groups.items()):
        people = len({one.record.subject for one in members})
        lines.append(f"{file}  {position}  {len(members)} records, {people} people")
        lines += [f"    {line}" for line in _group(members)]
    return "\n".join(lines)


def _group(members: list[Played]) -> list[str]:
    falls = [one for one in members if one.record.kind == "fall"]
    trials = [one for one in members if one.record.kind == "adl"]
    living = [one for one in members if one.record.kind == "continuous"]
    lines: list[str] = []
    if falls:
        found = [one for one in falls if one.findings]
        doubles = sum(len(one.findings) > 1 for one in falls)
        lines.append(f"falls found        {_share(len(found), len(falls))}")
        lines.append(f"a second alarm     {_share(doubles, len(falls))}")
        if found:
            lines.append(f"delay              {_delays([one.findings[0] - one.hardest_s for one in found])}")
    if trials:
        quiet = sum(not one.findings for one in trials)
        lines.append(f"daily life silent  {_share(quiet, len(trials))}")
    if living:
        days = sum(one.record.seconds for one in living) / _DAY_S
        alarms = sum(len(one.findings) for one in living)
        low, high = rate_interval(alarms, days)
        lines.append(
            f"false alarms       {alarms / days:.2f} a day [{low:.2f}, {high:.2f}]  ({alarms} in {days * 24:.1f} h)"
        )
    return lines


def _share(hits: int, of: int) -> str:
    low, high = wilson(hits, of)
    return f"{100 * hits / of:5.1f} % [{100 * low:.1f}, {100 * high:.1f}]  ({hits} of {of})"


def _delays(delays: list[float]) -> str:
    """Return median and p90 of delays from the largest |a| to the finding, seconds."""
    tenths = quantiles(delays, n=10, method="inclusive") if len(delays) > 1 else delays * 9
    return f"median {tenths[4]:.1f} s, p90 {tenths[8]:.1f} s"
