"""The watcher's snapshots: each partition's detector state with the stream's sequence it stands at.

Saved by compare-and-swap: a paused old watcher that comes back cannot overwrite what a newer one saved.
"""

import logging
from dataclasses import dataclass

import msgspec
from nats.js import JetStreamContext
from nats.js.errors import KeyNotFoundError, KeyWrongLastSequenceError

from schemas import subjects
from schemas.errors import Unavailable

log = logging.getLogger("shouwang.watcher")

#: Of this record; the detectors' own state carries its own.
VERSION = 1


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """``state`` after all messages of the partition up to and including stream sequence ``seq``."""

    version: int
    seq: int
    writer: str  # which process saved it
    state: bytes


@dataclass(frozen=True, slots=True)
class Loaded:
    """A snapshot as found, with the bucket's revision to swap against; ``snapshot`` None: start fresh."""

    snapshot: Snapshot | None
    revision: int


class TakenOverError(Unavailable):
    """Another watcher saved this partition since we did: it owns it now."""


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Snapshot)


def key_of(partition: int) -> str:
    """Return a partition's key in the bucket."""
    return f"{partition:02d}"


async def load(js: JetStreamContext, partition: int, last_seq: int) -> Loaded:
    """Return a partition's snapshot; none if it is missing, of another version, or ahead of a stream made anew."""
    bucket = await js.key_value(subjects.SNAPSHOTS)
    try:
        found = await bucket.get(key_of(partition))
    except KeyNotFoundError:
        return Loaded(None, 0)
    revision = found.revision or 0
    try:
        snapshot = _decoder.decode(found.value or b"")
    except (msgspec.ValidationError, msgspec.DecodeError):
        snapshot = None
    if snapshot is None or snapshot.version != VERSION:
        log.warning("The snapshot of partition %02d is of another version; its detectors start fresh.", partition)
        return Loaded(None, revision)
    if snapshot.seq > last_seq:
        log.warning("The snapshot of partition %02d is ahead of the stream; its detectors start fresh.", partition)
        return Loaded(None, revision)
    return Loaded(snapshot, revision)


async def save(js: JetStreamContext, partition: int, snapshot: Snapshot, revision: int) -> int:
    """Save over ``revision`` and return the new one. Raises TakenOverError when somebody else saved since.

    An attempt whose answer got lost may have been stored: then the entry found is our own, and its revision is taken.
    """
    bucket = await js.key_value(subjects.SNAPSHOTS)
    try:
        return await bucket.update(key_of(partition), _encoder.encode(snapshot), last=revision)
    except KeyWrongLastSequenceError:
        found = await bucket.get(key_of(partition))
        if _decoder.decode(found.value or b"") == snapshot and found.revision is not None:
            return found.revision
        raise TakenOverError(f"Another watcher took over partition {partition:02d}; this one stops.") from None
