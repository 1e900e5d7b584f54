"""A platform on which faults can be put from outside: ``python -m stack.faulted up --home H``.

Everything is as in ``shouwang up`` - the same supervisor, servers and stages - but for two things that
``H/faulted.json`` says: the stages reach the servers under the other loopback ports in ``lines`` (``{"nats": 5001}``: a
line that somebody else can cut), and their clock is off by so many microseconds (the file that ``clock`` names; empty
or missing: none). It is always a demo's home, whose alerts reach nobody. ``make faults`` is what it is for
(bench.faults).
"""

import argparse
import asyncio
import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

from schemas.errors import Unavailable
from stack import credentials, stage
from stack.clock import wall_clock
from stack.credentials import ACCOUNT
from stack.home import Home
from stack.ports import LOOPBACK
from stack.servers.postgres import DATABASE
from stack.settings import PREFIX, load
from stack.supervisor import Supervisor, Wishes

CONFIG = "faulted.json"
_MODULE = "stack.faulted"
#: Seconds for which the clock trusts what it read: under load it is asked for each message.
_TRUSTED_S = 0.05


async def up(home: Path) -> None:
    """Run the platform in a demo's home until SIGTERM or SIGINT."""
    wishes = Wishes(demo=True, prefer_usual_ports=False, stage_module=_MODULE)
    supervisor = Supervisor(load(home), wishes, say=_say, announce=lambda url: _say(f"READY {url}"))
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, supervisor.stop)
    await supervisor.run()


def _say(line: str) -> None:
    print(line, flush=True)


class JumpedClock:
    """Wall time, off by what a file says."""

    def __init__(self, file: Path) -> None:
        self._file, self._offset_us, self._read_at = file, 0, -_TRUSTED_S

    def __call__(self) -> int:
        """Return microseconds since 1970 UTC."""
        if time.monotonic() - self._read_at >= _TRUSTED_S:
            self._read_at = time.monotonic()
            try:
                self._offset_us = int(self._file.read_text() or 0)
            except (OSError, ValueError):
                self._offset_us = 0
        return wall_clock() + self._offset_us


def take_other_lines(home: Home, lines: dict[str, int]) -> None:
    """Let this stage find other ports where the setting for a server of one's own would stand."""
    secret = credentials.load(home)
    urls = {
        "broker": ("MQTT_URL", f"mqtt://{ACCOUNT}:{secret.mqtt}@{LOOPBACK}:{{}}"),
        "nats": ("NATS_URL", f"nats://{ACCOUNT}:{secret.nats}@{LOOPBACK}:{{}}"),
        "postgres": ("DSN", f"postgresql://{ACCOUNT}:{secret.postgres}@{LOOPBACK}:{{}}/{DATABASE}"),
    }
    for server, port in lines.items():
        setting, url = urls[server]
        os.environ[f"{PREFIX}{setting}"] = url.format(port)


def _config(home: Home) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads((home.root / CONFIG).read_bytes())
    except FileNotFoundError:
        return {}
    return found


def main(arguments: list[str]) -> int:
    """Run the platform (``up``) or one of its stages; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", choices=["up", *sorted(stage.STAGES)])
    parser.add_argument("--home", type=Path, required=True)
    given, _of_the_stage = parser.parse_known_args(arguments)  # what else the supervisor says is for the stage
    if given.name == "up":
        try:
            asyncio.run(up(given.home))
        except Unavailable as error:
            _say(str(error))
            return 1
        return 0
    config = _config(Home(given.home))
    if given.name != "prepare":
        take_other_lines(Home(given.home), config.get("lines", {}))
    clock = JumpedClock(Path(config["clock"])) if "clock" in config else wall_clock
    return stage.main(arguments, clock)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
