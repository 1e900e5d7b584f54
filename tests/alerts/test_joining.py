"""One fall told by several is one alert that lists them; a call for help is never swallowed; stages by policy."""

import msgspec
import pytest

from alerts.events import Claimed, Resolved
from alerts.intake import intake
from alerts.joining import alert_for
from alerts.ladder import standing
from alerts.life import apply
from alerts.policy import RAISING_KEENER, raising
from schemas.alert import Alert, AlertState, Change, FallAlarm, Outcome, Severity, Step, StepKind
from schemas.finding import Evidence, Finding, FindingKind, Phase, Reason, Stage
from tests.alerts.making import NOW, SECOND, finding

SOON = NOW + 22 * SECOND
FALL, SOS = FindingKind.FALL, FindingKind.SOS


def radar(name: str = "r", *, stage: Stage = Stage.CONFIRMED, after_s: float = 30.0) -> Finding:
    told = finding(name, stage=stage, at_us=NOW + round(after_s * SECOND))
    evidence = Evidence(reasons=(Reason("device_says_fall"),))
    return msgspec.structs.replace(told, device="radar1", model="device", evidence=evidence)


def press(name: str = "s", *, after_s: float = 20.0, device: str = "w1") -> Finding:
    told = finding(name, kind=SOS, at_us=NOW + round(after_s * SECOND))
    evidence = Evidence(reasons=(Reason("sos_pressed"),))
    return msgspec.structs.replace(told, device=device, model="device", evidence=evidence)


def walks() -> Finding:
    up = Evidence(reasons=(Reason("walks_again", {"s": 40.0}),))
    return msgspec.structs.replace(finding(stage=Stage.RECOVERED), evidence=up)


class Story:
    """A resident's open alerts and their history, as the store keeps them."""

    def __init__(self, keener: bool = False) -> None:
        self.alerts: dict[str, Alert] = {}
        self.history: dict[str, list[Step]] = {}
        self._keener, self._now = keener, SOON

    def hear(self, told: Finding) -> Change | None:
        self._now += SECOND
        own = next((alert for alert in self.alerts.values() if told.id in alert.findings), None)
        still = [alert for alert in self.alerts.values() if alert.state in (AlertState.RAISED, AlertState.CLAIMED)]
        alarm = FallAlarm.POSSIBLE if self._keener else FallAlarm.CONFIRMED
        return self._keep(intake(told, own or alert_for(told, still), self._now, raising(told, alarm)))

    def claim(self) -> None:
        self._now += SECOND
        self._keep(apply(self.only, Claimed(at_us=self._now, actor="ann")))

    def _keep(self, change: Change | None) -> Change | None:
        if change is not None:
            self.alerts[change.alert.id] = change.alert
            self.history.setdefault(change.alert.id, []).extend(change.steps)
        return change

    @property
    def only(self) -> Alert:
        (alert,) = self.alerts.values()
        return alert

    @property
    def rings(self) -> bool:
        return standing(self.only, self.history[self.only.id]).rings

    @property
    def round(self) -> int:
        return standing(self.only, self.history[self.only.id]).round


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (1, 0, 2)])
def test_a_watch_a_radar_and_a_press_within_a_minute_are_one_alert_with_all_three_listed(
    order: tuple[int, ...],
) -> None:
    told = [finding(), radar(), press()]
    story = Story()
    for index in order:
        assert story.hear(told[index]) is not None
    alert = story.only
    assert {(source.kind, source.device) for source in alert.sources.values()} == {
        (FALL, "w1"), (FALL, "radar1"), (SOS, "w1"),
    }  # fmt: skip
    assert (alert.occurrences, alert.severity, story.rings) == (1, Severity.HIGH, True)
    assert {"sos_pressed", "device_says_fall"} <= {reason.code for reason in alert.evidence.reasons}


