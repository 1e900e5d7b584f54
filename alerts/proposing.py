"""When repeated false alarms lead to a proposed setting, and what speaks against it. Pure.

Rules of this file:

- One setting a resident, so one proposal at a time, and one step of it: keener to normal, normal to calmer.
- Only kinds whose detectors follow the setting: silence and the watches of the day, days unlike others, wandering. A
  wearable's fall detector has no such points; falls are never proposed for, and what speaks against a calmer setting
  includes a real fall that was told only because a weak one met something (detectors.meeting follows the setting).
- Alarms count from when the present setting began: those of another setting say nothing of this one. What forbids a
  calmer one does so for WINDOW_US, whatever was set meanwhile.
- Calmer costs hours of somebody's waiting. So a real one of any such kind is found again in the preview, and told at
  most LATER_MOST_US later, or nothing is proposed; never after one with an injury, nor after one that was told late,
  nor where people report that something was missed.
- Who said no, or took it back, is not asked again before QUIET_US.
"""

from collections.abc import Collection, Sequence

import msgspec

from schemas.alert import Alert, Outcome
from schemas.config import ResidentConfig, Sensitivity
from schemas.finding import FindingKind
from schemas.proposal import LIVE_STATES, Against, Played, Preview, Proposal, ProposalAct, ProposalState, Would
from schemas.watch import Watchable

_DAY_US = 86_400 * 1_000_000

#: What is looked back on, and played again. Outcomes older than that are of another season of somebody's life.
WINDOW_US = 30 * _DAY_US
#: So many false alarms of one kind in RECENT_US. Homes have 0.56 of inactivity a week at the normal setting
#: (docs/detectors/inactivity.md), so 1.1 a fortnight, and by chance alone three in one fortnight of ten; of the
#: everyday watches, 0.22 a week, in one of a hundred.
LEAST_FALSE = 3
RECENT_US = 14 * _DAY_US
#: One real one among four alarms, and they are worth their way.
FALSE_TO_REAL = 3
#: A real one may be told so much later. Harm grows from an hour on the floor on (the "long lie": Wild 1981; Fleming and
#: Brayne 2008, BMJ 337:a2227): half of that, and no more, may be spent on quiet.
LATER_MOST_US = 30 * 60 * 1_000_000
#: How long a no holds: by then every alarm that the proposal was made of has left the window.
QUIET_US = WINDOW_US

#: Kinds whose detectors have operating points that follow the setting.
FOLLOWING = frozenset({FindingKind.INACTIVITY, FindingKind.ROUTINE, FindingKind.WANDERING})
#: The setting one step calmer.
CALMER = {Sensitivity.KEENER: Sensitivity.NORMAL, Sensitivity.NORMAL: Sensitivity.CALMER}
_REAL = frozenset({Outcome.REAL_INJURED, Outcome.REAL_UNHURT})
#: Begins the model of what is told because a weak fall met something else.
_MET = "meeting"


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """What asks for a proposal: the false alarms of one kind, and all alarms that it will be measured on."""

    kind: FindingKind
    before: Sensitivity
    after: Sensitivity
    false: tuple[Alert, ...]
    judged: int
    measured: tuple[Alert, ...]  # of all kinds that follow the setting, false or real, oldest first

    @property
    def real(self) -> tuple[Alert, ...]:
        """The real ones among them."""
        return tuple(alert for alert in self.measured if is_real(alert))

    def rests_on(self, proposal: Proposal) -> bool:
        """Whether a proposal was made of just this, so that nothing new is to be learnt by playing it again.

        One that was withdrawn since its case was gone is made anew when the case is back.
        """
        if proposal.state is ProposalState.READING or (
            proposal.state is ProposalState.WITHDRAWN and proposal.against is None
        ):
            return False
        return (
            (self.kind, self.before) == (proposal.kind, proposal.before)
            and set(proposal.false_alarms) == {alert.id for alert in self.false}
            and set(proposal.real) == {alert.id for alert in self.real}
        )


def is_real(alert: Alert) -> bool:
    """Whether somebody needed help."""
    return alert.outcome in _REAL


def setting_since(settings: Sequence[tuple[int, ResidentConfig]], resident: str) -> int:
    """Return since when a resident's last sensitivity holds in a unit; 0: for as long as is known.

    ``settings`` are the unit's, (since when, how), oldest first.
    """
    since_us, held = 0, Sensitivity.NORMAL
    for changed_us, config in settings:
        if config.resident == resident and config.here and config.sensitivity != held:
            since_us, held = changed_us, config.sensitivity
    return since_us


