"""Signing in and out."""

import asyncio
import logging
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from api.access import COOKIE, SignedIn
from api.account_models import NewPassword, Sessions
from api.errors import Refusal, not_found
from api.models import ErrorBody, SessionNow, SessionOpened, SignIn
from api.present import Plain
from api.routes.accounts import sessions_said
from api.runtime import Runtime, ThePool, TheRuntime, WallNow
from api.times import SECOND_US, iso
from store import accounts, audit
from store.accounts import Session, User

log = logging.getLogger("api.session")
router = APIRouter(prefix="/api/v1", tags=["session"])

#: Argon2 takes tens of milliseconds of a core and tens of megabytes: a flood of sign-ins must not take the machine.
_AT_ONCE = 2
_checking = asyncio.Semaphore(_AT_ONCE)


@router.post(
    "/session", status_code=201, summary="Sign in", responses={401: {"model": ErrorBody}, 429: {"model": ErrorBody}}
)
async def sign_in(
    body: SignIn, request: Request, response: Response, runtime: TheRuntime, pool: ThePool, now_us: WallNow
) -> SessionOpened:
    """Open a session of 12 hours. The answer sets the cookie; its ``token`` works as a bearer token.

    An unknown name and a wrong password get the same answer in the same time. After a few failures there is a wait
    (429 with Retry-After).
    """
    address = request.client.host if request.client else ""
    _refuse_in_haste(runtime, body.user, address, now_us)
    runtime.throttle.failed(body.user, address, now_us)
    async with _checking:
        user = await accounts.verify(pool, body.user, body.password)
    if user is None:
        log.warning("a sign-in was refused, from %s", address)
        raise Refusal(401, "wrong_credentials", "The name or the password is wrong.")
    runtime.throttle.succeeded(body.user, address)
    agent = request.headers.get("user-agent", "")
    opened = await accounts.open_session(pool, user.name, now_us, address=address, agent=line_of(agent))
    await audit.write(
        pool,
        at_us=runtime.clock(),
        account=user.name,
        session=accounts.session_name(opened.token),
        act="sign_in",
        data={"address": address},
    )
    set_cookie(response, opened, now_us, secure=runtime.settings.secure_cookies)
    return SessionOpened.model_validate(
        {"token": opened.token, "user": _said(opened.user), "expires": iso(opened.expires_us)}
    )


@router.get("/session", summary="Who am I")
async def current_session(caller: SignedIn) -> SessionNow:
    """Return the user of this request's session."""
    return SessionNow.model_validate({"user": _said(caller.user), "expires": iso(caller.expires_us)})


@router.delete("/session", status_code=204, summary="Sign out")
async def sign_out(caller: SignedIn, response: Response, runtime: TheRuntime, pool: ThePool) -> None:
    """End the session and its live streams."""
    await accounts.close_session(pool, caller.token)
    await audit.write(pool, at_us=runtime.clock(), account=caller.user.name, session=caller.session, act="sign_out")
    runtime.feed.end_session(caller.session)
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict", secure=runtime.settings.secure_cookies)


@router.put("/session/password", status_code=204, summary="Change one's password")
async def change_own_password(
    body: NewPassword, request: Request, caller: SignedIn, runtime: TheRuntime, pool: ThePool, now_us: WallNow
) -> None:
    """Change one's own password; every other session of the account ends, this one stays."""
    name, address = caller.user.name, request.client.host if request.client else ""
    _refuse_in_haste(runtime, name, address, now_us)
    runtime.throttle.failed(name, address, now_us)
    async with _checking:
        right = await accounts.verify(pool, name, body.old)
    if right is None:
        raise Refusal(409, "wrong_password", "The old password is wrong. Nothing was changed.")
    runtime.throttle.succeeded(name, address)
    if body.new == body.old or body.new.lower() == name.lower():
        raise Refusal(409, "weak_password", "Choose another than the old one, and another than your name.")
    others = [each.name for each in await accounts.sessions_of(pool, name, now_us) if each.name != caller.session]
    await accounts.set_password(pool, name, body.new, keep_token=caller.token)
    for other in others:
        runtime.feed.end_session(other)


@router.get("/sessions", summary="Where I am signed in", response_model=Sessions)
async def list_own_sessions(caller: SignedIn, pool: ThePool, now_us: WallNow) -> Plain:
    """Return one's own open sessions."""
    return await sessions_said(pool, caller, caller.user.name, now_us)


@router.delete("/sessions/{session_id}", status_code=204, summary="Sign out somewhere else")
async def end_own_session(
    session_id: Annotated[str, Path(max_length=64)], caller: SignedIn, runtime: TheRuntime, pool: ThePool
) -> None:
    """End one of one's own sessions and its live streams."""
    ended = await accounts.end_sessions(pool, caller.user.name, session_id)
    if not ended:
        raise not_found("session")
    for name in ended:
        runtime.feed.end_session(name)


def line_of(text: str) -> str:
    """Return what a stranger sent, as one line that can be shown."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


def _refuse_in_haste(runtime: Runtime, user: str, address: str, now_us: int) -> None:
    wait_us = runtime.throttle.wait_us(user, address, now_us)
    if wait_us > 0:
        seconds = -(-wait_us // SECOND_US)
        sentence = f"Too many sign-ins failed; try again in {seconds} s."
        raise Refusal(429, "too_many_attempts", sentence, headers={"Retry-After": str(seconds)})


def set_cookie(response: Response, opened: Session, now_us: int, *, secure: bool) -> None:
    """Let the browser keep a session."""
    age_s = (opened.expires_us - now_us) // SECOND_US
    response.set_cookie(COOKIE, opened.token, max_age=age_s, path="/", httponly=True, samesite="strict", secure=secure)


def _said(user: User) -> Plain:
    return {
        "name": user.name,
        "role": user.role.value if user.role else None,
        "display_name": user.display_name,
        "grants": [{"role": each.role.value, "place": each.place, "resident": each.resident} for each in user.grants],
        "must_change": user.must_change,
    }
