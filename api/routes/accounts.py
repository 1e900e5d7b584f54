"""Accounts: who there is, what each may do where, and their sessions.

An administrator of a place manages the accounts that have rights nowhere else: whoever could reset the password of an
account with more rights than their own would have them all.
"""

import secrets
from typing import Annotated

import msgspec
from fastapi import APIRouter, Path

from api.access import Caller, SignedIn
from api.account_models import (
    Account,
    AccountName,
    Accounts,
    NewAccount,
    NewGrant,
    NewGrants,
    NewIdentity,
    OneTimePassword,
    Sessions,
)
from api.errors import Refusal, not_found
from api.models import ErrorBody
from api.present import Plain
from api.runtime import ThePool, TheRuntime, WallNow
from api.times import iso
from store import accounts as rows
from store import grants, identities, people
from store.grants import Grant, Role, Subject
from store.pool import Pool

router = APIRouter(prefix="/api/v1/accounts", tags=["accounts"], responses={404: {"model": ErrorBody}})
_REFUSES: dict[int | str, Plain] = {409: {"model": ErrorBody}}

AccountId = Annotated[AccountName, Path()]
SessionId = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$")]


@router.get("", summary="List accounts", response_model=Accounts)
async def list_accounts(caller: SignedIn, pool: ThePool, now_us: WallNow) -> Plain:
    """Return the accounts that may do something where the caller manages accounts."""
    found = await rows.accounts(pool, now_us)
    return {"accounts": await _said(pool, caller, found)}


@router.post("", status_code=201, summary="Add an account", response_model=OneTimePassword, responses=_REFUSES)
async def add_account(body: NewAccount, caller: SignedIn, pool: ThePool, now_us: WallNow) -> Plain:
    """Add an account; the answer has its first password, once."""
    given = await _given(pool, caller, body.grants)
    password = one_time_password()
    await rows.add_user(
        pool, body.name, None, password, body.display_name, now_us, grants=given, must_change=True, by=caller.user.name
    )
    return {"account": await _one(pool, caller, body.name, now_us), "password": password}


@router.put("/{account_id}/grants", summary="Say what it may do", response_model=Account, responses=_REFUSES)
async def set_account_grants(
    account_id: AccountId, body: NewGrants, caller: SignedIn, pool: ThePool, now_us: WallNow
) -> Plain:
    """Give an account these roles and no others; it counts from the next call on, and live streams begin anew."""
    await _theirs(pool, caller, account_id, now_us)
    await rows.set_grants(pool, account_id, await _given(pool, caller, body.grants), caller.user.name, now_us)
    return await _one(pool, caller, account_id, now_us)


@router.post("/{account_id}/password", summary="Draw another password", response_model=OneTimePassword)
async def reset_account_password(
    account_id: AccountId, caller: SignedIn, pool: ThePool, runtime: TheRuntime, now_us: WallNow
) -> Plain:
    """Draw a password that must be changed at the next sign-in, and end the account's sessions."""
    await _theirs(pool, caller, account_id, now_us)
    password = one_time_password()
    await _end(runtime, pool, account_id)
    await rows.set_password(pool, account_id, password, must_change=True)
    return {"account": await _one(pool, caller, account_id, now_us), "password": password}


@router.post("/{account_id}/disable", summary="Let nobody sign in as it", response_model=Account, responses=_REFUSES)
async def disable_account(
    account_id: AccountId, caller: SignedIn, pool: ThePool, runtime: TheRuntime, now_us: WallNow
) -> Plain:
    """Disable an account and end its sessions. It stays in every history under its name."""
    await _theirs(pool, caller, account_id, now_us)
    if account_id == caller.user.name:
        raise Refusal(409, "yourself", "You cannot disable the account you are signed in with.")
    await rows.set_disabled(pool, account_id, now_us)
    await _end(runtime, pool, account_id)
    return await _one(pool, caller, account_id, now_us)


@router.post("/{account_id}/enable", summary="Let it sign in again", response_model=Account)
async def enable_account(account_id: AccountId, caller: SignedIn, pool: ThePool, now_us: WallNow) -> Plain:
    """Let a disabled account sign in again, with the password and the roles it had."""
    await _theirs(pool, caller, account_id, now_us)
    await rows.set_disabled(pool, account_id, None)
    return await _one(pool, caller, account_id, now_us)


@router.put("/{account_id}/identity", summary="Who it is elsewhere", response_model=Account, responses=_REFUSES)
async def set_account_identity(
    account_id: AccountId, body: NewIdentity, caller: SignedIn, pool: ThePool, now_us: WallNow
) -> Plain:
    """Enter what the identity server says of whoever may sign in as this account; null: nobody may come that way.

    Whoever was bound to it is let go; the next one that the server calls so is bound.
    """
    await _theirs(pool, caller, account_id, now_us)
    await identities.set_identity(pool, account_id, body.said)
    return await _one(pool, caller, account_id, now_us)


@router.get("/{account_id}/sessions", summary="Where it is signed in", response_model=Sessions)
async def list_account_sessions(account_id: AccountId, caller: SignedIn, pool: ThePool, now_us: WallNow) -> Plain:
    """Return an account's open sessions."""
    await _theirs(pool, caller, account_id, now_us)
    return await sessions_said(pool, caller, account_id, now_us)


