"""What every answer carries for the browser's safety: a strict content policy, no sniffing, no framing, no referrer."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: Everything from ourselves, nothing inline: a resident's name with a script in it stays a name. ``data:`` images are
#: the console's own small icons.
CONTENT_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
_POLICY = "Content-Security-Policy"
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def content_policy(pictures_from: str | None) -> str:
    """Return the policy; with ``pictures_from`` (scheme and host), pictures alone may come from there too."""
    if pictures_from is None:
        return CONTENT_POLICY
    return CONTENT_POLICY.replace("img-src 'self' data:", f"img-src 'self' data: {pictures_from}")


class SafeHeaders:
    """Adds the headers to every answer; an answer that names no caching is not cached, it may hold people's data."""

    def __init__(self, app: ASGIApp, *, pictures_from: str | None = None) -> None:
        self.app = app
        self._headers = {_POLICY: content_policy(pictures_from), **_HEADERS}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add to the head of its answer."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                own = headers.get(_POLICY)  # a route's own is stricter: api.routes.plans
                for name, value in self._headers.items():
                    headers[name] = value
                if own is not None:
                    headers[_POLICY] = own
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)
