"""A notify as a process of its own that can be killed at a named point of a named step, by a clock that can be set.

Forked from a server that has imported everything already, so that a life begins in a moment, as kill -9 ends it in one.
"""

import asyncio
import multiprocessing
import os
import signal
import time
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from multiprocessing.sharedctypes import Synchronized
from typing import Any

from notify.channels import HttpChannel, Outcome
from notify.shelf import Shelf
from schemas import subjects
from schemas.ladder import Delivery, DeliveryState
from stack import notify_stage

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.notify.notify_process"])

#: Where a life ends: before the key is made, right after; when the telephone has answered, when that is written down.
POINTS = ("due", "key", "answered", "recorded")


@dataclass(frozen=True)
class Death:
    """kill -9 at ``point`` of step ``step``, the first time that comes."""

    point: str
    step: int


@dataclass(frozen=True)
class Told:
    """What a life is told at its beginning."""

    nats_url: str
    dsn: str
    port: int
    grace_s: float
    node: str = "home-1"
    death: Death | None = None


class Life:
    """One life of notify; ``ready`` is set, in shared memory, when it works. ``ahead_us``: how its clock stands."""

    def __init__(self, told: Told, ahead_us: "Synchronized[int]") -> None:
        self.ready_us: Synchronized[int] = _FORKS.Value("q", 0)
        self._process: ForkServerProcess = _FORKS.Process(target=_live, args=(told, ahead_us, self.ready_us))
        self._process.start()

    async def works(self) -> int:
        """Wait until it works; return since when, wall microseconds."""
        async with asyncio.timeout(60):
            while not self.ready_us.value:
                assert self._process.is_alive(), "notify ended before it worked"
                await asyncio.sleep(0.01)
        return self.ready_us.value

    async def is_dead(self) -> None:
        """Wait until its death has come."""
        await asyncio.to_thread(self._process.join, 60)
        assert self._process.exitcode == -signal.SIGKILL

    def kill(self) -> None:
        """End it as a power cut would."""
        self._process.kill()
        self._process.join()


def clock_set() -> "Synchronized[int]":
    """Return what every life's clock is ahead of the wall, microseconds; whoever holds it sets the clock."""
    return _FORKS.Value("q", 0)


def _live(told: Told, ahead_us: "Synchronized[int]", ready_us: "Synchronized[int]") -> None:
    if told.death is not None:
        _die(told.death)

    def ready() -> None:
        ready_us.value = time.time_ns() // 1000

    settings = notify_stage.NotifySettings(
        dsn=told.dsn,
        clock=lambda: time.time_ns() // 1000 + ahead_us.value,
        claim_url=f"http://127.0.0.1:{told.port}/c",
        loopback_only=True,
        accept_within_s=told.grace_s,
        poll_s=0.05,
        node=told.node,
    )
    asyncio.run(
        notify_stage.run(
            nats_url=told.nats_url,
            settings=settings,
            host="127.0.0.1",
            port=told.port,
            stop=asyncio.Event(),
            ready=ready,
        )
    )


def _die(death: Death) -> None:
    """Put the end of this process where it was asked for."""
    create, put, send = Shelf.create, Shelf.put, HttpChannel.send

    def at(point: str, value: Any) -> None:
        if point == death.point and isinstance(value, Delivery) and value.step == death.step:
            os.kill(os.getpid(), signal.SIGKILL)

    async def creating(self: Shelf[Any], key: str, value: Any) -> int | None:
        at("due", value)
        made = await create(self, key, value)
        at("key", value)
        return made

    async def putting(self: Shelf[Any], key: str, value: Any) -> int:
        revision = await put(self, key, value)
        if self._bucket == subjects.DELIVERIES and value.state is DeliveryState.SENT:
            at("recorded", value)
        return revision

    async def sending(self: HttpChannel, address: str, body: dict[str, Any], key: str) -> Outcome:
        outcome = await send(self, address, body, key)
        if death.point == "answered" and body["step"] == death.step + 1:
            os.kill(os.getpid(), signal.SIGKILL)
        return outcome

    Shelf.create, Shelf.put, HttpChannel.send = creating, putting, sending  # type: ignore[method-assign]
