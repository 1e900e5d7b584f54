"""Who may do what, and with whom: one table, one check. A call that is not in the table is refused to everybody.

Whoever asks shows a session: the cookie of the console, or ``Authorization: Bearer`` of a program. A cookie comes along
with any request a browser makes, so what it authorises must also show that our own page asked.

A right is held at places (api.rights, store.grants). What a call names, in its path, query or body, is looked for
there: outside of all that the caller may see it is not there (404), as if it did not exist; seen, but without the
right, it is refused (403). A call that names nothing lists, and gets as ``caller.reach`` what it may list.
"""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request

from api import audited
from api.errors import Refusal
from api.named import Named, named_in
from api.rights import Needs, roles_with
from api.runtime import runtime_of
from store import accounts, grants
from store.accounts import User, session_name
from store.grants import Ground, Reach, Role

__all__ = ["COOKIE", "RULES", "Caller", "Needs", "SignedIn", "admit", "session_name", "who"]

COOKIE = "shouwang_session"
_SAFE_METHODS = frozenset({"GET", "HEAD"})
#: What an account may do whose password somebody else knows.
_BEFORE_A_PASSWORD = frozenset({"current_session", "sign_out", "change_own_password"})


#: Every call under /api/v1 by the name of its function; tests/api/test_access.py walks them all.
RULES: dict[str, Needs] = {
    "sign_in": Needs.NOTHING,
    "current_session": Needs.ONESELF,
    "sign_out": Needs.ONESELF,
    "read_oidc": Needs.NOTHING,
    "begin_oidc": Needs.NOTHING,
    "finish_oidc": Needs.NOTHING,
    "list_residents": Needs.NAMES,
    "read_resident": Needs.LIFE,
    "read_resident_day": Needs.LIFE,
    "read_resident_week": Needs.LIFE,
    "read_resident_trace": Needs.CARE,
    "read_resident_quiet": Needs.CARE,
    "read_resident_routine": Needs.CARE,
    "list_proposals": Needs.CARE,
    "read_resident_proposal": Needs.CARE,
    "read_resident_missed": Needs.CARE,
    "report_missed": Needs.CARE,
    "take_missed_back": Needs.CARE,
    "accept_proposal": Needs.DECIDE,
    "decline_proposal": Needs.DECIDE,
    "undo_proposal": Needs.DECIDE,
    "read_resident_settings": Needs.CARE,
    "read_resident_whereabouts": Needs.CARE,
    "read_resident_zone": Needs.CARE,
    "set_resident_zone": Needs.DECIDE,
    "preview_resident_zone": Needs.DECIDE,
    # Whoever is on duty knows first who left and who is back; and all the rest lowers or raises somebody's guard.
    "add_absence": Needs.CARE,
    "change_absence": Needs.CARE,
    "end_absence": Needs.CARE,
    "affirm_absence": Needs.CARE,
    "list_asking_absences": Needs.CARE,
    "withdraw_absence": Needs.CARE,
    "read_resident_sheet": Needs.CARE,
    "write_resident_sheet": Needs.DECIDE,
    "add_resident_note": Needs.CARE,
    "take_resident_note_back": Needs.CARE,
    "read_place_sheet": Needs.STAFF,
    "write_place_sheet": Needs.MANAGE,
    # Whoever is there knows; and ending it only makes things ring.
    "begin_pause": Needs.CARE,
    "end_pause": Needs.CARE,
    "list_outcomes": Needs.NAMES,
    "add_outcome": Needs.MANAGE,
    "retire_outcome": Needs.MANAGE,
    "add_resident": Needs.MANAGE,
    "change_resident": Needs.DECIDE,
    "list_places": Needs.STAFF,
    "add_place": Needs.MANAGE,
    "change_place": Needs.MANAGE,
    "read_ladder": Needs.MANAGE,
    "set_ladder": Needs.MANAGE,
    "list_plans": Needs.STAFF,
    "read_plan": Needs.STAFF,
    "read_plan_drawing": Needs.STAFF,
    "read_place_now": Needs.STAFF,
    "set_plan": Needs.DRAW,
    "set_plan_drawing": Needs.DRAW,
    "remove_plan_drawing": Needs.DRAW,
    "restore_plan": Needs.DRAW,
    "read_shift": Needs.CARE,
    "begin_shift": Needs.CARE,
    "note_shift": Needs.CARE,
    "hand_over_shift": Needs.CARE,
    "accept_shift": Needs.CARE,
    "list_ladders": Needs.MANAGE,
    # Whom one may meet tonight; their telephones only for who may change them.
    "read_rota": Needs.CARE,
    "set_rota": Needs.MANAGE,
    "set_rota_day": Needs.MANAGE,
    "copy_rota_week": Needs.MANAGE,
    # Whoever falls ill at night is replaced at night.
    "swap_rota_shift": Needs.DECIDE,
    # Whoever goes when it rings: a technician's console does not show it, and a family's shows one person.
    "say_presence": Needs.CARE,
    "read_attendance": Needs.CARE,
    # Whoever says whom to tell sees whether they can be told, and tries it.
    "read_reach": Needs.MANAGE,
    "test_reach": Needs.MANAGE,
    "read_reach_test": Needs.MANAGE,
    "read_place_deliveries": Needs.MANAGE,
    "list_message_templates": Needs.MANAGE,
    "preview_message_template": Needs.MANAGE,
    "set_message_template": Needs.ACCOUNTS,
    "reset_message_template": Needs.ACCOUNTS,
    "list_devices": Needs.STAFF,
    "list_device_health": Needs.STAFF,
    "read_device_message": Needs.DECODE,
    "read_given_messages": Needs.DECODE,
    # What may be heard of others' is refused by the call itself: a topic does not say whose it is.
    "follow_messages": Needs.DECODE,
    "add_device": Needs.INSTALL,
    "bind_device": Needs.INSTALL,
    "unbind_device": Needs.INSTALL,
    "list_alerts": Needs.LIFE,
    "read_alert": Needs.LIFE,
    "read_alert_trace": Needs.CARE,
    "read_alert_day": Needs.CARE,
    "read_alert_way": Needs.CARE,
    "read_alert_deliveries": Needs.CARE,
    "claim_alert": Needs.CARE,
    "extend_alert": Needs.CARE,
    "hold_alert": Needs.CARE,
    "release_alert": Needs.CARE,
    "resolve_alert": Needs.CARE,
    "reopen_alert": Needs.CARE,
    "note_alert": Needs.CARE,
    "close_alert": Needs.DECIDE,
    "correct_alert": Needs.DECIDE,
    "read_review": Needs.DECIDE,
    "list_review_alerts": Needs.DECIDE,
    "close_review_alerts": Needs.DECIDE,
    "export_review": Needs.DECIDE,
    "read_quarantine": Needs.STAFF,
    "read_quarantined": Needs.DECODE,
    "read_overview": Needs.NAMES,
    "follow_events": Needs.LIFE,
    "list_own_sessions": Needs.ONESELF,
    "end_own_session": Needs.ONESELF,
    "change_own_password": Needs.ONESELF,
    "list_accounts": Needs.ACCOUNTS,
    "add_account": Needs.ACCOUNTS,
    "set_account_grants": Needs.ACCOUNTS,
    "reset_account_password": Needs.ACCOUNTS,
    "disable_account": Needs.ACCOUNTS,
    "enable_account": Needs.ACCOUNTS,
    "set_account_identity": Needs.ACCOUNTS,
    "list_account_sessions": Needs.ACCOUNTS,
    "end_account_sessions": Needs.ACCOUNTS,
    "read_audit": Needs.AUDIT,
    "read_resident_looks": Needs.DECIDE,
    "nothing_here": Needs.ONESELF,
}


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, by which session. ``token`` is a secret; ``session`` names the session without being one.

    ``reach``: where the caller has the right that the call needs. ``in_charge``: whether they may act for others in
    what the call is about.
    """

    user: User
    token: str
    expires_us: int
    ground: Ground
    reach: Reach
    in_charge: bool = False

    @property
    def session(self) -> str:
        """The session's name among the open streams."""
        return session_name(self.token)

    def where(self, need: Needs) -> Reach:
        """Return where the caller has a right."""
        return self.ground.reach(self.user.grants, roles_with(need))


