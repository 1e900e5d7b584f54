"""Whom to tell: the ladder of a place, and what was sent for an alert."""

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Query

from api import ways
from api.access import Caller, SignedIn
from api.errors import Refusal, not_found
from api.ladder_models import Deliveries, Ladder, Ladders, NewLadder, NewStep, NewWay, Quiet
from api.models import ErrorBody, Id
from api.rights import Needs
from api.runtime import Now, ThePool, TheRuntime
from api.times import clock_time, iso, minutes_of
from schemas import ladder as records
from schemas.address import channel_of, masked
from schemas.alert import Severity
from schemas.finding import FindingKind
from schemas.ladder import Contacts, LadderPolicy, LadderStep, QuietHours, Way
from store import alerts, contacts, deliveries, grants
from store.pool import Pool

router = APIRouter(prefix="/api/v1", tags=["ladders"], responses={404: {"model": ErrorBody}})

TheKind = Annotated[FindingKind | None, Query(description="Only for what is of this kind")]
TheSeverity = Annotated[Severity | None, Query(description="Only for what is of this severity")]


@router.get("/places/{place_id}/ladder", summary="Whom to tell about a place", response_model=Ladder)
async def read_ladder(place_id: Id, pool: ThePool, caller: SignedIn) -> dict[str, Any]:
    """Return the ladder that the place's alerts walk: its own, or that of the nearest place above that has one."""
    return await _said(pool, place_id, caller)


@router.put(
    "/places/{place_id}/ladder",
    summary="Say whom to tell",
    response_model=Ladder,
    responses={409: {"model": ErrorBody}, 422: {"model": ErrorBody}},
)
async def set_ladder(
    place_id: Id,
    body: NewLadder,
    pool: ThePool,
    now_us: Now,
    runtime: TheRuntime,
    caller: SignedIn,
    kind: TheKind = None,
    severity: TheSeverity = None,
) -> dict[str, Any]:
    """Give the place a ladder of its own, of at least three people; none at all takes it away.

    With ``kind`` or ``severity`` it is for what is so alone; without either for all else.
    """
    found = await contacts.contacts_of(pool, place_id)
    for_all = kind is None and severity is None
    steps = await _steps(body, found.ladder if for_all else _own(found, kind, severity).ladder)
    for number, step in enumerate(steps):
        for way, each in enumerate(step.every_way if step.on_duty is None else ()):
            await ways.check(each.address, number + 1, way + 1, loopback_only=runtime.settings.loopback_only)
    ladder = records.Ladder(
        steps=steps,
        quiet=_hours(body.quiet),
        timezone=body.timezone,
        patience=records.Patience(**body.patience_s.model_dump()),
        again_s=body.again_s,
        goes_on=body.goes_on,
    )
    await contacts.set_ladder(pool, place_id, ladder, now_us, kind=kind, severity=severity)
    if for_all:
        return await _said(pool, place_id, caller)
    plain = await sees_secrets(pool, caller, place_id)
    found = await contacts.contacts_of(pool, place_id)
    return _policy(found, _own(found, kind, severity), plain=plain)


def _own(found: Contacts, kind: FindingKind | None, severity: Severity | None) -> LadderPolicy:
    """Return a place's own ladder for a kind and a severity; one without steps where it has none."""
    wanted = (found.place, kind, severity)
    own = (each for each in found.policies if (each.place, each.kind, each.severity) == wanted)
    none = LadderPolicy(place=found.place, kind=kind, severity=severity, ladder=records.Ladder())
    return next(own, none)


@router.get("/places/{place_id}/ladders", summary="All ladders of a place", response_model=Ladders)
async def list_ladders(place_id: Id, pool: ThePool, caller: SignedIn) -> dict[str, Any]:
    """Return the ladders of a place and of those above it, each for a kind, a severity, both, or all else.

    The nearest place that has one for an alert counts, and of that place the most specific.
    """
    found, plain = await contacts.contacts_of(pool, place_id), await sees_secrets(pool, caller, place_id)
    return {"ladders": [_policy(found, each, plain=plain) for each in found.policies]}


def _policy(found: Contacts, policy: LadderPolicy, *, plain: bool) -> dict[str, Any]:
    one = msgspec.structs.replace(found, ladder=policy.ladder, owner=policy.place)
    return {**_ladder(one, plain=plain), "kind": policy.kind, "severity": policy.severity}


