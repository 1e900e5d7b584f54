"""Ids that must be the same whoever makes them, and the partition of a watch unit."""

import hashlib
import zlib

from schemas.finding import FindingKind

#: Fixed for the life of an installation (a change moves every unit). One active watcher a partition, so this bounds the
#: watchers of a city; few enough that a batch of one flush still holds several readings.
PARTITIONS = 16


def partition_of(unit: str) -> int:
    """Return the partition, 0 to PARTITIONS-1, of a watch unit."""
    return zlib.crc32(unit.encode()) % PARTITIONS


def finding_id(unit: str, resident: str, kind: FindingKind, anchor: str) -> str:
    """Return the id of a finding: a hash of what it is about, never of a score or a wall time.

    A watcher that replays makes the same id again, so the desk knows it for a repetition.
    """
    text = "\x1f".join((unit, resident, kind, anchor))
    return hashlib.sha256(text.encode()).hexdigest()[:32]
