"""What the watcher says of single units beside its findings, in buckets: a rhythm is asked for, or how far it is known.

Nothing waits for it: what cannot be written now is written later, and is written again by whoever starts anew.
"""

import asyncio
import contextlib
from collections.abc import Collection

import msgspec
from nats.js import JetStreamContext
from nats.js.errors import KeyNotFoundError

from detectors.everyday_state import HABITS
from detectors.host import Host
from detectors.inactivity_state import RHYTHM
from ingest.health import Health, stopped_within
from ingest.publishing import AWAY
from schemas import subjects, watch
from schemas.config import RoutineAsk

#: Between two rounds of writing, seconds; a person looks at it, and a home waits for its rhythm.
ROUND_SECONDS = 1.0
_encoder = msgspec.msgpack.Encoder()


class UnitNotes:
    """What is to be written, and its writer; ``run`` ends with ``stop``."""

    def __init__(self, js: JetStreamContext, health: Health, stop: asyncio.Event) -> None:
        self._js, self._health, self._stop = js, health, stop
        self._waiting: dict[tuple[str, str], bytes] = {}  # bucket and key -> value
        self._said: dict[str, watch.UnitWatch] = {}

    def of(self, host: Host, changed: Collection[str]) -> None:
        """Note what a partition's detectors ask for, and what they know of the units that changed."""
        for unit, token in host.asks().items():
            ask = RoutineAsk(unit=unit, model=RHYTHM, token=token)
            self._waiting[subjects.ROUTINES, subjects.key_of(unit)] = _encoder.encode(ask)
        for unit, token in host.asks_of_habits().items():
            ask = RoutineAsk(unit=unit, model=HABITS, token=token)
            self._waiting[subjects.ROUTINES, subjects.habits_of(unit)] = _encoder.encode(ask)
        for unit in changed:
            said = watch.UnitWatch(inactivity=host.inactivity.known(unit), everyday=host.everyday.known(unit))
            if self._said.get(unit, watch.UnitWatch()) != said:
                self._said[unit] = said
                self._waiting[subjects.WATCHED, subjects.key_of(unit)] = watch.encode(said)

    async def run(self) -> None:
        """Write what is noted, until ``stop``."""
        while not await stopped_within(self._stop, ROUND_SECONDS):
            try:
                await self._write()
            except AWAY as error:
                self._health.log.debug("Notes of units wait: %s", error)

    async def _write(self) -> None:
        while self._waiting:
            (bucket, key), value = next(iter(self._waiting.items()))
            await self._put(bucket, key, value)
            if self._waiting.get((bucket, key)) == value:
                del self._waiting[bucket, key]
            self._health.counts[f"notes_{bucket.lower()}"] += 1

    async def _put(self, bucket: str, key: str, value: bytes) -> None:
        there = await self._js.key_value(bucket)
        with contextlib.suppress(KeyNotFoundError):
            if (await there.get(key)).value == value:  # said by the watcher before us: perhaps being answered now
                return
        await there.put(key, value)
