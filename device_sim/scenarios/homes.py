"""The homes of a scenario as the simulated world takes them: rooms, people, visits, sensors, scripts and faults."""

from collections.abc import Mapping, Sequence
from zlib import crc32

from device_sim.forms.families import USUAL
from device_sim.forms.spoken import HomeSensor, SensorKind
from device_sim.living.deeds import Change, Doing
from device_sim.living.faults import Fault as Broken
from device_sim.living.faults import FaultKind
from device_sim.living.household import EVERY_DAY, Habits, Household, Outing, Person, Room, RoomKind, Visit
from device_sim.living.wiring import Wiring, standard_set
from device_sim.scenarios import words
from device_sim.scenarios.check import lasting_us
from device_sim.scenarios.form import Fault, Happening, Place, Resident, Scenario, Weekly
from device_sim.scenarios.moments import MINUTE_US, Span

_KINDS = {
    "hall": RoomKind.HALL,
    "living room": RoomKind.LIVING,
    "kitchen": RoomKind.KITCHEN,
    "bedroom": RoomKind.BEDROOM,
    "bathroom": RoomKind.BATHROOM,
}
#: What people do at home, by the words of the file. Walks outside are an absence from home.
_DOINGS = {
    "falls": Doing.LIE,
    "collapses": Doing.LIE,
    "goes out": Doing.AWAY,
    "steps out": Doing.AWAY,
    "sleeps in": Doing.SLEEP,
    "naps": Doing.SLEEP,
    "has a visitor": Doing.VISIT,
    words.PRESSES: Doing.PRESS,
    "paces": Doing.PACE,
    **{what: Doing.AWAY for what, word in words.HAPPENINGS.items() if word.seen_by == (words.PHONE,)},
}
#: How much somebody is on foot at home, against who walks freely (chosen, as in device_sim.world).
_ON_FOOT = {"free": 1.0, "stick": 0.7, "frame": 0.4}
#: Times at the toilet and up and about at night, against the usual (chosen).
_NIGHTS = {"calm": (0.5, 0.3), "usual": (1.0, 1.0), "restless": (2.0, 4.0)}
#: Fault of a set of sensors, by the words of the file.
_FAULTS = {
    "battery dies": FaultKind.BATTERY,
    "falls silent": FaultKind.DIES,
    "sticks": FaultKind.STUCK,
    "repeats": FaultKind.REPEATS,
    "bridge down": FaultKind.BRIDGE_DOWN,
    "network away": FaultKind.NETWORK,
}


def household(scenario: Scenario, place: Place) -> Household:
    """Return the people of a place with their habits, and who comes by."""
    lives = [resident for resident in scenario.residents if resident.home == place.key]
    visits = [visit for resident in lives for visit in _visits(resident)]
    return Household(
        people=tuple(Person(resident.key, _habits(resident)) for resident in lives),
        rooms=tuple(Room(room, _KINDS[room]) for room in place.rooms),
        visits=tuple(visits),
    )


def wiring(scenario: Scenario, place: Place, mark: str) -> Wiring:
    """Return the sensors of a place; ``mark`` is part of its bridge's base topic."""
    name = place.key if not mark else f"{mark}-{place.key}"
    sensors = scenario.sensors(place.key)
    also, family = ((), "") if sensors is None else (sensors.also, sensors.speaks)
    kinds = tuple(SensorKind(each) for each in also)
    family = family or USUAL
    return Wiring(name, standard_set(household(scenario, place), kinds, family), family=family)


def changes(scenario: Scenario, place: Place, span: Span, anchors: Mapping[str, int]) -> tuple[Change, ...]:
    """Return what the scenario makes the people of a place do at home."""
    lives = {resident.key for resident in scenario.residents if resident.home == place.key}
    found = []
    for each in scenario.happens:
        if each.who in lives and each.what in _DOINGS:
            at_us = span.resolve(each.at, anchors)
            found.append(_change(each, each.who, at_us, at_us + lasting_us(each)))
            if each.along in lives:
                found.append(_change(each, each.along, at_us, at_us + lasting_us(each)))
    return tuple(found)


def faults(scenario: Scenario, place: Place, wired: Wiring, span: Span, anchors: Mapping[str, int]) -> list[Broken]:
    """Return what breaks of a place's sensors and bridge."""
    sensors = scenario.sensors(place.key)
    found = []
    for each in scenario.faults:
        mine = each.home == place.key or (sensors is not None and each.device == sensors.key)
        if mine:
            at_us = span.resolve(each.at, anchors)
            until_us = span.end_us + MINUTE_US if each.lasts_us is None else at_us + each.lasts_us
            found += [Broken(_FAULTS[each.what], at_us, until_us, name) for name in _struck(each, wired.sensors)]
    return found


def seed_of(scenario: Scenario, what: str) -> int:
    """Return the seed of one part of a scenario: no part's draws depend on another's."""
    return crc32(f"{scenario.seed} {what}".encode())


def _struck(fault: Fault, sensors: Sequence[HomeSensor]) -> list[str | None]:
    """Return the sensors that a fault strikes; None is all of them. One room's is the motion sensor there."""
    if fault.room is None:
        return [None]
    return [sensor.name for sensor in sensors if sensor.room == fault.room and "motion" in sensor.name]


def _change(each: Happening, by: str, from_us: int, until_us: int) -> Change:
    doing = _DOINGS[each.what]
    rooms = each.between or ((each.room,) if each.room is not None else ())
    who = f"visitor of {by}" if doing is Doing.VISIT else by
    return Change(who, doing, from_us, until_us, rooms=rooms, name=each.what)


def _habits(resident: Resident) -> Habits:
    usual = Habits()
    toilet, awake = _NIGHTS[resident.nights]
    return Habits(
        wakes_h=usual.wakes_h if resident.wakes_s is None else resident.wakes_s / 3600,
        sleeps_h=usual.sleeps_h if resident.sleeps_s is None else resident.sleeps_s / 3600,
        toilet_a_night=toilet * usual.toilet_a_night,
        awake_a_night=awake * usual.awake_a_night,
        stay_minutes=usual.stay_minutes / _ON_FOOT[resident.mobility],
        outings=usual.outings if resident.outings is None else tuple(_outing(each) for each in resident.outings),
    )


def _outing(each: Weekly) -> Outing:
    return Outing(each.what, each.days or EVERY_DAY, each.clock_s / 3600, each.lasts_us / MINUTE_US)


def _visits(resident: Resident) -> list[Visit]:
    return [
        Visit(f"carer {number} of {resident.key}", each.days, each.clock_s / 3600, each.lasts_us / MINUTE_US)
        for number, each in enumerate(resident.carers, 1)
    ]
