"""What a scenario file can name of its base: the keys of homes, people and devices, and how people live.

Whoever lays a file over a life needs them, and should not have to open the life's own file.
"""

from collections.abc import Iterable
from typing import Any

from device_sim.scenarios.form import Resident, Scenario, Weekly
from device_sim.scenarios.listing import lasting
from device_sim.scenarios.moments import GROUPS, WEEKDAYS


def keys(scenario: Scenario) -> dict[str, Any]:
    """Return the keys of a scenario as data, each with what it stands for."""
    return {
        "places": {
            each.key: {"name": each.name, "kind": each.kind, "rooms": list(each.rooms)} for each in scenario.places
        },
        "people": {each.key: _person(each) for each in scenario.residents},
        "devices": {
            each.key: {"kind": each.kind, **({"at": each.home} if each.home else {"worn by": each.worn_by})}
            for each in scenario.devices
        },
        "happens": {each.key: each.what for each in scenario.happens if each.key is not None},
        "faults": {each.key: each.what for each in scenario.faults if each.key is not None},
    }


def lines(said: dict[str, Any]) -> list[str]:
    """Return what ``keys`` returned for people to read: a line for each key."""
    found = [f"place    {key}: {one['name']}; {', '.join(one['rooms'])}" for key, one in said["places"].items()]
    for key, one in said["people"].items():
        facts = [one["name"], f"home {one['home']}", f"born {one['born']}" if one["born"] else ""]
        facts += [*one["conditions"], f"on foot: {one['mobility']}"]
        facts += [f"wakes {one['wakes']}" if one["wakes"] else "", f"sleeps {one['sleeps']}" if one["sleeps"] else ""]
        facts.append(f"zone {one['zone']}" if one["zone"] else "")
        facts.append(f"outings: {'; '.join(one['outings'])}")
        facts.append(f"carer: {'; '.join(one['carers'])}" if one["carers"] else "")
        found.append(f"resident {key}: {', '.join(fact for fact in facts if fact)}")
    for key, one in said["devices"].items():
        where = f"at {one['at']}" if "at" in one else f"worn by {one['worn by']}"
        found.append(f"device   {key}: {one['kind']}, {where}")
    found += [f"happens  {key}: {what}" for key, what in said["happens"].items()]
    return found + [f"fault    {key}: {what}" for key, what in said["faults"].items()]


def _person(each: Resident) -> dict[str, Any]:
    return {
        "name": each.name,
        "home": each.home,
        "born": each.born,
        "conditions": list(each.conditions),
        "mobility": each.mobility,
        "wakes": _clock(each.wakes_s),
        "sleeps": _clock(each.sleeps_s),
        "zone": None if each.zone_m is None else f"{each.zone_m:g} m",
        "nights": each.nights,
        "outings": ["as is usual"] if each.outings is None else [_weekly(one) for one in each.outings] or ["none"],
        "carers": [_weekly(one) for one in each.carers],
    }


def _weekly(each: Weekly) -> str:
    name = "" if each.what == "carer" else f"{each.what} "
    return f"{name}{_days(each.days)} {_clock(each.clock_s)} for {lasting(each.lasts_us)}"


def _days(days: Iterable[int]) -> str:
    given = tuple(days)
    return next((name for name, group in GROUPS.items() if group == given), " ".join(WEEKDAYS[n][:3] for n in given))


def _clock(clock_s: int | None) -> str | None:
    return None if clock_s is None else f"{clock_s // 3600:02}:{clock_s // 60 % 60:02}"
