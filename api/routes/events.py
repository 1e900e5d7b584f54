"""The live stream: each step of each alert, as it is committed."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header, Request
from sse_starlette import EventSourceResponse

from api.access import Caller, Needs, SignedIn, who
from api.database import AWAY
from api.live import Item, LivePause, LiveStep, Stream
from api.present import Plain, json_text
from api.runtime import Runtime, TheRuntime
from api.stream_response import StreamBrokenError, StreamResponse
from api.times import iso

router = APIRouter(prefix="/api/v1", tags=["events"])

#: The console calls a stream dead after two and a half of these.
PING_SECONDS = 10.0
#: Whoever is further behind fetches the list anew, which is shorter than the steps that led to it.
MOST_RESUMED = 1000
#: What a browser's own EventSource waits before it comes back, milliseconds.
_RETRY_MS = 1000
_EXAMPLE = 'id: 42\nevent: alert\ndata: {"seq": 42, "alert": {...}, "step": {...}}\n\n'


@router.get(
    "/events",
    summary="Follow alerts live",
    response_class=EventSourceResponse,
    responses={200: {"content": {"text/event-stream": {"example": _EXAMPLE}}}},
)
async def follow_events(
    request: Request,
    caller: SignedIn,
    runtime: TheRuntime,
    last_event_id: Annotated[str | None, Header(description="Resume after this ``seq``")] = None,
) -> EventSourceResponse:
    """Server-sent events: ``hello`` first, then ``alert`` for each step, ``pause`` and ``ping`` every 10 s.

    ``hello`` carries ``seq`` (all later steps follow), ``platform_time`` and ``resumed``: true when the stream goes on
    exactly after ``Last-Event-ID``; false when the list of alerts must be fetched anew. ``ping`` carries
    ``platform_time`` and ``sees``: false while the platform cannot read its database, when silence means nothing.
    ``pause`` says who is with a resident now, until when (null: nobody); it has no ``id``.
    """
    stream, newest = await runtime.feed.open(caller.session)
    after, resumed = _start(newest, last_event_id)
    content = _messages(request, runtime, caller, stream, after, resumed=resumed)
    return StreamResponse(content, on_stop=lambda: stream.end("closing"), on_end=lambda: runtime.feed.leave(stream))


def _start(newest: int, last_event_id: str | None) -> tuple[int, bool]:
    """Return the seq after which the stream begins, and whether that is where the client was."""
    if last_event_id is None or not (last_event_id.isascii() and last_event_id.isdigit()):
        return newest, False
    # Another database, or one restored from a backup, knows nothing of a seq beyond its newest.
    after = int(last_event_id[:19])
    return (after, True) if newest - MOST_RESUMED <= after <= newest else (newest, False)


async def _messages(
    request: Request, runtime: Runtime, caller: Caller, stream: Stream, after: int, *, resumed: bool
) -> AsyncIterator[bytes]:
    hello = {"seq": after, "platform_time": iso(runtime.clock()), "resumed": resumed}
    yield _event("hello", hello, seq=after, retry=True)
    sent = after
    while resumed and (page := await _page(runtime, sent)):
        for step in page:
            if caller.reach.covers(step.about):
                yield _step(step)
            sent = step.seq
    cares = caller.where(Needs.CARE)  # a family follows the alerts, and is not told who is in the room
    async for live in _live(request, runtime, caller, stream):
        if isinstance(live, LivePause):
            if cares.covers(live.about):
                yield f"event: pause\ndata: {live.data}\n\n".encode()
        elif live is None:
            yield _event("ping", {"platform_time": iso(runtime.clock()), "sees": runtime.feed.sees})
        elif live.seq > sent:
            if caller.reach.covers(live.about):
                yield _step(live)
            sent = live.seq


async def _page(runtime: Runtime, seq: int) -> list[LiveStep]:
    try:
        return await runtime.steps_after(seq)
    except AWAY as error:
        # Not an empty page: the client would take what it has for everything.
        raise StreamBrokenError from error


async def _live(request: Request, runtime: Runtime, caller: Caller, stream: Stream) -> AsyncIterator[Item]:
    """Yield what comes, and None every PING_SECONDS, until the stream or its session has ended."""
    loop = asyncio.get_running_loop()
    next_ping = loop.time() + PING_SECONDS
    while stream.ended is None:
        try:
            async with asyncio.timeout_at(next_ping):
                step = await stream.queue.get()
        except TimeoutError:
            if not await _still_open(request, runtime, caller):
                return
            next_ping = loop.time() + PING_SECONDS
            yield None
        else:
            if step is not None:
                yield step


async def _still_open(request: Request, runtime: Runtime, caller: Caller) -> bool:
    if runtime.wall() >= caller.expires_us:
        return False
    try:
        found = await who(request, caller.token)
    except AWAY:
        # The database is away: that is no reason to leave a ward without its console.
        return True
    # Whose rights or places changed begins anew, after the last step they got: so nothing in between is missed.
    return found is not None and found.reach == caller.reach


def _step(step: LiveStep) -> bytes:
    return f"id: {step.seq}\nevent: alert\ndata: {step.data}\n\n".encode()


def _event(name: str, data: Plain, *, seq: int | None = None, retry: bool = False) -> bytes:
    head = (f"retry: {_RETRY_MS}\n" if retry else "") + (f"id: {seq}\n" if seq is not None else "")
    return f"{head}event: {name}\ndata: {json_text(data)}\n\n".encode()
