"""Lives of weeks made up for whereabouts: home, market, clinic, daughter, and for some somewhere new each week.

Seen by a phone that tells its place each half hour at home and each 10 to 60 s on the way, with GPS's drifting error,
at home and in shops with that of a phone indoors (median 20 m, p90 466 m), and now and then a place that is wrong by a
kilometre and claimed to be good. Nothing of it is real: there is no open GPS of people with dementia. Seeded.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from device_sim.walking.paces import Floats, along, pauses
from device_sim.walking.receiver import INDOOR_M, INDOOR_SHARE, RADIUS, error
from schemas.config import ResidentConfig, config_reading
from schemas.reading import Observation, Reading, ReadingKind

SECOND, HOUR, DAY = 1_000_000, 3_600_000_000, 86_400_000_000
#: A Monday, 0 h on the clock in China.
MONDAY_US: Final = 1_793_577_600_000_000 - 8 * HOUR
#: Where the made-up town lies: in the sea off Zhoushan.
TOWN: Final = (29.75, 123.0)
_NORTH, _EAST = 1 / 111_195.0, 1 / (111_195.0 * float(np.cos(np.radians(29.75))))
#: Streets are a grid of this (metres).
_BLOCK_M: Final = 100.0
#: Share of stays' positions that are wrong by about this (metres) though claimed to be good, for 1 to 3 in a row.
_WRONG_SHARE, _WRONG_M = 0.003, 1400.0
#: Who goes where: trips a week to known places, and to places never seen before.
PEOPLE: Final = ("homebody", "regular", "explorer", "couple", "zoned")
#: What is asked to be told.
POSITIVES: Final = ("zone", "zone_bus", "new_foot", "new_bus", "night", "lost", "silent")
#: What must be silent, beside all ordinary weeks.
CALM: Final = ("daughter_along", "ferry", "new_companion_zone")

#: A square around home with all that a homebody goes to, drawn by somebody who left 100 m to spare.
ZONE: Final = tuple(
    (TOWN[1] + e * 1300.0 * _EAST, TOWN[0] + n * 1300.0 * _NORTH) for n, e in ((-1, -1), (-1, 1), (1, 1), (1, -1))
)


@dataclass
class Life:
    """One person's weeks: readings by time, and where a positive begins (None: nothing happened)."""

    kind: str
    readings: list[Reading]
    weeks: int
    onset_us: int | None = None
    end_us: int = 0
    wanted: tuple[str, ...] = ()


@dataclass
class _Phone:
    """A phone and its owner: where they are, and what was sent."""

    rng: np.random.Generator
    name: str = "r1"
    resident: str | None = "r1"
    at_us: int = MONDAY_US
    at: Floats = field(default_factory=lambda: np.zeros(2))
    moving_s: int = 10
    sent: list[Reading] = field(default_factory=list)

    def rest_until(self, until_us: int, each_s: float) -> None:
        """Stay where the phone knows its place by the Wi-Fi, as at home, or by a window."""
        while self.at_us + each_s * SECOND < until_us:
            self.at_us += round(each_s * SECOND)
            told = float(np.exp(self.rng.normal(np.log(15.0), 0.3)))
            self._tell(self.at + self.rng.normal(0, told / 3, 2), told)
        self.at_us = until_us

    def stay_until(self, until_us: int, each_s: float = 1800.0) -> None:
        """Stay indoors."""
        wrong = 0
        off = np.zeros(2)
        while self.at_us + each_s * SECOND * 0.5 < until_us:
            self.at_us += round(each_s * SECOND * self.rng.uniform(0.8, 1.2))
            if self.at_us >= until_us:
                break
            told = float(np.exp(np.interp(self.rng.uniform(), INDOOR_SHARE, np.log(INDOOR_M))))
            if wrong == 0 and self.rng.uniform() < _WRONG_SHARE:
                wrong, off = int(self.rng.integers(1, 4)), self.rng.normal(0, _WRONG_M, 2)
            if wrong:
                wrong -= 1
                self._tell(self.at + off, float(self.rng.uniform(10, 60)))
            else:
                self._tell(
                    self.at + self.rng.normal(0, told / RADIUS, 2), told * float(np.exp(self.rng.normal(0, 0.2)))
                )
        self.at_us = max(self.at_us, until_us)

    def go(self, path: Floats) -> None:
        """Go along a path, a point a second; the receiver sees the sky."""
        accuracy, off = error(self.rng, len(path), False)
        for second in range(self.moving_s, len(path), self.moving_s):
            self._tell(path[second] + off[second], float(accuracy[second]), self.at_us + second * SECOND)
        self.at, self.at_us = path[-1], self.at_us + len(path) * SECOND

    def _tell(self, xy: Floats, accuracy: float, at_us: int | None = None) -> None:
        when = self.at_us if at_us is None else at_us
        seen = (
            Observation("lat", TOWN[0] + float(xy[1]) * _NORTH),
            Observation("lon", TOWN[1] + float(xy[0]) * _EAST),
            Observation("accuracy", round(accuracy, 1), "m"),
        )
        self.sent.append(
            Reading(
                kind=ReadingKind.STATE, arrival_us=when + SECOND, event_us=when, end_us=when,
                device=f"phone-{self.name}", unit="u1", resident=self.resident, boot=1, seq=len(self.sent),
                observations=seen,
            )
        )  # fmt: skip


