"""JetStream in: publish until it is stored, in order for each subject, however long that takes."""

import asyncio
import hashlib
from collections.abc import Iterable, Sequence
from typing import TypeVar

import nats.errors
from nats.js import JetStreamContext
from nats.js.errors import APIError

from ingest.health import Health
from schemas import quarantine, subjects
from schemas.quarantine import QuarantineEntry
from schemas.reading import Reading, encode_batch

#: A batch stays below this, so that it passes a server with the default limit of 1 MB a message.
BATCH_BYTES = 512 * 1024
#: Bytes of a record beside its payload, generously: ids, topic, times.
RECORD_BYTES = 600
#: Seconds to wait for one acknowledgement before sending again; the server drops the repetition by its id.
ACK_SECONDS = 5.0
#: JetStream's code for "the stream is full" (discard new).
STREAM_FULL = 10077
#: What waiting can mend.
AWAY = (nats.errors.Error, OSError, TimeoutError)

T = TypeVar("T")


def batches(readings: Sequence[Reading]) -> list[bytes]:
    """Return the readings, in order, as JetStream messages of at most about BATCH_BYTES each."""
    return [encode_batch(part) for part in _cut(readings, [len(reading.payload) for reading in readings])]


def entry_batches(entries: Sequence[QuarantineEntry]) -> list[bytes]:
    """Return the entries, in order, as JetStream messages of at most about BATCH_BYTES each."""
    sizes = [len(entry.payload) + 4 * (len(entry.topic) + len(entry.sentence)) for entry in entries]
    return [quarantine.encode_batch(part) for part in _cut(entries, sizes)]


def _cut(records: Sequence[T], sizes: Iterable[int]) -> list[list[T]]:
    parts: list[list[T]] = []
    room = 0
    for record, size in zip(records, sizes, strict=True):
        if not parts or size + RECORD_BYTES > room:
            parts.append([])
            room = BATCH_BYTES
        parts[-1].append(record)
        room -= size + RECORD_BYTES
    return parts


def _message_id(subject: str, payload: bytes) -> str:
    """Return the same id for each attempt; with the subject, since a tick's bytes are the same in every partition."""
    return f"{subject}.{hashlib.blake2b(payload, digest_size=16).hexdigest()}"


class Publisher:
    """Stores messages in JetStream; a call returns when they are on the disk, or raises StoppedError."""

    def __init__(self, js: JetStreamContext, health: Health, stop: asyncio.Event) -> None:
        self._js, self._health, self._stop = js, health, stop

    async def store(self, messages: dict[str, list[bytes]]) -> None:
        """Store each subject's messages in order, subjects side by side."""
        await asyncio.gather(*(self._in_order(subject, payloads) for subject, payloads in messages.items()))

    async def _in_order(self, subject: str, payloads: list[bytes]) -> None:
        for payload in payloads:
            await self.one(subject, payload, message_id=_message_id(subject, payload))

    async def one(self, subject: str, payload: bytes, *, message_id: str) -> None:
        """Store one message; tried for ever while JetStream is away or full."""

        async def attempt() -> None:
            await self._js.publish(subject, payload, timeout=ACK_SECONDS, headers={"Nats-Msg-Id": message_id})

        await self._health.persist(
            attempt,
            errors=AWAY,
            key="jetstream",
            sentence=f"{self._health.stage}: JetStream does not take messages; holding back until it does.",
            stop=self._stop,
        )

    async def quarantine(self, entries: Sequence[QuarantineEntry]) -> None:
        """Store what could not be used. With the quarantine full, entries are counted and let go.

        A flood of bad messages must not stop the good ones behind it.
        """
        for payload in entry_batches(entries):
            await self._quarantine_one(payload, len(payload))
        for entry in entries:
            self._health.counts[f"quarantined_{entry.reason}"] += 1

    async def _quarantine_one(self, payload: bytes, size: int) -> None:
        message_id = _message_id(subjects.QUARANTINE_ALL, payload)

        async def attempt() -> None:
            try:
                await self._js.publish(
                    subjects.QUARANTINE_ALL, payload, timeout=ACK_SECONDS, headers={"Nats-Msg-Id": message_id}
                )
            except APIError as error:
                if error.err_code != STREAM_FULL:
                    raise
                self._health.counts["quarantine_bytes_let_go"] += size
                self._health.trouble("quarantine", "The quarantine is full; bad messages are only counted now.")
            else:
                self._health.mended("quarantine", "The quarantine has room again.")

        await self._health.persist(
            attempt,
            errors=AWAY,
            key="jetstream",
            sentence=f"{self._health.stage}: JetStream does not take messages; holding back until it does.",
            stop=self._stop,
        )