def test_the_same_teller_again_is_the_same_thing_happening_again() -> None:
    story = Story()
    story.hear(finding())
    story.hear(finding("b", at_us=NOW + 40 * SECOND))
    assert (story.only.occurrences, len(story.only.sources)) == (2, 1)


def test_what_is_told_more_than_a_minute_apart_is_another_event() -> None:
    story = Story()
    story.hear(finding())
    story.hear(press(after_s=61))
    assert {alert.kind for alert in story.alerts.values()} == {FALL, SOS}


def test_another_residents_press_is_another_alert_however_near() -> None:
    story = Story()
    story.hear(finding())
    story.hear(msgspec.structs.replace(press(), resident="re_2"))
    assert len(story.alerts) == 2


def test_a_press_is_not_swallowed_by_a_resolved_alert() -> None:
    story = Story()
    story.hear(finding())
    solved = apply(story.only, Resolved(at_us=SOON, actor="ann", outcome=Outcome.REAL_UNHURT)).alert
    story.alerts[solved.id] = solved
    change = story.hear(press())
    assert change is not None
    assert change.steps[0].kind is StepKind.RAISED


def test_a_press_after_somebody_claimed_the_fall_calls_again_and_once_only() -> None:
    story = Story()
    story.hear(finding())
    story.claim()
    assert not story.rings
    story.hear(press())
    assert (story.rings, story.round) == (True, 1)
    story.hear(press("t", after_s=25))
    assert (len(story.alerts), story.round) == (1, 1)


def test_a_press_makes_a_fall_that_was_over_loud_again() -> None:
    story = Story()
    story.hear(finding())
    story.hear(finding(stage=Stage.RECOVERED))
    assert (story.only.severity, story.rings) == (Severity.LOW, False)
    story.hear(press(after_s=50))
    assert (story.only.severity, story.rings, len(story.alerts)) == (Severity.HIGH, True, 1)


@pytest.mark.parametrize("pressed_first", [True, False])
def test_whoever_asked_for_help_is_rung_for_though_they_walk_again(pressed_first: bool) -> None:
    story = Story()
    for told in [press(after_s=-5), finding()] if pressed_first else [finding(), press()]:
        story.hear(told)
    story.hear(finding(stage=Stage.RECOVERED))
    assert (story.only.severity, story.rings) == (Severity.HIGH, True)


def test_a_radar_takes_back_its_own_word_and_not_the_watchs() -> None:
    story = Story()
    story.hear(finding())
    story.hear(radar())
    story.hear(radar(stage=Stage.RECOVERED))
    assert (story.only.stage, story.only.severity, story.rings) == (Stage.CONFIRMED, Severity.HIGH, True)
    story.hear(walks())
    assert (story.only.stage, story.only.severity, story.rings) == (Stage.RECOVERED, Severity.LOW, False)


def test_a_fall_that_others_told_of_too_is_over_only_when_the_person_was_seen_up() -> None:
    story = Story()
    story.hear(finding())
    story.hear(radar())
    story.hear(finding(stage=Stage.RECOVERED))
    assert (story.only.severity, story.rings) == (Severity.HIGH, True)


def test_a_silence_that_began_with_a_fall_that_still_calls_is_of_that_fall_and_its_end_ends_no_fall() -> None:
    story = Story()
    story.hear(finding())
    silence = msgspec.structs.replace(
        finding("i", kind=FindingKind.INACTIVITY, at_us=NOW - 50 * SECOND), decided_us=NOW + 3600 * SECOND
    )
    story.hear(silence)
    assert {source.kind for source in story.only.sources.values()} == {FALL, FindingKind.INACTIVITY}
    story.hear(msgspec.structs.replace(silence, stage=Stage.RECOVERED))
    assert (story.only.severity, story.rings) == (Severity.HIGH, True)


