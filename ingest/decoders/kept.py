"""What the families know, in parts as they are kept: a part is written anew when something in it has changed.

One part for each base's root (an inventory of 300 sensors has some 100 kB, and seldom changes), and a fixed number of
parts with the devices' memories, by a hash of the device: an event of one sensor writes a few kilobytes, not the home.
"""

import hashlib
import zlib
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

import msgspec

from ingest.decoders.families import Families, Key, Known
from ingest.decoders.memory import Memory

#: Parts for the devices' memories. A thousand devices of some 300 bytes are 5 kB a part.
PARTS = 64


class _Root(msgspec.Struct, array_like=True):
    tree: str
    family: str
    base: str
    topics: tuple[str, ...]
    state: msgspec.Raw


class _Device(msgspec.Struct, array_like=True):
    tree: str
    family: str
    base: str
    device: str
    memory: Memory


def part_of(device: str) -> str:
    """Return the part in which a device's memory is kept."""
    return f"devices-{zlib.crc32(device.encode()) % PARTS}"


def root_part(key: Key) -> str:
    """Return the part in which what is known below a base is kept; a base is free text."""
    return f"root-{hashlib.blake2b(chr(0).join(key).encode('utf-8', 'replace'), digest_size=8).hexdigest()}"


def changed_parts(families: Families) -> dict[str, bytes | None]:
    """Return the parts that have changed since the last call, None: nothing is left in it. Clears ``changed``."""
    changed, families.changed = families.changed, set()
    wanted = {part_of(device) for _, device in changed if device is not None}
    found: dict[str, list[_Device]] = {part: [] for part in sorted(wanted)}
    if found:
        for key, known in families.roots.items():
            for device, memory in known.memories.items():
                part = part_of(device)
                if part in found:
                    found[part].append(_Device(*key, device, memory))
    parts: dict[str, bytes | None] = {part: _encode(kept) if kept else None for part, kept in found.items()}
    for key, one in changed:
        if one is None:
            parts[root_part(key)] = _root(key, families.roots.get(key))
    return parts


def _root(key: Key, known: Known | None) -> bytes | None:
    return None if known is None else _encode(_Root(*key, known.topics, msgspec.Raw(_encode(known.state))))


def restore(families: Families, parts: Mapping[str, bytes]) -> list[str]:
    """Take over what was kept; returns the parts that cannot be read (their devices are learnt anew)."""
    spoiled: list[str] = []
    for part in sorted(parts, key=lambda each: not each.startswith("root-")):
        try:
            if part.startswith("root-"):
                _restore_root(families, _root_decoder.decode(parts[part]))
            else:
                for each in _devices_decoder.decode(parts[part]):
                    families.known((each.tree, each.family, each.base)).memories[each.device] = each.memory
        except (msgspec.ValidationError, msgspec.DecodeError, KeyError):
            spoiled.append(part)
    families.restored()
    return spoiled


def _restore_root(families: Families, kept: _Root) -> None:
    key = (kept.tree, kept.family, kept.base)
    module = families.modules[kept.family]
    state: Any = msgspec.msgpack.decode(kept.state, type=module.Root)
    families.roots[key] = Known(state, OrderedDict(), kept.topics)


_encode = msgspec.msgpack.Encoder().encode
_root_decoder = msgspec.msgpack.Decoder(_Root)
_devices_decoder = msgspec.msgpack.Decoder(list[_Device])
