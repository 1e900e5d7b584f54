"""Zones, company and rides in scenario files: what is drawn, who walks where, and what detectors make of it."""

import json
from collections.abc import Sequence
from math import cos, hypot, radians

import numpy as np
import pytest

from device_sim.living.deeds import What
from device_sim.living.life import live
from device_sim.play import Emission, Play, Staging
from device_sim.scenarios import check, homes, outside, shelf, words
from device_sim.scenarios.compiling import compile_play
from device_sim.scenarios.mistakes import BadScenario
from device_sim.scenarios.moments import DAY_US, MINUTE_US, SECOND_US
from device_sim.walking.company import LIVES_M
from device_sim.walking.phone import DEGREE_M, SOMEWHERE
from schemas.finding import Stage
from schemas.zone import check_zone
from tests.device_sim.scenarios import rehearsal

ALONE, WITH = "wander-leaves-the-zone", "leaves-the-zone-with-her-daughter"
#: He has a phone too, and walks along.
COUPLE = """
id: out-together
title: x
base: couple
seed: 41
start: 2026-03-03 14:00
lasts: 3 h
residents:
  chen: {zone: 300 m}
devices:
  hers: {kind: phone, worn by: chen}
  his: {kind: phone, worn by: zhao}
happens:
  - {at: "14:20", who: chen, what: leaves the zone, with: zhao, for: 70 min, key: walk}
"""


def play_of(name: str) -> Play:
    return compile_play(shelf.load(name), Staging(mark="m"))


def read(text: str) -> Play:
    return compile_play(shelf.from_text(text, "x.yaml"), Staging(mark="m"))


def sent_by(play: Play, phone: str) -> list[Emission]:
    return [each for each in play.emissions if each.topic.startswith("owntracks/") and each.topic.endswith(phone)]


def fixes(sent: Sequence[Emission]) -> dict[int, tuple[float, float]]:
    """Return metres from home by second."""
    east = DEGREE_M * cos(radians(SOMEWHERE[0]))
    said = [json.loads(each.payload) for each in sent]
    return {
        one["tst"]: ((one["lon"] - SOMEWHERE[1]) * east, (one["lat"] - SOMEWHERE[0]) * DEGREE_M)
        for one in said
        if one["_type"] == "location"
    }


@pytest.mark.parametrize("reach_m", words.ZONE_M)
def test_a_zone_of_any_size_that_may_be_written_may_be_drawn(reach_m: float) -> None:
    corners = outside.zone(reach_m)
    check_zone(corners)
    east = DEGREE_M * cos(radians(SOMEWHERE[0]))
    far = [hypot((lon - SOMEWHERE[1]) * east, (lat - SOMEWHERE[0]) * DEGREE_M) for lon, lat in corners]
    assert far == pytest.approx([reach_m] * outside.CORNERS, abs=0.2)


def test_a_zone_is_set_before_anything_happens() -> None:
    play = play_of(ALONE)
    assert [(each.at_us, each.resident, each.changes) for each in play.configs] == [
        (play.start_us, "wang", {"zone": outside.zone(300)})
    ]


def test_leaving_a_zone_truly_begins_with_the_first_step_outside() -> None:
    play = play_of(ALONE)
    (must,), (walk,) = play.expectations, play.story
    track = fixes(sent_by(play, "phone"))
    inside = [hypot(*xy) for second, xy in track.items() if walk.from_us <= second * SECOND_US < must.event_us]
    beyond = [
        hypot(*xy)
        for second, xy in track.items()
        if must.event_us + 2 * MINUTE_US < second * SECOND_US < must.event_us + 20 * MINUTE_US
    ]
    assert walk.from_us + 3 * MINUTE_US < must.event_us < walk.until_us
    assert max(inside) < 320 and min(beyond) > 300, "but for a phone's error"


def test_who_has_company_walks_as_they_would_alone() -> None:
    assert sent_by(play_of(ALONE), "phone") == sent_by(play_of(WITH), "phone")


def test_who_comes_by_walks_at_their_side_with_an_error_of_their_own_and_lives_elsewhere() -> None:
    play = play_of(WITH)
    hers, other = fixes(sent_by(play, "phone")), fixes(sent_by(play, "daughter"))
    both = [(hers[second], other[second]) for second in hers.keys() & other.keys()]
    apart = [hypot(a[0] - b[0], a[1] - b[1]) for a, b in both]
    assert len(both) > 300
    assert max(apart) < 80 and 2 < float(np.median(apart)) < 30
    far = [hypot(*xy) for xy in other.values()]
    assert min(far[0], far[-1]) > LIVES_M[0] - 100, "before she came and after she left"
    (daughter,) = [each for each in play.devices if "daughter" in each.device]
    assert (daughter.resident, daughter.place, daughter.unit) == (None, "home", "home")