def street_way(rng: np.random.Generator, start: Floats, end: Floats, speed: float) -> Floats:
    """Return a walk along streets: blocks east and north in a mixed order, with a stop at a crossing now and then."""
    blocks = np.round((end - start) / _BLOCK_M).astype(int)
    steps = [(np.sign(blocks[0]), 0)] * abs(int(blocks[0])) + [(0, np.sign(blocks[1]))] * abs(int(blocks[1]))
    turns = [steps[i] for i in _few_turns(rng, len(steps))]
    corners = start + np.vstack(
        [np.zeros((1, 2)), np.cumsum(np.array(turns or [(0, 0)], dtype=float), axis=0) * _BLOCK_M]
    )
    return pauses(along(np.vstack([corners, end + 0.1]), speed, rng), rng, 180, 5, 30)


def _few_turns(rng: np.random.Generator, count: int) -> list[int]:
    """People take one of two ways: first along and then across, or the other way about."""
    order = list(range(count))
    return order if rng.uniform() < 0.8 else order[::-1]


def ride(rng: np.random.Generator, start: Floats, end: Floats, speed: float = 8.0) -> Floats:
    """Return a ride by bus or ferry, with its stops."""
    bend = (start + end) / 2 + np.array([-(end - start)[1], (end - start)[0]]) * 0.1
    return pauses(along(np.vstack([start, bend, end]), speed, rng), rng, 60, 8, 30)


def confused(rng: np.random.Generator, start: Floats, seconds: float, speed: float) -> Floats:
    """Return the way of somebody lost: block by block, turning about and stopping at crossings, returning to some."""
    corners, heading = [start], int(rng.integers(4))
    for _ in range(int(seconds * speed / _BLOCK_M) + 1):
        heading = (heading + int(rng.choice([0, 1, 3, 2], p=[0.3, 0.25, 0.25, 0.2]))) % 4
        corners.append(corners[-1] + _BLOCK_M * np.array([(1, 0), (0, 1), (-1, 0), (0, -1)][heading], dtype=float))
    return pauses(along(np.array(corners), speed, rng), rng, 120, 30, 90)[: int(seconds)]


