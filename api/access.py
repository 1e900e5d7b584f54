"""Who may do what: one table, one check. A call that is not in the table is refused to everybody.

Whoever asks shows a session: the cookie of the console, or ``Authorization: Bearer`` of a program. A cookie comes along
with any request a browser makes, so what it authorises must also show that our own page asked.
"""

import hashlib
from dataclasses import dataclass
from enum import Enum
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request

from api.errors import Refusal
from api.runtime import runtime_of
from store import accounts
from store.accounts import Role, User

COOKIE = "shouwang_session"
_SAFE_METHODS = frozenset({"GET", "HEAD"})


class Needs(Enum):
    """What a call needs."""

    NOTHING = "nothing"
    SIGNED_IN = "signed in"
    ADMINISTRATOR = "administrator"


#: Every call under /api/v1 by the name of its function; tests/api/test_access.py walks them all.
RULES: dict[str, Needs] = {
    "sign_in": Needs.NOTHING,
    "current_session": Needs.SIGNED_IN,
    "sign_out": Needs.SIGNED_IN,
    "list_residents": Needs.SIGNED_IN,
    "read_resident": Needs.SIGNED_IN,
    "read_resident_day": Needs.SIGNED_IN,
    "read_resident_trace": Needs.SIGNED_IN,
    "read_resident_quiet": Needs.SIGNED_IN,
    "read_resident_routine": Needs.SIGNED_IN,
    "list_proposals": Needs.SIGNED_IN,
    "read_resident_proposal": Needs.SIGNED_IN,
    "read_resident_missed": Needs.SIGNED_IN,
    "report_missed": Needs.SIGNED_IN,
    "take_missed_back": Needs.SIGNED_IN,
    "accept_proposal": Needs.ADMINISTRATOR,
    "decline_proposal": Needs.ADMINISTRATOR,
    "undo_proposal": Needs.ADMINISTRATOR,
    "read_resident_settings": Needs.SIGNED_IN,
    "read_resident_whereabouts": Needs.SIGNED_IN,
    "read_resident_zone": Needs.SIGNED_IN,
    "set_resident_zone": Needs.ADMINISTRATOR,
    "preview_resident_zone": Needs.ADMINISTRATOR,
    # Whoever is on duty knows first who left and who is back; and all the rest lowers or raises somebody's guard.
    "add_absence": Needs.SIGNED_IN,
    "change_absence": Needs.SIGNED_IN,
    "end_absence": Needs.SIGNED_IN,
    "affirm_absence": Needs.SIGNED_IN,
    "list_asking_absences": Needs.SIGNED_IN,
    "withdraw_absence": Needs.SIGNED_IN,
    # Whoever is there knows; and ending it only makes things ring.
    "begin_pause": Needs.SIGNED_IN,
    "end_pause": Needs.SIGNED_IN,
    "list_outcomes": Needs.SIGNED_IN,
    "add_outcome": Needs.ADMINISTRATOR,
    "retire_outcome": Needs.ADMINISTRATOR,
    "add_resident": Needs.ADMINISTRATOR,
    "change_resident": Needs.ADMINISTRATOR,
    "list_places": Needs.SIGNED_IN,
    "add_place": Needs.ADMINISTRATOR,
    "change_place": Needs.ADMINISTRATOR,
    "read_ladder": Needs.ADMINISTRATOR,
    "set_ladder": Needs.ADMINISTRATOR,
    "list_devices": Needs.SIGNED_IN,
    "add_device": Needs.ADMINISTRATOR,
    "bind_device": Needs.ADMINISTRATOR,
    "unbind_device": Needs.ADMINISTRATOR,
    "list_alerts": Needs.SIGNED_IN,
    "read_alert": Needs.SIGNED_IN,
    "read_alert_trace": Needs.SIGNED_IN,
    "read_alert_day": Needs.SIGNED_IN,
    "read_alert_way": Needs.SIGNED_IN,
    "read_alert_deliveries": Needs.SIGNED_IN,
    "claim_alert": Needs.SIGNED_IN,
    "extend_alert": Needs.SIGNED_IN,
    "hold_alert": Needs.SIGNED_IN,
    "release_alert": Needs.SIGNED_IN,
    "resolve_alert": Needs.SIGNED_IN,
    "reopen_alert": Needs.SIGNED_IN,
    "note_alert": Needs.SIGNED_IN,
    "close_alert": Needs.ADMINISTRATOR,
    "read_quarantine": Needs.SIGNED_IN,
    "read_overview": Needs.SIGNED_IN,
    "follow_events": Needs.SIGNED_IN,
    "nothing_here": Needs.SIGNED_IN,
}


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, by which session. ``token`` is a secret; ``session`` names the session without being one."""

    user: User
    token: str
    expires_us: int

    @property
    def session(self) -> str:
        """The session's name among the open streams."""
        return session_name(self.token)

    @property
    def in_charge(self) -> bool:
        """Whether the caller may act for others."""
        return self.user.role is Role.ADMINISTRATOR


def session_name(token: str) -> str:
    """Return a name for a session that may stand in memory and logs."""
    return hashlib.sha256(token.encode()).hexdigest()[:16]


async def admit(request: Request) -> None:
    """Let the request pass, or raise the refusal: 401 not signed in, 403 not allowed. A dependency of every route."""
    needs = RULES.get(request.scope["route"].name)
    if needs is None:
        raise Refusal(403, "no_rule", "Nobody may do this: it has no rule yet.")
    if needs is Needs.NOTHING:
        refuse_forgery(request)
        return
    token, by_cookie = _shown(request)
    caller = await who(request, token) if token else None
    if caller is None:
        raise Refusal(401, "not_signed_in", "Sign in first.", headers={"WWW-Authenticate": "Bearer"})
    if by_cookie:
        refuse_forgery(request)
    if needs is Needs.ADMINISTRATOR and not caller.in_charge:
        raise Refusal(403, "not_allowed", "Only an administrator may do this.")
    request.state.caller = caller


async def who(request: Request, token: str) -> Caller | None:
    """Return whose open session this token is, or None."""
    runtime = runtime_of(request)
    found = await accounts.session(await runtime.database.pool(), token, runtime.wall())
    return Caller(found.user, token, found.expires_us) if found else None


def refuse_forgery(request: Request) -> None:
    """Raise a refusal when a foreign page could have made this request with our cookie.

    SameSite=Strict keeps the cookie from other sites already; another port of the same host is the same site. A foreign
    page cannot send JSON, a header of its own or our origin without asking us first, and we never allow that.
    """
    if request.method in _SAFE_METHODS:
        return
    is_json = request.headers.get("content-type", "").split(";")[0].strip().lower() == "application/json"
    is_ours = urlsplit(request.headers.get("origin", "")).netloc == request.headers.get("host")
    if not (is_json or is_ours or "x-requested-with" in request.headers):
        raise Refusal(403, "forged", "Send this with Content-Type: application/json or an X-Requested-With header.")


def _shown(request: Request) -> tuple[str | None, bool]:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        return token.strip(), False
    return request.cookies.get(COOKIE), True


def _caller(request: Request) -> Caller:
    caller: Caller = request.state.caller
    return caller


#: The signed-in caller of a route that needs one.
SignedIn = Annotated[Caller, Depends(_caller)]
