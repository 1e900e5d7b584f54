"""What the bridges' decoders must not forget, in the DECODERS bucket: saved before the messages are acknowledged.

Saved only after what was decoded is stored (else an alarm lost in a crash would be taken for a repetition when it comes
again), and before it is acknowledged (else yesterday's state would be heard as news after a crash). What only repeats
changes nothing that must be kept, and waits for SAVE_SECONDS.
"""

import asyncio
import logging

import msgspec
from nats.js import JetStreamContext

from ingest.decoders.bridges import Bridges
from ingest.health import Health
from ingest.publishing import AWAY
from schemas import subjects

#: How often the rest is saved: times and numbers.
SAVE_SECONDS = 60.0


class BridgeMemory:
    """One gateway's bridges with their place in the bucket."""

    def __init__(
        self, js: JetStreamContext, bridges: Bridges, *, name: str, health: Health, stop: asyncio.Event
    ) -> None:
        self._js, self._bridges, self._health, self._stop = js, bridges, health, stop
        self._key = f"{name}.zigbee2mqtt"
        self._saved = b""
        self._next = asyncio.get_running_loop().time() + SAVE_SECONDS

    async def load(self, log: logging.Logger) -> None:
        """Read what was remembered; what cannot be read is forgotten and learnt anew."""
        try:
            bucket = await self._js.key_value(subjects.DECODERS)
            value = (await bucket.get(self._key)).value or b""
            self._bridges.restore(value)
            self._saved = value
        except (msgspec.ValidationError, msgspec.DecodeError):
            log.warning("What the bridges' decoders remembered cannot be read; it is learnt anew.")
        except AWAY as error:
            log.debug("Nothing remembered of bridges: %s", error)

    async def save(self) -> None:
        """Save what changed, when it must not be forgotten or it is time; returns when it is on the disk."""
        now = asyncio.get_running_loop().time()
        if not self._bridges.dirty and now < self._next:
            return
        self._next = now + SAVE_SECONDS
        value = self._bridges.snapshot()
        if value != self._saved:
            await self._health.persist(
                lambda: self._put(value),
                errors=AWAY,
                key="jetstream",
                sentence=f"{self._health.stage}: JetStream does not take messages; holding back until it does.",
                stop=self._stop,
            )
        self._bridges.dirty, self._saved = False, value

    async def _put(self, value: bytes) -> None:
        bucket = await self._js.key_value(subjects.DECODERS)
        await bucket.put(self._key, value)
