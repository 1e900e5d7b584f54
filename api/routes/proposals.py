"""Proposed settings: read one, accept it, decline it, take that back. What is allowed, alerts decides."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Path

from alerts import proposal_life, proposing
from api.access import SignedIn
from api.errors import Refusal, not_found
from api.models import ErrorBody, Id, Nothing
from api.present import Plain
from api.proposal_models import Proposal as ProposalSaid
from api.proposal_models import ProposalNow, ProposalsAsked
from api.runtime import Now, ThePool
from api.times import SECOND_US, iso
from schemas.errors import BrokenRule
from schemas.proposal import Played, Preview, Proposal, ProposalAct, ProposalState
from store import accounts, people, proposals
from store.people import Resident
from store.pool import Connection, Pool

router = APIRouter(prefix="/api/v1", tags=["proposals"], responses={404: {"model": ErrorBody}})
_REFUSES: dict[int | str, Plain] = {409: {"model": ErrorBody}}
#: Of an alarm raised in the window the silence can have begun long before.
_LOOKED_BACK_US = 2 * proposing.WINDOW_US

ProposalId = Annotated[Id, Path(examples=["pr_0123456789ab"])]


@router.get("/proposals", summary="Proposed settings that ask", response_model=ProposalsAsked)
async def list_proposals(caller: SignedIn, pool: ThePool) -> Plain:
    """Return the proposals that somebody may decide now, of all residents."""
    fields = ("id", "resident", "kind", "before", "after")
    return {
        "proposals": [
            {name: getattr(each, name) for name in fields} | {"made_time": iso(each.made_us)}
            for each in await proposals.asked(pool, caller.reach)
        ]
    }


@router.get("/residents/{resident_id}/proposal", summary="A proposed setting", response_model=ProposalNow)
async def read_resident_proposal(resident_id: Annotated[Id, Path()], pool: ThePool, now_us: Now) -> Plain:
    """Return the latest proposal that repeated false alarms of the resident led to, with its preview."""
    resident = await _resident(pool, resident_id)
    found = await proposals.latest(pool, resident_id)
    return {"proposal": None if found is None else await _said(pool, found, resident, now_us)}


@router.post(
    "/proposals/{proposal_id}/accept", summary="Set what is proposed", response_model=ProposalSaid, responses=_REFUSES
)
async def accept_proposal(
    proposal_id: ProposalId, caller: SignedIn, pool: ThePool, now_us: Now, _: Nothing | None = None
) -> Plain:
    """Change the resident's sensitivity as proposed. Refused where something has happened since that speaks against."""
    return await _decide(pool, proposal_id, ProposalAct.ACCEPTED, caller.user.name, now_us)


@router.post("/proposals/{proposal_id}/decline", summary="Leave it", response_model=ProposalSaid, responses=_REFUSES)
async def decline_proposal(
    proposal_id: ProposalId, caller: SignedIn, pool: ThePool, now_us: Now, _: Nothing | None = None
) -> Plain:
    """Leave the setting as it is. For 30 days nothing of the kind is proposed again."""
    return await _decide(pool, proposal_id, ProposalAct.DECLINED, caller.user.name, now_us)


@router.post(
    "/proposals/{proposal_id}/undo", summary="Take a decision back", response_model=ProposalSaid, responses=_REFUSES
)
async def undo_proposal(
    proposal_id: ProposalId, caller: SignedIn, pool: ThePool, now_us: Now, _: Nothing | None = None
) -> Plain:
    """Restore the setting as it was before it was accepted; or let a declined proposal ask again."""
    return await _decide(pool, proposal_id, None, caller.user.name, now_us)


