"""How a handler of the life cycle writes down what it made of an alert; one place for version, step and effects."""

from typing import Any

import msgspec

from alerts.events import Event
from schemas.alert import Alert, AlertState, Change, Step, StepKind
from schemas.effects import Effect, Notify


def changed_to(
    alert: Alert,
    event: Event,
    target: AlertState,
    kind: StepKind,
    changed: dict[str, Any],
    data: dict[str, Any],
    *,
    rings: bool = False,
) -> Change:
    """Return ``alert`` with ``changed``, in the state ``target``, and the step of it; ``rings``: people are told."""
    if target is not AlertState.RAISED and alert.silent_until_us is not None:
        changed = changed | {"silent_until_us": None}
    new = msgspec.structs.replace(alert, **changed, state=target, version=alert.version + 1)
    effects: tuple[Effect, ...] = (notify_of(new, kind),) if rings else ()
    return Change(new, (Step(kind=kind, at_us=event.at_us, actor=event.actor, data=data),), effects)


def notify_of(alert: Alert, kind: StepKind) -> Notify:
    """Return the request to tell people of an alert's step."""
    return Notify(alert=alert.id, unit=alert.unit, step=kind)