@pytest.mark.parametrize("what", ["claimed", "over", "mild", "before"])
def test_a_silence_is_told_by_itself_where_nobody_is_called_for_the_fall_or_it_is_of_another(what: str) -> None:
    story = Story()
    story.hear(finding())
    if what == "claimed":
        story.claim()
    if what == "over":
        story.hear(walks())
    begun_us = NOW + 90 * SECOND if what == "before" else NOW
    silence = finding("i", kind=FindingKind.INACTIVITY, at_us=begun_us)
    story.hear(msgspec.structs.replace(silence, decided_us=NOW + 3600 * SECOND, mild=what == "mild"))
    assert len(story.alerts) == 2


def test_a_radar_alone_that_takes_it_back_makes_its_alert_low() -> None:
    story = Story()
    story.hear(radar())
    story.hear(radar(stage=Stage.RECOVERED))
    assert (story.only.severity, story.rings) == (Severity.LOW, False)


def test_who_claimed_is_not_called_again_by_a_radar_that_saw_the_same_fall() -> None:
    story = Story()
    story.hear(finding())
    story.claim()
    story.hear(radar())
    assert (story.rings, story.round) == (False, 0)


def test_a_suspicion_is_listed_on_the_open_alert_and_changes_nothing_else_of_it() -> None:
    story = Story()
    story.hear(finding())
    before = story.only
    change = story.hear(radar(stage=Stage.POSSIBLE))
    assert change is not None
    assert not [effect for effect in change.effects if type(effect).__name__ == "Notify"]
    after = story.only
    assert (after.stage, after.severity, after.occurrences) == (before.stage, before.severity, before.occurrences)
    story.hear(radar(stage=Stage.DISMISSED))
    assert (story.only.stage, story.only.severity, story.rings) == (Stage.CONFIRMED, Severity.HIGH, True)


def test_what_is_possible_raises_nothing_unless_somebody_chose_so() -> None:
    assert Story().hear(finding(stage=Stage.POSSIBLE)) is None
    assert raising(finding(stage=Stage.POSSIBLE), FallAlarm.POSSIBLE) == RAISING_KEENER
    quiet = finding(kind=FindingKind.WANDERING, stage=Stage.POSSIBLE)
    assert Stage.POSSIBLE not in raising(quiet, FallAlarm.POSSIBLE)


def test_a_possible_fall_where_that_was_chosen_rings_at_once_and_is_the_same_alert_when_it_is_confirmed() -> None:
    story = Story(keener=True)
    story.hear(finding(stage=Stage.POSSIBLE))
    assert (story.only.stage, story.only.severity, story.rings) == (Stage.POSSIBLE, Severity.HIGH, True)
    story.hear(finding())
    assert (story.only.stage, story.only.occurrences, story.rings, story.round) == (Stage.CONFIRMED, 1, True, 0)


def test_a_possible_fall_that_was_none_grows_quiet_and_rings_again_if_it_is_confirmed_after_all() -> None:
    story = Story(keener=True)
    story.hear(finding(stage=Stage.POSSIBLE))
    story.hear(finding(stage=Stage.DISMISSED))
    assert (story.only.stage, story.only.severity, story.rings) == (Stage.DISMISSED, Severity.LOW, False)
    story.hear(finding())
    assert (story.only.stage, story.only.severity, story.rings) == (Stage.CONFIRMED, Severity.HIGH, True)


def test_another_device_that_thinks_it_possible_calls_again_where_the_first_was_dismissed_and_possible_rings() -> None:
    story = Story(keener=True)
    story.hear(finding(stage=Stage.POSSIBLE))
    story.hear(finding(stage=Stage.DISMISSED))
    story.hear(radar(stage=Stage.POSSIBLE))
    assert (story.only.stage, story.only.severity, story.rings) == (Stage.POSSIBLE, Severity.HIGH, True)


