"""The watcher's snapshots: the state of each partition's units, with the stream's sequence at which it stands.

A partition has a head, ``<partition>``, and slots, ``<partition>.<writer>.<n>``. A slot is one message with the state
of some units; a save writes slots with the units that changed, and then the head, which names the slots that count,
oldest first: of a unit the last one holds. So a snapshot is all of one moment, a home in which nothing happened costs
nothing, and no message is larger than SLOT_BYTES or one unit, however many homes there are.

The head is saved by compare-and-swap, and a watcher that starts saves it once before it reads: a paused old watcher
that comes back writes slots that nobody reads, and is refused at the head. What no head names is swept away.
"""

import contextlib
import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import msgspec
from nats.js import JetStreamContext
from nats.js.errors import KeyNotFoundError, KeyWrongLastSequenceError, NoKeysError

from detectors.host import UnitState
from schemas import subjects
from schemas.errors import Unavailable

log = logging.getLogger("shouwang.watcher")

#: Of these records; the detectors' own state carries its own. One of another version is started anew.
VERSION = 2
#: A slot ends with the unit that passes this: far below the 1 MB that a server allows a message by default.
SLOT_BYTES = 256 * 1024
#: With more slots than this the emptiest are written together: a head stays small, a start reads few messages.
SLOTS_MOST = 64
#: A slot of which less than this share still counts is written anew, so that at most four times the state is kept.
LEAST_LIVE = 0.25


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """What a partition's snapshot consists of: the state after all its messages up to and including ``seq``.

    ``ahead``: parts of the host that have been through more, to their own sequence. ``clocks``: what of the state is of
    no unit.
    """

    version: int = VERSION
    seq: int
    writer: str  # which process saved it
    ahead: dict[str, int] = {}
    clocks: dict[str, int] = {}
    slots: tuple[str, ...] = ()


class _AnyVersion(msgspec.Struct, frozen=True):
    """What every version says."""

    version: int
    seq: int


class TakenOverError(Unavailable):
    """Another watcher saved this partition since we did: it owns it now."""


_encoder = msgspec.msgpack.Encoder()
_head_decoder = msgspec.msgpack.Decoder(Head)
_any_decoder = msgspec.msgpack.Decoder(_AnyVersion)
_slot_decoder = msgspec.msgpack.Decoder(dict[str, UnitState])


@dataclass(slots=True)
class Loaded:
    """A snapshot as found: its head and all units' state.

    ``head`` None: there is none, start at the stream's beginning. ``units`` None: it cannot be read, start anew before
    ``head.seq``.
    """

    head: Head | None
    units: dict[str, UnitState] | None = None


@dataclass(slots=True)
class _Slot:
    """A slot that counts: its bytes, and those of its units that count."""

    size: int
    live: dict[str, int] = field(default_factory=dict)


def key_of(partition: int) -> str:
    """Return the key of a partition's head."""
    return f"{partition:02d}"


