"""Alerts: read them, and move them through their life. What is allowed is decided in alerts.life, nowhere here."""

from collections.abc import Callable
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Response

from alerts import life
from alerts.deadlines import patience_us
from alerts.events import Claimed, Closed, Event, Extended, Held, Noted, Released, Reopened, Resolved
from api import home_day, present, way
from api.access import SignedIn
from api.errors import Refusal, not_found
from api.ground_models import AlertWay
from api.models import (
    Alert,
    AlertDay,
    Alerts,
    AlertTrace,
    AlertWithSteps,
    Conflict,
    ErrorBody,
    Hold,
    Id,
    Note,
    Nothing,
    Resolve,
)
from api.present import Plain
from api.recorded import around_alert
from api.runtime import Now, ThePool, TheRuntime
from api.times import Time
from schemas import alert as records
from schemas.errors import BrokenRule
from schemas.finding import FindingKind
from store import alerts, contacts, outcomes
from store.pool import Pool

router = APIRouter(prefix="/api/v1/alerts", tags=["alerts"], responses={404: {"model": ErrorBody}})
_REFUSES: dict[int | str, Plain] = {409: {"model": Conflict}}
#: More does not fit a head, nor a screen.
MAX_LISTED = 1000

AlertId = Annotated[Id, Path(examples=["al_0123456789abcdef01234567"])]
Status = Literal["open", "raised", "claimed", "held", "resolved", "closed", "all"]


@router.get("", summary="List alerts", responses={200: {"model": Alerts}})
async def list_alerts(
    caller: SignedIn,
    pool: ThePool,
    status: Annotated[Status, Query(description="`open` is raised, claimed and held")] = "open",
    since: Annotated[Time | None, Query(description="Raised at or after")] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LISTED)] = 200,
) -> Response:
    """Return alerts, loudest first, newest on top."""
    found = await alerts.listed(pool, status=status, since_us=since, limit=limit, reach=caller.reach)
    # Every console asks for all of them each minute: checked against the model once more, a thousand took four times
    # as long, and all others wait for it (tests/api/test_alerts.py checks instead).
    body = present.json_text({"alerts": await present.all_alerts(pool, found)})
    return Response(body, media_type="application/json")


@router.get("/{alert_id}", summary="One alert with its history", response_model=AlertWithSteps)
async def read_alert(alert_id: AlertId, pool: ThePool) -> Plain:
    """Return an alert and every step of it, oldest first."""
    found = await _found(pool, alert_id)
    steps = [present.step(logged) for logged in await alerts.steps(pool, alert_id)]
    return {**(await present.all_alerts(pool, [found]))[0], "steps": steps}


@router.get("/{alert_id}/trace", summary="The acceleration around an alert", responses={200: {"model": AlertTrace}})
async def read_alert_trace(alert_id: AlertId, pool: ThePool, now_us: Now) -> Response:
    """Return |a| and its axes from 60 s before the event to 60 s after, from the evidence once that is complete."""
    body = await around_alert(pool, await _found(pool, alert_id), now_us)
    return Response(body, media_type="application/json")


@router.get("/{alert_id}/day", summary="The home's hours around the alert", response_model=AlertDay)
async def read_alert_day(alert_id: AlertId, pool: ThePool, now_us: Now) -> Plain:
    """Return in which rooms signs of life were seen around an alert of a home's rhythm; `expected` is in the alert."""
    return await home_day.around_alert(pool, await _found(pool, alert_id), now_us)


@router.get("/{alert_id}/way", summary="The way of somebody who wanders", response_model=AlertWay)
async def read_alert_way(alert_id: AlertId, runtime: TheRuntime, pool: ThePool, now_us: Now) -> Plain:
    """Return where a resident walked around an alert of wandering, where they were last, and who was in which room."""
    found = await _found(pool, alert_id)
    if found.kind is not FindingKind.WANDERING:
        raise not_found("way")  # of other alerts it is nobody's business where somebody was
    return await way.around_alert(pool, runtime.usual, found, runtime.settings.map_tiles, now_us)


@router.post("/{alert_id}/claim", summary="I am going", response_model=Alert, responses=_REFUSES)
async def claim_alert(
    alert_id: AlertId, caller: SignedIn, pool: ThePool, now_us: Now, _: Nothing | None = None
) -> Plain:
    """Claim an alert. Claiming one's own again changes nothing; another's is refused, and the answer says whose."""
    ladder = await contacts.ladder_of_alert(pool, alert_id)
    decide = lambda alert: life.apply(  # noqa: E731
        alert,
        Claimed(at_us=now_us, actor=caller.user.name, patience_us=patience_us(alert.severity, ladder.patience)),
    )
    return await _decide(pool, alert_id, decide)


