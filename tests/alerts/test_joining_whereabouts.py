"""One leaving is one alert: the door that was opened at night, and the phone that is seen outside a minute later."""

import msgspec
import pytest

from schemas.alert import Severity
from schemas.finding import Evidence, Finding, FindingKind, Reason, Stage
from tests.alerts.making import NOW, SECOND, finding
from tests.alerts.test_joining import Story


def left(name: str, model: str, code: str, *, after_s: int = 0, stage: Stage = Stage.CONFIRMED) -> Finding:
    told = finding(name, kind=FindingKind.WANDERING, at_us=NOW + after_s * SECOND, stage=stage)
    device = "front_door" if model == "wandering-1" else "phone"
    return msgspec.structs.replace(told, model=model, device=device, evidence=Evidence(reasons=(Reason(code),)))


DOOR = left("d", "wandering-1", "left_at_night", after_s=300)
PHONE = left("p", "whereabouts-1", "out_at_unusual_hour", after_s=200)


@pytest.mark.parametrize("told", [(DOOR, PHONE), (PHONE, DOOR)])
def test_the_door_and_the_phone_are_one_alert_that_calls_once(told: tuple[Finding, Finding]) -> None:
    story = Story()
    for each in told:
        story.hear(each)
    alert = story.only
    assert (alert.occurrences, alert.severity, len(alert.sources)) == (1, Severity.HIGH, 2)
    assert (story.rings, story.round) == (True, 0)


def test_it_is_over_when_both_say_so() -> None:
    story = Story()
    story.hear(DOOR)
    story.hear(PHONE)
    story.hear(msgspec.structs.replace(DOOR, stage=Stage.RECOVERED))  # somebody stirs inside: perhaps the other
    assert (story.only.severity, story.rings) == (Severity.HIGH, True)
    story.hear(msgspec.structs.replace(PHONE, stage=Stage.RECOVERED))
    assert (story.only.severity, story.rings) == (Severity.LOW, False)


def test_a_place_never_seen_is_low_and_being_lost_there_calls() -> None:
    story = Story()
    far = msgspec.structs.replace(left("p", "whereabouts-1", "far_from_known"), mild=True)
    story.hear(far)
    assert story.only.severity is Severity.LOW
    story.hear(msgspec.structs.replace(far, mild=False, update=1))
    assert (story.only.severity, story.rings) == (Severity.HIGH, True)