async def _decide(pool: Pool, proposal_id: str, act: ProposalAct | None, actor: str, now_us: int) -> Plain:
    """Carry out ``act`` (None: what takes the last decision back); a refusal carries the proposal as it stands."""
    await _found(pool, proposal_id)

    async def still(conn: Connection, locked: Proposal) -> None:
        if act is None:
            await _is_latest(conn, locked)
        elif act is ProposalAct.ACCEPTED:
            await _still_holds(conn, locked, now_us)

    decide: Callable[[Proposal], Proposal] = lambda each: proposal_life.acted(  # noqa: E731
        each, act or proposal_life.undoing(each), actor, now_us
    )
    try:
        await proposals.decide(pool, proposal_id, decide, now_us, still=still)
    except BrokenRule as refusal:
        beside = {"proposal": await _said(pool, *await _found(pool, proposal_id), now_us)}
        raise Refusal(409, refusal.code, str(refusal), beside=beside) from refusal
    return await _said(pool, *await _found(pool, proposal_id), now_us)


async def _resident(pool: Pool, resident_id: str) -> Resident:
    found = await people.resident(pool, resident_id)
    if found is None:
        raise not_found("resident")
    return found


async def _found(pool: Pool, proposal_id: str) -> tuple[Proposal, Resident]:
    found = await proposals.one(pool, proposal_id)
    resident = None if found is None else await people.resident(pool, found.resident)
    if found is None or resident is None:
        raise not_found("proposal")
    return found, resident


async def _is_latest(conn: Connection, found: Proposal) -> None:
    latest = await proposals.latest(conn, found.resident)
    if latest is not None and latest.id != found.id:
        raise BrokenRule("overtaken", "There is a later proposal; this one cannot be taken back any more.")


async def _still_holds(conn: Connection, found: Proposal, now_us: int) -> None:
    """Raise BrokenRule when a real one came, or the setting changed, that the preview does not know of yet."""
    resident = await people.resident(conn, found.resident)
    if resident is None:
        raise BrokenRule("not_found", "There is no such resident.")
    basis = await proposals.basis(conn, resident.id, resident.unit, now_us - _LOOKED_BACK_US, now_us)
    since_us = proposing.setting_since(basis.settings, resident.id)
    case = proposing.case_now(
        found, basis.alerts, basis.missed, resident.sensitivity, since_us, now_us, resident.watches_off
    )
    if case is None or resident.unit != found.unit or not {each.id for each in case.real} <= set(found.real):
        sentence = "Something has happened since that this does not know of. Nothing was changed; look again soon."
        raise BrokenRule("overtaken", sentence)


async def _said(pool: Pool, found: Proposal, resident: Resident, now_us: int) -> Plain:
    names = {user.name: user.display_name for user in await accounts.users(pool)}
    waits = proposing.waits(found, now_us)
    return {
        "id": found.id,
        "resident": found.resident,
        "kind": found.kind,
        "before": found.before,
        "after": found.after,
        "state": found.state,
        "standing": _standing(found, resident),
        "false_alarms": len(found.false_alarms),
        "judged": found.judged,
        "progress": round(found.progress, 3),
        "against": found.against,
        "asked_again": iso(proposing.asked_again_us(found)) if waits else None,
        "preview": None if found.preview is None else _preview(found.preview),
        "steps": [
            {"act": step.act, "time": iso(step.at_us), "actor": step.actor, "name": names.get(step.actor, step.actor)}
            for step in found.steps
        ],
    }


def _standing(found: Proposal, resident: Resident) -> str:
    """Return what may be done with a proposal by the setting as it is: it may be decided, taken back, or nothing."""
    held = found.after if found.state is ProposalState.ACCEPTED else found.before
    if resident.unit != found.unit or resident.sensitivity != held:
        return "over"
    if found.state is ProposalState.OPEN:
        return "asks"
    return "decided" if found.state in (ProposalState.ACCEPTED, ProposalState.DECLINED) else "over"


def _preview(shown: Preview) -> Plain:
    return {
        "start": iso(shown.start_us),
        "end": iso(shown.end_us),
        "days": shown.days,
        "enough": shown.enough,
        "too_much": shown.too_much,
        "alarms": [_alarm(each) for each in shown.alarms],
    }


def _alarm(each: Played) -> Plain:
    return {
        "alert": each.alert,
        "kind": each.kind,
        "code": each.code,
        "event_time": iso(each.event_us),
        "raised_time": iso(each.raised_us),
        "outcome": each.outcome,
        "would": each.would,
        "later_s": each.later_us / SECOND_US,
    }
