"""No request makes us hold more than a little: a body is read up to a limit before anybody parses it."""

import re

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import answer

#: The largest request of ours is a resident with long notes, a few kilobytes; nobody may send megabytes to be parsed.
MAX_BODY_BYTES = 64 * 1024
#: A drawing of a floor; nothing else is a file.
MAX_DRAWING_BYTES = 5 * 1024 * 1024
#: Messages of devices to be read: 200 of them, or the inventory of a bridge with a hundred devices.
MAX_MESSAGES_BYTES = 256 * 1024
_DRAWING = re.compile(r"^/api/v1/places/[^/]+/plan/drawing$")
_MESSAGES = "/api/v1/decode"
_WITHOUT_BODY = frozenset({"GET", "HEAD"})


class LimitBody:
    """Answers 413 to a body beyond MAX_BODY_BYTES, whatever length it claimed."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the body, then pass the request on with it."""
        if scope["type"] != "http" or scope["method"] in _WITHOUT_BODY:
            await self.app(scope, receive, send)
            return
        most = _most(scope["method"], scope["path"])
        body = await _read(receive, most)
        if body is None:
            sentence = f"The request is too large; at most {most // 1024} KiB are read."
            # The rest of the body is still on its way; nobody will read it on this connection.
            await answer(413, "too_large", sentence, headers={"Connection": "close"})(scope, receive, send)
            return
        await self.app(scope, _again(body, receive), send)


def _most(method: str, path: str) -> int:
    if method == "PUT" and _DRAWING.match(path):
        return MAX_DRAWING_BYTES
    return MAX_MESSAGES_BYTES if (method, path) == ("POST", _MESSAGES) else MAX_BODY_BYTES


async def _read(receive: Receive, most: int) -> bytes | None:
    """Return the whole body, None when it is too large; what a leaving client sent counts as all there is."""
    body = bytearray()
    while True:
        message = await receive()
        part: bytes = message.get("body", b"")
        body += part
        if len(body) > most:
            return None
        if message["type"] != "http.request" or not message.get("more_body", False):
            return bytes(body)


def _again(body: bytes, receive: Receive) -> Receive:
    """Return a ``receive`` that gives ``body`` once, and then whatever the client does."""
    given = False

    async def once() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return once
