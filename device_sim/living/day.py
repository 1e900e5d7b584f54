"""One person's day at home, from waking to waking: what is done where, in minutes since midnight. Pure but seeded.

A day is a list of anchors (getting up, meals, outings, the nap, going to bed) with free time between them; free time is
spent walking from room to room and staying there, and the bathroom comes when it is time. Every change of room leads
through the hall. Where the figures come from is in docs/simulator.md.
"""

from dataclasses import dataclass, field, replace

import numpy as np

from device_sim.living.deeds import What
from device_sim.living.household import Habits, Household, Outing, Person, RoomKind

#: How often a minute a motion sensor sees somebody who does this; chosen so that homes come out as busy as real ones.
STIR = {
    What.SLEEP: 0.009, What.NAP: 0.012, What.TOILET: 0.8, What.WASH: 1.2, What.COOK: 0.65, What.EAT: 0.2,
    What.SIT: 0.07, What.TIDY: 0.8, What.THROUGH: 6.0, What.PACE: 6.0, What.LIE: 0.0,
}  # fmt: skip
#: Minutes in the hall on the way from room to room; a small flat.
HALL_MINUTES = (0.06, 0.2)
#: Seconds for which a door stands open, and a fridge.
DOOR_MINUTES, FRIDGE_MINUTES = (0.06, 0.35), (0.05, 0.4)
#: How often the fridge is opened while somebody cooks, each minute of it.
FRIDGE_A_MINUTE = 0.09
#: Spread of stays: a median of so and so many minutes has a log standard deviation of this.
STAY_SPREAD = 0.8
#: Evening: from this hour on people mostly sit.
EVENING_H = 19.0
#: How restlessly one sits differs from stay to stay: log standard deviation of ``stir``.
SIT_SPREAD = 0.9
#: Of the stays by day, so many are long rests (a newspaper, a doze in the chair), of this median length, minutes, and
#: with so little movement against sitting. Chosen: these and outings are the silences that real days have.
REST_SHARE, REST_MINUTES, REST_STIR = 0.07, 48.0, 0.12
#: A look out of the door, a parcel, the rubbish: share of the walks into the hall by day.
AT_DOOR = 0.22


@dataclass(slots=True)
class Part:
    """One thing done, in minutes since local midnight of the day."""

    what: What
    where: str
    start: float
    end: float
    stir: float


@dataclass(slots=True)
class Writer:
    """A day being written: where the person is, and what time it is (minutes since midnight)."""

    home: Household
    habits: Habits
    rng: np.random.Generator
    now: float
    room: str
    parts: list[Part] = field(default_factory=list)
    toilet_due: float = 0.0

    def stay(self, what: What, room: str, minutes: float, quiet: float = 1.0) -> None:
        """Go to a room and do something there for so many minutes; ``quiet`` below 1: with less movement than usual."""
        self.go(room)
        end = self.now + max(0.05, minutes)
        stir = STIR[what] * self.habits.stir * quiet
        if what is What.SIT:
            stir *= float(np.exp(SIT_SPREAD * self.rng.normal()))
        self.parts.append(Part(what, room, self.now, end, stir))
        if what is What.COOK:
            self._fridge(self.now, end, room)
        self.now = end

    def go(self, room: str) -> None:
        """Walk to a room, through the hall where there is one."""
        if room == self.room:
            return
        hall = self.home.hall
        if hall is not None and hall not in (room, self.room):
            minutes = self.rng.uniform(*HALL_MINUTES)
            self.parts.append(Part(What.THROUGH, hall, self.now, self.now + minutes, STIR[What.THROUGH]))
            self.now += minutes
        self.room = room

    def out(self, name: str, minutes: float) -> None:
        """Go out by the outer door, and come back."""
        self.go(self.home.hall or self.room)
        self.stay(What.TIDY, self.room, self.rng.uniform(0.5, 2.0))  # shoes, coat
        self.door()
        self.stay_out(name, minutes)
        self.door()
        self.stay(What.TIDY, self.room, self.rng.uniform(0.5, 2.0))

    def stay_out(self, name: str, minutes: float) -> None:
        """Be out of the home for so long."""
        self.parts.append(Part(What.OUT, name, self.now, self.now + minutes, 0.0))
        self.now += minutes

    def door(self) -> None:
        """Open and shut the outer door."""
        end = self.now + self.rng.uniform(*DOOR_MINUTES)
        self.parts.append(Part(What.DOOR, self.home.outer_door, self.now, end, 0.0))
        self.now = end

    def toilet(self) -> None:
        """Go to the bathroom, wash hands; the next time is drawn."""
        self.stay(What.TOILET, self.home.first(RoomKind.BATHROOM), self.rng.uniform(2.5, 6.0))
        self.toilet_due = self.now + 60 * self.habits.toilet_each_h * self.rng.uniform(0.5, 1.5)

    def median(self, minutes: float) -> float:
        """Return a time drawn around a median."""
        return float(minutes * np.exp(STAY_SPREAD * self.rng.normal()))

    def _fridge(self, start: float, end: float, kitchen: str) -> None:
        for _ in range(int(self.rng.poisson(FRIDGE_A_MINUTE * (end - start)))):
            at = self.rng.uniform(start, end)
            shut = min(at + self.rng.uniform(*FRIDGE_MINUTES), end)
            self.parts.append(Part(What.FRIDGE, kitchen, at, shut, 0.0))


