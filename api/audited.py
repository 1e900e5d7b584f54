"""What of the calls is written down: each look at a resident, each change, before it is done.

A change whose line cannot be written is not done; one that was refused after all gets a second line that says so. A
look is let pass when the database has no room for its line, since an alert must be readable on a full disk too: the
line waits in memory and is written as soon as there is room. Looks by one session at one thing within some minutes are
one line, since a page that stays open asks again and again.
"""

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.database import AWAY
from api.looks import Line, Looks
from api.named import FILES, Named
from api.runtime import runtime_of
from store import audit
from store.pool import LOST, Pool

log = logging.getLogger("api.audit")

_SAFE_METHODS = frozenset({"GET", "HEAD"})
#: Fields of a body whose value says what was done and nothing of a person's health; of the others the name is kept.
_VALUES = frozenset(
    {"resident", "unit", "place", "parent", "outcome", "grants", "kind", "id", "name", "role", "start", "end", "until"}
)
#: Signs of a text, entries of a list: a line is for a page, not a copy of what was sent.
_LONGEST = 200
#: What a look was at, by the end of the call's name; all else of a resident is their page.
_PARTS = (
    "trace", "day", "week", "way", "whereabouts", "zone", "routine", "deliveries", "looks", "settings", "sheet",
    "message",
)  # fmt: skip
#: Parts that the page itself shows: opening it is one look.
_OF_THE_PAGE = frozenset({"day", "week", "routine", "settings", "deliveries", "zone", "sheet"})
#: Calls that write their own line, with what only they know; what answers where there is no call; what a console
#: says by itself every 10 s, which no person did; and what reads only what was sent to it.
_BY_THEMSELVES = frozenset({"sign_out", "nothing_here", "close_review_alerts", "say_presence", "read_given_messages"})


def looked_at(call: str, kind: str) -> str:
    """Return what a look was at: ``resident``, ``alert``, ``trace``, ``way``, ..."""
    part = next((part for part in _PARTS if call.endswith(f"_{part}")), kind)
    return kind if part in _OF_THE_PAGE else part


#: Looks of which only the call itself knows what was shown: it says so (``looked``) before it answers.
_SAID_LATER = frozenset({"read_resident_whereabouts"})


async def write_down(request: Request, account: str, session: str, call: str, named: Named) -> None:
    """Write down a call that was admitted, when it is a look at a resident or a change."""
    if call in _SAID_LATER:
        request.state.look = (account, session, call, named)
    elif request.method in _SAFE_METHODS:
        await _look(request, account, session, call, named, {})
    elif call not in _BY_THEMSELVES:
        about = await named.about()
        body = {} if call in FILES else await _fields(request)
        runtime = runtime_of(request)
        request.state.audited = await audit.write(
            named.pool,
            at_us=runtime.clock(),
            account=account,
            session=session,
            act=call,
            resident=about.resident if about else None,
            unit=about.unit if about else None,
            about=_object(request, named),
            data=body,
        )


async def looked(request: Request, shown: dict[str, Any]) -> None:
    """Write down a look that was admitted, with what is shown; looks at one thing fold where that is the same."""
    account, session, call, named = request.state.look
    await _look(request, account, session, call, named, shown)


async def _look(request: Request, account: str, session: str, call: str, named: Named, shown: dict[str, Any]) -> None:
    if not named.own:
        return
    kind, key = named.things[0]
    part = looked_at(call, kind)
    runtime = runtime_of(request)
    now_us = runtime.clock()
    fold = (session, part, kind, key, *shown)
    if not runtime.looks.is_new(fold, now_us):
        return
    about = await named.about()
    if about is None or about.resident is None:
        return
    line: Line = {
        "at_us": now_us,
        "account": account,
        "session": session,
        "act": part,
        "look": True,
        "resident": about.resident,
        "unit": about.unit,
        "about": key if kind != "resident" else None,
        "data": shown,
    }
    await _write_or_owe(runtime.looks, named.pool, line)
    runtime.looks.note(fold, now_us)


