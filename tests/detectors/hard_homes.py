"""One stream of homes to which everything happens that happens to homes; synthetic and seeded, no claim on people.

Three homes live ordinary days (tests.detectors.everyday_days) and then do not get up, miss a meal, stay in the
bathroom, leave at night, pace, or fall silent. Meanwhile somebody is said to be away and comes back early, moves out,
wants to be told sooner or not at all; sensors say that they are cut off, or stop; a bridge is down; the platform's
clock stands still and jumps; messages come late, twice and in another order; a rhythm and habits that were lost are
answered.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import numpy as np

from detectors.everyday_state import HABITS
from detectors.host import Host
from detectors.inactivity_state import RHYTHM
from detectors.routine import DAY_US, HOUR_US, MINUTE_US, Room
from schemas.config import Config, ResidentConfig, RoutineConfig, Sensitivity, config_reading
from schemas.reading import Observation, Reading, ReadingKind
from schemas.watch import Watchable
from tests.detectors import everyday_days
from tests.detectors.homes import MIDNIGHT_US

UNITS = ("u1", "u2", "u3")
#: Days that are learnt from, and those in which things go wrong.
LEARN_DAYS, HARD_DAYS = 12, 5
_SECOND = 1_000_000
_ROOMS = {
    Room.BEDROOM: "bedroom", Room.BATHROOM: "bathroom", Room.LIVING: "living room", Room.HALL: "hall",
    Room.KITCHEN: "kitchen",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sent:
    """A message and when it came."""

    arrival_us: int
    reading: Reading


def sensed(at_us: int, unit: str, room: str, event: str = "motion", **changes: object) -> Reading:
    """A sensor of a home says that something happened, or with ``observations`` how it is."""
    given: dict[str, object] = {
        "kind": ReadingKind.EVENT, "arrival_us": at_us, "event_us": at_us, "end_us": at_us, "device": f"{unit}-{room}",
        "unit": unit, "place": f"{unit}/{room}", "events": (event,) if event else (),
    }  # fmt: skip
    return Reading(**(given | changes))  # type: ignore[arg-type]


def told(at_us: int, config: Config) -> Reading:
    """Somebody changed a setting."""
    return config_reading(config, at_us, at_us)


def tick(at_us: int) -> Reading:
    """The platform's clock."""
    return Reading(kind=ReadingKind.TICK, arrival_us=at_us, event_us=at_us, end_us=at_us)


def hard_days(seed: int) -> list[Reading]:
    """Return the stream in its order: readings, ticks and config of three homes over two weeks and more."""
    rng = np.random.default_rng([seed, 77])
    readings = [each for unit in UNITS for each in _lived(unit, rng)]
    readings += [each for unit in UNITS for each in _happens(unit, rng)]
    readings = [_changed(each, rng) for each in readings]
    again = [each for each in readings if rng.random() < 0.02]
    stream = sorted([*readings, *again, *_ticks(rng)], key=lambda each: each.arrival_us)
    return _answered(stream, rng)


def _lived(unit: str, rng: np.random.Generator) -> list[Reading]:
    """Ordinary days; of the last ones some without kitchen, without rising, with a stay in the bathroom, or silent."""
    found = []
    for number in range(LEARN_DAYS + HARD_DAYS):
        seen = everyday_days.day(number, seed=int(rng.integers(1000)))
        wrong = rng.choice(["", "meal", "rise", "bath", "silent"]) if number >= LEARN_DAYS else ""
        if wrong == "meal":
            seen = [(h, Room.LIVING if room is Room.KITCHEN else room) for h, room in seen]
        if wrong == "rise":
            seen = [(h, Room.BEDROOM if h < 13 else room) for h, room in seen]
        if wrong == "bath":
            seen = sorted([*(each for each in seen if not 9.9 < each[0] < 14), (10.0, Room.BATHROOM)])
        for h, room in seen:
            at_us = MIDNIGHT_US + number * DAY_US + round(h * HOUR_US)
            if wrong == "silent" and 11 < h < 22:
                continue
            found.append(sensed(at_us, unit, _ROOMS[room]))
    return found


def _happens(unit: str, rng: np.random.Generator) -> list[Reading]:
    start_us = MIDNIGHT_US + LEARN_DAYS * DAY_US
    begin_us = MIDNIGHT_US + round(rng.uniform(0, 24) * HOUR_US)
    who = f"{unit}-r1"
    found = [told(begin_us, ResidentConfig(resident=who, unit=unit, version=1))]
    # each sensor reports every hour or so, whatever happens, until it dies
    for room in _ROOMS.values():
        end_us = start_us + round(rng.uniform(0, HARD_DAYS) * DAY_US) if rng.random() < 0.3 else 0
        at_us = MIDNIGHT_US + round(rng.uniform(0, 1) * HOUR_US)
        while at_us < (end_us or start_us + HARD_DAYS * DAY_US):
            found.append(sensed(at_us, unit, room, "", observations=(Observation("battery", 80.0, "%"),)))
            at_us += round(rng.uniform(0.8, 1.2) * HOUR_US)
    for day in range(HARD_DAYS):
        for _ in range(int(rng.integers(1, 5))):
            at_us = start_us + day * DAY_US + round(rng.uniform(0, 24) * HOUR_US)
            found += _one(unit, who, at_us, 2 + day, rng)
    return found