class Maker:
    """Makes one person's weeks."""

    def __init__(self, kind: str, seed: int) -> None:
        self.kind = kind
        self.rng = np.random.default_rng([seed, PEOPLE.index(kind)])
        self.phone = _Phone(self.rng, moving_s=int(self.rng.choice([10, 15, 30, 60])))
        self.speed = float(self.rng.uniform(0.6, 1.2))
        self.market = self._somewhere(300, 800)
        self.park = self._somewhere(300, 1200)
        self.clinic = self._somewhere(2500, 4500)
        self.daughter = self._somewhere(3000, 7000)

    def _somewhere(self, least: float, most: float) -> Floats:
        angle, far = self.rng.uniform(0, 2 * np.pi), self.rng.uniform(least, most)
        return np.round(np.array([np.cos(angle), np.sin(angle)]) * far / _BLOCK_M) * _BLOCK_M

    def unknown(self, least: float, most: float) -> Floats:
        """Return somewhere a kilometre from all that this person knows."""
        known = (self.market, self.park, self.clinic, self.daughter)
        while True:
            there = self._somewhere(least, most)
            if min(np.hypot(*(each - there)) for each in known) > 1000:
                return there

    def weeks(self, count: int, first: int = 0) -> None:
        """Live so many weeks."""
        for day in range(7 * first, 7 * (first + count)):
            self.day(day)

    def day(self, day: int) -> None:
        """Live one day."""
        start = MONDAY_US + day * DAY
        kind, rng = self.kind, self.rng
        self._out(start, 9.0 + rng.normal(0, 0.4), self.market, 1500)
        if kind != "homebody" and day % 28 == 17:
            self._out(start, 13.5, self.clinic, 5400, bus=True)
        elif kind != "homebody" and day % 7 == 6:
            self._out(start, 14.0, self.daughter, 9000, bus=True)
        elif kind == "explorer" and (day % 7 == 5 or rng.uniform() < 1 / 7):
            far = self._somewhere(800, 6000)
            self._out(start, 13.5, far, 3600, bus=bool(np.hypot(*far) > 2000), about=True)
        elif rng.uniform() < 0.6:
            self._out(start, 15.5 + rng.normal(0, 0.7), self.park, 2400)
        self.phone.stay_until(start + DAY)

    def _out(
        self, start: int, hour: float, to: Floats, seconds: float, *, bus: bool = False, about: bool = False
    ) -> None:
        self.phone.stay_until(start + round(hour * HOUR))
        home = np.zeros(2)
        for there in (to, home):
            self._go(there, bus)
            if there is to:
                if about:  # looks around on foot
                    self.phone.go(street_way(self.rng, to, to + self._somewhere(100, 500), self.speed))
                    self.phone.go(street_way(self.rng, self.phone.at, to, self.speed))
                self.phone.stay_until(self.phone.at_us + round(seconds * self.rng.uniform(0.6, 1.4) * SECOND))

    def _go(self, there: Floats, bus: bool) -> None:
        here = self.phone.at
        if not bus:
            self.phone.go(street_way(self.rng, here, there, self.speed))
            return
        way = (there - here) / np.hypot(*(there - here))
        stops = np.round((here + 250 * way) / _BLOCK_M) * _BLOCK_M, np.round((there - 200 * way) / _BLOCK_M) * _BLOCK_M
        self.phone.go(street_way(self.rng, here, stops[0], self.speed))
        self.phone.go(ride(self.rng, stops[0], stops[1]))
        self.phone.go(street_way(self.rng, stops[1], there, self.speed))


def _beside(rng: np.random.Generator, reading: Reading, who: str, seq: int, resident: str | None = "r2") -> Reading:
    later = int(rng.integers(1, 9)) * SECOND
    lat, lon, accuracy = (each.value for each in reading.observations)
    off = rng.normal(0, 4, 2)
    seen = (
        Observation("lat", float(lat) + float(off[0]) * _NORTH),
        Observation("lon", float(lon) + float(off[1]) * _EAST),
        Observation("accuracy", accuracy, "m"),
    )
    at_us = reading.event_us + later
    return Reading(
        kind=ReadingKind.STATE, arrival_us=at_us + SECOND, event_us=at_us, end_us=at_us, device=f"phone-{who}",
        unit="u1", resident=resident, boot=1, seq=seq, observations=seen,
    )  # fmt: skip


def ordinary(kind: str, weeks: int, seed: int) -> Life:
    """Return weeks in which nothing happens."""
    made = Maker("homebody" if kind == "zoned" else kind, seed)
    made.weeks(weeks)
    return _life(made, kind, weeks, ZONE if kind == "zoned" else ())


