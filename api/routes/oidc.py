"""Signing in by way of an identity server: the button, the way there, and coming back."""

import logging
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse

from api.account_models import OidcSaid
from api.oidc import PENDING_US, Trouble
from api.present import Plain
from api.routes.session import line_of, set_cookie
from api.runtime import Runtime, ThePool, TheRuntime, WallNow
from api.times import SECOND_US
from schemas.errors import BrokenRule
from store import accounts, audit, identities
from store.pool import Pool

log = logging.getLogger("api.oidc")
router = APIRouter(prefix="/api/v1/session/oidc", tags=["session"])

#: Binds a sign-in to the browser it began in. Not Strict: the way back begins at the identity server.
COOKIE = "shouwang_oidc"
_PATH = "/api/v1/session/oidc"
Given = Annotated[str, Query(max_length=4096)]


@router.get("", summary="Whether there is another way in", response_model=OidcSaid)
async def read_oidc(runtime: TheRuntime) -> Plain:
    """Return what the button of the sign-in page is called; null: no identity server is set."""
    known = runtime.settings.oidc
    return {"oidc": None if known is None else {"name": known.name}}


@router.get("/begin", summary="Go to the identity server", status_code=303)
async def begin_oidc(runtime: TheRuntime) -> RedirectResponse:
    """Send the browser to the identity server; back to the sign-in page, with why, where that cannot be."""
    if runtime.oidc is None:
        return _back("oidc_off")
    try:
        address, begun = await runtime.oidc.begin()
    except Trouble as trouble:
        return _back(trouble.code)
    there = RedirectResponse(address, 303)
    there.set_cookie(
        COOKIE,
        begun.browser,
        max_age=PENDING_US // SECOND_US,
        path=_PATH,
        httponly=True,
        samesite="lax",
        secure=runtime.settings.secure_cookies,
    )
    return there


@router.get("/return", summary="Come back from it", status_code=303)
async def finish_oidc(
    request: Request,
    runtime: TheRuntime,
    pool: ThePool,
    now_us: WallNow,
    state: Given = "",
    code: Given = "",
    error: Given = "",
    iss: Annotated[str | None, Query(max_length=4096)] = None,
) -> RedirectResponse:
    """Open a session for whoever the identity server proved, and show the console; else the sign-in page with why."""
    if runtime.oidc is None:
        return _back("oidc_off")
    if error:
        log.warning("the identity server sent somebody back: %s", line_of(error)[:100])
        return _back("oidc_refused")
    try:
        proven = await runtime.oidc.finish(state, request.cookies.get(COOKIE, ""), code, iss)
        name = await identities.account_of(pool, proven.issuer, proven.subject, proven.said)
    except (Trouble, BrokenRule) as trouble:
        return _back(trouble.code)
    return await _opened(request, runtime, pool, name, now_us)


async def _opened(request: Request, runtime: Runtime, pool: Pool, name: str, now_us: int) -> RedirectResponse:
    address = request.client.host if request.client else ""
    agent = line_of(request.headers.get("user-agent", ""))
    opened = await accounts.open_session(pool, name, now_us, address=address, agent=agent, outside=True)
    await audit.write(
        pool,
        at_us=runtime.clock(),
        account=name,
        session=accounts.session_name(opened.token),
        act="sign_in",
        data={"address": address, "by": "oidc"},
    )
    inside = RedirectResponse("/", 303)
    set_cookie(inside, opened, now_us, secure=runtime.settings.secure_cookies)
    inside.delete_cookie(COOKIE, path=_PATH, httponly=True, samesite="lax", secure=runtime.settings.secure_cookies)
    return inside


def _back(code: str) -> RedirectResponse:
    return RedirectResponse(f"/?{urlencode({'signin': code})}", 303)
