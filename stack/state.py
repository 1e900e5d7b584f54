"""``run/state.json``: what people, tests and the simulator may know of the running platform."""

import contextlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from stack.accounts import Account
from stack.addresses import Addresses
from stack.home import Home, write_private


def write(
    home: Home,
    *,
    console: str,
    where: Addresses,
    accounts: Sequence[Account],
    pid: int,
    servers: Mapping[str, int],
    stages: Mapping[str, int],
    simulated: bool,
    restarts: Mapping[str, int],
) -> None:
    """Write the file, whole or not at all, for its owner only. ``accounts`` are empty in a live home.

    ``simulated``: its clock is driven by whoever plays.
    """
    content = {
        "console": console,
        "api": f"{console}/api/v1",
        "mqtt": asdict(where.mqtt),
        "nats": where.nats_url,
        "dsn": where.dsn,
        "accounts": [{"role": each.role, "user": each.user, "password": each.password} for each in accounts],
        "pid": pid,
        "servers": dict(servers),
        "stages": dict(stages),
        "simulated": simulated,
        "restarts": dict(restarts),
    }
    write_private(home.state, json.dumps(content, indent=1).encode())


def restarts(home: Home) -> dict[str, int]:
    """Return how often each part was started again since the platform started; empty when nobody says."""
    try:
        said = json.loads(home.state.read_bytes())["restarts"]
        return {str(name): int(count) for name, count in said.items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}


def remove(home: Home) -> None:
    """The platform is no longer ready."""
    with contextlib.suppress(FileNotFoundError):
        home.state.unlink()
