# ruff: noqa: T201
"""The real supervisor and servers with stand-in stages, as a process: ``python -m tests.stack.runner HOME``."""

import asyncio
import signal
import sys
from pathlib import Path

from schemas.errors import Unavailable
from stack.settings import load
from stack.supervisor import Supervisor, Wishes


async def run(home: Path) -> None:
    wishes = Wishes(demo=True, prefer_usual_ports=False, stages=("gateway", "api"), stage_module="tests.stack.stand_in")
    supervisor = Supervisor(load(home), wishes, say=lambda line: print("SAID", line, flush=True), announce=announce)
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, supervisor.stop)
    await supervisor.run()


def announce(url: str) -> None:
    print("READY", url, flush=True)


if __name__ == "__main__":
    try:
        asyncio.run(run(Path(sys.argv[1])))
    except Unavailable as error:
        print("REFUSED", error, flush=True)
        sys.exit(1)
