"""The whole way of the data under load: CPU of each process a message, how late rows and alerts are, what is lost.

Every server runs beside the stages and the load on this machine. Wearables send frames of 2 s (50 Hz), home sensors
their reports; some call for help. People, homes and devices are put into the database as an administrator would.
"""

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
import numpy as np

from bench.speed import sender
from bench.speed.processes import cpu_seconds, memory_bytes
from bench.spine import running
from device_sim.clock import wall_clock
from schemas.places import Binding, PlaceKind
from store import devices, people
from store.pool import Pool, open_pool

#: Looked at for how late rows are: so many wearables, so often (s); what is told is late by up to this much more.
WATCHED, LOOK_S = 25, 0.1
#: Memory is looked at more rarely: it costs some milliseconds.
MEMORY_EACH_S = 5.0
#: The platform has so long to take what is left when all is sent, s, before it counts as lost.
DRAIN_S = 60.0
#: When nothing is left in the outbox, the stages have heard of all of it after so long, s.
SETTLE_S = 5.0
#: Made at a time: more would only queue in the database.
AT_ONCE = 8
#: Wearables that share a connection; a city's are spread over a cluster of brokers.
ON_ONE_CONNECTION, MOST_CONNECTIONS = 10, 100
MB = 1_000_000
_PERCENTILES = (50, 99)


@dataclass(frozen=True, slots=True)
class PathSpeed:
    """One load and what came of it.

    CPU in microseconds a message by process (``sender_us``: of the load itself, which is no part of the platform);
    times in milliseconds by percentile; memory in MB at its most. ``lag_s``: how long after the last message was due
    all of them were stored. ``lost``: what the broker took and nobody finds.
    """

    messages_a_second: float
    us_a_message: dict[str, float]
    sender_us: float
    sender_late_s: float
    sent: int
    acknowledged: int
    lost: int
    lag_s: float
    committed_ms: dict[str, float]
    alerts: int
    alert_ms: dict[str, float]
    memory_mb: dict[str, float]


def measure(wearables: int, sensors: int, sensors_a_second: float, seconds: float, presses: int) -> PathSpeed:
    """Start a platform of its own, send, and look at what each process spends and how late what it says is."""
    return asyncio.run(_measure(wearables, sensors, sensors_a_second, seconds, presses))


