"""``python -m bench.quality_wandering_homes PATH...``: wandering in homes with motion and door sensors.

Nobody wrote down who wandered in these homes, so this counts findings by home and week: what staff would hear, not how
often it was right. Beside it stands what is found of pacing and leaving that were planted into their nights
(bench.home_nights). Numbers were chosen on every other home by name; the others are held back.
"""

import csv
import gzip
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from statistics import median

from bench.home_nights import Planted, left_nights, paced_nights, tried_nights
from bench.homes import home_files
from bench.intervals import rate_interval
from bench.quality_wandering_fixed import fixed_leaving, fixed_pacing
from detectors import reasons
from detectors.wandering import WanderingConfig, WanderingDetector
from detectors.wandering_home import HomeConfig
from device_sim.report.intervals import share
from schemas.finding import Finding, Stage
from schemas.reading import Observation, Reading, ReadingKind

_SECOND = 1_000_000
_HOUR_US = 3600 * _SECOND
_WEEK_US = 7 * 24 * _HOUR_US
#: What the sensors of the common form tell, by their type; what is not here shows that somebody is active.
_EVENTS = {"pir": "motion", "door": "door_open"}
#: Planted nights of each kind in each home.
_NIGHTS = 12
#: A detector is forked so long before a night that is planted.
_BEFORE_US = 7200 * _SECOND
#: Two of the fixed rule's times belong to one episode.
_EPISODE_US = 1800 * _SECOND
#: Planted kind -> the reason that finds it.
_FINDS = {
    "pacing": reasons.ROOM_PACING,
    "pacing, deaf for 90 s": reasons.ROOM_PACING,
    "tries at the door": reasons.AT_EXIT_DOOR,
    "leaving, alone": reasons.LEFT_AT_NIGHT,
    "leaving, somebody inside": reasons.LEFT_AT_NIGHT,
}


@dataclass(slots=True)
class Tally:
    """What was told and found in some homes."""

    weeks: float = 0.0
    told: Counter[str] = field(default_factory=Counter)
    homes: Counter[str] = field(default_factory=Counter)
    hours: Counter[int] = field(default_factory=Counter)  # of pacing told, by hour of the day
    minutes: dict[str, list[float | None]] = field(default_factory=dict)  # planted kind -> minutes to tell


def main(arguments: list[str]) -> int:
    """Print what is told a home and week, and what is found of the planted nights; return the exit status."""
    tallies = {"tuned on": Tally(), "held back": Tally()}
    for file in home_files([Path(text) for text in arguments]):
        for index, (home, readings) in enumerate(_homes(file)):
            _count(tallies["held back" if index % 2 else "tuned on"], home, readings)
    for name, tally in tallies.items():
        _print(name, tally)
    return 0


def _homes(file: Path) -> Iterator[tuple[str, list[Reading]]]:
    rows: dict[str, list[Reading]] = {}
    with gzip.open(file, "rt", newline="") if file.suffix == ".gz" else file.open(newline="") as lines:
        for number, line in enumerate(csv.DictReader(lines)):
            if float(line["value"]) > 0:
                rows.setdefault(line["home"], []).append(_reading(number, line))
    for home in sorted(rows):
        yield home, sorted(rows[home], key=lambda reading: (reading.event_us, reading.seq))


def _reading(number: int, line: dict[str, str]) -> Reading:
    at_us = int(line["t_ms"]) * 1000
    return Reading(
        kind=ReadingKind.EVENT, arrival_us=at_us, event_us=at_us, end_us=at_us, device=line["sensor"], unit="home",
        boot=1, seq=number, observations=(Observation("room", line["room"]),),
        events=(_EVENTS.get(line["type"], "appliance"),),
    )  # fmt: skip


