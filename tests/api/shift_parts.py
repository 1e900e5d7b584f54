"""What a shift at random needs beside the real parts: deaths at a commit, JetStream's buckets in memory, telephones."""

import random
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import msgspec
import pytest
from asyncpg import Connection
from asyncpg.transaction import Transaction

from notify.channels import Outcome
from notify.shelf import Shelf
from schemas import ladder


class KilledError(BaseException):
    """The process ended here. Not an Exception: nobody may catch it and go on as if the database were away."""


@dataclass
class Death:
    """A process that ends at its ``left``-th commit from now: ``before`` it, or just after it and before any reply."""

    left: int
    before: bool
    happened: bool = False


_WRITES = ("insert", "update", "delete")
_DEATH: ContextVar[Death | None] = ContextVar("death", default=None)


@contextmanager
def dying(death: Death | None) -> Iterator[None]:
    """Let what runs in the block, and the tasks it begins, die of ``death``."""
    token = _DEATH.set(death)
    try:
        yield
    finally:
        _DEATH.reset(token)


def deaths_at_commits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what is written end as its process's death would end it: the line to the server is cut.

    A commit is the end of a transaction, or a statement that writes outside of one.
    """
    honest, execute = Transaction.__aexit__, Connection.execute

    async def end(self: Any, kind: Any, error: Any, trace: Any) -> None:
        outermost = not self._nested and kind is None
        await _commit(self._connection, lambda: honest(self, kind, error, trace), counts=outermost)

    async def write(self: Any, query: str, *arguments: Any, **options: Any) -> Any:
        counts = query.lstrip().startswith(_WRITES) and not self.is_in_transaction()
        return await _commit(self, lambda: execute(self, query, *arguments, **options), counts=counts)

    monkeypatch.setattr(Transaction, "__aexit__", end)
    monkeypatch.setattr(Connection, "execute", write)


async def _commit(connection: Any, do: Callable[[], Awaitable[Any]], *, counts: bool) -> Any:
    death = _DEATH.get()
    if death is None or death.happened or not counts:
        return await do()
    death.left -= 1
    if death.left > 0:
        return await do()
    death.happened = True
    if not death.before:
        await do()
    connection.terminate()
    raise KilledError


#: A bucket's keys with their value and revision.
Kept = dict[str, tuple[bytes, int]]


class KeptShelf(Shelf[Any]):
    """A bucket that outlives notify as JetStream does, with its compare-and-swap; tests/notify has the real one."""

    def __init__(self, kept: Kept, kind: type[msgspec.Struct]) -> None:
        self._kept, self._kind = kept, kind

    async def all(self) -> dict[str, tuple[Any, int]]:
        return {key: (ladder.decode(value, self._kind), revision) for key, (value, revision) in self._kept.items()}

    async def get(self, key: str) -> tuple[Any, int] | None:
        if key not in self._kept:
            return None
        value, revision = self._kept[key]
        return ladder.decode(value, self._kind), revision

    async def put(self, key: str, value: msgspec.Struct) -> int:
        revision = self._kept.get(key, (b"", 0))[1] + 1
        self._kept[key] = (ladder.encode(value), revision)
        return revision

    async def create(self, key: str, value: msgspec.Struct) -> int | None:
        return None if key in self._kept else await self.put(key, value)

    async def update(self, key: str, value: msgspec.Struct, revision: int) -> int | None:
        return await self.put(key, value) if self._kept.get(key, (b"", 0))[1] == revision else None

    async def delete(self, key: str) -> None:
        self._kept.pop(key, None)


class Phones:
    """Takes every call; now and then one is refused, or nobody knows whether it came through."""

    def __init__(self, draw: random.Random) -> None:
        self._draw = draw
        #: Of each delivery that may have arrived already: ringing it again unmarked would be a second alarm.
        self.may_have_rung: set[str] = set()
        self.calls = self.again = 0
        #: A death to come, before the next call or after it; and whether one has just come.
        self.dies: str | None = None
        self.died = False

    async def send(self, _address: str, body: dict[str, Any], key: str) -> Outcome:
        """Ring, unless notify dies before."""
        dies, self.dies = self.dies, None
        self.died = self.died or dies is not None
        if dies == "before":
            raise KilledError
        assert body["again"] or key not in self.may_have_rung, f"{key} rang twice, and nobody was told that it is again"
        self.calls += 1
        self.again += body["again"]
        chance = self._draw.random()
        if chance >= 0.05:
            self.may_have_rung.add(key)
        if dies == "after":
            raise KilledError
        if chance < 0.05:
            return Outcome(ok=False, error="refused")
        return Outcome(ok=chance >= 0.1, unknown=chance < 0.1)

    async def close(self) -> None:
        """Nothing to close."""


class Told:
    """A finding as JetStream hands it to the desk; it comes again until it is acknowledged."""

    subject = "findings.0"

    def __init__(self, data: bytes) -> None:
        self.data, self.acknowledged = data, False

    async def ack(self) -> None:
        """Have it off the stream."""
        self.acknowledged = True

    async def term(self) -> None:
        """Nothing here may be put aside."""
        raise AssertionError("the desk put a good finding aside")
