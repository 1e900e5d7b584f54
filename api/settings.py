"""What the API is told by the composition root; it reads no environment and no file of its own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ApiSettings:
    """``clock`` gives platform time in microseconds since 1970 UTC.

    ``console_dir`` holds the built console (``index.html`` and ``assets/``), None when there is none.
    ``secure_cookies`` belongs on wherever the console is served over HTTPS; over plain HTTP browsers would drop the
    cookie, and nobody could sign in. ``loopback_only``: a home of simulated residents, whose ladders reach no further
    than this machine. ``simulated``: one whose clock is driven; ``wall`` then is what processes and people at the
    console go by. ``restarts`` tells how often each part was started again.
    """

    dsn: str
    nats_url: str
    clock: Callable[[], int]
    console_dir: Path | None = None
    secure_cookies: bool = False
    loopback_only: bool = False
    simulated: bool = False
    wall: Callable[[], int] | None = None
    restarts: Callable[[], Mapping[str, int]] = dict
