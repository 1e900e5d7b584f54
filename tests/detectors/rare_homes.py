"""Short lives of one home in which the rare is common, each from a number; synthetic, no claim on people.

Where hard_homes is ordinary days with a few things that go wrong, here half of all is out of the ordinary: what one
home meets in years, within days. Doors, beds and counters that tell by the hour; absences said too late, taken back and
of a couple; clocks on the wall that are set; sensors and bridges that are cut off, more sensors than are remembered;
clocks of sensors that go ahead; messages that come hours late, twice and at one microsecond; a platform's clock that
stands still, goes back, and once in a while jumps over weeks.
"""

from collections.abc import Callable, Iterator
from functools import cache

import msgspec
import numpy as np

from detectors.everyday_state import HABITS, Learnt, pack_learnt
from detectors.everyday_watches import Watch
from detectors.host import Host
from detectors.inactivity_rebuild import Learnt as LearntRhythm
from detectors.inactivity_rebuild import pack_learnt as pack_rhythm
from detectors.inactivity_state import RHYTHM
from detectors.routine import DAY_US, HOUR_US, MINUTE_US, Room, Routine
from schemas.config import ResidentConfig, RoutineConfig, Sensitivity, config_reading, with_clock
from schemas.local_time import LocalTime
from schemas.reading import Observation, Reading, ReadingKind
from schemas.watch import Watchable
from tests.detectors import everyday_days
from tests.detectors.hard_homes import sensed, tick, told
from tests.detectors.homes import MIDNIGHT_US

UNIT = "u1"
DAYS = 4
_SECOND = 1_000_000
_START_US = MIDNIGHT_US + 40 * DAY_US
_ROOMS = dict(zip(Room, ("attic", "bedroom", "bathroom", "living room", "hall", "kitchen", "front door"), strict=True))
_EVENTS = {
    Room.BEDROOM: ("motion", "in_bed", "in_bed_ended"), Room.OUTER_DOOR: ("door_open", "door_closed"),
    Room.KITCHEN: ("motion", "appliance", "opening"),
}  # fmt: skip
#: Sensors of a home that has more than a detector remembers.
_MANY = 70


def rare_home(number: int) -> list[Reading]:
    """Return all that comes of home ``number``, ticks and config among it, in order of arrival."""
    rng = np.random.default_rng([number, 5])
    said = [each for day in range(DAYS) for each in _day(day, rng)]
    said += _configs(rng)
    for _ in range(int(rng.integers(2, 12))):
        said += _rare(rng)
    said = [_late(each, rng) for each in said]
    said += [each for each in said if each.kind is not ReadingKind.CONFIG and rng.random() < 0.02]
    stream = sorted([*said, *_ticks(rng)], key=lambda each: each.arrival_us)
    return _answered(stream, rng)


def _moment(rng: np.random.Generator) -> int:
    return _START_US + round(float(rng.uniform(0, DAYS)) * DAY_US)


def _day(number: int, rng: np.random.Generator) -> Iterator[Reading]:
    """Yield a day: an ordinary one, one that is silent for long, one of pauses of whatever length, or hour by hour."""
    start_us = _START_US + number * DAY_US
    kind = rng.choice(["ordinary", "gap", "any", "any", "counted", "dense"])
    if kind in ("ordinary", "gap"):
        gap_h = float(rng.uniform(5, 20)) if kind == "gap" else 48.0
        for h, room in everyday_days.day(number, seed=int(rng.integers(1000))):
            if not gap_h < h < gap_h + 12:
                yield _seen(start_us + round(h * HOUR_US), room, rng)
        return
    room, at_us = Room.HALL, start_us
    while at_us < start_us + DAY_US:
        room = Room(int(rng.integers(len(Room)))) if rng.random() < 0.6 else room
        yield _seen(at_us, room, rng)
        if kind == "counted":
            at_us += HOUR_US * int(rng.integers(1, 4))
        elif kind == "dense":
            at_us += round(float(rng.uniform(0.2, 4)) * MINUTE_US)
        else:
            at_us += round(float(np.exp(rng.uniform(np.log(1.0), np.log(4 * 3600.0)))) * _SECOND)


