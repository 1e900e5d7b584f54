"""The phones of a scenario as the simulated world takes them: every time their owner is out, a way through the town."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache

from device_sim.living.deeds import What
from device_sim.living.life import live
from device_sim.play import Emission, PlannedDevice
from device_sim.scenarios import homes, words
from device_sim.scenarios.form import Device, Resident, Scenario
from device_sim.scenarios.moments import SECOND_US, Span
from device_sim.walking.phone import Phone, Trip, carried, walked
from device_sim.walking.streets import Town, town
from device_sim.walking.ways import WANDERING, Way

#: What people are out for, by the words of the file and of daily life; anything else is a visit to somebody.
_WAYS = {
    "goes to the market": Way.MARKET,
    "market": Way.MARKET,
    "walk": Way.STROLL,
    "walks the dog": Way.DOG,
    "rides the bus": Way.BUS,
    "walks in circles": Way.LAPPING,
    "paces outside": Way.PACING,
    "wanders about": Way.RANDOM,
    "gets lost": Way.LOST,
}

_town = cache(town)


def phone_of(device: Device, mark: str) -> Phone:
    """Return a phone by its names in a run."""
    user = device.worn_by or ""
    return Phone(f"{mark}-{user}" if mark else user, device.key)


def planned(scenario: Scenario, device: Device, mark: str, span: Span) -> PlannedDevice:
    """Return the phone to be set up."""
    owner = _owner(scenario, device)
    return PlannedDevice(phone_of(device, mark).id, words.PHONE, owner.home, span.start_us, resident=owner.key)


def phone(
    scenario: Scenario, device: Device, mark: str, span: Span, anchors: Mapping[str, int]
) -> Callable[[], Iterator[Emission]]:
    """Return what a phone sends, as something that can be gone through again and again."""
    owner, carrying = _owner(scenario, device), phone_of(device, mark)
    seed = homes.seed_of(scenario, owner.key)

    def play() -> Iterator[Emission]:
        trips = _trips(scenario, owner, span, anchors)
        return carried(trips, carrying, _streets(scenario, owner), span.start_us, span.end_us, seed, span.later_us)

    return play


def onsets(scenario: Scenario, span: Span, anchors: Mapping[str, int]) -> dict[str, int]:
    """Return when wandering truly begins, by the key of what happens: not at the door, but where the aim is lost."""
    found: dict[str, int] = {}
    for each in scenario.happens:
        owner = scenario.resident(each.who)
        if each.key is None or owner is None or _WAYS.get(each.what) not in WANDERING:
            continue
        at_us = span.resolve(each.at, anchors)
        trip = next(trip for trip in _trips(scenario, owner, span, anchors) if trip.until_us > at_us)
        made = walked(trip, _streets(scenario, owner), homes.seed_of(scenario, owner.key), span.later_us)
        found[each.key] = trip.from_us + round((made.onset_s or 0.0) * SECOND_US)
    return found


def _trips(scenario: Scenario, owner: Resident, span: Span, anchors: Mapping[str, int]) -> list[Trip]:
    """Return every time that somebody is out: what their habits and the scenario make of the time of the play."""
    place = scenario.place(owner.home)
    if place is None:
        return []
    lives = homes.household(scenario, place)
    scripts = homes.changes(scenario, place, span, anchors)
    seed = homes.seed_of(scenario, place.key)
    deeds = live(lives, span.start_us, span.end_us, scenario.timezone, seed, scripts, span.later_us)
    return [
        Trip(deed.from_us, deed.to_us, _WAYS.get(deed.where, Way.VISIT))
        for deed in deeds
        if deed.who == owner.key and deed.what is What.OUT
    ]


def _streets(scenario: Scenario, owner: Resident) -> Town:
    return _town(homes.seed_of(scenario, f"town of {owner.home}"))


def _owner(scenario: Scenario, device: Device) -> Resident:
    return next(each for each in scenario.residents if each.key == device.worn_by)