def test_who_is_there_for_two_walks_in_a_row_stays_between_them() -> None:
    twice = """
id: twice
title: x
base: leaves-the-zone-with-her-daughter
lasts: 6 h
happens:
  - {at: "16:40", who: wang, what: walks the dog, with: daughter, for: 40 min}
never: none
"""
    play = read(twice)
    away = {second: hypot(*xy) > LIVES_M[0] / 2 for second, xy in fixes(sent_by(play, "daughter")).items()}
    between = [far for second, far in away.items() if 40 * 60 < second - play.start_us // SECOND_US < 190 * 60]
    assert between and not any(between)
    assert any(away.values())


def test_a_resident_who_walks_along_is_out_of_the_house_too_and_takes_the_same_way() -> None:
    said = shelf.from_text(COUPLE, "x.yaml")
    play = compile_play(said, Staging(mark="m"))
    hers, his = fixes(sent_by(play, "hers")), fixes(sent_by(play, "his"))
    out = [second for second in hers.keys() & his.keys() if hypot(*hers[second]) > 60]
    assert len(out) > 200
    assert max(hypot(hers[n][0] - his[n][0], hers[n][1] - his[n][1]) for n in out) < 80
    assert any(hers[n] != his[n] for n in out)
    span = check.span(said)
    (place,) = said.places
    changes = homes.changes(said, place, span, check.anchors(said, span))
    deeds = live(homes.household(said, place), span.start_us, span.end_us, said.timezone, 1, changes)
    middle_us = play.story[0].from_us + 30 * MINUTE_US
    assert {each.who for each in deeds if each.what is What.OUT and each.from_us < middle_us < each.to_us} == {
        "chen",
        "zhao",
    }


def test_with_a_daughter_along_leaving_the_zone_is_only_possible_and_says_why() -> None:
    told = [each for each in rehearsal.findings(play_of(WITH)) if each.stage is not Stage.RECOVERED]
    assert [each.stage for each in told] == [Stage.POSSIBLE]
    assert {reason.code for reason in told[0].evidence.reasons} == {"left_zone", "companion"}


def test_with_her_husband_along_leaving_the_zone_is_told_mildly_and_stays_so_until_they_are_back() -> None:
    told = [each for each in rehearsal.findings(read(COUPLE)) if each.resident == "chen"]
    assert [(each.stage, each.mild) for each in told if each.stage is not Stage.RECOVERED] == [(Stage.CONFIRMED, True)]
    assert {"left_zone", "companion"} <= {reason.code for reason in told[0].evidence.reasons}


def test_the_ferry_goes_over_the_water_to_where_the_bus_goes() -> None:
    said = shelf.load("takes-the-ferry-to-a-known-place")
    play = compile_play(said, Staging(mark="m"))
    (trip,) = play.story
    track = {at * SECOND_US: xy for at, xy in fixes(sent_by(play, "phone")).items()}
    by_ferry = [xy for at_us, xy in track.items() if trip.from_us <= at_us < trip.until_us]
    before = [xy for at_us, xy in track.items() if at_us < trip.from_us - DAY_US / 2]
    goal = max(before, key=lambda xy: hypot(*xy))  # the bus leads farthest
    assert min(hypot(xy[0] - goal[0], xy[1] - goal[1]) for xy in by_ferry) < 40
    new = [min(hypot(xy[0] - other[0], xy[1] - other[1]) for other in before[::3]) for xy in by_ferry[::3]]
    assert max(new) > 300, "a way that was never taken"


def test_the_ferry_to_a_known_place_is_not_even_told_mildly() -> None:
    found = rehearsal.findings(play_of("takes-the-ferry-to-a-known-place"))
    assert [each for each in found if each.stage is Stage.CONFIRMED] == []


def test_the_same_ferry_to_a_place_that_is_not_known_is_told() -> None:
    said = shelf.load("takes-the-ferry-to-a-known-place")
    text = """
id: ferry-to-nowhere-known
title: x
base: takes-the-ferry-to-a-known-place
residents:
  xu:
    outings: [{what: goes to the market, days: every day, at: 09:00, for: 60 min}]
never: none
"""
    play = read(text)
    assert play.seed == said.seed
    told = [each for each in rehearsal.findings(play) if each.stage is Stage.CONFIRMED]
    assert told[0].evidence.reasons[0].code == "far_from_known"
    assert all(each.event_us >= play.story[0].from_us for each in told)


def test_under_the_roof_of_the_market_a_phone_guesses_and_outside_it_does_not() -> None:
    play = play_of("stands-at-the-market")
    (stands,) = play.story
    said = [json.loads(each.payload) for each in sent_by(play, "phone")]
    middle_us = (stands.from_us + stands.until_us) // 2
    under = [one["acc"] for one in said if abs(one["tst"] * SECOND_US - middle_us) < 20 * MINUTE_US]
    on_foot = [one["acc"] for one in said if 0 < one["tst"] * SECOND_US - stands.from_us < 5 * MINUTE_US]
    assert max(under) > 100 and max(on_foot) < 40


#: By what is wrong: what stands in for one line of COUPLE, and a part of the complaint and of its remedy.
MISTAKES = {
    "a zone that no phone watches": (
        "  hers: {kind: phone, worn by: chen}",
        "",
        "No device can notice that “chen” leaves the zone",
        "phone: {kind: phone, worn by: chen}",
    ),
    "a zone that is not drawn": (
        "  chen: {zone: 300 m}",
        "  chen: {nights: calm}",
        "No zone is drawn for “chen”",
        "Add under residents, to “chen”: “zone: 300 m”",
    ),
    "a zone that is wider than the town": (
        "zone: 300 m",
        "zone: 1200 m",
        "The made-up town ends before a zone of 1200 m does",
        "at most 600 m",
    ),
    "a zone in other units": ("zone: 300 m", "zone: 0.3 km", "“0.3 km” is no number", "from 50 to 5000 m"),
    "a zone that is too small": ("zone: 300 m", "zone: 20 m", "zone 20 m is out of range", "from 50 to 5000 m"),
    "too short to leave it": ("for: 70 min", "for: 10 min", "too short for somebody slow", "“for: 48 min” or more"),
    "company that nobody is": ("with: zhao", "with: zao", "“zao” is nobody who can walk along", "mean “zhao”?"),
    "company of themselves": ("with: zhao", "with: chen", "“chen” cannot walk along with themselves", "zhao"),
    "company that nothing shows": (
        "  his: {kind: phone, worn by: zhao}",
        "",
        "Nothing shows that “zhao” walks along",
        "phone: {kind: phone, worn by: zhao}",
    ),
    "a phone of two owners": (
        "his: {kind: phone, worn by: zhao}",
        "his: {kind: phone, worn by: zhao, at: home}",
        "cannot be both",
        "somebody who comes to their home",
    ),
}


@pytest.mark.parametrize("kind", list(MISTAKES))
def test_a_mistake_about_ways_outdoors_is_told_with_its_remedy(kind: str) -> None:
    was, now, wrong, remedy = MISTAKES[kind]
    assert COUPLE.count(was) == 1
    with pytest.raises(BadScenario) as caught:
        shelf.from_text(COUPLE.replace(was, now), "x.yaml")
    told = caught.value.mistakes
    assert any(wrong in each.wrong and remedy in each.remedy for each in told), "\n".join(map(str, told))


def test_where_nobody_could_walk_along_it_is_said_whose_phone_to_add() -> None:
    alone = "id: x\ntitle: x\nbase: wander-leaves-the-zone\nexpect: none\nhappens:\n"
    with pytest.raises(BadScenario) as caught:
        walk = "  - {at: 16:00, who: wang, what: walks the dog, with: her daughter, for: 20 min}\n"
        shelf.from_text(alone + walk, "x.yaml")
    (told,) = caught.value.mistakes
    assert "“daughter: {kind: phone, at: home}”" in told.remedy


def test_who_walks_along_can_do_nothing_else_meanwhile() -> None:
    with pytest.raises(BadScenario) as caught:
        shelf.from_text(COUPLE + '  - {at: "15:00", who: zhao, what: walks the dog, for: 20 min}\n', "x.yaml")
    (told,) = caught.value.mistakes
    assert "“zhao” still leaves the zone, from line 14" in told.wrong
