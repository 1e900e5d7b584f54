"""Which loopback ports the embedded servers listen on: the usual one if it is free, else any; the same after a restart.

Ports stay the same because people write them down: in a device maker's test script, in a database viewer.
"""

import json
import socket

import psutil

from schemas.errors import Unavailable
from stack.home import Home, write_private

LOOPBACK = "127.0.0.1"


def is_free(port: int, host: str = LOOPBACK) -> bool:
    """Whether a server could listen on this port now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as servers do: TIME_WAIT does not count
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError:
            return False
    return True


def any_free(host: str = LOOPBACK) -> int:
    """Return a port that nobody listens on."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
    return port


def listens(pid: int, port: int) -> bool:
    """Whether this process, and not another program, listens on the port; true where the system does not tell."""
    try:
        connections = psutil.Process(pid).net_connections(kind="tcp")
    except psutil.NoSuchProcess:
        return False
    except psutil.AccessDenied:
        return True
    return any(each.status == psutil.CONN_LISTEN and each.laddr.port == port for each in connections)


class Ports:
    """The ports of one home, kept in ``H/ports.json``."""

    def __init__(self, home: Home, *, prefer_usual: bool = True) -> None:
        self._path = home.root / "ports.json"
        self._prefer_usual = prefer_usual
        self._chosen: dict[str, int] = self._read()

    def _read(self) -> dict[str, int]:
        try:
            found = json.loads(self._path.read_bytes())
            return {str(name): int(port) for name, port in found.items()}
        except (OSError, ValueError, AttributeError, TypeError):
            return {}  # never written, or cut off by a power cut of an older file system: choosing again is right

    def get(self, name: str) -> int:
        """Return the port that was chosen for ``name``; raises Unavailable in a home that was never started."""
        if name not in self._chosen:
            raise Unavailable(f"No port is known for {name} in {self._path.parent}: start it once with `shouwang up`.")
        return self._chosen[name]

    def choose(self, name: str, usual: int, host: str = LOOPBACK, wish: int | None = None) -> int:
        """Return a free port for ``name`` and remember it: the wished, the last time's, the usual, or any."""
        candidates = [wish, self._chosen.get(name)] + ([usual] if self._prefer_usual else [])
        taken = {port for other, port in self._chosen.items() if other != name}
        for port in candidates:
            if port is not None and port not in taken and is_free(port, host):
                return self._keep(name, port)
        port = any_free(host)
        while port in taken:
            port = any_free(host)
        return self._keep(name, port)

    def _keep(self, name: str, port: int) -> int:
        if self._chosen.get(name) != port:
            self._chosen[name] = port
            write_private(self._path, json.dumps(self._chosen, indent=1).encode())
        return port
