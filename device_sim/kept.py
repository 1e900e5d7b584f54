"""A wearable's memory of frames that the broker has and the platform has not acknowledged yet: sent again when need be.

A broker that is killed forgets what it had not handed on, so a careful device lets go of a frame only at the platform's
own ``ack`` (docs/wire.md). A platform that never sends one is an older one: there the broker's word must do.
"""

from collections import OrderedDict
from dataclasses import dataclass

#: An acknowledgement takes milliseconds; after this long the frame is sent again.
RESEND_US = 5_000_000
#: While none comes at all the gateway is away and the broker holds what it has: asked less and less often, up to this.
LONGEST_RESEND_US = 300_000_000
#: Frames sent again at a time, so that new ones do not wait behind them.
BURST = 16
#: A small device's flash: an hour of 50 Hz frames is about a megabyte. The oldest go first.
MEMORY_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class SentFrame:
    """A frame as bytes, with its sequence, number of samples and the date of its end."""

    payload: bytes
    seq: int
    samples: int
    end_us: int


class Kept:
    """Frames by sequence, oldest first. ``heard``: this platform acknowledges."""

    def __init__(self, resend_us: int = RESEND_US, memory_bytes: int = MEMORY_BYTES) -> None:
        self._resend_us = self._patience_us = resend_us
        self._memory_bytes = memory_bytes
        self._frames: OrderedDict[int, tuple[SentFrame, int]] = OrderedDict()  # with the time of its last sending
        self._bytes = 0
        self.heard = False

    def __len__(self) -> int:
        return len(self._frames)

    def sent(self, frame: SentFrame, now_us: int) -> None:
        """Keep a frame that the broker took at ``now_us``, or note that it was sent again."""
        if frame.seq in self._frames:
            self._frames[frame.seq] = (frame, now_us)
            return
        self._frames[frame.seq] = (frame, now_us)
        self._bytes += len(frame.payload)
        while self._bytes > self._memory_bytes:
            self._let_go()

    def acknowledged(self, seq: int, first: int = 0) -> int:
        """Let go of all from ``first`` up to ``seq``; return how many that were."""
        self.heard, self._patience_us = True, self._resend_us
        stored = [kept for kept in self._frames if first <= kept <= seq]
        for kept in stored:
            self._bytes -= len(self._frames.pop(kept)[0].payload)
        return len(stored)

    def all(self) -> list[SentFrame]:
        """Return what a new connection must send again, oldest first; nothing where nobody acknowledges."""
        return [frame for frame, _ in self._frames.values()] if self.heard else []

    def overdue(self, now_us: int) -> list[SentFrame]:
        """Return, oldest first, a burst of what was sent so long ago that an acknowledgement must be lost."""
        if not self.heard or not self._frames or now_us - next(iter(self._frames.values()))[1] < self._patience_us:
            return []
        self._patience_us = min(2 * self._patience_us, max(LONGEST_RESEND_US, self._resend_us))
        return [frame for frame, sent_us in self._frames.values() if now_us - sent_us >= self._resend_us][:BURST]

    def __contains__(self, frame: SentFrame) -> bool:
        return frame.seq in self._frames

    def _let_go(self) -> None:
        _, (frame, _) = self._frames.popitem(last=False)
        self._bytes -= len(frame.payload)
