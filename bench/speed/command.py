"""``python -m bench speed`` ``falls [PATH...]``, ``homes``, ``positions``, ``decoders``, ``path``."""

import argparse
import json
import platform
import sys
from pathlib import Path
from typing import Any

from bench.recordings import NotARecording
from bench.speed import command_decoders, command_homes, command_path, command_positions, falls
from bench.speed.people import DAY, FEET, REST, SEATED, WORK, made_pieces, recorded_pieces
from bench.speed.reference import half_space_trees
from bench.speed.traffic import WAIST, WRIST

#: Version of the JSON that ``--json`` prints.
SCHEMA = 1
#: The issue's figures.
GOALS = {
    "fleet-day": "at least 20 million samples/s a core and 200 x the reference",
    "one-day": "at most 0.1 s of CPU an hour worn (stretch 0.04)",
    "one-waist": "at most 0.1 s of CPU an hour worn (stretch 0.04)",
    "state": "at most 8,192 bytes a wearable at 50 Hz",
    "flat": "flat from 100 to 100,000 wearables",
}
FLAT = (100, 1_000, 10_000, 100_000)
#: Wearables that the plain detector is given; its cost a frame does not depend on how many.
PLAIN = 1_000
#: An hour of one person's ordinary day, as a mean: shares of people.DAY.
ONE_HOURS = 1.0


def main(arguments: list[str]) -> int:
    """Measure; return the exit status: 0, or 2 for wrong usage or a file that is no recording."""
    parser = argparse.ArgumentParser(prog="python -m bench speed", description="Speed of detectors and decoders.")
    tasks = parser.add_subparsers(dest="task", required=True)
    task = tasks.add_parser("falls", help="the fall detector: fleets, one person, state")
    task.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="continuous recordings to play; none: made")
    task.add_argument("--wearables", type=int, default=20_000)
    task.add_argument("--rounds", type=int, default=10, help="rounds of 2 s that are measured")
    task.add_argument("--flat-most", type=int, default=FLAT[-1], help="the largest fleet of the scenario flat")
    homes = tasks.add_parser("homes", help="the detectors of homes: ticks, signs of life, a year, state")
    homes.add_argument("--homes", type=int, default=100_000)
    homes.add_argument("--ticks", type=int, default=60, help="seconds of the fleet that are measured")
    homes.add_argument("--days", type=int, default=365, help="days of the one life that is played")
    homes.add_argument("--life", type=int, default=3, help="which of the simulator's households it is")
    homes.add_argument("--against", nargs="?", const=command_homes.BASELINE, type=Path, metavar="FILE",
                       help="compare with an earlier run's JSON; without FILE the committed one")  # fmt: skip
    places = tasks.add_parser("positions", help="wandering and whereabouts: positions, rooms, beacons, state, ticks")
    places.add_argument("--people", type=int, default=300)
    places.add_argument("--minutes", type=int, default=10, help="minutes that are measured")
    places.add_argument("--homes", type=int, nargs="+", default=[20_000, 100_000], help="homes of a tick")
    places.add_argument("--ticks", type=int, default=60, help="seconds of these that are measured")
    places.add_argument("--against", nargs="?", const=command_positions.BASELINE, type=Path, metavar="FILE",
                        help="compare with an earlier run's JSON; without FILE the committed one")  # fmt: skip
    decoders = tasks.add_parser("decoders", help="the decoders of devices, and each process of a platform")
    decoders.add_argument("--devices", type=int, default=1000, help="devices of the bridge")
    decoders.add_argument("--rates", type=int, nargs="+", default=[100, 1000], help="messages/s through a platform")
    decoders.add_argument("--seconds", type=float, default=20.0, help="for which each rate is measured")
    decoders.add_argument("--against", nargs="?", const=command_decoders.BASELINE, type=Path, metavar="FILE",
                          help="compare with an earlier run's JSON; without FILE the committed one")  # fmt: skip
    way = tasks.add_parser("path", help="the whole way of the data: CPU a message, lag, loss")
    way.add_argument("--wearables", type=int, default=1000)
    way.add_argument("--sensors", type=int, default=200, help="home sensors; a bridge has 1,000 at most")
    way.add_argument("--sensors-a-second", type=float, default=100.0, help="their reports")
    way.add_argument("--seconds", type=float, default=60.0)
    way.add_argument("--presses", type=int, default=20, help="calls for help within that time")
    way.add_argument("--json", action="store_true")
    for each in (task, homes, places, decoders):
        each.add_argument("--only", nargs="+", metavar="SCENARIO", help="some of the scenarios, by their ids")
        each.add_argument("--json", action="store_true")
    given = parser.parse_args(arguments)
    try:
        if given.task == "homes":
            return command_homes.run(given)
        if given.task == "positions":
            return command_positions.run(given)
        if given.task == "decoders":
            return command_decoders.run(given)
        if given.task == "path":
            return command_path.run(given)
        told = _measure(given)
    except NotARecording as error:
        print(f"speed {given.task}: {error}", file=sys.stderr)
        return 2
    print(json.dumps(told) if given.json else _report(told))
    return 0


