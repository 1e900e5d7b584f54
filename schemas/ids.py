"""Ids that must be the same whoever makes them, and the partition of a watch unit."""

import hashlib
import re
import zlib

from schemas.finding import FindingKind

#: Fixed for the life of an installation (a change moves every unit). One active watcher a partition, so this bounds the
#: watchers of a city; few enough that a batch of one flush still holds several readings.
PARTITIONS = 16
_SLUG = re.compile(r"[^a-z0-9]+")
#: Characters of a foreign device's own names in its id; with family and mark well below 64.
_WORDS = 32


def partition_of(unit: str) -> int:
    """Return the partition, 0 to PARTITIONS-1, of a watch unit."""
    return zlib.crc32(unit.encode()) % PARTITIONS


def foreign_device(family: str, *names: str) -> str:
    """Return a device's id made of names that are free text: readable words of them, and a mark of the exact names.

    So ``a-b``, ``c`` and ``a``, ``b-c`` are two devices, and any name becomes letters, digits and ``-``, 64 at most.
    """
    mark = hashlib.blake2b("\0".join((family, *names)).encode("utf-8", "replace"), digest_size=4).hexdigest()
    words = _SLUG.sub("-", "-".join(names).lower()).strip("-")[:_WORDS].strip("-")
    return "-".join(part for part in (family, words, mark) if part)


def finding_id(unit: str, resident: str, kind: FindingKind, anchor: str) -> str:
    """Return the id of a finding: a hash of what it is about, never of a score or a wall time.

    A watcher that replays makes the same id again, so the desk knows it for a repetition.
    """
    text = "\x1f".join((unit, resident, kind, anchor))
    return hashlib.sha256(text.encode()).hexdigest()[:32]
