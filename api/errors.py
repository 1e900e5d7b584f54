"""Errors as the API says them: one shape, a stable code, and a sentence for a person.

``{"error": {"code", "message"}}``; a refused rule carries the current alert beside it. What we did not foresee is
logged with an id, and only the id goes out: a stack trace helps nobody at a bedside and tells a stranger too much.
"""

import logging
import secrets
from collections.abc import Mapping
from typing import Any, cast

import asyncpg
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from schemas.errors import BrokenRule, Unavailable
from store.pool import LOST

log = logging.getLogger("api")

#: Words for the statuses that the framework raises by itself.
_SENTENCES = {
    404: ("not_found", "There is nothing here."),
    405: ("method_not_allowed", "This cannot be done here with this method."),
}


class Refusal(Exception):
    """The API's own no: a status, a stable code and a sentence; ``beside`` stands next to ``error`` in the body."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        headers: Mapping[str, str] | None = None,
        beside: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.status, self.code, self.headers, self.beside = status, code, headers, beside


def not_found(what: str) -> Refusal:
    """Return the refusal for something that is not there, or not yours: the two look the same from outside."""
    return Refusal(404, "not_found", f"There is no such {what}.")


def answer(
    status: int,
    code: str,
    message: str,
    *,
    headers: Mapping[str, str] | None = None,
    beside: Mapping[str, Any] | None = None,
) -> JSONResponse:
    """Return an error in the one shape."""
    return JSONResponse({"error": {"code": code, "message": message}, **(beside or {})}, status, headers)


async def _refused(_: Request, error: Exception) -> JSONResponse:
    no = cast(Refusal, error)
    return answer(no.status, no.code, str(no), headers=no.headers, beside=no.beside)


async def _rule_broken(_: Request, error: Exception) -> JSONResponse:
    code = cast(BrokenRule, error).code
    return answer(404 if code == "not_found" else 409, code, str(error))


async def _unavailable(_: Request, error: Exception) -> JSONResponse:
    return answer(503, "unavailable", str(error), headers={"Retry-After": "2"})


async def _database_away(_: Request, error: Exception) -> JSONResponse:
    log.warning("the database did not answer: %s", error or type(error).__name__)
    return answer(
        503, "unavailable", "The database cannot answer now; try again shortly.", headers={"Retry-After": "2"}
    )


async def _connection_misused(request: Request, error: Exception) -> JSONResponse:
    # asyncpg says InterfaceError for a connection that went away under us and for a mistake of ours alike.
    if "clos" not in str(error):
        raise error
    return await _database_away(request, error)


async def _malformed(_: Request, error: Exception) -> JSONResponse:
    fields = [
        {
            "field": ".".join(str(part) for part in problem["loc"][1:]) or str(problem["loc"][0]),
            "message": problem["msg"],
        }
        for problem in cast(RequestValidationError, error).errors()
    ]
    sentence = "; ".join(f"{field['field']}: {field['message']}" for field in fields)
    return answer(422, "malformed", f"{sentence}.", beside={"fields": fields})


async def _http(_: Request, error: Exception) -> JSONResponse:
    http = cast(HTTPException, error)
    if http.status_code == 400:  # the framework could not parse a body; to the sender that is one more way of malformed
        return answer(422, "malformed", "The body cannot be read as JSON.")
    code, sentence = _SENTENCES.get(http.status_code, ("refused", str(http.detail)))
    return answer(http.status_code, code, sentence, headers=http.headers)


def install(app: FastAPI) -> None:
    """Make every error of ``app`` come out in the one shape."""
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(BrokenRule, _rule_broken)
    app.add_exception_handler(Unavailable, _unavailable)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _http)
    for kind in LOST:
        app.add_exception_handler(kind, _database_away)
    app.add_exception_handler(asyncpg.InterfaceError, _connection_misused)


class CatchUnforeseen:
    """Turns an exception nobody foresaw into a 500 with an id, and logs it once under that id."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; answer for whatever comes back as an exception before the answer has begun."""
        started = False

        async def note_start(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, note_start)
        except Exception:
            number = secrets.token_hex(4)
            log.exception("unforeseen error %s in %s %s", number, scope.get("method"), scope.get("path"))
            if started or scope["type"] != "http":
                raise
            sentence = f"Something went wrong here, and was written down as {number}."
            await answer(500, "internal", sentence)(scope, receive, send)