def case_now(
    latest: Proposal | None,
    alerts: Sequence[Alert],
    missed: Sequence[int],
    setting: Sensitivity,
    since_us: int,
    now_us: int,
    off: Collection[str] = (),
) -> Case | None:
    """Return what asks for a calmer setting, beside the latest proposal: for one that is live, if it still holds.

    ``missed``: when something happened to the resident that nobody was called for, as people report it. ``off``: codes
    of what is not watched for any more: that rings no more under either setting, and says nothing for or against one.
    """
    if any(at_us >= now_us - WINDOW_US for at_us in missed):
        return None
    kept = latest is not None and latest.state in LIVE_STATES and latest.before is setting
    return case_of([each for each in alerts if _watch_of(each) not in off], setting, since_us, now_us, kept=kept)


def _watch_of(alert: Alert) -> str:
    """Return which watch an alert is of, by its code among those that can be left off."""
    reasons = alert.evidence.reasons
    code = reasons[0].code if reasons else ""
    if code in frozenset(Watchable):
        return code
    return Watchable.INACTIVITY if alert.kind is FindingKind.INACTIVITY else alert.kind


def case_of(
    alerts: Sequence[Alert], setting: Sensitivity, since_us: int, now_us: int, *, kept: bool = False
) -> Case | None:
    """Return what asks for a calmer setting of a resident, None: nothing does.

    ``alerts`` are theirs in their unit, ``since_us`` is when ``setting`` began. ``kept``: whether a proposal that there
    is still holds, for which false alarms need not be as recent.
    """
    after = CALMER.get(setting)
    if after is None:
        return None
    begin_us = max(since_us, now_us - WINDOW_US)
    known = [alert for alert in alerts if alert.raised_us >= now_us - WINDOW_US and _judged(alert)]
    # Whatever was set since: the guard may have been raised because of it.
    if any(_forbids(alert) for alert in known if is_real(alert)):
        return None
    present = [alert for alert in known if alert.raised_us >= begin_us and alert.kind in FOLLOWING]
    measured = sorted(present, key=lambda each: (each.event_us, each.id))
    recent_us = begin_us if kept else max(begin_us, now_us - RECENT_US)
    cases = [_case(kind, measured, recent_us, setting, after) for kind in sorted(FOLLOWING)]
    # The kind that rang most for nothing; of two alike the first by name.
    return max((each for each in cases if each), key=lambda each: len(each.false), default=None)


def _case(
    kind: FindingKind, measured: list[Alert], recent_us: int, before: Sensitivity, after: Sensitivity
) -> Case | None:
    own = [alert for alert in measured if alert.kind is kind]
    false = tuple(alert for alert in own if not is_real(alert))
    recent = sum(alert.raised_us >= recent_us for alert in false)
    if recent < LEAST_FALSE or len(false) < FALSE_TO_REAL * (len(own) - len(false)):
        return None
    return Case(kind=kind, before=before, after=after, false=false, judged=len(own), measured=tuple(measured))


def _judged(alert: Alert) -> bool:
    """Whether an alert says something: tests, faults of a device and what the wearer cancelled do not."""
    return is_real(alert) or alert.outcome is Outcome.FALSE_ALARM


def _forbids(alert: Alert) -> bool:
    """Whether a real one forbids a calmer setting, whatever a preview shows."""
    if alert.kind in FOLLOWING:
        return alert.outcome is Outcome.REAL_INJURED or alert.late
    return alert.kind is FindingKind.FALL and any(told.model.startswith(_MET) for told in alert.sources.values())


def waits(latest: Proposal | None, now_us: int) -> bool:
    """Whether nobody is to be asked now, because the last answer was no."""
    if latest is None or latest.state not in (ProposalState.DECLINED, ProposalState.UNDONE):
        return False
    return now_us < asked_again_us(latest)


def asked_again_us(proposal: Proposal) -> int:
    """Return when somebody who said no may be asked again."""
    said_no = [step.at_us for step in proposal.steps if step.act in (ProposalAct.DECLINED, ProposalAct.UNDONE)]
    return max(said_no, default=proposal.made_us) + QUIET_US


def against(kind: FindingKind, preview: Preview) -> Against | None:
    """Return what in a preview speaks against the proposal, None: nothing."""
    real = [alarm for alarm in preview.alarms if alarm.outcome in _REAL]
    if any(alarm.would is Would.STAY_AWAY for alarm in real):
        return Against.REAL_LOST
    if any(alarm.later_us > LATER_MOST_US for alarm in real):
        return Against.REAL_LATE
    if real and (not preview.enough or any(alarm.would is Would.UNKNOWN for alarm in real)):
        return Against.REAL_UNKNOWN
    if preview.enough and not any(alarm.would is Would.STAY_AWAY for alarm in _false(kind, preview)):
        return Against.SPARES_NONE
    return None


def _false(kind: FindingKind, preview: Preview) -> list[Played]:
    return [alarm for alarm in preview.alarms if alarm.kind is kind and alarm.outcome not in _REAL]
