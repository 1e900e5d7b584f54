"""The three servers that come with the wheels: an MQTT broker, JetStream and PostgreSQL, as our own child processes.

See docs/adr/0002-embedded-servers.md for why these, and settings to put external ones in their place.
"""

import signal
import subprocess
from typing import Protocol


class Server(Protocol):
    """What the supervisor needs to know of a server."""

    @property
    def name(self) -> str:
        """Short name, also of its log."""
        ...

    @property
    def port(self) -> int:
        """The loopback port it listens on."""
        ...

    @property
    def stop_signal(self) -> signal.Signals:
        """What asks it to stop without delay."""
        ...

    def start(self) -> "subprocess.Popen[bytes]":
        """Make its folder if need be, mend what a power cut left, and start it. Raises Unavailable with a sentence."""
        ...

    def ready(self) -> bool:
        """Whether it answers its own protocol now. Blocks for at most a second."""
        ...

    def alive(self) -> bool:
        """Whether it goes on, even where it takes nobody in now. Blocks for at most two seconds."""
        ...

    def describe(self) -> str:
        """Return one line for a person: what it is and where it listens; no password."""
        ...
