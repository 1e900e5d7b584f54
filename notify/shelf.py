"""One JetStream bucket of records: read, write, and the compare-and-swap by which one of many gets a key."""

import contextlib
from typing import Generic, TypeVar

import msgspec
import nats.errors
from nats.aio.client import Client as Nats
from nats.js.errors import KeyNotFoundError, KeyWrongLastSequenceError
from nats.js.kv import KeyValue

from notify.settings import ReadBucket
from schemas import ladder

R = TypeVar("R", bound=msgspec.Struct)

#: What a call raises while JetStream is away.
AWAY = (nats.errors.Error, OSError, TimeoutError)


class Shelf(Generic[R]):
    """The records of one kind in one bucket, by key. Every call may raise one of AWAY."""

    def __init__(self, nc: Nats, bucket: str, kind: type[R], read: ReadBucket) -> None:
        self._nc, self._bucket, self._kind, self._read = nc, bucket, kind, read
        self._opened: KeyValue | None = None

    def _must_be_there(self) -> None:
        if not self._nc.is_connected:  # the client would wait for its timeout, call after call
            raise ConnectionError("JetStream is away")

    async def _kv(self) -> KeyValue:
        self._must_be_there()
        if self._opened is None:
            self._opened = await self._nc.jetstream().key_value(self._bucket)
        return self._opened

    async def all(self) -> dict[str, tuple[R, int]]:
        """Return every record with its revision; what is none of ours is left out."""
        self._must_be_there()
        found: dict[str, tuple[R, int]] = {}
        for key, (value, revision) in (await self._read(self._nc.jetstream(), self._bucket)).items():
            with contextlib.suppress(msgspec.DecodeError):
                found[key] = (ladder.decode(value, self._kind), revision)
        return found

    async def get(self, key: str) -> tuple[R, int] | None:
        """Return a record and its revision, or None."""
        try:
            entry = await (await self._kv()).get(key)
            return ladder.decode(entry.value, self._kind), entry.revision or 0
        except (KeyNotFoundError, msgspec.DecodeError):
            return None

    async def put(self, key: str, value: R) -> int:
        """Write, whatever was there; return the revision."""
        return await (await self._kv()).put(key, ladder.encode(value))

    async def create(self, key: str, value: R) -> int | None:
        """Write where nothing is; return the revision, None when somebody was first."""
        try:
            return await (await self._kv()).create(key, ladder.encode(value))
        except KeyWrongLastSequenceError:
            return None

    async def update(self, key: str, value: R, revision: int) -> int | None:
        """Write over ``revision``; return the new one, None when somebody wrote meanwhile."""
        try:
            return await (await self._kv()).update(key, ladder.encode(value), last=revision)
        except KeyWrongLastSequenceError:
            return None

    async def delete(self, key: str) -> None:
        """Take a record away."""
        await (await self._kv()).delete(key)
