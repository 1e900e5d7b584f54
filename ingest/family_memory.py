"""What the decoders of foreign devices must not forget, in the DECODERS bucket: saved before messages are acknowledged.

Saved only after what was decoded is stored (else an alarm lost in a crash would be taken for a repetition when it comes
again), and before it is acknowledged (else yesterday's state would be heard as news after a crash). What only repeats
changes nothing that must be kept, and waits for SAVE_SECONDS. Only the parts that changed are written.
"""

import asyncio
import logging
from collections import OrderedDict

import msgspec
import nats.js.errors
from nats.js import JetStreamContext
from nats.js.kv import KeyValue

from ingest.decoders import zigbee2mqtt
from ingest.decoders.families import Families, Known
from ingest.decoders.kept import Keeper
from ingest.decoders.memory import Memory
from ingest.decoders.z2m_schema import Definition
from ingest.health import Health
from ingest.publishing import AWAY
from schemas import subjects

#: How often the rest is saved: times and numbers.
SAVE_SECONDS = 60.0


class FamilyMemory:
    """One gateway's families with their place in the bucket."""

    def __init__(
        self, js: JetStreamContext, families: Families, *, name: str, health: Health, stop: asyncio.Event
    ) -> None:
        self._js, self._families, self._health, self._stop = js, families, health, stop
        self._keeper = Keeper(families)
        self._prefix = f"{name}.families"
        self._before = f"{name}.zigbee2mqtt"
        self._bucket: KeyValue | None = None
        self._next = asyncio.get_running_loop().time() + SAVE_SECONDS

    async def load(self, log: logging.Logger) -> None:
        """Read what was remembered; what cannot be read is forgotten and learnt anew."""
        try:
            bucket = await self._js.key_value(subjects.DECODERS)
            spoiled = self._keeper.restore(await self._parts(bucket))
            await self._load_before(bucket)
        except (msgspec.ValidationError, msgspec.DecodeError):
            spoiled = [self._before]
        except AWAY as error:
            log.debug("Nothing remembered of foreign devices: %s", error)
            return
        if spoiled:
            log.warning("What was remembered of foreign devices cannot be read (%s); it is learnt anew.", spoiled)

    async def _parts(self, bucket: KeyValue) -> dict[str, bytes]:
        parts: dict[str, bytes] = {}
        watcher = await bucket.watch(f"{self._prefix}.*", ignore_deletes=True)
        try:
            async for entry in watcher:
                if entry is None:  # all that is there has been given
                    break
                parts[entry.key.rpartition(".")[2]] = entry.value or b""
        finally:
            await watcher.stop()  # type: ignore[no-untyped-call]  # of the client library
        return parts

    async def _load_before(self, bucket: KeyValue) -> None:
        """Take over what a version before this one kept as one value, once."""
        try:
            value = (await bucket.get(self._before)).value
        except nats.js.errors.KeyNotFoundError:
            return
        for base, bridge in _before_decoder.decode(value or b"").items():
            key = ("", zigbee2mqtt.NAME, base)
            if key not in self._families.roots:
                state = zigbee2mqtt.Root(bridge.online, bridge.definitions, bridge.groups)
                self._families.roots[key] = Known(state, OrderedDict(bridge.devices))
                self._families.changed.update([(key, None), *((key, device) for device in bridge.devices)])
                self._families.dirty = True
        self._families.restored()
        await self.save()
        await bucket.delete(self._before)

    async def save(self) -> None:
        """Save what changed, when it must not be forgotten or it is time; returns when it is on the disk."""
        now = asyncio.get_running_loop().time()
        if not self._families.dirty and now < self._next:
            return
        self._next = now + SAVE_SECONDS
        if parts := self._keeper.save():
            await self._health.persist(
                lambda: self._put(parts),
                errors=AWAY,
                key="jetstream",
                sentence=f"{self._health.stage}: JetStream does not take messages; holding back until it does.",
                stop=self._stop,
            )
        self._families.dirty = False

    async def _put(self, parts: dict[str, bytes | None]) -> None:
        bucket = self._bucket
        if bucket is None:  # asking for it is a question to the server, and an event must not cost two
            bucket = self._bucket = await self._js.key_value(subjects.DECODERS)
        await asyncio.gather(*(self._put_part(bucket, part, value) for part, value in parts.items()))

    async def _put_part(self, bucket: KeyValue, part: str, value: bytes | None) -> None:
        key = f"{self._prefix}.{part}"
        if value is None:
            await bucket.delete(key)
        else:
            await bucket.put(key, value)


class _Bridge(msgspec.Struct, array_like=True):
    """One bridge as a version before this one kept it."""

    online: bool | None
    definitions: dict[str, Definition]
    groups: tuple[str, ...]
    devices: dict[str, Memory]


_before_decoder = msgspec.msgpack.Decoder(dict[str, _Bridge])
