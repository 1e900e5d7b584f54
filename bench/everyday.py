"""``python -m bench.everyday PATH...``: how often the everyday watches speak for nothing, and how soon when needed.

All that they say of untouched recordings after the first two weeks counts as false: nobody noted what was real.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bench.homes import HomeRecord, NotAHome, home_files, read_homes
from bench.intervals import rate_interval
from bench.play_everyday import DAYS, SILENCE, PlayedDays, play_days
from detectors.everyday import EverydayConfig
from detectors.everyday_watches import RULES, Watch
from device_sim.report.intervals import share
from schemas.finding import Finding, FindingKind, Stage

#: Distances to the limit that the curve is over, times the default.
FACTORS = (0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.25, 1.5)
#: A watch may speak so often, false alarms a home-week, and half of the homes choose the distance for the other half.
MOST = 0.07


def told(played: PlayedDays, watch: Watch) -> list[Finding]:
    """Return what a watch told of a home."""
    code = RULES[watch].code
    return [each for each in played.found if each.stage is Stage.CONFIRMED and each.evidence.reasons[0].code == code]


def with_silence(played: PlayedDays, finding: Finding) -> bool:
    """Whether plain inactivity told of the same time too, so that both are one alert."""
    for each in played.silences:
        over = next((end for end in played.silences if end.id == each.id and end.stage is Stage.RECOVERED), None)
        until_us = each.decided_us if over is None else over.end_us
        if each.stage is Stage.CONFIRMED and each.start_us <= finding.decided_us <= until_us:
            return True
    return False


def false_alarms(homes: Sequence[PlayedDays]) -> str:
    """Return the table of what the watches say of untouched homes."""
    weeks = sum(each.weeks for each in homes)
    days = sum(each.days for each in homes)
    lines = [
        "| watch | told | a home-week | homes | inactivity told too | on, % of days | limit: p10, median, p90 |",
        "|---|---|---|---|---|---|---|",
    ]
    every = 0
    for watch in Watch:
        by_home = [told(each, watch) for each in homes]
        count = sum(map(len, by_home))
        every += count
        beside = sum(with_silence(home, each) for home, found in zip(homes, by_home, strict=True) for each in found)
        low, high = rate_interval(count, weeks)
        limits = [value for each in homes for value in each.limits.get(watch, [])]
        reach = ", ".join(f"{value:.0f}" for value in np.percentile(limits, [10, 50, 90])) if limits else "-"
        on = sum(each.watched.get(watch, 0) for each in homes) / max(1, days)
        lines.append(
            f"| `{RULES[watch].code}` | {count} | {count / weeks:.3f} [{low:.3f}, {high:.3f}] | "
            f"{sum(bool(found) for found in by_home)} of {len(homes)} | {beside} | {100 * on:.0f} | {reach} |"
        )
    low, high = rate_interval(every, weeks)
    lines.append(f"| all | {every} | {every / weeks:.3f} [{low:.3f}, {high:.3f}] | | | | |")
    lines.append(f"{len(homes)} homes, {weeks:.0f} home-weeks after two weeks of learning.")
    return "\n".join(lines)


def what_came(homes: Sequence[PlayedDays]) -> str:
    """Return the table of the days that went wrong: who told within a day, and after how many hours."""
    came = [each for home in homes for each in home.came]
    lines = ["| what | days | told by | told | hours: median, p90 |", "|---|---|---|---|---|"]
    for what in dict.fromkeys(each.what for each in came):
        of_what = [each for each in came if each.what == what]
        for teller in (*(rule.code for rule in RULES.values()), SILENCE, "either, medium"):
            hours = [each for each in (_hours(one.hours, teller) for one in of_what) if each is not None]
            if not hours:
                continue
            low, high = share(len(hours), len(of_what))
            p50, p90 = np.percentile(hours, [50, 90])
            lines.append(
                f"| {what} | {len(of_what)} | {teller} | {100 * len(hours) / len(of_what):.0f} % "
                f"[{100 * low:.0f}, {100 * high:.0f}] | {p50:.1f}, {p90:.1f} |"
            )
    return "\n".join(lines)


def _hours(hours: dict[str, float], teller: str) -> float | None:
    if teller != "either, medium":
        return hours.get(teller)
    medium = {rule.code for rule in RULES.values() if rule.kind is FindingKind.INACTIVITY} | {SILENCE}
    return min((value for code, value in hours.items() if code in medium), default=None)


def curve(records: Sequence[HomeRecord]) -> str:
    """Return false alarms a home-week by the distance to the limit, and what each half chooses for the other."""
    counts: dict[float, list[dict[Watch, int]]] = {}
    weeks: list[float] = []
    for factor in FACTORS:
        config = EverydayConfig(utc_offset_us=0, far=factor)
        homes = [play_days(record, config, wrong=0, silence=False) for record in records]
        weeks = [each.weeks for each in homes]
        counts[factor] = [{watch: len(told(each, watch)) for watch in Watch} for each in homes]
    lines = ["| watch | " + " | ".join(f"x {each:g}" for each in FACTORS) + " | chosen by one half, on the other |"]
    lines.append("|---" * (len(FACTORS) + 2) + "|")
    for watch in Watch:
        rates = [sum(home[watch] for home in counts[factor]) / sum(weeks) for factor in FACTORS]
        halves = [_chosen(counts, weeks, watch, half) for half in (0, 1)]
        lines.append(
            f"| `{RULES[watch].code}` | "
            + " | ".join(f"{rate:.3f}" for rate in rates)
            + " | "
            + "; ".join(halves)
            + " |"
        )
    return "\n".join(lines)


def _chosen(counts: dict[float, list[dict[Watch, int]]], weeks: list[float], watch: Watch, half: int) -> str:
    """Return the keenest distance that a half of the homes allows, and the rate on the other half."""

    def rate(factor: float, of: int) -> float:
        return sum(home[watch] for home in counts[factor][of::2]) / sum(weeks[of::2])

    factor = next((each for each in FACTORS if rate(each, half) <= MOST), FACTORS[-1])
    return f"x {factor:g}: {rate(factor, 1 - half):.3f}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bench.everyday", description=__doc__)
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help=".csv or .csv.gz of homes, or folders")
    parser.add_argument("--wrong", type=int, default=DAYS, metavar="N", help="days of a home made wrong, each way")
    parser.add_argument("--curve", action="store_true", help="false alarms over distances to the limit, nothing else")
    given = parser.parse_args(arguments)
    began = time.process_time()
    try:
        records = [record for file in home_files(given.paths) for record in read_homes(file)]
    except NotAHome as error:
        print(f"bench.everyday: {error}", file=sys.stderr)
        return 2
    if given.curve:
        print(curve(records))
    else:
        config = EverydayConfig(utc_offset_us=0)
        homes = [play_days(record, config, wrong=given.wrong) for record in records]
        homes = [each for each in homes if each.weeks > 0]
        print(false_alarms(homes), what_came(homes), sep="\n\n")
    print(f"{time.process_time() - began:.0f} s of CPU")
    return 0


if __name__ == "__main__":
    sys.exit(main())
