"""Who is to be told now, and when next: a pure function of an alert's history, a ladder and what was sent.

Rules of this file:

- An alert *rings* while it is raised and not low. Claimed, resolved, closed, or low since the person moves again: it
  does not. Each time it asks for somebody anew (released, reopened, louder again) a new *round* begins at the first
  step; within a round each step is sent once.
- Whoever has it has it until a time: when that has passed a new round begins; after a hold with who held it.
- What is high and nobody claims begins again after its last step, each *turn* after a longer pause, for a day.
- What happens again much later rings anew, claimed or not: whoever claimed it then has long been there and gone, and
  forgot to say so.
- A step is due ``after_s`` after the one before it was first tried; so what held us up never sends all steps at once,
  and whoever is told first has a minute. A step that cannot be delivered does not make the next one wait.
- A person may have several ways: each is due some seconds after the one before, or as soon as that one failed; the
  next person waits for none of them longer than for the first.
- A clock that was set back in the middle makes the next step due at once, and those after it as ever.
- Quiet hours hold back only what is not high, no fall, and not told by a watch of people who are up at night.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import count
from zoneinfo import ZoneInfo

import msgspec

from alerts.deadlines import SET_BACK_US
from alerts.events import Why
from alerts.policy import OVER, STALE_US
from schemas.alert import OPEN_STATES, Alert, AlertState, Severity, Step, StepKind
from schemas.finding import FindingKind
from schemas.ladder import USUAL_AFTER_S, Ladder
from schemas.watch import Watchable

_SECOND_US = 1_000_000
_MINUTE_US = 60 * _SECOND_US
_DAY_MINUTES = 24 * 60
#: Steps of the history after which nobody needs to be rung any more, and those after which somebody does again.
_STOPS = frozenset({StepKind.CLAIMED, StepKind.EXTENDED, StepKind.HELD, StepKind.RESOLVED, StepKind.CLOSED})
_STARTS = frozenset({StepKind.RELEASED, StepKind.REOPENED, StepKind.LAPSED})
#: What happens again so long after a round began is not the same event told twice: whoever was called then and did not
#: come is called anew. Longer than a usual ladder takes.
ANEW_US = 10 * _MINUTE_US
#: What makes an alert that had grown quiet ring again, unless somebody has it in hand.
_LOUD_AGAIN = frozenset({StepKind.RECURRED, StepKind.STAGED, StepKind.JOINED})
#: What quiet hours never hold back, however severe: with a part of the platform down nobody may be watched at all.
_NEVER_HELD = frozenset({FindingKind.FALL, FindingKind.PLATFORM})
#: Nor these: somebody got up and may lie on the floor now. The first speaks at night alone, and held until the morning
#: it would tell nobody; the second, of a stay since the evening, is no sleep either. Together they rang for nothing
#: once in nine weeks of a home at most, by day and night (docs/detectors/everyday.md). Silence, which may be sleep,
#: waits where people chose so.
_UP_AT_NIGHT = frozenset({Watchable.NOT_BACK_IN_BED, Watchable.LONG_IN_BATHROOM})


#: The longest pause between two turns: whoever comes on duty is called within the hour.
LONGEST_PAUSE_US = 60 * _MINUTE_US
#: More would only make a great number: an hour is reached long before.
_DOUBLINGS = 10
#: So long after its round began nobody is called any more: what is a day old is looked at, not run to (alerts.policy).
TURNS_US = STALE_US


class Standing(msgspec.Struct, frozen=True):
    """Where an alert's ringing stands: which round, since when, whether it rings now, and who is told first in it."""

    round: int
    since_us: int
    rings: bool
    first: str | None = None


class Sent(msgspec.Struct, frozen=True):
    """A step of the present round that was begun at ``at_us``; ``failed``: it could not be delivered so far.

    ``step`` counts calls, on from turn to turn: of a ladder of three, each with one way, 3 is the first one again.
    """

    step: int
    at_us: int
    failed: bool = False


class Plan(msgspec.Struct, frozen=True):
    """The steps to send now, and when to ask again: None when this round has nothing more to send."""

    due: tuple[int, ...] = ()
    next_us: int | None = None


def standing(alert: Alert, history: Sequence[Step]) -> Standing:
    """Return where the ringing stands, by the alert's history, oldest first."""
    number, since_us, rings, owned, first = 0, alert.raised_us, True, False, None
    last_us = alert.raised_us  # when somebody was last called, or came
    for step in history:
        if step.kind is StepKind.EXTENDED and "why" in step.data:
            continue  # the clock was set back, and nobody said anything
        if step.kind in _STOPS:
            rings, owned, last_us = False, True, step.at_us
        elif step.kind in _STARTS or step.data.get("ends_hold"):
            owned = False
        elif _lets_be(step):
            rings = False
            continue
        elif step.kind not in _LOUD_AGAIN or step.data.get("calls") is False or "update" in step.data:
            continue
        anew = step.kind is StepKind.RECURRED and step.at_us - last_us >= ANEW_US
        # Whoever claimed a fall goes; that the person then asks for help is not theirs to know unless they are told.
        anew = anew or (owned and step.kind is StepKind.JOINED and step.data.get("kind") == FindingKind.SOS)
        if anew or not (owned or rings):
            number, since_us, rings, owned, last_us = number + 1, step.at_us, True, False, step.at_us
            first = step.data.get("owner") if step.data.get("why") == Why.HOLD else None
    rings = rings and alert.state in OPEN_STATES and alert.severity is not Severity.LOW
    if alert.state is AlertState.RAISED:  # somebody is with the resident: it waits
        since_us = max(since_us, alert.silent_until_us or 0)
    return Standing(number, since_us, rings, first)


