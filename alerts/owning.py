"""Who has an alert, and until when: the handlers of the life cycle's table for the owner's words and their end."""

from typing import Any

from alerts.changing import changed_to
from alerts.deadlines import LONGEST_HOLD_US, is_over, left_us, must_go, patience_us
from alerts.events import PLATFORM, Claimed, Event, Extended, Held, Lapsed, Released, Why
from schemas.alert import Alert, AlertState, Change, StepKind
from schemas.errors import BrokenRule


def ends_hold(alert: Alert) -> dict[str, Any]:
    """Return what history keeps of a hold that news ended."""
    return {"ends_hold": True, "owner": alert.claimed_by} if alert.state is AlertState.HELD else {}


def nobodys(alert: Alert, target: AlertState) -> dict[str, Any]:
    """Return what an alert forgets when it asks for somebody anew; the history keeps it."""
    asks_anew = alert.state is not AlertState.RAISED and target is AlertState.RAISED
    return dict.fromkeys(("claimed_by", "claimed_us", "due_us", "due_since_us")) if asks_anew else {}


def claimed(alert: Alert, event: Event, target: AlertState) -> Change:
    """Somebody goes."""
    assert isinstance(event, Claimed)  # noqa: S101
    if alert.claimed_by == event.actor and alert.state is not AlertState.HELD:
        return Change(alert)
    if alert.claimed_by not in (None, event.actor):
        raise BrokenRule("already_claimed", f"{alert.claimed_by} has claimed this alert already.")
    until = _until(event, event.at_us + _patience_us(alert, event))
    changed = {"claimed_by": event.actor, "claimed_us": alert.claimed_us or event.at_us, **until}
    return changed_to(alert, event, target, StepKind.CLAIMED, changed, {"due_us": until["due_us"]})


def extended(alert: Alert, event: Event, target: AlertState) -> Change:
    """The owner is still on it."""
    assert isinstance(event, Extended)  # noqa: S101
    if event.actor == PLATFORM:  # the clock was set back: the same time again, counted from now
        until, data = _until(event, event.at_us + left_us(alert)), {"why": "clock"}
    else:
        _owner_only(alert, event)
        if alert.state is AlertState.HELD:
            raise BrokenRule("held", "You hold this alert until a time: hold it for longer, or claim it.")
        until, data = _until(event, event.at_us + _patience_us(alert, event)), {}
    return changed_to(alert, event, target, StepKind.EXTENDED, until, {"due_us": until["due_us"], **data})


def held(alert: Alert, event: Event, target: AlertState) -> Change:
    """The owner comes back at a time."""
    assert isinstance(event, Held)  # noqa: S101
    if alert.state is AlertState.RAISED and must_go(alert, event.at_us):
        raise BrokenRule("claim_first", "Nobody has gone yet: claim it first, then it can be held.")
    if alert.state is not AlertState.RAISED:
        _owner_only(alert, event)
    longest_us = LONGEST_HOLD_US[alert.severity]
    if not event.at_us < event.until_us <= event.at_us + longest_us:
        minutes = longest_us // 60_000_000
        raise BrokenRule("hold_too_long", f"An alert of this severity is held until later, at most {minutes} minutes.")
    claim = {"claimed_by": event.actor, "claimed_us": alert.claimed_us or event.at_us}
    data = {"until_us": event.until_us}
    return changed_to(alert, event, target, StepKind.HELD, claim | _until(event, event.until_us), data)


def lapsed(alert: Alert, event: Event, target: AlertState) -> Change:
    """The owner's time ran out."""
    assert isinstance(event, Lapsed)  # noqa: S101
    if event.why is not Why.NEWS and not is_over(alert, event.at_us):
        return Change(alert)  # its owner was faster than the timer
    data = {"owner": alert.claimed_by, "why": event.why, "due_us": alert.due_us}
    return changed_to(alert, event, target, StepKind.LAPSED, nobodys(alert, target), data, rings=True)


def _until(event: Event, due_us: int) -> dict[str, int]:
    return {"due_us": due_us, "due_since_us": event.at_us}


def _patience_us(alert: Alert, event: Claimed | Extended) -> int:
    return patience_us(alert.severity) if event.patience_us is None else event.patience_us


def _owner_only(alert: Alert, event: Event) -> None:
    if alert.claimed_by != event.actor:
        raise BrokenRule("not_owner", f"{alert.claimed_by} has this alert; only the owner says until when.")


def released(alert: Alert, event: Event, target: AlertState) -> Change:
    """The owner gave it back, or somebody in charge took it."""
    assert isinstance(event, Released)  # noqa: S101
    if alert.claimed_by != event.actor and not event.override:
        raise BrokenRule("not_owner", f"{alert.claimed_by} has claimed this alert; only the owner gives it back.")
    data = {"owner": alert.claimed_by}
    return changed_to(alert, event, target, StepKind.RELEASED, nobodys(alert, target), data, rings=True)