async def _measure(wearables: int, sensors: int, sensors_a_second: float, seconds: float, presses: int) -> PathSpeed:
    with tempfile.TemporaryDirectory(prefix="shouwang-speed-") as folder:
        async with running(Path(folder) / "home", "up", "--demo") as state:
            mqtt = state["mqtt"]
            load = sender.Load(
                host=mqtt["host"],
                port=mqtt["port"],
                user=mqtt["user"],
                password=mqtt["password"],
                wearables=wearables,
                sensors=sensors,
                sensors_a_second=sensors_a_second,
                seconds=seconds,
                connections=max(1, min(MOST_CONNECTIONS, wearables // ON_ONE_CONNECTION)),
                presses=presses,
            )
            pool = await open_pool(state["dsn"], min_size=1, max_size=AT_ONCE)
            try:
                await _settle_in(pool, load)
                return await _run(state["pid"], pool, load)
            finally:
                await pool.close()


async def _settle_in(pool: Pool, load: sender.Load) -> None:
    """Make a home for each wearer; sensors and buttons are spread over the homes."""
    now_us = wall_clock()
    since_us = now_us - 3_600_000_000
    await _few_at_once(_home(pool, number, since_us) for number in range(load.wearables))
    foreign = [f"z2m-{sender.address(number)}" for number in range(load.sensors + load.presses)]
    await _few_at_once(
        _stand(pool, device, f"path-{number % max(1, load.wearables):05d}", since_us)
        for number, device in enumerate(foreign)
    )
    sender.announce(load)
    await _heard_of(pool)


async def _heard_of(pool: Pool) -> None:
    """Wait until every stage has heard of all that was made."""
    while True:
        left = await pool.fetchval("select count(*) from outbox where done_us is null and due_us <= $1", wall_clock())
        await asyncio.sleep(1.0)
        if not left:
            await asyncio.sleep(SETTLE_S)
            return


async def _home(pool: Pool, number: int, since_us: int) -> None:
    unit, device = f"path-{number:05d}", sender.wearable(number)
    await people.add_place(pool, name=unit, kind=PlaceKind.HOME, now_us=since_us, place_id=unit)
    await people.add_resident(pool, name=unit, unit=unit, now_us=since_us, resident_id=f"of-{unit}", test=True)
    await devices.add_device(pool, device_id=device, kind="wearable", now_us=since_us, position="wrist")
    binding = Binding(device=device, unit=unit, resident=f"of-{unit}", position="wrist", start_us=since_us)
    await devices.bind(pool, binding, wall_clock())


async def _stand(pool: Pool, device: str, unit: str, since_us: int) -> None:
    await devices.add_device(pool, device_id=device, kind="sensor", now_us=since_us)
    await devices.bind(pool, Binding(device=device, unit=unit, place=unit, start_us=since_us), wall_clock())


async def _few_at_once(calls: Iterable[Awaitable[None]]) -> None:
    waiting = iter(calls)

    async def work() -> None:
        for call in waiting:
            await call

    async with asyncio.TaskGroup() as tasks:
        for _ in range(AT_ONCE):
            tasks.create_task(work())


@dataclass
class _Watch:
    """Looks at the database and the processes while the load is sent."""

    pid: int
    pool: Pool
    load: sender.Load
    began_us: int
    late_ms: list[float] = field(default_factory=list)
    memory: dict[str, int] = field(default_factory=dict)

    async def run(self) -> None:
        numbers = np.linspace(0, self.load.wearables - 1, min(WATCHED, self.load.wearables)).astype(int).tolist()
        known = dict.fromkeys(numbers, -1)
        memory_at = 0.0
        while True:
            for number in numbers:
                await self._look(number, known)
            if time.monotonic() - memory_at > MEMORY_EACH_S:
                memory_at = time.monotonic()
                for name, held in memory_bytes(self.pid).items():
                    self.memory[name] = max(held, self.memory.get(name, 0))
            await asyncio.sleep(LOOK_S)

    async def _look(self, number: int, known: dict[int, int]) -> None:
        newest: int | None = await self.pool.fetchval(
            "select max(seq) from frame where device = $1 and boot = $2", sender.wearable(number), number + 1
        )
        now_us = wall_clock()
        for seq in range(known[number] + 1, (-1 if newest is None else newest) + 1):
            due_us = self.began_us + round(sender.due_s(self.load, number, seq) * 1e6)
            self.late_ms.append((now_us - due_us) / 1000)
        known[number] = known[number] if newest is None else newest


async def _run(pid: int, pool: Pool, load: sender.Load) -> PathSpeed:
    process = sender.Sender(load)
    began_us = await asyncio.to_thread(process.start)
    before, watch = cpu_seconds(pid), _Watch(pid, pool, load, began_us)
    watching = asyncio.create_task(watch.run())
    sent = await asyncio.to_thread(process.result)
    stored = await _drained(pool, sent.acknowledged)
    lag_s = (wall_clock() - began_us) / 1e6 - load.seconds
    after = cpu_seconds(pid)
    watching.cancel()
    alerts_ms = await _alerts(pool, load, sent.pressed_us)
    return PathSpeed(
        messages_a_second=load.messages / load.seconds,
        us_a_message={name: (after[name] - before.get(name, 0.0)) * 1e6 / sent.sent for name in sorted(after)},
        sender_us=sent.cpu_s * 1e6 / sent.sent,
        sender_late_s=sent.latest_s,
        sent=sent.sent,
        acknowledged=sent.acknowledged,
        lost=sent.acknowledged - stored,
        lag_s=lag_s,
        committed_ms=_percentiles(watch.late_ms),
        alerts=len(alerts_ms),
        alert_ms=_percentiles(alerts_ms),
        memory_mb={name: held / MB for name, held in sorted(watch.memory.items())},
    )


async def _drained(pool: Pool, wanted: int) -> int:
    """Return how many messages are stored, as soon as all are or DRAIN_S have gone."""
    deadline = time.monotonic() + DRAIN_S
    while True:
        stored = await _stored(pool)
        if stored >= wanted or time.monotonic() > deadline:
            return stored
        await asyncio.sleep(LOOK_S)


async def _stored(pool: Pool) -> int:
    count: int = await pool.fetchval(
        "select (select count(*) from frame where device like 'path-%')"
        " + (select count(*) from message where device like 'z2m-0x02%')"
    )
    return count


async def _alerts(pool: Pool, load: sender.Load, pressed_us: tuple[int, ...]) -> list[float]:
    """Return how long after each press its alert was raised, ms."""
    rows: list[asyncpg.Record] = await pool.fetch("select unit, raised_us from alert where kind = 'sos'")
    raised = {row["unit"]: row["raised_us"] for row in rows}
    units = [f"path-{(load.sensors + n) % max(1, load.wearables):05d}" for n in range(load.presses)]
    return [(raised[unit] - at) / 1000 for unit, at in zip(units, pressed_us, strict=True) if unit in raised]


def _percentiles(found: list[float]) -> dict[str, float]:
    return {f"p{each}": float(np.percentile(found, each)) for each in _PERCENTILES} if found else {}
