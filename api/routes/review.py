"""The review: figures of a period, what waits to be closed, closing it, and all of it as a file."""

import asyncio
from collections.abc import Collection
from typing import Annotated, Literal

import msgspec
from fastapi import APIRouter, Depends, Query, Request, Response

from alerts import life
from alerts.events import Closed
from api import audited, present, review, review_export
from api.access import Caller, SignedIn
from api.errors import Refusal
from api.models import ErrorBody, Id
from api.periods import PeriodKind
from api.present import Plain
from api.review import Span
from api.review_models import Close, Review, ReviewAlerts
from api.review_models import Closed as ClosedSaid
from api.rights import Needs
from api.runtime import Now, ThePool, TheRuntime
from api.times import SECOND_US, Time, iso
from schemas.alert import Outcome
from schemas.errors import BrokenRule
from schemas.finding import FindingKind
from store import alerts, audit, grants, people, reviews
from store.pool import Pool
from store.reviews import LATE_US, Only, Resolved

router = APIRouter(prefix="/api/v1/review", tags=["review"], responses={404: {"model": ErrorBody}})
#: Filters whose value no alert can have.
_NOT_FOUND = "There is no such alert."

Place = Annotated[Id | None, Query(description="With all below it; default: all that the caller answers for")]


async def _places(caller: SignedIn, pool: ThePool, place: Place = None) -> list[str] | None:
    """Return the places that are looked at, None: the whole tree. That they are the caller's was looked at before."""
    if place is not None:
        return await reviews.below(pool, [place])
    return None if caller.reach.everywhere else sorted(caller.reach.places)


Places = Annotated[Collection[str] | None, Depends(_places)]


async def _span(
    pool: ThePool,
    places: Places,
    now_us: Now,
    place: Place = None,
    period: Annotated[PeriodKind, Query(description="By the clock of the place; unless `from` or `to` is given")] = (
        PeriodKind.WEEK
    ),
    back: Annotated[int, Query(ge=0, le=500, description="So many periods before the present one")] = 0,
    first: Annotated[Time | None, Query(alias="from", description="Raised at or after")] = None,
    last: Annotated[Time | None, Query(alias="to", description="Raised before")] = None,
) -> Span:
    return await review.span_of(pool, place, places, now_us, kind=period, back=back, start_us=first, end_us=last)


TheSpan = Annotated[Span, Depends(_span)]


@router.get("", summary="The figures of a period", response_model=Review)
async def read_review(runtime: TheRuntime, pool: ThePool, span: TheSpan, place: Place = None) -> Plain:
    """Return what became of the alerts of a period and a place: counts, response times against the goals, load.

    Nobody is named. What each figure counts: docs/review.md.
    """
    return await _figures(pool, span, place, simulated=runtime.settings.simulated)


async def _figures(pool: Pool, span: Span, place: str | None, *, simulated: bool) -> Plain:
    names = await people.place_names(pool, [place]) if place is not None else {}
    said = {"place": place, "place_name": names.get(place or ""), "simulated": simulated}
    return {**await review.figures(pool, span), **said}


def _only(
    kind: FindingKind | None = None,
    device: Annotated[str | None, Query(max_length=200, pattern=r"^[^\x00]*$")] = None,
    outcome: Outcome | None = None,
    late: Annotated[bool | None, Query(description="Answered later than 60 s after it rang, or not")] = None,
) -> Only:
    return Only(kind=kind, device=device, outcome=outcome, late=late)


