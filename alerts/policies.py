"""Which ladder an alert walks: the nearest place that has one for it, and of that place's the most specific.

Rules of this file:

- The nearest place counts before the most specific ladder: whoever set a ladder for a ward decided for the ward.
- At one place a ladder for a kind *and* a severity comes before one for the kind, that before one for the severity, and
  that before the one for all else.
- A ladder that *goes on* is followed by that of the place above, as if the alert had been there; so up to the root.
- Who is no real person (a test) rings only what their own place has, and nothing above it.
"""

from collections.abc import Sequence

import msgspec

from schemas.alert import Severity
from schemas.finding import FindingKind
from schemas.ladder import USUAL_AFTER_S, Contacts, Ladder, LadderPolicy

#: Of the place above the first is told as if they were one more step: whoever was told before has their minute.
_NO_STEPS = Ladder()


def ladder_of(contacts: Contacts, resident: str, kind: FindingKind, severity: Severity) -> Ladder:
    """Return the ladder that an alert about a resident walks; one without steps where there is none."""
    test = resident in contacts.tests
    if not contacts.policies:  # mirrored by a platform that knew of one ladder a place
        return contacts.ladder_for(resident)
    known = [each for each in contacts.policies if not test or each.place == contacts.place]
    return ladder_for(known, kind, severity)


def ladder_for(policies: Sequence[LadderPolicy], kind: FindingKind, severity: Severity) -> Ladder:
    """Return the ladder for a kind and a severity, of those of the place and of those above it, nearest first."""
    found: Ladder | None = None
    for place in dict.fromkeys(each.place for each in policies):
        fitting = [each for each in policies if each.place == place and _fits(each, kind, severity)]
        if not fitting:
            continue
        nearest = max(fitting, key=_specific).ladder
        found = nearest if found is None else _followed(found, nearest)
        if not nearest.goes_on:
            break
    return _NO_STEPS if found is None else found


def _fits(policy: LadderPolicy, kind: FindingKind, severity: Severity) -> bool:
    return policy.kind in (None, kind) and policy.severity in (None, severity)


def _specific(policy: LadderPolicy) -> tuple[bool, bool]:
    return policy.kind is not None, policy.severity is not None


def _followed(ladder: Ladder, above: Ladder) -> Ladder:
    """Return a ladder with another's steps after its own; its own hours and patience hold."""
    if not above.steps:
        return ladder
    first = above.steps[0]
    begins = msgspec.structs.replace(first, after_s=first.after_s or USUAL_AFTER_S)
    return msgspec.structs.replace(ladder, steps=(*ladder.steps, begins, *above.steps[1:]))
