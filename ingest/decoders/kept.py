"""What the families know, as it is kept: a save writes what changed since the last one, and now and then whole parts.

An event of one sensor among a thousand must not write the home: it is kept as a *delta*, the changed memories of one
save, in a ring of RING places. Every COMPACT saves, what they held goes into its *parts*: one for each base's root (an
inventory of 300 sensors has some 100 kB, and seldom changes), and PARTS with the devices' memories, by a hash of the
device. Each memory carries the number of the save that it is of; the greatest wins, so that the order in which parts
and deltas are read means nothing, and neither does a crash between them.
"""

import hashlib
import zlib
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from ingest.decoders.families import Families, Key
from ingest.decoders.memory import Memory

#: Parts for the devices' memories. A thousand devices of some 300 bytes are 5 kB a part.
PARTS = 64
#: Saves until what the deltas hold is in its parts. Less than RING: a place is not written again before.
COMPACT, RING = 100, 128


class _Root(msgspec.Struct, array_like=True):
    tree: str
    family: str
    base: str
    topics: tuple[str, ...]
    state: msgspec.Raw


class _Device(msgspec.Struct, array_like=True):
    """A device's memory as of a save; None: it was forgotten then."""

    tree: str
    family: str
    base: str
    device: str
    number: int
    memory: Memory | None


def part_of(device: str) -> str:
    """Return the part in which a device's memory is kept."""
    return f"devices-{zlib.crc32(device.encode()) % PARTS}"


def root_part(key: Key) -> str:
    """Return the part in which what is known below a base is kept; a base is free text."""
    return f"root-{hashlib.blake2b(chr(0).join(key).encode('utf-8', 'replace'), digest_size=8).hexdigest()}"


class Keeper:
    """What to write at each save of one gateway's families, and what is known again after a restart."""

    def __init__(self, families: Families) -> None:
        self._families = families
        self._number = 0  # of the last save
        self._compacted = 0  # the save up to which all is in its parts
        self._since: set[tuple[Key, str]] = set()  # devices whose last state stands in deltas alone
        self._saved: dict[tuple[Key, str], int] = {}

    def save(self) -> dict[str, bytes | None]:
        """Return the parts to write, None: to delete. Nothing: nothing has changed since the last call."""
        changed, self._families.changed = self._families.changed, set()
        if not changed:
            return {}
        self._number += 1
        parts = {root_part(key): self._root(key) for key, device in changed if device is None}
        devices = {(key, device) for key, device in changed if device is not None}
        self._saved.update(dict.fromkeys(devices, self._number))
        self._since |= devices
        if devices:
            parts[f"delta-{self._number % RING}"] = _encode([self._device(key, device) for key, device in devices])
        return parts | self._compact() if self._number - self._compacted >= COMPACT else parts

    def _compact(self) -> dict[str, bytes | None]:
        wanted = {part_of(device) for _, device in self._since}
        found: dict[str, list[_Device]] = {part: [] for part in sorted(wanted)}
        for key, known in self._families.roots.items():
            for device in known.memories:
                if (part := part_of(device)) in found:
                    found[part].append(self._device(key, device))
        for one in self._since:
            if self._memory(*one) is None:  # forgotten: its delta says so for as long as an older one remembers it
                self._saved.pop(one, None)
        self._since, self._compacted = set(), self._number
        return {part: _encode(devices) if devices else None for part, devices in found.items()}

    def _memory(self, key: Key, device: str) -> Memory | None:
        known = self._families.roots.get(key)
        return None if known is None else known.memories.get(device)

    def _device(self, key: Key, device: str) -> _Device:
        return _Device(*key, device, self._saved.get((key, device), self._number), self._memory(key, device))

    def _root(self, key: Key) -> bytes | None:
        known = self._families.roots.get(key)
        return None if known is None else _encode(_Root(*key, tuple(known.topics), msgspec.Raw(_encode(known.state))))

    def restore(self, parts: Mapping[str, bytes]) -> list[str]:
        """Take over what was kept; returns the parts that cannot be read (their devices are learnt anew)."""
        spoiled: list[str] = []
        newest: dict[tuple[Key, str], _Device] = {}
        for part, data in sorted(parts.items()):
            try:
                if part.startswith("root-"):
                    self._restore_root(_root_decoder.decode(data))
                else:
                    _keep_newest(newest, _devices_decoder.decode(data))
            except (msgspec.ValidationError, msgspec.DecodeError, KeyError):
                spoiled.append(part)
        for (key, device), kept in sorted(newest.items(), key=lambda one: one[1].number):  # the silent ones first
            self._number = max(self._number, kept.number)
            if kept.memory is not None and key[1] in self._families.modules:
                self._families.known(key).memories[device] = kept.memory
                self._saved[key, device] = kept.number
                self._since.add((key, device))
        self._families.restored()
        return spoiled

    def _restore_root(self, kept: _Root) -> None:
        module = self._families.modules[kept.family]
        state: Any = msgspec.msgpack.decode(kept.state, type=module.Root)
        known = self._families.known((kept.tree, kept.family, kept.base))
        known.state, known.topics = state, dict.fromkeys(kept.topics)


def _keep_newest(newest: dict[tuple[Key, str], _Device], devices: Iterable[_Device]) -> None:
    for each in devices:
        one = ((each.tree, each.family, each.base), each.device)
        if one not in newest or newest[one].number < each.number:
            newest[one] = each


_encode = msgspec.msgpack.Encoder().encode
_root_decoder = msgspec.msgpack.Decoder(_Root)
_devices_decoder = msgspec.msgpack.Decoder(list[_Device])