@router.get("/alerts", summary="What waits to be closed", response_model=ReviewAlerts)
async def list_review_alerts(
    request: Request,
    caller: SignedIn,
    pool: ThePool,
    places: Places,
    only: Annotated[Only, Depends(_only)],
    before: Annotated[Id | None, Query(description="`more` of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Plain:
    """Return alerts that are resolved and not closed, latest raised first. Each resident named is a look at them."""
    found = await reviews.to_review(pool, places, only, before=before, limit=limit)
    left, oldest_us = await reviews.left_to_review(pool, places, only)
    known = await present.names(pool, [each.alert for each in found])
    seen = sorted(
        {each.alert.resident: each.alert.unit for each in found if each.alert.resident in known.residents}.items()
    )
    await audited.look_at_many(request, pool, caller.user.name, caller.session, "review", seen)
    return {
        "alerts": [_answered(each, known) for each in found],
        "more": found[-1].alert.id if len(found) == limit else None,
        "left": left,
        "oldest_time": None if oldest_us is None else iso(oldest_us),
    }


def _answered(each: Resolved, known: present.Names) -> Plain:
    waited_us = None if each.answered_us is None else max(0, each.answered_us - each.rang_us)
    return {
        **present.alert(each.alert, known),
        "response_s": None if waited_us is None else waited_us / SECOND_US,
        "answered_by": each.answered_by,
        "in_time": waited_us is not None and waited_us <= LATE_US,
    }


@router.post("/close", summary="Looked at: close them", response_model=ClosedSaid)
async def close_review_alerts(body: Close, caller: SignedIn, pool: ThePool, now_us: Now) -> Plain:
    """Close resolved alerts, each for itself: what cannot be closed is in `refused` with its reason, the others are."""
    closed: list[str] = []
    refused: list[Plain] = []
    for alert_id in dict.fromkeys(body.alerts):
        why = await _close(pool, caller, alert_id, now_us)
        if why is None:
            closed.append(alert_id)
        else:
            refused.append({"alert": alert_id, "error": {"code": why.code, "message": str(why)}})
    return {"closed": closed, "refused": refused}


async def _close(pool: Pool, caller: Caller, alert_id: str, now_us: int) -> BrokenRule | None:
    subject = await grants.traced(pool, "alert", alert_id)
    if subject is None or not caller.reach.covers(subject):
        return BrokenRule("not_found", _NOT_FOUND)
    line = await audit.write(
        pool, at_us=now_us, account=caller.user.name, session=caller.session, act="close_alert",
        resident=subject.resident, unit=subject.unit, about=alert_id,
    )  # fmt: skip
    try:
        event = Closed(at_us=now_us, actor=caller.user.name)
        await alerts.change(pool, alert_id, lambda alert: life.apply(alert, event))
    except BrokenRule as why:
        await audit.refused(pool, line, now_us, 409)
        return why
    return None


@router.get("/export", summary="As a file", responses={200: {"content": {"text/csv": {}, "application/json": {}}}})
async def export_review(
    request: Request,
    caller: SignedIn,
    runtime: TheRuntime,
    pool: ThePool,
    span: TheSpan,
    now_us: Now,
    place: Place = None,
    form: Annotated[Literal["csv", "json"], Query(alias="format")] = "csv",
    names: Annotated[bool, Query(description="Where the caller may `manage`: residents by name, and notes")] = False,
    lang: Annotated[Literal["en", "zh"], Query(description="Of the head of a CSV, and of own outcomes")] = "en",
) -> Response:
    """Return every alert of a period, whatever became of it, one line each; as JSON with the figures.

    Residents are numbers of this file, unless names are asked for and the role allows it. Each name is a look.
    """
    found = await reviews.exported(pool, span.start_us, span.end_us, span.places, review_export.MOST + 1)
    if len(found) > review_export.MOST:
        raise Refusal(422, "too_many", f"More than {review_export.MOST} alerts: choose a shorter period.")
    named = caller.where(Needs.MANAGE) if names else None
    said = {"format": form, "names": names, "rows": len(found), "from": iso(span.start_us), "to": iso(span.end_us)}
    await audit.write(
        pool, at_us=now_us, account=caller.user.name, session=caller.session, act="export_review", unit=place, data=said
    )
    seen = review_export.named_in(found, named)
    await audited.look_at_many(request, pool, caller.user.name, caller.session, "export", seen)
    known = await present.names(pool, [each.alert for each in found])
    units = review_export.units_of(found)
    standing = await reviews.above(pool, units)
    wards = review.wards_of(units, standing)
    made = await asyncio.to_thread(review_export.rows, found, known, wards, standing, span, named, lang)
    if form == "csv":
        body, kind = await asyncio.to_thread(review_export.as_csv, made, lang), "text/csv; charset=utf-8"
    else:
        whole = {"figures": await _figures(pool, span, place, simulated=runtime.settings.simulated), "alerts": made}
        body, kind = msgspec.json.encode(whole).decode(), "application/json"
    head = {"Content-Disposition": f'attachment; filename="{review_export.file_name(span, form)}"'}
    return Response(body, media_type=kind, headers=head)
