"""``python -m bench.quality_whereabouts [LIVES] [WEEKS] [SEED]``: what whereabouts tells of lives that are made up.

Ordinary weeks: what is told a resident and week, by how loud, in weeks 1 and 2, 3 and 4, and later. Events after WEEKS
weeks: the share told, how loud, and minutes from the onset. Lives of the numbers below SEED were tuned on.
"""

import sys
import time
from collections import Counter
from collections.abc import Iterable
from statistics import median

from bench.goings import CALM, DAY, MONDAY_US, PEOPLE, POSITIVES, Life, eventful, ordinary, with_ticks
from bench.intervals import rate_interval
from detectors.whereabouts import WhereaboutsConfig
from device_sim.report.intervals import share as wilson
from schemas.finding import Finding, Stage

#: Weeks of a life in which it is known less and less badly.
AGES = ((0, 2), (2, 4), (4, 99))


def told(life: Life) -> tuple[list[Finding], float, int]:
    """Return what is told of a life, CPU seconds of the detector, and how many positions it took."""
    detector, found, spent, count = WhereaboutsConfig().build(), list[Finding](), 0.0, 0
    for each in with_ticks(life):
        begun = time.process_time()
        if isinstance(each, int):
            due = detector.due()
            if due is not None and due <= each:
                found += detector.tick(each)
        else:
            count += 1
            found += detector.update([each])
        spent += time.process_time() - begun
    if detector.errors:
        raise RuntimeError(detector.errors[0][1])
    return found, spent, count


def loudness(found: Finding) -> str:
    """Return how loud a finding is: possible, mild, full, or over."""
    if found.stage is Stage.POSSIBLE:
        return "possible"
    return "over" if found.stage is Stage.RECOVERED else "mild" if found.mild else "full"


def main(arguments: list[str]) -> int:
    """Print both tables; return the exit status."""
    lives, weeks, seed = (int(text) for text in (*arguments, *("20", "8", "0")[len(arguments) :]))
    spent, count = 0.0, 0
    for kind in PEOPLE:
        rows = []
        for i in range(lives):
            life = ordinary(kind, weeks, 1000 * seed + i)
            found, took, many = told(life)
            spent, count = spent + took, count + many
            rows += [(each, (each.decided_us - MONDAY_US) // (7 * DAY)) for each in found]
        _ordinary(kind, rows, lives, weeks)
    for event in (*POSITIVES, *CALM):
        made = (eventful(event, min(weeks, 5), 1000 * seed + i, "regular") for i in range(lives))
        _event(event, made, lives)
    print(f"{count} positions of ordinary weeks, {1e6 * spent / count:.1f} us each")
    return 0


def _ordinary(kind: str, rows: list[tuple[Finding, int]], lives: int, weeks: int) -> None:
    print(kind)
    for first, last in AGES:
        exposure = lives * (min(last, weeks) - first)
        if exposure <= 0:
            continue
        here = [each for each, week in rows if first <= week < last and each.update == 0]
        counts = Counter(loudness(each) for each in here)
        codes = Counter((loudness(each), each.evidence.reasons[0].code) for each in here if loudness(each) != "over")
        rates = "  ".join(_rate(name, counts[name], exposure) for name in ("possible", "mild", "full"))
        print(f"    weeks {first + 1}-{min(last, weeks)}: {rates}   {dict(codes)}")


def _rate(name: str, count: int, exposure: float) -> str:
    low, high = rate_interval(count, exposure)
    return f"{name} {count / exposure:.3f} [{low:.3f}, {high:.3f}] ({count})"


def _event(event: str, made: Iterable[Life], lives: int) -> None:
    first: list[tuple[str, float]] = []
    codes: Counter[str] = Counter()
    for life in made:
        onset_us = life.onset_us or 0
        found, _, _ = told(life)
        after = [each for each in found if onset_us - DAY // 48 <= each.decided_us and loudness(each) != "over"]
        loud = [each for each in after if loudness(each) != "possible"]
        codes.update({reason.code for each in loud for reason in each.evidence.reasons})
        if after:
            best = (loud or after)[0]
            full = [each for each in loud if not each.mild]
            name = "full" if full else loudness(best)
            first.append((name, ((full or loud or after)[0].decided_us - onset_us) / 60e6))
    counts = Counter(name for name, _ in first)
    late = [minutes for name, minutes in first if name != "possible"]
    rung = counts["full"] + counts["mild"]
    low, high = wilson(rung, lives)
    when = f"median {median(late):.1f} min (latest {max(late):.1f})" if late else ""
    print(f"{event}: told {rung}/{lives} [{100 * low:.0f}, {100 * high:.0f}] %  {dict(counts)}  {when}  {dict(codes)}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