@router.post("/{alert_id}/extend", summary="I am still on it", response_model=Alert, responses=_REFUSES)
async def extend_alert(
    alert_id: AlertId, caller: SignedIn, pool: ThePool, now_us: Now, _: Nothing | None = None
) -> Plain:
    """Give one's claim another deadline; without it the alert is raised again for everybody at `due_time`."""
    ladder = await contacts.ladder_of_alert(pool, alert_id)
    decide = lambda alert: life.apply(  # noqa: E731
        alert,
        Extended(at_us=now_us, actor=caller.user.name, patience_us=patience_us(alert.severity, ladder.patience)),
    )
    return await _decide(pool, alert_id, decide)


@router.post("/{alert_id}/hold", summary="Looked at; I come back", response_model=Alert, responses=_REFUSES)
async def hold_alert(alert_id: AlertId, body: Hold, caller: SignedIn, pool: ThePool, now_us: Now) -> Plain:
    """Hold an alert until a time: then, or with news, it is raised again. One that nobody has is claimed by it.

    A call for help, and a fall of these minutes, must be claimed first.
    """
    return await _change(pool, alert_id, Held(at_us=now_us, actor=caller.user.name, until_us=body.until))


@router.post("/{alert_id}/release", summary="Give it back", response_model=Alert, responses=_REFUSES)
async def release_alert(
    alert_id: AlertId, caller: SignedIn, pool: ThePool, now_us: Now, _: Nothing | None = None
) -> Plain:
    """Give a claimed alert back; it waits for somebody again. An administrator may take it from its owner."""
    return await _change(pool, alert_id, Released(at_us=now_us, actor=caller.user.name, override=caller.in_charge))


@router.post("/{alert_id}/resolve", summary="Say what it was", response_model=Alert, responses=_REFUSES)
async def resolve_alert(alert_id: AlertId, body: Resolve, caller: SignedIn, pool: ThePool, now_us: Now) -> Plain:
    """Resolve an alert with its outcome. One that nobody claimed is claimed by the same act."""
    await _refuse_unoffered(pool, body)
    event = Resolved(at_us=now_us, actor=caller.user.name, outcome=body.outcome, note=body.note, local=body.local)
    return await _change(pool, alert_id, event)


@router.post("/{alert_id}/correct", summary="It was something else", response_model=Alert, responses=_REFUSES)
async def correct_alert(alert_id: AlertId, body: Resolve, caller: SignedIn, pool: ThePool, now_us: Now) -> Plain:
    """Give a resolved alert another outcome. Nobody is rung for it; who resolved it, and when, stays as it was."""
    await _refuse_unoffered(pool, body)
    event = Resolved(
        at_us=now_us, actor=caller.user.name, outcome=body.outcome, note=body.note, local=body.local, corrects=True
    )
    return await _change(pool, alert_id, event)


@router.post("/{alert_id}/reopen", summary="It was not over", response_model=Alert, responses=_REFUSES)
async def reopen_alert(
    alert_id: AlertId, caller: SignedIn, pool: ThePool, now_us: Now, _: Nothing | None = None
) -> Plain:
    """Open a resolved or closed alert again; it asks for somebody anew."""
    return await _change(pool, alert_id, Reopened(at_us=now_us, actor=caller.user.name))


@router.post("/{alert_id}/note", summary="Write a note", response_model=Alert, responses=_REFUSES)
async def note_alert(alert_id: AlertId, body: Note, caller: SignedIn, pool: ThePool, now_us: Now) -> Plain:
    """Add a note to an alert's history."""
    return await _change(pool, alert_id, Noted(at_us=now_us, actor=caller.user.name, note=body.note))


@router.post("/{alert_id}/close", summary="Close it for good", response_model=Alert, responses=_REFUSES)
async def close_alert(
    alert_id: AlertId, caller: SignedIn, pool: ThePool, now_us: Now, _: Nothing | None = None
) -> Plain:
    """Close a resolved alert."""
    return await _change(pool, alert_id, Closed(at_us=now_us, actor=caller.user.name))


async def _refuse_unoffered(pool: Pool, body: Resolve) -> None:
    """Raise a refusal where an own outcome is not there, is retired, or counts as another."""
    if body.local is None:
        return
    offered = {each.id: each for each in await outcomes.listed(pool) if not each.retired}
    if body.local not in offered or offered[body.local].base is not body.outcome:
        raise Refusal(409, "no_such_outcome", "This outcome is not offered (any more), or counts as another one.")


async def _found(pool: Pool, alert_id: str) -> records.Alert:
    found = await alerts.one(pool, alert_id)
    if found is None:
        raise not_found("alert")
    return found


async def _change(pool: Pool, alert_id: str, event: Event) -> Plain:
    return await _decide(pool, alert_id, lambda alert: life.apply(alert, event))


async def _decide(pool: Pool, alert_id: str, decide: Callable[[records.Alert], records.Change]) -> Plain:
    """Change an alert; a refusal carries it as it stands, so that the console shows who was faster."""
    try:
        changed = await alerts.change(pool, alert_id, decide)
    except BrokenRule as refusal:
        current = await _found(pool, alert_id)
        beside = {"alert": (await present.all_alerts(pool, [current]))[0]}
        raise Refusal(409, refusal.code, str(refusal), beside=beside) from refusal
    return (await present.all_alerts(pool, [changed.alert]))[0]