class Shelf:
    """One partition's snapshots in the bucket, for one writer."""

    def __init__(self, js: JetStreamContext, partition: int, writer: str) -> None:
        self._js, self._partition, self._writer = js, partition, writer
        self._revision = 0
        self._head: Head | None = None
        self._slots: dict[str, _Slot] = {}
        self._where: dict[str, str] = {}

    @property
    def slots(self) -> Collection[str]:
        """The keys of the slots that count."""
        return self._slots.keys()

    async def load(self, last_seq: int) -> Loaded:
        """Return the snapshot; none if it is missing or ahead of a stream made anew (``last_seq`` is its last)."""
        bucket = await self._js.key_value(subjects.SNAPSHOTS)
        try:
            found = await bucket.get(key_of(self._partition))
        except KeyNotFoundError:
            return Loaded(None)
        self._revision = found.revision or 0
        said = _said(found.value or b"")
        if said is None:
            log.warning("The snapshot of partition %02d cannot be read; its detectors start fresh.", self._partition)
            return Loaded(None)
        if said.seq > last_seq:
            log.warning("The snapshot of partition %02d is ahead of the stream; start fresh.", self._partition)
            return Loaded(None)
        if not isinstance(said, Head):
            log.warning(
                "The snapshot of partition %02d is of version %d; its detectors start fresh.",
                self._partition,
                said.version,
            )
            return Loaded(Head(seq=said.seq, writer=""))
        self._head = said
        units = await self._load_slots(said)
        if units is None:
            log.warning("The snapshot of partition %02d is damaged; its detectors start fresh.", self._partition)
        return Loaded(said, units)

    async def _load_slots(self, head: Head) -> dict[str, UnitState] | None:
        bucket = await self._js.key_value(subjects.SNAPSHOTS)
        units: dict[str, UnitState] = {}
        for name in head.slots:
            try:
                data = (await bucket.get(name)).value or b""
                held = _slot_decoder.decode(data)
            except (KeyNotFoundError, msgspec.DecodeError):
                return None
            self._count(name, len(data), {unit: _size(unit, state) for unit, state in held.items()})
            units |= held
        return {unit: state for unit, state in units.items() if state}

    async def claim(self, seq: int) -> None:
        """Make the snapshot ours as it is, so that whoever had it cannot save any more; ``seq`` where there is none."""
        head = self._head or Head(seq=seq, writer="")
        await self._swap(msgspec.structs.replace(head, writer=self._writer, slots=tuple(self._slots)))

    async def save(
        self,
        seq: int,
        ahead: Mapping[str, int],
        clocks: Mapping[str, int],
        changed: Collection[str],
        states: Callable[[Collection[str]], dict[str, UnitState]],
    ) -> int:
        """Save the units that changed, and some that did not for the room they leave; return how many messages it took.

        ``states`` gives the state of units now. Raises TakenOverError when somebody else saved since; may be called
        again when it failed otherwise.
        """
        bucket = await self._js.key_value(subjects.SNAPSHOTS)
        units = self._to_write(changed)
        written = list(zip(self._free(), _slots_of(states(units)), strict=False))
        for name, held in written:
            await bucket.put(name, _encoder.encode(held))
        kept = [name for name, slot in self._slots.items() if any(unit not in units for unit in slot.live)]
        slots = (*kept, *(name for name, _ in written))
        await self._swap(
            Head(seq=seq, writer=self._writer, ahead=dict(ahead), clocks=dict(clocks), slots=slots),
        )
        dead = self._slots.keys() - set(kept)
        for name in dead:
            del self._slots[name]
        for name, held in written:
            sizes = {unit: _size(unit, state) for unit, state in held.items()}
            self._count(name, sum(sizes.values()), sizes)
        await self._purge(name for name in dead if self._writer not in name)
        return len(written) + 1

    async def sweep(self, others: Collection[str]) -> None:
        """Delete the slots of this partition among the keys ``others`` that no head names: a killed watcher's."""
        mine = f"{key_of(self._partition)}."
        await self._purge(name for name in others if name.startswith(mine) and name not in self._slots)

    async def _purge(self, names: Iterable[str]) -> None:
        for name in names:
            await self._js.purge_stream(f"KV_{subjects.SNAPSHOTS}", subject=f"$KV.{subjects.SNAPSHOTS}.{name}")

    def _to_write(self, changed: Collection[str]) -> set[str]:
        """Return the units to write: those that changed, and all of the slots that are not worth keeping."""
        units = set(changed)
        live = {
            name: sum(size for unit, size in slot.live.items() if unit not in units)
            for name, slot in self._slots.items()
        }
        left = sorted((size, name) for name, size in live.items() if size)
        for place, (size, name) in enumerate(left):
            if len(left) - place > SLOTS_MOST or size < LEAST_LIVE * self._slots[name].size:
                units |= self._slots[name].live.keys()
        return units

    def _free(self) -> Iterator[str]:
        number = 0
        while True:
            name = f"{key_of(self._partition)}.{self._writer}.{number}"
            if name not in self._slots:
                yield name
            number += 1

    def _count(self, name: str, size: int, units: Mapping[str, int]) -> None:
        """Note a slot, newer than all others."""
        for unit in units:
            if (before := self._slots.get(self._where.get(unit, ""))) is not None:
                before.live.pop(unit, None)
            self._where[unit] = name
        self._slots[name] = _Slot(size, dict(units))

    async def _swap(self, head: Head) -> None:
        """Save a head over the one we know.

        An attempt whose answer got lost may have been stored: then the entry found is our own, and its revision is
        taken.
        """
        bucket = await self._js.key_value(subjects.SNAPSHOTS)
        data = _encoder.encode(head)
        try:
            self._revision = await bucket.update(key_of(self._partition), data, last=self._revision)
        except KeyWrongLastSequenceError:
            found = await bucket.get(key_of(self._partition))
            if found.value != data or found.revision is None:
                raise TakenOverError(
                    f"Another watcher took over partition {self._partition:02d}; this one stops."
                ) from None
            self._revision = found.revision
        self._head = head


async def keys(js: JetStreamContext) -> list[str]:
    """Return all keys of the bucket."""
    with contextlib.suppress(NoKeysError):
        return await (await js.key_value(subjects.SNAPSHOTS)).keys()
    return []


def _said(data: bytes) -> Head | _AnyVersion | None:
    """Return a head, or what one of another version says; None for what is none."""
    try:
        said = _any_decoder.decode(data)
        return _head_decoder.decode(data) if said.version == VERSION else said
    except msgspec.DecodeError:
        return None


def _size(unit: str, state: UnitState) -> int:
    return len(unit) + sum(len(part) for part in state.values())


def _slots_of(states: Mapping[str, UnitState]) -> list[dict[str, UnitState]]:
    """Return the units' state cut into slots."""
    slots: list[dict[str, UnitState]] = []
    size = SLOT_BYTES
    for unit, state in states.items():
        if size >= SLOT_BYTES:
            slots.append({})
            size = 0
        slots[-1][unit] = state
        size += _size(unit, state)
    return slots
