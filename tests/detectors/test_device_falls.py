"""What devices say of falls: how far each is believed, one finding from the first suspicion to the last word."""

import msgspec
import pytest

from detectors import device_events, reasons
from detectors.device_falls import EPISODE_US
from detectors.host import Host
from schemas.finding import Finding, FindingKind, Stage
from schemas.reading import Observation, Reading, ReadingKind

SECOND = 1_000_000
NOW = 1_790_000_000 * SECOND


def said(
    event: str, after_s: float = 0.0, *, worn: bool = False, device: str = "radar1", sure: float | None = None
) -> Reading:
    at_us = NOW + round(after_s * SECOND)
    return Reading(
        kind=ReadingKind.EVENT,
        arrival_us=at_us + SECOND,
        event_us=at_us,
        end_us=at_us,
        device=device,
        unit="u1",
        resident="r1" if worn else None,
        place=None if worn else "p1",
        boot=1,
        seq=round(after_s * 10),
        observations=() if sure is None else (Observation(device_events.CERTAINTY, sure),),
        events=(event,),
    )


def told(*heard: Reading) -> list[Finding]:
    return Host().update(heard)


def stages(*heard: Reading) -> list[tuple[Stage, int]]:
    found = told(*heard)
    assert len({each.id for each in found}) <= 1
    return [(each.stage, each.update) for each in found]


@pytest.mark.parametrize(
    ("event", "worn", "sure", "stage", "score", "code"),
    [
        ("fall", True, None, Stage.CONFIRMED, 0.7, reasons.DEVICE_SAYS_FALL),
        ("fall", False, None, Stage.CONFIRMED, 0.7, reasons.RADAR_SAYS_FALL),
        ("fall", False, 0.6, Stage.CONFIRMED, 0.6, reasons.RADAR_SAYS_FALL),
        ("fall", True, 0.99, Stage.CONFIRMED, 0.7, reasons.DEVICE_SAYS_FALL),
        ("fall", True, 0.4, Stage.POSSIBLE, 0.33, reasons.DEVICE_SUSPECTS_FALL),
        ("fall_suspected", False, None, Stage.POSSIBLE, 0.33, reasons.RADAR_SUSPECTS_FALL),
        ("fall_suspected", True, 0.9, Stage.POSSIBLE, 0.33, reasons.DEVICE_SUSPECTS_FALL),
        ("fall_suspected", True, 0.1, Stage.POSSIBLE, 0.1, reasons.DEVICE_SUSPECTS_FALL),
    ],
)
def test_each_is_believed_as_far_as_the_table_says_and_no_further_than_it_believes_itself(
    event: str, worn: bool, sure: float | None, stage: Stage, score: float, code: str
) -> None:
    (found,) = told(said(event, worn=worn, sure=sure))
    assert (found.kind, found.stage, found.score) == (FindingKind.FALL, stage, score)
    assert [reason.code for reason in found.evidence.reasons] == [code]
    assert (found.resident, found.place) == (("r1", None) if worn else ("u1", "p1"))


@pytest.mark.parametrize("sure", [float("nan"), -1.0, 2.0])
def test_a_certainty_that_is_none_changes_nothing(sure: float) -> None:
    (found,) = told(said("fall", sure=sure))
    assert (found.stage, found.score, found.evidence.features) == (Stage.CONFIRMED, 0.7, {})


def test_a_press_is_believed_wholly() -> None:
    (found,) = told(said("sos", worn=True))
    assert (found.kind, found.stage, found.score) == (FindingKind.SOS, Stage.CONFIRMED, 1.0)


def test_a_suspicion_that_the_radar_confirms_is_one_finding() -> None:
    assert stages(said("fall_suspected"), said("fall_suspected", 5), said("fall", 30)) == [
        (Stage.POSSIBLE, 0),
        (Stage.CONFIRMED, 0),
    ]


