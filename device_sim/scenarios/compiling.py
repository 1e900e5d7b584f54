"""Makes a play of a scenario: who and what is to be set up, what every device sends and when, and what is expected."""

import heapq
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from operator import attrgetter

from device_sim.living.life import live
from device_sim.living.sensing import sense
from device_sim.living.wiring import Wiring
from device_sim.play import (
    Emission,
    Happening,
    PlannedConfig,
    PlannedDevice,
    PlannedPlace,
    PlannedResident,
    Play,
    Staging,
)
from device_sim.scenarios import bodies, homes, outside, words
from device_sim.scenarios.check import anchors, lasting_us, span
from device_sim.scenarios.expecting import expectations
from device_sim.scenarios.form import Place, Resident, Scenario
from device_sim.scenarios.moments import MINUTE_US, SECOND_US, Span
from device_sim.scenarios.telling import told, told_of_fault

#: The clock ticks so often while nothing is judged by seconds. A real platform's ticks each second; what detectors wait
#: for at home takes minutes or hours.
SLOW_TICK_US = 30 * SECOND_US
#: Around what a wearable or a phone tells of, it ticks each second, so long before and after.
QUICK_TICK_US, QUICK_AROUND_US = SECOND_US, 4 * MINUTE_US
#: The family tells of an absence so long before.
TOLD_BEFORE_US = 10 * MINUTE_US


@dataclass(frozen=True, slots=True)
class Again:
    """Emissions or ticks that are made anew each time they are gone through, so that a month needs no memory."""

    make: Callable[[], Iterator[Emission]]

    def __iter__(self) -> Iterator[Emission]:
        return self.make()


@dataclass(frozen=True, slots=True)
class Ticks:
    """The moments at which the platform's clock ticks: slowly, and each second within ``quick`` spans."""

    start_us: int
    end_us: int
    quick: tuple[tuple[int, int], ...] = ()

    def __iter__(self) -> Iterator[int]:
        at_us = self.start_us
        for begin_us, stop_us in self.quick:
            yield from range(at_us, begin_us, SLOW_TICK_US)
            at_us = max(at_us, begin_us)
            yield from range(at_us, stop_us, QUICK_TICK_US)
            at_us = max(at_us, stop_us)
        yield from range(at_us, self.end_us + 1, SLOW_TICK_US)


def compile_play(scenario: Scenario, staging: Staging | None = None) -> Play:
    """Return the play of a scenario for a run. The same scenario and staging give the same bytes."""
    staging = staging or Staging()
    within = span(scenario, staging.start_us)
    when = anchors(scenario, within)
    sources: list[Callable[[], Iterator[Emission]]] = [
        _home(scenario, place, homes.wiring(scenario, place, staging.mark), within, when) for place in _sensed(scenario)
    ]
    for device in scenario.devices:
        if device.kind == words.WEARABLE:
            source = bodies.wearable(scenario, device, staging.mark, within, when)
        elif device.kind == words.PHONE:
            source = outside.phone(scenario, device, staging.mark, within, when)
        else:
            continue
        sources.append(bodies.failing(scenario, device, source, within, when))
    return Play(
        id=scenario.id,
        title=dict(scenario.title),
        seed=scenario.seed,
        start_us=within.start_us,
        end_us=within.end_us,
        timezone=scenario.timezone,
        places=tuple(_places(scenario)),
        residents=tuple(_resident(scenario, each) for each in scenario.residents),
        devices=tuple(_devices(scenario, staging.mark, within)),
        configs=tuple(_configs(scenario, within, when)),
        expectations=expectations(scenario, within, when, outside.onsets(scenario, within, when)),
        emissions=Again(lambda: heapq.merge(*(source() for source in sources), key=attrgetter("at_us"))),
        ticks_us=Ticks(within.start_us, within.end_us, _quick(scenario, within, when)),
        story=tuple(_story(scenario, within, when)),
        notes=tuple(_notes(scenario)),
    )


def room_key(place: Place, room: str) -> str:
    """Return the key of a room as a place of its own."""
    return f"{place.key}-{room.replace(' ', '-')}"


def _sensed(scenario: Scenario) -> list[Place]:
    return [place for place in scenario.places if scenario.sensors(place.key) is not None]


