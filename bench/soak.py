"""An hour of ordinary work: does memory stay flat, and does what waits stay short?

``python -m bench soak --minutes 60 --wearables 60`` starts a platform of its own with the demo's residents, who fall
every few minutes, lets so many more wearables send in real time, and looks at every process and every stage's lag. What
grows without end shows in an hour as a slope: memory of each process is fitted by the median of all slopes (Theil-Sen)
behind a warm-up, so that one collection of garbage decides nothing.

``--ramp 40 80 160`` finds the full load first: the most wearables whose frames are all acknowledged, none of them only
when sent again, and whose lag is short after a minute; half of it is what the hour is run at.
"""

import argparse
import asyncio
import json
import platform as machine
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import psutil

from bench.soak_report import Sample, render
from bench.spine import running

#: Seconds between looks; an hour gives some hundreds of points a process.
LOOK_S = 10.0
#: A stage whose lag is longer than this, messages, at the end of a ramp's step does not follow the load. JetStream's
#: messages carry some dozens of readings each: this is a few seconds of work.
FOLLOWS = 200
RAMP_S = 60.0
#: Alerts of a minute-long load would all be new residents': people are made once, and stay.
SETTLE_S = 15.0
MB = 1_000_000


@dataclass
class Watch:
    """Looks at one running platform until told to end."""

    state: dict[str, Any]
    home: Path
    began: float = field(default_factory=time.monotonic)
    samples: list[Sample] = field(default_factory=list)

    async def run(self, seconds: float) -> None:
        """Look every LOOK_S for so long; a progress line each five minutes."""
        async with httpx.AsyncClient(base_url=self.state["api"], timeout=20) as http:
            await self._sign_in(http)
            while (at := time.monotonic() - self.began) < seconds:
                self.samples.append(await self._look(http, at))
                if len(self.samples) % round(300 / LOOK_S) == 1:
                    print(self.samples[-1].line(), file=sys.stderr, flush=True)
                await asyncio.sleep(LOOK_S)

    async def once(self) -> Sample:
        """Look once."""
        async with httpx.AsyncClient(base_url=self.state["api"], timeout=20) as http:
            await self._sign_in(http)
            return await self._look(http, time.monotonic() - self.began)

    async def _sign_in(self, http: httpx.AsyncClient) -> None:
        account = next(each for each in self.state["accounts"] if each["role"] == "administrator")
        answer = await http.post("session", json={"user": account["user"], "password": account["password"]})
        http.headers["Authorization"] = f"Bearer {answer.json()['token']}"

    async def _look(self, http: httpx.AsyncClient, at: float) -> Sample:
        overview = (await http.get("overview")).json()
        pids = json.loads((self.home / "run/state.json").read_text())
        used = {name: _process(pid) for name, pid in {**pids["servers"], **pids["stages"]}.items()}
        return Sample(
            at_s=at,
            memory_mb={name: each[0] for name, each in used.items()},
            cpu_s={name: each[1] for name, each in used.items()},
            pids={name: each[2] for name, each in used.items()},
            lag={stage["name"]: stage["lag"] or 0 for stage in overview["stages"]},
            unwell=[stage["name"] for stage in overview["stages"] if not stage["ok"]],
            disk_mb=_size(self.home) / MB,
        )


def _process(pid: int) -> tuple[float, float, int]:
    """Return what a process and its children hold for themselves (MB), their CPU seconds, and the pid.

    Own pages only (USS): PostgreSQL's processes share their buffers, which are of a fixed size.
    """
    memory = cpu = 0.0
    process = psutil.Process(pid)
    for each in [process, *process.children(recursive=True)]:
        try:
            memory += each.memory_full_info().uss / MB
            times = each.cpu_times()
            cpu += times.user + times.system
        except psutil.NoSuchProcess:  # one of PostgreSQL's, just now
            continue
    return memory, cpu, pid


def _size(folder: Path) -> int:
    found = 0
    for path in folder.rglob("*"):
        try:
            found += path.stat().st_size if path.is_file() else 0
        except FileNotFoundError:
            continue
    return found


async def load(home: Path, wearables: int, seconds: float) -> dict[str, Any]:
    """Let so many wearables of test residents send for so long; return the simulator's report."""
    command = [str(Path(sys.executable).with_name("shouwang")), "sim", "load", "--home", str(home)]
    options = ["--wearables", str(wearables), "--seconds", str(seconds), "--json"]
    process = await asyncio.create_subprocess_exec(*command, *options, stdout=asyncio.subprocess.PIPE)
    said, _ = await process.communicate()
    report: dict[str, Any] = json.loads(said)
    return report


async def ramp(home: Path, watch: Watch, steps: Sequence[int]) -> int:
    """Return the most wearables of ``steps`` that the platform follows; says each step."""
    full = 0
    for wearables in steps:
        report = await load(home, wearables, RAMP_S)
        await asyncio.sleep(2)
        last = await watch.once()
        # What had to be sent again was not acknowledged in time: then the run also takes longer than its minute.
        in_time = report["acknowledged"] == report["due"] and not report["repeated"]
        follows = in_time and max(last.lag.values()) <= FOLLOWS and not last.unwell
        print(f"ramp: {wearables} wearables, {report}, {last.lag}, follows: {follows}", file=sys.stderr, flush=True)
        if not follows:
            break
        full = wearables
        await asyncio.sleep(SETTLE_S)
    return full


async def stored(dsn: str) -> dict[str, int]:
    """Return how many frames, values and alerts the database holds."""
    connection = await asyncpg.connect(dsn)
    try:
        blocks = await connection.fetchval("SELECT count(*) FROM frame WHERE device LIKE 'load-%'")
        alerts = await connection.fetchval("SELECT count(*) FROM alert WHERE kind = 'fall'")
        own = await connection.fetchval("SELECT count(*) FROM alert WHERE kind = 'platform'")
    finally:
        await connection.close()
    return {"load_frames": int(blocks), "fall_alerts": int(alerts), "platform_alerts": int(own)}


async def soak(home: Path, minutes: float, wearables: int, steps: Sequence[int]) -> tuple[str, bool]:
    """Run it; return the report as Markdown, and whether all stayed flat."""
    async with running(home, "demo") as state:
        full = None
        if steps:
            full = await ramp(home, Watch(state, home), steps)
            wearables = max(1, full // 2)
            before = await stored(state["dsn"])
        else:
            before = {"load_frames": 0}
        watch = Watch(state, home)
        report, _ = await asyncio.gather(load(home, wearables, minutes * 60), watch.run(minutes * 60))
        await asyncio.sleep(SETTLE_S)
        counts = await stored(state["dsn"])
        counts["load_frames"] -= before["load_frames"]
    facts = {
        "machine": f"{psutil.cpu_count()} cores, {machine.system()} {machine.machine()}",
        "wearables": wearables,
        "full_load": full,
        "minutes": minutes,
        "load": report,
        "stored": counts,
    }
    return render(facts, watch.samples)


def main(arguments: list[str]) -> int:
    """Run the command; status 1 when something grew, lagged or got lost."""
    parser = argparse.ArgumentParser(prog="python -m bench soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--wearables", type=int, default=60)
    parser.add_argument("--ramp", type=int, nargs="*", default=(), metavar="N", help="find the full load first")
    parser.add_argument("--out", type=Path, help="write the report here as well")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        text, flat = asyncio.run(soak(Path(folder) / "home", given.minutes, given.wearables, given.ramp))
    print(text)
    if given.out is not None:
        given.out.write_text(text)
    return 0 if flat else 1