def test_more_that_is_known_within_a_stage_is_taken_over_and_calls_nobody() -> None:
    story = Story()
    story.hear(finding())
    still = Evidence(reasons=(Reason("still", {"s": 60.0}),), phases=(Phase("still", NOW, NOW + 60 * SECOND),))
    change = story.hear(msgspec.structs.replace(finding(), update=1, evidence=still, score=0.99))
    assert change is not None
    assert change.effects == ()
    assert change.steps[0].data["update"] == 1
    assert (story.only.evidence, story.only.score, story.only.stage) == (still, 0.99, Stage.CONFIRMED)
    assert story.hear(msgspec.structs.replace(finding(), update=1)) is None
    story.hear(finding(stage=Stage.RECOVERED))
    assert story.hear(msgspec.structs.replace(finding(), update=2)) is None
    assert not story.rings


def test_an_update_after_somebody_gave_the_alert_back_does_not_stop_the_ringing() -> None:
    story = Story()
    story.hear(finding())
    story.hear(msgspec.structs.replace(finding(), update=1))
    assert story.rings


def silence(name: str, code: str, model: str, after_s: float = 0.0, *, mild: bool = False) -> Finding:
    told = finding(name, kind=FindingKind.INACTIVITY, at_us=NOW + round(after_s * SECOND))
    evidence = Evidence(phases=(Phase("silence", NOW, NOW + 1),), reasons=(Reason(code, {"h": 3.0}),))
    return msgspec.structs.replace(told, model=model, evidence=evidence, mild=mild)


def over(told: Finding, code: str) -> Finding:
    reasons = (*told.evidence.reasons, Reason(code, {"h": 4.0}))
    return msgspec.structs.replace(
        told, stage=Stage.RECOVERED, evidence=msgspec.structs.replace(told.evidence, reasons=reasons)
    )


NOT_UP = silence("u", "not_up", "everyday-1")
SILENT = silence("i", "silent", "inactivity-1", after_s=3600)


@pytest.mark.parametrize("told", [(NOT_UP, SILENT), (SILENT, NOT_UP)])
def test_a_silence_and_a_watch_that_misses_the_same_person_are_one_alert_and_call_once(
    told: tuple[Finding, Finding],
) -> None:
    story = Story()
    for each in told:
        story.hear(each)
    alert = story.only
    assert (alert.occurrences, alert.severity, len(alert.sources)) == (1, Severity.MEDIUM, 2)
    assert alert.evidence.reasons[0].code == told[0].evidence.reasons[0].code
    assert (story.rings, story.round) == (True, 0)
    story.hear(over(SILENT, "active_again"))  # she stirs in bed
    assert (story.only.severity, story.rings) == (Severity.MEDIUM, True)
    story.hear(over(NOT_UP, "as_usual_again"))
    assert (story.only.severity, story.only.stage, story.rings) == (Severity.LOW, Stage.RECOVERED, False)


def test_a_watch_makes_a_silence_that_was_told_mildly_loud() -> None:
    story = Story()
    story.hear(silence("i", "sensors_dead", "inactivity-1", mild=True))
    story.hear(NOT_UP)
    assert (story.only.severity, story.only.occurrences, story.rings) == (Severity.MEDIUM, 1, True)


def test_what_is_missed_after_all_was_well_again_is_told_anew_by_its_own_reasons() -> None:
    story = Story()
    story.hear(SILENT)
    story.hear(over(SILENT, "active_again"))
    long = silence("b", "long_in_bathroom", "everyday-1", after_s=9000)
    story.hear(long)
    assert (story.only.occurrences, story.only.evidence.reasons[0].code) == (2, "long_in_bathroom")
    assert (story.only.severity, story.rings) == (Severity.MEDIUM, True)


def test_a_day_unlike_others_is_low_and_an_alert_beside_a_silence() -> None:
    story = Story()
    story.hear(SILENT)
    story.hear(msgspec.structs.replace(silence("m", "no_meal", "everyday-1"), kind=FindingKind.ROUTINE))
    assert {alert.kind: alert.severity for alert in story.alerts.values()} == {
        FindingKind.INACTIVITY: Severity.MEDIUM,
        FindingKind.ROUTINE: Severity.LOW,
    }
