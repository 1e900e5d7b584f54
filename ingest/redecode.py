"""Raw messages read again after a decoder was mended: the readings in the database are rewritten, and nothing alarms.

The decoders' memory is built up as it was then: bridges are heard from the beginning of time (their inventories say
what a device is), devices from WARM_UP_US before. Frames are kept raw and decoded by whoever reads them, so they need
no such thing; a wearable's other messages keep the time that its frames gave them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec

from ingest.decoders import own, owntracks
from ingest.decoders.families import Families
from ingest.decoders.message import RawMessage
from ingest.decoders.own import NEW_DEVICE
from schemas import topics
from schemas.reading import Reading
from store import again
from store.again import Stored
from store.pool import Pool

#: Ids of bridges, under which announcements are kept (ingest.decoders.told.bridge_id, zigbee2mqtt.bridge_id).
BRIDGES = "^[a-z0-9]+-bridge-"
#: How long before the first message that is rewritten the devices' memory begins: a living sensor reports once a day.
WARM_UP_US = 2 * 86_400 * 1_000_000
#: Messages rewritten in one transaction; the recorder waits as long.
BATCH = 200


@dataclass(slots=True)
class Redecoded:
    """What was done: messages read again, those rewritten, and the values they have now."""

    messages: int = 0
    rewritten: int = 0
    values: int = 0


async def redecode(
    pool: Pool,
    *,
    since_us: int,
    bases: Iterable[str],
    phones: str = owntracks.DEFAULT_BASE,
    trees: Iterable[str] = (),
    device: str | None = None,
) -> Redecoded:
    """Decode what arrived since ``since_us`` again (of one device where given) and rewrite its readings."""
    families, done = Families(bases, phones=phones, trees=trees), Redecoded()
    old: list[Stored] = []
    new: list[Reading] = []
    devices: set[str] = set()
    async with pool.acquire() as conn, conn.transaction(isolation="repeatable_read", readonly=True):
        async for group in again.messages_since(conn, since_us - WARM_UP_US, device=device, always=BRIDGES):
            readings = _decoded(families, group)
            if group[0].arrival_us < since_us:
                continue
            done.messages += 1
            wanted = [reading for reading in readings if device is None or reading.device == device]
            if not wanted:
                continue  # what means nothing now stays as it was
            done.rewritten += 1
            old += [stored for stored in group if device is None or stored.device == device]
            new += wanted
            devices.update(reading.device for reading in wanted)
            if len(new) >= BATCH:
                done.values += await _replace(pool, old, new)
                old, new = [], []
        done.values += await _replace(pool, old, new)
    await again.renew_latest(pool, devices)
    return done


async def _replace(pool: Pool, old: Sequence[Stored], new: Sequence[Reading]) -> int:
    return await again.replace(pool, old, new) if new else 0


def _decoded(families: Families, group: Sequence[Stored]) -> list[Reading]:
    first = group[0]
    message = RawMessage(first.topic, first.payload, any(stored.retain for stored in group), first.arrival_us)
    if not first.topic.startswith(topics.OURS):
        return [reading for told in families.decode(message) for reading in told.readings]
    _, decoded = own.decode(NEW_DEVICE, message)
    if decoded.reading is None:
        return []
    return [msgspec.structs.replace(decoded.reading, event_us=first.event_us, end_us=first.event_us, clock=first.clock)]