def _measure(given: argparse.Namespace) -> dict[str, Any]:
    pieces = recorded_pieces(given.paths) if given.paths else made_pieces()
    busy = pieces if given.paths else made_pieces(2, work=True)
    count, rounds = given.wearables, given.rounds
    reference = half_space_trees(pieces[FEET][0])

    def fleet(people: Any, of: Any, **how: Any) -> dict[str, Any]:
        speed = falls.fleet_speed(count, people, of, rounds, **how)
        told = {name: getattr(speed, name) for name in speed.__slots__}
        told["x_reference"] = None if reference.rate is None else speed.rate / reference.rate
        return told

    def plain() -> dict[str, Any]:
        rate = falls.plain_rate(min(count, PLAIN), DAY, pieces, rounds)
        return {"samples_a_second": rate, "wearables": min(count, PLAIN)}

    def one(what: str, of: Any, position: str = WRIST) -> dict[str, Any]:
        cpu_s, found = falls.one_person(of[what], ONE_HOURS, position)
        return {"cpu_s_an_hour": cpu_s, "findings": found}

    def state() -> dict[str, Any]:
        held, columns = falls.state_bytes(min(count, 4_000), DAY, pieces)
        return {"bytes_a_wearable": held, "of_it_columns": columns}

    def flat() -> dict[str, Any]:
        sizes = [size for size in FLAT if size <= given.flat_most]
        speeds = [
            falls.fleet_speed(size, DAY, pieces, max(3, min(100, 50_000 // size)), profile=False) for size in sizes
        ]
        return {str(speed.wearables): speed.us_a_frame for speed in speeds}

    def one_day(position: str = WRIST) -> dict[str, Any]:
        of = {what: one(what, pieces, position) for what in (REST, SEATED, FEET)}
        mean = sum(share * each["cpu_s_an_hour"] for share, each in zip(DAY.shares, of.values(), strict=True))
        return {"cpu_s_an_hour": mean, "of": of}

    scenarios = {
        "fleet-day": lambda: fleet(DAY, pieces),
        "fleet-work": lambda: fleet(WORK, busy),
        "fleet-readings": lambda: fleet(DAY, pieces, as_readings=True),
        "plain-readings": plain,
        "one-day": one_day,
        "one-work": lambda: one(FEET, busy),
        "fleet-waist": lambda: fleet(DAY, pieces, position=WAIST),
        "one-waist": lambda: one_day(WAIST),
        "state": state,
        "flat": flat,
    }
    chosen = given.only or list(scenarios)
    unknown = sorted(set(chosen) - set(scenarios))
    if unknown:
        raise NotARecording(f"there is no scenario {', '.join(unknown)}; there are {', '.join(scenarios)}.")
    return {
        "schema": SCHEMA,
        "python": platform.python_version(),
        "machine": platform.machine(),
        "workload": "recordings" if given.paths else "made",
        "reference": {"name": reference.name, "rate": reference.rate, "note": reference.note},
        "goals": GOALS,
        "scenarios": {name: scenarios[name]() for name in chosen},
    }


def _report(told: dict[str, Any]) -> str:
    reference = told["reference"]
    rate = "-" if reference["rate"] is None else f"{reference['rate']:,.0f} samples/s"
    lines = [f"reference  {reference['name']}: {rate} ({reference['note']})"]
    for name, figures in told["scenarios"].items():
        lines.append(f"\n{name}" + (f"  (goal: {told['goals'][name]})" if name in told["goals"] else ""))
        if "rate" in figures:
            times = "" if figures["x_reference"] is None else f", {figures['x_reference']:,.0f} x the reference"
            lines.append(f"  {figures['rate'] / 1e6:.1f} million samples/s of CPU{times}")
            lines.append(
                f"  {figures['wearables']:,} wearables, {figures['us_a_frame']:.2f} us a frame of 2 s; "
                f"{figures['hard_h']:.0f} impacts an hour and wearer; {figures['findings']} findings; "
                f"{figures['in_columns']:.1%} in columns"
            )
            lines += [f"  {share:6.1%}  {step}" for step, share in figures["steps"].items()]
        else:
            lines += [f"  {what}: {_number(value)}" for what, value in figures.items()]
    return "\n".join(lines)


def _number(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_number(each)}" for name, each in value.items())
    return f"{value:,.4g}" if isinstance(value, float) else str(value)
