"""The library in one process, through decoders and detectors: what is known to come out well must go on doing so.

``make nightly`` plays all of it through the whole platform; here the short ones, and some of the long.
"""

import pytest

from device_sim.play import Play, Staging
from device_sim.scenarios import shelf
from device_sim.scenarios.compiling import compile_play
from device_sim.scenarios.moments import DAY_US
from tests.device_sim.scenarios import rehearsal

#: What comes out otherwise than the file says, with its reason; to be taken off this list, not to be added to lightly.
KNOWN = {
    "late-visitor-and-rubbish": "a visitor who stays over an hour is taken for the resident when she leaves",
    "does-not-get-up": "told in time; the evening after, two hours in the chair ring too, a minute before they end",
    "wander-stands-near-home-at-night": "missed: some 110 m from the door is not yet away from home",
    "wander-out-beside-a-sleeping-husband": "told in time of her; and of the home, whose door somebody opened",
}


def played(name: str) -> Play:
    return compile_play(shelf.load(name), Staging(mark="m"))


SHORT = {name for name in shelf.ids() if shelf.load(name).lasts_us < 4 * DAY_US}


#: Of the long ones those that the everyday watches are for, and those that must ring for nobody.
LONG = (
    "collapses-in-the-bathroom-in-the-morning",
    "day-trip-nobody-told-of",
    "day-trip-that-was-told",
    "does-not-come-back-to-bed",
    "quiet-sunday-sleeping-in",
    "takes-the-ferry-to-a-known-place",
    "visits-by-day-with-a-phone",
)


@pytest.mark.parametrize("name", [*sorted(SHORT - {*KNOWN}), *LONG])
def test_what_must_be_found_is_found_in_time_and_nothing_else(name: str) -> None:
    play = played(name)
    found = rehearsal.loud(rehearsal.findings(play))
    for expected in play.expectations:
        answers = [each for each in found if rehearsal.answers(each, expected)]
        assert len(answers) == (1 if expected.must else 0)
        for each in answers:
            assert expected.within_s is not None
            assert (each.heard_us or each.decided_us) - expected.event_us <= expected.within_s * 1_000_000
            found.remove(each)
    assert found == []


def test_what_is_known_to_come_out_otherwise_is_of_the_library() -> None:
    assert set(KNOWN) <= set(shelf.ids())


def test_who_leaves_beside_her_husband_is_told_of_in_time_and_the_opened_door_is_told_too() -> None:
    play = played("wander-out-beside-a-sleeping-husband")
    (expected,) = play.expectations
    told, door = rehearsal.loud(rehearsal.findings(play))
    assert (told.resident, door.resident) == ("chen", "home")
    assert rehearsal.answers(told, expected)
    assert expected.within_s is not None
    assert told.decided_us - expected.event_us <= expected.within_s * 1_000_000
    assert [reason.code for reason in door.evidence.reasons] == ["left_at_night"]


def test_who_does_not_get_up_is_told_in_time_and_one_evening_in_the_chair_rings_too() -> None:
    play = played("does-not-get-up")
    (expected,) = play.expectations
    told, chair = rehearsal.loud(rehearsal.findings(play))
    assert rehearsal.answers(told, expected)
    assert expected.within_s is not None
    assert told.decided_us - expected.event_us <= expected.within_s * 1_000_000
    assert [reason.code for reason in chair.evidence.reasons] == ["silent"]
    assert chair.decided_us - told.decided_us > DAY_US