def wakes(habits: Habits, rng: np.random.Generator, weekday: int) -> float:
    """Return when somebody wakes, minutes since midnight. The first draw of a day: the night before needs it too."""
    later = habits.weekend_later_h if weekday in (5, 6) else 0.0
    return 60 * float(np.clip(habits.wakes_h + later + habits.wakes_sd_h * rng.normal(), 3.0, 11.5))


def day(
    home: Household, person: Person, rng: np.random.Generator, weekday: int, wake: float, next_wake: float
) -> list[Part]:
    """Return what a person does from ``wake`` to ``next_wake`` (minutes since midnight; the latter on the next day)."""
    habits = person.habits
    writer = Writer(home, habits, rng, wake, person.bedroom)
    _get_up(writer)
    plans = _plans(habits, rng, weekday)
    for hour, kind, outing in plans:
        at = 60 * hour
        if at > writer.now:
            _free(writer, at, person.bedroom)
        if kind == "meal":
            _eat(writer)
        elif kind == "nap" and writer.now < at + 90:
            writer.stay(What.NAP, person.bedroom, writer.median(habits.nap_minutes))
        elif kind == "out" and outing is not None and writer.now < at + 60:
            writer.out(outing.name, outing.minutes * rng.uniform(0.7, 1.4))
    bed = 60 * float(np.clip(habits.sleeps_h + habits.sleeps_sd_h * rng.normal(), 19.0, 25.5))
    _free(writer, max(bed, writer.now + 5), person.bedroom)
    _night(writer, person.bedroom, next_wake)
    # Who is up towards morning may still be when the next day begins; that day tells the rest.
    return [replace(part, end=min(part.end, next_wake)) for part in writer.parts if part.start < next_wake]


def _plans(habits: Habits, rng: np.random.Generator, weekday: int) -> list[tuple[float, str, Outing | None]]:
    """Return the anchors of a day in order: hour, kind, and the outing where it is one."""
    plans: list[tuple[float, str, Outing | None]] = [
        (hour + habits.meals_sd_h * rng.normal(), "meal", None) for hour in habits.meals_h
    ]
    if rng.uniform() < habits.nap_chance:
        plans.append((habits.meals_h[1] + rng.uniform(0.8, 1.3), "nap", None))
    for outing in habits.outings:
        goes = rng.uniform() < outing.chance
        hour = outing.hour + outing.jitter_minutes / 60 * rng.normal()
        if goes and weekday in outing.weekdays:
            plans.append((hour, "out", outing))
    return sorted(plans, key=lambda plan: plan[0])


