"""What a phone or tracker tells of where its owner is: a fix now and then at home, many on the way."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import cos, radians
from operator import attrgetter
from zlib import crc32

import numpy as np

from device_sim.forms.families import PHONES, USUAL_PHONE
from device_sim.forms.positions import Fix, Tracker
from device_sim.play import Emission
from device_sim.walking.paces import Floats
from device_sim.walking.receiver import error
from device_sim.walking.streets import Town
from device_sim.walking.ways import Walk, Way, walk

_SECOND_US = 1_000_000
#: Where made-up towns lie: in the sea off Zhoushan, so that no real street is meant.
SOMEWHERE = (29.75, 123.0)
#: Metres of one degree of latitude.
DEGREE_M = 111_195.0
#: The phone's charge when a scenario begins, %, and what an hour costs; it is charged at night.
CHARGE, CHARGE_AN_HOUR = (60.0, 100.0), 1.5
_HOME: Floats = np.zeros(2)


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone or tracker by its owner's name and its own, and the family that it is of.

    A fix on the way, and at home, each so many seconds, None: as is usual in its family. ``indoors``: it never sees the
    sky, and guesses its place by networks.
    """

    user: str
    device: str = "phone"
    home: tuple[float, float] = SOMEWHERE
    moving_s: float | None = None
    home_s: float | None = None
    indoors: bool = False
    family: str = USUAL_PHONE

    @property
    def id(self) -> str:
        """The id by which the platform knows it."""
        return self.tracker().id

    def tracker(self, seed: int = 0) -> Tracker:
        """Return its voice, new: for once through a play."""
        return PHONES[self.family](self.user, self.device, seed)


@dataclass(frozen=True, slots=True)
class Trip:
    """Being out from ``from_us`` to ``until_us`` for something.

    ``led``: the seed of whoever leads, for whom walks along the same way; None: one's own. ``zone_m`` as ways.walk.
    """

    from_us: int
    until_us: int
    way: Way
    led: int | None = None
    zone_m: float = 0.0


def walked(trip: Trip, town: Town, seed: int, later_us: int = 0) -> Walk:
    """Return the walk of a trip; its ``onset_s`` counts from ``from_us``. Cut where it would last too long.

    ``seed`` is that of who is out. ``later_us``: how much later all of it is than the life that it is drawn for
    (life.live); the walk is the same.
    """
    own = seed if trip.led is None else trip.led
    rng = np.random.default_rng([own, crc32(b"walk"), (trip.from_us - later_us) % 2**32])
    seconds = (trip.until_us - trip.from_us) / _SECOND_US
    made = walk(town, trip.way, seconds, rng, trip.zone_m)
    return replace(made, xy=made.xy[: max(1, int(seconds))])


def carried(
    trips: Sequence[Trip],
    phone: Phone,
    town: Town,
    start_us: int,
    end_us: int,
    seed: int,
    later_us: int = 0,
    presses: Sequence[int] = (),
) -> Iterator[Emission]:
    """Yield what a phone that is carried on all trips publishes from ``start_us`` to ``end_us``, in order of time.

    ``presses`` are when its owner calls for help with it (microseconds UTC).
    """
    made = Fixes(phone, start_us, seed, later_us)
    left = sorted(presses)
    for emission in _on_trips(made, trips, town, start_us, end_us, seed, later_us):
        while left and left[0] < emission.at_us:
            yield from made.press(left.pop(0))
        yield emission
    for at_us in left:
        yield from made.press(at_us)


def _on_trips(
    made: "Fixes", trips: Sequence[Trip], town: Town, start_us: int, end_us: int, seed: int, later_us: int
) -> Iterator[Emission]:
    at_us = start_us
    for trip in sorted(trips, key=attrgetter("from_us")):
        yield from made.at_home(at_us, min(trip.from_us, end_us))
        yield from made.on_the_way(trip.from_us, walked(trip, town, seed, later_us), end_us)
        at_us = max(at_us, trip.until_us)
    yield from made.at_home(at_us, end_us)


class Fixes:
    """One phone's fixes. ``seed`` is of its errors; the ways are drawn by whoever walks them."""

    def __init__(self, phone: Phone, start_us: int, seed: int, later_us: int) -> None:
        self.phone, self.start_us, self.seed, self.later_us = phone, start_us, seed, later_us
        self.rng = np.random.default_rng([seed, crc32(b"phone"), 0])
        self.charge = self.rng.uniform(*CHARGE)
        self.tracker = phone.tracker(seed)
        self.last: Fix | None = None
        self.before: Fix | None = None  # the one before the last
        self.moving_s = self.tracker.moving_s if phone.moving_s is None else phone.moving_s
        self.home_s = self.tracker.home_s if phone.home_s is None else phone.home_s
        self.north, self.east = 1 / DEGREE_M, 1 / (DEGREE_M * cos(radians(phone.home[0])))

    def at_home(self, from_us: int, until_us: int, where: Floats = _HOME) -> Iterator[Emission]:
        """Yield the pings of a phone that lies at home (or ``where``, metres from it), on the Wi-Fi there."""
        at_us = from_us + round(self.rng.uniform(0.05, 1.0) * self.home_s * _SECOND_US)
        while at_us < until_us:
            accuracy = float(np.exp(self.rng.normal(np.log(15.0), 0.3)))
            off = self.rng.normal(0, accuracy / 3, 2)
            yield from self.tracker.say(self.fix(at_us, where + off, accuracy, 0.0))
            at_us += round(self.home_s * _SECOND_US)

    def on_the_way(self, from_us: int, made: Walk, end_us: int) -> Iterator[Emission]:
        """Yield the fixes of a walk that begins at ``from_us``."""
        rng = np.random.default_rng([self.seed, crc32(b"receiver"), (from_us - self.later_us) % 2**32])
        xy = made.xy
        accuracy, off = error(rng, len(xy), self.phone.indoors)
        roofed = slice(*made.roofed)
        if len(xy[roofed]):
            accuracy[roofed], off[roofed] = error(rng, len(xy[roofed]), True)
        step = max(1, round(self.moving_s))
        for second in range(0, len(xy), step):
            at_us = from_us + second * _SECOND_US
            if at_us >= end_us:
                return
            back = max(0, second - step)
            speed = 3.6 * float(np.hypot(*(xy[second] - xy[back]))) / max(1, second - back)
            roof = self.phone.indoors or roofed.start <= second < roofed.stop
            fix = self.fix(at_us, xy[second] + off[second], float(accuracy[second]), speed, moving=True, roofed=roof)
            yield from self.tracker.say(fix)

    def fix(
        self, at_us: int, xy: Floats, accuracy: float, speed: float, *, moving: bool = False, roofed: bool = False
    ) -> Fix:
        """Return a fix at ``xy``, metres east and north of home; ``accuracy`` in metres, ``speed`` in km/h."""
        used = CHARGE_AN_HOUR * (at_us - self.start_us) / 3.6e9
        lat = self.phone.home[0] + float(xy[1]) * self.north
        lon = self.phone.home[1] + float(xy[0]) * self.east
        battery = int(20 + (self.charge - 20 - used) % 80)
        self.before = self.last
        self.last = Fix(at_us, lat, lon, accuracy, speed, moving=moving, roofed=roofed, battery=battery)
        return self.last

    def press(self, at_us: int) -> Iterator[Emission]:
        """Yield a call for help with the last fix before it: the next one may have been drawn already."""
        known = self.last if self.last is not None and self.last.at_us <= at_us else self.before
        return self.tracker.press(at_us, known)
