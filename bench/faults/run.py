"""``python -m bench faults``: each seed a platform of its own, the faults one after the other, a table at the end."""

import argparse
import asyncio
import json
import logging
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import aiomqtt
from rich.console import Console

from bench.faults import table
from bench.faults.catalogue import Fault, all_faults
from bench.faults.platform import Platform
from bench.faults.rounds import Rounds
from bench.faults.scene import Scene
from bench.faults.table import Row
from bench.faults.wearers import Crowd
from device_sim.platform import Platform as Api

#: Load alone before the first fault: what goes wrong here is no fault's doing.
WARM_UP_S = 8.0
WRONG_USAGE = 2
#: As a shell says it of a program that was stopped by Ctrl-C.
INTERRUPTED = 130
_CONSOLE = Console(stderr=True, highlight=False, soft_wrap=True)


async def one_seed(seed: int, faults: list[Fault], *, keep: bool, shuffle: bool) -> list[Row]:
    """Run the faults with one seed; a row each, and one for the end when something was lost later."""
    folder = Path(tempfile.mkdtemp(prefix=f"shouwang-faults-{seed}-"))
    os.chmod(folder, 0o711)  # noqa: PTH101, S103 - at once; PostgreSQL runs as a user of its own
    rng, began = random.Random(seed), time.monotonic()
    order = rng.sample(faults, len(faults)) if shuffle else faults
    rows: list[Row] = []
    try:
        async with Platform(folder) as platform, _signed_in(platform) as api:
            crowd = Crowd(platform.mqtt)
            try:
                rounds = Rounds(Scene(platform, api, crowd, seed, rng))
                await rounds.scene.open()
                await asyncio.sleep(WARM_UP_S)
                for number, fault in enumerate(order):
                    rows.append(await rounds.play(fault))
                    _say(rows[-1], number + 1, len(order), time.monotonic() - began)
                    if rows[-1].recovery_s is None:  # the next fault is to be judged by itself
                        platform.kill_all()
                        await platform.start()
                rows.append(Row(seed, "end"))
                await rounds.count(rows[-1])
                rows[-1].notes.append(f"{time.monotonic() - began:.0f} s in all")
            finally:
                await crowd.go_home()
    finally:
        if keep:
            _CONSOLE.print(f"kept: {folder}")
        else:
            shutil.rmtree(folder)
    return rows


def _but_devices(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Say what nobody caught, but for what the devices' own clients stumble over when their broker dies."""
    if not isinstance(context.get("exception"), OSError | aiomqtt.MqttError):
        loop.default_exception_handler(context)


async def _until_asked(work: Coroutine[Any, Any, list[Row]]) -> list[Row]:
    """Return the rows, or cancel the work at SIGTERM or Ctrl-C: it must take its disks off again."""
    task = asyncio.ensure_future(work)
    asyncio.get_running_loop().set_exception_handler(_but_devices)
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    return await task


def _signed_in(platform: Platform) -> Api:
    return Api(platform.state["api"], *platform.account("administrator"))


def _say(row: Row, number: int, count: int, at_s: float) -> None:
    cells = ", ".join(f"{name} {cell}" for name, cell in zip(table.HEADINGS[2:], row.cells()[2:], strict=True) if cell)
    verdict = "skipped" if row.skipped else "ok" if row.ok else "FAILED"
    _CONSOLE.print(f"{at_s:5.0f} s  seed {row.seed}  {number}/{count}  {row.fault}: {verdict}  {cells}", markup=False)


def main(arguments: list[str]) -> int:
    """Run, print the table (or JSON) and return 0 when nothing was lost, doubled or missed."""
    parser = argparse.ArgumentParser(prog="python -m bench faults", description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--only", nargs="+", metavar="NAME", help="these faults alone, in the order given")
    parser.add_argument("--list", action="store_true", help="print the names of all faults and end")
    parser.add_argument("--json", action="store_true", help="the table as JSON on standard output")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the table there too")
    parser.add_argument("--keep", action="store_true", help="keep the homes, with their logs")
    options = parser.parse_args(arguments)
    logging.getLogger("mqtt").setLevel(logging.CRITICAL)  # a broker that is away is what we came for
    known = {fault.name: fault for fault in all_faults()}
    if options.list:
        print("\n".join(known))
        return 0
    unknown = [name for name in options.only or () if name not in known]
    if unknown:
        print(f"There is no fault {', '.join(unknown)}; see --list.", file=sys.stderr)
        return WRONG_USAGE
    chosen = [known[name] for name in options.only or known]
    rows: list[Row] = []
    try:
        for seed in options.seeds:
            rows += asyncio.run(_until_asked(one_seed(seed, chosen, keep=options.keep, shuffle=options.only is None)))
    except asyncio.CancelledError:
        print("stopped", file=sys.stderr)
        return INTERRUPTED
    if options.markdown is not None:
        options.markdown.write_text(table.markdown(rows))
    if options.json:
        print(json.dumps(table.as_json(rows), indent=1))
    else:
        table.show(rows, Console(width=200))
    return table.status(rows)
