"""``python -m bench.dead_sensor PATH...``: how soon a dead motion sensor is told of, and what is told falsely by then.

In each home one sensor indoors, at one seeded moment after the learning: a copy of the home goes on without it for two
weeks. Beside it what untouched homes are told of their sensors, all of which counts as false.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from bench.homes import HomeRecord, NotAHome, home_files, read_homes
from bench.intervals import rate_interval
from bench.play_everyday import SILENCE, Player, signs_of
from bench.play_homes import begin_us
from detectors import reasons
from detectors.everyday import EverydayConfig
from detectors.inactivity_signs import Sign
from detectors.routine import DAY_US, Room
from schemas.finding import Finding, FindingKind, Stage

#: Seed of the sensors and moments; how long a home goes on without one; and how much of the recording must be left.
SEED, WITHOUT_US, LEFT_US = 20261130, 14 * DAY_US, 4 * DAY_US


@dataclass(slots=True)
class Died:
    """A sensor that was taken away: days until it was told of (None: never), and what else was told by reason.

    ``usual``: what the untouched home was told in the same days; ``other``: other sensors that were told of.
    """

    home: str
    device: str
    weeks: float
    days: float | None = None
    told: Counter[str] = field(default_factory=Counter)
    usual: Counter[str] = field(default_factory=Counter)
    other: int = 0


@dataclass(slots=True)
class Untouched:
    """A home as it is: ``quiet`` are sensors that were told of, with the days until they were heard again, if ever."""

    home: str
    weeks: float
    quiet: list[tuple[str, float | None]]


@dataclass(slots=True)
class Played:
    """A home; ``died``: one of its sensors was taken away, ``silent``: the same where nothing is told of sensors."""

    untouched: Untouched
    died: Died | None = None
    silent: Died | None = None


def play(record: HomeRecord) -> Played:
    """Play one home, and two copies of it that go on without one of its sensors."""
    signs, judged_us = signs_of(record), begin_us(record)
    player, end_us = Player(EverydayConfig(utc_offset_us=0)), signs[-1].event_us
    moment = _moment(signs, judged_us, end_us - LEFT_US)
    found: list[Finding] = []
    copies: list[Died] = []
    for place, sign in enumerate(signs):
        if moment is not None and place == moment[0]:
            until_us = min(end_us, sign.event_us + WITHOUT_US)
            copies = [
                _without(player, signs[place:], until_us, record.home, moment[1], tells=tells)
                for tells in (True, False)
            ]
        found += player.hear(sign)
    weeks = max(0.0, (end_us - judged_us) / (7 * DAY_US))
    played = Played(Untouched(record.home, weeks, _quiet(found, judged_us)), *copies)
    if played.died is not None and moment is not None:
        at_us = signs[moment[0]].event_us
        within = (each for each in found if _new(each) and at_us <= each.decided_us <= at_us + WITHOUT_US)
        played.died.usual = Counter(_code(each) for each in within)
    return played


def _moment(signs: Sequence[Sign], from_us: int, until_us: int) -> tuple[int, str] | None:
    """Return a place among the signs and whose sensor's it is: of a sensor indoors, each as likely."""
    rng = np.random.default_rng([SEED, len(signs)])
    places: dict[str, list[int]] = {}
    for place, sign in enumerate(signs):
        if sign.room != Room.OUTER_DOOR and from_us <= sign.event_us <= until_us:
            places.setdefault(sign.device, []).append(place)
    if not places:
        return None
    device = str(rng.choice(sorted(places)))
    return int(rng.choice(places[device])), device


def _without(player: Player, signs: Sequence[Sign], until_us: int, home: str, device: str, *, tells: bool) -> Died:
    """Let a copy of a home go on without one sensor."""
    copy, begun_us = player.copy(), signs[0].event_us
    copy.everyday.config = replace(copy.everyday.config, sensors=tells)
    gone = Died(home, device, (until_us - begun_us) / (7 * DAY_US))
    for sign in signs:
        if sign.event_us > until_us:
            break
        for each in copy.hear(sign) if sign.device != device else ():
            if not _new(each) or each.decided_us < begun_us:
                continue
            if _code(each) != reasons.SENSOR_QUIET:
                gone.told[_code(each)] += 1
            elif each.device == device:
                gone.days = (each.decided_us - begun_us) / DAY_US
            else:
                gone.other += 1
    return gone


def _new(found: Finding) -> bool:
    return found.stage is Stage.CONFIRMED


def _code(found: Finding) -> str:
    return SILENCE if found.model.startswith(SILENCE) else found.evidence.reasons[0].code


def _quiet(found: Sequence[Finding], from_us: int) -> list[tuple[str, float | None]]:
    told = [each for each in found if _new(each) and _code(each) == reasons.SENSOR_QUIET and each.decided_us >= from_us]
    over = {
        each.id: each.end_us for each in found if each.stage is Stage.RECOVERED and each.kind is FindingKind.ROUTINE
    }
    return [(each.device, (over[each.id] - each.start_us) / DAY_US if each.id in over else None) for each in told]


def report(homes: Sequence[Untouched], died: Sequence[Died], silent: Sequence[Died]) -> str:
    """Return the tables; ``silent``: the same where nothing is told of sensors."""
    weeks = sum(each.weeks for each in homes)
    quiet = [each for home in homes for each in home.quiet]
    low, high = rate_interval(len(quiet), weeks)
    never = sum(days is None for _, days in quiet)
    long = sum(days is not None and days > 6 for _, days in quiet)
    days = [each.days for each in died if each.days is not None]
    lines = [
        f"Untouched: {len(quiet)} told in {weeks:.0f} home-weeks, {len(quiet) / weeks:.3f} [{low:.3f}, {high:.3f}] a "
        f"home-week; of them {never} were never heard again, {long} after more than six days.",
        f"Taken away: {len(died)} sensors, {len(days)} told, after {np.percentile(days, 10):.1f}, "
        f"{np.percentile(days, 50):.1f}, {np.percentile(days, 90):.1f} days (p10, median, p90); "
        f"{sum(each.other for each in died)} times another one was told of.",
        "",
        "| told in two weeks without a sensor, a week | untouched | nothing told of sensors | as it is |",
        "|---|---|---|---|",
    ]
    over = sum(each.weeks for each in died)
    for code in sorted(
        {code for each in (*died, *silent) for code in (*each.told, *each.usual)} - {reasons.SENSOR_QUIET}
    ):
        rates = [
            sum(counts[code] for counts in each) / over
            for each in ([one.usual for one in died], [one.told for one in silent], [one.told for one in died])
        ]
        lines.append(f"| `{code}` | " + " | ".join(f"{rate:.3f}" for rate in rates) + " |")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bench.dead_sensor", description=__doc__)
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help=".csv or .csv.gz of homes, or folders")
    given = parser.parse_args(arguments)
    began = time.process_time()
    try:
        records = [record for file in home_files(given.paths) for record in read_homes(file)]
    except NotAHome as error:
        print(f"bench.dead_sensor: {error}", file=sys.stderr)
        return 2
    played = [play(record) for record in records]
    homes = [each.untouched for each in played if each.untouched.weeks > 0]
    died = [each.died for each in played if each.died is not None]
    silent = [each.silent for each in played if each.silent is not None]
    print(report(homes, died, silent))
    print(f"{time.process_time() - began:.0f} s of CPU")
    return 0


if __name__ == "__main__":
    sys.exit(main())