def _one(unit: str, who: str, at_us: int, version: int, rng: np.random.Generator) -> list[Reading]:
    """Return one thing that happens in a home."""
    hours = round(rng.uniform(0.1, 14) * HOUR_US)
    if rng.random() < 0.5:
        return _set(ResidentConfig(resident=who, unit=unit, version=version), at_us, hours, rng)
    what = rng.choice(["cut", "bridge", "leaves", "paces", "walks", "press"])
    if what in ("cut", "bridge"):
        return _cut(unit, at_us, hours, "available" if what == "cut" else "bridge_available", rng)
    if what == "leaves":
        steps = enumerate(("door_open", "door_closed"))
        door = [sensed(at_us + k * 5 * _SECOND, unit, "front door", event) for k, event in steps]
        return door if rng.random() < 0.5 else [*door, sensed(at_us + 40 * MINUTE_US, unit, "hall")]
    if what == "paces":
        return [sensed(at_us + k * 40 * _SECOND, unit, ("bedroom", "hall")[k % 2]) for k in range(60)]
    if what == "walks":
        return _walks(unit, who, at_us)
    return [sensed(at_us, unit, "pendant", "button", place=None, resident=who)]


def _set(resident: ResidentConfig, at_us: int, hours: int, rng: np.random.Generator) -> list[Reading]:
    """Somebody says that the resident is away, is back sooner, moved, has company, or is watched in another way."""
    change, later = msgspec.structs.replace, resident.version + 1
    away = change(resident, absent_until_us=at_us + hours)
    longer = change(resident, absent_until_us=at_us + 2 * hours)
    here = told(at_us + hours, change(resident, version=later))
    asks = change(resident, sensitivity=list(Sensitivity)[int(rng.integers(3))])
    less = change(resident, off=tuple(str(each) for each in Watchable if rng.random() < 0.4))
    return [
        [told(at_us, away)],
        [told(at_us, longer), here],
        [told(at_us, asks)],
        [told(at_us, less), here],
        [told(at_us, change(resident, here=False)), here],
        [told(at_us, change(resident, resident=f"{resident.unit}-r2"))],
    ][int(rng.integers(6))]


def _cut(unit: str, at_us: int, hours: int, says: str, rng: np.random.Generator) -> list[Reading]:
    """Sensors, or the bridge that carries all of them, say that they are cut off, and hours later that they are not."""
    rooms = list(_ROOMS.values()) if says == "bridge_available" or rng.random() < 0.5 else ["kitchen"]
    return [
        sensed(when, unit, room, "", kind=ReadingKind.STATUS, observations=(Observation(says, there),))
        for room in rooms
        for when, there in ((at_us, False), (at_us + hours, True))
    ]


def _walks(unit: str, who: str, at_us: int) -> list[Reading]:
    """To and fro outside, as a phone tells it."""
    worn: dict[str, object] = {"kind": ReadingKind.STATE, "device": f"phone-{who}", "place": None, "resident": who}
    return [
        sensed(
            at_us + k * 10 * _SECOND, unit, "phone", "", **worn,
            observations=(Observation("x", 30.0 * abs(k % 8 - 4)), Observation("y", 0.0)),
        )
        for k in range(90)
    ]  # fmt: skip


def _changed(reading: Reading, rng: np.random.Generator) -> Reading:
    """Let some come late, by seconds or by hours, and count the messages of some devices."""
    if reading.kind is ReadingKind.CONFIG:
        return reading
    fate = rng.random()
    late_us = round(rng.uniform(0, 2) * _SECOND)
    if fate < 0.01:
        late_us = round(rng.uniform(0, 6) * HOUR_US)
    elif fate < 0.05:
        late_us = round(rng.uniform(0, 90) * _SECOND)
    return msgspec.structs.replace(reading, arrival_us=reading.arrival_us + late_us)


def _ticks(rng: np.random.Generator) -> list[Reading]:
    """The clock every few minutes, closer at times; once it stands still for hours, and once it is set back."""
    found = []
    now_us, end_us = MIDNIGHT_US, MIDNIGHT_US + (LEARN_DAYS + HARD_DAYS) * DAY_US + 6 * HOUR_US
    hard_us = MIDNIGHT_US + LEARN_DAYS * DAY_US
    stops = sorted((hard_us + rng.uniform(0, HARD_DAYS, 2) * DAY_US).astype(np.int64).tolist())
    while now_us < end_us:
        found.append(tick(now_us))
        now_us += round(rng.choice([5 * _SECOND, 30 * _SECOND, 4 * MINUTE_US], p=[0.1, 0.1, 0.8]))
        if stops and now_us > stops[0]:
            stops.pop(0)
            if rng.random() < 0.5:
                now_us += round(rng.uniform(0.2, 5) * HOUR_US)
            else:  # an older time, said once
                found.append(msgspec.structs.replace(tick(now_us - 3 * HOUR_US), arrival_us=now_us))
    return found


def _answered(stream: Sequence[Reading], rng: np.random.Generator) -> list[Reading]:
    """Return the stream with answers to what a fresh host asks in it: the rhythm and habits of a home before."""
    host = Host()
    host.update(stream)
    before = Host()
    moved_us = 20 * DAY_US
    for reading in stream[: len(stream) // 2]:
        earlier = {name: getattr(reading, name) - moved_us for name in ("arrival_us", "event_us", "end_us")}
        if reading.kind is not ReadingKind.CONFIG:
            before.update([msgspec.structs.replace(reading, **earlier)])
    answered = list(stream)
    for model, asks, of in (
        (RHYTHM, host.asks(), before.inactivity), (HABITS, host.asks_of_habits(), before.everyday),
    ):  # fmt: skip
        for unit, token in asks.items():
            place = int(rng.integers(1, len(answered)))
            config = RoutineConfig(unit=unit, model=model, asked=token, state=of.learnt(unit))
            answered.insert(place, told(answered[place].arrival_us, config))
    return answered
