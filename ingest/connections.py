"""Connections to the broker and to JetStream, that say once when they are lost and once when they are back.

A stage never gives up on its servers: they are restarted beside it, and everything it holds is either unacknowledged or
stored, so waiting loses nothing.
"""

import asyncio
import logging
from dataclasses import dataclass, field

import nats
from nats.aio.client import Client as Nats

from schemas.errors import Unavailable

#: Seconds between attempts to reach JetStream again; short, since a watcher that waits finds no falls.
RECONNECT_SECONDS = 0.25
#: Seconds for one attempt to connect.
CONNECT_SECONDS = 2
#: A silent connection is taken for dead after PING_SECONDS * (MAX_PINGS + 1), 15 s.
PING_SECONDS, MAX_PINGS = 5, 2
#: What may wait in memory to be sent while JetStream is away: one flush of the largest messages and its repetitions.
PENDING_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class MqttAddress:
    """Where the MQTT broker is, and who we are there."""

    host: str
    port: int
    user: str | None = None
    password: str | None = field(default=None, repr=False)


@dataclass(slots=True)
class JetStreamLink:
    """A connection that reconnects for ever; ``back`` is set at each return, ``closed`` when it has ended for good."""

    nc: Nats
    log: logging.Logger
    back: asyncio.Event = field(default_factory=asyncio.Event)
    closed: asyncio.Event = field(default_factory=asyncio.Event)
    lost: bool = False
    closing: bool = False

    async def _on_lost(self) -> None:
        if not self.lost and not self.closing:
            self.lost = True
            self.log.warning("JetStream is away; waiting for it, nothing is lost.")

    async def _on_back(self) -> None:
        self.lost = False
        self.back.set()
        self.log.warning("JetStream is back.")

    async def _on_closed(self) -> None:
        self.closed.set()

    async def _on_error(self, error: Exception) -> None:
        # Each failed attempt to reconnect comes here; "away" has been said once already.
        self.log.debug("JetStream client: %s", error)

    async def close(self) -> None:
        """Close; what was not acknowledged comes again to whoever connects next."""
        self.closing = True
        await self.nc.close()


async def open_jetstream(
    url: str, *, name: str, log: logging.Logger, stop: asyncio.Event | None = None
) -> JetStreamLink:
    """Connect to JetStream at ``url`` (may carry user and password); waits for it as long as it takes.

    Raises Unavailable where waiting cannot help: the server refuses us, or ``stop`` came first.
    """
    said = False
    while not await _answers(url, name):
        if not said:
            log.warning("JetStream cannot be reached yet; waiting for it.")
            said = True
        if stop is not None and stop.is_set():
            raise Unavailable(f"JetStream was not there before {name} was stopped.")
        await asyncio.sleep(RECONNECT_SECONDS)
    link = JetStreamLink(Nats(), log)
    await link.nc.connect(
        servers=[url],
        name=name,
        allow_reconnect=True,
        max_reconnect_attempts=-1,
        reconnect_time_wait=RECONNECT_SECONDS,  # type: ignore[arg-type]  # annotated int, slept as it is
        connect_timeout=CONNECT_SECONDS,
        ping_interval=PING_SECONDS,
        max_outstanding_pings=MAX_PINGS,
        pending_size=PENDING_BYTES,
        disconnected_cb=link._on_lost,
        reconnected_cb=link._on_back,
        closed_cb=link._on_closed,
        error_cb=link._on_error,
    )
    return link


async def _answers(url: str, name: str) -> bool:
    """Whether JetStream takes us now. A client that may reconnect would try for ever in silence, also when refused."""
    probe = Nats()

    async def quiet(_error: Exception) -> None:
        pass

    try:
        await probe.connect(
            servers=[url],
            name=name,
            allow_reconnect=False,
            max_reconnect_attempts=1,  # its least: 0 means for ever
            reconnect_time_wait=0,
            connect_timeout=CONNECT_SECONDS,
            error_cb=quiet,
        )
    except (OSError, nats.errors.Error) as error:
        if "authorization" in str(error).lower():
            sentence = f"JetStream refuses the user or password of {name}: see the home's secrets, or nats_url."
            raise Unavailable(sentence) from error
        return False
    finally:
        await probe.close()
    return True
