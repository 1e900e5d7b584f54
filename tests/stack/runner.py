# ruff: noqa: T201
"""The real supervisor and servers with stand-in stages, as a process: ``python -m tests.stack.runner HOME``.

With ``HUNG_S`` in the environment it takes what is silent for so many seconds for hung.
"""

import asyncio
import os
import signal
import sys
from pathlib import Path

from schemas.errors import Unavailable
from stack import supervisor as supervising
from stack.settings import load
from stack.supervisor import Supervisor, Wishes


async def run(home: Path) -> None:
    wishes = Wishes(demo=True, prefer_usual_ports=False, stages=("gateway", "api"), stage_module="tests.stack.stand_in")
    supervisor = Supervisor(load(home), wishes, say=lambda line: print("SAID", line, flush=True), announce=announce)
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, supervisor.stop)
    await supervisor.run()


def lose_patience(hung_s: float) -> None:
    supervising.STAGE_HUNG_S = supervising.SERVER_HUNG_S = hung_s
    supervising.STAGE_LOOK_S = supervising.SERVER_LOOK_S = hung_s / 8


def announce(url: str) -> None:
    print("READY", url, flush=True)


if __name__ == "__main__":
    if "HUNG_S" in os.environ:
        lose_patience(float(os.environ["HUNG_S"]))
    try:
        asyncio.run(run(Path(sys.argv[1])))
    except Unavailable as error:
        print("REFUSED", error, flush=True)
        sys.exit(1)