@router.delete("/{account_id}/sessions", status_code=204, summary="Sign it out everywhere")
async def end_account_sessions(
    account_id: AccountId, caller: SignedIn, pool: ThePool, runtime: TheRuntime, now_us: WallNow
) -> None:
    """End an account's sessions and their live streams."""
    await _theirs(pool, caller, account_id, now_us)
    await _end(runtime, pool, account_id)


def one_time_password() -> str:
    """Return a password that is read out and typed once: ``abcd-efgh-2345``, 60 bits, no signs that look alike."""
    letters = "abcdefghijkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(3))


async def sessions_said(pool: Pool, caller: Caller, name: str, now_us: int) -> Plain:
    """Return an account's open sessions as the API says them."""
    return {
        "sessions": [
            {
                "id": each.name,
                "created_time": iso(each.created_us),
                "expires": iso(each.expires_us),
                "address": each.address,
                "agent": each.agent,
                "this": each.name == caller.session,
            }
            for each in await rows.sessions_of(pool, name, now_us)
        ]
    }


async def _end(runtime: TheRuntime, pool: Pool, name: str) -> None:
    for session in await rows.end_sessions(pool, name):
        runtime.feed.end_session(session)


async def _theirs(pool: Pool, caller: Caller, name: str, now_us: int) -> None:
    """Raise unless the caller may change the account: 404 where they see nothing of it, 403 where it has more."""
    found = await rows.account(pool, name, now_us)
    if found is None or not _seen(caller, found, places := await _subjects(pool, [found])):
        raise not_found("account")
    if not _within(caller, found, places):
        raise Refusal(403, "has_more", "This account has rights beyond yours; an administrator above must change it.")


async def _given(pool: Pool, caller: Caller, wanted: list[NewGrant]) -> list[Grant]:
    """Return the grants wanted; 404 for a place or resident that the caller does not manage."""
    given = [Grant(role=Role(each.role), place=each.place, resident=each.resident) for each in wanted]
    for grant in given:
        if grant.place is None and grant.resident is None:
            if not caller.reach.everywhere:
                raise Refusal(403, "not_allowed", "Everywhere is beyond your part: choose a place.")
            continue
        kind, key = ("resident", grant.resident) if grant.resident is not None else ("place", grant.place)
        subject = await grants.traced(pool, kind, str(key))
        if subject is None or not caller.reach.covers(subject):
            raise not_found(kind)
    if not given and not caller.reach.everywhere:
        raise Refusal(409, "nothing_left", "Without any role here it would be out of your sight; disable it instead.")
    return given


_Where = dict[Grant, Subject | None]


async def _subjects(pool: Pool, found: list[rows.Account]) -> _Where:
    known: _Where = {}
    for grant in {grant for each in found for grant in each.user.grants}:
        if grant.resident is not None:
            known[grant] = await grants.traced(pool, "resident", grant.resident)
        elif grant.place is not None:
            known[grant] = Subject(places=(grant.place,))
    return known


def _covers(caller: Caller, grant: Grant, where: _Where) -> bool:
    subject = where.get(grant)
    return caller.reach.everywhere or (subject is not None and caller.reach.covers(subject))


def _seen(caller: Caller, found: rows.Account, where: _Where) -> bool:
    return caller.reach.everywhere or any(_covers(caller, grant, where) for grant in found.user.grants)


def _within(caller: Caller, found: rows.Account, where: _Where) -> bool:
    return all(_covers(caller, grant, where) for grant in found.user.grants)


async def _one(pool: Pool, caller: Caller, name: str, now_us: int) -> Plain:
    found = await rows.account(pool, name, now_us)
    said = await _said(pool, caller, [found] if found is not None else [])
    if not said:
        raise not_found("account")
    return said[0]


async def _said(pool: Pool, caller: Caller, found: list[rows.Account]) -> list[Plain]:
    where = await _subjects(pool, found) if not caller.reach.everywhere else {}
    shown = [each for each in found if _seen(caller, each, where)]
    named = [grant for each in shown for grant in each.user.grants]
    places = await people.place_names(pool, {grant.place for grant in named if grant.place})
    elsewhere = await identities.identities(pool)
    residents = await people.residents_by_ids(pool, {grant.resident for grant in named if grant.resident})

    def said(grant: Grant) -> Plain:
        return {
            "role": grant.role.value,
            "place": grant.place,
            "resident": grant.resident,
            "place_name": places.get(grant.place or ""),
            "resident_name": residents[grant.resident].name if grant.resident in residents else None,
        }

    return [
        {
            "name": each.user.name,
            "display_name": each.user.display_name,
            # What it may do elsewhere is no business of whoever manages this part.
            "grants": [said(grant) for grant in each.user.grants if _covers(caller, grant, where)],
            "must_change": each.user.must_change,
            "disabled_time": iso(each.disabled_us) if each.disabled_us is not None else None,
            "created_time": iso(each.created_us),
            "sessions": each.sessions,
            "identity": msgspec.to_builtins(elsewhere.get(each.user.name)),
            "yours": _within(caller, each, where),
        }
        for each in shown
    ]