def _get_up(writer: Writer) -> None:
    writer.stay(What.TIDY, writer.room, writer.rng.uniform(1, 6))
    writer.toilet()
    writer.stay(What.WASH, writer.room, writer.rng.uniform(3, 12))


def _eat(writer: Writer) -> None:
    kitchen = writer.home.first(RoomKind.KITCHEN)
    writer.stay(What.COOK, kitchen, writer.rng.uniform(8, 30))
    writer.stay(
        What.EAT,
        kitchen if writer.rng.uniform() < 0.6 else writer.home.first(RoomKind.LIVING),
        writer.rng.uniform(10, 25),
    )
    writer.stay(What.TIDY, kitchen, writer.rng.uniform(2, 10))


def _free(writer: Writer, until: float, bedroom: str) -> None:
    """Spend the time until ``until`` (minutes since midnight) about the home."""
    rng, habits, home = writer.rng, writer.habits, writer.home
    kitchen, living = home.first(RoomKind.KITCHEN), home.first(RoomKind.LIVING)
    while writer.now < until:
        left = until - writer.now
        if writer.now >= writer.toilet_due:
            writer.toilet()
            continue
        evening = writer.now >= 60 * EVENING_H
        drawn = rng.uniform()
        at = habits.kitchen_share * (0.6 if evening else 1.0)
        if drawn < at:
            writer.stay(What.COOK, kitchen, min(left, writer.median(3.0)))
        elif drawn < (at := at + (0.06 if evening else 0.15)):
            writer.stay(What.TIDY, bedroom, min(left, writer.median(4.0)))
        elif drawn < (at := at + (0.06 if evening else 0.16)):
            writer.stay(What.TIDY, home.hall or living, min(left, writer.median(1.5)))
            if not evening and rng.uniform() < AT_DOOR:
                writer.door()
        elif drawn < (at := at + (0.03 if evening else 0.07)):
            writer.stay(What.TIDY, living, min(left, writer.median(6.0)))
        elif drawn < at + REST_SHARE:
            writer.stay(What.SIT, living, min(left, writer.median(REST_MINUTES)), REST_STIR)
        else:
            writer.stay(What.SIT, living, min(left, writer.median(habits.stay_minutes * (1.3 if evening else 1.0))))


def _night(writer: Writer, bedroom: str, until: float) -> None:
    """Go to bed and sleep, with the walks of the night."""
    rng, habits = writer.rng, writer.habits
    writer.toilet()
    writer.stay(What.TIDY, bedroom, rng.uniform(1, 5))
    length = until - writer.now
    if length <= 0:
        return
    share = length / (8 * 60)
    risings = [(at, True) for at in rng.uniform(30, max(31, length - 20), rng.poisson(habits.toilet_a_night * share))]
    risings += [(at, False) for at in rng.uniform(30, max(31, length - 20), rng.poisson(habits.awake_a_night * share))]
    began = writer.now
    for after, toilet in sorted(risings):
        if began + after < writer.now + 3:
            continue
        writer.stay(What.SLEEP, bedroom, began + after - writer.now)
        if toilet:
            writer.toilet()
        else:
            _awake(writer)
        writer.go(bedroom)
        if writer.now >= until - 3:
            break
    if until > writer.now:
        writer.stay(What.SLEEP, bedroom, until - writer.now)


def _awake(writer: Writer) -> None:
    """Be up for a while at night: a drink, a chair."""
    home, rng = writer.home, writer.rng
    for _ in range(int(rng.integers(1, 4))):
        if rng.uniform() < 0.5:
            writer.stay(What.COOK, home.first(RoomKind.KITCHEN), writer.median(2.5))
        else:
            writer.stay(What.SIT, home.first(RoomKind.LIVING), writer.median(8.0))
