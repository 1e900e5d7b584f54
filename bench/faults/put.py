"""Faults of processes, lines, disks and the clock: each puts itself on, waits, and takes itself off again."""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Awaitable, Callable

import psutil

from bench.faults.proxy import CUT, SWALLOW
from bench.faults.scene import Scene

Put = Callable[[Scene], Awaitable[list[str]]]

ABSENT_S = 60.0
CUT_S, SILENT_S = 15.0, 10.0
FULL_S, SLOW_S = 20.0, 30.0
#: Ten milliseconds a write is a laptop's disk, a hundred a worn SD card: some six syncs a second.
SLOW_WRITES = 20
JUMP_US, JUMPED_S = 3600 * 1_000_000, 20.0
#: Killed twice in one fault, so long apart at most.
KILL_WITHIN_S = 4.0
_LOOK_S = 0.05
#: What makes a power cut cost PostgreSQL nothing that it said was committed.
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}


def killed(name: str) -> Put:
    """kill -9, and once more a moment after it is back."""

    async def put(scene: Scene) -> list[str]:
        for _ in range(2):
            await asyncio.sleep(scene.rng.uniform(0.2, KILL_WITHIN_S))
            await scene.platform.kill(name)
        return []

    return put


def absent(server: str) -> Put:
    """kill -9 whenever it comes up, for ABSENT_S."""

    async def put(scene: Scene) -> list[str]:
        until = time.monotonic() + ABSENT_S
        while time.monotonic() < until:
            pid = scene.platform.pids().get(server)
            if pid is not None:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            await asyncio.sleep(_LOOK_S)
        return []

    return put


def cut(server: str) -> Put:
    """Between the stages and a server: connections are reset, new ones refused."""

    async def put(scene: Scene) -> list[str]:
        await scene.platform.line(server, CUT)
        await asyncio.sleep(CUT_S)
        await scene.platform.line(server)
        return []

    return put


def half_open(server: str) -> Put:
    """Everything is swallowed; afterwards new connections work, and the old ones stay silent for ever."""

    async def put(scene: Scene) -> list[str]:
        await scene.platform.line(server, SWALLOW)
        await asyncio.sleep(SILENT_S)
        await scene.platform.line(server)
        return []

    return put


def full(server: str) -> Put:
    """Not a byte of room on a server's disk."""

    async def put(scene: Scene) -> list[str]:
        disk = scene.platform.disks[server]
        await asyncio.to_thread(disk.fill)
        try:
            await asyncio.sleep(FULL_S)
        finally:
            disk.free()
        return []

    return put


async def slow_disks(scene: Scene) -> list[str]:
    """JetStream and PostgreSQL write SLOW_WRITES times a second at most."""
    for name, disk in scene.platform.disks.items():
        disk.slow(scene.platform.family(name), SLOW_WRITES)
    try:
        await asyncio.sleep(SLOW_S)
    finally:
        for disk in scene.platform.disks.values():
            disk.fast()
    return []


async def power_cut(scene: Scene) -> list[str]:
    """Everything stops in one moment; the disks keep what was synced, and not a byte more."""
    platform = scene.platform
    wrong = []
    for name, wanted in DURABLE.items():
        found = (await platform.rows(f"show {name}"))[0][0]
        wrong += [] if found == wanted else [f"PostgreSQL has {name} {found}"]
    await asyncio.sleep(scene.rng.uniform(0.2, KILL_WITHIN_S))
    _freeze(platform.process.pid if platform.process else 0)
    for disk in platform.disks.values():
        disk.cut_power()
    platform.kill_all()
    for disk in platform.disks.values():
        await asyncio.to_thread(disk.unmount)
        await asyncio.to_thread(disk.mount)
    began = time.monotonic()
    await platform.start()
    scene.remarks.append(f"up again {time.monotonic() - began:.1f} s after the current came back; recovery from there")
    return wrong


def _freeze(pid: int) -> None:
    """Stop a process and all below it, so that nothing is promised between the cuts of two disks."""
    with contextlib.suppress(psutil.NoSuchProcess):
        family = [psutil.Process(pid)]
        family += family[0].children(recursive=True)
        for process in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.suspend()


def jumped(offset_us: int) -> Put:
    """The stages' wall clock is off by so much for JUMPED_S."""

    async def put(scene: Scene) -> list[str]:
        scene.platform.set_clock(offset_us)
        await asyncio.sleep(JUMPED_S)
        scene.platform.set_clock(0)
        return []

    return put
