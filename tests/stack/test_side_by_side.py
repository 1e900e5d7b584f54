"""Several platforms on one machine: neither takes the other's server for its own, in whatever moment they begin."""

import json
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest

from stack.ports import any_free, listens
from tests.stack.test_supervisor import SERVERS, Running, place

pytestmark = pytest.mark.servers

AT_ONCE = 3


def test_platforms_that_want_the_same_ports_in_the_same_moment_get_servers_of_their_own() -> None:
    with ExitStack() as stack:
        homes: list[Path] = [stack.enter_context(place()) for _ in range(AT_ONCE)]
        wanted = {name: any_free() for name in SERVERS}
        for home in homes:
            home.mkdir(mode=0o700)
            (home / "ports.json").write_text(json.dumps(wanted))
        running = [Running(home) for home in homes]
        try:
            for each in running:
                each.wait_ready()
            ports = [_ports(each) for each in running]
        finally:
            statuses = [each.stop() for each in running]
    assert statuses == [0] * AT_ONCE
    assert len(set().union(*ports)) == AT_ONCE * len(SERVERS)


def _ports(each: Running) -> set[int]:
    """Return the servers' ports, each listened on by the process that the state names."""
    found = set()
    for name in SERVERS:
        pid = each.state["servers"][name]
        listening = [
            connection.laddr.port
            for connection in psutil.Process(pid).net_connections(kind="tcp")
            if connection.status == psutil.CONN_LISTEN
        ]
        found |= {port for port in listening if listens(pid, port)}
    assert each.state["mqtt"]["port"] in found
    assert int(each.state["nats"].rpartition(":")[2]) in found
    assert int(each.state["dsn"].rpartition(":")[2].split("/")[0]) in found
    return found