def test_a_suspicion_that_the_radar_lets_go_of_is_dismissed_and_may_come_back() -> None:
    assert stages(said("fall_suspected"), said("fall_ended", 5), said("fall", 9)) == [
        (Stage.POSSIBLE, 0),
        (Stage.DISMISSED, 0),
        (Stage.CONFIRMED, 0),
    ]


def test_a_radar_that_sees_nobody_lie_any_more_says_so_and_ends_no_fall() -> None:
    found = told(said("fall"), said("fall_ended", 60), said("fall_ended", 90))
    assert [(each.stage, each.update) for each in found] == [(Stage.CONFIRMED, 0), (Stage.CONFIRMED, 1)]
    assert found[-1].evidence.reasons[-1].code == reasons.DEVICE_SEES_NONE


@pytest.mark.parametrize(
    ("event", "code"),
    [("fall_cancelled", reasons.WEARER_CANCELLED), ("fall_recovered", reasons.DEVICE_SAW_RISE)],
)
def test_the_wearers_own_word_and_a_device_that_saw_them_rise_end_a_fall(event: str, code: str) -> None:
    found = told(said("fall", worn=True), said(event, 12, worn=True), said(event, 15, worn=True))
    assert [each.stage for each in found] == [Stage.CONFIRMED, Stage.RECOVERED]
    assert found[-1].evidence.reasons[-1].code == code
    assert found[-1].heard_us == NOW + 13 * SECOND


def test_an_end_without_a_fall_says_nothing() -> None:
    assert told(said("fall_ended"), said("fall_cancelled", 5)) == []


def test_an_alarm_that_the_device_repeats_is_one_fall_and_a_later_one_another() -> None:
    found = told(said("fall"), said("fall", 30), said("fall", 61))
    assert len({each.id for each in found}) == len(found) == 2
    assert len({each.id for each in told(said("fall_suspected"), said("fall", EPISODE_US / SECOND + 1))}) == 2


def test_two_devices_tell_of_their_own() -> None:
    found = told(said("fall_suspected"), said("fall", 1, device="radar2"), said("fall", 2))
    assert [(each.device, each.stage) for each in found] == [
        ("radar1", Stage.POSSIBLE),
        ("radar2", Stage.CONFIRMED),
        ("radar1", Stage.CONFIRMED),
    ]


@pytest.mark.parametrize("event", sorted(device_events.OF_FALLS))
def test_what_is_retained_or_of_nobody_says_nothing_about_now(event: str) -> None:
    reading = said(event)
    assert told(said("fall", -1), msgspec.structs.replace(reading, retain=True))[1:] == []
    assert told(msgspec.structs.replace(reading, unit=None, place=None)) == []


def test_it_is_the_same_after_a_restart_at_any_place_and_however_it_is_cut() -> None:
    heard = [
        said("fall_suspected"),
        said("fall", 9),
        said("fall_ended", 20),
        said("fall_recovered", 40),
        said("fall", 99),
    ]
    whole = told(*heard)
    for cut in range(len(heard) + 1):
        first, fresh = Host(), Host()
        before = first.update(heard[:cut])
        fresh.restore(first.snapshot())
        assert before + fresh.update(heard[cut:]) == whole
        assert fresh.update(heard[-1:]) == []


def test_a_press_that_one_is_well_about_what_another_found_is_told_once_for_the_desk_to_place() -> None:
    press = said("fall_cancelled", 5, worn=True, device="button1")
    (found,) = told(press, press)
    assert (found.kind, found.stage, found.resident) == (FindingKind.FALL, Stage.RECOVERED, "r1")
    assert [reason.code for reason in found.evidence.reasons] == [reasons.WEARER_CANCELLED]
    assert told(said("fall_cancelled", 5, device="button1")) == [], "nobody wears it"
    own = told(said("fall", worn=True), said("fall_cancelled", 5, worn=True))
    assert len({each.id for each in own}) == 1, "its own fall it ends itself"
