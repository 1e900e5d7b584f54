"""What messages of devices mean: those somebody pastes, and those that arrive while they listen."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from sse_starlette import EventSourceResponse

from api.access import Caller, SignedIn, who
from api.database import AWAY
from api.decode_models import MessagesGiven, MessagesUnderstood
from api.errors import Refusal
from api.interpreting import Hearing, Interpreting
from api.listeners import LooksByEar, refuse_what_is_others
from api.models import ErrorBody
from api.present import Plain, json_text
from api.rights import Needs
from api.runtime import Runtime, ThePool, TheRuntime
from api.stream_response import StreamBrokenError, StreamResponse
from api.times import iso

router = APIRouter(prefix="/api/v1/decode", tags=["devices"])

#: Whoever forgot the page hears nobody's data for ever; the page offers to go on.
LISTEN_SECONDS = 600.0
#: How often the stream says how it is, and looks whether it still may be.
PING_SECONDS = 3.0
#: Waiting for the next message; the server's stop waits no longer.
_TAKE_SECONDS = 0.5
#: To read messages takes a core.
_AT_ONCE = 2
_reading = asyncio.Semaphore(_AT_ONCE)
_EXAMPLE = 'event: message\ndata: {"topic": "zigbee2mqtt/door", "payload_raw": "...", "said": {...}}\n\n'


def _interpreting(runtime: Runtime) -> Interpreting:
    given = runtime.settings.interpreting
    if given is None:
        raise Refusal(503, "no_decoders", "This installation's API was started without the decoders.")
    return given


@router.post("", summary="What messages mean", response_model=MessagesUnderstood, response_model_exclude_unset=True)
async def read_given_messages(body: MessagesGiven, runtime: TheRuntime) -> Plain:
    """Return what each message means and why, state in between, as `shouwang decode --sequence` (devices.md).

    Nothing is stored, nothing alarms, and what the platform remembers of its devices is not used.
    """
    interpreting = _interpreting(runtime)
    try:
        async with _reading:
            return {"messages": await asyncio.to_thread(interpreting.read, body.messages)}
    except ValueError as error:
        raise Refusal(422, "no_message", str(error)) from None


@router.get(
    "/listen",
    summary="Hear what arrives",
    response_class=EventSourceResponse,
    responses={200: {"content": {"text/event-stream": {"example": _EXAMPLE}}}, 429: {"model": ErrorBody}},
)
async def follow_messages(
    request: Request,
    caller: SignedIn,
    runtime: TheRuntime,
    pool: ThePool,
    topic: Annotated[str, Query(max_length=512, description="An MQTT topic filter", examples=["zigbee2mqtt/#"])],
) -> EventSourceResponse:
    """Server-sent events: ``hello``, then ``message`` for each that arrives at the broker, ``ping`` and ``end``.

    At most 20 messages a second are shown and 10 minutes are heard; ``ping`` (every 3 s, and when it changes) says
    ``state``: ``connecting``, ``listening``, ``away``, ``refused``; and counts ``heard`` and ``skipped``. ``end`` says
    why: ``time``, ``flooded``, ``signed_out``. Who listens to what, and of whom they heard, is written down.
    """
    interpreting = _interpreting(runtime)
    try:
        interpreting.check(topic)
    except ValueError as error:
        raise Refusal(422, "bad_topic", str(error)) from None
    await refuse_what_is_others(pool, caller.reach, topic)
    runtime.listeners.refuse_when_full()
    looks = LooksByEar(request, pool, caller.user.name, caller.session)
    await looks.began(topic)
    hearing = interpreting.listen(topic)
    runtime.listeners.enter(hearing)
    stream = _Listening(request, runtime, caller, topic, hearing, looks)
    return StreamResponse(stream.content(), on_stop=stream.stop, on_end=lambda: runtime.listeners.leave(hearing))


class _Listening:
    """One open stream of what is heard."""

    def __init__(
        self, request: Request, runtime: Runtime, caller: Caller, topic: str, hearing: Hearing, looks: LooksByEar
    ) -> None:
        self._request, self._runtime, self._caller = request, runtime, caller
        self._topic, self._hearing, self._looks = topic, hearing, looks
        self._stopped = False

    def stop(self) -> None:
        """End soon: the server stops."""
        self._stopped = True

    async def content(self) -> AsyncIterator[bytes]:
        """Yield the stream."""
        now = asyncio.get_running_loop().time
        until = now() + LISTEN_SECONDS
        yield _event("hello", {"topic": self._topic, "seconds": LISTEN_SECONDS})
        told, ping_at = "", now()
        while not self._stopped:
            state = self._hearing.state
            if state == "flooded" or now() >= until:
                yield _event("end", {"reason": "flooded" if state == "flooded" else "time", **self._counts()})
                return
            if state != told or now() >= ping_at:
                if not await self._may_go_on():
                    yield _event("end", {"reason": "signed_out", **self._counts()})
                    return
                told, ping_at = state, now() + PING_SECONDS
                yield _event("ping", {"state": state, **self._counts(), "platform_time": iso(self._runtime.clock())})
            for message in await self._next():
                yield _event("message", message)

    async def _next(self) -> list[dict[str, Any]]:
        messages = await self._hearing.take(_TAKE_SECONDS)
        try:  # before it is shown
            await self._looks.heard(messages)
        except AWAY as error:
            raise StreamBrokenError from error
        return messages

    def _counts(self) -> Plain:
        return {"heard": self._hearing.heard, "skipped": self._hearing.skipped}

    async def _may_go_on(self) -> bool:
        if self._runtime.wall() >= self._caller.expires_us:
            return False
        try:
            found = await who(self._request, self._caller.token, Needs.DECODE)
            if found is None:
                return False
            await refuse_what_is_others(await self._runtime.database.pool(), found.reach, self._topic)
        except Refusal:
            return False
        except AWAY:
            return True  # whose it is cannot be asked now; what comes is cut before it is shown
        return True


def _event(name: str, data: Plain) -> bytes:
    return f"event: {name}\ndata: {json_text(data)}\n\n".encode()
