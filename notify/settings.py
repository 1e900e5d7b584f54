"""What the notify stage is told by the composition root, and what it is lent of the streams' side."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from nats.aio.msg import Msg
from nats.js import JetStreamContext

#: Reads a whole bucket, value and revision by key (ingest.buckets.read).
ReadBucket: TypeAlias = Callable[[JetStreamContext, str], Awaitable[dict[str, tuple[bytes, int]]]]


@dataclass(frozen=True, slots=True)
class NotifySettings:
    """``clock`` gives platform time in microseconds since 1970 UTC; ``claim_url`` is where links lead, without a slash.

    ``loopback_only``: a home of simulated residents, which must never ring a real person. ``wall`` is what processes
    are judged by, where that is not ``clock`` (a simulated home).
    """

    dsn: str
    clock: Callable[[], int]
    claim_url: str
    loopback_only: bool = False
    #: Where a sign of life is posted while all is well; None: nowhere.
    heartbeat_url: str | None = None
    #: A finding that the desk has not taken in by then, and a database silent for so long, are not waited for.
    accept_within_s: float = 5.0
    #: Notices wake the stage at once; this is for steps that fall due and for notices that were missed.
    poll_s: float = 0.5
    #: Names the one place in which at most one notify lives at a time: what an earlier life of it had begun is left by
    #: somebody who died, and not on its way. Empty: nobody sees to that.
    node: str = ""
    wall: Callable[[], int] | None = None
    #: How often each stage and server was started again, as their supervisor says.
    restarts: Callable[[], Mapping[str, int]] = dict

    def wall_us(self) -> int:
        """Return wall time: stages and servers live by it, whatever the platform's clock is driven to."""
        return (self.wall or self.clock)()

    @property
    def is_driven(self) -> bool:
        """Whether the platform's clock is driven: then what two stages read of it at one moment may lie hours apart."""
        return self.wall is not None and self.wall is not self.clock

    def taken_in_us(self, heard_us: int) -> int:
        """Return when a finding that was heard at ``heard_us`` is taken in: now; by a driven clock at that very time.

        As the desk does (ingest.desk): our work takes no driven time, or each finding would be late at full speed.
        """
        return heard_us if self.is_driven and heard_us else self.clock()


class Notes(Protocol):
    """Where troubles are said once, and things are counted (ingest.health.Health)."""

    counts: Counter[str]

    def trouble(self, key: str, sentence: str) -> None:
        """Note a trouble."""

    def mended(self, key: str, sentence: str) -> None:
        """Note that it has ended."""


class Findings(Protocol):
    """Notify's own durable reader of FINDINGS (ingest.pull.PullReader)."""

    async def take(self, stop: asyncio.Event) -> list[Msg]:
        """Return what is there, waiting for the first; empty at the stop."""

    async def close(self) -> None:
        """Stop taking."""
