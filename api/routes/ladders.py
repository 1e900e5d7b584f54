"""Whom to tell: the ladder of a place, and what was sent for an alert."""

from typing import Any

from fastapi import APIRouter

from api.errors import Refusal, not_found
from api.ladder_models import Deliveries, Ladder, NewLadder, Quiet
from api.models import ErrorBody, Id
from api.runtime import Now, ThePool, TheRuntime
from api.times import clock_time, iso, minutes_of
from schemas import ladder as records
from schemas.alert import Severity
from schemas.ladder import Contacts, LadderStep, QuietHours, is_loopback
from store import alerts, contacts, deliveries

router = APIRouter(prefix="/api/v1", tags=["ladders"], responses={404: {"model": ErrorBody}})


@router.get("/places/{place_id}/ladder", summary="Whom to tell about a place", response_model=Ladder)
async def read_ladder(place_id: Id, pool: ThePool) -> dict[str, Any]:
    """Return the ladder that the place's alerts walk: its own, or that of the nearest place above that has one."""
    return _said(await contacts.contacts_of(pool, place_id))


@router.put(
    "/places/{place_id}/ladder",
    summary="Say whom to tell",
    response_model=Ladder,
    responses={409: {"model": ErrorBody}},
)
async def set_ladder(place_id: Id, body: NewLadder, pool: ThePool, now_us: Now, runtime: TheRuntime) -> dict[str, Any]:
    """Give the place a ladder of its own, of at least three steps; none at all takes it away."""
    if runtime.settings.loopback_only and not all(is_loopback(step.address) for step in body.steps):
        raise Refusal(409, "not_loopback", "A home of simulated residents rings nobody beyond this machine.")
    steps = tuple(
        LadderStep(
            recipient=step.recipient,
            channel=step.channel,
            address=step.address,
            after_s=step.after_s if step.after_s is not None else records.USUAL_AFTER_S if index else 0.0,
        )
        for index, step in enumerate(body.steps)
    )
    ladder = records.Ladder(
        steps=steps,
        quiet=_hours(body.quiet),
        timezone=body.timezone,
        patience=records.Patience(**body.patience_s.model_dump()),
        again_s=body.again_s,
    )
    await contacts.set_ladder(pool, place_id, ladder, now_us)
    return _said(await contacts.contacts_of(pool, place_id))


@router.get("/alerts/{alert_id}/deliveries", summary="Who was told", response_model=Deliveries)
async def read_alert_deliveries(alert_id: Id, pool: ThePool) -> dict[str, Any]:
    """Return what was sent for an alert, in its rounds and steps, also while the desk or the database was down."""
    if await alerts.one(pool, alert_id) is None:
        raise not_found("alert")
    return {"deliveries": [_sent(each) for each in await deliveries.of_alert(pool, alert_id)]}


def _sent(each: records.Delivery) -> dict[str, Any]:
    return {
        "round": each.round,
        "step": each.step + 1,
        "recipient": each.recipient,
        "channel": each.channel,
        "state": each.state,
        "claimed_time": iso(each.claimed_us),
        "sent_time": iso(each.sent_us) if each.sent_us is not None else None,
        "attempts": each.attempts,
        "again": each.again,
        "error": each.error,
    }


def _said(found: Contacts) -> dict[str, Any]:
    quiet = found.ladder.quiet
    return {
        "place": found.place,
        "owner": found.owner,
        "steps": [{name: getattr(step, name) for name in LadderStep.__struct_fields__} for step in found.ladder.steps],
        "quiet": {"start": clock_time(quiet.start), "end": clock_time(quiet.end)} if quiet is not None else None,
        "timezone": found.ladder.timezone,
        "patience_s": {name: getattr(found.ladder.patience, name) for name in Severity},
        "again_s": found.ladder.again_s,
    }


def _hours(quiet: Quiet | None) -> QuietHours | None:
    return QuietHours(start=minutes_of(quiet.start), end=minutes_of(quiet.end)) if quiet is not None else None
