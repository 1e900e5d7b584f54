"""Whether people can be reached: the telephones of a ladder and their tests, and what was sent at a place."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from alerts import reaching
from alerts.reaching import Phone
from api.access import SignedIn
from api.errors import Refusal, not_found
from api.models import ErrorBody, Id
from api.reach_models import NewTest, Phones, SentOfPlace, Test
from api.routes.ladders import sees_secrets
from api.runtime import Now, ThePool, TheRuntime
from api.times import iso
from schemas.address import channel_of, masked
from schemas.reach import ReachTest
from store import contacts, deliveries, people, reach
from store.people import new_id

router = APIRouter(prefix="/api/v1/places/{place_id}", tags=["reach"], responses={404: {"model": ErrorBody}})

_DAY_US = 24 * 3600 * 1_000_000
#: Lines of the log that one page shows; who wants more asks for fewer days.
MOST_LINES = 200


@router.get("/reach", summary="Who can be reached", response_model=Phones)
async def read_reach(place_id: Id, pool: ThePool, now_us: Now, runtime: TheRuntime, caller: SignedIn) -> dict[str, Any]:
    """Return each way of the ladder that the place walks: when it was last confirmed, when it is due, its last test."""
    found = await contacts.contacts_of(pool, place_id)
    plain = await sees_secrets(pool, caller, place_id)
    tests = await reach.latest(pool, [found.owner]) if found.owner is not None else []
    return {
        "owner": found.owner,
        "version": found.ladder.changed_us,
        "simulated": runtime.settings.loopback_only,
        "phones": [_phone(each, now_us, plain=plain) for each in reaching.phones(found.ladder, tests)],
    }


@router.post(
    "/reach/tests",
    status_code=201,
    summary="Send a test",
    response_model=Test,
    responses={409: {"model": ErrorBody}, 422: {"model": ErrorBody}},
)
async def test_reach(place_id: Id, body: NewTest, pool: ThePool, now_us: Now, caller: SignedIn) -> dict[str, Any]:
    """Ask for a test of one way; it goes the way of an alarm. What became of it is read by its id."""
    found = await contacts.contacts_of(pool, place_id)
    if found.ladder.changed_us != body.version:
        raise Refusal(409, "changed_meanwhile", "Somebody else has changed this ladder meanwhile; look at it first.")
    person, _, way = body.ref.partition(".")
    call = next((call for call in found.ladder.calls if (call.person, call.way) == (int(person), int(way))), None)
    if call is None or found.owner is None or call.on_duty is not None:
        raise not_found("way")
    test = ReachTest(
        id=new_id("rt"),
        place=found.owner,
        recipient=call.recipient,
        channel=call.channel,
        address=call.address,
        lang=call.lang,
        asked_by=caller.user.name,
        asked_us=now_us,
    )
    await reach.ask(pool, test)
    return _test(test, now_us)


@router.get("/reach/tests/{test_id}", summary="What became of a test", response_model=Test)
async def read_reach_test(place_id: Id, test_id: Annotated[Id, Path()], pool: ThePool, now_us: Now) -> dict[str, Any]:
    """Return a test of the ladder that the place walks."""
    found = await contacts.contacts_of(pool, place_id)
    test = await reach.one(pool, test_id)
    if test is None or test.place != found.owner:
        raise not_found("test")
    return _test(test, now_us)


@router.get("/deliveries", summary="What was sent", response_model=SentOfPlace)
async def read_place_deliveries(
    place_id: Id, pool: ThePool, now_us: Now, days: Annotated[int, Query(ge=1, le=31)] = 7
) -> dict[str, Any]:
    """Return what was sent for alerts at the place and below it in the last days, newest first."""
    below = await contacts.contacts(pool, place_id)
    if not below:
        raise not_found("place")
    lines = await deliveries.of_places(pool, list(below), now_us - days * _DAY_US, MOST_LINES + 1)
    known = await people.residents_by_ids(pool, {resident for _, _, resident, _ in lines})
    names = {key: each.name for key, each in known.items()}
    sent = [
        {
            "alert": each.alert,
            "kind": kind,
            "name": names.get(resident) or below[unit].name,
            "recipient": each.recipient,
            "channel": each.channel,
            "state": each.state,
            "claimed_time": iso(each.claimed_us),
            "sent_time": iso(each.sent_us) if each.sent_us is not None else None,
            "attempts": each.attempts,
            "again": each.again,
            "error": each.error,
        }
        for each, kind, resident, unit in lines[:MOST_LINES]
    ]
    return {"deliveries": sent, "more": len(lines) > MOST_LINES}


def _phone(phone: Phone, now_us: int, *, plain: bool) -> dict[str, Any]:
    return {
        "ref": f"{phone.person}.{phone.way}",
        "recipient": phone.recipient,
        "channel": channel_of(phone.address),
        "address": phone.address if plain else masked(phone.address),
        "state": reaching.state(phone, now_us),
        "due_time": iso(reaching.due_us(phone)),
        "confirmed_time": iso(phone.confirmed_us) if phone.confirmed_us is not None else None,
        "last": _test(phone.last, now_us) if phone.last is not None else None,
    }


def _test(test: ReachTest, now_us: int) -> dict[str, Any]:
    return {
        "id": test.id,
        "recipient": test.recipient,
        "channel": test.channel,
        "state": reaching.came_to(test, now_us),
        "asked_time": iso(test.asked_us),
        "took_ms": test.took_ms,
        "error": test.error,
        "confirmed_time": iso(test.confirmed_us) if test.confirmed_us is not None else None,
    }
