"""The claim link: a page with one button on it, good once, that stops the ladder - with the database down as well.

Opening the page changes nothing, since messengers and mail scanners open every link before a person does; the button
does. It stands with notify and not with the API, so that there is one place that answers whatever is down.
"""

import html
import logging
from collections.abc import Awaitable, Callable

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from notify.book import Book
from notify.settings import NotifySettings
from notify.shelf import AWAY
from schemas.ladder import Claim, Link, link_hash

log = logging.getLogger("shouwang.notify")

_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
}
_PAGE = """<!doctype html><html lang="zh"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>守望</title><style>body{{font:1.3rem/1.5 sans-serif;margin:2rem;max-width:32rem}}
button{{font:inherit;padding:.8em 1.4em;width:100%}}</style><p>{words}</p>{form}</html>"""
_RECEIVED = '<form method="post"><button>收到了 · I got it</button></form>'
_BUTTON = '<form method="post"><button>我去 · I am going</button></form>'

#: What a press came to: status, code, and the words for a person.
_ANSWERS = {
    "ready": (200, "有人在等你。 Somebody needs you."),
    "claimed": (200, "已由你接手。 It is yours: please go now."),
    "taken": (409, "{who} 已经接手。 {who} has it already."),
    "used": (410, "这个链接已经用过。 This link was used already."),
    "expired": (410, "这个链接已过期。 This link has expired."),
    "test": (200, "这是一次测试,没有人出事。 This is a test; nothing has happened."),
    "confirmed": (200, "收到,谢谢。 Thank you: this telephone can be reached."),
    "over": (410, "这个警报已经处理完。 This alarm is over."),
    "unknown": (404, "没有这个链接。 There is no such link."),
    "unavailable": (503, "请再按一次。 Please press again in a moment."),
}

#: Claims the alert in the database now; returns who has it, None when the database cannot be asked.
Press = Callable[[Claim], Awaitable[str | None]]

#: Writes down that a test came to its telephone; None when the database cannot be asked.
Confirm = Callable[[str], Awaitable[bool | None]]


class Links:
    """What pressing a link does."""

    def __init__(self, book: Book, settings: NotifySettings, press: Press, confirm: Confirm) -> None:
        self._book, self._settings, self._press, self._confirm = book, settings, press, confirm

    async def look(self, token: str) -> tuple[str, Link | None]:
        """Return what a link is worth now (a word of _ANSWERS), changing nothing."""
        held = await self._book.link_shelf.get(link_hash(token))
        if held is None:
            return "unknown", None
        link = held[0]
        if link.used_us is not None:
            return "used", link
        if self._settings.clock() >= link.expires_us:
            return "expired", link
        return ("test" if link.test else "ready"), link

    async def press(self, token: str) -> tuple[str, str]:
        """Use a link: the word that says what came of it, and who has the alarm."""
        word, link = await self.look(token)
        if word == "test" and link is not None:
            return await self._received(token, link), ""
        if word != "ready" or link is None:
            return word, ""
        answers = [await self._one(link, finding, link_hash(token)) for finding in (link.finding, *link.more)]
        return next((answer for answer in answers if answer[0] == "claimed"), answers[0])

    async def _received(self, token: str, link: Link) -> str:
        known = await self._confirm(link.test)
        if known is None:
            return "unavailable"
        used = msgspec.structs.replace(link, used_us=self._settings.clock())
        await self._book.link_shelf.put(link_hash(token), used)
        return "confirmed" if known else "unknown"

    async def _one(self, link: Link, finding: str, name: str) -> tuple[str, str]:
        # The alert's own case, or the one that it became part of when the desk came back.
        case = self._book.cases.get(finding) or next(
            (each for each in self._book.cases.values() if finding in each.findings), None
        )
        now_us = self._settings.clock()
        if case is None:
            return "over", ""
        if case.claimed_by not in (None, link.recipient) and not case.rings:
            return "taken", str(case.claimed_by)
        mine = Claim(finding=case.finding, round=case.round, recipient=link.recipient, at_us=now_us, link=name)
        claim = await self._book.claim(mine)
        await self._book.link_shelf.put(name, msgspec.structs.replace(link, used_us=now_us))
        log.info("claim link %s was pressed by %s; the alarm is with %s", name, link.recipient, claim.recipient)
        owner = await self._press(claim) or claim.recipient
        return ("claimed", owner) if owner == link.recipient else ("taken", owner)


def app(links: Links) -> Starlette:
    """Return the page: GET shows the button, POST presses it. ``Accept: application/json`` gets JSON."""

    async def show(request: Request) -> Response:
        token = request.path_params["token"]
        try:
            if request.method == "POST":
                word, who = await links.press(token)
            else:
                word, who = (await links.look(token))[0], ""
        except AWAY:
            word, who = "unavailable", ""
        return _answer(request, word, who)

    return Starlette(routes=[Route("/c/{token}", show, methods=["GET", "POST"])])


def _answer(request: Request, word: str, who: str) -> Response:
    status, words = _ANSWERS[word]
    if "application/json" in request.headers.get("accept", ""):
        return JSONResponse({"result": word, "owner": who or None}, status, _HEADERS)
    form = _RECEIVED if word == "test" else _BUTTON if word in ("ready", "unavailable") else ""
    return HTMLResponse(_PAGE.format(words=html.escape(words.format(who=who)), form=form), status, _HEADERS)
