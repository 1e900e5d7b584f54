"""The clock of a simulated home: driven by whoever plays, through the same ordered way as the data.

A message on ``sw/sim/clock`` counts from its place between the devices' messages on. So what stands in the stream
depends only on what was sent, never on how fast: the same play at 1x and at full speed gives the same arrival times,
the same ticks, and with them the same findings. The clock only goes forward: what was found must not come to lie in the
future of what is found next.

The gateway turns the clock; it tells the player how far all is stored, and the other stages what time it is: by a
message at each step, and by a value for those who come later or missed one.
"""

import asyncio
import contextlib
import logging

import msgspec
from nats.aio.client import Client as Nats
from nats.aio.msg import Msg
from nats.js import JetStreamContext
from nats.js.api import KeyValueConfig, StorageType
from nats.js.errors import BucketNotFoundError, KeyNotFoundError

from ingest.health import Health, stopped_within
from ingest.publishing import AWAY
from schemas import messages, subjects
from schemas.errors import BadPayload
from schemas.messages import ClockMessage
from schemas.reading import Clock, Reading, ReadingKind

log = logging.getLogger("shouwang.clock")

#: How often the value is written, and read by those who may have missed a message, wall seconds.
KEEP_SECONDS = 0.5
#: One small value.
BUCKET_BYTES = 1024 * 1024
#: A clock that was set back is a trouble for so long after the last time, wall seconds.
SAID_SECONDS = 10.0

_encoder = msgspec.json.Encoder()


class DrivenClock:
    """Platform time of a simulated home, microseconds since 1970 UTC; only ever goes forward."""

    def __init__(self, now_us: int = messages.DRIVEN_FROM_US) -> None:
        self._now_us = now_us

    def __call__(self) -> int:
        """Return what time it is."""
        return self._now_us

    def advance(self, at_us: int) -> bool:
        """Make it ``at_us``; return whether that was later than before."""
        later = at_us > self._now_us
        if later:
            self._now_us = at_us
        return later


def tick_reading(at_us: int) -> Reading:
    """Return the platform's clock as it stands in every partition."""
    return Reading(kind=ReadingKind.TICK, arrival_us=at_us, event_us=at_us, end_us=at_us, clock=Clock.ARRIVAL)


class Driver:
    """The gateway's side: takes clock messages in their place, makes the ticks, and tells the others."""

    def __init__(self, clock: DrivenClock, nc: Nats, health: Health) -> None:
        self.clock = clock
        self._nc, self._health = nc, health
        self._told_us = self._kept_us = clock()
        self._backwards_at: float | None = None
        self._heard = False

    def turn(self, payload: bytes) -> Reading | None:
        """Take one clock message; return the tick that belongs in its place, if any. Raises BadPayload."""
        said = messages.parse(payload, ClockMessage)
        self._heard = True
        if self.clock.advance(said.at_us):
            return tick_reading(said.at_us) if said.tick else None
        if said.at_us < self.clock():
            self._backwards(said.at_us)
        return None

    def _backwards(self, at_us: int) -> None:
        self._health.counts["clock_backwards"] += 1
        self._backwards_at = asyncio.get_running_loop().time()
        behind_s = (self.clock() - at_us) / 1e6
        sentence = f"gateway: the simulated clock was set back by {behind_s:g} s; it only goes forward and stays."
        self._health.trouble("clock", sentence)

    async def stored(self) -> bytes | None:
        """After a flush: tell the stages what time it is; return what the player is told, None when it did not ask.

        It asks by each clock message, also by one that says the same again: what it is told may have been lost.
        """
        now_us = self.clock()
        if now_us != self._told_us:
            with contextlib.suppress(*AWAY):  # whoever misses it reads the value
                await self._nc.publish(subjects.CLOCK_TOLD, _encode(now_us))
                self._told_us = now_us
        heard, self._heard = self._heard, False
        return _encode(now_us) if heard else None

    async def keep_often(self, stop: asyncio.Event) -> None:
        """Keep the time for those who come later, every KEEP_SECONDS and at the end."""
        while True:
            await self._keep()
            now = asyncio.get_running_loop().time()
            if self._backwards_at is not None and now - self._backwards_at > SAID_SECONDS:
                self._backwards_at = None
                self._health.mended("clock", "gateway: the simulated clock goes forward again.")
            if await stopped_within(stop, KEEP_SECONDS):
                break
        await self._keep()

    async def _keep(self) -> None:
        now_us = self._told_us  # of what is stored, never of what is only decoded
        if now_us == self._kept_us:
            return
        with contextlib.suppress(*AWAY):
            bucket = await self._nc.jetstream().key_value(subjects.SIMULATED)
            await bucket.put(subjects.CLOCK, _encode(now_us))
            self._kept_us = now_us


async def make_bucket(js: JetStreamContext) -> None:
    """Make the place where the time is kept, in a simulated home; may run twice."""
    try:
        await js.key_value(subjects.SIMULATED)
    except BucketNotFoundError:
        await js.create_key_value(
            KeyValueConfig(bucket=subjects.SIMULATED, max_bytes=BUCKET_BYTES, storage=StorageType.FILE)
        )


async def kept(js: JetStreamContext, clock: DrivenClock) -> None:
    """Bring a clock to what is kept, if anything is. Raises one of ingest.publishing.AWAY."""
    with contextlib.suppress(BucketNotFoundError, KeyNotFoundError):
        value = (await (await js.key_value(subjects.SIMULATED)).get(subjects.CLOCK)).value
        _take(clock, value or b"")


async def follow(nc: Nats, clock: DrivenClock, stop: asyncio.Event) -> None:
    """Keep another stage's clock at what the gateway tells, until ``stop``."""

    async def told(message: Msg) -> None:
        _take(clock, message.data)

    await nc.subscribe(subjects.CLOCK_TOLD, cb=told)
    while not await stopped_within(stop, KEEP_SECONDS):
        with contextlib.suppress(*AWAY):
            await kept(nc.jetstream(), clock)


def _encode(at_us: int) -> bytes:
    return _encoder.encode(ClockMessage(at_us))


def _take(clock: DrivenClock, data: bytes) -> None:
    try:
        clock.advance(messages.parse(data, ClockMessage).at_us)
    except BadPayload as error:
        log.warning("The simulated clock's value cannot be read: %s", error)