def _count(tally: Tally, home: str, readings: Sequence[Reading]) -> None:
    """Play a home once, and each planted night on what was known of the home by then."""
    nights = {
        "pacing": paced_nights(readings, home, _NIGHTS),
        "pacing, deaf for 90 s": paced_nights(readings, home, _NIGHTS, deaf_s=90.0),
        "tries at the door": tried_nights(readings, home, _NIGHTS),
        "leaving, alone": left_nights(readings, home, _NIGHTS, alone=True),
        "leaving, somebody inside": left_nights(readings, home, _NIGHTS, alone=False),
    }
    planted = sorted(
        ((kind, night) for kind, each in nights.items() for night in each), key=lambda one: one[1].onset_us
    )
    found, known = _play(readings, [night.onset_us - _BEFORE_US for _, night in planted])
    tally.weeks += (readings[-1].event_us - readings[0].event_us) / _WEEK_US
    confirmed = [one for one in found if one.stage is not Stage.RECOVERED]
    here = Counter(f"{one.evidence.reasons[0].code}, {one.stage}{', mild' if one.mild else ''}" for one in confirmed)
    paced = [one.decided_us for one in confirmed if one.evidence.reasons[0].code == reasons.ROOM_PACING]
    tally.hours.update(at_us // _HOUR_US % 24 for at_us in paced)
    here["at_exit_door at night"] = sum(
        _by_night(one.decided_us) for one in confirmed if one.evidence.reasons[0].code == reasons.AT_EXIT_DOOR
    )
    here["pacing at night"] = sum(_by_night(at_us) for at_us in paced)
    fixed = _episodes(list(fixed_pacing(readings)))
    here["pacing at night, fixed rule"] = sum(_by_night(at_us) for at_us in fixed)
    here["pacing by day, fixed rule"] = len(fixed) - here["pacing at night, fixed rule"]
    here["left_at_night, fixed rule"] = len(list(fixed_leaving(readings)))
    tally.told.update(here)
    tally.homes.update(name for name, count in here.items() if count)
    for (kind, night), state in zip(planted, known, strict=True):
        told, _ = _play(night.readings, [], state)
        tally.minutes.setdefault(kind, []).append(_minutes(night, _told(told, _FINDS[kind])))
        if _FINDS[kind] == reasons.AT_EXIT_DOOR:
            continue  # the first version had nothing of the kind
        rule = fixed_pacing if _FINDS[kind] == reasons.ROOM_PACING else fixed_leaving
        tally.minutes.setdefault(f"{kind}, fixed rule", []).append(_minutes(night, rule(night.readings)))


def _told(found: Sequence[Finding], code: str) -> Iterator[int]:
    return (
        one.decided_us
        for one in found
        if one.stage is Stage.CONFIRMED
        and one.evidence.reasons[0].code == code
        and (code == reasons.AT_EXIT_DOOR or not one.mild)
    )


def _minutes(night: Planted, told_us: Iterator[int]) -> float | None:
    """Return after how many minutes the night was told; None: not, or not before it was over."""
    at_us = next((each for each in told_us if night.onset_us < each <= night.end_us + 60 * _SECOND), None)
    return None if at_us is None else (at_us - night.onset_us) / (60 * _SECOND)


def _play(
    readings: Sequence[Reading], forks_us: Sequence[int], state: bytes | None = None
) -> tuple[list[Finding], list[bytes]]:
    """Return all stages of findings, and the state as it was at each of ``forks_us``, in order.

    The clock of the recording is the home's own, so it is off by nothing.
    """
    detector: WanderingDetector = WanderingConfig(home=HomeConfig(utc_offset_h=0.0)).build()
    if state is not None:
        detector.restore(state)
    found: list[Finding] = []
    known: list[bytes] = []
    for reading in readings:
        while len(known) < len(forks_us) and forks_us[len(known)] <= reading.event_us:
            known.append(detector.snapshot())
        while (due_us := detector.due()) is not None and due_us <= reading.event_us:
            found += detector.tick(due_us)
        found += detector.tick(reading.event_us) + detector.update([reading])
    while (due_us := detector.due()) is not None:
        found += detector.tick(due_us)
    if detector.errors:
        raise RuntimeError(f"{detector.errors[0]}")
    return found, known


def _by_night(at_us: int) -> bool:
    return HomeConfig(utc_offset_h=0.0).night(at_us)


def _episodes(told_us: list[int]) -> list[int]:
    later = [now for before, now in pairwise(told_us) if now - before > _EPISODE_US]
    return told_us[:1] + later


def _print(name: str, tally: Tally) -> None:
    print(f"homes {name}: {tally.weeks:.0f} weeks")
    for what, count in sorted(tally.told.items()):
        low, high = rate_interval(count, tally.weeks)
        rate = f"{count / tally.weeks:.3f} a home and week [{low:.3f}, {high:.3f}]"
        print(f"  {what:34} {rate}  ({count}, in {tally.homes[what]} homes)")
    print("  pacing told by hour:", " ".join(f"{hour}:{tally.hours[hour]}" for hour in sorted(tally.hours)))
    for kind, told in sorted(tally.minutes.items()):
        found = sorted(each for each in told if each is not None)
        low, high = share(len(found), len(told))
        after = f"after {median(found):.1f} min" if found else ""
        found_share = f"{100 * len(found) / len(told):.0f} % [{100 * low:.0f}, {100 * high:.0f}]"
        print(f"  {kind:38} {found_share} of {len(told)} found {after}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
