"""Are the simulator's homes like real ones? Signs a day, by hour and room, and how long it is silent between them.

``python -m bench.homes_alike FOLDER [HOMES] [DAYS]`` reads homes in the form of the inactivity recordings (TIHM) and
simulates HOMES households for DAYS days, and prints both side by side. The simulated ones rise an hour later than the
simulator's usual people, as those of the recordings do; what their bridges publish goes through the platform's decoder.
"""

import csv
import gzip
import sys
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np

from device_sim.living.life import live
from device_sim.living.lives import household
from device_sim.living.sensing import sense
from device_sim.living.wiring import Wiring, standard_set
from ingest.decoders.families import Families
from ingest.decoders.message import RawMessage

HOUR_MS, DAY_MS = 3_600_000, 86_400_000
#: A Monday, 0:00 in the simulated homes' zone, milliseconds.
START_MS = 1_772_380_800_000
ZONE, ZONE_MS = "Asia/Shanghai", 8 * HOUR_MS
#: The recordings' homes rise and sleep about an hour later than the simulator's.
LATER_H = 1.0
#: Hours that are told together: night, getting up, the day, the evening, going to bed.
PARTS = {"0-5": range(5), "5-8": range(5, 8), "8-14": range(8, 14), "14-20": range(14, 20), "20-24": range(20, 24)}
QUANTILES = (0.5, 0.9, 0.95, 0.99)
ROOMS = ("kitchen", "hall", "living", "bedroom", "bathroom", "outer door")
#: What the recordings call a room.
_ALIAS = {
    "hallway": "hall",
    "lounge": "living",
    "entrance": "outer door",
    "living room": "living",
    "front door": "outer door",
}

Signs = list[tuple[int, str]]


def recorded(folder: Path) -> Iterator[Signs]:
    """Yield each recorded home's signs: local milliseconds and room."""
    homes: dict[str, Signs] = defaultdict(list)
    for path in sorted(folder.glob("*events*.csv.gz")):
        with gzip.open(path, "rt", newline="") as lines:
            for row in csv.DictReader(lines):
                homes[row["home"]].append((int(row["t_ms"]), _ALIAS.get(row["room"], row["room"])))
    for signs in homes.values():
        yield sorted(signs)


def simulated(homes: int, days: int, seed: int = 1) -> Iterator[Signs]:
    """Yield each simulated home's signs, as the platform's decoder understands what its bridge publishes."""
    start_us, end_us = START_MS * 1000, (START_MS + days * DAY_MS) * 1000
    for number in range(homes):
        home = household(number, seed, LATER_H)
        wiring = Wiring(f"home{number}", standard_set(home))
        rooms = {wiring.device_id(sensor): sensor for sensor in wiring.sensors}
        families, signs = Families([wiring.base]), Signs()
        deeds = live(home, start_us, end_us, ZONE, seed * 1000 + number)
        for sent in sense(deeds, wiring, start_us, end_us, seed * 1000 + number):
            (told,) = families.decode(RawMessage(sent.topic, sent.payload, False, sent.at_us))
            for reading in told.readings:
                if {"motion", "door_open", "door_closed"} & set(reading.events):
                    sensor = rooms[reading.device]
                    name = sensor.name if sensor.name == home.outer_door else sensor.room
                    signs.append((reading.event_us // 1000 + ZONE_MS, _ALIAS.get(name, name)))
        yield signs


def figures(homes: list[Signs]) -> dict[str, str]:
    """Return each figure as it is printed."""
    a_day: list[int] = []
    rooms: dict[str, int] = defaultdict(int)
    hours: dict[str, int] = defaultdict(int)
    gaps: dict[str, list[float]] = defaultdict(list)
    part_of = {hour: name for name, hours_of in PARTS.items() for hour in hours_of}
    for signs in homes:
        days: dict[int, int] = defaultdict(int)
        for t_ms, room in signs:
            days[t_ms // DAY_MS] += 1
            rooms[room] += 1
            hours[part_of[t_ms // HOUR_MS % 24]] += 1
        a_day += list(days.values())
        for (one, _), (other, _) in pairwise(signs):
            if other - one < DAY_MS:
                gaps[part_of[one // HOUR_MS % 24]].append((other - one) / 60_000)
    total = sum(rooms.values())
    said = {"homes, days": f"{len(homes)}, {len(a_day)}"}
    said["signs a day: p5, p25, median, p75, p95"] = ", ".join(
        f"{q:.0f}" for q in np.quantile(a_day, (0.05, 0.25, 0.5, 0.75, 0.95))
    )
    said |= {f"share of {room} %": f"{100 * rooms[room] / total:.0f}" for room in ROOMS}
    for name, of in PARTS.items():
        said[f"signs an hour, {name} h"] = f"{hours[name] / len(a_day) / len(of):.1f}"
    for name in PARTS:
        said[f"minutes to the next sign, {name} h: median, p90, p95, p99"] = ", ".join(
            f"{q:.1f}" for q in np.quantile(gaps[name], QUANTILES)
        )
    return said


def main(arguments: list[str]) -> int:
    """Print the table."""
    homes, days = (int(text) for text in (*arguments[1:3], *("40", "21")[len(arguments) - 1 :]))
    real, made = figures(list(recorded(Path(arguments[0])))), figures(list(simulated(homes, days)))
    print("| | recorded | simulated |\n|---|---|---|")
    for name, value in real.items():
        print(f"| {name} | {value} | {made[name]} |")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
