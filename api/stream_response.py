"""The answer that carries a live stream: ends with the server, and lets go of a client that has stopped reading."""

import logging
from collections.abc import AsyncIterator, Callable
from typing import cast

import anyio
from sse_starlette import EventSourceResponse
from sse_starlette.sse import SendTimeoutError
from starlette.types import Receive, Scope, Send

log = logging.getLogger("api.live")

#: A client that takes nothing for this long is asleep or gone; its socket's buffers are full by then.
SEND_SECONDS = 5.0
#: At the server's stop a stream gets this long to end by itself, well within uvicorn's own patience.
_GRACE_SECONDS = 1.0


class StreamBrokenError(Exception):
    """The content cannot go on; the connection is cut, and the client comes back with what it has."""


class _StopSignal:
    """Stands where sse-starlette sets an event when the server stops."""

    def __init__(self, on_stop: Callable[[], None]) -> None:
        self.set = on_stop


class StreamResponse(EventSourceResponse):
    """Server-sent events as finished bytes; pings are part of the content, since they say something."""

    def __init__(
        self, content: AsyncIterator[bytes], *, on_stop: Callable[[], None], on_end: Callable[[], None]
    ) -> None:
        self._on_end = on_end
        super().__init__(
            content,
            ping=0,
            send_timeout=SEND_SECONDS,
            shutdown_event=cast(anyio.Event, _StopSignal(on_stop)),
            shutdown_grace_period=_GRACE_SECONDS,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until content, client or server ends."""
        try:
            await super().__call__(scope, receive, send)
        except SendTimeoutError:
            log.warning("a live stream was dropped: its client had stopped reading")
        except StreamBrokenError:
            log.warning("a live stream was cut: the database is away")
        finally:
            # Here and not in the content: of a client that left at once, the content never began.
            self._on_end()
