"""Signing in and out."""

import asyncio
import logging

from fastapi import APIRouter, Request, Response

from api.access import COOKIE, SignedIn
from api.errors import Refusal
from api.models import ErrorBody, SessionNow, SessionOpened, SignIn
from api.present import Plain
from api.runtime import Runtime, ThePool, TheRuntime, WallNow
from api.times import SECOND_US, iso
from store import accounts
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
    opened = await accounts.open_session(pool, user.name, now_us)
    _set_cookie(response, opened, now_us, secure=runtime.settings.secure_cookies)
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
    runtime.feed.end_session(caller.session)
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict", secure=runtime.settings.secure_cookies)


def _refuse_in_haste(runtime: Runtime, user: str, address: str, now_us: int) -> None:
    wait_us = runtime.throttle.wait_us(user, address, now_us)
    if wait_us > 0:
        seconds = -(-wait_us // SECOND_US)
        sentence = f"Too many sign-ins failed; try again in {seconds} s."
        raise Refusal(429, "too_many_attempts", sentence, headers={"Retry-After": str(seconds)})


def _set_cookie(response: Response, opened: Session, now_us: int, *, secure: bool) -> None:
    age_s = (opened.expires_us - now_us) // SECOND_US
    response.set_cookie(COOKIE, opened.token, max_age=age_s, path="/", httponly=True, samesite="strict", secure=secure)


def _said(user: User) -> Plain:
    return {"name": user.name, "role": user.role.value, "display_name": user.display_name}
