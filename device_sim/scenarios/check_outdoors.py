"""Compares what a scenario file says of ways outdoors with itself: zones that nothing watches, company that is none."""

from collections.abc import Iterator
from math import ceil

from device_sim.scenarios import words
from device_sim.scenarios.form import Happening, Resident, Scenario
from device_sim.scenarios.mistakes import Mistake, instead
from device_sim.scenarios.moments import MINUTE_US
from device_sim.walking.ways import BEYOND_M, PACE

#: A way is so much longer than the crow flies, waiting at crossings included: 19 of 20 made-up ones are shorter.
LONGER = 1.9


def mistakes(said: Scenario, *, unsure: bool) -> Iterator[Mistake]:
    """Yield what is wrong. ``unsure``: a device or resident could not be read, so nothing is told to be missing."""
    if not unsure:
        for resident in said.residents:
            if resident.zone_m is not None and said.worn(resident.key, words.PHONE) is None:
                wrong = f"No device can notice that “{resident.key}” leaves the zone."
                yield Mistake(resident.where("zone"), wrong, _add_phone(resident.key))
    for each in said.happens:
        who = said.resident(each.who)
        if who is None:
            continue  # told where it stands
        if each.what == words.LEAVES_ZONE:
            yield from _leaves(each, who)
        if each.along is not None and not unsure:
            yield from _walks_along(said, each, who, each.along)


def _leaves(each: Happening, who: Resident) -> Iterator[Mistake]:
    if who.zone_m is None:
        remedy = f"Add under residents, to “{who.key}”: “zone: 300 m”."
        yield Mistake(each.where("what"), f"No zone is drawn for “{who.key}”.", remedy)
    elif who.zone_m > words.ZONE_WALKED_M:
        wrong = f"The made-up town ends before a zone of {who.zone_m:g} m does: nobody walks out of it."
        yield Mistake(who.where("zone"), wrong, f"Take one of at most {words.ZONE_WALKED_M:g} m.")
    elif each.lasts_us is not None and each.lasts_us < (least := _least_min(who.zone_m)) * MINUTE_US:
        wrong = f"That is too short for somebody slow to walk out of a zone of {who.zone_m:g} m and back."
        yield Mistake(each.where("for"), wrong, f"Write “for: {least} min” or more.")


def _least_min(zone_m: float) -> int:
    """Return how many minutes the slowest takes there and back."""
    return ceil(2 * LONGER * (zone_m + BEYOND_M) / PACE[0] / 60)


def _walks_along(said: Scenario, each: Happening, who: Resident, along: str) -> Iterator[Mistake]:
    allowed = said.companions(who)
    if along == who.key:
        yield Mistake(each.where("with"), f"“{along}” cannot walk along with themselves.", _company(who, allowed, ""))
    elif along not in allowed:
        wrong = f"“{along}” is nobody who can walk along with “{who.key}”."
        yield Mistake(each.where("with"), wrong, _company(who, allowed, along))
    elif said.resident(along) is not None and said.worn(along, words.PHONE) is None:
        yield Mistake(each.where("with"), f"Nothing shows that “{along}” walks along.", _add_phone(along))


def _company(who: Resident, allowed: list[str], said: str) -> str:
    if allowed:
        return instead(said, allowed)
    return f"Add under devices the phone of somebody who comes: “daughter: {{kind: phone, at: {who.home}}}”."


def _add_phone(who: str) -> str:
    return f"Add under devices: “phone: {{kind: phone, worn by: {who}}}”."
