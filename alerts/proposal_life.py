"""The life of a proposal: what people and the platform may do to it, as pure functions that return it as it is then.

A repetition by the same person changes nothing; where somebody was faster, BrokenRule says who.
"""

import msgspec

from alerts.events import PLATFORM
from alerts.proposing import Case, against
from schemas.errors import BrokenRule
from schemas.proposal import LIVE_STATES, Preview, Proposal, ProposalAct, ProposalState, ProposalStep

_OPEN, _ACCEPTED, _DECLINED = ProposalState.OPEN, ProposalState.ACCEPTED, ProposalState.DECLINED
#: What a person does: from which state, to which, and what is written down.
_ACTS = {
    ProposalAct.ACCEPTED: (_OPEN, _ACCEPTED),
    ProposalAct.DECLINED: (_OPEN, _DECLINED),
    ProposalAct.UNDONE: (_ACCEPTED, ProposalState.UNDONE),
    ProposalAct.REOPENED: (_DECLINED, _OPEN),
}
_WAS = {
    _ACCEPTED: "accepted this",
    _DECLINED: "declined this",
    ProposalState.UNDONE: "took this back",
    ProposalState.WITHDRAWN: "withdrew this",
}


def made(case: Case, proposal_id: str, resident: str, unit: str, now_us: int) -> Proposal:
    """Return the proposal of a case, about to be played."""
    return Proposal(
        id=proposal_id,
        resident=resident,
        unit=unit,
        kind=case.kind,
        before=case.before,
        after=case.after,
        state=ProposalState.READING,
        false_alarms=tuple(alert.id for alert in case.false),
        judged=case.judged,
        real=tuple(alert.id for alert in case.real),
        made_us=now_us,
        steps=(_step(ProposalAct.MADE, PLATFORM, now_us),),
    )


def played(proposal: Proposal, case: Case, preview: Preview, now_us: int) -> Proposal:
    """Return a live proposal with the preview of its case: open, withheld, or withdrawn if somebody was asked already.

    One that somebody answered meanwhile stays as it is.
    """
    if proposal.state not in LIVE_STATES:
        return proposal
    why = against(case.kind, preview)
    asked = proposal.state is _OPEN
    state = _OPEN if why is None else ProposalState.WITHDRAWN if asked else ProposalState.WITHHELD
    steps = (*proposal.steps, _step(ProposalAct.PLAYED, PLATFORM, now_us))
    if state is ProposalState.WITHDRAWN:
        steps = (*steps, _step(ProposalAct.WITHDRAWN, PLATFORM, now_us))
    return msgspec.structs.replace(
        proposal,
        kind=case.kind,
        false_alarms=tuple(alert.id for alert in case.false),
        judged=case.judged,
        real=tuple(alert.id for alert in case.real),
        state=state,
        progress=1.0,
        against=why,
        preview=preview,
        steps=steps,
    )


def withdrawn(proposal: Proposal, now_us: int) -> Proposal:
    """Return a live proposal withdrawn, since what it was made of no longer holds; any other as it is."""
    if proposal.state not in LIVE_STATES:
        return proposal
    steps = (*proposal.steps, _step(ProposalAct.WITHDRAWN, PLATFORM, now_us))
    return msgspec.structs.replace(proposal, state=ProposalState.WITHDRAWN, steps=steps)


def acted(proposal: Proposal, act: ProposalAct, actor: str, now_us: int) -> Proposal:
    """Return a proposal that a person accepted, declined or took back. BrokenRule says who was faster."""
    needs, target = _ACTS[act]
    last = proposal.steps[-1] if proposal.steps else None
    if proposal.state is target and last is not None and last.actor == actor:
        return proposal
    if proposal.state is not needs:
        raise BrokenRule(*_refusal(proposal, last))
    steps = (*proposal.steps, _step(act, actor, now_us))
    return msgspec.structs.replace(proposal, state=target, steps=steps)


def undoing(proposal: Proposal) -> ProposalAct:
    """Return what taking back means now: the setting is restored, or a no asks again."""
    last = proposal.steps[-1].act if proposal.steps else None
    reopened = proposal.state is _OPEN and last is ProposalAct.REOPENED
    return ProposalAct.REOPENED if reopened or proposal.state is _DECLINED else ProposalAct.UNDONE


def _refusal(proposal: Proposal, last: ProposalStep | None) -> tuple[str, str]:
    if proposal.state in _WAS and last is not None:
        who = "The platform" if last.actor == PLATFORM else last.actor
        return f"already_{proposal.state}", f"{who} {_WAS[proposal.state]} already."
    if proposal.state is _OPEN:
        return "not_decided", "Nobody has decided this, so there is nothing to take back."
    return "not_open", "This cannot be decided now."


def _step(act: ProposalAct, actor: str, at_us: int) -> ProposalStep:
    return ProposalStep(act=act, at_us=at_us, actor=actor)