async def look_at_many(
    request: Request, pool: Pool, account: str, session: str, part: str, seen: Sequence[tuple[str, str]]
) -> None:
    """Write down that a list named these residents, (resident, unit); as a look it is let pass without room."""
    runtime = runtime_of(request)
    now_us = runtime.clock()
    folds = {(session, part, "resident", resident): (resident, unit, None) for resident, unit in seen}
    new = {fold: look for fold, look in folds.items() if runtime.looks.is_new(fold, now_us)}
    if not new:
        return
    try:
        await audit.write_looks(pool, at_us=now_us, account=account, session=session, act=part, at=list(new.values()))
    except LOST as error:
        owed: Line = {"at_us": now_us, "account": account, "session": session, "act": part, "look": True}
        runtime.looks.owed.extend(
            {**owed, "resident": who, "unit": unit, "about": None} for who, unit, _ in new.values()
        )
        log.warning("looks that are not written down yet: %d (%s)", len(runtime.looks.owed), type(error).__name__)
    for fold in new:
        runtime.looks.note(fold, now_us)


async def listened(request: Request, pool: Pool, account: str, session: str, topic_filter: str) -> None:
    """Write down that somebody listens at the broker; of whom they hear becomes lines of their own."""
    runtime = runtime_of(request)
    line: Line = {
        "at_us": runtime.clock(),
        "account": account,
        "session": session,
        "act": "listen",
        "look": True,
        "about": _plain(topic_filter),
        "data": {},
    }
    await _write_or_owe(runtime.looks, pool, line)


async def _write_or_owe(looks: Looks, pool: Pool, line: Line) -> None:
    looks.owed.append(line)
    while looks.owed:
        first = looks.owed.popleft()
        try:
            await audit.write(pool, **first)
        except asyncio.CancelledError:
            looks.owed.appendleft(first)
            raise
        except LOST as error:
            looks.owed.appendleft(first)
            log.warning("looks that are not written down yet: %d (%s)", len(looks.owed), error or type(error).__name__)
            return


def _object(request: Request, named: Named) -> str | None:
    if named.things and named.own:
        return named.things[0][1]
    account = request.path_params.get("account_id") or request.path_params.get("session_id")
    return str(account) if account is not None else None


async def _fields(request: Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except ValueError:
        return {}
    if not isinstance(body, dict):
        return {}
    kept = {name: _plain(body[name]) for name in sorted(body) if name in _VALUES}
    others = sorted(set(body) - set(kept))
    return kept | ({"fields": others} if others else {})


def _plain(value: Any) -> Any:
    """Return what PostgreSQL's JSON can hold of what a stranger sent: no NUL, no half of a pair, no NaN."""
    if isinstance(value, list):
        return [_plain(item) for item in value[:_LONGEST]]
    if isinstance(value, dict):
        return {_plain(key): _plain(item) for key, item in value.items()}
    if value is None or isinstance(value, bool):
        return value
    return str(value)[:_LONGEST].replace("\0", "\ufffd").encode("utf-8", "replace").decode()


class NoteRefusals:
    """Adds to the line of a change that it was refused, when it was."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and look at the status of its answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def noted(message: Message) -> None:
            number = scope.get("state", {}).get("audited")
            if message["type"] == "http.response.start" and message["status"] >= 400 and number is not None:
                await self._refused(scope, number, message["status"])
            await send(message)

        await self.app(scope, receive, noted)

    async def _refused(self, scope: Scope, number: int, status: int) -> None:
        runtime = scope["app"].state.runtime
        try:
            await audit.refused(await runtime.database.pool(), number, runtime.clock(), status)
        except AWAY as error:
            # The line then says more than was done, never less.
            log.warning("a refusal could not be written down: %s", error or type(error).__name__)