def eventful(event: str, weeks: int, seed: int, kind: str = "regular") -> Life:
    """Return weeks, and on the day after them one of POSITIVES or CALM."""
    made = Maker("homebody" if event.startswith("zone") or event == "new_companion_zone" else kind, seed)
    made.weeks(weeks)
    phone, rng, start = made.phone, made.rng, MONDAY_US + weeks * 7 * DAY
    hour = float(rng.uniform(0.5, 4.5)) if event in ("night", "silent") else float(rng.uniform(10.5, 16))
    phone.stay_until(start + round(hour * HOUR))
    onset_us, home, companion = phone.at_us, np.zeros(2), list[Reading]()
    new = made.unknown(1500, 2500)
    zone: tuple[tuple[float, float], ...] = ()
    if event in ("zone", "zone_bus", "new_companion_zone"):
        zone = ZONE
        new = np.array([1900.0, 300.0])
    count = len(phone.sent)
    if event in ("new_bus", "zone_bus"):
        new = new * 2.5
        made._go(new, True)
    elif event == "ferry":
        phone.go(ride(rng, home, made.daughter + np.array([0.0, 300.0]), 6.0))
        phone.go(street_way(rng, phone.at, made.daughter, made.speed))
    elif event == "lost":
        made._go(new, False)
        onset_us = phone.at_us
        phone.go(confused(rng, phone.at, 2400, made.speed))
    else:
        made._go(new, False)
    if event in ("daughter_along", "new_companion_zone"):
        companion = [_beside(rng, each, "carer", i, None) for i, each in enumerate(phone.sent[count:])]
    if event == "silent":  # a little way out, and the battery dies
        del phone.sent[count + max(3, 240 // phone.moving_s) :]
        onset_us = phone.sent[-1].event_us
    else:
        phone.stay_until(phone.at_us + 1800 * SECOND)
    if event in ("zone", "zone_bus", "new_companion_zone"):
        onset_us = _crossed(phone.sent[count:], zone, onset_us)
    elif event in ("new_foot", "new_bus"):
        onset_us = next((r.event_us for r in phone.sent[count:] if _out_by(r) > 1500), onset_us)
    life = _life(made, event, weeks, zone)
    life.readings = sorted([*life.readings, *companion], key=lambda each: each.arrival_us)
    life.onset_us, life.end_us = onset_us, phone.at_us + (3 * HOUR if event == "silent" else 0)
    return life


def _out_by(reading: Reading) -> float:
    lat, lon = (float(each.value) for each in reading.observations[:2])
    return float(np.hypot((lat - TOWN[0]) / _NORTH, (lon - TOWN[1]) / _EAST))


def _crossed(sent: Sequence[Reading], zone: Sequence[tuple[float, float]], otherwise: int) -> int:
    lons, lats = [lon for lon, _ in zone], [lat for _, lat in zone]
    for reading in sent:
        lat, lon = (float(each.value) for each in reading.observations[:2])
        if not (min(lats) < lat < max(lats) and min(lons) < lon < max(lons)):
            return reading.event_us
    return otherwise


def _life(made: Maker, kind: str, weeks: int, zone: tuple[tuple[float, float], ...] = ()) -> Life:
    people = [ResidentConfig(resident="r1", unit="u1", version=1, corners=zone) if zone else
              ResidentConfig(resident="r1", unit="u1", version=1)]  # fmt: skip
    others: list[Reading] = []
    if made.kind == "couple":  # who goes everywhere together, each with a phone
        people.append(ResidentConfig(resident="r2", unit="u1", version=1))
        others = [_beside(made.rng, reading, "r2", i) for i, reading in enumerate(made.phone.sent)]
    configs = [config_reading(each, MONDAY_US, MONDAY_US) for each in people]
    sent = sorted([*made.phone.sent, *others], key=lambda each: each.arrival_us)
    return Life(kind, [*configs, *sent], weeks, end_us=made.phone.at_us)


def with_ticks(life: Life, each_s: int = 60) -> Iterator[Reading | int]:
    """Yield readings by arrival with the platform's clock between them, each minute where something may wait."""
    now_us = MONDAY_US
    for reading in life.readings:
        if reading.arrival_us - now_us > each_s * SECOND:
            now_us = reading.arrival_us - each_s * SECOND
            yield now_us
        yield reading
    while now_us < life.end_us:
        now_us += each_s * SECOND
        yield now_us