def _home(
    scenario: Scenario, place: Place, wires: Wiring, within: Span, when: dict[str, int]
) -> Callable[[], Iterator[Emission]]:
    lives = homes.household(scenario, place)
    scripts = homes.changes(scenario, place, within, when)
    broken = homes.faults(scenario, place, wires, within, when)
    seed = homes.seed_of(scenario, place.key)

    def play() -> Iterator[Emission]:
        deeds = live(lives, within.start_us, within.end_us, scenario.timezone, seed, scripts, within.later_us)
        return sense(deeds, wires, within.start_us, within.end_us, seed, broken)

    return play


def _devices(scenario: Scenario, mark: str, within: Span) -> Iterator[PlannedDevice]:
    for device in scenario.devices:
        if device.kind == words.WEARABLE:
            yield bodies.planned(scenario, device, mark, within)
        elif device.kind == words.PHONE:
            yield outside.planned(scenario, device, mark, within)
    for place in _sensed(scenario):
        rooms = {room: room_key(place, room) for room in place.rooms}
        people = [resident.key for resident in scenario.residents if resident.home == place.key]
        yield from homes.wiring(scenario, place, mark).planned(place.key, within.start_us, rooms, people)


def _places(scenario: Scenario) -> Iterator[PlannedPlace]:
    for place in scenario.places:
        yield PlannedPlace(place.key, place.name, place.kind)
        if scenario.sensors(place.key) is not None and place.kind != "room":
            for room in place.rooms:
                yield PlannedPlace(room_key(place, room), room, "room", parent=place.key)


def _resident(scenario: Scenario, resident: Resident) -> PlannedResident:
    facts: dict[str, object] = {"timezone": scenario.timezone, "mobility": words.MOBILITIES[resident.mobility]}
    if resident.born is not None:
        facts["birth_year"] = resident.born
    if resident.conditions:
        facts["conditions"] = list(resident.conditions)
    return PlannedResident(resident.key, resident.name, resident.home, facts)


def _configs(scenario: Scenario, within: Span, when: dict[str, int]) -> Iterator[PlannedConfig]:
    for resident in scenario.residents:
        if resident.sensitivity is not None:
            yield PlannedConfig(within.start_us, resident.key, {"sensitivity": resident.sensitivity})
        if resident.zone_m is not None:
            yield PlannedConfig(within.start_us, resident.key, {"zone": outside.zone(resident.zone_m)})
    absences = [each for each in scenario.happens if each.told]
    for each in sorted(absences, key=lambda one: within.resolve(one.at, when)):
        at_us = within.resolve(each.at, when)
        said_us = max(within.start_us, at_us - TOLD_BEFORE_US)
        yield PlannedConfig(said_us, each.who, {"absent_until": at_us + lasting_us(each)})


def _quick(scenario: Scenario, within: Span, when: dict[str, int]) -> tuple[tuple[int, int], ...]:
    """Return the spans in which the clock ticks each second, in order and apart."""
    spans: list[tuple[int, int]] = []
    alone = ((words.WEARABLE,), (words.PHONE,))
    worn = [each for each in scenario.happens if words.HAPPENINGS[each.what].seen_by in alone]
    for at_us, each in sorted(((within.resolve(each.at, when), each) for each in worn), key=lambda pair: pair[0]):
        begin_us = max(within.start_us, at_us - QUICK_AROUND_US)
        stop_us = min(within.end_us, at_us + lasting_us(each) + QUICK_AROUND_US)
        if spans and begin_us <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(stop_us, spans[-1][1]))
        else:
            spans.append((begin_us, stop_us))
    return tuple(spans)


def _story(scenario: Scenario, within: Span, when: dict[str, int]) -> Iterator[Happening]:
    for each in scenario.happens:
        at_us = within.resolve(each.at, when)
        yield Happening(each.who, at_us, at_us + lasting_us(each), told(each))
    devices = {device.key: device for device in scenario.devices}
    for fault in scenario.faults:
        at_us = within.resolve(fault.at, when)
        until_us = within.end_us if fault.lasts_us is None else min(within.end_us, at_us + fault.lasts_us)
        device = devices.get(fault.device or "")
        home = fault.home if device is None else device.home
        for resident in scenario.residents:
            if resident.home == home or (device is not None and device.worn_by == resident.key):
                yield Happening(resident.key, at_us, until_us, told_of_fault(fault))


def _notes(scenario: Scenario) -> Iterable[str]:
    if any(device.kind == words.WEARABLE for device in scenario.devices):
        yield "Acceleration is sent only around scripted events; between them a wearable tells its state once a minute."
    if scenario.devices:
        yield "Everything is synthetic: it tries the way of the data and the rules, and proves nothing about people."