async def admit(request: Request) -> None:
    """Let the request pass, or raise the refusal: 401 not signed in, 403 not allowed, 404 not theirs to see.

    A dependency of every route. What is let pass and looks at a resident, or changes something, is written down first.
    """
    call = request.scope["route"].name
    needs = RULES.get(call)
    if needs is None:
        raise Refusal(403, "no_rule", "Nobody may do this: it has no rule yet.")
    if needs is Needs.NOTHING:
        refuse_forgery(request)
        return
    token, by_cookie = _shown(request)
    caller = await who(request, token, needs) if token else None
    if caller is None:
        raise Refusal(401, "not_signed_in", "Sign in first.", headers={"WWW-Authenticate": "Bearer"})
    if by_cookie:
        refuse_forgery(request)
    if caller.user.must_change and call not in _BEFORE_A_PASSWORD:
        raise Refusal(403, "change_password", "Choose a password of your own first.")
    named = await named_in(request, call)
    if needs is not Needs.ONESELF:
        await _refuse_what_is_not_theirs(caller, named)
    charge = await named.within(caller.where(Needs.DECIDE))
    request.state.caller = Caller(
        caller.user, caller.token, caller.expires_us, caller.ground, caller.reach, in_charge=charge
    )
    await audited.write_down(request, caller.user.name, caller.session, call, named)


async def _refuse_what_is_not_theirs(caller: Caller, named: Named) -> None:
    seen = caller.ground.reach(caller.user.grants, frozenset(Role))
    missing = await named.outside(seen)
    if missing is not None:
        raise Refusal(404, "not_found", f"There is no such {missing}.")
    if caller.reach.nothing or not await named.within(caller.reach):
        raise Refusal(403, "not_allowed", "Your role does not allow this here.")


async def who(request: Request, token: str, needs: Needs = Needs.LIFE) -> Caller | None:
    """Return whose open session this token is, with where they have a right now, or None."""
    runtime = runtime_of(request)
    pool = await runtime.database.pool()
    found = await accounts.session(pool, token, runtime.wall())
    if found is None:
        return None
    ground = await grants.ground(pool, found.user.grants)
    reach = ground.reach(found.user.grants, roles_with(needs))
    return Caller(found.user, token, found.expires_us, ground, reach)


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