def _lets_be(step: Step) -> bool:
    """Whether a step ends the ringing without anybody having come: seen up again, or pressed that they are well."""
    lowered = step.kind is StepKind.STAGED and step.data.get("severity") == Severity.LOW
    return lowered or step.kind is StepKind.CANCELLED


def begins_with(ladder: Ladder, first: str | None) -> Ladder:
    """Return the ladder whose first step is that of ``first``, who looked at it already; as it is without such a step.

    Whoever was first before is told after the wait that the other one had.
    """
    theirs = next((step for step in ladder.steps if step.recipient == first), None)
    if theirs is None or theirs is ladder.steps[0]:
        return ladder
    others = [step for step in ladder.steps if step is not theirs]
    second = msgspec.structs.replace(others[0], after_s=others[0].after_s or theirs.after_s or USUAL_AFTER_S)
    steps = (msgspec.structs.replace(theirs, after_s=0.0), second, *others[1:])
    return msgspec.structs.replace(ladder, steps=steps)


def up_at_night(alert: Alert) -> bool:
    """Whether somebody who told of an alert, and did not take it back, misses a person who is up: no night's rest."""
    told = [source.code for source in alert.sources.values() if source.stage not in OVER]
    return not _UP_AT_NIGHT.isdisjoint(told)


def plan(
    kind: FindingKind,
    severity: Severity,
    now: Standing,
    ladder: Ladder,
    sent: Sequence[Sent],
    now_us: int,
    *,
    up: bool = False,
) -> Plan:
    """Return what is due at ``now_us``. ``sent`` are the steps of this round that were begun; ``up``: up_at_night."""
    if not now.rings or severity is Severity.LOW:
        return Plan()
    begun, calls = {each.step: each for each in sent}, ladder.calls
    due: list[int] = []
    free_us = first_us = now.since_us  # when the call before, and its person's first call, were begun
    for index in count():
        turn, place = divmod(index, len(calls) or 1)
        if place == len(calls) or (turn and severity is not Severity.HIGH):
            break
        if index in begun:
            free_us = begun[index].at_us
            if free_us > now_us + SET_BACK_US:  # nobody knows how long ago that was: the next is not kept waiting
                free_us = 0
            first_us = free_us if calls[place].way == 0 else first_us
            continue
        at_us = _at_us(ladder, index, begun, free_us, first_us)
        if severity is not Severity.HIGH and kind not in _NEVER_HELD and not up:
            at_us = _after_quiet_hours(ladder, at_us)
        if turn and at_us >= now.since_us + TURNS_US:
            break
        if at_us > now_us:
            return Plan(tuple(due), at_us)
        due.append(index)
        free_us = now_us
        first_us = free_us if calls[place].way == 0 else first_us
    return Plan(tuple(due))


def _at_us(ladder: Ladder, index: int, begun: Mapping[int, Sent], free_us: int, first_us: int) -> int:
    """Return when a call is due, the one before it begun at ``free_us``, that one's person first at ``first_us``.

    A person is called ``after_s`` after the one before was *first* called: a second way delays nobody. Where the ways
    between came late, the rest of the time is kept after the last of them, so that not all ring at once.
    """
    calls = ladder.calls
    turn, place = divmod(index, len(calls))
    if turn and place == 0:
        return free_us + min(round(ladder.again_s * _SECOND_US) << min(turn - 1, _DOUBLINGS), LONGEST_PAUSE_US)
    # A further way follows one that failed, another person one whom no way reached.
    tried = 1 if calls[place].way or place == 0 else calls[place - 1].way + 1
    if all((sent := begun.get(index - 1 - n)) is not None and sent.failed for n in range(tried)):
        return free_us
    wait_us = round(calls[place].after_s * _SECOND_US)
    if calls[place].way or place == 0 or not calls[place - 1].way:
        return free_us + wait_us
    rest_us = max(wait_us - round(calls[place - 1].way_s * _SECOND_US), 0)
    return max(first_us + wait_us, free_us + rest_us)


def _after_quiet_hours(ladder: Ladder, at_us: int) -> int:
    """Return ``at_us``, or the end of the quiet hours that it lies in."""
    if ladder.quiet is None:
        return at_us
    local = datetime.fromtimestamp(at_us / _SECOND_US, ZoneInfo(ladder.timezone))
    length = (ladder.quiet.end - ladder.quiet.start) % _DAY_MINUTES
    passed = (local.hour * 60 + local.minute - ladder.quiet.start) % _DAY_MINUTES
    if passed >= length:
        return at_us
    return at_us - at_us % _MINUTE_US + (length - passed) * _MINUTE_US
