"""The answer that carries a live stream: ends with the server, and lets go of a client that has stopped reading."""

import logging
from collections.abc import AsyncIterator

from sse_starlette import EventSourceResponse
from sse_starlette.sse import SendTimeoutError
from starlette.types import Receive, Scope, Send

log = logging.getLogger("api.live")

#: A client that takes nothing for this long is asleep or gone; its socket's buffers are full by then.
SEND_SECONDS = 5.0


class StreamResponse(EventSourceResponse):
    """Server-sent events as finished bytes; pings are part of the content, since they say something."""

    def __init__(self, content: AsyncIterator[bytes]) -> None:
        super().__init__(content, ping=0, send_timeout=SEND_SECONDS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until content, client or server ends."""
        try:
            await super().__call__(scope, receive, send)
        except SendTimeoutError:
            log.warning("a live stream was dropped: its client had stopped reading")
