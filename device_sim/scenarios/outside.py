"""The phones of a scenario as the simulated world takes them: every time their owner is out, a way through the town."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from math import cos, pi, radians, sin

import numpy as np

from device_sim.forms.families import USUAL_PHONE
from device_sim.living.deeds import What
from device_sim.living.life import live
from device_sim.play import Emission, PlannedDevice
from device_sim.scenarios import homes, words
from device_sim.scenarios.check import lasting_us
from device_sim.scenarios.form import Device, Happening, Resident, Scenario
from device_sim.scenarios.moments import SECOND_US, Span
from device_sim.walking.company import comes_along
from device_sim.walking.phone import DEGREE_M, SOMEWHERE, Phone, Trip, carried, walked
from device_sim.walking.streets import Town, town
from device_sim.walking.ways import WANDERING, Way

#: What people are out for, by the words of the file and of daily life; anything else is a visit to somebody.
_WAYS = {
    "goes to the market": Way.MARKET,
    "market": Way.MARKET,
    "stands at the market": Way.STANDING,
    "walk": Way.STROLL,
    "walks the dog": Way.DOG,
    "rides the bus": Way.BUS,
    "takes the ferry": Way.FERRY,
    words.LEAVES_ZONE: Way.BEYOND,
    "walks in circles": Way.LAPPING,
    "paces outside": Way.PACING,
    "wanders about": Way.RANDOM,
    "gets lost": Way.LOST,
}

#: A zone around a home is drawn with so many corners: its edges are then nowhere nearer than 99.5 % of its reach.
CORNERS = 32

_town = cache(town)


def zone(reach_m: float) -> tuple[tuple[float, float], ...]:
    """Return the corners of the zone that reaches so far around a home: longitude and latitude, degrees."""
    lat, lon = SOMEWHERE
    north, east = 1 / DEGREE_M, 1 / (DEGREE_M * cos(radians(lat)))
    angles = [2 * pi * n / CORNERS for n in range(CORNERS)]
    return tuple(
        (round(lon + reach_m * cos(angle) * east, 6), round(lat + reach_m * sin(angle) * north, 6)) for angle in angles
    )


def phone_of(device: Device, mark: str) -> Phone:
    """Return a phone by its names in a run."""
    user = device.worn_by or device.home or ""
    return Phone(f"{mark}-{user}" if mark else user, device.key, family=device.speaks or USUAL_PHONE)


def planned(scenario: Scenario, device: Device, mark: str, span: Span) -> PlannedDevice:
    """Return the phone to be set up."""
    owner, known = _owner(scenario, device), phone_of(device, mark).id
    if owner is None:
        home = device.home or ""
        return PlannedDevice(known, words.PHONE, home, span.start_us, place=home)
    return PlannedDevice(known, words.PHONE, owner.home, span.start_us, resident=owner.key)


def phone(
    scenario: Scenario, device: Device, mark: str, span: Span, anchors: Mapping[str, int]
) -> Callable[[], Iterator[Emission]]:
    """Return what a phone sends, as something that can be gone through again and again."""
    owner, carrying = _owner(scenario, device), phone_of(device, mark)
    through = span.start_us, span.end_us

    def play() -> Iterator[Emission]:
        if owner is None:  # of somebody who comes to walk along
            streets, seed = _streets(scenario, device.home or ""), homes.seed_of(scenario, f"phone {device.key}")
            led = [trip for _, trips in _led(scenario, device.key, span, anchors) for trip in trips]
            return comes_along(led, carrying, streets, *through, seed, span.later_us)
        streets, seed = _streets(scenario, owner.home), homes.seed_of(scenario, owner.key)
        presses = [one for one in scenario.happens if one.what == words.PRESSES and one.who == owner.key]
        calls = [span.resolve(one.at, anchors) for one in presses]
        trips = _trips(scenario, owner, span, anchors)
        return carried(trips, carrying, streets, *through, seed, span.later_us, calls)

    return play


def onsets(scenario: Scenario, span: Span, anchors: Mapping[str, int]) -> dict[str, int]:
    """Return when wandering truly begins, by the key of what happens: not at the door, but where the aim is lost, or
    where a zone is left.
    """
    found: dict[str, int] = {}
    for each in scenario.happens:
        owner = scenario.resident(each.who)
        if each.key is None or owner is None or _WAYS.get(each.what) not in WANDERING | {Way.BEYOND}:
            continue
        at_us = span.resolve(each.at, anchors)
        trip = next(trip for trip in _trips(scenario, owner, span, anchors) if trip.until_us > at_us)
        made = walked(trip, _streets(scenario, owner.home), homes.seed_of(scenario, owner.key), span.later_us)
        onset_s = made.onset_s or 0.0
        if trip.way is Way.BEYOND:
            onset_s = float(np.argmax(np.hypot(*made.xy.T) > trip.zone_m))
        found[each.key] = trip.from_us + round(onset_s * SECOND_US)
    return found


def _trips(scenario: Scenario, owner: Resident, span: Span, anchors: Mapping[str, int]) -> list[Trip]:
    """Return every time that somebody is out, on their own or walking along with another of the home."""
    led = list(_led(scenario, owner.key, span, anchors))
    times = [(at_us := span.resolve(each.at, anchors), at_us + lasting_us(each)) for each, _ in led]
    alone = [
        trip
        for trip in _led_by_themselves(scenario, owner, span, anchors)
        if not any(begin_us <= trip.from_us < end_us for begin_us, end_us in times)
    ]
    return alone + [trip for _, trips in led for trip in trips]


def _led(
    scenario: Scenario, along: str, span: Span, anchors: Mapping[str, int]
) -> Iterator[tuple[Happening, list[Trip]]]:
    """Yield what happens to others on which ``along`` walks along, with its ways: at the leader's times and pace."""
    for each in scenario.happens:
        leader = scenario.resident(each.who)
        if each.along != along or leader is None:
            continue
        at_us, seed = span.resolve(each.at, anchors), homes.seed_of(scenario, leader.key)
        trips = _led_by_themselves(scenario, leader, span, anchors)
        within = [trip for trip in trips if at_us <= trip.from_us < at_us + lasting_us(each)]
        yield each, [replace(trip, led=seed) for trip in within]


def _led_by_themselves(scenario: Scenario, owner: Resident, span: Span, anchors: Mapping[str, int]) -> list[Trip]:
    """Return every time that somebody is out: what their habits and the scenario make of the time of the play."""
    place = scenario.place(owner.home)
    if place is None:
        return []
    lives = homes.household(scenario, place)
    scripts = homes.changes(scenario, place, span, anchors)
    seed = homes.seed_of(scenario, place.key)
    deeds = live(lives, span.start_us, span.end_us, scenario.timezone, seed, scripts, span.later_us)
    return [
        Trip(deed.from_us, deed.to_us, _WAYS.get(deed.where, Way.VISIT), zone_m=owner.zone_m or 0.0)
        for deed in deeds
        if deed.who == owner.key and deed.what is What.OUT
    ]


def _streets(scenario: Scenario, home: str) -> Town:
    return _town(homes.seed_of(scenario, f"town of {home}"))


def _owner(scenario: Scenario, device: Device) -> Resident | None:
    return next((each for each in scenario.residents if each.key == device.worn_by), None)