async def _steps(body: NewLadder, now: records.Ladder) -> tuple[LadderStep, ...]:
    """Return the steps as they are kept, with the addresses that stay as they are filled in."""
    if body.version is not None and body.version != now.changed_us:
        raise Refusal(409, "changed_meanwhile", "Somebody else has changed this ladder meanwhile; look at it first.")
    steps = []
    for number, step in enumerate(body.steps):
        if step.on_duty is not None:
            steps.append(LadderStep(on_duty=step.on_duty, after_s=_after_s(step, number), lang=step.lang))
            continue
        address = _address(step, now, body.version, number + 1, 1)
        if step.channel is not None and step.channel is not channel_of(address):
            raise Refusal(422, "malformed", "The address is for another channel.", beside={"step": number + 1})
        others = [(_address(way, now, body.version, number + 1, n + 2), way.after_s) for n, way in enumerate(step.ways)]
        steps.append(
            LadderStep(
                recipient=step.recipient or "",
                channel=channel_of(address),
                address=address,
                after_s=_after_s(step, number),
                ways=tuple(Way(address=each, channel=channel_of(each), after_s=after_s) for each, after_s in others),
                lang=step.lang,
            )
        )
    return tuple(steps)


def _after_s(step: NewStep, number: int) -> float:
    return step.after_s if step.after_s is not None else records.USUAL_AFTER_S if number else 0.0


def _address(given: NewStep | NewWay, now: records.Ladder, version: int | None, step: int, way: int) -> str:
    if given.address is not None:
        return given.address.strip()
    if given.kept is not None and version is not None:
        person, _, number = given.kept.partition(".")
        for call in now.calls:
            if (call.person, call.way) == (int(person), int(number)):
                return call.address
    raise Refusal(422, "no_address", "Say the address of this step.", beside={"step": step, "way": way})


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


async def _said(pool: Pool, place_id: str, caller: Caller) -> dict[str, Any]:
    """Return a place's ladder as this caller may see it: the secrets in addresses are an administrator's."""
    found = await contacts.contacts_of(pool, place_id)
    return _ladder(found, plain=await sees_secrets(pool, caller, place_id))


def _ladder(found: Contacts, *, plain: bool) -> dict[str, Any]:
    quiet = found.ladder.quiet
    return {
        "place": found.place,
        "owner": found.owner,
        "steps": [_step(number, step, plain=plain) for number, step in enumerate(found.ladder.steps)],
        "quiet": {"start": clock_time(quiet.start), "end": clock_time(quiet.end)} if quiet is not None else None,
        "timezone": found.ladder.timezone,
        "patience_s": {name: getattr(found.ladder.patience, name) for name in Severity},
        "again_s": found.ladder.again_s,
        "version": found.ladder.changed_us,
        "goes_on": found.ladder.goes_on,
    }


async def sees_secrets(pool: Pool, caller: Caller, place_id: str) -> bool:
    """Whether a caller is administrator at a place, and may read its addresses whole."""
    reach = caller.where(Needs.ACCOUNTS)
    if reach.everywhere:
        return True
    subject = None if reach.nothing else await grants.traced(pool, "place", place_id)
    return subject is not None and reach.covers(subject)


def _step(number: int, step: LadderStep, *, plain: bool) -> dict[str, Any]:
    if step.on_duty is not None:
        nobody = {"ref": f"{number}.0", "channel": step.channel, "address": "", "masked": False, "recipient": ""}
        return {**nobody, "on_duty": step.on_duty, "after_s": step.after_s, "lang": step.lang, "ways": []}
    first, *others = (
        {
            "ref": f"{number}.{way}",
            "channel": each.channel,
            "address": each.address if plain else masked(each.address),
            "masked": not plain,
            "after_s": each.after_s,
        }
        for way, each in enumerate(step.every_way)
    )
    return {**first, "recipient": step.recipient, "lang": step.lang, "ways": others}


def _hours(quiet: Quiet | None) -> QuietHours | None:
    return QuietHours(start=minutes_of(quiet.start), end=minutes_of(quiet.end)) if quiet is not None else None