def _seen(at_us: int, room: Room, rng: np.random.Generator) -> Reading:
    event = str(rng.choice(_EVENTS.get(room, ("motion",))))
    counted = (Observation("motion_count", int(rng.integers(0, 4))),) if rng.random() < 0.02 else ()
    return sensed(at_us, UNIT, _ROOMS[room], event, observations=counted)


def _clock(rng: np.random.Generator) -> LocalTime | None:
    """A clock on the wall: the usual one, another, or one that is set by an hour and perhaps back."""
    kind = int(rng.integers(4))
    if kind < 2:
        return (None, LocalTime(int(rng.integers(-12, 14)) * 60))[kind]
    sets = sorted(_moment(rng) // (30 * MINUTE_US) * 30 for _ in range(int(rng.integers(1, 3))))
    ahead = int(rng.choice([60, 540]))
    return LocalTime(ahead, tuple((at, ahead + (60, 0)[k]) for k, at in enumerate(sets)))


def _configs(rng: np.random.Generator) -> Iterator[Reading]:
    """Yield what is said of who lives here: away, back, gone, watched in another way; some of it late."""
    clock, people = _clock(rng), [f"{UNIT}-r{k}" for k in range(int(rng.integers(0, 3)))]
    for resident in people:
        config = with_clock(ResidentConfig(resident=resident, unit=UNIT, version=1), clock)
        yield told(_START_US + round(float(rng.exponential(0.1)) * DAY_US), config)
        for version in range(2, 2 + int(rng.integers(0, 6))):
            at_us = _moment(rng)
            until_us = at_us + round(float(rng.normal(1, 3)) * HOUR_US)
            changes: list[dict[str, object]] = [
                {"absent_until_us": until_us}, {"absent_until_us": until_us}, {"here": False},
                {"sensitivity": list(Sensitivity)[int(rng.integers(3))]},
                {"off": tuple(str(each) for each in Watchable if rng.random() < 0.3)}, {},
                {"clock": LocalTime(int(rng.integers(0, 10)) * 60)},
            ]  # fmt: skip
            change = changes[int(rng.integers(len(changes)))]
            yield told(at_us, msgspec.structs.replace(config, version=version, **change))


def _rare(rng: np.random.Generator) -> list[Reading]:
    """Return one thing that hardly ever happens."""
    at_us, many = _moment(rng), int(rng.integers(1, 30))
    what: list[Callable[[], list[Reading]]] = [
        lambda: _cut(at_us, "available", rng),
        lambda: _cut(at_us, "bridge_available", rng),
        lambda: [sensed(at_us, UNIT, "pendant", "button", place=None, resident=f"{UNIT}-r0")],
        lambda: [sensed(at_us, UNIT, "hall", "motion", resident=f"{UNIT}-r1")],
        lambda: [sensed(at_us + k * 20 * _SECOND, UNIT, ("hall", "kitchen")[k % 2]) for k in range(many)],
        lambda: [sensed(at_us, UNIT, _ROOMS[room]) for room in Room],  # all at one microsecond
        lambda: [sensed(at_us + k * _SECOND, UNIT, f"attic {k}", "") for k in range(_MANY)],
        lambda: [sensed(at_us + k * _SECOND, UNIT, f"attic {k}") for k in range(_MANY)],
        lambda: _forerun(at_us, rng),
        lambda: [sensed(at_us + k * MINUTE_US, UNIT, "bathroom", "motion") for k in range(0, 3 * many, 3)],
        lambda: [sensed(at_us + k * 7 * _SECOND, UNIT, "front door", "door_open") for k in range(many)],
    ]
    return what[int(rng.integers(len(what)))]()


def _cut(at_us: int, says: str, rng: np.random.Generator) -> list[Reading]:
    """Some or all sensors say that they are cut off, and perhaps hours later that they are not."""
    rooms = [room for room in _ROOMS.values() if rng.random() < 0.8]
    until_us = at_us + round(float(rng.exponential(5)) * HOUR_US)
    times = [(at_us, False), (until_us, True)][: int(rng.integers(1, 3))]
    return [
        sensed(when + k, UNIT, room, "", kind=ReadingKind.STATUS, observations=(Observation(says, there),))
        for when, there in times
        for k, room in enumerate(rooms)
    ]


def _forerun(at_us: int, rng: np.random.Generator) -> list[Reading]:
    """The clock of a sensor goes ahead for a while."""
    ahead_us = round(float(rng.exponential(1)) * HOUR_US)
    said = [sensed(at_us + k * MINUTE_US, UNIT, "hall") for k in range(5)]
    return [msgspec.structs.replace(each, event_us=each.event_us + ahead_us) for each in said]


def _late(reading: Reading, rng: np.random.Generator) -> Reading:
    fate = rng.random()
    late_us = round(float(rng.uniform(0, 2)) * _SECOND) if fate < 0.3 else 0
    if fate < 0.01 or (fate < 0.3 and reading.kind is ReadingKind.CONFIG):
        late_us = round(float(rng.exponential(1)) * HOUR_US)
    return msgspec.structs.replace(reading, arrival_us=reading.arrival_us + late_us)


def _ticks(rng: np.random.Generator) -> Iterator[Reading]:
    """Yield the platform's clock, which mostly goes on and sometimes does not."""
    now_us, stands = _START_US, float(rng.choice([0.0, 0.002, 0.02]))
    while now_us < _START_US + (DAYS + 1) * DAY_US:
        yield tick(now_us)
        now_us += round(float(rng.choice([1, 30, 240, 300, 599, 600], p=[0.02, 0.08, 0.6, 0.2, 0.05, 0.05])) * _SECOND)
        if rng.random() < stands:
            if rng.random() < 0.4:  # an older time, said once
                yield msgspec.structs.replace(tick(now_us - 3 * HOUR_US), arrival_us=now_us)
            else:
                now_us += round(float(rng.exponential(1)) * HOUR_US)
    if rng.random() < 0.2:
        yield tick(now_us + 36 * DAY_US)


@cache
def _before() -> tuple[bytes, bytes]:
    """The rhythm and habits of forty ordinary days."""
    host = Host()
    for number in range(40):
        for h, room in everyday_days.day(number):
            host.update([sensed(MIDNIGHT_US + number * DAY_US + round(h * HOUR_US), UNIT, _ROOMS[room])])
            for model, asks, nothing in _asking(host):
                for token in asks.values():
                    config = RoutineConfig(unit=UNIT, model=model, asked=token, state=nothing)
                    host.update([config_reading(config, 0, 0)])
    return host.inactivity.learnt(UNIT), host.everyday.learnt(UNIT)


_NOTHING = pack_rhythm(LearntRhythm(Routine())), pack_learnt(Learnt([[] for _ in Watch]))


def _asking(host: Host) -> tuple[tuple[str, dict[str, str], bytes], ...]:
    return (RHYTHM, host.asks(), _NOTHING[0]), (HABITS, host.asks_of_habits(), _NOTHING[1])


def _answered(stream: list[Reading], rng: np.random.Generator) -> list[Reading]:
    """Return the stream with what the home asks for answered soon: with what was before, or that nothing is stored."""
    host, found, waits = Host(), list[Reading](), list[tuple[int, Reading]]()
    known = rng.random() < 0.7
    for place, each in enumerate(stream):
        found += [answer for due, answer in waits if due <= place]
        host.update([answer for due, answer in waits if due <= place])
        waits = [one for one in waits if one[0] > place]
        found.append(each)
        host.update([each])
        for (model, asks, nothing), learnt in zip(_asking(host), _before(), strict=True):
            for token in asks.values():
                answer = RoutineConfig(unit=UNIT, model=model, asked=token, state=learnt if known else nothing)
                waits.append(
                    (place + int(rng.integers(1, 30)), config_reading(answer, each.arrival_us, each.arrival_us))
                )
    return found
